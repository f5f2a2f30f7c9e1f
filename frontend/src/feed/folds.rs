//! Events in, rows out: several events of one happening become one row, in place
//! and in whatever order they come. Which are one, and which of them is shown,
//! `wire::fold` says; lists come folded from the server, so that these rules
//! have work only where the live stream goes on behind a list.
//!
//! A list without a stream needs none of it: ask for `folded=true`, and each event
//! is a row at [`Event::place`], which `EventRow` shows with all its parts.

use std::cmp::Ordering;
use std::rc::Rc;

use wire::{Event, Fold};

use super::{Feed, Row, insert_sorted};
use crate::cursor::compare;

impl Row {
    fn parts(&self) -> &[Rc<Event>] {
        match self {
            Self::Event { parts, .. } => parts,
            Self::Gap { .. } => &[],
        }
    }

    /// The newest of its events.
    pub(super) fn newest(&self) -> Option<&str> {
        self.event().map(|event| last(event))
    }

    /// The event is one of the row's.
    pub(super) fn holds(&self, event: &Event) -> bool {
        self.parts().iter().any(|part| {
            let is_counted = part.fold.as_ref().is_some_and(|fold| {
                compare(&fold.first, &event.id) != Ordering::Greater
                    && compare(&event.id, &fold.last) != Ordering::Greater
                    && part.is_one_with(event)
            });
            part.id == event.id || is_counted
        })
    }

    fn is_one_with(&self, other: &Self) -> bool {
        let others = other.parts();
        let are_one = |part: &Event, other: &Event| part.id == other.id || part.is_one_with(other);
        let is_one = |part: &Rc<Event>| others.iter().any(|other| are_one(part, other));
        self.parts().iter().any(is_one)
    }

    /// This row with the events of another one.
    fn joined(self, other: Self) -> Self {
        let (
            Self::Event {
                event,
                is_new,
                mut parts,
            },
            Self::Event {
                event: told,
                parts: more,
                ..
            },
        ) = (self.clone(), other)
        else {
            return self;
        };
        for part in more {
            // The same row may be listed again, with more in it.
            parts.retain(|held| held.id != part.id);
            parts.push(part);
        }
        let place = older(event.place(), told.place()).to_owned();
        let newest = newer(last(&event), last(&told)).to_owned();
        let tells = if told.tells_more_than(&event) {
            told
        } else {
            event
        };
        let fold = Fold {
            parts: count(&parts),
            first: place,
            last: newest,
        };
        let event = Event {
            fold: Some(Box::new(fold)),
            ..Event::clone(&tells)
        };
        Self::Event {
            event: Rc::new(event),
            is_new,
            parts,
        }
    }
}

/// What an answer knows of: from its oldest row on, up to the newest event in any.
fn span(page: &[Event]) -> Option<(&str, &str)> {
    let newest = page.iter().map(last).max_by(|a, b| compare(a, b))?;
    Some((page.last()?.place(), newest))
}

/// How many parts these events have told of: those the server has counted, and
/// what came after.
fn count(parts: &[Rc<Event>]) -> u32 {
    let folds = parts.iter().filter_map(|part| part.fold.as_ref());
    let counted = folds.max_by(|one, other| compare(&one.last, &other.last));
    let (last, before) = counted.map_or(("0", 0), |fold| (fold.last.as_str(), fold.parts));
    let is_further =
        |part: &&Rc<Event>| part.is_part() && compare(&part.id, last) == Ordering::Greater;
    let further = parts.iter().filter(is_further).count();
    before + u32::try_from(further).unwrap_or_default()
}

fn last(event: &Event) -> &str {
    event.fold.as_ref().map_or(&event.id, |fold| &fold.last)
}

fn older<'a>(one: &'a str, other: &'a str) -> &'a str {
    if compare(one, other) == Ordering::Greater {
        other
    } else {
        one
    }
}

fn newer<'a>(one: &'a str, other: &'a str) -> &'a str {
    if older(one, other) == one { other } else { one }
}

/// Takes out the rows that are one with this one.
fn take_relatives(rows: &mut Vec<Row>, row: &Row) -> Vec<Row> {
    rows.extract_if(.., |held| held.is_one_with(row)).collect()
}

impl Feed {
    /// Puts a row into the one it belongs to, where that one stands. Given back if there is none.
    pub(super) fn fold_in(&mut self, row: Row) -> Option<Row> {
        let shown = take_relatives(&mut self.rows, &row);
        let waiting = take_relatives(&mut self.waiting, &row);
        let (is_shown, waited) = (!shown.is_empty(), waiting.len());
        if !is_shown && waited == 0 {
            return Some(row);
        }
        let relatives = waiting.into_iter().chain(shown);
        let row = relatives.fold(row, |row, held| held.joined(row));
        self.waiting_events = self.waiting_events.saturating_sub(waited);
        if is_shown {
            insert_sorted(&mut self.rows, row);
        } else {
            self.waiting_events += 1;
            insert_sorted(&mut self.waiting, row);
        }
        None
    }
}

impl Feed {
    /// Takes away rows that are in others by now: the list would have them else.
    pub(super) fn drop_unlisted(&mut self, page: &[Event]) {
        let Some((oldest, newest)) = span(page) else {
            return;
        };
        let listed: Vec<Row> = page
            .iter()
            .map(|event| Row::listed(Rc::new(event.clone())))
            .collect();
        let stays = |row: &Row| {
            row.event().is_none_or(|event| {
                let is_known = compare(event.place(), oldest) != Ordering::Less
                    && compare(event.place(), newest) != Ordering::Greater;
                !is_known || listed.iter().any(|one| one.is_one_with(row))
            })
        };
        self.rows.retain(stays);
        let waited = self.waiting.len();
        self.waiting.retain(stays);
        let gone = waited - self.waiting.len();
        self.waiting_events = self.waiting_events.saturating_sub(gone);
    }
}

#[cfg(test)]
mod tests;
