//! New events into their table: many rows to a statement, ids given here and in order.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use sqlx::SqliteConnection;
use wire::Visibility;

use super::chunks::{SIZES, Sized, chunks};
use super::record::NewEvent;

/// Two equal `channel.update` of one broadcaster within this many milliseconds are one happening.
const CHANNEL_UPDATE_WINDOW_MS: i64 = 60_000;

const CHANNEL_UPDATE: &str = "channel.update";

const COLUMNS: [&str; 22] = [
    "id",
    "message_id",
    "event_type",
    "version",
    "kind",
    "broadcaster_id",
    "broadcaster_login",
    "broadcaster_name",
    "actor_id",
    "actor_login",
    "actor_name",
    "actor_name_lower",
    "summary",
    "amount_value",
    "amount_unit",
    "amount_decimals",
    "text",
    "occurred_at",
    "received_at",
    "visibility",
    "natural_key",
    "payload",
];

/// An id that is taken is an error; a natural key that is taken is a happening that is held already.
static INSERT: LazyLock<Sized> = LazyLock::new(|| {
    SIZES.map(|size| {
        let mut sql = format!("INSERT INTO events ({}) VALUES ", COLUMNS.join(", "));
        for row in 0..size {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..COLUMNS.len() {
                let separator = if column == 0 { "" } else { ", " };
                // Writing to memory cannot fail.
                _ = write!(sql, "{separator}${}", row * COLUMNS.len() + column + 1);
            }
            sql.push(')');
        }
        sql + " ON CONFLICT (natural_key) WHERE natural_key IS NOT NULL DO NOTHING"
    })
});

/// An event and its place among the records.
type Placed<'a> = (usize, &'a NewEvent);

/// Inserts events in their order; answers the places and ids of those that are new.
pub(super) async fn all(
    connection: &mut SqliteConnection,
    events: &[Placed<'_>],
) -> Result<Vec<(usize, i64)>, sqlx::Error> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let newest: Option<i64> =
        sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
            .fetch_optional(&mut *connection)
            .await?;
    let mut inserting = Inserting {
        connection,
        newest: newest.unwrap_or(0),
        waiting: Vec::with_capacity(events.len()),
        inserted: Vec::with_capacity(events.len()),
    };
    for (place, event) in events {
        if event.event_type == CHANNEL_UPDATE {
            // The one before must be there to be compared with.
            if inserting.holds_update_of(event) {
                inserting.flush().await?;
            }
            if repeats_last_update(inserting.connection, event).await? {
                continue;
            }
        }
        inserting.waiting.push((*place, event));
    }
    inserting.flush().await?;
    Ok(inserting.inserted)
}

struct Inserting<'a> {
    connection: &'a mut SqliteConnection,
    /// The newest id given. One that turns out not to be needed is not given again.
    newest: i64,
    waiting: Vec<Placed<'a>>,
    inserted: Vec<(usize, i64)>,
}

impl Inserting<'_> {
    fn holds_update_of(&self, event: &NewEvent) -> bool {
        self.waiting.iter().any(|(_, other)| {
            other.event_type == CHANNEL_UPDATE && other.broadcaster.id == event.broadcaster.id
        })
    }

    async fn flush(&mut self) -> Result<(), sqlx::Error> {
        let waiting = std::mem::take(&mut self.waiting);
        for (size, chunk) in chunks(&waiting) {
            let ids = self.newest + 1..;
            let mut query = sqlx::query(INSERT[size].as_str());
            for ((_, event), id) in chunk.iter().zip(ids.clone()) {
                query = bind(query, id, event);
            }
            let done = query.execute(&mut *self.connection).await?;
            let placed = chunk.iter().map(|(place, _)| *place).zip(ids);
            if done.rows_affected() == chunk.len() as u64 {
                self.inserted.extend(placed);
            } else {
                let held: Vec<i64> = sqlx::query_scalar("SELECT id FROM events WHERE id > $1")
                    .bind(self.newest)
                    .fetch_all(&mut *self.connection)
                    .await?;
                let held: HashSet<i64> = held.into_iter().collect();
                self.inserted
                    .extend(placed.filter(|(_, id)| held.contains(id)));
            }
            self.newest += i64::try_from(chunk.len()).unwrap_or(i64::MAX);
        }
        Ok(())
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// In the order of [`COLUMNS`].
fn bind<'q>(query: Query<'q>, id: i64, event: &'q NewEvent) -> Query<'q> {
    let natural_key = event.natural_key.as_ref().map(|key| {
        format!(
            "{}\u{1f}{}\u{1f}{key}",
            event.event_type, event.broadcaster.id
        )
    });
    let (actor, amount) = (event.actor.as_ref(), event.amount.as_ref());
    query
        .bind(id)
        .bind(&event.message_id)
        .bind(&event.event_type)
        .bind(&event.version)
        .bind(event.kind.as_str())
        .bind(&event.broadcaster.id)
        .bind(&event.broadcaster.login)
        .bind(&event.broadcaster.display_name)
        .bind(actor.map(|a| &a.id))
        .bind(actor.map(|a| &a.login))
        .bind(actor.map(|a| &a.display_name))
        .bind(actor.map(|a| a.display_name.to_lowercase()))
        .bind(&event.summary)
        .bind(amount.map(|a| a.value))
        .bind(amount.map(|a| &a.unit))
        .bind(amount.and_then(|a| a.decimals).map(i64::from))
        .bind(&event.text)
        .bind(event.occurred_at)
        .bind(event.received_at)
        .bind(visibility_name(event.visibility))
        .bind(natural_key)
        .bind(event.payload.get())
}

/// Twitch sends some updates twice under two message ids.
async fn repeats_last_update(
    connection: &mut SqliteConnection,
    event: &NewEvent,
) -> Result<bool, sqlx::Error> {
    let last: Option<(String, i64)> = sqlx::query_as(
        "SELECT payload, occurred_at FROM events WHERE event_type = 'channel.update' AND broadcaster_id = $1 \
         ORDER BY id DESC LIMIT 1",
    )
    .bind(&event.broadcaster.id)
    .fetch_optional(connection)
    .await?;
    let Some((payload, occurred_at)) = last else {
        return Ok(false);
    };
    if (event.occurred_at - occurred_at).abs() > CHANNEL_UPDATE_WINDOW_MS {
        return Ok(false);
    }
    let parse = serde_json::from_str::<serde_json::Value>;
    Ok(matches!((parse(&payload), parse(event.payload.get())), (Ok(a), Ok(b)) if a == b))
}

fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Broadcaster => "broadcaster",
    }
}
