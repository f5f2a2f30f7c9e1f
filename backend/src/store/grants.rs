//! Grants: the Twitch tokens of viewers, encrypted.
//!
//! A grant's revision rises with every change. Whoever changes or ends a grant names the revision it saw, so
//! that of two refreshes, also in two processes, one wins and the other notices.

use secrecy::{ExposeSecret, SecretString};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{Error, Store};
use crate::ids::UserId;

/// What Twitch granted a viewer.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Whose.
    pub viewer_id: UserId,
    /// Goes with calls.
    pub access_token: SecretString,
    /// Buys the next access token.
    pub refresh_token: SecretString,
    /// What it allows.
    pub scopes: Vec<String>,
    /// When the access token ends, unix milliseconds.
    pub expires_at: i64,
    /// Rises with every change.
    pub revision: i64,
}

/// New tokens to keep.
#[derive(Debug, Clone)]
pub struct NewGrant<'a> {
    /// Goes with calls.
    pub access_token: &'a SecretString,
    /// Buys the next access token.
    pub refresh_token: &'a SecretString,
    /// What it allows.
    pub scopes: &'a [String],
    /// When the access token ends, unix milliseconds.
    pub expires_at: i64,
}

struct Sealed {
    access_token: String,
    refresh_token: String,
}

/// Where a token is stored; it cannot be read as another's.
fn place(viewer: &UserId, token: &str) -> String {
    format!("grant:{viewer}:{token}")
}

impl Store {
    fn seal_grant(&self, viewer: &UserId, new: &NewGrant<'_>) -> Result<Sealed, Error> {
        let seal = |token: &str, secret: &SecretString| {
            self.cipher
                .seal(&place(viewer, token), secret.expose_secret())
        };
        Ok(Sealed {
            access_token: seal("access", new.access_token)?,
            refresh_token: seal("refresh", new.refresh_token)?,
        })
    }

    fn open_grant(&self, row: &SqliteRow) -> Result<Grant, Error> {
        let viewer_id: UserId = row.try_get("viewer_id")?;
        let open = |token: &str, sealed: &str| self.cipher.open(&place(&viewer_id, token), sealed);
        let scopes: &str = row.try_get("scopes")?;
        Ok(Grant {
            access_token: open("access", row.try_get("access_token")?)?,
            refresh_token: open("refresh", row.try_get("refresh_token")?)?,
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            expires_at: row.try_get("expires_at")?,
            revision: row.try_get("revision")?,
            viewer_id,
        })
    }

    /// A viewer's grant, if there is one.
    ///
    /// # Errors
    /// When the database fails or the tokens cannot be read.
    pub async fn grant(&self, viewer: &UserId) -> Result<Option<Grant>, Error> {
        let row = sqlx::query(
            "SELECT viewer_id, access_token, refresh_token, scopes, expires_at, revision \
             FROM grants WHERE viewer_id = $1",
        )
        .bind(viewer)
        .fetch_optional(&self.read)
        .await?;
        row.map(|row| self.open_grant(&row)).transpose()
    }

