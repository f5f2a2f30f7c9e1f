//! What a page shows when there is nothing to show: failed, empty, loading.

use yew::prelude::*;

use super::notice::{Tone, notice_with};
use crate::api::Error;

/// What happened, and a way to try again. `what` could not be loaded, as in
/// "Your streamers could not be loaded."
pub fn load_failed(what: &str, error: &Error, on_retry: &Callback<()>) -> Html {
    let retry = html! {
        <button type="button" class="btn" onclick={on_retry.reform(|_| ())}>
            { "Retry" }
        </button>
    };
    let text = html! {
        <>
            <b>{ format!("{what} could not be loaded.") }</b>
            { " " }
            { error.message() }
        </>
    };
    notice_with(Tone::Error, text, retry)
}

/// Nothing here yet, and what to do about it.
pub fn empty(title: &str, next: Html) -> Html {
    html! {
        <div class="empty">
            <h2>{ title }</h2>
            <div class="muted">{ next }</div>
        </div>
    }
}

/// Grey shapes of the final size where the content will be, so that nothing
/// moves when it comes; a screen reader is told what is being loaded.
pub fn loading(what: &str, shapes: Html) -> Html {
    html! {
        <div role="status" class="loading">
            <span class="only-read">{ format!("Loading {what}…") }</span>
            <div aria-hidden="true">{ shapes }</div>
        </div>
    }
}
