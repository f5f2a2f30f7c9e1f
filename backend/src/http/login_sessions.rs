//! Where login sessions are kept: in the database, or in Redis when there is one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
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
    Redis(Arc<Redis>),
}

/// Redis, opened anew after a failure: its own client waits for minutes before it tries again.
struct Redis {
    url: SecretString,
    open: Mutex<Option<RedisSessionStore>>,
}

impl Redis {
    async fn store(&self, wait: StdDuration) -> anyhow::Result<RedisSessionStore> {
        let open = self
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(store) = open {
            return Ok(store);
        }
        let opening = RedisSessionStore::new(self.url.expose_secret());
        let opened = tokio::time::timeout(wait, opening).await;
        let store = opened.context("it does not answer")??;
        self.keep(Some(store.clone()));
        Ok(store)
    }

    fn keep(&self, store: Option<RedisSessionStore>) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = store;
    }
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
                let redis = Redis {
                    url: url.clone(),
                    open: Mutex::new(None),
                };
                redis.store(REDIS_START_WAIT).await?;
                Backing::Redis(Arc::new(redis))
            }
        };
        Ok(Self { backing, health })
    }

    /// Asks Redis whether it is there, when sessions are kept there.
    pub async fn ping(&self) {
        if let Backing::Redis(redis) = &self.backing
            && let Ok(key) = SessionKey::try_from("readiness".to_owned())
            && let Err(error) = self
                .redis(redis, async |store| store.load(&key).await)
                .await
        {
            tracing::debug!(%error, "Redis does not answer");
        }
    }

    /// A call to Redis, bounded in time and told to health.
    async fn redis<T, E>(
        &self,
        redis: &Redis,
        call: impl AsyncFnOnce(RedisSessionStore) -> Result<T, E>,
    ) -> anyhow::Result<T>
    where
        E: Into<anyhow::Error>,
    {
        let asked = async {
            call(redis.store(REDIS_WAIT).await?)
                .await
                .map_err(Into::into)
        };
        let outcome = match tokio::time::timeout(REDIS_WAIT, asked).await {
            Ok(outcome) => outcome,
            Err(_) => Err(anyhow!("Redis does not answer")),
        };
        if outcome.is_err() {
            redis.keep(None);
        }
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
            Backing::Redis(redis) => self
                .redis(redis, async |store| store.load(key).await)
                .await
                .map_err(LoadError::Other),
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
                .redis(redis, async |store| store.save(state, ttl).await)
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
                .redis(redis, async |store| store.update(key, state, ttl).await)
                .await
                .map_err(UpdateError::Other),
        }
    }

    async fn update_ttl(&self, key: &SessionKey, ttl: &Duration) -> anyhow::Result<()> {
        match &self.backing {
            Backing::Database(store) => Ok(store
                .extend_session(key.as_ref(), milliseconds(ttl))
                .await?),
            Backing::Redis(redis) => {
                self.redis(redis, async |store| store.update_ttl(key, ttl).await)
                    .await
            }
        }
    }

    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        match &self.backing {
            Backing::Database(store) => Ok(store.delete_session(key.as_ref()).await?),
            Backing::Redis(redis) => {
                self.redis(redis, async |store| store.delete(key).await)
                    .await
            }
        }
    }
}

fn text(state: &State) -> String {
    serde_json::to_string(state).unwrap_or_default()
}

fn milliseconds(ttl: &Duration) -> i64 {
    i64::try_from(ttl.whole_milliseconds()).unwrap_or(i64::MAX)
}
