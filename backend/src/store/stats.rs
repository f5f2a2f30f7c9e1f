//! How many events there were, by time and kind.
//!
//! Sums of full quarters of an hour answer what asks for streamers, kinds and full quarters alone; with any other
//! criterion the events of the feed are counted one by one. What is not filed yet is counted in both cases, as of the
//! same moment.

use jiff::tz::TimeZone;
use rusqlite::{Connection, params_from_iter};
use wire::Visibility;

use super::buckets::Buckets;
use super::events::Span;
use super::filter::Filter;
use super::plan::Plan;
use super::source::Source;
use super::sql::{self, Sql};
use super::tally::{self, DAY_MS, QUARTER_MS};
use super::{Error, Store};

pub use super::buckets::{Counts, MOST, TooMany};

/// How long a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// A minute.
    Minute,
    /// An hour, as clocks of the time zone show it.
    Hour,
    /// A day of the time zone's calendar.
    Day,
}

/// What is counted, and how.
#[derive(Debug, Clone)]
pub struct Question {
    /// Which events.
    pub filter: Filter,
    /// Of which cursors.
    pub span: Span,
    /// By what.
    pub bucket: Bucket,
    /// Whose clocks and days.
    pub zone: TimeZone,
}

impl Store {
    /// Counts; buckets in which nothing happened are left out.
    ///
    /// # Errors
    /// When the database fails. [`TooMany`] inside when the time from `since` to `until`, or until now, is of more than
    /// [`MOST`] buckets; without `since`, when so many have anything in them.
    pub async fn stats(&self, question: Question) -> Result<Result<Counts, TooMany>, Error> {
        let criteria = &question.filter.criteria;
        let until = criteria.until.unwrap_or_else(|| self.clock.now_ms());
        let mut buckets = Buckets::new(question.bucket, question.zone.clone());
        if let Some(since) = criteria.since
            && since < until
            && buckets.between(since, until - 1) > MOST as i64
        {
            return Ok(Err(TooMany));
        }
        if question.filter.broadcasters.is_empty() {
            return Ok(Ok(Counts::new()));
        }
        self.reader
            .read(move |connection| match count(connection, &question) {
                Ok(counts) => Ok(Ok(counts)),
                Err(Stop::TooMany) => Ok(Err(TooMany)),
                Err(Stop::Failed(error)) => Err(error),
            })
            .await
    }
}

/// Why counting ended early.
enum Stop {
    TooMany,
    Failed(rusqlite::Error),
}

impl From<TooMany> for Stop {
    fn from(TooMany: TooMany) -> Self {
        Self::TooMany
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error)
    }
}

fn count(connection: &Connection, question: &Question) -> Result<Counts, Stop> {
    // Between one statement and the next events may be filed: they must not be counted twice, nor not at all.
    let _one_moment = connection.unchecked_transaction()?;
    let mut buckets = Buckets::new(question.bucket, question.zone.clone());
    if are_sums_enough(question) {
        add_sums(connection, question, &mut buckets)?;
    } else {
        for source in Plan::of(connection, &question.filter)?.filed() {
            one_by_one(connection, question, source, &mut buckets)?;
        }
    }
    one_by_one(connection, question, Source::Unfiled, &mut buckets)?;
    Ok(buckets.into_counts())
}

fn are_sums_enough(question: &Question) -> bool {
    let criteria = &question.filter.criteria;
    let is_full = |time: Option<i64>| time.is_none_or(|time| time % QUARTER_MS == 0);
    let is_all = match question.span {
        Span::Before(cursor) => cursor == i64::MAX,
        Span::After(cursor, newest) => cursor <= 0 && newest == i64::MAX,
    };
    is_all
        && question.bucket != Bucket::Minute
        && criteria.types.is_empty()
        && criteria.actor.is_none()
        && criteria.min_amount.is_none()
        && criteria.search.is_none()
        && is_full(criteria.since)
        && is_full(criteria.until)
}

fn add_sums(
    connection: &Connection,
    question: &Question,
    buckets: &mut Buckets,
) -> Result<(), Stop> {
    let (filter, criteria) = (&question.filter, &question.filter.criteria);
    let since = criteria.since.unwrap_or(i64::MIN);
    let until = criteria.until.unwrap_or(i64::MAX);
    let mut sql = Sql::default();
    let (first, last) = (since.div_euclid(DAY_MS), until.div_euclid(DAY_MS));
    // From one to the next that there is.
    sql.push(
        "WITH RECURSIVE spans (span) AS (SELECT MIN(eight_days) FROM tally WHERE eight_days >= ",
    )
    .bind(tally::eight_days(first))
    .push(
        " UNION ALL SELECT (SELECT MIN(eight_days) FROM tally WHERE eight_days > span) FROM spans \
             WHERE span IS NOT NULL) \
             SELECT day, broadcaster_id, counts FROM spans CROSS JOIN tally ON eight_days = span \
             WHERE span <= ",
    )
    .bind(tally::eight_days(last))
    .push(" AND broadcaster_id IN ")
    .bind_list(filter.ids())
    .push(" AND day >= ")
    .bind(first)
    .push(" AND day <= ")
    .bind(last);
    let mut statement = connection.prepare_cached(sql.text())?;
    let mut rows = statement.query(params_from_iter(sql.values()))?;
    while let Some(row) = rows.next()? {
        let day: i64 = row.get(0)?;
        let owner = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let is_own = owner == filter.viewer.as_str();
        let counts = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        for (cell, events) in tally::sums(counts) {
            let time = day * DAY_MS + i64::from(cell.quarter) * QUARTER_MS;
            let may_see = is_own || cell.visibility == Visibility::Public;
            let is_asked = criteria.kinds.is_empty() || criteria.kinds.contains(&cell.kind);
            if may_see && is_asked && time >= since && time < until {
                buckets.count(time, cell.kind, events)?;
            }
        }
    }
    Ok(())
}

fn one_by_one(
    connection: &Connection,
    question: &Question,
    source: Source<'_>,
    buckets: &mut Buckets,
) -> Result<(), Stop> {
    let mut sql = Sql::default();
    sql.push("SELECT kind, occurred_at FROM ");
    source.push(&mut sql, &question.filter, question.span);
    let mut statement = connection.prepare_cached(sql.text())?;
    let mut rows = statement.query(params_from_iter(sql.values()))?;
    while let Some(row) = rows.next()? {
        buckets.count(row.get(1)?, sql::kind(row, 0)?, 1)?;
    }
    Ok(())
}
