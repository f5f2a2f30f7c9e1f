//! How many events there were, by time and kind.
//!
//! Sums of full hours answer what asks for streamers, kinds and full hours alone; with any other criterion the events
//! of the feed are counted one by one, and so are those of an hour in which a day of the time zone begins, as in zones
//! whose clocks are half an hour off. What is not filed yet is counted in both cases, as of the same moment.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use rusqlite::{Connection, params_from_iter};
use wire::Visibility;

use super::buckets::Buckets;
use super::events::Span;
use super::filter::Filter;
use super::source::Source;
use super::sql::{self, Sql};
use super::tally::{self, DAY_MS, HOUR_MS};
use super::{Error, Store};
use crate::ids::UserId;

pub use super::buckets::{Counts, MOST, TooMany};

/// Of more streamers all sums of a span of time are read, of fewer each one's own.
const FEW: usize = 250;

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
        let counted = self
            .reader
            .read(move |connection| count(connection, &question))
            .await?;
        Ok(counted.map(Buckets::into_counts))
    }
}

type Outcome = rusqlite::Result<Result<Buckets, TooMany>>;

fn count(connection: &Connection, question: &Question) -> Outcome {
    // Between one statement and the next events may be filed: they must not be counted twice, nor not at all.
    let _one_moment = connection.unchecked_transaction()?;
    let mut counted = None;
    if are_sums_enough(question) {
        counted = from_sums(connection, question)?;
    }
    let mut counted = match counted {
        Some(counted) => counted,
        None => {
            let none = Buckets::new(question.bucket, question.zone.clone());
            filed_one_by_one(connection, question, none)?
        }
    };
    if let Ok(buckets) = counted {
        counted = one_by_one(connection, question, Source::Unfiled, buckets)?;
    }
    Ok(counted)
}

fn are_sums_enough(question: &Question) -> bool {
    let criteria = &question.filter.criteria;
    let is_full_hour = |time: Option<i64>| time.is_none_or(|time| time % HOUR_MS == 0);
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
        && is_full_hour(criteria.since)
        && is_full_hour(criteria.until)
}

/// None when it is asked for hours and those of the zone do not begin with those of UTC.
fn from_sums(
    connection: &Connection,
    question: &Question,
) -> rusqlite::Result<Option<Result<Buckets, TooMany>>> {
    let (filter, criteria) = (&question.filter, &question.filter.criteria);
    let since = criteria.since.unwrap_or(i64::MIN);
    let until = criteria.until.unwrap_or(i64::MAX);
    let sql = sums(filter, since.div_euclid(DAY_MS), until.div_euclid(DAY_MS));
    let mut statement = connection.prepare_cached(sql.text())?;
    let mut rows = statement.query(params_from_iter(sql.values()))?;
    let mut buckets = Buckets::new(question.bucket, question.zone.clone());
    let mut parted = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let day: i64 = row.get(0)?;
        let is_own = row.get_ref(1)?.as_str()? == filter.viewer.as_str();
        for (cell, events) in tally::sums(row.get_ref(2)?.as_blob()?) {
            let time = day * DAY_MS + i64::from(cell.hour) * HOUR_MS;
            let may_see = is_own || cell.visibility == Visibility::Public;
            let is_asked = criteria.kinds.is_empty() || criteria.kinds.contains(&cell.kind);
            if !may_see || !is_asked || time < since || time >= until {
                continue;
            }
            match buckets.of_whole_hour(time) {
                Some(start) if buckets.add(start, cell.kind, events).is_err() => {
                    return Ok(Some(Err(TooMany)));
                }
                Some(_) => {}
                None if question.bucket == Bucket::Day => _ = parted.insert(time),
                None => return Ok(None),
            }
        }
    }
    let mut counted = Ok(buckets);
    let mut hour = question.clone();
    for begin in parted {
        let Ok(buckets) = counted else { break };
        hour.filter.criteria.since = Some(begin);
        hour.filter.criteria.until = Some(begin + HOUR_MS);
        counted = filed_one_by_one(connection, &hour, buckets)?;
    }
    Ok(Some(counted))
}

/// The sums of the streamers from one day to another, both included. Days without any are jumped over.
fn sums(filter: &Filter, first_day: i64, last_day: i64) -> Sql {
    let mut sql = Sql::default();
    if filter.broadcasters.len() > FEW {
        sql.push("SELECT day, broadcaster_id, counts FROM tally WHERE day >= ")
            .bind(first_day)
            .push(" AND day <= ")
            .bind(last_day)
            // With a plus it is compared, not looked up.
            .push(" AND +broadcaster_id IN ");
    } else {
        sql.push("WITH RECURSIVE days (day) AS (SELECT MIN(day) FROM tally WHERE day >= ")
            .bind(first_day)
            .push(
                " UNION ALL SELECT (SELECT MIN(day) FROM tally WHERE day > days.day) FROM days WHERE days.day <= ",
            )
            .bind(last_day)
            .push(
                ") SELECT tally.day, broadcaster_id, counts FROM days CROSS JOIN tally \
                 ON tally.day = days.day WHERE days.day <= ",
            )
            .bind(last_day)
            .push(" AND broadcaster_id IN ");
    }
    sql.bind_list(
        filter
            .broadcasters
            .iter()
            .map(UserId::as_str)
            .map(str::to_owned),
    );
    sql
}

fn filed_one_by_one(connection: &Connection, question: &Question, buckets: Buckets) -> Outcome {
    let mut counted = Ok(buckets);
    for source in Source::filed(&question.filter) {
        let Ok(buckets) = counted else { break };
        counted = one_by_one(connection, question, source, buckets)?;
    }
    Ok(counted)
}

fn one_by_one(
    connection: &Connection,
    question: &Question,
    source: Source,
    mut buckets: Buckets,
) -> Outcome {
    let mut sql = Sql::default();
    sql.push("SELECT kind, occurred_at FROM ");
    source.push(&mut sql, &question.filter, question.span);
    let mut statement = connection.prepare_cached(sql.text())?;
    let mut rows = statement.query(params_from_iter(sql.values()))?;
    while let Some(row) = rows.next()? {
        if buckets.count(row.get(1)?, sql::kind(row, 0)?, 1).is_err() {
            return Ok(Err(TooMany));
        }
    }
    Ok(Ok(buckets))
}
