//! Where login sessions are kept: in the database, or in Redis when there is one.

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration as StdDuration;

use actix_session::storage::{
    LoadError, RedisSessionStore, SaveError, SessionKey, SessionStore, UpdateError,
    generate_session_key,
};
use actix_web::cookie::time::Duration;
use anyhow::{Context as _, anyhow};
use secrecy::{ExposeSecret as _, SecretString};

use crate::health::{Health, Part};
use crate::store::Store;

/// Longest wait for Redis while a person waits for an answer.
const REDIS_WAIT: StdDuration = StdDuration::from_secs(2);
/// Longest wait for Redis at start.
const REDIS_START_WAIT: StdDuration = StdDuration::from_secs(5);

type State = HashMap<String, String>;

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
            Some(url) => {
                let opening = RedisSessionStore::new(url.expose_secret());
                let opened = tokio::time::timeout(REDIS_START_WAIT, opening).await;
                Backing::Redis(opened.context("it does not answer")??)
            }
        };
        Ok(Self { backing, health })
    }

    /// Asks Redis whether it is there, when sessions are kept there.
    pub async fn ping(&self) {
        if let Backing::Redis(redis) = &self.backing
            && let Ok(key) = SessionKey::try_from("readiness".to_owned())
            && let Err(error) = self.redis(redis.load(&key)).await
        {
            tracing::debug!(%error, "Redis does not answer");
        }
    }

    /// A call to Redis, bounded in time and told to health.
    async fn redis<T, E>(&self, call: impl Future<Output = Result<T, E>>) -> anyhow::Result<T>
    where
        E: Into<anyhow::Error>,
    {
        let outcome = match tokio::time::timeout(REDIS_WAIT, call).await {
            Ok(outcome) => outcome.map_err(Into::into),
            Err(_) => Err(anyhow!("Redis does not answer")),
        };
        let told = outcome
            .as_ref()
            .map(|_| ())
            .map_err(|error| format!("{error:#}"));
        self.health.report(Part::Sessions, told);
        outcome
    }
}

impl SessionStore for LoginSessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        match &self.backing {
            Backing::Database(store) => {
                let text = store.session_state(key.as_ref()).await;
                let text = text.map_err(|error| LoadError::Other(error.into()))?;
                let parse = |text: String| serde_json::from_str(&text);
                text.map(parse)
                    .transpose()
                    .map_err(|error| LoadError::Deserialization(error.into()))
            }
            Backing::Redis(redis) => self.redis(redis.load(key)).await.map_err(LoadError::Other),
        }
    }

    async fn save(&self, state: State, ttl: &Duration) -> Result<SessionKey, SaveError> {
        match &self.backing {
            Backing::Database(store) => {
                let key = generate_session_key();
                let saved = store
                    .save_session(key.as_ref(), &text(&state), milliseconds(ttl))
                    .await;
                saved.map_err(|error| SaveError::Other(error.into()))?;
                Ok(key)
            }
            Backing::Redis(redis) => self
                .redis(redis.save(state, ttl))
                .await
                .map_err(SaveError::Other),
        }
    }

    async fn update(
        &self,
        key: SessionKey,
        state: State,
        ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        match &self.backing {
            Backing::Database(store) => {
                let saved = store
                    .save_session(key.as_ref(), &text(&state), milliseconds(ttl))
                    .await;
                saved.map_err(|error| UpdateError::Other(error.into()))?;
                Ok(key)
            }
            Backing::Redis(redis) => self
                .redis(redis.update(key, state, ttl))
                .await
                .map_err(UpdateError::Other),
        }
    }

    async fn update_ttl(&self, key: &SessionKey, ttl: &Duration) -> anyhow::Result<()> {
        match &self.backing {
            Backing::Database(store) => Ok(store
                .extend_session(key.as_ref(), milliseconds(ttl))
                .await?),
            Backing::Redis(redis) => self.redis(redis.update_ttl(key, ttl)).await,
        }
    }

    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        match &self.backing {
            Backing::Database(store) => Ok(store.delete_session(key.as_ref()).await?),
            Backing::Redis(redis) => self.redis(redis.delete(key)).await,
        }
    }
}

fn text(state: &State) -> String {
    serde_json::to_string(state).unwrap_or_default()
}

fn milliseconds(ttl: &Duration) -> i64 {
    i64::try_from(ttl.whole_milliseconds()).unwrap_or(i64::MAX)
}
