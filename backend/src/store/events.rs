//! The stored events, listed by cursor.

use serde_json::value::RawValue;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};
use wire::{Amount, Event, Kind, UserRef, Visibility};

use super::filter::Filter;
use super::{Error, Store};
use crate::clock::rfc3339;
use crate::ids::UserId;

/// Most arms of a compound select (SQLite allows 500).
const MAX_ARMS: usize = 400;

/// Which part of the list is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Span {
    /// Below this cursor, newest first; `i64::MAX` for the newest of all.
    Before(i64),
    /// Above the first and up to the second cursor, oldest first.
    After(i64, i64),
}

/// A stored event.
#[derive(Debug)]
pub struct Stored {
    /// Its cursor.
    pub id: i64,
    /// When it happened, unix milliseconds.
    pub occurred_at: i64,
    /// The event itself.
    pub event: Event,
}

impl Store {
    /// The newest cursor given so far; 0 when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_cursor(&self) -> Result<i64, Error> {
        let newest: Option<i64> =
            sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
                .fetch_optional(&self.read)
                .await?;
        Ok(newest.unwrap_or(0))
    }

    /// The events of a span that the filter lets through.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events(
        &self,
        filter: &Filter,
        span: Span,
        limit: u32,
    ) -> Result<Vec<Stored>, Error> {
        if filter.broadcasters.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = list_query(filter, span, limit);
        let rows = sql.build().fetch_all(&self.read).await?;
        Ok(rows.iter().map(stored).collect::<Result<_, _>>()?)
    }

    /// All events above a cursor and up to another, oldest first, whoever may see them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events_between(&self, after: i64, up_to: i64) -> Result<Vec<Stored>, Error> {
        let rows = sqlx::query("SELECT * FROM events WHERE id > $1 AND id <= $2 ORDER BY id")
            .bind(after)
            .bind(up_to)
            .fetch_all(&self.read)
            .await?;
        Ok(rows.iter().map(stored).collect::<Result<_, _>>()?)
    }

    /// How many visible events are above the cursor, at most `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_after(
        &self,
        viewer: &UserId,
        broadcaster: &UserId,
        cursor: i64,
        most: u32,
    ) -> Result<u32, Error> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM (SELECT 1 FROM events WHERE broadcaster_id = $1 AND id > $2 \
             AND (visibility = 'public' OR broadcaster_id = $3) LIMIT $4)",
        )
        .bind(broadcaster)
        .bind(cursor)
        .bind(viewer)
        .bind(most)
        .fetch_one(&self.read)
        .await?;
        Ok(count)
    }
}

fn list_query(filter: &Filter, span: Span, limit: u32) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new("SELECT * FROM events WHERE id IN (");
    // One arm per broadcaster walks its own index from the cursor and stops at the limit, however many events
    // others have; a single IN would sort or scan them all.
    if filter.broadcasters.len() <= MAX_ARMS {
        for (n, broadcaster) in filter.broadcasters.iter().enumerate() {
            if n > 0 {
                sql.push(" UNION ALL ");
            }
            sql.push("SELECT id FROM (SELECT id FROM events WHERE broadcaster_id = ")
                .push_bind(broadcaster.clone());
            push_span(&mut sql, span);
            filter.push_conditions(&mut sql);
            push_order(&mut sql, span, limit);
            sql.push(")");
        }
    } else {
        sql.push("SELECT id FROM events WHERE broadcaster_id IN (");
        let mut list = sql.separated(", ");
        for broadcaster in &filter.broadcasters {
            list.push_bind(broadcaster.clone());
        }
        sql.push(")");
        push_span(&mut sql, span);
        filter.push_conditions(&mut sql);
        push_order(&mut sql, span, limit);
    }
    sql.push(")");
    push_order(&mut sql, span, limit);
    sql
}

fn push_span(sql: &mut QueryBuilder<Sqlite>, span: Span) {
    match span {
        Span::Before(cursor) => sql.push(" AND id < ").push_bind(cursor),
        Span::After(cursor, newest) => sql
            .push(" AND id > ")
            .push_bind(cursor)
            .push(" AND id <= ")
            .push_bind(newest),
    };
}

fn push_order(sql: &mut QueryBuilder<Sqlite>, span: Span, limit: u32) {
    sql.push(match span {
        Span::Before(_) => " ORDER BY id DESC LIMIT ",
        Span::After(..) => " ORDER BY id LIMIT ",
    })
    .push_bind(limit);
}

fn stored(row: &SqliteRow) -> Result<Stored, sqlx::Error> {
    Ok(Stored {
        id: row.try_get("id")?,
        occurred_at: row.try_get("occurred_at")?,
        event: event_of_row(row)?,
    })
}

fn event_of_row(row: &SqliteRow) -> Result<Event, sqlx::Error> {
    let user = |id: &str, login: &str, name: &str| -> Result<Option<UserRef>, sqlx::Error> {
        let Some(id) = row.try_get::<Option<String>, _>(id)? else {
            return Ok(None);
        };
        Ok(Some(UserRef {
            id,
            login: row.try_get(login)?,
            display_name: row.try_get(name)?,
        }))
    };
    let corrupt =
        |what: &str| sqlx::Error::Decode(format!("events.{what} holds an unknown value").into());
    let amount = match row.try_get::<Option<i64>, _>("amount_value")? {
        None => None,
        Some(value) => Some(Amount {
            value,
            unit: row.try_get("amount_unit")?,
            decimals: row
                .try_get::<Option<i64>, _>("amount_decimals")?
                .and_then(|d| u8::try_from(d).ok()),
        }),
    };
    let visibility = match row.try_get::<&str, _>("visibility")? {
        "public" => Visibility::Public,
        _ => Visibility::Broadcaster,
    };
    Ok(Event {
        id: row.try_get::<i64, _>("id")?.to_string(),
        message_id: row.try_get("message_id")?,
        event_type: row.try_get("event_type")?,
        version: row.try_get("version")?,
        kind: Kind::from_name(row.try_get("kind")?).ok_or_else(|| corrupt("kind"))?,
        broadcaster: user("broadcaster_id", "broadcaster_login", "broadcaster_name")?
            .ok_or_else(|| corrupt("broadcaster_id"))?,
        actor: user("actor_id", "actor_login", "actor_name")?,
        summary: row.try_get("summary")?,
        amount,
        text: row.try_get("text")?,
        occurred_at: rfc3339(row.try_get("occurred_at")?),
        received_at: rfc3339(row.try_get("received_at")?),
        visibility,
        group: None,
        same_as: None,
        recovered: false,
        payload: RawValue::from_string(row.try_get("payload")?)
            .ok()
            .ok_or_else(|| corrupt("payload"))?,
    })
}
