//! Message ids that have been seen, each for 36 to 72 hours: longer than anything that could deliver one again.

use rusqlite::{Connection, params};

use super::{Error, Store};

/// Ids are kept by the span in which they came, and go with it: no index by time has to be kept for that.
const GENERATION_MS: i64 = 36 * 3600 * 1000;

/// Ids forgotten in one transaction; those who record wait no longer than that takes.
const FORGET_AT_ONCE: i64 = 2_000;

/// The span a time falls into.
pub(super) fn generation(now: i64) -> i64 {
    now.div_euclid(GENERATION_MS)
}

/// Notes an id; answers whether it was not seen before. A clock that jumps back finds what it has noted ahead of it.
///
/// Two plain statements: as one (`INSERT … SELECT`) SQLite gathers its row in a table of its own first, and keeps a
/// journal to undo it, which together cost more than the rest of an event.
pub(super) fn note(connection: &Connection, id: &str, generation: i64) -> rusqlite::Result<bool> {
    let is_in_neighbours = connection
        .prepare_cached(
            "SELECT 1 FROM seen_messages WHERE generation IN (?1 - 1, ?1 + 1) AND message_id = ?2",
        )?
        .exists(params![generation, id])?;
    if is_in_neighbours {
        return Ok(false);
    }
    let noted = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO seen_messages (generation, message_id) VALUES (?1, ?2)",
        )?
        .execute(params![generation, id])?;
    Ok(noted == 1)
}

impl Store {
    /// Forgets message ids that have outlived their time, a few at a time; answers how many.
    ///
    /// # Errors
    /// When the database fails; what was forgotten before stays so.
    pub async fn forget_old_messages(&self) -> Result<u64, Error> {
        let oldest = generation(self.clock.now_ms()) - 1;
        let mut forgotten = 0;
        loop {
            let done = sqlx::query(
                "DELETE FROM seen_messages WHERE (generation, message_id) IN \
                 (SELECT generation, message_id FROM seen_messages WHERE generation < $1 LIMIT $2)",
            )
            .bind(oldest)
            .bind(FORGET_AT_ONCE)
            .execute(&mut *self.write.turn().await?)
            .await?;
            forgotten += done.rows_affected();
            if done.rows_affected() == 0 {
                return Ok(forgotten);
            }
        }
    }
}
