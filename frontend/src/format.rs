//! Numbers, times and spans in words. All times are shown local.

use js_sys::Date;
use wasm_bindgen::JsValue;

const SECOND_MS: f64 = 1000.0;
const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;

/// Unix milliseconds of an RFC 3339 time; not a number if it is none.
pub fn parse_time(rfc3339: &str) -> f64 {
    Date::parse(rfc3339)
}

/// `now`, `12 s`, `3 min`, `14 h`, `9 d`, `5 mo`, `2 y`: how long ago. What
/// lies ahead, by a clock that is off, is `now`.
pub fn ago(then_ms: f64, now_ms: f64) -> String {
    let seconds = whole_seconds(now_ms - then_ms);
    match seconds {
        ..5 => "now".into(),
        5..MINUTE_S => format!("{seconds} s"),
        MINUTE_S..HOUR_S => format!("{} min", seconds / MINUTE_S),
        HOUR_S..DAY_S => format!("{} h", seconds / HOUR_S),
        _ => match seconds / DAY_S {
            days @ ..60 => format!("{days} d"),
            days @ 60..730 => format!("{} mo", days / 30),
            days => format!("{} y", days / 365),
        },
    }
}

/// [`ago`] in words for a screen reader or a sentence: `3 minutes ago`.
pub fn ago_in_words(then_ms: f64, now_ms: f64) -> String {
    let seconds = whole_seconds(now_ms - then_ms);
    let (count, unit) = match seconds {
        ..5 => return "just now".into(),
        5..MINUTE_S => (seconds, "second"),
        MINUTE_S..HOUR_S => (seconds / MINUTE_S, "minute"),
        HOUR_S..DAY_S => (seconds / HOUR_S, "hour"),
        _ => match seconds / DAY_S {
            days @ ..60 => (days, "day"),
            days @ 60..730 => (days / 30, "month"),
            days => (days / 365, "year"),
        },
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

/// `0:42`, `12:05`, `1:04:12`: a running clock.
pub fn clock(span_ms: f64) -> String {
    let seconds = whole_seconds(span_ms);
    let (hours, minutes, rest) = (
        seconds / HOUR_S,
        seconds % HOUR_S / MINUTE_S,
        seconds % MINUTE_S,
    );
    if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:02}")
    } else {
        format!("{minutes}:{rest:02}")
    }
}

/// `42 s`, `12 min`, `4 h 12 min`, `2 d 3 h`: how long something took.
pub fn span(span_ms: f64) -> String {
    let seconds = whole_seconds(span_ms);
    let of = |large: i64, name: &str, small: i64, small_name: &str| {
        let rest = seconds % large / small;
        if rest == 0 {
            format!("{} {name}", seconds / large)
        } else {
            format!("{} {name} {rest} {small_name}", seconds / large)
        }
    };
    match seconds {
        ..MINUTE_S => format!("{seconds} s"),
        MINUTE_S..HOUR_S => format!("{} min", seconds / MINUTE_S),
        HOUR_S..DAY_S => of(HOUR_S, "h", MINUTE_S, "min"),
        _ => of(DAY_S, "d", HOUR_S, "h"),
    }
}

/// `12,903`
pub fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        grouped.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 viewer`, `12,903 viewers`
pub fn count(value: i64, singular: &str, plural: &str) -> String {
    let name = if value == 1 { singular } else { plural };
    format!("{} {name}", number(value))
}

/// Date and time to the second, in the reader's own zone and manner.
pub fn exact_local(then_ms: f64) -> String {
    if then_ms.is_nan() {
        return String::new();
    }
    let language = web_sys::window()
        .and_then(|window| window.navigator().language())
        .unwrap_or_else(|| "en".into());
    Date::new(&JsValue::from_f64(then_ms))
        .to_locale_string(&language, &JsValue::UNDEFINED)
        .into()
}

fn whole_seconds(ms: f64) -> i64 {
    // A number that is none, or negative, becomes 0: both mean a clock that is off.
    (ms / SECOND_MS).max(0.0) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: i64) -> (f64, f64) {
        (0.0, seconds as f64 * SECOND_MS)
    }

    #[test]
    fn short_ages_fit_a_row() {
        let of = |seconds| {
            let (then, now) = after(seconds);
            ago(then, now)
        };
        assert_eq!(of(-30), "now");
        assert_eq!(of(4), "now");
        assert_eq!(of(59), "59 s");
        assert_eq!(of(60), "1 min");
        assert_eq!(of(3599), "59 min");
        assert_eq!(of(14 * HOUR_S), "14 h");
        assert_eq!(of(9 * DAY_S), "9 d");
        assert_eq!(of(90 * DAY_S), "3 mo");
        assert_eq!(of(800 * DAY_S), "2 y");
    }

    #[test]
    fn ages_in_words_know_one_from_many() {
        assert_eq!(ago_in_words(0.0, 60_000.0), "1 minute ago");
        assert_eq!(ago_in_words(0.0, 180_000.0), "3 minutes ago");
        assert_eq!(ago_in_words(0.0, 0.0), "just now");
    }

    #[test]
    fn a_time_that_cannot_be_read_breaks_nothing() {
        assert_eq!(ago(f64::NAN, 1000.0), "now");
        assert_eq!(clock(f64::NAN), "0:00");
    }

    #[test]
    fn spans_read_as_clock_and_as_words() {
        let ms = 3_852_000.0;
        assert_eq!(clock(ms), "1:04:12");
        assert_eq!(clock(42_000.0), "0:42");
        assert_eq!(span(ms), "1 h 4 min");
        assert_eq!(span(7_200_000.0), "2 h");
        assert_eq!(span(59_000.0), "59 s");
        assert_eq!(span(183_600_000.0), "2 d 3 h");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(12_903), "12,903");
        assert_eq!(number(-1_234_567), "-1,234,567");
        assert_eq!(count(1, "viewer", "viewers"), "1 viewer");
        assert_eq!(count(1000, "viewer", "viewers"), "1,000 viewers");
    }
}
