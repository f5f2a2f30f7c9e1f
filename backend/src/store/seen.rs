//! What has been seen: message ids, each for 36 to 72 hours, longer than anything that could deliver one again; and the
//! happenings that events tell, each as long as its event.
//!
//! One tree of hashes holds both. An event's own are in its row when it is committed, and are put into the tree behind
//! the commit, many at a time and in its order (see `recent`).

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use sha2::{Digest as _, Sha256};

use super::{Error, Store};

/// With each id the span of time is kept in which it came: no index by time has to be.
const GENERATION_MS: i64 = 36 * 3600 * 1000;

/// The span of what has no lifetime of its own.
const LASTING: i64 = i64::MAX;

/// Keys looked at in one transaction; those who record wait no longer than that takes.
const STEP: i64 = 2_000;

/// Events whose keys are noted at once before anybody records.
const LONG_STEP: i64 = 16_384;

/// The hash of what was seen: so short that many share a page, so long that no two are ever the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key([u8; 16]);

/// A key, and how long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seen {
    pub(super) key: Key,
    pub(super) generation: i64,
}

impl Seen {
    /// A message that came at this time, unix milliseconds.
    pub(super) fn message(id: &str, came_at: i64) -> Self {
        Self {
            key: Key::of("message", id),
            generation: came_at.div_euclid(GENERATION_MS),
        }
    }

    /// A happening, by what names it among all.
    pub(super) fn happening(name: &str) -> Self {
        Self {
            key: Key::of("happening", name),
            generation: LASTING,
        }
    }
}

impl Key {
    fn of(what: &str, name: &str) -> Self {
        let hash = Sha256::new()
            .chain_update(what)
            .chain_update([0])
            .chain_update(name)
            .finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&hash[..16]);
        Self(key)
    }

    /// Where it belongs when all keys are dealt into so many equal parts, in their order.
    pub(super) fn part(self, parts: usize) -> usize {
        usize::from(self.0[0]) * parts / 256
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Whether it is in the tree.
pub(super) const IS_SEEN: &str = "SELECT 1 FROM seen WHERE key = ?1";

/// Puts these into the tree, in its order. Belongs into a transaction.
pub(super) fn note(connection: &Connection, mut seen: Vec<Seen>) -> rusqlite::Result<()> {
    seen.sort_unstable();
    // A plain statement with values: fed by a SELECT, SQLite would gather the rows in a table of its own first.
    let mut insert = connection
        .prepare_cached("INSERT OR IGNORE INTO seen (key, generation) VALUES (?1, ?2)")?;
    for Seen { key, generation } in seen {
        insert.execute(params![key.bytes(), generation])?;
    }
    Ok(())
}

/// Forgets the happening of an event that is deleted.
pub(super) fn forget_happening(connection: &Connection, name: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM seen WHERE key = ?1")?
        .execute([Seen::happening(name).key.bytes()])?;
    Ok(())
}

/// Up to which event all keys are in the tree.
pub(super) fn noted(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'noted'")?
        .query_row([], |row| row.get(0))
}

/// Says up to which event that is. Belongs into the transaction that puts them there.
pub(super) fn set_noted(connection: &Connection, up_to: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE meta SET value = ?1 WHERE key = 'noted'")?
        .execute([up_to.to_string()])?;
    Ok(())
}

/// Puts into the tree what is only in the rows of events: after a crash that are the newest. Interrupted, it goes on the
/// next time.
pub(super) fn note_what_is_behind(connection: &mut Connection) -> rusqlite::Result<()> {
    let newest = newest(connection)?;
    while noted(connection)? < newest {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let after = noted(&transaction)?;
        let up_to = newest.min(after + LONG_STEP);
        let mut seen = Vec::new();
        {
            let mut events = transaction.prepare_cached(
                "SELECT message_id, received_at, natural_key FROM events WHERE id > ?1 AND id <= ?2",
            )?;
            let mut rows = events.query([after, up_to])?;
            while let Some(row) = rows.next()? {
                let received_at = row.get(1)?;
                let id = row.get_ref(0)?.as_str_or_null()?;
                seen.extend(id.map(|id| Seen::message(id, received_at)));
                let name = row.get_ref(2)?.as_str_or_null()?;
                seen.extend(name.map(Seen::happening));
            }
        }
        note(&transaction, seen)?;
        set_noted(&transaction, up_to)?;
        transaction.commit()?;
    }
    Ok(())
}

/// The newest cursor given so far; 0 when there is none.
pub(super) fn newest(connection: &Connection) -> rusqlite::Result<i64> {
    let newest = connection
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'events'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(newest.unwrap_or(0))
}

impl Store {
    /// Looks at some keys, in their order, from one on, and forgets those that have outlived their time; answers from
    /// where on the next ones are, or nothing at the end.
    ///
    /// # Errors
    /// When the database fails; what was forgotten before stays so.
    pub async fn forget_some_old_messages(&self, from: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let oldest = self.clock.now_ms().div_euclid(GENERATION_MS) - 1;
        let next: Option<Vec<u8>> = sqlx::query_scalar(
            "SELECT key FROM seen WHERE key >= $1 ORDER BY key LIMIT 1 OFFSET $2",
        )
        .bind(from)
        .bind(STEP)
        .fetch_optional(&self.read)
        .await?;
        sqlx::query(
            "DELETE FROM seen WHERE key >= $1 AND ($2 IS NULL OR key < $2) AND generation < $3",
        )
        .bind(from)
        .bind(&next)
        .bind(oldest)
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_in_the_order_of_keys_and_all_are_used() {
        let mut seen: Vec<Seen> = (0..2_000)
            .map(|n| Seen::happening(&n.to_string()))
            .collect();
        seen.sort_unstable();
        let parts: Vec<usize> = seen.iter().map(|seen| seen.key.part(32)).collect();
        assert!(parts.is_sorted());
        assert_eq!((parts.first(), parts.last()), (Some(&0), Some(&31)));
    }

    #[test]
    fn a_message_and_a_happening_of_one_name_are_two() {
        let message = Seen::message("7", GENERATION_MS * 3 + 1);
        assert_ne!(message.key, Seen::happening("7").key);
        assert_eq!(message.generation, 3);
    }
}