    /// What a viewer's grant allows, without the tokens; nothing without a grant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn granted_scopes(&self, viewer: &UserId) -> Result<Vec<String>, Error> {
        let scopes: Option<String> =
            sqlx::query_scalar("SELECT scopes FROM grants WHERE viewer_id = $1")
                .bind(viewer)
                .fetch_optional(&self.read)
                .await?;
        let scopes = scopes.unwrap_or_default();
        Ok(scopes.split_whitespace().map(str::to_owned).collect())
    }

    /// Everyone who has granted us something.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn viewers_with_grant(&self) -> Result<Vec<UserId>, Error> {
        let ids = sqlx::query_scalar("SELECT viewer_id FROM grants ORDER BY viewer_id")
            .fetch_all(&self.read)
            .await?;
        Ok(ids)
    }

    /// Keeps what a login brought, over any old grant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_grant(&self, viewer: &UserId, new: &NewGrant<'_>) -> Result<(), Error> {
        let sealed = self.seal_grant(viewer, new)?;
        sqlx::query(
            "INSERT INTO grants (viewer_id, access_token, refresh_token, scopes, expires_at, granted_at, \
             revision) VALUES ($1, $2, $3, $4, $5, $6, 1) \
             ON CONFLICT (viewer_id) DO UPDATE SET access_token = excluded.access_token, \
             refresh_token = excluded.refresh_token, scopes = excluded.scopes, \
             expires_at = excluded.expires_at, granted_at = excluded.granted_at, \
             revision = grants.revision + 1",
        )
        .bind(viewer)
        .bind(sealed.access_token)
        .bind(sealed.refresh_token)
        .bind(new.scopes.join(" "))
        .bind(new.expires_at)
        .bind(self.clock.now_ms())
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(())
    }

    /// Keeps refreshed tokens, both in one statement, unless the grant changed since `revision`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_grant(
        &self,
        viewer: &UserId,
        revision: i64,
        new: &NewGrant<'_>,
    ) -> Result<bool, Error> {
        let sealed = self.seal_grant(viewer, new)?;
        let done = sqlx::query(
            "UPDATE grants SET access_token = $3, refresh_token = $4, scopes = $5, expires_at = $6, \
             revision = revision + 1 WHERE viewer_id = $1 AND revision = $2",
        )
        .bind(viewer)
        .bind(revision)
        .bind(sealed.access_token)
        .bind(sealed.refresh_token)
        .bind(new.scopes.join(" "))
        .bind(new.expires_at)
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Twitch ended a grant: forgets it and ends the viewer's sessions, unless it changed since `revision`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_grant(&self, viewer: &UserId, revision: i64) -> Result<bool, Error> {
        let mut tx = self.write.begin().await?;
        let done = sqlx::query("DELETE FROM grants WHERE viewer_id = $1 AND revision = $2")
            .bind(viewer)
            .bind(revision)
            .execute(&mut *tx)
            .await?;
        let ended = done.rows_affected() > 0;
        if ended {
            sqlx::query("UPDATE viewers SET session_epoch = session_epoch + 1 WHERE id = $1")
                .bind(viewer)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// Forgets a viewer's grant, whatever its state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_grant(&self, viewer: &UserId) -> Result<(), Error> {
        sqlx::query("DELETE FROM grants WHERE viewer_id = $1")
            .bind(viewer)
            .execute(&mut *self.write.turn().await?)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::crypto::SecretKey;
    use crate::store::Identity;

    async fn store(folder: &std::path::Path) -> Store {
        let key = SecretKey::load(None, folder, true).unwrap();
        let identity = Identity {
            mode: "real",
            twitch_host: "localhost".into(),
        };
        let store = Store::open(folder.join("t.db"), &identity, &key, Clock::system())
            .await
            .unwrap();
        sqlx::query(
            "INSERT INTO viewers (id, login, display_name, profile_image_url, created_at) \
             VALUES ('1', 'vera', 'Vera', '', 0)",
        )
        .execute(store.write.pool())
        .await
        .unwrap();
        store
    }

    #[tokio::test]
    async fn of_two_refreshes_of_one_revision_the_first_wins() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        let viewer = UserId::new("1");
        let new = |access: &'static str| (SecretString::from(access), SecretString::from("r"));
        let scopes = ["user:read:chat".to_owned()];
        let put = async |access: &'static str, revision: Option<i64>| {
            let (access_token, refresh_token) = new(access);
            let grant = NewGrant {
                access_token: &access_token,
                refresh_token: &refresh_token,
                scopes: &scopes,
                expires_at: 5,
            };
            match revision {
                None => store.put_grant(&viewer, &grant).await.map(|()| true),
                Some(revision) => store.replace_grant(&viewer, revision, &grant).await,
            }
            .unwrap()
        };
        put("a", None).await;
        let seen = store.grant(&viewer).await.unwrap().unwrap();
        assert_eq!(seen.scopes, scopes);
        assert!(put("b", Some(seen.revision)).await);
        assert!(!put("c", Some(seen.revision)).await);
        let now = store.grant(&viewer).await.unwrap().unwrap();
        assert_eq!(now.access_token.expose_secret(), "b");

        let epoch = "SELECT session_epoch FROM viewers WHERE id = '1'";
        assert!(!store.end_grant(&viewer, seen.revision).await.unwrap());
        assert!(store.end_grant(&viewer, now.revision).await.unwrap());
        assert!(store.grant(&viewer).await.unwrap().is_none());
        let epoch: i64 = sqlx::query_scalar(epoch)
            .fetch_one(&store.read)
            .await
            .unwrap();
        assert_eq!(epoch, 1);
    }

    #[tokio::test]
    async fn tokens_are_not_in_the_file_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        let token = SecretString::from("very-recognisable-token");
        let grant = NewGrant {
            access_token: &token,
            refresh_token: &token,
            scopes: &[],
            expires_at: 0,
        };
        store.put_grant(&UserId::new("1"), &grant).await.unwrap();
        store.close().await;
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let needle = token.expose_secret().as_bytes();
            assert!(!bytes.windows(needle.len()).any(|w| w == needle));
        }
    }
}
