//! Compares the store and the readers with what was acknowledged.

use std::collections::HashSet;

use super::READERS_DEADLINE;
use super::senders::Tally;
use crate::figure::Figure;
use crate::readers::Crowd;
use crate::report::Report;
use crate::rig::Rig;
use crate::sequence::{Differences, compare as compare_sequences};
use crate::store::Held;

/// How the store differs from what was acknowledged.
#[derive(Debug, Default, PartialEq, Eq)]
struct Verdict {
    /// Acknowledged, and not in the store.
    lost: Vec<u64>,
    /// In the store more than once.
    twice: Vec<u64>,
    /// In the store, and never acknowledged: forged, or made up.
    foreign: Vec<u64>,
}

impl Verdict {
    fn of(held: &Held, acknowledged: &[u64]) -> Self {
        let stored = held.numbers();
        let mut twice: Vec<u64> = stored
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| pair[0])
            .collect();
        twice.dedup();
        let stored: HashSet<u64> = stored.into_iter().collect();
        let acknowledged: HashSet<u64> = acknowledged.iter().copied().collect();
        let mut lost: Vec<u64> = acknowledged.difference(&stored).copied().collect();
        let mut foreign: Vec<u64> = stored.difference(&acknowledged).copied().collect();
        lost.sort_unstable();
        foreign.sort_unstable();
        Self {
            lost,
            twice,
            foreign,
        }
    }
}

/// Reports every difference.
///
/// # Errors
/// When the database cannot be read.
pub(crate) async fn compare(
    rig: &Rig,
    crowd: &Crowd,
    wishes: &[(String, Vec<&'static str>)],
    tally: &Tally,
    report: &mut Report,
) -> anyhow::Result<()> {
    let store = rig.store().await?;
    let verdict = Verdict::of(&store.held().await?, &tally.acknowledged);
    for (what, numbers) in [
        ("acknowledged and lost", &verdict.lost),
        ("stored twice", &verdict.twice),
        ("forged or never acknowledged, and stored", &verdict.foreign),
        ("forged, and not refused with 403", &tally.believed),
    ] {
        report.figures.push(none(what, numbers.len()));
        let some: Vec<_> = numbers.iter().take(10).collect();
        report.require(
            numbers.is_empty(),
            format!("{what}: {}: {some:?} …", numbers.len()),
        );
    }
    let mut expected = Vec::new();
    for (_, channels) in wishes {
        expected.push(store.visible(&rig.viewer.id, channels).await?);
    }
    store.close().await;
    // A heartbeat moves the cursor, so the events themselves are waited for.
    let caught_up = crowd
        .wait(READERS_DEADLINE, |seen, at| {
            expected[at].last() <= seen.events.last()
        })
        .await;
    report.require(caught_up, "not all live readers got the last event");
    let mut all = Differences::default();
    for ((reader, (query, _)), expected) in crowd.readers().iter().zip(wishes).zip(&expected) {
        let differences = compare_sequences(expected, &reader.seen().events);
        all.add(&differences);
        report.require(
            differences.is_none(),
            format!("reader of '{query}': {differences:?}"),
        );
    }
    report.figures.push(none(
        "live events missing, repeated or out of order",
        all.total(),
    ));
    report.condition("live readers", crowd.readers().len());
    report.condition("live events read", crowd.deliveries());
    report.condition("streams opened again", crowd.reconnects());
    Ok(())
}

/// A figure of what must not happen at all.
fn none(what: &str, count: usize) -> Figure {
    Figure::new("P4", what, count as f64, "").bar(0.0, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(numbers: &[u64]) -> Held {
        Held {
            rows: (1..).zip(numbers.iter().copied()).collect(),
        }
    }

    #[test]
    fn a_message_acknowledged_twice_and_stored_once_is_right() {
        let verdict = Verdict::of(&held(&[3, 1, 2]), &[1, 2, 3, 2]);
        assert_eq!(verdict, Verdict::default());
    }

    #[test]
    fn what_is_lost_doubled_or_foreign_is_named() {
        let verdict = Verdict::of(&held(&[1, 1, 1, 9, 3]), &[1, 2, 3]);
        assert_eq!(
            verdict,
            Verdict {
                lost: vec![2],
                twice: vec![1],
                foreign: vec![9],
            }
        );
    }
}
