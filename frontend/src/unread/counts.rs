//! How many events of each streamer are unread. Pure.
//!
//! The server counts when it is asked; in between, events and moved marks
//! arrive over the live stream. An answer and the stream are not in step, so
//! what arrived is kept by id and counted on from where the answer ends.

use std::cmp::Ordering;
use std::collections::HashMap;

use wire::{Event, ReadMark, Subscription};

use crate::cursor;

/// The server counts no further; this many stands for more, too.
const MOST: u32 = 1_000;

/// What is known of one streamer.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    /// Events above this id are unread.
    mark: String,
    /// When the mark was heard of, see [`Counts::now`].
    marked_at: u32,
    /// Unread events up to `counted_to`, as the server counted them.
    base: u32,
    /// The newest event of the server's count.
    counted_to: String,
    /// The same of the count before.
    kept_from: String,
    /// Ids of what arrived, oldest first.
    arrived: Vec<String>,
}

impl Entry {
    fn of(subscription: &Subscription) -> Self {
        Self {
            mark: subscription.read_cursor.clone(),
            marked_at: 0,
            base: subscription.unread,
            counted_to: newest_of(subscription),
            kept_from: "0".to_owned(),
            arrived: Vec::new(),
        }
    }

    fn unread(&self) -> u32 {
        let newer = |id: &&String| is_above(id, &self.mark) && is_above(id, &self.counted_to);
        let arrived = self.arrived.iter().rev().take_while(newer).count();
        let arrived = u32::try_from(arrived).unwrap_or(MOST);
        self.base.saturating_add(arrived).min(MOST)
    }

    fn newest(&self) -> &str {
        match self.arrived.last() {
            Some(id) if is_above(id, &self.counted_to) => id,
            _ => &self.counted_to,
        }
    }

    fn arrive(&mut self, id: &str) {
        if self.arrived.last().is_none_or(|last| is_above(id, last)) {
            self.arrived.push(id.to_owned());
        }
        if self.arrived.len() > MOST as usize {
            self.arrived.remove(0);
        }
    }

    /// The mark stands elsewhere.
    fn mark(&mut self, mark: &ReadMark) {
        self.mark.clone_from(&mark.cursor);
        // What arrived here is counted by id, whatever the server had counted.
        self.base = 0;
        if is_above(&self.counted_to, &mark.cursor) {
            self.base = if mark.unread >= MOST {
                MOST
            } else {
                mark.unread.saturating_sub(self.unread())
            };
        }
    }

    /// The server has counted anew.
    fn recount(&mut self, subscription: &Subscription) {
        // Answers may overtake each other: what the last one had counted is kept for this one.
        let counted_before = std::mem::replace(&mut self.counted_to, newest_of(subscription));
        let kept_from = std::mem::replace(&mut self.kept_from, counted_before);
        self.arrived.retain(|id| is_above(id, &kept_from));
        self.mark.clone_from(&subscription.read_cursor);
        self.base = subscription.unread;
    }
}

fn is_above(id: &str, other: &str) -> bool {
    cursor::compare(id, other) == Ordering::Greater
}

fn newest_of(subscription: &Subscription) -> String {
    let newest = subscription.last_event.as_ref();
    newest.map_or_else(|| "0".to_owned(), |event| event.id.clone())
}

/// The counts of all of the viewer's streamers.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Counts {
    entries: HashMap<String, Entry>,
    clock: u32,
}

impl Counts {
    /// A moment, to be given back with the answer to what was asked then.
    pub(super) fn now(&self) -> u32 {
        self.clock
    }

    /// What the server says of all streamers, asked at that moment.
    pub(super) fn list(&mut self, asked_at: u32, subscriptions: &[Subscription]) {
        let mut before = std::mem::take(&mut self.entries);
        for subscription in subscriptions {
            let id = &subscription.broadcaster.id;
            let entry = match before.remove(id) {
                // The mark was moved after the question: the answer may not know.
                Some(held) if held.marked_at > asked_at => held,
                Some(mut held) => {
                    held.recount(subscription);
                    held
                }
                None => Entry::of(subscription),
            };
            self.entries.insert(id.clone(), entry);
        }
    }

    /// A streamer who was just subscribed to.
    pub(super) fn add(&mut self, subscription: &Subscription) {
        let id = &subscription.broadcaster.id;
        self.entries.insert(id.clone(), Entry::of(subscription));
    }

    /// A streamer who is subscribed to no longer.
    pub(super) fn remove(&mut self, broadcaster_id: &str) {
        self.entries.remove(broadcaster_id);
    }

    /// An event arrived.
    pub(super) fn arrive(&mut self, event: &Event) {
        if let Some(entry) = self.entries.get_mut(&event.broadcaster.id) {
            entry.arrive(&event.id);
        }
    }

    /// A mark was moved, on whichever device.
    pub(super) fn mark(&mut self, mark: &ReadMark) {
        self.clock = self.clock.wrapping_add(1);
        if let Some(entry) = self.entries.get_mut(&mark.broadcaster_id) {
            entry.marked_at = self.clock;
            entry.mark(mark);
        }
    }

    /// Nothing is known any more.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Unread events of a streamer; none when it is not known, or nobody
    /// subscribed to.
    pub(super) fn unread(&self, broadcaster_id: &str) -> Option<u32> {
        self.entries.get(broadcaster_id).map(Entry::unread)
    }

    /// The read mark of a streamer.
    pub(super) fn read_to(&self, broadcaster_id: &str) -> Option<&str> {
        let entry = self.entries.get(broadcaster_id)?;
        Some(&entry.mark)
    }

    /// The newest event of a streamer.
    pub(super) fn newest(&self, broadcaster_id: &str) -> Option<&str> {
        self.entries.get(broadcaster_id).map(Entry::newest)
    }

    /// Unread events of all streamers.
    pub(super) fn total(&self) -> u32 {
        let each = self.entries.values().map(Entry::unread);
        each.fold(0, u32::saturating_add)
    }
}

/// A count in a few characters: `3`, `999+`.
pub fn count_label(unread: u32) -> String {
    if unread >= MOST {
        format!("{}+", MOST - 1)
    } else {
        unread.to_string()
    }
}

#[cfg(test)]
mod tests;
