//! Files events for those who list, search and count them, behind their commit: many at a time and in the order of the
//! trees they go to, so that they share their pages. Whoever reads looks through what is not filed yet, so nobody sees
//! the difference.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Row, params};
use wire::{Kind, Visibility};

use super::hours::{self, Hours};
use super::search::{Person, Searched};
use super::tally::Changes;
use super::{Error, Store, index, sql};

/// Events filed at once.
const STEP: i64 = 4_096;

/// Events filed at once when many wait, as when the index is made anew: those of one streamer and kind go to one page,
/// and with a thousand streamers a page is written again for nearly every event of a short step.
const LONG_STEP: i64 = 32_768;

/// Pages of the index of words that are merged at once, of 4 KB each.
const MERGED: i64 = 256;

/// Events taken out at once.
const DROPPED_STEP: i64 = 500;

/// The newest event that is filed; all up to it are.
pub(super) const FILED: &str = "SELECT filed FROM progress";

/// The one that writes the index; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Filer(Arc<Mutex<Index>>);

#[derive(Debug)]
struct Index {
    connection: Connection,
    /// Nothing was filed since there was nothing more to merge.
    is_merged: bool,
}

/// How much was filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filed {
    /// There was nothing to file.
    Nothing,
    /// Some, and more are left.
    Some,
    /// All that were left.
    All,
}

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

impl Filer {
    /// Opens the index of a database, made anew when it is not of it.
    pub(super) fn open(database: &Path) -> rusqlite::Result<Self> {
        Ok(Self(Arc::new(Mutex::new(Index {
            connection: index::open(database)?,
            is_merged: false,
        }))))
    }

    /// Files some events.
    ///
    /// # Panics
    /// When called from asynchronous code; so do the others.
    pub(super) fn file_some(&self) -> rusqlite::Result<Filed> {
        self.with(|index| {
            let connection = &index.connection;
            let (filed, newest) = progress(connection)?;
            if filed >= newest {
                return Ok(Filed::Nothing);
            }
            let step = match newest - filed >= LONG_STEP {
                true => LONG_STEP,
                false => STEP,
            };
            let up_to = newest.min(filed + step);
            let transaction = connection.unchecked_transaction()?;
            file(&transaction, filed, up_to)?;
            transaction.commit()?;
            index.is_merged = false;
            Ok(if up_to == newest {
                Filed::All
            } else {
                Filed::Some
            })
        })
    }

    /// Merges some of the index of words; answers whether there is more to merge.
    fn merge_some(&self) -> rusqlite::Result<bool> {
        self.with(|index| {
            if !index.is_merged {
                index.is_merged = !merge_some(&index.connection)?;
            }
            Ok(!index.is_merged)
        })
    }

    /// How many cursors are not filed.
    pub(super) fn behind(&self) -> rusqlite::Result<i64> {
        let (filed, newest) = self.with(|index| progress(&index.connection))?;
        Ok(newest - filed)
    }

    /// Takes some of the oldest events up to this one out of the index; answers up to which none are in it any more.
    pub(super) fn drop_some(&self, last: i64) -> rusqlite::Result<i64> {
        self.with(|index| drop_some(&index.connection, last))
    }

