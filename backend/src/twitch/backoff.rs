//! Pauses between attempts: doubling, bounded, with jitter so that many do not try at the same moment.

use std::time::Duration;

use crate::timings::Timings;

/// Counts failures in a row and tells how long to pause after each.
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    /// Pauses of the usual lengths.
    pub fn new(timings: &Timings) -> Self {
        Self::between(timings.backoff_first, timings.backoff_longest)
    }

    /// Pauses that start at `first` and double up to `longest`.
    pub fn between(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            failures: 0,
        }
    }

    /// How long to pause after one more failure: half of the full pause, and a random part of the other half.
    pub fn pause(&mut self) -> Duration {
        let doublings = self.failures.min(20);
        self.failures = self.failures.saturating_add(1);
        let full = self
            .first
            .saturating_mul(2_u32.saturating_pow(doublings))
            .min(self.longest);
        full.mul_f64(0.5 + rand::random::<f64>() / 2.0)
    }

    /// Something worked: the next pause is the first one again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// Failures since the last success.
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_with_jitter() {
        let mut backoff = Backoff::between(Duration::from_secs(1), Duration::from_secs(10));
        for full in [1, 2, 4, 8, 10, 10, 10] {
            let pause = backoff.pause();
            assert!(
                pause >= Duration::from_millis(full * 500),
                "{pause:?} of {full}"
            );
            assert!(pause <= Duration::from_secs(full), "{pause:?} of {full}");
        }
        backoff.reset();
        assert!(backoff.pause() <= Duration::from_secs(1));
    }

    #[test]
    fn very_many_failures_do_not_overflow() {
        let mut backoff = Backoff::between(Duration::from_secs(1), Duration::from_secs(60));
        for _ in 0..100 {
            assert!(backoff.pause() <= Duration::from_secs(60));
        }
        assert_eq!(backoff.failures(), 100);
    }
}
