//! Facts about the database itself: whose it is, and values that are made once and kept.

use secrecy::{ExposeSecret, SecretString};

use super::{Error, Identity, Store, is_read_only};

pub(super) const KEY_CHECK: &str = "key-check";

impl Store {
    /// A kept value.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meta(&self, key: &str) -> Result<Option<String>, Error> {
        let value = sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(key)
            .fetch_optional(&self.read)
            .await?;
        Ok(value)
    }

    /// Keeps a value, over any old one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_meta(&self, key: &str, value: &str) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value)
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(())
    }

    /// A secret that is made once and kept encrypted.
    ///
    /// # Errors
    /// When the database fails or the secret cannot be read.
    pub async fn secret_made_once(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<String, crate::crypto::Error>,
    ) -> Result<SecretString, Error> {
        if self.meta(name).await?.is_none() {
            let sealed = self.cipher.seal(name, &make()?)?;
            sqlx::query(
                "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
            )
            .bind(name)
            .bind(sealed)
            .execute(&mut *self.write.turn().await?)
            .await?;
        }
        let sealed = self.meta(name).await?.unwrap_or_default();
        Ok(self.cipher.open(name, &sealed)?)
    }

    /// Stamps a new database; refuses one of another key, or that can only be read.
    pub(super) async fn stamp(&self, identity: &Identity, shown: &str) -> Result<(), Error> {
        match self.write.begin().await {
            Err(error) if is_read_only(&error) => {
                return Err(Error::Unfit(format!(
                    "database {shown} can only be read: {error}"
                )));
            }
            begun => drop(begun?),
        }
        let stamps = [
            ("mode", identity.mode),
            ("twitch-host", identity.twitch_host.as_str()),
        ];
        for (name, value) in stamps {
            if self.meta(name).await?.is_none() {
                self.set_meta(name, value).await?;
            }
        }
        let check = self
            .secret_made_once(KEY_CHECK, || Ok(KEY_CHECK.to_owned()))
            .await;
        match check {
            Ok(value) if value.expose_secret() == KEY_CHECK => Ok(()),
            Err(error @ (Error::Sql(_) | Error::Record(_) | Error::Unfit(_))) => Err(error),
            Ok(_) | Err(Error::Secret(_)) => Err(Error::Unfit(format!(
                "database {shown} was made with another key: SECRET_KEY (or the key file in DATA_DIR) does not fit it"
            ))),
        }
    }
}
