//! The two ways out: this session, or the permission at Twitch.

use yew::prelude::*;

use super::Section;
use crate::components::confirm_dialog::ConfirmDialog;
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{Notice, Tone};
use crate::sign_out::{Leave, use_sign_out};

/// Logout and disconnect.
#[component]
pub(super) fn Leaving() -> Html {
    let logout = use_sign_out();
    let disconnect = use_sign_out();
    let is_asking = use_state_eq(|| false);
    let ask = |on: bool| {
        let (is_asking, disconnect) = (is_asking.clone(), disconnect.clone());
        move || {
            disconnect.clear();
            is_asking.set(on);
        }
    };
    let (open, close) = (ask(true), ask(false));
    html! {
        <Section title="Leaving" id="leaving">
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
                    <Icon glyph={Glyph::Logout} />
                    { "Logout" }
                </button>
            </div>
            if let Some(error) = logout.error() {
                <Notice tone={Tone::Error}>
                    { format!("You are still signed in. {}", error.message()) }
                </Notice>
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
                <ConfirmDialog
                    title="Disconnect Twitch?"
                    confirm="Disconnect"
                    busy={disconnect.is_busy()}
                    error={disconnect.error().cloned()}
                    on_confirm={disconnect.on_run().reform(|()| Leave::Disconnect)}
                    on_close={move |()| close()}
                >
                    <p>
                        { "This server gives your permission back to Twitch. You are signed out everywhere, your API \
                           tokens stop working, and events that need your permission stop arriving." }
                    </p>
                </ConfirmDialog>
            }
        </Section>
    }
}
