//! How long the bars of a chart are, and where they begin. Pure.

/// Bars of a chart, at most. More would be thinner than a pointer is exact.
const MOST_BARS: f64 = 100.0;

/// Hours and days are those of the reader's clocks.
const MINUTE_MS: f64 = 60_000.0;
const HOUR_MS: f64 = 60.0 * MINUTE_MS;
pub(super) const DAY_MS: f64 = 24.0 * HOUR_MS;
/// The first Monday of 1970, as weeks begin with one.
const MONDAY_MS: f64 = 4.0 * DAY_MS;

/// A length of bars that reads well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::pages::history) struct Step {
    pub ms: f64,
    /// `2 hours`
    pub words: &'static str,
}

const fn step(ms: f64, words: &'static str) -> Step {
    Step { ms, words }
}

const STEPS: [Step; 16] = [
    step(MINUTE_MS, "minute"),
    step(2.0 * MINUTE_MS, "2 minutes"),
    step(5.0 * MINUTE_MS, "5 minutes"),
    step(10.0 * MINUTE_MS, "10 minutes"),
    step(15.0 * MINUTE_MS, "15 minutes"),
    step(HOUR_MS, "hour"),
    step(2.0 * HOUR_MS, "2 hours"),
    step(3.0 * HOUR_MS, "3 hours"),
    step(6.0 * HOUR_MS, "6 hours"),
    step(12.0 * HOUR_MS, "12 hours"),
    step(DAY_MS, "day"),
    step(2.0 * DAY_MS, "2 days"),
    step(7.0 * DAY_MS, "week"),
    step(14.0 * DAY_MS, "2 weeks"),
    step(28.0 * DAY_MS, "4 weeks"),
    step(91.0 * DAY_MS, "13 weeks"),
];

impl Step {
    /// The shortest that makes few enough bars of this span.
    pub(super) fn for_span(span_ms: f64) -> Self {
        let fits = |step: &&Self| span_ms / step.ms <= MOST_BARS;
        let longest = STEPS[STEPS.len() - 1];
        STEPS.iter().find(fits).copied().unwrap_or(longest)
    }

    /// The bucket by which the server counts for it.
    pub(super) fn bucket(self) -> &'static str {
        if self.ms >= DAY_MS {
            "day"
        } else if self.ms >= HOUR_MS {
            "hour"
        } else {
            "minute"
        }
    }

    /// It, or the shortest whose bars this bucket can tell apart.
    pub(super) fn at_least(self, bucket: &str) -> Self {
        let is_told =
            |step: &&Self| step.ms >= self.ms && bucket_rank(step.bucket()) >= bucket_rank(bucket);
        STEPS.iter().find(is_told).copied().unwrap_or(self)
    }

    /// Where bars begin so that they cover a span, and where the last one ends.
    /// `ahead` tells how far the reader's clocks are ahead of UTC at a moment.
    pub(super) fn marks(self, since: f64, until: f64, ahead: impl Fn(f64) -> f64) -> Vec<f64> {
        let begin = if self.ms >= 7.0 * DAY_MS {
            MONDAY_MS
        } else {
            0.0
        };
        let local = since + ahead(since);
        let mut local = ((local - begin) / self.ms).floor() * self.ms + begin;
        let mut marks = vec![to_utc(local, &ahead)];
        while marks.last().is_some_and(|last| *last < until) {
            local += self.ms;
            let mark = to_utc(local, &ahead);
            // An hour that clocks jump over is no bar.
            if marks.last().is_some_and(|last| mark > *last) {
                marks.push(mark);
            }
        }
        marks
    }
}

fn bucket_rank(bucket: &str) -> usize {
    ["minute", "hour", "day"]
        .iter()
        .position(|name| *name == bucket)
        .unwrap_or_default()
}

/// The moment at which clocks show this. Asked twice, as the first guess may
/// lie on the other side of a change of clocks.
fn to_utc(local: f64, ahead: impl Fn(f64) -> f64) -> f64 {
    let guess = local - ahead(local);
    local - ahead(guess)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_become_some_dozen_bars() {
        for (span, words) in [
            (0.0, "minute"),
            (HOUR_MS, "minute"),
            (6.0 * HOUR_MS, "5 minutes"),
            (DAY_MS, "15 minutes"),
            (7.0 * DAY_MS, "2 hours"),
            (30.0 * DAY_MS, "12 hours"),
            (90.0 * DAY_MS, "day"),
            (365.0 * DAY_MS, "week"),
            (3_650.0 * DAY_MS, "13 weeks"),
            (100_000.0 * DAY_MS, "13 weeks"),
        ] {
            assert_eq!(Step::for_span(span).words, words, "{span}");
        }
    }

    #[test]
    fn the_server_is_asked_for_no_more_buckets_than_it_tells() {
        for step in STEPS.iter().filter(|step| step.ms <= 14.0 * DAY_MS) {
            let bucket = match step.bucket() {
                "minute" => MINUTE_MS,
                "hour" => HOUR_MS,
                _ => DAY_MS,
            };
            assert!(step.ms / bucket * MOST_BARS <= 2_000.0, "{}", step.words);
        }
    }

    #[test]
    fn bars_are_no_shorter_than_what_was_counted() {
        let minute = Step::for_span(0.0);
        assert_eq!(minute.at_least("minute").words, "minute");
        assert_eq!(minute.at_least("hour").words, "hour");
        assert_eq!(
            Step::for_span(7.0 * DAY_MS).at_least("hour").words,
            "2 hours"
        );
    }

    #[test]
    fn bars_begin_with_the_readers_hours_days_and_weeks() {
        let ahead = |_: f64| 5.5 * HOUR_MS;
        let marks = Step::for_span(6.0 * HOUR_MS).at_least("hour").marks(
            10.75 * HOUR_MS,
            11.75 * HOUR_MS,
            ahead,
        );
        assert_eq!(marks, [10.5 * HOUR_MS, 11.5 * HOUR_MS, 12.5 * HOUR_MS]);

        let weeks = Step::for_span(365.0 * DAY_MS).marks(12.0 * DAY_MS, 13.0 * DAY_MS, |_| 0.0);
        assert_eq!(weeks, [11.0 * DAY_MS, 18.0 * DAY_MS]);
    }

    #[test]
    fn a_day_with_a_change_of_clocks_is_one_bar() {
        // Clocks go forward two hours into the second day.
        let change = DAY_MS + 2.0 * HOUR_MS;
        let ahead = |ms: f64| if ms < change { 0.0 } else { HOUR_MS };
        let days = Step::for_span(90.0 * DAY_MS).marks(0.0, 3.0 * DAY_MS - HOUR_MS, ahead);
        assert_eq!(
            days,
            [0.0, DAY_MS, 2.0 * DAY_MS - HOUR_MS, 3.0 * DAY_MS - HOUR_MS]
        );

        let hours =
            Step::for_span(0.0)
                .at_least("hour")
                .marks(DAY_MS, DAY_MS + 4.0 * HOUR_MS, ahead);
        assert!(hours.windows(2).all(|pair| pair[0] < pair[1]), "{hours:?}");
        assert_eq!(hours.last(), Some(&(DAY_MS + 4.0 * HOUR_MS)));
    }
}
