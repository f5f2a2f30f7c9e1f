//! What a page shows when there is nothing to show: failed, empty, loading.

use yew::prelude::*;

use super::notice::{Notice, Tone};
use crate::api::Error;

/// Properties of [`LoadFailed`].
#[derive(Properties, PartialEq)]
pub struct LoadFailedProps {
    /// What could not be loaded, as in "Your streamers could not be loaded."
    pub what: AttrValue,
    pub error: Error,
    pub on_retry: Callback<()>,
}

/// What happened, and a way to try again.
#[component]
pub fn LoadFailed(props: &LoadFailedProps) -> Html {
    let retry = html! {
        <button type="button" class="btn" onclick={props.on_retry.reform(|_| ())}>
            { "Retry" }
        </button>
    };
    html! {
        <Notice tone={Tone::Error} actions={retry}>
            <b>{ format!("{} could not be loaded.", props.what) }</b>
            { " " }
            { props.error.message() }
        </Notice>
    }
}

/// Properties of [`Empty`].
#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    pub title: AttrValue,
    /// What to do next.
    pub children: Html,
}

/// Nothing here yet, and what to do about it.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="empty">
            <h2>{ props.title.clone() }</h2>
            <div class="muted">{ props.children.clone() }</div>
        </div>
    }
}

/// Properties of [`Loading`].
#[derive(Properties, PartialEq)]
pub struct LoadingProps {
    /// What is being loaded, for a screen reader.
    pub what: AttrValue,
    /// Grey shapes of the final size.
    pub children: Html,
}

/// Grey shapes where the content will be, so that nothing moves when it comes.
#[component]
pub fn Loading(props: &LoadingProps) -> Html {
    html! {
        <div role="status" class="loading">
            <span class="only-read">{ format!("Loading {}…", props.what) }</span>
            <div aria-hidden="true">{ props.children.clone() }</div>
        </div>
    }
}
