//! All SQL is here. Writers take turns and never block readers (WAL).
//!
//! Opening brings the schema to this version and checks that the database is ours: its mode, its Twitch host
//! and its key. What does not fit is an error; nothing is ever recreated.

mod api_tokens;
mod background;
pub mod broadcasters;
mod buckets;
pub mod carriers;
pub mod channel_steps;
mod checkpoint;
pub mod copy;
pub mod events;
mod filing;
pub mod filter;
mod folds;
pub mod gap_list;
pub mod gaps;
pub mod grants;
mod hours;
mod index;
mod inspect;
mod meta;
mod plan;
pub mod read_marks;
mod reader;
mod recent;
pub mod record;
mod recorder;
pub mod recovery;
mod retention;
pub mod search;
mod seen;
mod sessions;
mod source;
mod sql;
pub mod stats;
pub mod streams;
pub mod subscriptions;
mod tally;
pub mod topics;
mod twins;
pub mod viewers;
mod words;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use self::background::Background;
use self::checkpoint::Checkpoints;
use self::filing::Filer;
use self::reader::Reader;
use self::writer::Writer;
use crate::clock::Clock;
use crate::crypto::{self, Cipher, SecretKey};

pub use self::recorder::Recorder;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Bytes of a page of a new file: half as many calls write the same as with SQLite's 4096, while an event that is read
/// alone takes no longer.
const PAGE: u32 = 8_192;

/// Reading connections; each holds a page cache of about 2 MB.
const READERS: u32 = 4;

/// With so many events to file at the start, whoever runs the server is told.
const MANY_BEHIND: i64 = 100_000;

/// Longest wait for a lock another program holds on the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

const SQLITE_READONLY: i32 = 8;
const SQLITE_CORRUPT: i32 = 11;

/// Why the store failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be used at all; said at start.
    #[error("{0}")]
    Unfit(String),
    /// A statement failed.
    #[error("the database failed")]
    Sql(#[from] sqlx::Error),
    /// A statement of the recorder failed.
    #[error("the database failed")]
    Record(#[from] rusqlite::Error),
    /// A stored secret cannot be read.
    #[error("a stored secret cannot be read")]
    Secret(#[from] crypto::Error),
}

/// The database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    read: SqlitePool,
    reader: Reader,
    write: Writer,
    filer: Filer,
    background: Background,
    path: Arc<Path>,
    checkpoints: Arc<Checkpoints>,
    cipher: Cipher,
    clock: Clock,
}

/// What a database must be to be ours.
#[derive(Debug, Clone)]
pub struct Identity {
    /// `real` or `demo`.
    pub mode: &'static str,
    /// Host of Twitch's API.
    pub twitch_host: String,
}

impl Store {
    /// Opens the database file, made when absent, at this program's schema.
    ///
    /// # Errors
    /// [`Error::Unfit`] says what is wrong with the file.
    pub async fn open(
        path: PathBuf,
        identity: &Identity,
        key: &SecretKey,
        clock: Clock,
    ) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let unfit = |error: sqlx::Error| Error::Unfit(format!("database {shown}: {error}"));
        inspect::refuse_what_is_not_ours(&path, identity, newest_schema()).await?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .page_size(PAGE)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("wal_autocheckpoint", "0");
        let checkpoints = Checkpoints::new(options.clone());
        let write = Writer::open(options.clone()).await.map_err(unfit)?;
        if let Err(error) = MIGRATIONS.run(write.pool()).await {
            write.close().await;
            return Err(Error::Unfit(format!("database {shown}: {error}")));
        }
        let filer = match catch_up(path.clone()).await {
            Ok(filer) => filer,
            Err(error) => {
                write.close().await;
                return Err(Error::Unfit(format!("database {shown}: {error}")));
            }
        };
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            // A file does not go away.
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.create_if_missing(false).read_only(true))
            .await
            .map_err(unfit)?;
        let store = Self {
            read,
            reader: Reader::of(&path),
            write,
            filer,
            background: Background::start()
                .map_err(|error| Error::Unfit(format!("no thread can be started: {error}")))?,
            path: path.into(),
            checkpoints: Arc::new(checkpoints),
            cipher: Cipher::new(key),
            clock,
        };
        match store.stamp(identity, &shown).await {
            Ok(()) => Ok(store),
            Err(error) => {
                store.close().await;
                Err(error)
            }
        }
    }

    /// Opens the connection that records; there is to be one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recorder(&self) -> Result<Recorder, Error> {
        let (turns, checkpoints) = (self.write.turns(), self.checkpoints.clone());
        let recorder = Recorder::open(&self.path, turns, checkpoints, self.clock.clone())?;
        Ok(recorder)
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        Ok(())
    }

    /// Answers when the database takes an event: tries one, takes it back, and writes something to the disk.
    ///
    /// # Errors
    /// When it does not.
    pub async fn probe_write(&self) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        for statement in [
            "SAVEPOINT probe",
            "INSERT INTO events (event_type, version, kind, broadcaster_id, broadcaster_login, broadcaster_name, \
             summary, occurred_at, received_at, visibility, payload) \
             VALUES ('probe', '', 'system', '', '', '', '', 0, 0, 'broadcaster', '{}')",
            "ROLLBACK TO probe",
            "INSERT INTO meta (key, value) VALUES ('probes', '1') \
             ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
        ] {
            sqlx::query(statement).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Closes all connections, writing what is pending into the file.
    pub async fn close(&self) {
        self.read.close().await;
        self.reader.close().await;
        self.checkpoints.close().await;
        let filer = self.filer.clone();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || filer.close()).await {
            tracing::debug!(%error, "the log stays beside the index; the next start reads it");
        }
        // So that the file alone is whole, whichever connection goes last.
        let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(self.write.pool())
            .await;
        if let Err(error) = emptied {
            tracing::debug!(%error, "the log stays beside the database file; the next start reads it");
        }
        self.write.close().await;
    }
}

/// Notes what was seen and is only in the rows of events, as after a crash, and opens the index. What is to be filed is
/// filed beside everything else: of many events that takes minutes, and nothing may be missed meanwhile.
async fn catch_up(path: PathBuf) -> rusqlite::Result<Filer> {
    let catching_up = move || {
        seen::note_what_is_behind(&mut recorder::connect(&path)?)?;
        let filer = Filer::open(&path)?;
        let count = filer.behind()?;
        if count >= MANY_BEHIND {
            tracing::info!(
                count,
                "events are filed; until then lists and searches take longer"
            );
        }
        Ok(filer)
    };
    let caught_up = tokio::task::spawn_blocking(catching_up).await;
    caught_up.unwrap_or(Err(rusqlite::Error::UnwindingPanic))
}

fn is_read_only(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(SQLITE_READONLY)
}

/// SQLite's primary code, which is the low byte of the extended ones: <https://sqlite.org/rescode.html>
fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.code()?;
    Some(code.parse::<i32>().ok()? & 0xff)
}

/// The newest schema this program knows.
fn newest_schema() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}
