//! Which cursors the filed events of each hour have, so that a list of some time need not look at what happened before
//! and after it.
//!
//! Events come nearly in the order in which they happen. One that comes late makes the span of its hour longer: then
//! more is looked at, and nothing is missed.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::filter::Criteria;
use super::sql::Sql;
use super::tally::HOUR_MS;

/// By how much spans are to grow: the lowest and the highest cursor by hour since 1970.
#[derive(Debug, Default)]
pub(super) struct Hours(BTreeMap<i64, (i64, i64)>);

impl Hours {
    /// One event more.
    pub(super) fn note(&mut self, id: i64, occurred_at: i64) {
        let hour = occurred_at.div_euclid(HOUR_MS);
        let (first, last) = self.0.entry(hour).or_insert((id, id));
        *first = id.min(*first);
        *last = id.max(*last);
    }

    /// Grows the spans. Belongs into a transaction.
    pub(super) fn apply(&self, connection: &Connection) -> rusqlite::Result<()> {
        let mut grow = connection.prepare_cached(
            "INSERT INTO hours (hour, first, last) VALUES (?1, ?2, ?3) ON CONFLICT (hour) DO UPDATE \
             SET first = MIN(first, excluded.first), last = MAX(last, excluded.last)",
        )?;
        for (hour, (first, last)) in &self.0 {
            grow.execute(params![hour, first, last])?;
        }
        Ok(())
    }
}

/// Forgets hours of which no event is left.
pub(super) fn forget_up_to(connection: &Connection, dropped: i64) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM hours WHERE last <= ?1", [dropped])?;
    Ok(())
}

/// The lowest and the highest cursor of the time asked for; nothing happened then when the first is above the second.
pub(super) fn cursors(
    connection: &Connection,
    criteria: &Criteria,
) -> rusqlite::Result<(i64, i64)> {
    if criteria.since.is_none() && criteria.until.is_none() {
        return Ok((i64::MIN, i64::MAX));
    }
    let mut sql = Sql::default();
    sql.push("SELECT COALESCE(");
    push_first(&mut sql, criteria);
    sql.push(", 1), COALESCE(");
    push_last(&mut sql, criteria);
    sql.push(", 0)");
    let params = rusqlite::params_from_iter(sql.values());
    let mut statement = connection.prepare_cached(sql.text())?;
    statement.query_row(params, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Adds the lowest cursor of the time asked for; null when nothing happened then.
pub(super) fn push_first(sql: &mut Sql, criteria: &Criteria) {
    sql.push("(SELECT MIN(first) FROM hours");
    push_hours(sql, criteria);
}

/// Adds the highest one.
pub(super) fn push_last(sql: &mut Sql, criteria: &Criteria) {
    sql.push("(SELECT MAX(last) FROM hours");
    push_hours(sql, criteria);
}

fn push_hours(sql: &mut Sql, criteria: &Criteria) {
    let first = criteria.since.unwrap_or(i64::MIN).div_euclid(HOUR_MS);
    let last = criteria.until.map(|until| until.saturating_sub(1));
    let last = last.unwrap_or(i64::MAX).div_euclid(HOUR_MS);
    sql.push(" WHERE hour >= ")
        .bind(first)
        .push(" AND hour <= ")
        .bind(last)
        .push(")");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_grow_both_ways_and_go_with_their_last_event() {
        let connection = Connection::open_in_memory().unwrap();
        let table = "CREATE TABLE hours (hour INTEGER PRIMARY KEY, first, last)";
        connection.execute_batch(table).unwrap();
        let file = |events: &[(i64, i64)]| {
            let mut hours = Hours::default();
            for (id, occurred_at) in events {
                hours.note(*id, *occurred_at);
            }
            hours.apply(&connection).unwrap();
        };
        let spans = || {
            let mut all = connection
                .prepare("SELECT hour, first, last FROM hours ORDER BY hour")
                .unwrap();
            all.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .unwrap()
                .collect::<Result<Vec<(i64, i64, i64)>, _>>()
                .unwrap()
        };
        file(&[(4, 0), (5, HOUR_MS - 1), (6, -1)]);
        file(&[(8, HOUR_MS), (9, 1)]);
        assert_eq!(spans(), [(-1, 6, 6), (0, 4, 9), (1, 8, 8)]);
        forget_up_to(&connection, 8).unwrap();
        assert_eq!(spans(), [(0, 4, 9)]);
    }
}
