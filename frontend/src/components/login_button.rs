//! The way in.

use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::api::login_url;
use crate::session::here;

/// Properties of [`LoginButton`].
#[derive(Properties, PartialEq)]
pub struct LoginButtonProps {
    #[prop_or_default]
    pub big: bool,
}

/// Leaves for Twitch's login and comes back to the page it is on.
#[component]
pub fn LoginButton(props: &LoginButtonProps) -> Html {
    html! {
        <a
            class={classes!("btn", "primary", props.big.then_some("big"))}
            href={login_url(&here())}
        >
            <Icon glyph={Glyph::Twitch} />
            { "Login using Twitch" }
        </a>
    }
}
