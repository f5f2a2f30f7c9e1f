//! Makes a large database out of a small one: the first events come through the signed webhook, the others are
//! copies of them, made inside the database while the server is stopped.

mod check;
pub(crate) mod filing;
pub(crate) mod people;
pub(crate) mod spread;
mod year;

pub(crate) use year::subscribe;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::ensure;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

use crate::load::{Load, Span};
use crate::options::free_bytes;
use crate::report::say;
use crate::rig::Rig;
use crate::script::{ALL, Channel, Script, channels};

/// Events that come through the webhook.
pub(crate) const FIRST: u64 = 10_000;
/// Streamers of the first events.
const STREAMERS: usize = 10;
/// Each of them stands for so many streamers among the copies.
pub(crate) const VARIANTS: u64 = 500;
/// Disk that a row takes, with its indexes.
const ROW_BYTES: u64 = 1_200;
/// Disk that stays free.
const RESERVE_BYTES: u64 = 1 << 30;
/// Copies of all first events in one transaction.
const COPIES_AT_ONCE: u64 = 20;
const CONNECTIONS: usize = 64;

/// A database that grows.
#[derive(Debug)]
pub(crate) struct Rows {
    script: Arc<Script>,
    /// Highest id of the first events.
    last_first: i64,
    /// Copies made of each of them.
    copies: u64,
    /// The number of a first event's message, by the part of its id that its copies share.
    numbers: HashMap<String, u64>,
}

impl Rows {
    /// The first events, through the webhook of the running server.
    ///
    /// # Errors
    /// When one is not taken.
    pub(crate) async fn first(rig: &Rig, seed: u64) -> anyhow::Result<Self> {
        let script = Arc::new(Script {
            seed,
            channels: channels(STREAMERS),
            kinds: ALL,
        });
        let load = Load {
            address: rig.address,
            script: Arc::clone(&script),
            connections: CONNECTIONS,
            next: Arc::new(AtomicU64::new(0)),
            rate: None,
        };
        let outcome = load.run(Span::Count(FIRST)).await?;
        ensure!(
            outcome.refused.is_empty(),
            "not all first events were taken: {:?}",
            outcome.refused.first()
        );
        let store = rig.store().await?;
        let (count, last_first) = (store.count().await?, store.newest().await?);
        store.close().await;
        ensure!(count == FIRST, "{count} events are stored, not {FIRST}");
        let numbers = (0..FIRST).map(|number| {
            let id = script.notice(number).message_id();
            (check::shared_part(&id).to_owned(), number)
        });
        Ok(Self {
            numbers: numbers.collect(),
            script,
            last_first,
            copies: 0,
        })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        FIRST * (self.copies + 1)
    }

    /// A streamer that has events.
    pub(crate) fn broadcaster(&self, dice: u64) -> String {
        let variants = (self.copies + 1).min(VARIANTS);
        let at = usize::try_from(dice % STREAMERS as u64).unwrap_or_default();
        let variant = dice / STREAMERS as u64 % variants;
        check::broadcaster(&self.script.channels[at], variant).id
    }

    /// More copies, until there are so many rows; the server must be stopped.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn grow(&mut self, database: &Path, rows: u64) -> anyhow::Result<()> {
        let wanted = (rows / FIRST).saturating_sub(1);
        let mut connection = open(database).await?;
        let copy = copy_statement(&mut connection).await?;
        while self.copies < wanted {
            let up_to = wanted.min(self.copies + COPIES_AT_ONCE);
            let mut transaction = connection.begin().await?;
            for copy_number in self.copies + 1..=up_to {
                let variant = copy_number % VARIANTS;
                let channel = check::broadcaster(&Channel::default(), variant);
                sqlx::query(AssertSqlSafe(copy.clone()))
                    .bind(i64::try_from(copy_number)?)
                    .bind(channel.id)
                    .bind(channel.login)
                    .bind(self.last_first)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
            self.copies = up_to;
            if self.copies.is_multiple_of(COPIES_AT_ONCE * 10) {
                say(format!("  {} rows …", self.count()));
            }
        }
        note_all(connection).await
    }
}

/// A database whose server is stopped. Speed instead of safety: when this is interrupted, the whole folder goes.
async fn open(database: &Path) -> anyhow::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .pragma("cache_size", "-400000")
        .disable_statement_logging();
    Ok(options.connect().await?)
}

/// Notes the message ids of copies as seen, and closes the database. The server files them when it starts.
async fn note_all(mut connection: SqliteConnection) -> anyhow::Result<()> {
    for statement in NOTE_ALL {
        sqlx::query(statement).execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(())
}

const NOTE_ALL: [&str; 2] = [
    // Only its size matters here; nobody tells the copies again.
    "INSERT INTO seen (key, generation) SELECT randomblob(16), 9223372036854775807 FROM events \
     WHERE id > (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'noted') AND natural_key IS NOT NULL ORDER BY 1",
    "UPDATE meta SET value = (SELECT MAX(id) FROM events) WHERE key = 'noted'",
];

/// Refuses what the disk has no room for.
///
/// # Errors
/// With how many rows would fit.
pub(crate) fn require_room(folder: &Path, rows: u64) -> anyhow::Result<()> {
    let room = free_bytes(folder)?.saturating_sub(RESERVE_BYTES) / ROW_BYTES;
    ensure!(
        rows <= room,
        "{rows} rows do not fit on the disk of {}: it has room for {room}",
        folder.display()
    );
    Ok(())
}

/// One copy of all first events.
///
/// Parameters: number of the copy, what is added to the broadcaster's id and login, highest id of the first events.
async fn copy_statement(connection: &mut SqliteConnection) -> anyhow::Result<String> {
    let value = |column: &str| match column {
        "message_id" => "printf('%08x', $1) || substr(message_id, 9)".to_owned(),
        "natural_key" => "natural_key || ':' || $1".to_owned(),
        "broadcaster_id" => "broadcaster_id || $2".to_owned(),
        "broadcaster_login" => "broadcaster_login || $3".to_owned(),
        "same_as" => "NULL".to_owned(),
        "occurred_at" | "received_at" => format!("{column} + $1"),
        "payload" => "'{\"copy\":' || $1 || ',' || substr(payload, 2)".to_owned(),
        _ => column.to_owned(),
    };
    let copies = insert_statement(connection, value).await?;
    Ok(format!("{copies} FROM events WHERE id <= $4 ORDER BY id"))
}

/// `INSERT … SELECT` with this value of each column. What a plan does not name is copied as it is, so that the table
/// may get further columns.
async fn insert_statement(
    connection: &mut SqliteConnection,
    value: impl Fn(&str) -> String,
) -> anyhow::Result<String> {
    let columns: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_info('events') WHERE name <> 'id' ORDER BY cid",
    )
    .fetch_all(connection)
    .await?;
    let values: Vec<String> = columns.iter().map(|column| value(column)).collect();
    Ok(format!(
        "INSERT INTO events ({}) SELECT {}",
        columns.join(", "),
        values.join(", ")
    ))
}
