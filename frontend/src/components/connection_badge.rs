//! Whether events arrive, in one honest word.

use yew::prelude::*;

use crate::live::use_live_state;

/// *Connected*, *Catching up* or *Disconnected*; the title explains which part
/// of the way to Twitch it is about.
#[component]
pub fn ConnectionBadge() -> Html {
    let (level, why) = use_live_state().level();
    html! {
        <span class={classes!("badge", "connection", level.class())} role="status" title={why}>
            { level.label() }
        </span>
    }
}
