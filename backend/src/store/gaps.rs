//! Spans in which a topic that had arrived could not, so that nobody takes silence for "nothing happened".

use std::collections::{BTreeMap, HashSet};

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::topics::{TopicKey, direction_name};
use super::{Error, Store};
use crate::ids::UserId;

/// When this program was last known to run, unix milliseconds.
const ALIVE: &str = "alive-at";

/// A span that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The last moment at which events are known to have arrived, unix milliseconds.
    pub began_at: i64,
    /// From here on they do again, unix milliseconds.
    pub ended_at: i64,
}

/// The spans that ended together, by broadcaster: of several topics the widest.
pub type Ended = BTreeMap<UserId, Span>;

/// A topic has stopped to arrive. One that has not arrived before stays as it is.
pub(super) async fn begin(
    connection: &mut SqliteConnection,
    key: &TopicKey,
    began_at: i64,
) -> Result<(), sqlx::Error> {
    // What overlaps with a gap that is known is the same gap, and one that lasts goes on.
    let known: Vec<i64> = sqlx::query_scalar(
        "DELETE FROM gaps WHERE broadcaster_id = $1 AND event_type = $2 AND direction = $3 \
         AND (ended_at IS NULL OR ended_at >= $4) RETURNING began_at",
    )
    .bind(&key.broadcaster_id)
    .bind(&key.event_type)
    .bind(direction_name(key.direction))
    .bind(began_at)
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO gaps (broadcaster_id, event_type, direction, began_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(&key.broadcaster_id)
    .bind(&key.event_type)
    .bind(direction_name(key.direction))
    .bind(known.into_iter().fold(began_at, i64::min))
    .execute(connection)
    .await?;
    Ok(())
}

/// A topic arrives again, or is wanted no longer; answers since when it had not.
pub(super) async fn end(
    connection: &mut SqliteConnection,
    key: &TopicKey,
    ended_at: i64,
) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar(
        "UPDATE gaps SET ended_at = CASE WHEN began_at > $4 THEN began_at ELSE $4 END \
         WHERE broadcaster_id = $1 AND event_type = $2 AND direction = $3 AND ended_at IS NULL \
         RETURNING began_at",
    )
    .bind(&key.broadcaster_id)
    .bind(&key.event_type)
    .bind(direction_name(key.direction))
    .bind(ended_at)
    .fetch_optional(connection)
    .await
}

/// The topic behind one of Twitch's subscriptions (1) has stopped to arrive (2).
pub(super) const BEGIN_REVOKED: &str = "INSERT INTO gaps (broadcaster_id, event_type, direction, began_at) \
     SELECT broadcaster_id, event_type, direction, ?2 FROM topics \
     WHERE eventsub_id = ?1 AND status = 'enabled' ON CONFLICT DO NOTHING";

impl Store {
    /// Notes that the program runs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mark_alive(&self) -> Result<(), Error> {
        self.set_meta(ALIVE, &self.clock.now_ms().to_string()).await
    }

    /// When an earlier run was last known to run; `None` for the first one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_alive(&self) -> Result<Option<i64>, Error> {
        let alive = self.meta(ALIVE).await?;
        Ok(alive.and_then(|at| at.parse().ok()))
    }

    /// The spans of these broadcasters that ended after the last event up to this cursor was received, each
    /// broadcaster's as one: what this viewer, who has seen that event, does not know yet. Of other people's channels
    /// only topics of the public types are looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn gaps_after(
        &self,
        viewer: &UserId,
        broadcasters: &HashSet<UserId>,
        public_types: impl IntoIterator<Item = &'static str>,
        cursor: i64,
    ) -> Result<Ended, Error> {
        let seen_at: Option<i64> = sqlx::query_scalar(
            "SELECT received_at FROM events WHERE id <= $1 ORDER BY id DESC LIMIT 1",
        )
        .bind(cursor)
        .fetch_optional(&self.read)
        .await?;
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT broadcaster_id, MIN(began_at), MAX(ended_at) FROM gaps WHERE ended_at > ",
        );
        query.push_bind(seen_at.unwrap_or_default());
        query.push(" AND (broadcaster_id = ").push_bind(viewer);
        query.push(" OR event_type IN (");
        let mut list = query.separated(", ");
        for event_type in public_types {
            list.push_bind(event_type);
        }
        query.push(")) GROUP BY broadcaster_id");
        let rows: Vec<(UserId, i64, i64)> = query.build_query_as().fetch_all(&self.read).await?;
        let wanted = rows
            .into_iter()
            .filter(|(id, ..)| broadcasters.contains(id));
        let span = |(id, began_at, ended_at)| (id, Span { began_at, ended_at });
        Ok(wanted.map(span).collect())
    }
}
