//! Moves what was committed from the log (WAL) into the database file, beside the writer instead of in its way.
//!
//! Left to SQLite, every thousandth page makes one commit wait for it. Here it is done on a connection of its own, and
//! writers wait only for the last bit, and only when the log has become long.
//! <https://sqlite.org/wal.html#performance_considerations>

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tokio::time::Instant;

use super::{Error, Store};

/// Events after which the log is looked at.
const EVENTS: u64 = 16_000;

/// It is looked at after this time in any case: other writes are few.
const PAUSE: Duration = Duration::from_secs(1);

/// Pages of a log that has become long: 64 MB.
const LONG_PAGES: i64 = 16_384;

/// The connection that does it, and how much there is to do.
#[derive(Debug)]
pub(super) struct Checkpoints {
    pool: SqlitePool,
    events: AtomicU64,
}

impl Checkpoints {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        Self {
            pool: SqlitePoolOptions::new()
                .max_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_lazy_with(options),
            events: AtomicU64::new(0),
        }
    }

    pub(super) fn note(&self, events: usize) {
        self.events.fetch_add(events as u64, Ordering::Relaxed);
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// Moves what can be moved without holding anybody up; answers how many pages the log had.
    async fn run(&self) -> Result<i64, sqlx::Error> {
        let (_busy, pages, _moved): (i64, i64, i64) =
            sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)")
                .fetch_one(&self.pool)
                .await?;
        Ok(pages)
    }
}

impl Store {
    /// Keeps the log short; `last` is when that was done last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn checkpoint(&self, last: &mut Instant) -> Result<(), Error> {
        let is_due = self.checkpoints.events.load(Ordering::Relaxed) >= EVENTS;
        if !is_due && last.elapsed() < PAUSE {
            return Ok(());
        }
        self.checkpoints.events.store(0, Ordering::Relaxed);
        if self.checkpoints.run().await? > LONG_PAGES {
            // What came meanwhile is little. While nobody writes it is moved too, and the next writer begins the log
            // anew.
            let _no_writer = self.write.turn().await?;
            self.checkpoints.run().await?;
        }
        *last = Instant::now();
        Ok(())
    }
}
