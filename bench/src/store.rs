//! Reads the server's database beside it, to compare what is stored with what was sent.

use std::path::Path;

use anyhow::{Context as _, ensure};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteRow};
use sqlx::{Row as _, SqlitePool};

use crate::message_id;
use crate::script::Script;

/// The database, read only.
#[derive(Debug)]
pub(crate) struct Store {
    pool: SqlitePool,
}

/// What the database holds of the messages of a script.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// Row id and message number, in order of the row id.
    pub(crate) rows: Vec<(i64, u64)>,
}

impl Held {
    /// The numbers, sorted; one that is stored twice stands twice.
    pub(crate) fn numbers(&self) -> Vec<u64> {
        let mut numbers: Vec<u64> = self.rows.iter().map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        numbers
    }
}

impl Store {
    /// Opens it.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) async fn open(path: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let pool = SqlitePoolOptions::new().max_connections(1);
        Ok(Self {
            pool: pool.connect_with(options).await?,
        })
    }

    /// Closes it; the server may then remove its log.
    pub(crate) async fn close(self) {
        self.pool.close().await;
    }

    /// How many events there are.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn count(&self) -> anyhow::Result<u64> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM events")
            .fetch_one(&self.pool)
            .await?;
        Ok(u64::try_from(count)?)
    }

    /// The newest row's id; 0 when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn newest(&self) -> anyhow::Result<i64> {
        let newest = sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM events");
        Ok(newest.fetch_one(&self.pool).await?)
    }

    /// Every message.
    ///
    /// # Errors
    /// When the database fails or holds what nobody sent.
    pub(crate) async fn held(&self) -> anyhow::Result<Held> {
        let rows: Vec<(i64, Option<String>)> =
            sqlx::query_as("SELECT id, message_id FROM events ORDER BY id")
                .fetch_all(&self.pool)
                .await?;
        let read = |(id, message): (i64, Option<String>)| {
            let number = message.as_deref().map(str::as_bytes);
            let number = number.and_then(message_id::number);
            Ok((id, number.context("an event that nobody sent")?))
        };
        let rows = rows.into_iter().map(read).collect::<anyhow::Result<_>>()?;
        Ok(Held { rows })
    }

    /// The ids of the events that a viewer may see of these channels, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn visible(
        &self,
        viewer: &str,
        channels: &[&str],
    ) -> anyhow::Result<Vec<i64>> {
        let channels = serde_json::to_string(channels)?;
        let ids = sqlx::query_scalar(
            "SELECT id FROM events WHERE broadcaster_id IN (SELECT value FROM json_each($1)) \
             AND (visibility = 'public' OR broadcaster_id = $2) ORDER BY id",
        );
        Ok(ids
            .bind(channels)
            .bind(viewer)
            .fetch_all(&self.pool)
            .await?)
    }

    /// Compares random events, field by field, with what was sent; answers how many were compared.
    ///
    /// # Errors
    /// With the first difference.
    pub(crate) async fn compare(
        &self,
        held: &Held,
        script: &Script,
        count: usize,
        dice: &mut StdRng,
    ) -> anyhow::Result<usize> {
        let sample: Vec<_> = held.rows.sample(dice, count).collect();
        for (id, number) in &sample {
            let row = self.row(*id).await?;
            compare_one(&row, script, *number)
                .with_context(|| format!("event {id}, message {number}"))?;
        }
        Ok(sample.len())
    }

    /// The newest rows below a cursor, newest first, without what Twitch sent.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn newest_below(&self, id: i64, most: u32) -> anyhow::Result<Vec<SqliteRow>> {
        let rows = sqlx::query(
            "SELECT id, broadcaster_id, visibility, kind, actor_id, actor_login, actor_name, amount_value, \
             occurred_at, summary, text FROM events WHERE id < $1 ORDER BY id DESC LIMIT $2",
        );
        Ok(rows.bind(id).bind(most).fetch_all(&self.pool).await?)
    }

    /// A row.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn row(&self, id: i64) -> anyhow::Result<SqliteRow> {
        let row = sqlx::query("SELECT * FROM events WHERE id = $1").bind(id);
        Ok(row.fetch_one(&self.pool).await?)
    }
}

fn compare_one(row: &SqliteRow, script: &Script, number: u64) -> anyhow::Result<()> {
    let notice = script.notice(number);
    let (event_type, version) = notice.kind.type_name();
    for (column, expected) in [
        ("message_id", notice.message_id().as_str()),
        ("event_type", event_type),
        ("version", version),
        ("broadcaster_id", &notice.channel.id),
        ("broadcaster_login", &notice.channel.login),
        ("broadcaster_name", &notice.channel.name),
    ] {
        let stored: String = row.try_get(column)?;
        ensure!(stored == expected, "{column} is {stored}, not {expected}");
    }
    compare_amount(row, notice.amount())?;
    let payload: Value = serde_json::from_str(row.try_get("payload")?)?;
    let expected = notice.event()?;
    ensure!(payload == expected, "payload is {payload}, not {expected}");
    Ok(())
}

/// Compares the amount.
///
/// # Errors
/// When it is another one.
pub(crate) fn compare_amount(row: &SqliteRow, expected: Option<(i64, &str)>) -> anyhow::Result<()> {
    let value: Option<i64> = row.try_get("amount_value")?;
    let unit: Option<String> = row.try_get("amount_unit")?;
    let stored = value.zip(unit.as_deref());
    ensure!(stored == expected, "amount is {stored:?}, not {expected:?}");
    Ok(())
}
