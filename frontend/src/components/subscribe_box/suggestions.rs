//! The suggestions: asked for shortly after the last key, shown below the field.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlElement, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};
use wire::Streamer;
use yew::prelude::*;

use crate::api::Error;
use crate::browser::document;
use crate::components::avatar::{AvatarSize, avatar};
use crate::components::icon::{Glyph, icon};
use crate::hooks::{use_effect_with, use_state};
use crate::session::use_api;
use crate::task::Task;

/// A pause in typing this long is worth a search.
const PAUSE_MS: u32 = 200;

/// What the search found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// Nothing was searched for.
    Nothing,
    /// The first answer has still to come.
    Searching,
    /// Whom, perhaps nobody.
    Streamers(Rc<Vec<Streamer>>),
    /// The search did not work.
    Failed(Error),
}

/// Searches for these words. While the next answer is awaited, the last stays.
#[hook]
pub(super) fn use_suggestions(words: Option<String>) -> Found {
    let api = use_api();
    let found = use_state(|| Found::Nothing);
    {
        let found = found.clone();
        use_effect_with(words, move |words| {
            let task = if let Some(words) = words.clone() {
                if !matches!(*found, Found::Streamers(_)) {
                    found.set(Found::Searching);
                }
                Some(Task::spawn(async move {
                    TimeoutFuture::new(PAUSE_MS).await;
                    found.set(match api.search_streamers(&words).await {
                        Ok(streamers) => Found::Streamers(Rc::new(streamers)),
                        Err(error) => Found::Failed(error),
                    });
                }))
            } else {
                found.set(Found::Nothing);
                None
            };
            move || drop(task)
        });
    }
    (*found).clone()
}

/// `/` anywhere on the page leads to the field, unless something is being typed
/// or a dialog is open.
#[hook]
pub(super) fn use_slash_key(input: &NodeRef) {
    let input = input.clone();
    use_effect_with((), move |()| {
        let listener = document().map(|document| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
                if event.key() != "/" || has_modifier || is_typing(event) || is_dialog_open() {
                    return;
                }
                if let Some(input) = input.cast::<HtmlElement>() {
                    event.prevent_default();
                    drop(input.focus());
                }
            })
        });
        move || drop(listener)
    });
}

fn is_typing(event: &KeyboardEvent) -> bool {
    event.target().is_some_and(|target| {
        target.dyn_ref::<HtmlInputElement>().is_some()
            || target
                .dyn_ref::<HtmlElement>()
                .is_some_and(HtmlElement::is_content_editable)
    })
}

fn is_dialog_open() -> bool {
    document()
        .and_then(|document| document.query_selector("dialog[open]").ok().flatten())
        .is_some()
}

/// The id of a suggestion, for the field to point at.
pub(super) fn option_id(index: usize) -> String {
    format!("suggestion-{index}")
}

/// Keeps the marked suggestion in sight.
#[hook]
pub(super) fn use_marked_in_sight(marked: Option<usize>) {
    use_effect_with(marked, |marked| {
        if let Some(element) =
            marked.and_then(|index| document()?.get_element_by_id(&option_id(index)))
        {
            scroll_to(&element);
        }
    });
}

/// The list below the field, or a word instead of it.
pub(super) fn render_suggestions(
    found: &Found,
    is_open: bool,
    marked: Option<usize>,
    on_choose: &Callback<Streamer>,
) -> Html {
    let word = match found {
        Found::Nothing => None,
        Found::Searching => Some("Searching…".to_owned()),
        Found::Streamers(streamers) if streamers.is_empty() => {
            Some("Nobody found. Press Enter to try the name as typed.".to_owned())
        }
        Found::Streamers(_) => None,
        Found::Failed(error) => Some(format!("The search did not work. {}", error.message())),
    };
    let streamers = match found {
        Found::Streamers(streamers) => streamers.as_slice(),
        Found::Nothing | Found::Searching | Found::Failed(_) => &[],
    };
    let is_shown = is_open && (word.is_some() || !streamers.is_empty());
    // Without this a press would take the focus from the field, which closes the list.
    let keep_focus = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        <div class="suggestions" hidden={!is_shown} onmousedown={keep_focus}>
            <ul id="suggestions" role="listbox" aria-label="Streamers found" hidden={streamers.is_empty()}>
                { for streamers.iter().enumerate().map(|(index, streamer)| {
                    render_suggestion(streamer, index, marked == Some(index), on_choose)
                }) }
            </ul>
            if let Some(word) = &word {
                <p class="muted small">{ word }</p>
            }
            <p class="only-read" role="status">
                if is_open {
                    { match (&word, streamers.len()) {
                        (Some(word), _) => word.clone(),
                        (None, 0) => String::new(),
                        (None, 1) => "1 streamer found".into(),
                        (None, count) => format!("{count} streamers found"),
                    } }
                }
            </p>
        </div>
    }
}

fn render_suggestion(
    streamer: &Streamer,
    index: usize,
    is_marked: bool,
    on_choose: &Callback<Streamer>,
) -> Html {
    let onclick = {
        let streamer = streamer.clone();
        on_choose.reform(move |_: MouseEvent| streamer.clone())
    };
    let shows_login = !streamer.display_name.eq_ignore_ascii_case(&streamer.login);
    html! {
        <li
            key={streamer.id.clone()}
            id={option_id(index)}
            role="option"
            aria-selected={is_marked.to_string()}
            {onclick}
        >
            { avatar(&streamer.display_name, &streamer.profile_image_url, AvatarSize::Small) }
            <span class="cut">
                { &streamer.display_name }
                if shows_login {
                    <span class="muted">{ format!(" ({})", streamer.login) }</span>
                }
            </span>
            if streamer.live {
                <span class="live-dot small">{ "Live" }</span>
            }
            <span class="grow" />
            if streamer.subscribed {
                <span class="muted small done">
                    { icon(Glyph::Check) }
                    { "Subscribed" }
                </span>
            } else {
                <span class="pick small">{ "Subscribe" }</span>
            }
        </li>
    }
}

fn scroll_to(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}
