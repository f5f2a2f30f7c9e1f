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

/// Opens a file, and the index beside it if there is one.
pub(crate) async fn open_file(path: &std::path::Path) -> Database {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false);
    let mut connection = options.connect().await.unwrap();
    let index = path.with_extension("index.db");
    if index.exists() {
        let attach = sqlx::query("ATTACH $1 AS the_index");
        let attach = attach.bind(index.display().to_string());
        attach.execute(&mut connection).await.unwrap();
    }
    Database(connection)
}

impl Database {
    /// Runs a statement.
    pub(crate) async fn run(&mut self, sql: &'static str) {
        sqlx::query(sql).execute(&mut self.0).await.unwrap();
    }

    /// Runs a statement that may fail.
    pub(crate) async fn try_run(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        sqlx::query(sql).execute(&mut self.0).await.map(drop)
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

    /// Adds so many events of a channel, as if they had been received long ago.
    pub(crate) async fn fill(&mut self, broadcaster_id: &str, count: u32) {
        let sql = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < $2) \
            INSERT INTO events (message_id, event_type, version, kind, broadcaster_id, broadcaster_login, \
            broadcaster_name, summary, occurred_at, received_at, visibility, payload) \
            SELECT 'old-' || n, 'channel.raid', '1', 'raid', $1, 'someone', 'Someone', 'A raid', n, n, 'public', \
            '{\"viewers\":' || n || ',\"filler\":\"' || hex(randomblob(200)) || '\"}' FROM n";
        let fill = sqlx::query(sql).bind(broadcaster_id).bind(count);
        fill.execute(&mut self.0).await.unwrap();
    }

    /// Closes it, releasing what it held.
    pub(crate) async fn close(self) {
        self.0.close().await.unwrap();
    }
}
