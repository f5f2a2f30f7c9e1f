//! Streams as they were seen: when they began and ended, how many watched, and among which cursors their events are.

use serde::Deserialize;
use sqlx::SqliteConnection;

use super::broadcasters::StreamState;
use super::{Error, Store};
use crate::ids::UserId;

/// How far Twitch's clock may be from ours, milliseconds.
const CLOCKS_DIFFER_MS: i64 = 60_000;

/// How late an event may be received, milliseconds: beyond it Twitch's messages are refused.
const LATE_MS: i64 = 15 * 60_000;

/// A stream, over or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenStream {
    /// Twitch's id of it.
    pub id: String,
    /// Unix milliseconds.
    pub started_at: i64,
    /// Unix milliseconds; none while it goes on.
    pub ended_at: Option<i64>,
    /// The most viewers at any look; none when nobody looked.
    pub peak_viewers: Option<i64>,
    /// What happened in it has cursors above the first and up to the second. So have others.
    pub cursors: (i64, i64),
}

/// The end of a stream, as an event tells it.
struct End {
    cursor: i64,
    at: i64,
    /// Older events of Twitch do not name the stream.
    stream_id: Option<String>,
}

impl End {
    /// Whoever keeps live states hears of an end a little later than it is stored.
    fn is_of(&self, (id, started_at, _): &StreamRow) -> bool {
        match &self.stream_id {
            Some(ended) => ended == id,
            None => self.at >= *started_at,
        }
    }
}

/// The part of such an event that matters here.
#[derive(Default, Deserialize)]
struct Ended {
    #[serde(default)]
    id: Option<String>,
}

type StreamRow = (String, i64, Option<i64>);

/// A stream is seen: it began then, and so many watch, if that is known.
pub(super) async fn note(
    connection: &mut SqliteConnection,
    broadcaster: &UserId,
    stream: &StreamState,
) -> Result<(), sqlx::Error> {
    if stream.id.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO streams (broadcaster_id, stream_id, started_at, peak_viewers) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (broadcaster_id, stream_id) DO UPDATE SET started_at = excluded.started_at, \
         peak_viewers = CASE WHEN streams.peak_viewers >= excluded.peak_viewers OR excluded.peak_viewers IS NULL \
         THEN streams.peak_viewers ELSE excluded.peak_viewers END",
    )
    .bind(broadcaster)
    .bind(&stream.id)
    .bind(stream.started_at)
    // Right after its start only the start itself is known.
    .bind(Some(stream.viewers).filter(|viewers| *viewers > 0))
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// The stream that this event ended; without one the running stream, else the last one that ended. `None` when
    /// there is none, or nobody saw it begin.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stream(
        &self,
        broadcaster: &UserId,
        ended_by: Option<i64>,
    ) -> Result<Option<SeenStream>, Error> {
        let end = self.end(broadcaster, ended_by).await?;
        if ended_by.is_none()
            && let Some(running) = self.running_stream(broadcaster).await?
            && !end.as_ref().is_some_and(|end| end.is_of(&running))
        {
            return Ok(Some(self.with_cursors(broadcaster, running, None).await?));
        }
        let Some(end) = end else {
            return Ok(None);
        };
        match self.stream_before(broadcaster, &end).await? {
            Some(row) => Ok(Some(self.with_cursors(broadcaster, row, Some(&end)).await?)),
            None => Ok(None),
        }
    }

    async fn running_stream(&self, broadcaster: &UserId) -> Result<Option<StreamRow>, Error> {
        let running = sqlx::query_as(
            "SELECT s.stream_id, s.started_at, s.peak_viewers FROM streams s JOIN broadcasters b \
             ON b.id = s.broadcaster_id AND b.stream_id = s.stream_id WHERE s.broadcaster_id = $1",
        );
        Ok(running.bind(broadcaster).fetch_optional(&self.read).await?)
    }

    async fn end(&self, broadcaster: &UserId, cursor: Option<i64>) -> Result<Option<End>, Error> {
        let row: Option<(i64, i64, String)> = sqlx::query_as(
            "SELECT id, occurred_at, payload FROM stream_marks WHERE broadcaster_id = $1 AND id >= $2 AND id <= $3 \
             AND event_type = 'stream.offline' ORDER BY id DESC LIMIT 1",
        )
        .bind(broadcaster)
        .bind(cursor.unwrap_or(0))
        .bind(cursor.unwrap_or(i64::MAX))
        .fetch_optional(&self.read)
        .await?;
        Ok(row.map(|(cursor, at, payload)| End {
            cursor,
            at,
            stream_id: serde_json::from_str::<Ended>(&payload)
                .unwrap_or_default()
                .id,
        }))
    }

    /// The stream of this end: the one it names, else the last one that began after the end before it.
    async fn stream_before(
        &self,
        broadcaster: &UserId,
        end: &End,
    ) -> Result<Option<StreamRow>, Error> {
        if let Some(id) = &end.stream_id {
            let named = sqlx::query_as(
                "SELECT stream_id, started_at, peak_viewers FROM streams \
                 WHERE broadcaster_id = $1 AND stream_id = $2",
            );
            let named = named.bind(broadcaster).bind(id);
            return Ok(named.fetch_optional(&self.read).await?);
        }
        let last = sqlx::query_as(
            "SELECT stream_id, started_at, peak_viewers FROM streams WHERE broadcaster_id = $1 AND started_at <= $2 \
             AND started_at >= COALESCE((SELECT occurred_at FROM stream_marks WHERE broadcaster_id = $1 AND id < $3 \
             AND event_type = 'stream.offline' ORDER BY id DESC LIMIT 1), 0) ORDER BY started_at DESC LIMIT 1",
        );
        let last = last.bind(broadcaster).bind(end.at).bind(end.cursor);
        Ok(last.fetch_optional(&self.read).await?)
    }

    /// Between which cursors its events are: cursors are given in the order of receipt, and nothing is received before
    /// it happens.
    async fn with_cursors(
        &self,
        broadcaster: &UserId,
        (id, started_at, peak_viewers): StreamRow,
        end: Option<&End>,
    ) -> Result<SeenStream, Error> {
        let below: Option<i64> = sqlx::query_scalar(
            "SELECT id FROM stream_marks WHERE broadcaster_id = $1 AND id < $2 AND received_at < $3 \
             ORDER BY id DESC LIMIT 1",
        )
        .bind(broadcaster)
        .bind(end.map_or(i64::MAX, |end| end.cursor))
        .bind(started_at - CLOCKS_DIFFER_MS)
        .fetch_optional(&self.read)
        .await?;
        let mut up_to = None;
        if let Some(end) = end {
            up_to = sqlx::query_scalar(
                "SELECT id FROM stream_marks WHERE broadcaster_id = $1 AND id > $2 AND received_at > $3 \
                 ORDER BY id LIMIT 1",
            )
            .bind(broadcaster)
            .bind(end.cursor)
            .bind(end.at + LATE_MS)
            .fetch_optional(&self.read)
            .await?;
        }
        Ok(SeenStream {
            id,
            started_at,
            ended_at: end.map(|end| end.at),
            peak_viewers,
            cursors: (below.unwrap_or(0), up_to.unwrap_or(i64::MAX)),
        })
    }

    /// Forgets the streams that began before this time, unix milliseconds, and are over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_streams_before(&self, time_ms: i64) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM streams WHERE started_at < $1 AND NOT EXISTS (SELECT 1 FROM broadcasters b \
             WHERE b.id = streams.broadcaster_id AND b.stream_id = streams.stream_id)",
        )
        .bind(time_ms)
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(())
    }
}
