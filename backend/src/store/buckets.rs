//! Events counted by spans of time, which begin as clocks and calendars of a time zone say.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::Kind;

use super::stats::Bucket;
use super::tally::{DAY_MS, HOUR_MS};

const MINUTE_MS: i64 = 60_000;

/// Zones change their clocks at full quarters of an hour, so all of one begin in the same bucket.
const QUARTER_MS: i64 = 15 * MINUTE_MS;

/// Buckets of one answer.
pub const MOST: usize = 2_000;

/// The span of an answer, or what was counted, is of more than [`MOST`] buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany;

/// Counts by when a bucket began, unix milliseconds, and by kind.
pub type Counts = BTreeMap<i64, BTreeMap<Kind, u64>>;

/// Counts of one bucket, each at the place of its kind.
type Sums = [u64; Kind::ALL.len()];

#[derive(Debug)]
pub(super) struct Buckets {
    bucket: Bucket,
    zone: TimeZone,
    /// By when a bucket begins, the last moment that is known to be in it.
    spans: BTreeMap<i64, i64>,
    counts: BTreeMap<i64, Sums>,
    /// The bucket that was counted to last; mostly it is the next one, too.
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    start: i64,
    last: i64,
    /// What is to be added to it.
    sums: Sums,
}

impl Buckets {
    pub(super) fn new(bucket: Bucket, zone: TimeZone) -> Self {
        Self {
            bucket,
            zone,
            spans: BTreeMap::new(),
            counts: BTreeMap::new(),
            current: None,
        }
    }

    /// Counts events that happened at a time, or in the quarter of an hour that begins then.
    pub(super) fn count(&mut self, time_ms: i64, kind: Kind, events: u64) -> Result<(), TooMany> {
        let holds = |current: &Current| (current.start..=current.last).contains(&time_ms);
        if !self.current.as_ref().is_some_and(holds) {
            self.keep_current();
            let (start, last) = self.span_of(time_ms);
            self.counts.entry(start).or_default();
            self.current = Some(Current {
                start,
                last,
                sums: Sums::default(),
            });
        }
        if let Some(current) = &mut self.current {
            current.sums[kind as usize] += events;
        }
        if self.counts.len() > MOST {
            Err(TooMany)
        } else {
            Ok(())
        }
    }

    fn keep_current(&mut self) {
        let Some(Current {
            start, sums: added, ..
        }) = self.current.take()
        else {
            return;
        };
        let sums = self.counts.entry(start).or_default();
        for (sum, more) in sums.iter_mut().zip(added) {
            *sum += more;
        }
    }

    /// How many buckets there are from one time to another, both included.
    pub(super) fn between(&mut self, first_ms: i64, last_ms: i64) -> i64 {
        let size = self.size();
        let (first, last) = (self.span_of(first_ms).0, self.span_of(last_ms).0);
        // Days may have an hour more or less.
        (last - first + size / 2).div_euclid(size) + 1
    }

    pub(super) fn into_counts(mut self) -> Counts {
        self.keep_current();
        let by_kind = |sums: Sums| {
            let all = Kind::ALL
                .into_iter()
                .map(|kind| (kind, sums[kind as usize]));
            all.filter(|(_, sum)| *sum > 0).collect()
        };
        self.counts
            .into_iter()
            .map(|(start, sums)| (start, by_kind(sums)))
            .collect()
    }

    /// When the bucket of a time begins, and up to when everything is known to be in it.
    fn span_of(&mut self, time_ms: i64) -> (i64, i64) {
        if self.bucket == Bucket::Minute {
            let start = time_ms - time_ms.rem_euclid(MINUTE_MS);
            return (start, start + MINUTE_MS - 1);
        }
        if let Some((start, last)) = self.spans.range(..=time_ms).next_back()
            && time_ms <= *last
        {
            return (*start, *last);
        }
        let begin = |time_ms: i64| {
            let quarter = time_ms - time_ms.rem_euclid(QUARTER_MS);
            start_of(self.bucket, &self.zone, quarter)
        };
        let start = begin(time_ms);
        // Nearly all are so long or longer, and then one look is enough for all times in them.
        let far = start + self.size() - 1;
        let last = match far > time_ms && begin(far) == start {
            true => far,
            false => time_ms - time_ms.rem_euclid(QUARTER_MS) + QUARTER_MS - 1,
        };
        self.spans.insert(start, last);
        (start, last)
    }

    fn size(&self) -> i64 {
        match self.bucket {
            Bucket::Minute => MINUTE_MS,
            Bucket::Hour => HOUR_MS,
            Bucket::Day => DAY_MS,
        }
    }
}

/// The beginning of an hour or a day of the zone.
fn start_of(bucket: Bucket, zone: &TimeZone, time_ms: i64) -> i64 {
    let time = Timestamp::from_millisecond(time_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let offset_ms = i64::from(zone.to_offset(time).seconds()) * 1_000;
    let fixed = |size| time_ms - (time_ms + offset_ms).rem_euclid(size);
    if bucket == Bucket::Day {
        let day = time.to_zoned(zone.clone()).start_of_day();
        return day.map_or_else(|_| fixed(DAY_MS), |day| day.timestamp().as_millisecond());
    }
    fixed(HOUR_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(bucket: Bucket, zone: &str, times: &[&str]) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let mut buckets = Buckets::new(bucket, zone);
        let ms = |time: &&str| time.parse::<Timestamp>().unwrap().as_millisecond();
        let start =
            |time| crate::clock::rfc3339(buckets.span_of(ms(time)).0).replace(":00.000Z", "Z");
        times.iter().map(start).collect()
    }

    #[test]
    fn buckets_begin_with_the_clocks_and_days_of_the_zone() {
        let times = [
            "2026-10-24T21:59:59.999Z",
            "2026-10-24T22:00:00Z",
            "2026-10-25T22:30:00Z",
            "2026-10-25T23:00:00Z",
        ];
        // A day of 25 hours.
        assert_eq!(
            starts(Bucket::Day, "Europe/Berlin", &times),
            [
                "2026-10-23T22:00Z",
                "2026-10-24T22:00Z",
                "2026-10-24T22:00Z",
                "2026-10-25T23:00Z"
            ]
        );
        assert_eq!(
            starts(
                Bucket::Hour,
                "Asia/Kathmandu",
                &["2026-01-01T00:14:59Z", "2026-01-01T00:15:00Z"]
            ),
            ["2025-12-31T23:15Z", "2026-01-01T00:15Z"]
        );
        // The hour from two to three comes twice, and is two.
        assert_eq!(
            starts(
                Bucket::Hour,
                "Europe/Berlin",
                &["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]
            ),
            ["2026-10-25T00:00Z", "2026-10-25T01:00Z"]
        );
        assert_eq!(
            starts(Bucket::Minute, "UTC", &["1969-12-31T23:59:30Z"]),
            ["1969-12-31T23:59Z"]
        );
    }

    #[test]
    fn there_is_an_end_to_them() {
        let mut buckets = Buckets::new(Bucket::Hour, TimeZone::UTC);
        for hour in 0..MOST as i64 {
            assert_eq!(buckets.count(hour * HOUR_MS, Kind::Raid, 1), Ok(()));
        }
        assert_eq!(buckets.between(0, MOST as i64 * HOUR_MS), MOST as i64 + 1);
        assert_eq!(buckets.count(-1, Kind::Raid, 1), Err(TooMany));
    }
}
