//! When each message was sent.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Times by message number; shared by the sender and all readers.
#[derive(Debug)]
pub(crate) struct Sent {
    base: Instant,
    first: u64,
    us: Vec<AtomicU64>,
}

impl Sent {
    /// For this many messages from a number on.
    pub(crate) fn new(first: u64, count: usize) -> Self {
        Self {
            base: Instant::now(),
            first,
            us: (0..count).map(|_| AtomicU64::new(u64::MAX)).collect(),
        }
    }

    /// Notes that a message is sent now.
    pub(crate) fn now(&self, number: u64) {
        if let Some(slot) = self.slot(number) {
            let us = self.base.elapsed().as_micros();
            slot.store(u64::try_from(us).unwrap_or(u64::MAX), Ordering::Release);
        }
    }

    fn slot(&self, number: u64) -> Option<&AtomicU64> {
        let at = number.checked_sub(self.first)?;
        self.us.get(usize::try_from(at).ok()?)
    }

    /// How long ago a message was sent, if it was.
    pub(super) fn since(&self, number: u64) -> Option<Duration> {
        let us = self.slot(number)?.load(Ordering::Acquire);
        self.base.elapsed().checked_sub(Duration::from_micros(us))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sent_has_an_age() {
        let sent = Sent::new(10, 2);
        sent.now(11);
        assert!(sent.since(11).is_some());
        for number in [9, 10, 12] {
            assert!(sent.since(number).is_none(), "{number}");
        }
    }
}
