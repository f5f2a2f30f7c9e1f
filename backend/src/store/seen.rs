//! Message ids that have been seen, each for 36 to 72 hours: longer than anything that could deliver one again.

use rusqlite::{Connection, params};

use super::{Error, Store};

/// With each id the span of time is kept in which it came: no index by time has to be.
const GENERATION_MS: i64 = 36 * 3600 * 1000;

/// Ids looked at in one transaction; those who record wait no longer than that takes.
const STEP: i64 = 2_000;

/// The span a time falls into.
pub(super) fn generation(now: i64) -> i64 {
    now.div_euclid(GENERATION_MS)
}

/// Notes an id; answers whether it was not seen before.
///
/// A plain statement with values: fed by a SELECT, SQLite would gather the row in a table of its own first and keep a
/// journal to undo it, which together cost more than the rest of an event.
pub(super) fn note(connection: &Connection, id: &str, generation: i64) -> rusqlite::Result<bool> {
    let noted = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO seen_messages (message_id, generation) VALUES (?1, ?2)",
        )?
        .execute(params![id, generation])?;
    Ok(noted == 1)
}

impl Store {
    /// Looks at some ids, in their order, from one on, and forgets those that have outlived their time; answers from
    /// where on the next ones are, or nothing at the end.
    ///
    /// # Errors
    /// When the database fails; what was forgotten before stays so.
    pub async fn forget_some_old_messages(&self, from: &str) -> Result<Option<String>, Error> {
        let oldest = generation(self.clock.now_ms()) - 1;
        let next: Option<String> = sqlx::query_scalar(
            "SELECT message_id FROM seen_messages WHERE message_id >= $1 ORDER BY message_id LIMIT 1 OFFSET $2",
        )
        .bind(from)
        .bind(STEP)
        .fetch_optional(&self.read)
        .await?;
        sqlx::query(
            "DELETE FROM seen_messages \
             WHERE message_id >= $1 AND ($2 IS NULL OR message_id < $2) AND generation < $3",
        )
        .bind(from)
        .bind(&next)
        .bind(oldest)
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(next)
    }
}
