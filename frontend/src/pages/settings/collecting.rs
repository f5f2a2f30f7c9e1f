//! "Keep collecting while I am signed out".

use wire::{Me, UpdateMe};
use yew::prelude::*;

use super::section;
use crate::action::use_action;
use crate::components::notice::{Tone, notice};
use crate::session::use_session;

/// The switch and what it means.
#[hook]
pub(super) fn use_collecting() -> Html {
    let session = use_session();
    let is_on = session.me().is_some_and(|me| me.keep_collecting);
    let update = {
        let session = session.clone();
        use_action(
            |api, keep_collecting: bool| async move {
                api.update_me(&UpdateMe { keep_collecting }).await
            },
            Callback::from(move |me: Me| session.set_me(me)),
        )
    };
    let onclick = {
        let update = update.clone();
        Callback::from(move |_: MouseEvent| {
            if !update.is_busy() {
                update.run(!is_on);
            }
        })
    };
    // While the answer is awaited the switch shows what was asked for.
    let shown = is_on != update.is_busy();
    let content = html! {
        <>
            <div class="switch-row">
                <div>
                    <p id="keep-collecting"><b>{ "Keep collecting while I am signed out" }</b></p>
                    <p class="muted" id="keep-collecting-why">
                        { "On: your permission at Twitch is kept after you log out, so that the events of your \
                           streamers are here when you come back. Off: logging out gives the permission back, and \
                           events that need it stop, unless an API token of yours is in use." }
                    </p>
                </div>
                <button
                    type="button"
                    class="switch"
                    role="switch"
                    aria-checked={shown.to_string()}
                    aria-labelledby="keep-collecting"
                    aria-describedby="keep-collecting-why"
                    {onclick}
                >
                    <span class="switch-knob" />
                </button>
            </div>
            if let Some(error) = update.error() {
                { notice(Tone::Error, html! { { format!("This was not changed. {}", error.message()) } }) }
            }
        </>
    };
    section("Collecting", "collecting", content)
}
