//! What recovery after an outage asks: whether an event could have been lost, and what was told last.

use super::recorder::CHANNEL_UPDATE_WINDOW_MS;
use super::{Error, Store};
use crate::ids::UserId;

/// Changes of a channel among which one is looked for that came out of order.
pub(super) const RECENT_UPDATES: i64 = 8;

/// An event that no message told, and when Twitch would have sent it.
#[derive(Debug, Clone)]
pub struct Untold<'a> {
    /// Whose.
    pub broadcaster: &'a UserId,
    /// Of which type.
    pub event_type: &'a str,
    /// Not before this time, unix milliseconds.
    pub since: i64,
    /// Not after this time, unix milliseconds.
    pub until: i64,
    /// Somebody must have been subscribed by this time, unix milliseconds: before that nothing was to be received.
    pub wanted_by: i64,
}

impl Store {
    /// Whether events of this type were to be received, and whether they could not be in a part of that time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn was_wanted_and_out(&self, untold: &Untold<'_>) -> Result<(bool, bool), Error> {
        let answer = sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM subscriptions WHERE broadcaster_id = $1 AND created_at <= $5), \
             EXISTS (SELECT 1 FROM gaps WHERE broadcaster_id = $1 AND event_type = $2 AND began_at <= $4 \
             AND (ended_at IS NULL OR ended_at >= $3))",
        )
        .bind(untold.broadcaster)
        .bind(untold.event_type)
        .bind(untold.since)
        .bind(untold.until)
        .bind(untold.wanted_by)
        .fetch_one(&self.read)
        .await?;
        Ok(answer)
    }

    /// Twitch's `event` object of a channel's last change of title or category by when it happened, and of those that
    /// came within a minute before a time, unix milliseconds: Twitch's clock may not be ours, nor their order that in
    /// which they happened.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_channel_updates(
        &self,
        broadcaster: &UserId,
        before: i64,
    ) -> Result<Vec<String>, Error> {
        let payloads = sqlx::query_scalar(
            "WITH recent AS (SELECT id, payload, occurred_at, received_at FROM events \
             WHERE event_type = 'channel.update' AND broadcaster_id = $1 ORDER BY id DESC LIMIT $2) \
             SELECT payload FROM recent WHERE received_at >= $3 \
             OR id = (SELECT id FROM recent ORDER BY occurred_at DESC, id DESC LIMIT 1)",
        )
        .bind(broadcaster)
        .bind(RECENT_UPDATES)
        .bind(before - CHANNEL_UPDATE_WINDOW_MS)
        .fetch_all(&self.read)
        .await?;
        Ok(payloads)
    }
}
