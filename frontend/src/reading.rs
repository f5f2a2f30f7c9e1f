//! Where the reader of a list is: at its top, or near its end.
//!
//! The list may scroll by itself or with the page, depending on the width of
//! the window, so positions are compared on the screen instead of asking one
//! scroller.

use gloo_events::{EventListener, EventListenerOptions};
use web_sys::Element;
use yew::prelude::*;

use crate::browser::document;
use crate::hooks::{use_effect_with, use_mut_ref};

/// A row hidden by less than this does not count as scrolled away.
const AT_TOP_PX: f64 = 8.0;
/// Older rows are loaded when the end is this close to being seen.
const NEAR_END_PX: f64 = 240.0;

/// What [`use_reading`] watches and whom it tells.
#[derive(Clone, PartialEq)]
pub struct ReadingProps {
    /// What stays above the list while it scrolls.
    pub header: NodeRef,
    /// The first thing in the list.
    pub top: NodeRef,
    /// The last thing in the list.
    pub end: NodeRef,
    /// The end is worth watching.
    pub wants_older: bool,
    /// Told when the reader leaves the top or comes back.
    pub on_at_top: Callback<bool>,
    /// Told when the reader comes near the end.
    pub on_older: Callback<()>,
}

/// Watches scrolling, and looks again after each rendering: a list that does
/// not fill its place has its end in sight without any scrolling.
#[hook]
pub fn use_reading(props: ReadingProps) {
    let was_at_top = use_mut_ref(|| true);
    let latest = use_mut_ref(|| props.clone());
    latest.replace(props);
    let look = use_callback((), {
        let latest = latest.clone();
        move |(), ()| {
            let props = latest.borrow().clone();
            let is_at_top = is_at_top(&props);
            if was_at_top.replace(is_at_top) != is_at_top {
                props.on_at_top.emit(is_at_top);
            }
            if props.wants_older && is_near(&props.end) {
                props.on_older.emit(());
            }
        }
    });
    {
        let look = look.clone();
        use_effect(move || look.emit(()));
    }
    use_effect_with((), move |()| {
        // Scroll events do not bubble, but whoever scrolls is below the document.
        let options = EventListenerOptions::run_in_capture_phase();
        let on_scroll = document().map(|document| {
            let look = look.clone();
            EventListener::new_with_options(&document, "scroll", options, move |_| look.emit(()))
        });
        let on_resize = web_sys::window()
            .map(|window| EventListener::new(&window, "resize", move |_| look.emit(())));
        move || drop((on_scroll, on_resize))
    });
}

/// Brings the first row into sight, whichever part of the page scrolls.
pub fn scroll_to_top(scroller: &NodeRef, top: &NodeRef) {
    match scroller.cast::<Element>() {
        Some(scroller) if scroller.scroll_top() > 0 => scroller.set_scroll_top(0),
        _ => {
            if let Some(top) = top.cast::<Element>() {
                top.scroll_into_view();
            }
        }
    }
}

fn is_at_top(props: &ReadingProps) -> bool {
    let (Some(header), Some(top)) = (props.header.cast::<Element>(), props.top.cast::<Element>())
    else {
        return true;
    };
    let header = header.get_bounding_client_rect();
    // A list in a hidden tab has no place on the screen and nobody reads it.
    header.height() == 0.0 || top.get_bounding_client_rect().top() >= header.bottom() - AT_TOP_PX
}

fn is_near(end: &NodeRef) -> bool {
    let (Some(end), Some(window)) = (end.cast::<Element>(), web_sys::window()) else {
        return false;
    };
    let Some(scroller) = end.parent_element() else {
        return false;
    };
    let place = end.get_bounding_client_rect();
    let window_height = window
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or_default();
    let visible_bottom = scroller
        .get_bounding_client_rect()
        .bottom()
        .min(window_height);
    place.width() > 0.0 && place.top() < visible_bottom + NEAR_END_PX
}
