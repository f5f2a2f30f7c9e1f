//! How far a viewer has read each streamer's events. Marks may move back, so that a viewer can mark something unread.

use sqlx::SqliteConnection;

use super::{Error, Store};
use crate::ids::UserId;

/// A mark as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadMark {
    /// Whose events.
    pub broadcaster_id: UserId,
    /// Events above it are unread.
    pub cursor: i64,
    /// How many of these the viewer may see, as far as they were counted.
    pub unread: u32,
}

/// What became of the wish to move a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// It stands elsewhere now.
    Moved,
    /// It stood there.
    AsBefore,
    /// There is none without a subscription.
    NotSubscribed,
}

impl Store {
    /// Moves a viewer's mark, forward or back; beyond the newest event it stands at the newest.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn mark_read(
        &self,
        viewer: &UserId,
        broadcaster: &UserId,
        cursor: i64,
    ) -> Result<Marked, Error> {
        let mut transaction = self.write.begin().await?;
        let stands_at: Option<i64> = sqlx::query_scalar(
            "SELECT read_cursor FROM subscriptions WHERE viewer_id = $1 AND broadcaster_id = $2",
        )
        .bind(viewer)
        .bind(broadcaster)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(stands_at) = stands_at else {
            return Ok(Marked::NotSubscribed);
        };
        let mark = cursor.min(newest(&mut transaction).await?);
        if mark == stands_at {
            return Ok(Marked::AsBefore);
        }
        sqlx::query(
            "UPDATE subscriptions SET read_cursor = $3 WHERE viewer_id = $1 AND broadcaster_id = $2",
        )
        .bind(viewer)
        .bind(broadcaster)
        .bind(mark)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Marked::Moved)
    }

    /// Moves all of a viewer's marks to the newest event; answers whose have moved.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn mark_all_read(&self, viewer: &UserId) -> Result<Vec<UserId>, Error> {
        let mut transaction = self.write.begin().await?;
        let newest = newest(&mut transaction).await?;
        let moved = sqlx::query_scalar(
            "UPDATE subscriptions SET read_cursor = $2 WHERE viewer_id = $1 AND read_cursor <> $2 \
             RETURNING broadcaster_id",
        )
        .bind(viewer)
        .bind(newest)
        .fetch_all(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(moved)
    }

    /// How a viewer's marks of these broadcasters stand; those without a subscription have none. Unread events are
    /// counted up to `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read_marks(
        &self,
        viewer: &UserId,
        broadcasters: &[UserId],
        most: u32,
    ) -> Result<Vec<ReadMark>, Error> {
        let mut marks = Vec::with_capacity(broadcasters.len());
        for subscription in self.subscriptions(viewer).await? {
            let (broadcaster_id, cursor) = (subscription.broadcaster_id, subscription.read_cursor);
            if broadcasters.contains(&broadcaster_id) {
                let unread = self.count_after(viewer, &broadcaster_id, cursor, most);
                marks.push(ReadMark {
                    unread: unread.await?,
                    broadcaster_id,
                    cursor,
                });
            }
        }
        Ok(marks)
    }
}

/// The newest cursor given, as the transaction finds it.
async fn newest(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let newest = sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
        .fetch_optional(connection)
        .await?;
    Ok(newest.unwrap_or(0))
}
