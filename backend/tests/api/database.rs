//! The database file of a server under test, opened by another program: to lock it, to break it, to look at it.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::support::Server;

/// A connection of its own to the file.
pub(crate) struct Database(SqliteConnection);

/// Opens the file of a server.
pub(crate) async fn open(server: &Server) -> Database {
    open_file(&server.data_dir().join("events.db")).await
}

/// Opens a file.
pub(crate) async fn open_file(path: &std::path::Path) -> Database {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false);
    Database(options.connect().await.unwrap())
}

impl Database {
    /// Runs a statement.
    pub(crate) async fn run(&mut self, sql: &'static str) {
        sqlx::query(sql).execute(&mut self.0).await.unwrap();
    }

    /// The one number a query answers.
    pub(crate) async fn count(&mut self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&mut self.0)
            .await
            .unwrap()
    }

    /// The one text of each row of a query.
    pub(crate) async fn rows(&mut self, sql: &'static str) -> Vec<String> {
        sqlx::query_scalar(sql)
            .fetch_all(&mut self.0)
            .await
            .unwrap()
    }

    /// Closes it, releasing what it held.
    pub(crate) async fn close(self) {
        self.0.close().await.unwrap();
    }
}
