//! Marking rows as read: the line where unread rows begin, the buttons, the keys.

use web_sys::Element;
use yew::prelude::*;

use super::icon::{Glyph, icon};

/// The line between unread rows, above it, and those that were read.
pub fn unread_line() -> Html {
    html! {
        <div key="unread-line" class="unread-line" role="separator" aria-label="Unread from here up">
            { "Unread from here" }
        </div>
    }
}

/// In the corner of a row, for the pointer. It is no stop of the Tab key, which
/// would be twice as many: by keyboard there is the key, and the button among
/// the details.
pub fn mark_corner(summary: &str, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button
            type="button"
            class="ev-mark"
            tabindex="-1"
            aria-label={format!("Mark read here: {summary}")}
            title="Mark read here (M)"
            {onclick}
        >
            { icon(Glyph::Check) }
        </button>
    }
}

/// Among the details of a row.
pub fn mark_button(onclick: Callback<MouseEvent>) -> Html {
    html! {
        <div class="ev-actions">
            <button type="button" class="btn" aria-keyshortcuts="M" {onclick}>
                { icon(Glyph::Check) }
                { "Mark read here" }
            </button>
        </div>
    }
}

/// Marks everything; says that there is nothing to mark rather than going away
/// under the focus.
pub fn mark_all_button(is_short: bool, has_unread: bool, on_mark_all: &Callback<()>) -> Html {
    let on_mark_all = on_mark_all.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if has_unread {
            on_mark_all.emit(());
        }
    });
    html! {
        <button
            type="button"
            class={classes!("btn", "ghost", "mark-all", is_short.then_some("square"))}
            aria-label={is_short.then_some("Mark all read")}
            title={is_short.then_some("Mark all read (Shift+M)")}
            aria-disabled={(!has_unread).to_string()}
            {onclick}
        >
            { icon(Glyph::Checks) }
            if !is_short {
                { "Mark all read" }
            }
        </button>
    }
}

/// What a key pressed in the list means.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    Here,
    All,
}

fn meaning(key: &str, has_modifier: bool) -> Option<Meaning> {
    match key {
        "m" if !has_modifier => Some(Meaning::Here),
        "M" if !has_modifier => Some(Meaning::All),
        _ => None,
    }
}

/// M marks the row that has the focus, or a part of it; Shift+M marks all.
pub fn mark_keys(
    on_mark: Callback<AttrValue>,
    on_mark_all: Callback<()>,
) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
        match meaning(&event.key(), has_modifier) {
            Some(Meaning::Here) => {
                if let Some(id) = row_of(&event) {
                    event.prevent_default();
                    on_mark.emit(id);
                }
            }
            Some(Meaning::All) => {
                event.prevent_default();
                on_mark_all.emit(());
            }
            None => {}
        }
    })
}

fn row_of(event: &KeyboardEvent) -> Option<AttrValue> {
    let target = event.target_dyn_into::<Element>()?;
    let row = target.closest("[data-event-id]").ok()??;
    row.get_attribute("data-event-id").map(AttrValue::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_marks_here_a_capital_all_and_shortcuts_are_the_browsers() {
        assert_eq!(meaning("m", false), Some(Meaning::Here));
        assert_eq!(meaning("M", false), Some(Meaning::All));
        assert_eq!(meaning("m", true), None);
        assert_eq!(meaning("n", false), None);
    }
}
