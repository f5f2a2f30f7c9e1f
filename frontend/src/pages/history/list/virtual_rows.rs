//! The part of the lines that is in the page: measures, scrolls, and asks for
//! more near the ends. What belongs in the page `layout` decides.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, FocusOptions, HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::entries::Entry;
use super::layout::{Layout, Next};
use crate::browser::document;
use crate::hooks::{UseStateHandle, use_effect_with, use_mut_ref, use_state};

/// The next page is asked for when the end is this close, so that it is there
/// before the reader is.
const AHEAD_PX: f64 = 4_000.0;

/// Lines that are others only when they were made anew.
#[derive(Clone)]
pub(super) struct Entries(pub Rc<Vec<Entry>>);

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Properties of [`VirtualRows`].
#[derive(Properties, PartialEq)]
pub(super) struct VirtualRowsProps {
    pub entries: Entries,
    /// Grows when the reader is to be taken to the first line; 0 leaves where it is.
    pub to_first: u32,
    pub render: Callback<Entry, Html>,
    pub on_near_start: Callback<()>,
    pub on_near_end: Callback<()>,
}

/// What scrolling needs, which never causes a drawing by itself.
#[derive(Clone)]
struct Parts {
    layout: Rc<RefCell<Layout>>,
    list: NodeRef,
    rows: NodeRef,
    above: NodeRef,
    below: NodeRef,
}

/// The lines in sight and some around them.
#[component]
pub(super) fn VirtualRows(props: &VirtualRowsProps) -> Html {
    let parts = Parts {
        layout: use_mut_ref(Layout::default),
        list: use_node_ref(),
        rows: use_node_ref(),
        above: use_node_ref(),
        below: use_node_ref(),
    };
    let drawn = use_state(|| 0_u32);
    parts.layout.borrow_mut().replace(&props.entries.0);
    let look = use_look(&parts, props, drawn.clone());
    {
        // With each drawing: what was drawn is measured, and may call for more.
        let (parts, look) = (parts.clone(), look.clone());
        use_effect(move || {
            settle(&parts);
            look.emit(());
        });
    }
    use_landing(&parts, props.to_first);
    use_watching(&parts, &look);
    let window = parts.layout.borrow().window();
    let shown = props.entries.0.get(window).unwrap_or_default();
    html! {
        <div class="lines" tabindex="-1" ref={parts.list}>
            <div ref={parts.above} />
            <div ref={parts.rows}>
                { for shown.iter().map(|entry| props.render.emit(entry.clone())) }
            </div>
            <div ref={parts.below} />
        </div>
    }
}

/// Looks where the reader is, and has drawn what belongs there: what is in
/// sight at once, the rest in steps between which the page can answer.
#[hook]
fn use_look(parts: &Parts, props: &VirtualRowsProps, drawn: UseStateHandle<u32>) -> Callback<()> {
    let due = use_mut_ref(|| None::<Timeout>);
    let parts = parts.clone();
    let ends = (props.on_near_start.clone(), props.on_near_end.clone());
    Callback::from(move |()| {
        let Some((from, to)) = in_sight(&parts.list) else {
            return;
        };
        let next = parts.layout.borrow_mut().look(from, to);
        match next {
            Some(next) if next.is_urgent => draw(&parts, next, &drawn),
            Some(_) => {
                let (parts, drawn) = (parts.clone(), drawn.clone());
                due.replace(Some(Timeout::new(0, move || {
                    let seen = in_sight(&parts.list);
                    let next = seen.and_then(|(from, to)| parts.layout.borrow_mut().look(from, to));
                    if let Some(next) = next {
                        draw(&parts, next, &drawn);
                    }
                })));
            }
            None => {}
        }
        if from < AHEAD_PX {
            ends.0.emit(());
        }
        if parts.layout.borrow().height() - to < AHEAD_PX {
            ends.1.emit(());
        }
    })
}

