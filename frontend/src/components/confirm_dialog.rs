//! Asks once more before something that cannot be taken back.

use yew::prelude::*;

use super::dialog::Dialog;
use super::notice::{Tone, notice};
use crate::api::Error;

/// What is asked.
pub struct Confirm {
    pub title: AttrValue,
    /// What the button that does it says.
    pub confirm: &'static str,
    /// It is being done.
    pub is_busy: bool,
    /// It did not work.
    pub error: Option<Error>,
    pub on_confirm: Callback<()>,
    pub on_close: Callback<()>,
    /// What will happen.
    pub text: Html,
}

/// Two buttons: the safe one comes first and has the focus.
pub fn confirm_dialog(asked: Confirm) -> Html {
    let actions = html! {
        <>
            <button
                type="button"
                class="btn"
                autofocus=true
                onclick={asked.on_close.reform(|_| ())}
            >
                { "Cancel" }
            </button>
            <button
                type="button"
                class="btn danger"
                disabled={asked.is_busy}
                onclick={asked.on_confirm.reform(|_| ())}
            >
                { asked.confirm }
            </button>
        </>
    };
    html! {
        <Dialog title={asked.title} on_close={asked.on_close} {actions}>
            <div class="dialog-text">{ asked.text }</div>
            if let Some(error) = &asked.error {
                { notice(Tone::Error, html! { { error.message() } }) }
            }
        </Dialog>
    }
}
