//! Who writes, and when: SQLite has one writer at a time, and here they take turns in the order in which they came.
//!
//! The recorder has a connection of its own; all else is written over another one.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection as _, Sqlite, SqliteConnection, SqlitePool, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::is_read_only;

/// Whoever holds it may write.
pub(super) type Turns = Arc<Mutex<()>>;

/// The connection for all that is no event.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    pool: SqlitePool,
    turns: Turns,
}

/// The right to write, and the connection to do it with.
pub(super) struct Turn {
    connection: PoolConnection<Sqlite>,
    _turn: OwnedMutexGuard<()>,
}

/// A transaction that writes; dropped before it is committed, nothing of it is kept.
pub(super) struct Writing {
    transaction: Transaction<'static, Sqlite>,
    _turn: OwnedMutexGuard<()>,
}

impl Writer {
    pub(super) async fn open(options: SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            // After a failure SQLite may have ended the transaction by itself, of which the connection does not
            // know; it would fail for ever. A new one takes its place.
            .after_release(|connection, _| {
                let is_clean = !connection.is_in_transaction();
                Box::pin(async move { Ok(is_clean) })
            })
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        Ok(Self {
            pool,
            turns: Turns::default(),
        })
    }

    /// For migrations, before anybody else writes.
    pub(super) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    pub(super) fn turns(&self) -> Turns {
        self.turns.clone()
    }

    /// Waits until it is our turn.
    pub(super) async fn turn(&self) -> Result<Turn, sqlx::Error> {
        let turn = self.turns.clone().lock_owned().await;
        Ok(Turn {
            connection: self.pool.acquire().await?,
            _turn: turn,
        })
    }

    /// Waits until it is our turn, and begins a transaction.
    pub(super) async fn begin(&self) -> Result<Writing, sqlx::Error> {
        let turn = self.turns.clone().lock_owned().await;
        let transaction = match self.begin_writing().await {
            Err(error) if is_read_only(&error) => {
                // SQLite opens a file that may not be written for reading, and such a connection stays what it is.
                self.pool.acquire().await?.close().await?;
                self.begin_writing().await?
            }
            begun => begun?,
        };
        Ok(Writing {
            transaction,
            _turn: turn,
        })
    }

    async fn begin_writing(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        // BEGIN may succeed though only reading is possible; this fails then, and changes nothing.
        sqlx::query("UPDATE meta SET value = value WHERE FALSE")
            .execute(&mut *transaction)
            .await?;
        Ok(transaction)
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

impl Deref for Turn {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Writing {
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }
}

impl Deref for Writing {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.transaction
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }
}
