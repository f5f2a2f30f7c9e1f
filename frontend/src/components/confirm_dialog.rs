//! Asks once more before something that cannot be taken back.

use yew::prelude::*;

use super::dialog::Dialog;
use super::notice::{Notice, Tone};
use crate::api::Error;

/// Properties of [`ConfirmDialog`].
#[derive(Properties, PartialEq)]
pub struct ConfirmDialogProps {
    pub title: AttrValue,
    /// What the button that does it says.
    pub confirm: AttrValue,
    /// It is being done.
    pub busy: bool,
    /// It did not work.
    #[prop_or_default]
    pub error: Option<Error>,
    pub on_confirm: Callback<()>,
    pub on_close: Callback<()>,
    /// What will happen.
    pub children: Html,
}

/// Two buttons: the safe one comes first and has the focus.
#[component]
pub fn ConfirmDialog(props: &ConfirmDialogProps) -> Html {
    let actions = html! {
        <>
            <button
                type="button"
                class="btn"
                autofocus=true
                onclick={props.on_close.reform(|_| ())}
            >
                { "Cancel" }
            </button>
            <button
                type="button"
                class="btn danger"
                disabled={props.busy}
                onclick={props.on_confirm.reform(|_| ())}
            >
                { props.confirm.clone() }
            </button>
        </>
    };
    html! {
        <Dialog title={props.title.clone()} on_close={props.on_close.clone()} {actions}>
            <div class="dialog-text">{ props.children.clone() }</div>
            if let Some(error) = &props.error {
                <Notice tone={Tone::Error}>{ error.message() }</Notice>
            }
        </Dialog>
    }
}
