//! Spans of time one press away, and a span in words.

use crate::local_time::{moment, rfc3339};

const HOUR_MS: f64 = 3_600_000.0;

/// How long, and what it is called.
pub(super) const PRESETS: [(&str, f64); 5] = [
    ("Last hour", HOUR_MS),
    ("Last 24 hours", 24.0 * HOUR_MS),
    ("Last 7 days", 7.0 * 24.0 * HOUR_MS),
    ("Last 30 days", 30.0 * 24.0 * HOUR_MS),
    ("Last 12 months", 365.0 * 24.0 * HOUR_MS),
];

/// Where a span that reaches until now begins. From a full hour on, or minute
/// of a short one, so that pressed twice it is the same address, and the same
/// question to the server.
pub(super) fn begin(span_ms: f64, now: f64) -> f64 {
    let grain = if span_ms > HOUR_MS {
        HOUR_MS
    } else {
        HOUR_MS / 60.0
    };
    ((now - span_ms) / grain).floor() * grain
}

/// The preset that a span without an end is, if it is one.
pub(super) fn preset_of(since: f64, now: f64) -> Option<&'static str> {
    let mut presets = PRESETS.into_iter();
    let found = presets.find(|(_, span)| (begin(*span, now) - since).abs() < 1.0);
    found.map(|(name, _)| name)
}

/// A span in words, `local` telling a moment.
pub(super) fn words(
    since: Option<f64>,
    until: Option<f64>,
    now: f64,
    local: impl Fn(f64) -> String,
) -> String {
    let told = |ms: f64| {
        let told = local(ms);
        if told.is_empty() {
            "?".to_owned()
        } else {
            told
        }
    };
    match (since, until) {
        (None, None) => "All time".into(),
        (Some(since), None) => match preset_of(since, now) {
            Some(name) => name.into(),
            None => format!("Since {}", told(since)),
        },
        (None, Some(until)) => format!("Until {}", told(until)),
        (Some(since), Some(until)) => format!("{} – {}", told(since), told(until)),
    }
}

/// The span with four times as much of the time around it, as far as it has
/// passed; all time when that is years.
pub(super) fn wider(since: f64, until: f64, now: f64) -> (Option<f64>, Option<f64>) {
    const YEARS_MS: f64 = 2.0 * 365.0 * 24.0 * HOUR_MS;
    let span = until - since;
    if span.is_nan() || span * 4.0 > YEARS_MS {
        return (None, None);
    }
    let (since, until) = (since - span * 1.5, until + span * 1.5);
    // What could be of the future stays open.
    (Some(since), Some(until).filter(|until| *until < now))
}

/// The ends of a span as the address has them.
pub(super) fn ends(since: Option<f64>, until: Option<f64>) -> (Option<String>, Option<String>) {
    (since.map(rfc3339), until.map(rfc3339))
}

/// [`words`] by the reader's clocks.
pub(super) fn local_words(since: Option<f64>, until: Option<f64>, now: f64) -> String {
    words(since, until, now, moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: f64 = 24.0 * HOUR_MS;

    fn said(since: Option<f64>, until: Option<f64>, now: f64) -> String {
        words(since, until, now, |ms| {
            if ms.is_nan() {
                String::new()
            } else {
                format!("<{ms}>")
            }
        })
    }

    #[test]
    fn a_preset_is_known_again_while_its_hour_lasts() {
        let now = 100.0 * DAY_MS + 1_234_567.0;
        for (name, span) in PRESETS {
            assert_eq!(said(Some(begin(span, now)), None, now), name);
        }
        let later = now + 2.0 * HOUR_MS;
        assert_eq!(
            said(Some(begin(7.0 * DAY_MS, now)), None, later),
            format!("Since <{}>", 93.0 * DAY_MS)
        );
    }

    #[test]
    fn spans_are_told_by_their_ends() {
        assert_eq!(said(None, None, 0.0), "All time");
        assert_eq!(said(None, Some(5.0), 0.0), "Until <5>");
        assert_eq!(said(Some(1.0), Some(5.0), 0.0), "<1> – <5>");
        assert_eq!(said(Some(f64::NAN), None, 0.0), "Since ?");
    }

    #[test]
    fn wider_is_four_times_as_long_around_the_same() {
        let now = 1_000.0 * DAY_MS;
        assert_eq!(
            wider(10.0 * DAY_MS, 12.0 * DAY_MS, now),
            (Some(7.0 * DAY_MS), Some(15.0 * DAY_MS))
        );
        assert_eq!(
            wider(now - 2.0 * DAY_MS, now, now),
            (Some(now - 5.0 * DAY_MS), None)
        );
        assert_eq!(wider(0.0, 300.0 * DAY_MS, now), (None, None));
        assert_eq!(wider(f64::NAN, 1.0, now), (None, None));
    }
}
