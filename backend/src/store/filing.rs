//! Files events for those who list them, behind their commit: many at a time and in the order of the feed's tree, so
//! that they share its pages. Lists look through what is not filed yet, so nobody sees the difference.

use rusqlite::{Connection, params};

/// Events filed at once; those who record wait no longer than that takes.
pub(super) const STEP: usize = 2_048;

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
             actor_id, actor_login, actor_name_lower) \
             SELECT broadcaster_id, id, visibility, kind, event_type, amount_value, occurred_at, \
             actor_id, actor_login, actor_name_lower \
             FROM events WHERE id > ?1 AND id <= ?2 ORDER BY broadcaster_id, id",
        )?
        .execute(params![filed, up_to])?;
    connection
        .prepare_cached("UPDATE meta SET value = ?1 WHERE key = 'filed'")?
        .execute([up_to.to_string()])?;
    Ok(up_to == newest)
}
