//! Media queries as a hook.

use gloo_events::EventListener;
use yew::prelude::*;

use crate::hooks::{use_effect_with, use_state_eq};

/// Below this width the livestream page has tabs; `livestream.css` agrees.
pub const NARROW: &str = "(max-width: 899px)";
/// Below this width Twitch's player starts only after a tap.
pub const TINY: &str = "(max-width: 399px)";

/// Whether the media query holds, also when the window changes.
#[hook]
pub fn use_media(query: &'static str) -> bool {
    let matches = use_state_eq(|| media_list(query).is_some_and(|list| list.matches()));
    {
        let matches = matches.clone();
        use_effect_with(query, move |query| {
            let listener = media_list(query).map(|list| {
                let held = list.clone();
                EventListener::new(&list, "change", move |_| matches.set(held.matches()))
            });
            move || drop(listener)
        });
    }
    *matches
}

fn media_list(query: &str) -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media(query).ok().flatten()
}
