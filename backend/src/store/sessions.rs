//! Login sessions of the embedded default, and login attempts that were used. Only hashes are stored.

use super::{Error, Store};
use crate::crypto;

impl Store {
    /// The state of a session that is not over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_state(&self, session_key: &str) -> Result<Option<String>, Error> {
        let state =
            sqlx::query_scalar("SELECT state FROM sessions WHERE id_hash = $1 AND expires_at > $2")
                .bind(crypto::hash(session_key))
                .bind(self.clock.now_ms())
                .fetch_optional(&self.read)
                .await?;
        Ok(state)
    }

    /// Keeps a session's state for so many milliseconds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_session(
        &self,
        session_key: &str,
        state: &str,
        lifetime_ms: i64,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO sessions (id_hash, state, expires_at) VALUES ($1, $2, $3) \
             ON CONFLICT (id_hash) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at",
        )
        .bind(crypto::hash(session_key))
        .bind(state)
        .bind(self.clock.now_ms() + lifetime_ms)
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(())
    }

    /// Lets a session live for so many milliseconds from now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn extend_session(&self, session_key: &str, lifetime_ms: i64) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET expires_at = $1 WHERE id_hash = $2")
            .bind(self.clock.now_ms() + lifetime_ms)
            .bind(crypto::hash(session_key))
            .execute(&mut *self.write.turn().await?)
            .await?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_session(&self, session_key: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM sessions WHERE id_hash = $1")
            .bind(crypto::hash(session_key))
            .execute(&mut *self.write.turn().await?)
            .await?;
        Ok(())
    }

    /// Marks a login attempt as used; answers false when it was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_oauth_state(&self, state: &str, lifetime_ms: i64) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO used_oauth_states (state_hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(crypto::hash(state))
        .bind(self.clock.now_ms() + lifetime_ms)
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Drops sessions and login attempts that are over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_expired_sessions(&self) -> Result<(), Error> {
        let now = self.clock.now_ms();
        for statement in [
            "DELETE FROM sessions WHERE expires_at <= $1",
            "DELETE FROM used_oauth_states WHERE expires_at <= $1",
        ] {
            sqlx::query(statement)
                .bind(now)
                .execute(&mut *self.write.turn().await?)
                .await?;
        }
        Ok(())
    }
}
