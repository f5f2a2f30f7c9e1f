//! What is due when: a queue in order of time, ties in order of entry.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

#[derive(Debug)]
pub(crate) struct Agenda<T> {
    entries: BTreeMap<(Timestamp, u64), T>,
    entered: u64,
}

impl<T> Agenda<T> {
    pub(crate) fn new() -> Self {
        Self {
            entries: BTreeMap::new(),
            entered: 0,
        }
    }

    pub(crate) fn add(&mut self, due: Timestamp, entry: T) {
        self.entered += 1;
        self.entries.insert((due, self.entered), entry);
    }

    /// Takes the earliest entry that is due by `now`, with its due time.
    pub(crate) fn pop_due(&mut self, now: Timestamp) -> Option<(Timestamp, T)> {
        let first = self.entries.first_entry()?;
        if first.key().0 > now {
            return None;
        }
        let ((due, _), entry) = first.remove_entry();
        Some((due, entry))
    }

    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.entries.first_key_value().map(|((due, _), _)| *due)
    }

    /// Moves everything later by `pause`, as if no time had passed in it.
    pub(crate) fn postpone(&mut self, pause: SignedDuration) {
        self.entries = std::mem::take(&mut self.entries)
            .into_iter()
            .map(|((due, entered), entry)| ((super::later(due, pause), entered), entry))
            .collect();
    }
}
