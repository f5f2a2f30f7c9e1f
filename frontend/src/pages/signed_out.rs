//! What a visitor sees who is not signed in: what this is, and the way in.

use yew::prelude::*;

use crate::components::login_button::login_button;
use crate::components::title::Title;

/// The page the visitor came for; login leads back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Home,
    Livestream,
    History,
    Settings,
}

/// One sentence, one button. Says when Twitch is simulated.
pub fn signed_out(wanted: Wanted, is_demo: bool) -> Html {
    let (title, heading, text) = match wanted {
        Wanted::Home => (
            "Welcome",
            "Every moment of your favourite streamers, kept.",
            "Watch the stream, read the chat and see raids, subs, gifts and cheers as they happen, and everything that happened while you were away.",
        ),
        Wanted::Livestream => (
            "Livestream",
            "Log in to watch the livestream.",
            "Player, chat and events of the streamers you are subscribed to, on one page. You come back to where you wanted to go.",
        ),
        Wanted::History => (
            "History",
            "Log in to look through what happened.",
            "Every event of your streamers, to search, chart and take with you. You come back to where you wanted to go.",
        ),
        Wanted::Settings => (
            "Settings",
            "Log in to open your settings.",
            "They belong to your account. You come back here after the login.",
        ),
    };
    html! {
        <div class="hero">
            <Title text={title} />
            if is_demo {
                <span class="badge demo">
                    { "Demo: Twitch is simulated, nothing leaves this machine" }
                </span>
            }
            <h1>{ heading }</h1>
            <p>{ text }</p>
            { login_button(true) }
            <ul class="facts small">
                <li>{ "Works for any streamer" }</li>
                <li>{ "Nothing lost, nothing twice" }</li>
                <li>{ "Your data on your machine" }</li>
            </ul>
        </div>
    }
}
