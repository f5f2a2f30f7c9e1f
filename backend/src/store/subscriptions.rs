//! Which viewer is subscribed to which broadcaster.

use std::collections::HashSet;

use sqlx::Row as _;

use super::{Error, Store};
use crate::ids::UserId;

/// A viewer's subscription to a broadcaster.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// To whom.
    pub broadcaster_id: UserId,
    /// Events above it are unread.
    pub read_cursor: i64,
    /// Unix milliseconds.
    pub created_at: i64,
}

/// What became of the wish to subscribe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscribed {
    /// It is new.
    New,
    /// It was there.
    Already,
    /// The viewer has as many as allowed.
    LimitReached,
}

impl Store {
    /// Subscribes a viewer, unless that would be one too many. What is stored already counts as read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn subscribe(
        &self,
        viewer: &UserId,
        broadcaster: &UserId,
        most: u32,
    ) -> Result<Subscribed, Error> {
        let now = self.clock.now_ms();
        let mut transaction = self.write.begin().await?;
        let is_subscribed: Option<i64> = sqlx::query_scalar(
            "SELECT 1 FROM subscriptions WHERE viewer_id = $1 AND broadcaster_id = $2",
        )
        .bind(viewer)
        .bind(broadcaster)
        .fetch_optional(&mut *transaction)
        .await?;
        if is_subscribed.is_some() {
            return Ok(Subscribed::Already);
        }
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM subscriptions WHERE viewer_id = $1")
                .bind(viewer)
                .fetch_one(&mut *transaction)
                .await?;
        if count >= i64::from(most) {
            return Ok(Subscribed::LimitReached);
        }
        sqlx::query(
            "INSERT INTO subscriptions (viewer_id, broadcaster_id, read_cursor, created_at) \
             SELECT $1, $2, COALESCE(MAX(id), 0), $3 FROM events",
        )
        .bind(viewer)
        .bind(broadcaster)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Subscribed::New)
    }

    /// Ends a subscription; answers whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unsubscribe(&self, viewer: &UserId, broadcaster: &UserId) -> Result<bool, Error> {
        let done =
            sqlx::query("DELETE FROM subscriptions WHERE viewer_id = $1 AND broadcaster_id = $2")
                .bind(viewer)
                .bind(broadcaster)
                .execute(&mut *self.write.turn().await?)
                .await?;
        Ok(done.rows_affected() > 0)
    }

    /// A viewer's subscriptions, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn subscriptions(&self, viewer: &UserId) -> Result<Vec<Subscription>, Error> {
        let rows = sqlx::query(
            "SELECT broadcaster_id, read_cursor, created_at FROM subscriptions WHERE viewer_id = $1 \
             ORDER BY created_at, broadcaster_id",
        )
        .bind(viewer)
        .fetch_all(&self.read)
        .await?;
        let read = |row: &sqlx::sqlite::SqliteRow| {
            Ok(Subscription {
                broadcaster_id: row.try_get("broadcaster_id")?,
                read_cursor: row.try_get("read_cursor")?,
                created_at: row.try_get("created_at")?,
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, sqlx::Error>>()?)
    }

    /// The ids of those a viewer is subscribed to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn subscribed_broadcasters(&self, viewer: &UserId) -> Result<HashSet<UserId>, Error> {
        let ids: Vec<UserId> =
            sqlx::query_scalar("SELECT broadcaster_id FROM subscriptions WHERE viewer_id = $1")
                .bind(viewer)
                .fetch_all(&self.read)
                .await?;
        Ok(ids.into_iter().collect())
    }
}
