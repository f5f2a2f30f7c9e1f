//! The newest events, held in memory for readers who come back: many of them cost the store nothing.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::Published;
use crate::ids::UserId;

/// About the most memory it takes; the oldest events make room.
const MAX_BYTES: usize = 24 * 1024 * 1024;

/// Events looked at at once; those who append wait no longer than that takes.
const LOOKED_AT: usize = 1024;

#[derive(Debug, Default)]
pub(super) struct Recent {
    /// All events above this cursor are here.
    from: i64,
    bytes: usize,
    /// In order of id.
    events: VecDeque<Arc<Published>>,
}

impl Recent {
    pub(super) fn behind(newest: i64) -> Self {
        Self {
            from: newest,
            ..Self::default()
        }
    }

    pub(super) fn from(&self) -> i64 {
        self.from
    }

    pub(super) fn push(&mut self, event: Arc<Published>) {
        self.bytes += event.size();
        self.events.push_back(event);
        while self.bytes > MAX_BYTES
            && let Some(oldest) = self.events.pop_front()
        {
            self.from = oldest.id;
            self.bytes -= oldest.size();
        }
    }

    /// How much more it may hold, bytes.
    pub(super) fn room(&self) -> usize {
        MAX_BYTES.saturating_sub(self.bytes)
    }

    /// Takes all events between `from` and the oldest one held, or the newest of them for which there is room.
    pub(super) fn prepend(&mut self, from: i64, events: Vec<Published>) {
        if from >= self.from {
            return;
        }
        for event in events.into_iter().rev() {
            // Somebody else may have brought it meanwhile.
            if event.id > self.from {
                continue;
            }
            if event.size() > self.room() {
                self.from = event.id;
                return;
            }
            self.bytes += event.size();
            self.events.push_front(Arc::new(event));
        }
        self.from = from;
    }

    pub(super) fn page(
        &self,
        channels: &HashSet<UserId>,
        after: i64,
        up_to: i64,
    ) -> Option<(Vec<Arc<Published>>, i64)> {
        if after < self.from {
            return None;
        }
        let first = self.events.partition_point(|event| event.id <= after);
        let end = self.events.partition_point(|event| event.id <= up_to);
        let last = end.min(first + LOOKED_AT);
        let page = self.events.range(first..last.max(first));
        let page = page.filter(|event| channels.contains(&event.broadcaster_id));
        let reached = match last < end {
            true => self.events[last].id - 1,
            false => up_to,
        };
        Some((page.cloned().collect(), reached))
    }
}
