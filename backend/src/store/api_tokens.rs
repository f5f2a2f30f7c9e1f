//! API tokens: the secret is shown once and only its hash is stored.

use super::{Error, Store};
use crate::clock::rfc3339;
use crate::crypto;
use crate::ids::UserId;

impl Store {
    /// Keeps a new token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_api_token(
        &self,
        viewer: &UserId,
        id: &str,
        name: &str,
        token: &str,
    ) -> Result<wire::ApiToken, Error> {
        let now = self.clock.now_ms();
        sqlx::query("INSERT INTO api_tokens (id, viewer_id, name, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(viewer)
            .bind(name)
            .bind(crypto::hash(token))
            .bind(now)
            .execute(&mut *self.write.turn().await?)
            .await?;
        Ok(wire::ApiToken {
            id: id.to_owned(),
            name: name.to_owned(),
            created_at: rfc3339(now),
        })
    }

    /// A viewer's tokens, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_tokens(&self, viewer: &UserId) -> Result<Vec<wire::ApiToken>, Error> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT id, name, created_at FROM api_tokens WHERE viewer_id = $1 ORDER BY created_at DESC, id",
        )
        .bind(viewer)
        .fetch_all(&self.read)
        .await?;
        let token = |(id, name, created_at)| wire::ApiToken {
            id,
            name,
            created_at: rfc3339(created_at),
        };
        Ok(rows.into_iter().map(token).collect())
    }

    /// Deletes a viewer's token; answers whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_api_token(&self, viewer: &UserId, id: &str) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM api_tokens WHERE viewer_id = $1 AND id = $2")
            .bind(viewer)
            .bind(id)
            .execute(&mut *self.write.turn().await?)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Whose token this is, and the token's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_token_owner(&self, token: &str) -> Result<Option<(UserId, String)>, Error> {
        let owner = sqlx::query_as("SELECT viewer_id, id FROM api_tokens WHERE token_hash = $1")
            .bind(crypto::hash(token))
            .fetch_optional(&self.read)
            .await?;
        Ok(owner)
    }
}
