//! The way in.

use yew::prelude::*;

use super::icon::{Glyph, icon};
use crate::api::login_url;
use crate::session::here;

/// Leaves for Twitch's login and comes back to the page it is on.
pub fn login_button(is_big: bool) -> Html {
    html! {
        <a
            class={classes!("btn", "primary", is_big.then_some("big"))}
            href={login_url(&here())}
        >
            { icon(Glyph::Twitch) }
            { "Login using Twitch" }
        </a>
    }
}
