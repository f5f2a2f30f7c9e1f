//! The file beside the database that lists, searches and statistics go by.
//!
//! It is made from the stored events, behind them, and by a writer of its own, so that those who record never wait for
//! it. Nothing is in it alone: one that is lost, damaged, of another version or of another database is made anew.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{BUSY_TIMEOUT, PAGE};

/// Rises with every change of the schema.
const VERSION: i64 = 3;

const SCHEMA: &str = include_str!("index.sql");

/// Page cache of the one that writes, in KiB (negative by SQLite's convention).
const CACHE: i64 = -8_192;

/// Where the index of a database is.
pub(super) fn path_of(database: &Path) -> PathBuf {
    database.with_extension("index.db")
}

/// Lets a connection to the database read the index, too. No table of one is named like one of the other.
pub(super) fn attach(connection: &Connection, database: &Path) -> rusqlite::Result<()> {
    connection.execute(
        "ATTACH ?1 AS 'index'",
        [path_of(database).to_string_lossy()],
    )?;
    // The words themselves, in order, see search.rs.
    connection.execute_batch(
        "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('index', 'search', 'instance')",
    )
}

/// Opens the index for writing, with the database attached; what is not the index of this database is replaced.
pub(super) fn open(database: &Path) -> rusqlite::Result<Connection> {
    let path = path_of(database);
    match connect(&path, database).and_then(|found| Ok(is_of(&found)?.then_some(found))) {
        Ok(Some(found)) => return Ok(found),
        Ok(None) => {}
        Err(error) if is_damaged(&error) => {
            tracing::warn!(%error, "the index of the database is damaged and is made anew");
        }
        Err(error) => return Err(error),
    }
    remove(&path);
    let connection = connect(&path, database)?;
    make(&connection)?;
    Ok(connection)
}

fn connect(path: &Path, database: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "page_size", PAGE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // What is lost with the power is filed again.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "cache_size", CACHE)?;
    connection.execute("ATTACH ?1 AS stored", [database.to_string_lossy()])?;
    Ok(connection)
}

/// Whether the index is of this version and database, and not of a later state of it.
fn is_of(connection: &Connection) -> rusqlite::Result<bool> {
    let version: i64 = connection.query_row("PRAGMA main.user_version", [], |row| row.get(0))?;
    if version != VERSION {
        return Ok(false);
    }
    let fits: Option<bool> = connection
        .query_row(
            "SELECT database_id = (SELECT value FROM stored.meta WHERE key = 'database-id') \
             AND filed <= COALESCE((SELECT seq FROM stored.sqlite_sequence WHERE name = 'events'), 0) FROM progress",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(fits == Some(true))
}

fn make(connection: &Connection) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.execute(
        "INSERT INTO progress SELECT value, first, first FROM \
         (SELECT value FROM stored.meta WHERE key = 'database-id'), \
         (SELECT COALESCE((SELECT MIN(id) FROM stored.events) - 1, \
          (SELECT seq FROM stored.sqlite_sequence WHERE name = 'events'), 0) AS first)",
        params![],
    )?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

fn is_damaged(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(
        error.sqlite_error_code(),
        Some(DatabaseCorrupt | NotADatabase)
    )
}

/// Whoever has the files open keeps what was in them.
fn remove(path: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        // Absent, or the next one to open it tells what is wrong.
        drop(std::fs::remove_file(name));
    }
}
