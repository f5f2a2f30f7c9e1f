//! Percentiles of times that were measured one by one.

use std::time::Duration;

/// Times in microseconds, as they came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Latencies {
    us: Vec<u32>,
}

/// What is told of many times.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Summary {
    /// How many there were.
    pub(crate) count: usize,
    /// Half were faster, in milliseconds.
    pub(crate) p50_ms: f64,
    /// One in a hundred was slower, in milliseconds.
    pub(crate) p99_ms: f64,
    /// The slowest, in milliseconds.
    pub(crate) max_ms: f64,
}

impl Latencies {
    /// Notes one.
    pub(crate) fn push(&mut self, time: Duration) {
        self.us
            .push(u32::try_from(time.as_micros()).unwrap_or(u32::MAX));
    }

    /// Takes over what another one noted.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.us.append(&mut other.us);
    }

    /// Their percentiles by nearest rank; all zero when there are none.
    pub(crate) fn summary(mut self) -> Summary {
        self.us.sort_unstable();
        let Some(&max) = self.us.last() else {
            return Summary::default();
        };
        Summary {
            count: self.us.len(),
            p50_ms: ms(rank(&self.us, 0.50)),
            p99_ms: ms(rank(&self.us, 0.99)),
            max_ms: ms(max),
        }
    }
}

/// The smallest value that so large a share does not exceed.
fn rank(sorted: &[u32], share: f64) -> u32 {
    let at = (sorted.len() as f64 * share).ceil() as usize;
    sorted[at.clamp(1, sorted.len()) - 1]
}

fn ms(us: u32) -> f64 {
    f64::from(us) / 1000.0
}

/// The middle one of a few values; zero when there are none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let mut latencies = Latencies::default();
        for ms in (1..=200).rev() {
            latencies.push(Duration::from_millis(ms));
        }
        let summary = latencies.summary();
        assert_eq!(summary.count, 200);
        assert_eq!(
            (summary.p50_ms, summary.p99_ms, summary.max_ms),
            (100.0, 198.0, 200.0)
        );
    }

    #[test]
    fn one_time_is_every_percentile_and_none_is_zero() {
        let mut latencies = Latencies::default();
        latencies.push(Duration::from_micros(1500));
        let summary = latencies.summary();
        assert_eq!((summary.p50_ms, summary.p99_ms), (1.5, 1.5));
        assert_eq!(Latencies::default().summary(), Summary::default());
    }

    #[test]
    fn a_time_beyond_an_hour_stays_the_largest() {
        let mut latencies = Latencies::default();
        latencies.push(Duration::from_secs(10_000));
        assert!(latencies.summary().max_ms > 4_000_000.0);
    }

    #[test]
    fn the_median_needs_no_order() {
        assert_eq!(median(&[9.0, 1.0, 5.0]), 5.0);
        assert_eq!(median(&[]), 0.0);
    }
}
