//! Copies a text and says so.

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use super::icon::{Glyph, icon};

use crate::hooks::{use_effect_with, use_state_eq};

/// How long the button says that it worked.
const SAID_MS: u32 = 2_500;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Ready,
    Copied,
    Refused,
}

/// Properties of [`CopyButton`].
#[derive(Properties, PartialEq)]
pub struct CopyButtonProps {
    pub text: AttrValue,
    pub label: AttrValue,
}

/// A button that puts its text on the clipboard.
#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let state = use_state_eq(|| State::Ready);
    {
        let back = state.clone();
        use_effect_with(*state, move |state| {
            let timer = (*state != State::Ready)
                .then(|| Timeout::new(SAID_MS, move || back.set(State::Ready)));
            move || drop(timer)
        });
    }
    let onclick = {
        let state = state.clone();
        let text = props.text.clone();
        Callback::from(move |_: MouseEvent| {
            let (state, text) = (state.clone(), text.clone());
            spawn_local(async move {
                state.set(if copy(&text).await {
                    State::Copied
                } else {
                    State::Refused
                });
            });
        })
    };
    let (glyph, word) = match *state {
        State::Ready => (Glyph::Copy, props.label.clone()),
        State::Copied => (Glyph::Check, "Copied".into()),
        State::Refused => (Glyph::Alert, "Select and copy by hand".into()),
    };
    html! {
        <button type="button" class="btn" {onclick}>
            { icon(glyph) }
            <span aria-live="polite">{ word }</span>
        </button>
    }
}

/// False where there is no clipboard: pages that come over plain HTTP from
/// another machine have none.
async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    if !window.is_secure_context() {
        return false;
    }
    let promise = window.navigator().clipboard().write_text(text);
    JsFuture::from(promise).await.is_ok()
}
