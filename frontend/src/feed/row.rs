//! One row of the feed, and where it stands among others.

use std::cmp::Ordering;
use std::rc::Rc;

use wire::{Event, Gap};

use crate::cursor;

/// One row of the feed.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// An event.
    Event {
        /// What tells the row: of several events in one row, with a fold.
        event: Rc<Event>,
        /// It arrived while the page was open.
        is_new: bool,
        /// The events in it that came here, as they came.
        parts: Vec<Rc<Event>>,
    },
    /// A span without events that nobody can fill any more.
    Gap {
        gap: Rc<Gap>,
        /// It stands right above the event with this id.
        above: String,
    },
}

impl Row {
    /// A row for an event that arrived live.
    pub fn arrived(event: Rc<Event>) -> Self {
        Self::of(event, true)
    }

    /// A row for an event from the list.
    pub fn listed(event: Rc<Event>) -> Self {
        Self::of(event, false)
    }

    fn of(event: Rc<Event>, is_new: bool) -> Self {
        Self::Event {
            parts: vec![Rc::clone(&event)],
            event,
            is_new,
        }
    }

    /// The event, unless the row is a gap.
    pub fn event(&self) -> Option<&Rc<Event>> {
        match self {
            Self::Event { event, .. } => Some(event),
            Self::Gap { .. } => None,
        }
    }

    /// The gap, if the row is one.
    pub fn gap(&self) -> Option<&Rc<Gap>> {
        match self {
            Self::Gap { gap, .. } => Some(gap),
            Self::Event { .. } => None,
        }
    }

    /// What identifies the row among its siblings.
    pub fn key(&self) -> String {
        match self {
            Self::Event { event, .. } => event.place().to_owned(),
            Self::Gap { gap, .. } => format!("gap-{}-{}", gap.from, gap.to),
        }
    }

    /// Stands above the other.
    pub fn is_newer_than(&self, other: &Self) -> bool {
        self.compare(other) == Ordering::Greater
    }

    /// Stands below the event with this id.
    pub fn is_older_than_event(&self, id: &str) -> bool {
        cursor::compare(self.place().0, id) == Ordering::Less
    }

    /// Stands above the event with this id.
    pub fn is_newer_than_event(&self, id: &str) -> bool {
        let (place, is_gap) = self.place();
        match cursor::compare(place, id) {
            Ordering::Greater => true,
            Ordering::Equal => is_gap,
            Ordering::Less => false,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let ((left, left_rank), (right, right_rank)) = (self.place(), other.place());
        cursor::compare(left, right).then(left_rank.cmp(&right_rank))
    }

    /// The id the row is sorted by; with equal ids a gap stands above its event.
    pub(super) fn place(&self) -> (&str, bool) {
        match self {
            Self::Event { event, .. } => (event.place(), false),
            Self::Gap { above, .. } => (above, true),
        }
    }
}
