//! A frame of Twitch's, which may never load.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::embed::{Blocked, LOAD_LIMIT_MS, SANDBOX, blocked_at};
use crate::hooks::{use_effect_with, use_state_eq};

/// Why frames cannot work on this page, and under which name it is known to
/// Twitch.
pub fn parent_host() -> Result<String, Blocked> {
    let location = web_sys::window().map(|window| window.location());
    let part = |value: Option<String>| value.unwrap_or_default();
    let protocol = part(location.as_ref().and_then(|place| place.protocol().ok()));
    let hostname = part(location.and_then(|place| place.hostname().ok()));
    match blocked_at(&protocol, &hostname) {
        Some(blocked) => Err(blocked),
        None => Ok(hostname),
    }
}

/// Properties of [`EmbedFrame`].
#[derive(Properties, PartialEq)]
pub struct EmbedFrameProps {
    pub src: AttrValue,
    pub title: AttrValue,
    #[prop_or_default]
    pub allow: Option<AttrValue>,
    /// The frame has not loaded in time.
    pub on_silent: Callback<()>,
}

/// The frame. Twitch says nothing when it refuses a page, so all there is to
/// go by is whether something has loaded.
#[component]
pub fn EmbedFrame(props: &EmbedFrameProps) -> Html {
    let has_loaded = use_state_eq(bool::default);
    {
        let on_silent = props.on_silent.clone();
        use_effect_with(*has_loaded, move |has_loaded| {
            let timer =
                (!has_loaded).then(|| Timeout::new(LOAD_LIMIT_MS, move || on_silent.emit(())));
            move || drop(timer)
        });
    }
    let onload = {
        let has_loaded = has_loaded.clone();
        Callback::from(move |_: Event| has_loaded.set(true))
    };
    html! {
        <iframe
            class="embed"
            src={props.src.clone()}
            title={props.title.clone()}
            allow={props.allow.clone()}
            allowfullscreen={props.allow.is_some()}
            sandbox={SANDBOX}
            {onload}
        />
    }
}
