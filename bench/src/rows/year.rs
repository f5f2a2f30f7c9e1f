//! A year of events: the first ones and copies of them, spread as [`Spread`] says.

use std::path::Path;

use anyhow::{Context as _, ensure};
use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::json;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};

use super::spread::Spread;
use super::{FIRST, Rows, check, filing, insert_statement, note_all, open};
use crate::message_id;
use crate::report::say;
use crate::rig::login::Viewer;
use crate::script::Channel;
use crate::store::Store;

/// Copies between two lines that tell how far it is.
const TELL_EVERY: u64 = 1_000_000;

impl Rows {
    /// Grows to all that the plan spreads; the server must be stopped. Its next start has to file all events.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn spread(&mut self, database: &Path, spread: &Spread) -> anyhow::Result<()> {
        ensure!(
            self.copies == 0 && u64::try_from(self.last_first)? == FIRST,
            "there is more in the database than the first events"
        );
        let mut connection = open(database).await?;
        set_times_of_first(&mut connection, spread).await?;
        let insert = insert_statement(&mut connection, |column| value(column).to_owned()).await?;
        // The order of an array is that of its numbers; CROSS keeps it.
        let insert = format!(
            "{insert} FROM json_each($1) AS copies CROSS JOIN events ON events.id = copies.value ->> 0"
        );
        while self.count() < spread.rows() {
            let numbers = self.count()..self.count() + FIRST;
            let copies: Vec<_> = numbers.map(|number| copy(spread, number)).collect();
            let mut transaction = connection.begin().await?;
            sqlx::query(AssertSqlSafe(insert.clone()))
                .bind(serde_json::to_string(&copies)?)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            self.copies += 1;
            if self.count().is_multiple_of(TELL_EVERY) {
                say(format!("  {} rows …", self.count()));
            }
        }
        note_all(connection).await?;
        filing::delete_index(database)?;
        Ok(())
    }

    /// Compares random copies, column by column, with what the plan says; answers how many.
    ///
    /// # Errors
    /// With the first difference.
    pub(crate) async fn compare_spread(
        &self,
        store: &Store,
        spread: &Spread,
        count: usize,
        dice: &mut StdRng,
    ) -> anyhow::Result<usize> {
        for _ in 0..count {
            let number = dice.random_range(FIRST..self.count());
            let first = store.row(Spread::original(number)).await?;
            let row = store.row(i64::try_from(number)? + 1).await?;
            self.compare_copy(&first, &row, spread, number)
                .with_context(|| format!("copy {number}"))?;
        }
        Ok(count)
    }

    fn compare_copy(
        &self,
        first: &SqliteRow,
        row: &SqliteRow,
        spread: &Spread,
        number: u64,
    ) -> anyhow::Result<()> {
        let copy = spread.copy(number);
        let original = first.try_get::<&str, _>("message_id")?.as_bytes();
        let original = message_id::number(original).context("nobody sent it")?;
        check::compare_event(
            row,
            &self.script.notice(original),
            copy.channel,
            Some(number),
        )?;
        let text: Option<&str> = first.try_get("text")?;
        let text = text.map(|text| format!("{text} {}", copy.words));
        let (summary, name): (&str, &str) =
            (first.try_get("summary")?, first.try_get("actor_name")?);
        let summary = summary.replace(name, &copy.person.name);
        for (column, expected) in [
            ("message_id", Some(&copy.message_id)),
            ("actor_id", Some(&copy.person.id)),
            ("actor_login", Some(&copy.person.login)),
            ("actor_name", Some(&copy.person.name)),
            ("actor_name_lower", Some(&copy.person.login)),
            ("summary", Some(&summary)),
            ("text", text.as_ref()),
        ] {
            let stored: Option<String> = row.try_get(column)?;
            ensure!(
                stored.as_ref() == expected,
                "{column} is {stored:?}, not {expected:?}"
            );
        }
        for (column, expected) in [
            ("occurred_at", copy.occurred_at),
            ("received_at", copy.received_at),
        ] {
            let stored: i64 = row.try_get(column)?;
            ensure!(stored == expected, "{column} is {stored}, not {expected}");
        }
        Ok(())
    }
}

/// The first events are the first of the year.
async fn set_times_of_first(
    connection: &mut SqliteConnection,
    spread: &Spread,
) -> anyhow::Result<()> {
    let mut transaction = connection.begin().await?;
    for number in 0..FIRST {
        sqlx::query("UPDATE events SET occurred_at = $1, received_at = $2 WHERE id = $3")
            .bind(spread.occurred_at(number))
            .bind(spread.received_at(number))
            .bind(Spread::original(number))
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// A copy as the statement reads it; [`value`] names the places.
fn copy(spread: &Spread, number: u64) -> serde_json::Value {
    let copy = spread.copy(number);
    let (channel, person) = (copy.channel, copy.person);
    json!([
        Spread::original(number),
        number,
        copy.message_id,
        channel.id,
        channel.login,
        channel.name,
        person.id,
        person.login,
        person.name,
        copy.words,
        copy.occurred_at,
        copy.received_at,
    ])
}

/// What stands in a column of a copy, as SQL. Everybody's login is the name in lower case.
fn value(column: &str) -> &str {
    match column {
        "message_id" => "copies.value ->> 2",
        "natural_key" => "natural_key || ':' || (copies.value ->> 1)",
        "broadcaster_id" => "copies.value ->> 3",
        "broadcaster_login" => "copies.value ->> 4",
        "broadcaster_name" => "copies.value ->> 5",
        "actor_id" => "copies.value ->> 6",
        "actor_login" | "actor_name_lower" => "copies.value ->> 7",
        "actor_name" => "copies.value ->> 8",
        "summary" => "replace(summary, actor_name, copies.value ->> 8)",
        "text" => "text || ' ' || (copies.value ->> 9)",
        "occurred_at" => "copies.value ->> 10",
        "received_at" => "copies.value ->> 11",
        "same_as" => "NULL",
        "payload" => "'{\"copy\":' || (copies.value ->> 1) || ',' || substr(payload, 2)",
        other => other,
    }
}

/// Subscribes a viewer to streamers that the simulator need not know: in the database of the stopped server, all read.
///
/// # Errors
/// When the database fails.
pub(crate) async fn subscribe(
    database: &Path,
    viewer: &Viewer,
    channels: &[&Channel],
) -> anyhow::Result<()> {
    let mut connection = open(database).await?;
    let mut transaction = connection.begin().await?;
    for channel in channels {
        sqlx::query(
            "INSERT INTO broadcasters (id, login, display_name, profile_image_url) VALUES ($1, $2, $3, '') \
             ON CONFLICT DO NOTHING",
        )
        .bind(&channel.id)
        .bind(&channel.login)
        .bind(&channel.name)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO subscriptions (viewer_id, broadcaster_id, read_cursor, created_at) \
             SELECT $1, $2, MAX(id), MAX(received_at) FROM events WHERE true ON CONFLICT DO NOTHING",
        )
        .bind(&viewer.id)
        .bind(&channel.id)
        .execute(&mut *transaction)
        .await?;
    }
    transaction.commit().await?;
    connection.close().await?;
    Ok(())
}
