//! How far this feed is read: the line between read and unread rows, marking by
//! hand, and marking what has been in sight for a while.

use std::cmp::Ordering;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::{is_on_screen, use_interval, use_on_seen_again};
use crate::cursor;
use crate::feed::Feed;
use crate::hooks::{UseStateHandle, use_mut_ref, use_state_eq};
use crate::session::use_session;
use crate::unread::{Unread, use_marks, use_unread};

/// What is in sight this long is read; and the least time between two marks.
const READ_AFTER_MS: u32 = 3_000;

/// What the feed shows of it, see [`use_marking`].
pub(super) struct Marking {
    /// Up to this event the rows were read when the page was opened; none when
    /// all were.
    pub line: Option<AttrValue>,
    /// There is something to mark.
    pub has_unread: bool,
    /// Marks up to an event; none without a subscription.
    pub on_mark: Option<Callback<AttrValue>>,
    pub on_mark_all: Callback<()>,
}

/// The mark of one streamer. `feed` tells what the reader sees.
#[hook]
pub(super) fn use_marking(broadcaster_id: &AttrValue, feed: &Feed) -> Marking {
    let unread = use_unread();
    let marks = use_marks();
    let count = unread.of(broadcaster_id);
    let mark = unread.read_to(broadcaster_id);
    let line = use_state_eq(|| line_of(&unread, broadcaster_id));
    // A person who has said how far they read is not overruled by what is in sight, until they
    // have been elsewhere in the feed.
    let is_by_hand = use_mut_ref(bool::default);
    // Not sent twice: another device may set the mark back, and is not to be fought.
    let sent = use_mut_ref(|| None::<AttrValue>);

    use_line_anew(broadcaster_id, &unread, &line);
    // Parts of rows further down may be newer than the first row.
    let owned = |(first, newest): (&str, &str)| {
        (
            AttrValue::from(first.to_owned()),
            AttrValue::from(newest.to_owned()),
        )
    };
    let top = use_mut_ref(|| None);
    top.replace(feed.top().map(owned));
    let in_view = feed.top_in_view().map(owned);
    if in_view.is_none() {
        is_by_hand.replace(false);
        sent.replace(None);
    }
    let wanted = in_view.filter(|(_, newest)| is_older(mark.as_deref(), Some(newest)));
    use_marking_in_sight(wanted, {
        let (marks, broadcaster_id) = (marks.clone(), broadcaster_id.clone());
        let is_by_hand = is_by_hand.clone();
        Callback::from(move |newest: AttrValue| {
            if *is_by_hand.borrow() || sent.borrow().as_ref() == Some(&newest) {
                return;
            }
            sent.replace(Some(newest.clone()));
            let (marks, broadcaster_id) = (marks.clone(), broadcaster_id.clone());
            let sent = sent.clone();
            spawn_local(async move {
                if !marks.mark_quietly(&broadcaster_id, &newest).await {
                    sent.replace(None);
                }
            });
        })
    });

    let on_mark = {
        let (line, is_by_hand) = (line.clone(), is_by_hand.clone());
        use_callback(
            (marks.clone(), broadcaster_id.clone()),
            move |row: AttrValue, (marks, broadcaster_id)| {
                let cursor = match &*top.borrow() {
                    Some((first, newest)) if *first == row => newest.clone(),
                    _ => row,
                };
                is_by_hand.replace(true);
                line.set(Some(cursor.clone()));
                marks.mark(broadcaster_id, cursor.to_string());
            },
        )
    };
    let on_mark_all = {
        let broadcaster_id = broadcaster_id.clone();
        let line = line.clone();
        Callback::from(move |()| {
            is_by_hand.replace(false);
            line.set(None);
            if let Some(newest) = unread.newest(&broadcaster_id) {
                marks.mark(&broadcaster_id, newest);
            }
        })
    };
    Marking {
        line: (*line).clone(),
        has_unread: count.is_some_and(|count| count > 0),
        on_mark: count.map(|_| on_mark),
        on_mark_all,
    }
}

/// Somebody who comes back to the tab opens the page anew, as far as the line
/// is concerned.
#[hook]
fn use_line_anew(
    broadcaster_id: &AttrValue,
    unread: &Unread,
    line: &UseStateHandle<Option<AttrValue>>,
) {
    let (broadcaster_id, unread, line) = (broadcaster_id.clone(), unread.clone(), line.clone());
    use_on_seen_again(Callback::from(move |()| {
        let now = line_of(&unread, &broadcaster_id);
        if now.is_some() {
            line.set(now);
        }
    }));
}

/// Tells what is wanted to be marked once the row was on the screen long enough.
#[hook]
fn use_marking_in_sight(wanted: Option<(AttrValue, AttrValue)>, on_read: Callback<AttrValue>) {
    let session = use_session();
    let may_ask = session.is_reachable() && !session.has_ended();
    let wanted = wanted.filter(|_| may_ask);
    use_interval(
        wanted.is_some().then_some(READ_AFTER_MS),
        Callback::from(move |()| {
            let Some((row, newest)) = &wanted else {
                return;
            };
            if is_on_screen(&format!("[data-event-id='{row}']")) {
                on_read.emit(newest.clone());
            }
        }),
    );
}

/// Where the line belongs now: nowhere when nothing is unread.
fn line_of(unread: &Unread, broadcaster_id: &str) -> Option<AttrValue> {
    unread.of(broadcaster_id).filter(|count| *count > 0)?;
    unread.read_to(broadcaster_id)
}

/// Both are known, and the first is the older one.
fn is_older(id: Option<&str>, than: Option<&str>) -> bool {
    match (id, than) {
        (Some(id), Some(than)) => cursor::compare(id, than) == Ordering::Less,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_ids_have_an_order() {
        assert!(is_older(Some("9"), Some("10")));
        assert!(!is_older(Some("10"), Some("10")));
        assert!(!is_older(None, Some("10")));
        assert!(!is_older(Some("9"), None));
    }
}
