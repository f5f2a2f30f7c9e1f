//! Files events for those who list, search and count them, behind their commit: many at a time and in the order of the
//! trees they go to, so that they share their pages. Whoever reads looks through what is not filed yet, so nobody sees
//! the difference.

use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};
use wire::{Kind, Visibility};

use super::search::Searched;
use super::sql;
use super::tally::Changes;

/// Events filed at once; those who record wait no longer than that takes.
pub(super) const STEP: usize = 2_048;

/// Events indexed at once before anybody records.
const LONG_STEP: i64 = 16_384;

/// The newest event that is filed; all up to it are.
pub(super) const FILED: &str = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'filed'";

/// What sums need to know of an event, in the order in which [`counted`] reads it.
pub(super) const COUNTED: &str = "id, broadcaster_id, kind, visibility, occurred_at";

/// An event as sums count it.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) id: i64,
    pub(super) broadcaster_id: String,
    pub(super) what: (Kind, Visibility),
    pub(super) occurred_at: i64,
}

/// Files up to [`STEP`] events; answers whether those were all. Belongs into a transaction.
pub(super) fn file_some(connection: &Connection) -> rusqlite::Result<bool> {
    let (filed, newest): (i64, i64) = connection
        .prepare_cached(
            "SELECT (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'filed'), \
             COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0)",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if filed >= newest {
        return Ok(true);
    }
    let up_to = newest.min(filed + STEP as i64);
    connection
        .prepare_cached(
            "INSERT INTO feed (broadcaster_id, id, visibility, kind, event_type, amount_value, occurred_at, \
             actor_id, actor_login, actor_name_lower, part_key, same_as) \
             SELECT broadcaster_id, id, visibility, kind, event_type, amount_value, occurred_at, \
             actor_id, actor_login, actor_name_lower, part_key, same_as \
             FROM events WHERE id > ?1 AND id <= ?2 ORDER BY broadcaster_id, id",
        )?
        .execute(params![filed, up_to])?;
    index(connection, filed, up_to)?;
    connection
        .prepare_cached("UPDATE meta SET value = ?1 WHERE key = 'filed'")?
        .execute([up_to.to_string()])?;
    Ok(up_to == newest)
}

/// Indexes what was filed before there was a search; interrupted, it goes on the next time. Answers how many cursors
/// that were.
pub(super) fn index_what_was_filed(connection: &mut Connection) -> rusqlite::Result<i64> {
    let mut count = 0;
    loop {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let indexed: Option<i64> = transaction
            .query_row(
                "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'indexed'",
                [],
                |row| row.get(0),
            )
            .optional()?;
        let Some(indexed) = indexed else {
            return Ok(count);
        };
        let filed: i64 = transaction.query_row(FILED, [], |row| row.get(0))?;
        let up_to = filed.min(indexed + LONG_STEP);
        index(&transaction, indexed, up_to)?;
        if up_to < filed {
            let went_on = "UPDATE meta SET value = ?1 WHERE key = 'indexed'";
            transaction.execute(went_on, [up_to.to_string()])?;
        } else {
            transaction.execute("DELETE FROM meta WHERE key = 'indexed'", [])?;
        }
        transaction.commit()?;
        count += (up_to - indexed).max(0);
    }
}

/// Puts events into the index of words and the sums.
fn index(connection: &Connection, after: i64, up_to: i64) -> rusqlite::Result<()> {
    let mut events = connection.prepare_cached(&format!(
        "SELECT {COUNTED}, summary, text, actor_login, actor_name FROM events WHERE id > ?1 AND id <= ?2 ORDER BY id"
    ))?;
    let mut insert =
        connection.prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?;
    let mut changes = Changes::default();
    let mut rows = events.query([after, up_to])?;
    while let Some(row) = rows.next()? {
        let event = counted(row)?;
        changes.note(&event.broadcaster_id, event.what, event.occurred_at, 1);
        let searched = Searched {
            summary: row.get_ref(5)?.as_str()?,
            text: row.get_ref(6)?.as_str_or_null()?,
            actor_login: row.get_ref(7)?.as_str_or_null()?,
            actor_name: row.get_ref(8)?.as_str_or_null()?,
        };
        insert.execute(params![event.id, searched.indexed(&event.broadcaster_id)])?;
    }
    changes.apply(connection)
}

/// Reads the columns of [`COUNTED`].
pub(super) fn counted(row: &Row<'_>) -> rusqlite::Result<Counted> {
    Ok(Counted {
        id: row.get(0)?,
        broadcaster_id: row.get(1)?,
        what: (sql::kind(row, 2)?, sql::visibility(row, 3)?),
        occurred_at: row.get(4)?,
    })
}
