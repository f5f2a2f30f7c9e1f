//! Who could carry topics for whom: subscribed, and the grant is kept.

use sqlx::Row as _;

use super::{Error, Store};
use crate::ids::UserId;

/// A viewer over whose WebSocket a broadcaster's topics could come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Whose topics.
    pub broadcaster_id: UserId,
    /// Who could carry them.
    pub viewer_id: UserId,
    /// The viewer's grant has `user:read:chat`.
    pub may_read_chat: bool,
    /// The grant outlives the viewer's logout.
    pub keeps_collecting: bool,
}

impl Store {
    /// Every pair of broadcaster and possible carrier: by broadcaster, those who keep collecting first, then
    /// those who are subscribed longest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn carrier_candidates(&self) -> Result<Vec<Candidate>, Error> {
        let rows = sqlx::query(
            "SELECT s.broadcaster_id, s.viewer_id, g.scopes, v.keep_collecting FROM subscriptions s \
             JOIN grants g ON g.viewer_id = s.viewer_id JOIN viewers v ON v.id = s.viewer_id \
             ORDER BY s.broadcaster_id, v.keep_collecting DESC, s.created_at, s.viewer_id",
        )
        .fetch_all(&self.read)
        .await?;
        let read = |row: &sqlx::sqlite::SqliteRow| {
            let scopes: &str = row.try_get("scopes")?;
            Ok(Candidate {
                broadcaster_id: row.try_get("broadcaster_id")?,
                viewer_id: row.try_get("viewer_id")?,
                may_read_chat: scopes.split_whitespace().any(|s| s == "user:read:chat"),
                keeps_collecting: row.try_get("keep_collecting")?,
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, sqlx::Error>>()?)
    }
}
