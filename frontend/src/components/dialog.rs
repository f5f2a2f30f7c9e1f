//! A modal window on the browser's own `<dialog>`, which keeps the focus inside,
//! gives it back and closes on Escape.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::icon::{Glyph, icon};

use crate::hooks::use_effect_with;

/// Properties of [`Dialog`].
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    pub title: AttrValue,
    /// It was closed, by whatever means. The owner stops rendering it.
    pub on_close: Callback<()>,
    pub children: Html,
    /// The row of buttons below.
    #[prop_or_default]
    pub actions: Html,
    #[prop_or_default]
    pub class: Classes,
}

/// Open for as long as it is rendered.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog
                && !dialog.open()
            {
                // Fails only for a dialog that is open or not in the page.
                drop(dialog.show_modal());
            }
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        });
    }
    let close = props.on_close.reform(|_| ());
    let onclose = props.on_close.reform(|_: Event| ());
    // A press on the scrim has the dialog itself as its target.
    let onmousedown = {
        let on_close = props.on_close.clone();
        let node = node.clone();
        Callback::from(move |event: MouseEvent| {
            if event.target_dyn_into::<HtmlDialogElement>() == node.cast() {
                on_close.emit(());
            }
        })
    };
    html! {
        <dialog
            ref={node}
            class={classes!("dialog", props.class.clone())}
            aria-labelledby="dialog-title"
            {onclose}
            {onmousedown}
        >
            <div class="dialog-body">
                <header>
                    <h2 id="dialog-title">{ props.title.clone() }</h2>
                    <button type="button" class="btn ghost square" aria-label="Close" onclick={close}>
                        { icon(Glyph::Close) }
                    </button>
                </header>
                { props.children.clone() }
                <footer>{ props.actions.clone() }</footer>
            </div>
        </dialog>
    }
}
