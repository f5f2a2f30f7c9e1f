//! `GET /api/v1/stats`: how many events there were, by time and kind.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, web};
use jiff::tz::{Offset, TimeZone};
use wire::{Kind, Stats, StatsBucket};

use super::access::Caller;
use super::events::broadcasters;
use super::query::{Start, place, read};
use crate::app::App;
use crate::clock::rfc3339;
use crate::error::Error;
use crate::store::filter::Filter;
use crate::store::stats::{Bucket, Counts, MOST, Question, TooMany};

/// Longest name of a time zone that is looked up, bytes.
const MAX_ZONE: usize = 64;

/// The counts the caller asks for, of events the caller may see.
pub(super) async fn show(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<web::Json<Stats>, Error> {
    let (mut start, mut bucket, mut zone) = (Start::Newest, Bucket::Day, TimeZone::UTC);
    let (named, criteria) = read(request.query_string(), |criteria, name, value| {
        match name {
            "bucket" => bucket = bucket_of(value)?,
            "tz" => zone = zone_of(value)?,
            _ => place(criteria, &mut start, name, value)?,
        }
        Ok(())
    })?;
    let viewer = caller.viewer.id;
    let broadcasters = broadcasters(&app.store, &viewer, named).await?;
    let question = Question {
        filter: Filter {
            viewer,
            broadcasters,
            criteria,
        },
        span: start.span(),
        bucket,
        zone,
    };
    match app.store.stats(question).await? {
        Ok(counts) => Ok(web::Json(stats(counts))),
        Err(TooMany) => {
            let reason =
                format!("more than {MOST} buckets; ask for longer ones, or a shorter time");
            Err(Error::query("bucket", reason))
        }
    }
}

fn stats(counts: Counts) -> Stats {
    let mut totals: BTreeMap<Kind, u64> = BTreeMap::new();
    for (kind, count) in counts.values().flatten() {
        *totals.entry(*kind).or_default() += count;
    }
    let bucket = |(start, counts)| StatsBucket {
        start: rfc3339(start),
        counts,
    };
    Stats {
        buckets: counts.into_iter().map(bucket).collect(),
        totals,
    }
}

fn bucket_of(value: &str) -> Result<Bucket, Error> {
    match value {
        "minute" => Ok(Bucket::Minute),
        "hour" => Ok(Bucket::Hour),
        "day" => Ok(Bucket::Day),
        _ => Err(Error::query("bucket", "expected minute, hour or day")),
    }
}

/// A time zone by its IANA name, or by what it is ahead of UTC.
fn zone_of(value: &str) -> Result<TimeZone, Error> {
    // A plus sign that was not escaped arrives as a space.
    let value = value.replace(' ', "+");
    let named = |name: &str| {
        let is_name = name.len() <= MAX_ZONE && name.is_ascii();
        is_name.then(|| TimeZone::get(name).ok()).flatten()
    };
    offset_of(&value)
        .map(Offset::to_time_zone)
        .or_else(|| named(&value))
        .ok_or_else(|| {
            let expected = "expected the name of a time zone, such as Europe/Berlin, or an offset, such as +02:00";
            Error::query("tz", expected)
        })
}

/// `Z`, or a sign and `HH:MM`, `HHMM` or `HH`.
fn offset_of(value: &str) -> Option<Offset> {
    if matches!(value, "Z" | "z") {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match value.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, value.strip_prefix('-')?),
    };
    let (hours, minutes) = match *rest.as_bytes() {
        [h1, h2] => ([h1, h2], *b"00"),
        [h1, h2, m1, m2] | [h1, h2, b':', m1, m2] => ([h1, h2], [m1, m2]),
        _ => return None,
    };
    let number = |[tens, ones]: [u8; 2]| {
        let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
        is_number.then(|| i32::from(tens - b'0') * 10 + i32::from(ones - b'0'))
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_named_or_counted() {
        for (value, seconds) in [
            ("UTC", 0),
            ("Z", 0),
            ("Asia/Tokyo", 9 * 3_600),
            ("asia/tokyo", 9 * 3_600),
            ("+02:00", 7_200),
            (" 02:00", 7_200),
            ("-0330", -12_600),
            ("+05", 18_000),
        ] {
            let offset = zone_of(value)
                .unwrap()
                .to_offset(jiff::Timestamp::UNIX_EPOCH);
            assert_eq!(offset.seconds(), seconds, "{value}");
        }
        let long = "x".repeat(1_000);
        for value in [
            "",
            "+",
            "-",
            "Nowhere/Else",
            "+24:00",
            "+02:60",
            "+2",
            "+0200:",
            "02:00",
            "+٠٢:٠٠",
            "../../etc/passwd",
            "EST5EDT,M3.2.0,M11.1.0x",
            "Europe/Berlin\0",
            &long,
        ] {
            assert!(zone_of(value).is_err(), "{value:?}");
        }
    }
}
