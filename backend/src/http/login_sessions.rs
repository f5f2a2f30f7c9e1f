//! Where login sessions are kept: in the database, or in Redis when there is one.

use std::collections::HashMap;

use actix_session::storage::{
    LoadError, RedisSessionStore, SaveError, SessionKey, SessionStore, UpdateError,
    generate_session_key,
};
use actix_web::cookie::time::Duration;
use secrecy::{ExposeSecret as _, SecretString};

use crate::health::{Health, Part};
use crate::pipeline::error_chain;
use crate::store::Store;

/// The store behind the session cookie; cheap to clone.
#[derive(Clone)]
pub struct LoginSessions {
    backing: Backing,
    health: Health,
}

#[derive(Clone)]
enum Backing {
    Database(Store),
    Redis(RedisSessionStore),
}

impl LoginSessions {
    /// Sessions in the database, or in Redis when its address is set.
    ///
    /// # Errors
    /// When Redis is set and does not answer.
    pub async fn open(
        store: &Store,
        redis_url: Option<&SecretString>,
        health: Health,
    ) -> anyhow::Result<Self> {
        let backing = match redis_url {
            None => Backing::Database(store.clone()),
            Some(url) => Backing::Redis(RedisSessionStore::new(url.expose_secret()).await?),
        };
        Ok(Self { backing, health })
    }

    /// Where failures of it are shown.
    fn part(&self) -> Part {
        match self.backing {
            Backing::Database(_) => Part::Store,
            Backing::Redis(_) => Part::Sessions,
        }
    }

    fn report<T>(&self, outcome: Result<T, anyhow::Error>) -> Result<T, anyhow::Error> {
        match &outcome {
            Ok(_) => self.health.report(self.part(), Ok(())),
            Err(error) => self
                .health
                .report(self.part(), Err(error_chain(error.as_ref()))),
        }
        outcome
    }
}

impl SessionStore for LoginSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        match &self.backing {
            Backing::Database(store) => {
                let state = store
                    .session_state(key.as_ref())
                    .await
                    .map_err(anyhow::Error::from);
                let state = self.report(state).map_err(LoadError::Other)?;
                let parse = |text: String| serde_json::from_str(&text);
                state
                    .map(parse)
                    .transpose()
                    .map_err(|error| LoadError::Deserialization(error.into()))
            }
            Backing::Redis(redis) => redis.load(key).await,
        }
    }

    async fn save(
        &self,
        state: HashMap<String, String>,
        ttl: &Duration,
    ) -> Result<SessionKey, SaveError> {
        match &self.backing {
            Backing::Database(store) => {
                let key = generate_session_key();
                let text = serde_json::to_string(&state)
                    .map_err(|error| SaveError::Serialization(error.into()))?;
                let saved = store
                    .save_session(key.as_ref(), &text, milliseconds(ttl))
                    .await;
                self.report(saved.map_err(anyhow::Error::from))
                    .map_err(SaveError::Other)?;
                Ok(key)
            }
            Backing::Redis(redis) => redis.save(state, ttl).await,
        }
    }

    async fn update(
        &self,
        key: SessionKey,
        state: HashMap<String, String>,
        ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        match &self.backing {
            Backing::Database(store) => {
                let text = serde_json::to_string(&state)
                    .map_err(|error| UpdateError::Serialization(error.into()))?;
                let saved = store
                    .save_session(key.as_ref(), &text, milliseconds(ttl))
                    .await;
                self.report(saved.map_err(anyhow::Error::from))
                    .map_err(UpdateError::Other)?;
                Ok(key)
            }
            Backing::Redis(redis) => redis.update(key, state, ttl).await,
        }
    }

    async fn update_ttl(&self, key: &SessionKey, ttl: &Duration) -> Result<(), anyhow::Error> {
        match &self.backing {
            Backing::Database(store) => self.report(
                store
                    .extend_session(key.as_ref(), milliseconds(ttl))
                    .await
                    .map_err(Into::into),
            ),
            Backing::Redis(redis) => redis.update_ttl(key, ttl).await,
        }
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        match &self.backing {
            Backing::Database(store) => {
                self.report(store.delete_session(key.as_ref()).await.map_err(Into::into))
            }
            Backing::Redis(redis) => redis.delete(key).await,
        }
    }
}

fn milliseconds(ttl: &Duration) -> i64 {
    i64::try_from(ttl.whole_milliseconds()).unwrap_or(i64::MAX)
}