fn draw(parts: &Parts, next: Next, drawn: &UseStateHandle<u32>) {
    let first = parts.layout.borrow().window().start;
    keep_focus(parts, first, &next.window);
    parts.layout.borrow_mut().show(next.window);
    drawn.set(drawn.wrapping_add(1));
}

/// The part of the list on the screen, in pixels from its top.
fn in_sight(list: &NodeRef) -> Option<(f64, f64)> {
    let top = list.cast::<Element>()?.get_bounding_client_rect().top();
    let height = web_sys::window()?.inner_height().ok()?.as_f64()?;
    Some((-top, height - top))
}

/// Measures what is drawn, makes room for the rest, and keeps what the reader
/// looks at where it is.
fn settle(parts: &Parts) {
    let Some(rows) = parts.rows.cast::<Element>() else {
        return;
    };
    let children = rows.children();
    let heights: Vec<f64> = (0..children.length())
        .filter_map(|at| children.item(at))
        .map(|row| row.get_bounding_client_rect().height())
        .collect();
    let (spaces, shift) = {
        let mut layout = parts.layout.borrow_mut();
        layout.measure(&heights);
        (layout.spaces(), layout.shift())
    };
    set_height(&parts.above, spaces.0);
    set_height(&parts.below, spaces.1);
    if shift.abs() >= 0.5
        && let Some(window) = web_sys::window()
    {
        window.scroll_by_with_x_and_y(0.0, shift);
    }
}

/// The policy of the page allows no `style` attribute; a script may set styles.
fn set_height(space: &NodeRef, height: f64) {
    if let Some(space) = space.cast::<HtmlElement>() {
        drop(space.style().set_property("height", &format!("{height}px")));
    }
}

/// A row that leaves the page would take the focus with it.
fn keep_focus(parts: &Parts, first: usize, window: &Range<usize>) {
    let focused = document().and_then(|document| document.active_element());
    let (Some(focused), Some(rows)) = (focused, parts.rows.cast::<Element>()) else {
        return;
    };
    if !rows.contains(Some(&focused)) {
        return;
    }
    let children = rows.children();
    let at = (0..children.length()).find(|at| {
        let row = children.item(*at);
        row.is_some_and(|row| row.contains(Some(&focused)))
    });
    let leaves = at.is_none_or(|at| !window.contains(&(first + at as usize)));
    if leaves && let Some(list) = parts.list.cast::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        drop(list.focus_with_options(&options));
    }
}

/// Takes the reader to the first line.
#[hook]
fn use_landing(parts: &Parts, to_first: u32) {
    let list = parts.list.clone();
    use_effect_with(to_first, move |to_first| {
        if *to_first > 0
            && let Some(list) = list.cast::<Element>()
        {
            list.scroll_into_view();
        }
    });
}

/// Looks again with each scrolling and when rows or the window change in size.
#[hook]
fn use_watching(parts: &Parts, look: &Callback<()>) {
    let latest = use_mut_ref(|| look.clone());
    latest.replace(look.clone());
    let parts = parts.clone();
    use_effect_with((), move |()| {
        let look = move || {
            let look = latest.borrow().clone();
            look.emit(());
        };
        let options = EventListenerOptions {
            passive: true,
            ..EventListenerOptions::run_in_capture_phase()
        };
        let on_scroll = document().map(|document| {
            let look = look.clone();
            EventListener::new_with_options(&document, "scroll", options, move |_| look())
        });
        let rows = parts.rows.cast::<Element>();
        let width = RefCell::new(rows.as_ref().map_or(0, Element::client_width));
        let resized = Closure::<dyn FnMut()>::new(move || {
            let now = parts
                .rows
                .cast::<Element>()
                .map_or(0, |rows| rows.client_width());
            if width.replace(now) != now {
                parts.layout.borrow_mut().forget_heights();
            }
            settle(&parts);
            look();
        });
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(rows)) = (&observer, &rows) {
            observer.observe(rows);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop((on_scroll, resized));
        }
    });
}
