//! People who have logged in, and the sessions they hold through their epoch.

use sqlx::Row as _;

use super::{Error, Store};
use crate::ids::{Login, UserId};

/// A person who has logged in.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Twitch's user id.
    pub id: UserId,
    /// Lower-case login.
    pub login: String,
    /// As its owner writes it.
    pub display_name: String,
    /// Avatar, may be empty.
    pub profile_image_url: String,
    /// Events are collected while signed out.
    pub keep_collecting: bool,
    /// Sessions made under a lower epoch are over.
    pub session_epoch: i64,
}

impl Store {
    /// Keeps who logged in; answers the viewer and whether it is the first time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn viewer_logged_in(
        &self,
        id: &UserId,
        login: &Login,
        display_name: &str,
        profile_image_url: &str,
    ) -> Result<(Viewer, bool), Error> {
        let now = self.clock.now_ms();
        let row = sqlx::query(
            "INSERT INTO viewers (id, login, display_name, profile_image_url, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (id) DO UPDATE SET login = excluded.login, display_name = excluded.display_name, \
             profile_image_url = excluded.profile_image_url RETURNING *",
        )
        .bind(id)
        .bind(login)
        .bind(display_name)
        .bind(profile_image_url)
        .bind(now)
        .fetch_one(&mut *self.write.turn().await?)
        .await?;
        let is_first = row.try_get::<i64, _>("created_at")? == now;
        Ok((viewer_of_row(&row)?, is_first))
    }

    /// The viewer with this id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn viewer(&self, id: &UserId) -> Result<Option<Viewer>, Error> {
        let row = sqlx::query("SELECT * FROM viewers WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.read)
            .await?;
        Ok(row.as_ref().map(viewer_of_row).transpose()?)
    }

    /// Whether events are collected while the viewer is signed out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_keep_collecting(&self, id: &UserId, keep: bool) -> Result<(), Error> {
        sqlx::query("UPDATE viewers SET keep_collecting = $1 WHERE id = $2")
            .bind(i64::from(keep))
            .bind(id)
            .execute(&mut *self.write.turn().await?)
            .await?;
        Ok(())
    }

    /// Ends every session of a viewer, wherever it is kept, and with `tokens` every API token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_sessions(&self, id: &UserId, tokens: bool) -> Result<(), Error> {
        let mut transaction = self.write.begin().await?;
        sqlx::query("UPDATE viewers SET session_epoch = session_epoch + 1 WHERE id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        if tokens {
            sqlx::query("DELETE FROM api_tokens WHERE viewer_id = $1")
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

fn viewer_of_row(row: &sqlx::sqlite::SqliteRow) -> Result<Viewer, sqlx::Error> {
    Ok(Viewer {
        id: row.try_get("id")?,
        login: row.try_get("login")?,
        display_name: row.try_get("display_name")?,
        profile_image_url: row.try_get("profile_image_url")?,
        keep_collecting: row.try_get::<i64, _>("keep_collecting")? != 0,
        session_epoch: row.try_get("session_epoch")?,
    })
}
