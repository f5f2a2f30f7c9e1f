//! The page as the browser sees it: title, focus, seen or hidden, timers.

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, HtmlLinkElement, VisibilityState};
use yew::prelude::*;

use crate::hooks::{use_effect_with, use_mut_ref};
use crate::unread::count_label;

/// Coming back to a tab fires several events; one of them counts.
const RETURN_PAUSE_MS: f64 = 2_000.0;

/// What stands behind every title.
const APP_NAME: &str = "Streamer Events";

/// The icon while something is unread.
const UNREAD_ICON: &str = "/favicon-unread.svg";
/// Where the link to the icon keeps the other one.
const PLAIN_ICON: &str = "data-plain";

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
            let unread = title_parts(&document.title()).0.to_owned();
            document.set_title(&format!("{unread}{title} · {APP_NAME}"));
        }
    });
}

/// Says in the browser's tab how much is unread: a number before the title,
/// and an icon with a dot.
pub fn show_unread(total: u32) {
    let Some(document) = document() else {
        return;
    };
    let title = document.title();
    let titled = with_count(&title, total);
    if titled != title {
        document.set_title(&titled);
    }
    let icon = document
        .query_selector("link[rel='icon']")
        .ok()
        .flatten()
        .and_then(|link| link.dyn_into::<HtmlLinkElement>().ok());
    let Some(icon) = icon else {
        return;
    };
    // The build gives the file a name of its own, which must be found again.
    let plain = icon.get_attribute(PLAIN_ICON).unwrap_or_else(|| {
        let plain = icon.get_attribute("href").unwrap_or_default();
        drop(icon.set_attribute(PLAIN_ICON, &plain));
        plain
    });
    let wanted = if total > 0 { UNREAD_ICON } else { &plain };
    if icon.get_attribute("href").as_deref() != Some(wanted) {
        icon.set_href(wanted);
    }
}

/// The title with this count instead of the one it has.
fn with_count(title: &str, total: u32) -> String {
    let (_, words) = title_parts(title);
    match total {
        0 => words.to_owned(),
        _ => format!("({}) {words}", count_label(total)),
    }
}

/// The count with its brackets and the blank after it, and the rest.
fn title_parts(title: &str) -> (&str, &str) {
    let is_count = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    title
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(") "))
        .filter(|(count, _)| is_count(count))
        .and_then(|(_, words)| title.split_at_checked(title.len() - words.len()))
        .unwrap_or(("", title))
}

/// Some of the element can be seen on the screen.
pub fn is_on_screen(selector: &str) -> bool {
    let element = document().and_then(|document| document.query_selector(selector).ok().flatten());
    let height = web_sys::window()
        .and_then(|window| window.inner_height().ok()?.as_f64())
        .unwrap_or_default();
    element.is_some_and(|element| {
        let place = element.get_bounding_client_rect();
        // What is hidden has no height.
        place.height() > 0.0 && place.bottom() > 0.0 && place.top() < height
    })
}

/// Calls back when the page is seen again after it was hidden.
#[hook]
pub fn use_on_seen_again(on_seen: Callback<()>) {
    let latest = use_latest(on_seen);
    use_effect_with((), move |()| {
        let listener = document().map(|document| {
            EventListener::new(&document, "visibilitychange", move |_| {
                if is_visible() {
                    let callback = latest.borrow().clone();
                    callback.emit(());
                }
            })
        });
        move || drop(listener)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_has_one_count_or_none() {
        assert_eq!(with_count(APP_NAME, 3), "(3) Streamer Events");
        assert_eq!(
            with_count("(3) Streamer Events", 1_000),
            "(999+) Streamer Events"
        );
        assert_eq!(with_count("(999+) Streamer Events", 0), "Streamer Events");
    }

    #[test]
    fn brackets_of_another_kind_are_part_of_the_title() {
        assert_eq!(title_parts("(Mira) plays"), ("", "(Mira) plays"));
        assert_eq!(title_parts("(3) Mira"), ("(3) ", "Mira"));
        assert_eq!(title_parts("(3)"), ("", "(3)"));
    }
}
