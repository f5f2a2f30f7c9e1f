//! The two ways out: this session, or the permission at Twitch.

use yew::prelude::*;

use super::section;
use crate::components::confirm_dialog::{Confirm, confirm_dialog};
use crate::components::icon::{Glyph, icon};
use crate::components::notice::{Tone, notice};
use crate::hooks::use_state_eq;
use crate::sign_out::{Leave, use_sign_out};

/// Logout and disconnect.
#[hook]
pub(super) fn use_leaving() -> Html {
    let logout = use_sign_out();
    let disconnect = use_sign_out();
    let is_asking = use_state_eq(bool::default);
    let ask = |on: bool| {
        let (is_asking, disconnect) = (is_asking.clone(), disconnect.clone());
        move || {
            disconnect.clear();
            is_asking.set(on);
        }
    };
    let (open, close) = (ask(true), ask(false));
    let content = html! {
        <>
            <div class="way-out">
                <p>
                    <b>{ "Logout" }</b>
                    <span class="muted">{ "Ends the session in this browser." }</span>
                </p>
                <button
                    type="button"
                    class="btn"
                    disabled={logout.is_busy()}
                    onclick={logout.on_run().reform(|_: MouseEvent| Leave::Logout)}
                >
                    { icon(Glyph::Logout) }
                    { "Logout" }
                </button>
            </div>
            if let Some(error) = logout.error() {
                { notice(Tone::Error, html! { { format!("You are still signed in. {}", error.message()) } }) }
            }
            <div class="way-out">
                <p>
                    <b>{ "Disconnect Twitch" }</b>
                    <span class="muted">
                        { "Gives the permission back and ends all your sessions and API tokens. \
                           Your streamers and events stay here for the next login." }
                    </span>
                </p>
                <button type="button" class="btn danger" onclick={move |_: MouseEvent| open()}>
                    { "Disconnect Twitch" }
                </button>
            </div>
            if *is_asking {
                { confirm_dialog(Confirm {
                    title: "Disconnect Twitch?".into(),
                    confirm: "Disconnect",
                    is_busy: disconnect.is_busy(),
                    error: disconnect.error().cloned(),
                    on_confirm: disconnect.on_run().reform(|()| Leave::Disconnect),
                    on_close: Callback::from(move |()| close()),
                    text: html! {
                        <p>
                            { "This server gives your permission back to Twitch. You are signed out everywhere, your API \
                               tokens stop working, and events that need your permission stop arriving." }
                        </p>
                    },
                }) }
            }
        </>
    };
    section("Leaving", "leaving", content)
}
