//! All SQL is here. One writing connection, a few reading ones; writers never block readers (WAL).
//!
//! Opening brings the schema to this version and checks that the database is ours: its mode, its Twitch host
//! and its key. What does not fit is an error; nothing is ever recreated.

mod api_tokens;
pub mod broadcasters;
pub mod carriers;
pub mod copy;
pub mod events;
pub mod filter;
pub mod gaps;
pub mod grants;
mod inspect;
mod meta;
pub mod record;
mod retention;
mod sessions;
pub mod subscriptions;
pub mod topics;
pub mod viewers;

use std::path::PathBuf;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, Sqlite, SqlitePool, Transaction};

use crate::clock::Clock;
use crate::crypto::{self, Cipher, SecretKey};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// Reading connections; each holds a page cache of about 2 MB.
const READERS: u32 = 4;

/// Longest wait for a lock another program holds on the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

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
    /// A stored secret cannot be read.
    #[error("a stored secret cannot be read")]
    Secret(#[from] crypto::Error),
}

/// The database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    read: SqlitePool,
    write: SqlitePool,
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
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            // After a failure SQLite may have ended the transaction by itself, of which the connection does not
            // know; it would fail for ever. A new one takes its place.
            .after_release(|connection, _| {
                let is_clean = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_clean) })
            })
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await
            .map_err(unfit)?;
        if let Err(error) = MIGRATIONS.run(&write).await {
            write.close().await;
            return Err(Error::Unfit(format!("database {shown}: {error}")));
        }
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.create_if_missing(false).read_only(true))
            .await
            .map_err(unfit)?;
        let store = Self {
            read,
            write,
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

    /// A transaction that writes; others wait for it.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, Error> {
        match self.begin_writing().await {
            Err(error) if is_read_only(&error) => {
                // SQLite opens a file that may not be written for reading, and such a connection stays what it is.
                self.write.acquire().await?.close().await?;
                Ok(self.begin_writing().await?)
            }
            begun => Ok(begun?),
        }
    }

    async fn begin_writing(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        let mut transaction = self.write.begin_with("BEGIN IMMEDIATE").await?;
        // BEGIN may succeed though only reading is possible; this fails then, and changes nothing.
        sqlx::query("UPDATE meta SET value = value WHERE FALSE")
            .execute(&mut *transaction)
            .await?;
        Ok(transaction)
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
        let mut transaction = self.begin().await?;
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
        // So that the file alone is whole, whichever connection goes last.
        let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.write)
            .await;
        if let Err(error) = emptied {
            tracing::debug!(%error, "the log stays beside the database file; the next start reads it");
        }
        self.write.close().await;
    }
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
