//! What is wrong with the page as a whole: not reached, session ended; and the
//! notice a page was opened with.

use gloo_events::EventListener;
use yew::prelude::*;

use super::link::PageLink;
use super::login_button::login_button;
use super::notice::{Tone, close_button, notice_with};
use crate::browser::{use_interval, use_on_return};
use crate::hooks::use_effect_with;
use crate::page_notice::{PageNotice, use_page_notice};
use crate::route::Route;
use crate::router::use_router;
use crate::session::use_session;

/// How often an unreachable server is asked whether it is back.
const PROBE_MS: u32 = 5_000;

/// All of them, above the page, which stays readable.
#[component]
pub fn Banners() -> Html {
    let unreachable = use_unreachable();
    let session_ended = use_session_ended();
    let opening = use_opening();
    html! {
        <div class="banners">
            { unreachable }
            { session_ended }
            { opening }
        </div>
    }
}

/// Shown while the server cannot be reached; asks for it until it is back.
#[hook]
fn use_unreachable() -> Html {
    let session = use_session();
    let is_offline = !session.is_reachable();
    let probe = {
        let session = session.clone();
        Callback::from(move |()| session.probe())
    };
    use_interval(is_offline.then_some(PROBE_MS), probe.clone());
    {
        // The browser knows at once that the network is gone; a call would hang.
        let session = session.clone();
        use_effect_with((), move |()| {
            let listener = web_sys::window().map(|window| {
                EventListener::new(&window, "offline", move |_| session.network_lost())
            });
            move || drop(listener)
        });
    }
    {
        let probe = probe.clone();
        use_on_return(Callback::from(move |()| {
            if is_offline {
                probe.emit(());
            }
        }));
    }
    // Before the first answer the page itself says that it could not be loaded.
    if !is_offline || session.config().ready().is_none() {
        return Html::default();
    }
    let retry = html! {
        <button type="button" class="btn" onclick={probe.reform(|_| ())}>{ "Retry" }</button>
    };
    let text = html! {
        <>
            <b>{ "The server cannot be reached." }</b>
            { " What is on the page stays; it goes on by itself when the connection is back." }
        </>
    };
    notice_with(Tone::Warning, text, retry)
}

/// Shown when the session ended under an open page.
#[hook]
fn use_session_ended() -> Html {
    let session = use_session();
    let has_ended = session.has_ended();
    {
        // Logged in again in another tab: nothing is left to do here.
        let session = session.clone();
        use_on_return(Callback::from(move |()| {
            if has_ended {
                session.look_again();
            }
        }));
    }
    if !has_ended {
        return Html::default();
    }
    let text = html! {
        <>
            <b>{ "Your session has ended." }</b>
            { " You can go on reading; log in to bring the page up to date. You come back to where you are." }
        </>
    };
    notice_with(Tone::Warning, text, login_button(false))
}

/// The notice this page was opened with.
#[hook]
fn use_opening() -> Html {
    let board = use_page_notice();
    let Some(opened_with) = board.on(use_router().path()) else {
        return Html::default();
    };
    let tone = if opened_with.is_good() {
        Tone::Info
    } else {
        Tone::Warning
    };
    let on_close = Callback::from(move |_| board.clear());
    notice_with(tone, words(&opened_with), close_button(on_close))
}

fn words(notice: &PageNotice) -> Html {
    match notice {
        PageNotice::LoginDenied => html! {
            { "You did not allow the login at Twitch, so nothing was changed. You can try again at any time." }
        },
        PageNotice::LoginFailed => html! {
            { "The login did not finish. Please try again." }
        },
        PageNotice::NotAllowed => html! {
            { "This Twitch account is not on the list of those who may log in here. Ask the person who runs this server." }
        },
        PageNotice::Welcome => html! {
            <>
                <b>{ "Welcome." }</b>
                { " The events of your streamers are collected while you are signed out, too. You can change that in " }
                <PageLink class="text-link" to={Route::Settings}>{ "Settings" }</PageLink>
                { "." }
            </>
        },
        PageNotice::Connected => html! {
            { "Connected. What it brings appears in your feeds as it happens, for you alone." }
        },
        PageNotice::ConnectDenied => html! {
            { "You did not allow it at Twitch, so nothing was changed." }
        },
        PageNotice::ConnectWithheld => html! {
            { "Twitch did not grant all that was asked for, so not everything is connected." }
        },
        PageNotice::ConnectOtherAccount => html! {
            { "You chose another Twitch account than the one you are signed in with, so nothing was changed." }
        },
        PageNotice::ConnectFailed => html! {
            { "Your channel was not connected. Please try again." }
        },
        PageNotice::SignedOut => html! { { "You are signed out." } },
        PageNotice::Disconnected => html! {
            { "Twitch is disconnected. All your sessions and API tokens have ended." }
        },
        PageNotice::Other(words) => html! { { format!("The server says: {words}.") } },
    }
}