    pub(super) fn close(&self) -> rusqlite::Result<()> {
        self.with(|index| {
            let connection = &index.connection;
            connection.query_row("PRAGMA main.wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        })
    }

    fn with<T>(&self, run: impl FnOnce(&mut Index) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        run(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Store {
    /// Files some events, if there are any that are not filed. With none, puts some of the index in order, so that it is
    /// looked through sooner. Answers whether there is more to do.
    ///
    /// # Errors
    /// When the index cannot be written; it is to be tried again.
    pub async fn file_some(&self) -> Result<bool, Error> {
        let filer = self.filer.clone();
        let filing = self.background.run(move || match filer.file_some()? {
            Filed::Nothing => filer.merge_some(),
            Filed::Some => Ok(true),
            Filed::All => Ok(false),
        });
        let filed = filing.await;
        Ok(filed.ok_or_else(|| Error::Unfit("events are not filed yet".to_owned()))??)
    }
}

/// Up to which event all are filed, and the newest of all.
fn progress(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    connection
        .prepare_cached(
            "SELECT filed, COALESCE((SELECT seq FROM stored.sqlite_sequence WHERE name = 'events'), 0) FROM progress",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn file(connection: &Connection, filed: i64, up_to: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO feed (broadcaster_id, id, visibility, kind, event_type, amount_value, occurred_at, \
             actor_id, actor_login, actor_name_lower, part_key, same_as) \
             SELECT broadcaster_id, id, visibility, kind, event_type, amount_value, occurred_at, \
             actor_id, actor_login, actor_name_lower, part_key, same_as \
             FROM stored.events WHERE id > ?1 AND id <= ?2 ORDER BY broadcaster_id, id",
        )?
        .execute(params![filed, up_to])?;
    index_words(connection, filed, up_to)?;
    connection
        .prepare_cached("UPDATE progress SET filed = ?1")?
        .execute([up_to])?;
    Ok(())
}

fn drop_some(connection: &Connection, last: i64) -> rusqlite::Result<i64> {
    let transaction = connection.unchecked_transaction()?;
    let (filed, dropped): (i64, i64) =
        transaction.query_row("SELECT filed, dropped FROM progress", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let oldest = format!(
        "SELECT {COUNTED} FROM stored.events WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT {DROPPED_STEP}"
    );
    let events: Vec<Counted> = transaction
        .prepare(&oldest)?
        .query_map([dropped, last.min(filed)], counted)?
        .collect::<rusqlite::Result<_>>()?;
    let mut changes = Changes::default();
    let mut from_feed =
        transaction.prepare("DELETE FROM feed WHERE broadcaster_id = ?1 AND id = ?2")?;
    let mut from_search = transaction.prepare("DELETE FROM search WHERE rowid = ?1")?;
    for event in &events {
        from_feed.execute((&event.broadcaster_id, event.id))?;
        from_search.execute([event.id])?;
        changes.note(&event.broadcaster_id, event.what, event.occurred_at, -1);
    }
    drop((from_feed, from_search));
    changes.apply(&transaction)?;
    let dropped = events.last().map_or(dropped, |event| event.id);
    hours::forget_up_to(&transaction, dropped)?;
    transaction.execute("UPDATE progress SET dropped = ?1", [dropped])?;
    transaction.commit()?;
    Ok(dropped)
}

/// Puts events into the index of words, the sums, and the spans of hours.
fn index_words(connection: &Connection, after: i64, up_to: i64) -> rusqlite::Result<()> {
    let mut events = connection.prepare_cached(&format!(
        "SELECT {COUNTED}, summary, text, actor_login, actor_name, actor_id, actor_name_lower \
         FROM stored.events WHERE id > ?1 AND id <= ?2 ORDER BY id"
    ))?;
    let mut insert =
        connection.prepare_cached("INSERT INTO search (rowid, words) VALUES (?1, ?2)")?;
    let (mut changes, mut hours) = (Changes::default(), Hours::default());
    let mut rows = events.query([after, up_to])?;
    while let Some(row) = rows.next()? {
        let event = counted(row)?;
        changes.note(&event.broadcaster_id, event.what, event.occurred_at, 1);
        hours.note(event.id, event.occurred_at);
        let searched = Searched {
            summary: row.get_ref(5)?.as_str()?,
            text: row.get_ref(6)?.as_str_or_null()?,
            actor_login: row.get_ref(7)?.as_str_or_null()?,
            actor_name: row.get_ref(8)?.as_str_or_null()?,
        };
        let person = Person {
            id: row.get_ref(9)?.as_str_or_null()?,
            login: searched.actor_login,
            name_lower: row.get_ref(10)?.as_str_or_null()?,
        };
        let words = searched.indexed(&event.broadcaster_id, person);
        insert.execute(params![event.id, words])?;
    }
    hours.apply(connection)?;
    changes.apply(connection)
}

/// Merges parts of the index of words, since fewer are looked through sooner; answers whether there were any to merge.
fn merge_some(connection: &Connection) -> rusqlite::Result<bool> {
    let before = connection.total_changes();
    connection
        .prepare_cached("INSERT INTO search (search, rank) VALUES ('merge', ?1)")?
        .execute([MERGED])?;
    // One is the command itself. <https://sqlite.org/fts5.html#the_merge_command>
    Ok(connection.total_changes() - before >= 2)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Merges until there is nothing more to merge; how many parts are left.
    fn merge(index: &Connection) -> i64 {
        let merges = (0..1_000).take_while(|_| merge_some(index).unwrap());
        assert!(merges.count() < 1_000, "it comes to an end");
        assert!(!merge_some(index).unwrap());
        let parts = "SELECT COUNT(DISTINCT segid) FROM search_idx";
        index.query_row(parts, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn merging_comes_to_an_end_also_when_events_were_dropped() {
        let index = Connection::open_in_memory().unwrap();
        index.execute_batch(include_str!("index.sql")).unwrap();
        for id in 0..64 {
            let words = format!("7§raid 7§viewer{id}");
            let insert = "INSERT INTO search (rowid, words) VALUES (?1, ?2)";
            index.execute(insert, params![id, words]).unwrap();
        }
        let parts = merge(&index);
        assert!((1..=4).contains(&parts), "{parts}");
        index
            .execute("DELETE FROM search WHERE rowid < 40", [])
            .unwrap();
        merge(&index);
        let found = "SELECT COUNT(*) FROM search WHERE search MATCH '\"7§raid\"'";
        let found: i64 = index.query_row(found, [], |row| row.get(0)).unwrap();
        assert_eq!(found, 24);
    }
}
