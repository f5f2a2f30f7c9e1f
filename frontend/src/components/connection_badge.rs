//! Whether events arrive, in one honest word.

use yew::prelude::*;

use crate::live::LiveState;

/// *Connected*, *Catching up* or *Disconnected*; the title explains which part
/// of the way to Twitch it is about.
pub fn connection_badge(state: LiveState) -> Html {
    let (level, why) = state.level();
    html! {
        <span class={classes!("badge", "connection", level.class())} role="status" title={why}>
            { level.label() }
        </span>
    }
}
