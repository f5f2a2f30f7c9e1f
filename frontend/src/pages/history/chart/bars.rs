//! What a chart shows: events of each bar by kind. Pure.

use std::collections::BTreeMap;

use wire::Kind;

use super::steps::Step;

/// Events by kind; kinds without any are left out.
pub(in crate::pages::history) type Counts = BTreeMap<Kind, u64>;

/// A span of time and its events.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pages::history) struct Bar {
    pub start: f64,
    pub end: f64,
    pub counts: Counts,
}

impl Bar {
    /// Events of all kinds.
    pub(in crate::pages::history) fn total(&self) -> u64 {
        self.counts.values().sum()
    }
}

/// Bars side by side, the oldest first.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pages::history) struct Chart {
    pub bars: Vec<Bar>,
    pub step: Step,
    /// Of all bars.
    pub totals: Counts,
    /// Events of the bar that has most, at least one.
    pub peak: u64,
}

impl Chart {
    /// Puts counted buckets, by when they begin, into bars with these bounds.
    /// What lies outside belongs to the first or the last of them.
    pub(super) fn new(step: Step, marks: &[f64], buckets: &[(f64, Counts)]) -> Self {
        let mut bars: Vec<Bar> = marks
            .windows(2)
            .map(|bounds| Bar {
                start: bounds[0],
                end: bounds[1],
                counts: Counts::new(),
            })
            .collect();
        let mut totals = Counts::new();
        for (start, counts) in buckets {
            let at = bars.partition_point(|bar| bar.start <= *start);
            let Some(bar) = bars.get_mut(at.saturating_sub(1)) else {
                continue;
            };
            for (kind, count) in counts {
                *bar.counts.entry(*kind).or_default() += count;
                *totals.entry(*kind).or_default() += count;
            }
        }
        let peak = bars.iter().map(Bar::total).max().unwrap_or_default();
        Self {
            bars,
            step,
            totals,
            peak: peak.max(1),
        }
    }

    /// Events of all bars.
    pub(in crate::pages::history) fn total(&self) -> u64 {
        self.totals.values().sum()
    }

    /// Where all of it begins and ends.
    pub(in crate::pages::history) fn span(&self) -> Option<(f64, f64)> {
        Some((self.bars.first()?.start, self.bars.last()?.end))
    }
}

/// A bar's parts from the ground up, as `(kind, where it begins, height)`. What
/// is there can be seen, however little of the peak it is.
pub(super) fn stack(bar: &Bar, peak: u64, height: f64) -> Vec<(Kind, f64, f64)> {
    const LEAST: f64 = 2.0;
    let total = bar.total();
    if total == 0 {
        return Vec::new();
    }
    let whole = (total as f64 / peak as f64 * height).max(LEAST);
    let mut ground = 0.0;
    let parts = bar.counts.iter().filter(|(_, count)| **count > 0);
    parts
        .map(|(kind, count)| {
            let part = whole * *count as f64 / total as f64;
            let begin = ground;
            ground += part;
            (*kind, begin, part)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(of: &[(Kind, u64)]) -> Counts {
        of.iter().copied().collect()
    }

    #[test]
    fn buckets_fall_into_the_bars_they_begin_in() {
        let step = Step::for_span(0.0);
        let buckets = [
            (-5.0, counts(&[(Kind::Raid, 1)])),
            (0.0, counts(&[(Kind::Raid, 2)])),
            (19.0, counts(&[(Kind::Sub, 3), (Kind::Raid, 4)])),
            (99.0, counts(&[(Kind::Gift, 5)])),
        ];
        let chart = Chart::new(step, &[0.0, 10.0, 20.0, 30.0], &buckets);
        let totals: Vec<_> = chart.bars.iter().map(Bar::total).collect();
        assert_eq!(totals, [3, 7, 5], "nothing is lost at the ends");
        assert_eq!(chart.total(), 15);
        assert_eq!(chart.peak, 7);
        assert_eq!(chart.totals.get(&Kind::Raid), Some(&7));
        assert_eq!(chart.span(), Some((0.0, 30.0)));
    }

    #[test]
    fn without_bars_there_is_nothing_to_show() {
        let chart = Chart::new(
            Step::for_span(0.0),
            &[],
            &[(0.0, counts(&[(Kind::Raid, 1)]))],
        );
        assert_eq!((chart.total(), chart.peak, chart.span()), (0, 1, None));
    }

    #[test]
    fn parts_stand_on_each_other_and_are_in_proportion() {
        let bar = Bar {
            start: 0.0,
            end: 1.0,
            counts: counts(&[(Kind::Sub, 1), (Kind::Raid, 3)]),
        };
        assert_eq!(
            stack(&bar, 8, 80.0),
            [(Kind::Sub, 0.0, 10.0), (Kind::Raid, 10.0, 30.0)]
        );
        let one = Bar {
            counts: counts(&[(Kind::Raid, 1)]),
            ..bar
        };
        assert_eq!(stack(&one, 100_000, 80.0), [(Kind::Raid, 0.0, 2.0)]);
    }
}
