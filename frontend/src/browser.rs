//! The page as the browser sees it: title, focus, seen or hidden, timers.

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, VisibilityState};
use yew::prelude::*;

use crate::hooks::{use_effect_with, use_mut_ref};

/// Coming back to a tab fires several events; one of them counts.
const RETURN_PAUSE_MS: f64 = 2_000.0;

/// What stands behind every title.
const APP_NAME: &str = "Streamer Events";

/// The document, where there is one.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Somebody can see the page.
pub fn is_visible() -> bool {
    document().is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Moves the focus without scrolling further than needed.
pub fn focus(selector: &str) {
    if let Some(element) = document()
        .and_then(|document| document.query_selector(selector).ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
    {
        // Headings and `main` take the focus only when told that they may.
        if element.tab_index() < 0 {
            drop(element.set_attribute("tabindex", "-1"));
        }
        drop(element.focus());
    }
}

/// Sets the title of the page, for as long as the component is shown.
#[hook]
pub fn use_title(title: &str) {
    use_effect_with(title.to_owned(), |title| {
        if let Some(document) = document() {
            document.set_title(&format!("{title} · {APP_NAME}"));
        }
    });
}

/// Calls back when the person returns to the page or the network returns.
#[hook]
pub fn use_on_return(on_return: Callback<()>) {
    let latest = use_latest(on_return);
    use_effect_with((), move |()| {
        let last = std::cell::Cell::new(0.0);
        let returned = Rc::new(move || {
            let now = js_sys::Date::now();
            if is_visible() && now - last.get() > RETURN_PAUSE_MS {
                last.set(now);
                let callback = latest.borrow().clone();
                callback.emit(());
            }
        });
        let listen = |target: &web_sys::EventTarget, event: &'static str| {
            let returned = Rc::clone(&returned);
            EventListener::new(target, event, move |_| returned())
        };
        let window = web_sys::window();
        let listeners = window.map(|window| {
            let seen = window
                .document()
                .map(|document| listen(&document, "visibilitychange"));
            (listen(&window, "focus"), listen(&window, "online"), seen)
        });
        move || drop(listeners)
    });
}

/// Calls back at this interval while the page is seen; `None` stops it.
#[hook]
pub fn use_interval(every_ms: Option<u32>, on_tick: Callback<()>) {
    let latest = use_latest(on_tick);
    use_effect_with(every_ms, move |every_ms| {
        let timer = every_ms.map(|every_ms| {
            Interval::new(every_ms, move || {
                if is_visible() {
                    let callback = latest.borrow().clone();
                    callback.emit(());
                }
            })
        });
        move || drop(timer)
    });
}

/// The newest of a value that is made anew with each render, for listeners that
/// are registered once.
#[hook]
fn use_latest<T: Clone + 'static>(value: T) -> Rc<std::cell::RefCell<T>> {
    let latest = use_mut_ref(|| value.clone());
    latest.replace(value);
    latest
}
