//! Times as the reader's clocks and calendar show them.
//!
//! The formats are made once: to make one takes as long as a hundred uses of it.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

/// A day, without those on which clocks change.
pub const DAY_MS: f64 = 86_400_000.0;

struct Formats {
    time: Function,
    day: Function,
    heading: Function,
    month: Function,
    days: Intl::DateTimeFormat,
    times: Intl::DateTimeFormat,
}

thread_local! {
    static FORMATS: Formats = Formats::new();
}

impl Formats {
    fn new() -> Self {
        let time = [("hour", "2-digit"), ("minute", "2-digit")];
        let day = [("day", "numeric"), ("month", "short")];
        let heading = [
            ("weekday", "long"),
            ("day", "numeric"),
            ("month", "long"),
            ("year", "numeric"),
        ];
        let month = [("month", "short"), ("year", "numeric")];
        let days = [
            ("weekday", "short"),
            ("day", "numeric"),
            ("month", "short"),
            ("year", "numeric"),
        ];
        let times = [
            ("day", "numeric"),
            ("month", "short"),
            ("hour", "2-digit"),
            ("minute", "2-digit"),
        ];
        Self {
            time: of(&time).format(),
            day: of(&day).format(),
            heading: of(&heading).format(),
            month: of(&month).format(),
            days: of(&days),
            times: of(&times),
        }
    }
}

fn of(options: &[(&str, &str)]) -> Intl::DateTimeFormat {
    let wanted = Object::new();
    for (name, value) in options {
        // Fails for frozen objects alone.
        drop(Reflect::set(&wanted, &(*name).into(), &(*value).into()));
    }
    Intl::DateTimeFormat::new(&Array::of1(&language().into()), &wanted)
}

fn language() -> String {
    web_sys::window()
        .and_then(|window| window.navigator().language())
        .unwrap_or_else(|| "en".into())
}

fn words(pick: impl FnOnce(&Formats) -> &Function, ms: f64) -> String {
    if ms.is_nan() {
        return String::new();
    }
    FORMATS
        .with(|formats| {
            let words = pick(formats).call1(&JsValue::UNDEFINED, &ms.into());
            words.ok().and_then(|words| words.as_string())
        })
        .unwrap_or_default()
}

fn from_to(pick: impl FnOnce(&Formats) -> &Intl::DateTimeFormat, from: f64, to: f64) -> String {
    if from.is_nan() || to.is_nan() {
        return String::new();
    }
    let date = |ms: f64| Date::new(&ms.into());
    FORMATS
        .with(|formats| pick(formats).format_range(&date(from), &date(to)).ok())
        .map(String::from)
        .unwrap_or_default()
}

/// `18:42`
pub fn time_of_day(ms: f64) -> String {
    words(|formats| &formats.time, ms)
}

/// `1 Nov`
pub fn day(ms: f64) -> String {
    words(|formats| &formats.day, ms)
}

/// `Sunday, 1 November 2026`
pub fn day_heading(ms: f64) -> String {
    words(|formats| &formats.heading, ms)
}

/// `Nov 2026`
pub fn month(ms: f64) -> String {
    words(|formats| &formats.month, ms)
}

/// `Sun, 1 Nov 2026`, or `1 – 7 Nov 2026`: the days from one moment up to another.
pub fn days(from: f64, until: f64) -> String {
    from_to(|formats| &formats.days, from, until - 1.0)
}

/// `1 Nov, 18:00 – 20:00`
pub fn times(from: f64, until: f64) -> String {
    from_to(|formats| &formats.times, from, until)
}

/// `1 Nov, 18:00`
pub fn moment(ms: f64) -> String {
    from_to(|formats| &formats.times, ms, ms)
}

/// How far the reader's clocks are ahead of UTC at a moment, milliseconds.
pub fn ahead_of_utc(ms: f64) -> f64 {
    -Date::new(&ms.into()).get_timezone_offset() * 60_000.0
}

/// The name of the reader's time zone, such as `Europe/Berlin`.
pub fn zone() -> String {
    let resolved = FORMATS.with(|formats| formats.days.resolved_options());
    let name = Reflect::get(&resolved, &"timeZone".into());
    name.ok()
        .and_then(|name| name.as_string())
        .unwrap_or_else(|| "UTC".into())
}

/// A moment on the wire: RFC 3339, UTC.
pub fn rfc3339(ms: f64) -> String {
    if ms.is_nan() {
        return String::new();
    }
    Date::new(&ms.into()).to_iso_string().into()
}

/// A moment as fields for date and time take it: `2026-11-01T18:00:05`, by the
/// reader's clocks.
pub fn field(ms: f64) -> String {
    // What is ahead of UTC, told as if it were UTC.
    let local = rfc3339(ms + ahead_of_utc(ms));
    let end = if local.ends_with(":00.000Z") { 16 } else { 19 };
    local.get(..end).unwrap_or_default().to_owned()
}

/// The moment that a field for date and time tells; not a number if none.
pub fn parse_field(local: &str) -> f64 {
    // Without a zone it is the reader's.
    Date::parse(local)
}

/// When the day after this date begins; not a number if it is none.
pub fn end_of_date(date: &str) -> f64 {
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else {
        return f64::NAN;
    };
    let is_date = [year, month, day]
        .iter()
        .map(|part| part.len())
        .eq([4, 2, 2]);
    let noon = Date::parse(&format!("{date}T12:00"));
    if !is_date || noon.is_nan() {
        return f64::NAN;
    }
    let next = Date::new(&noon.into());
    next.set_date(next.get_date() + 1);
    next.set_hours(0);
    next.get_time()
}
