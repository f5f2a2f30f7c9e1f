//! Events counted by spans of time, which begin as clocks and calendars of a time zone say.

use std::collections::{BTreeMap, HashMap};

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
    /// The bucket of each quarter of an hour, and of each full hour that is in one.
    starts: HashMap<i64, i64>,
    hours: HashMap<i64, Option<i64>>,
    /// What was asked for last; it is mostly asked for again.
    last: Option<(i64, i64)>,
    last_hour: Option<(i64, Option<i64>)>,
    counts: BTreeMap<i64, Sums>,
    /// The bucket that was counted to last, and what is to be added to it.
    current: Option<(i64, Sums)>,
}

impl Buckets {
    pub(super) fn new(bucket: Bucket, zone: TimeZone) -> Self {
        Self {
            bucket,
            zone,
            starts: HashMap::new(),
            hours: HashMap::new(),
            last: None,
            last_hour: None,
            counts: BTreeMap::new(),
            current: None,
        }
    }

    /// Counts events that happened at a time.
    pub(super) fn count(&mut self, time_ms: i64, kind: Kind, events: u64) -> Result<(), TooMany> {
        let start = self.start_of(time_ms);
        self.add(start, kind, events)
    }

    /// Counts events of a bucket.
    pub(super) fn add(&mut self, start: i64, kind: Kind, events: u64) -> Result<(), TooMany> {
        if self.current.is_none_or(|(current, _)| current != start) {
            self.keep_current();
            self.current = Some((start, Sums::default()));
            self.counts.entry(start).or_default();
        }
        if let Some((_, sums)) = &mut self.current {
            sums[kind as usize] += events;
        }
        if self.counts.len() > MOST {
            Err(TooMany)
        } else {
            Ok(())
        }
    }

    fn keep_current(&mut self) {
        let Some((start, added)) = self.current.take() else {
            return;
        };
        let sums = self.counts.entry(start).or_default();
        for (sum, more) in sums.iter_mut().zip(added) {
            *sum += more;
        }
    }

    /// The bucket of a full UTC hour; none when not all of it is in one.
    pub(super) fn of_whole_hour(&mut self, begin_ms: i64) -> Option<i64> {
        if let Some((last, start)) = self.last_hour
            && last == begin_ms
        {
            return start;
        }
        let start = match self.hours.get(&begin_ms) {
            Some(start) => *start,
            None => {
                let start = self.find_whole_hour(begin_ms);
                self.hours.insert(begin_ms, start);
                start
            }
        };
        self.last_hour = Some((begin_ms, start));
        start
    }

    fn find_whole_hour(&mut self, begin_ms: i64) -> Option<i64> {
        let start = self.start_of(begin_ms);
        let mut quarters = (begin_ms..begin_ms + HOUR_MS).step_by(QUARTER_MS as usize);
        let is_whole = self.bucket != Bucket::Minute
            && quarters.all(|quarter| self.start_of(quarter) == start);
        is_whole.then_some(start)
    }

    /// How many buckets there are from one time to another, both included.
    pub(super) fn between(&mut self, first_ms: i64, last_ms: i64) -> i64 {
        let size = match self.bucket {
            Bucket::Minute => MINUTE_MS,
            Bucket::Hour => HOUR_MS,
            Bucket::Day => DAY_MS,
        };
        let (first, last) = (self.start_of(first_ms), self.start_of(last_ms));
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

    fn start_of(&mut self, time_ms: i64) -> i64 {
        if self.bucket == Bucket::Minute {
            return time_ms - time_ms.rem_euclid(MINUTE_MS);
        }
        let quarter = time_ms.div_euclid(QUARTER_MS);
        if let Some((last, start)) = self.last
            && last == quarter
        {
            return start;
        }
        let (bucket, zone) = (self.bucket, &self.zone);
        let start = self
            .starts
            .entry(quarter)
            .or_insert_with(|| start_of(bucket, zone, quarter * QUARTER_MS));
        self.last = Some((quarter, *start));
        *start
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
            |time| crate::clock::rfc3339(buckets.start_of(ms(time))).replace(":00.000Z", "Z");
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
        assert_eq!(buckets.of_whole_hour(HOUR_MS), Some(HOUR_MS));
        let zone = TimeZone::get("Asia/Kolkata").unwrap();
        let mut days = Buckets::new(Bucket::Day, zone);
        assert_eq!(days.of_whole_hour(18 * HOUR_MS), None);
        let begin = 18 * HOUR_MS + HOUR_MS / 2 - DAY_MS;
        assert_eq!(days.of_whole_hour(17 * HOUR_MS), Some(begin));
    }
}
