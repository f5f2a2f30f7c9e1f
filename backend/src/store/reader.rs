//! Reading connections for what is read most: each query is one hand-over to a thread that may block, not one for each
//! row. Never in a writer's way.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::{BUSY_TIMEOUT, Error, index, search};

/// Queries at a time; more wait.
const CONNECTIONS: usize = 16;

/// Page cache of each connection, in KiB (negative by SQLite's convention): the upper levels of the trees.
const CACHE: i64 = -1_024;

/// Statements kept prepared by each connection.
const STATEMENTS: usize = 64;

/// The connections; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Reader(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    path: PathBuf,
    turns: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl Reader {
    /// Connections are opened when they are first needed.
    pub(super) fn of(path: &Path) -> Self {
        Self(Arc::new(Pool {
            path: path.to_owned(),
            turns: Semaphore::new(CONNECTIONS),
            idle: Mutex::default(),
        }))
    }

    /// Runs a query on a connection of its own.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let _turn = self.0.turns.acquire().await.map_err(|_closed| closed())?;
        let pool = self.0.clone();
        let reading = move || {
            let connection = pool.take()?;
            let outcome = query(&connection);
            pool.give_back(connection);
            outcome
        };
        let outcome = tokio::task::spawn_blocking(reading).await;
        Ok(outcome.map_err(|_stopped| closed())??)
    }

    /// Lets running queries end, and closes the connections.
    pub(super) async fn close(&self) {
        // Whoever comes later is refused.
        if let Ok(turns) = self.0.turns.acquire_many(CONNECTIONS as u32).await {
            self.0.turns.close();
            drop(turns);
        }
        self.0.idle().clear();
    }
}

impl Pool {
    fn take(&self) -> rusqlite::Result<Connection> {
        if let Some(connection) = self.idle().pop() {
            return Ok(connection);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "cache_size", CACHE)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        index::attach(&connection, &self.path)?;
        search::add_function(&connection)?;
        Ok(connection)
    }

    fn give_back(&self, connection: Connection) {
        self.idle().push(connection);
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn closed() -> Error {
    Error::Unfit("the database is closed".to_owned())
}
