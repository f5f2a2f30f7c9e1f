//! The keyboard on the livestream page: what the keys do, and the window that tells it.
//!
//! The row is where the focus is: on the button that opens its details, so that a screen reader says what the row
//! says. M is the list's own, see `components::marking`.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::browser::document;
use crate::components::dialog::Dialog;
use crate::hooks::{use_effect_with, use_state_eq};

/// The keys as the window tells them.
const MAP: [(&str, &str); 7] = [
    ("J", "Next event"),
    ("K", "Previous event"),
    ("O or Enter", "Open or close the details"),
    ("M", "Mark read up to this event"),
    ("Shift + M", "Mark all read"),
    ("/", "To the filter"),
    ("?", "This window"),
];

/// Where letters are typed, or mean something else.
const ELSEWHERE: &str = "input,textarea,select,dialog,[contenteditable],[role=menu]";
const ROW: &str = ".feed-log > [data-event-id]";

/// Listens for as long as the page is shown; answers the button for the window, and the window.
#[hook]
pub(super) fn use_keys() -> (Html, Html) {
    let is_told = use_state_eq(bool::default);
    {
        let is_told = is_told.clone();
        use_effect_with((), move |()| {
            let options = EventListenerOptions::enable_prevent_default();
            let listener = document().map(|document| {
                EventListener::new_with_options(&document, "keydown", options, move |event| {
                    let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                        return;
                    };
                    if event.key() == "?" && !is_for_others(event) {
                        event.prevent_default();
                        is_told.set(true);
                    } else if press(event).is_some() {
                        event.prevent_default();
                    }
                })
            });
            move || drop(listener)
        });
    }
    let show = {
        let is_told = is_told.clone();
        Callback::from(move |_: MouseEvent| is_told.set(true))
    };
    let button = html! {
        <button
            type="button"
            class="btn ghost square keys-button"
            aria-label="Keyboard shortcuts"
            aria-keyshortcuts="?"
            title="Keyboard shortcuts (?)"
            onclick={show}
        >
            { "?" }
        </button>
    };
    let window = if *is_told {
        let on_close = Callback::from(move |()| is_told.set(false));
        html! {
            <Dialog title="Keyboard shortcuts" {on_close}>
                <dl class="keys">
                    { for MAP.map(|(key, what)| html! {
                        <div><dt><kbd>{ key }</kbd></dt><dd>{ what }</dd></div>
                    }) }
                </dl>
            </Dialog>
        }
    } else {
        Html::default()
    };
    (button, window)
}

/// Somebody types, or a shortcut of the browser is meant.
fn is_for_others(event: &KeyboardEvent) -> bool {
    let is_elsewhere = |target: Element| target.closest(ELSEWHERE).ok().flatten().is_some();
    let target = event.target().and_then(|target| target.dyn_into().ok());
    event.default_prevented()
        || event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || target.is_some_and(is_elsewhere)
}

/// Does what the key means; nothing if it means nothing here.
fn press(event: &KeyboardEvent) -> Option<()> {
    if is_for_others(event) {
        return None;
    }
    let document = document()?;
    let find = |selector: &str| document.query_selector(selector).ok().flatten();
    let here = || document.active_element()?.closest(ROW).ok().flatten();
    match event.key().as_str() {
        "j" => match here() {
            Some(row) => focus(&following(&row, Element::next_element_sibling)?),
            None => focus(&find(ROW)?),
        },
        "k" => focus(&following(&here()?, Element::previous_element_sibling)?),
        "o" => toggle_of(&here()?).map(|toggle| toggle.click()),
        "M" => find(".mark-all")?
            .dyn_into::<HtmlElement>()
            .ok()
            .map(|button| button.click()),
        "/" => {
            let chip = find(".events-bar .chip")?.dyn_into::<HtmlElement>().ok()?;
            chip.focus().ok()
        }
        _ => None,
    }
}

/// The row after or before this one; gaps and the line between are none.
fn following(row: &Element, step: fn(&Element) -> Option<Element>) -> Option<Element> {
    let mut next = step(row)?;
    while !next.has_attribute("data-event-id") {
        next = step(&next)?;
    }
    Some(next)
}

fn toggle_of(row: &Element) -> Option<HtmlElement> {
    row.query_selector(".ev-toggle").ok()??.dyn_into().ok()
}

fn focus(row: &Element) -> Option<()> {
    toggle_of(row)?.focus().ok()
}
