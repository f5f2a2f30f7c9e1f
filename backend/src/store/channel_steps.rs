//! What streamers chose to have told of their own channels. A choice lasts as long as the grant it rests on.

use std::collections::BTreeMap;

use sqlx::Row as _;

use super::{Error, Store};
use crate::ids::UserId;

/// A streamer who has connected the own channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnChannel {
    /// Who, and whose channel.
    pub viewer_id: UserId,
    /// The names of the steps chosen.
    pub steps: Vec<String>,
    /// What the grant allows.
    pub scopes: Vec<String>,
}

impl Store {
    /// The names of the steps a viewer chose.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn chosen_steps(&self, viewer: &UserId) -> Result<Vec<String>, Error> {
        let steps =
            sqlx::query_scalar("SELECT step FROM channel_steps WHERE viewer_id = $1 ORDER BY step")
                .bind(viewer)
                .fetch_all(&self.read)
                .await?;
        Ok(steps)
    }

    /// Keeps that a viewer chose these steps; of somebody without a grant nothing is kept.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn choose_steps(&self, viewer: &UserId, steps: &[&str]) -> Result<(), Error> {
        let now = self.clock.now_ms();
        let mut transaction = self.write.begin().await?;
        for step in steps {
            sqlx::query(
                "INSERT INTO channel_steps (viewer_id, step, chosen_at) \
                 SELECT viewer_id, $2, $3 FROM grants WHERE viewer_id = $1 ON CONFLICT DO NOTHING",
            )
            .bind(viewer)
            .bind(step)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Forgets that a viewer chose this step, or any; answers whether there was something to forget.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undo_steps(&self, viewer: &UserId, step: Option<&str>) -> Result<bool, Error> {
        let done = sqlx::query(
            "DELETE FROM channel_steps WHERE viewer_id = $1 AND ($2 IS NULL OR step = $2)",
        )
        .bind(viewer)
        .bind(step)
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Everybody who chose a step, with what Twitch allows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn own_channels(&self) -> Result<Vec<OwnChannel>, Error> {
        let rows = sqlx::query(
            "SELECT c.viewer_id, c.step, g.scopes FROM channel_steps c \
             JOIN grants g ON g.viewer_id = c.viewer_id ORDER BY c.viewer_id, c.step",
        )
        .fetch_all(&self.read)
        .await?;
        let mut channels: BTreeMap<UserId, OwnChannel> = BTreeMap::new();
        for row in rows {
            let viewer_id: UserId = row.try_get("viewer_id")?;
            let scopes: &str = row.try_get("scopes")?;
            let channel = channels
                .entry(viewer_id.clone())
                .or_insert_with(|| OwnChannel {
                    viewer_id,
                    steps: Vec::new(),
                    scopes: scopes.split_whitespace().map(str::to_owned).collect(),
                });
            channel.steps.push(row.try_get("step")?);
        }
        Ok(channels.into_values().collect())
    }
}
