//! A button and what it opens below itself.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};
use yew::prelude::*;

use super::icon::{Glyph, icon};
use crate::browser::document;
use crate::hooks::{use_effect_with, use_state_eq};

/// Properties of [`Popover`].
#[derive(Properties, PartialEq)]
pub struct PopoverProps {
    /// The words on the button.
    pub label: AttrValue,
    /// What is inside, for a screen reader.
    pub title: AttrValue,
    /// Describes what is wrong with what is inside.
    #[prop_or_default]
    pub describedby: Option<AttrValue>,
    pub children: Html,
}

/// Escape closes it and gives the focus back; a press or the focus elsewhere
/// closes it, too.
#[component]
pub fn Popover(props: &PopoverProps) -> Html {
    let is_open = use_state_eq(bool::default);
    let (root, button) = (use_node_ref(), use_node_ref());
    {
        let (root, closing) = (root.clone(), is_open.clone());
        use_effect_with(*is_open, move |is_open| {
            let listen = |name: &'static str| {
                let (root, closing) = (root.clone(), closing.clone());
                document().map(|document| {
                    EventListener::new(&document, name, move |event| {
                        let target = event.target().and_then(|to| to.dyn_into::<Node>().ok());
                        let is_inside = root
                            .get()
                            .is_some_and(|root| root.contains(target.as_ref()));
                        if !is_inside {
                            closing.set(false);
                        }
                    })
                })
            };
            let listeners = is_open.then(|| (listen("pointerdown"), listen("focusin")));
            move || drop(listeners)
        });
    }
    let onkeydown = {
        let (is_open, button) = (is_open.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *is_open {
                event.prevent_default();
                is_open.set(false);
                if let Some(button) = button.cast::<HtmlElement>() {
                    drop(button.focus());
                }
            }
        })
    };
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    html! {
        <div class="popover" ref={root} {onkeydown}>
            <button
                type="button"
                class="btn tall"
                aria-expanded={is_open.to_string()}
                aria-describedby={props.describedby.clone()}
                onclick={toggle}
                ref={button}
            >
                <span class="cut">{ props.label.clone() }</span>
                { icon(Glyph::ChevronDown) }
            </button>
            if *is_open {
                <div class="popover-panel" role="group" aria-label={props.title.clone()}>
                    { props.children.clone() }
                </div>
            }
        </div>
    }
}
