//! The account button and its menu.

use gloo_events::EventListener;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};
use wire::Me;
use yew::prelude::*;

use super::avatar::{AvatarSize, avatar};
use super::icon::{Glyph, icon};
use super::link::PageLink;
use crate::browser::document;
use crate::hooks::{use_effect_with, use_state_eq};
use crate::route::Route;

/// Properties of [`AccountMenu`].
#[derive(Properties, PartialEq)]
pub struct AccountMenuProps {
    pub me: Rc<Me>,
    pub on_logout: Callback<()>,
}

/// A menu button after the ARIA pattern: arrows move, Escape closes and gives
/// the focus back, Tab leaves.
#[component]
pub fn AccountMenu(props: &AccountMenuProps) -> Html {
    let is_open = use_state_eq(bool::default);
    let root = use_node_ref();
    let button = use_node_ref();

    {
        let root = root.clone();
        let closing = is_open.clone();
        use_effect_with(*is_open, move |open| {
            let listener = open.then(|| {
                focus_item(&root, |_, _| Some(0));
                document().map(|document| {
                    EventListener::new(&document, "pointerdown", move |event| {
                        let pressed = event.target().and_then(|to| to.dyn_into::<Node>().ok());
                        let inside = root
                            .get()
                            .is_some_and(|root| root.contains(pressed.as_ref()));
                        if !inside {
                            closing.set(false);
                        }
                    })
                })
            });
            move || drop(listener)
        });
    }
    let close_to_button = {
        let is_open = is_open.clone();
        let button = button.clone();
        move || {
            is_open.set(false);
            if let Some(button) = button.cast::<HtmlElement>() {
                drop(button.focus());
            }
        }
    };
    let onkeydown = {
        let is_open = is_open.clone();
        let root = root.clone();
        let close_to_button = close_to_button.clone();
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            if !*is_open {
                if key == "ArrowDown" {
                    event.prevent_default();
                    is_open.set(true);
                }
                return;
            }
            match key.as_str() {
                "Escape" => close_to_button(),
                "Tab" => {
                    is_open.set(false);
                    return;
                }
                "ArrowDown" => {
                    focus_item(&root, |at, count| Some(at.map_or(0, |at| (at + 1) % count)))
                }
                "ArrowUp" => focus_item(&root, |at, count| {
                    Some(at.unwrap_or(0).checked_sub(1).unwrap_or(count - 1))
                }),
                "Home" => focus_item(&root, |_, _| Some(0)),
                "End" => focus_item(&root, |_, count| count.checked_sub(1)),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let close = {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    };
    let logout = {
        let is_open = is_open.clone();
        props
            .on_logout
            .reform(move |_: MouseEvent| is_open.set(false))
    };
    let me = &props.me;
    html! {
        <div class="account" ref={root} {onkeydown}>
            <button
                type="button"
                class="account-button"
                ref={button}
                aria-haspopup="menu"
                aria-expanded={is_open.to_string()}
                aria-label={format!("Account of {}", me.display_name)}
                title="Account: Settings, Logout"
                onclick={toggle}
            >
                { avatar(&me.display_name, &me.profile_image_url, AvatarSize::Small) }
            </button>
            if *is_open {
                <div class="menu">
                    <p class="menu-head">
                        <b class="cut">{ &me.display_name }</b>
                        <span class="muted small cut">{ format!("@{}", me.login) }</span>
                    </p>
                    <div role="menu" aria-label="Account">
                        <PageLink to={Route::Settings} role="menuitem" tabindex="-1" onclick={close}>
                            { icon(Glyph::Settings) }
                            { "Settings" }
                        </PageLink>
                        <button type="button" role="menuitem" tabindex="-1" onclick={logout}>
                            { icon(Glyph::Logout) }
                            { "Logout" }
                        </button>
                    </div>
                </div>
            }
        </div>
    }
}

/// Moves the focus among the items: from where it is and how many there are to
/// where it goes.
fn focus_item(root: &NodeRef, to: impl FnOnce(Option<u32>, u32) -> Option<u32>) {
    let Some(root) = root.cast::<web_sys::Element>() else {
        return;
    };
    let Ok(items) = root.query_selector_all("[role=menuitem]") else {
        return;
    };
    let focused = document().and_then(|document| document.active_element());
    let at = (0..items.length())
        .find(|index| items.get(*index).as_ref() == focused.as_ref().map(AsRef::as_ref));
    if let Some(item) = to(at, items.length())
        .and_then(|index| items.get(index))
        .and_then(|item| item.dyn_into::<HtmlElement>().ok())
    {
        drop(item.focus());
    }
}
