//! Viewers' Twitch tokens: kept, refreshed by one at a time, validated at start and hourly.
//!
//! When Twitch has ended a grant, the viewer's sessions end with it. A failing network never ends anything.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures_util::StreamExt as _;
use secrecy::{ExposeSecret, SecretString};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::ids::UserId;
use crate::live::{Entry, Live};
use crate::store::grants::{Grant, NewGrant};
use crate::store::{self, Store};
use crate::timings::Timings;
use crate::twitch::{self, Backoff, TokenSet};

/// Validations and refreshes that are under way at a time.
const VALIDATIONS_AT_ONCE: usize = 8;

/// A token is refreshed this long before it ends, so that it does not end on its way.
const MARGIN_MS: i64 = 30_000;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The viewer has granted nothing, or no longer: only a new login helps.
    #[error("the viewer's grant has ended")]
    NoGrant,
    /// Twitch refused, or could not be asked; the grant is kept.
    #[error(transparent)]
    Twitch(#[from] twitch::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

/// The tokens of all viewers; cheap to clone.
#[derive(Debug, Clone)]
pub struct Tokens(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    twitch: twitch::Client,
    store: Store,
    live: Live,
    clock: Clock,
    timings: Timings,
    tracker: TaskTracker,
    runtime: Handle,
    /// One lock per viewer whose token is being refreshed; held across the refresh on purpose.
    flights: Mutex<HashMap<UserId, Weak<tokio::sync::Mutex<()>>>>,
}

impl Tokens {
    /// Tokens over this store. Must be called on the runtime that outlives all requests: a refresh that has
    /// begun goes on there, tracked by `tracker`, also when the request that needed it is given up.
    pub fn new(
        twitch: twitch::Client,
        store: Store,
        live: Live,
        clock: Clock,
        timings: Timings,
        tracker: TaskTracker,
    ) -> Self {
        Self(Arc::new(Inner {
            twitch,
            store,
            live,
            clock,
            timings,
            tracker,
            runtime: Handle::current(),
            flights: Mutex::default(),
        }))
    }

    /// Keeps what a login brought; the viewer must be stored already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn store_grant(&self, viewer: &UserId, set: &TokenSet) -> Result<(), store::Error> {
        self.0.store.put_grant(viewer, &self.new_grant(set)).await?;
        self.0.live.append(Entry::ViewerChanged(viewer.clone()));
        Ok(())
    }

    /// Whether the viewer has a grant with scopes that are `needed` and that a new one lacks, and that has all the new
    /// one has, and that Twitch still accepts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_better_grant(
        &self,
        viewer: &UserId,
        new_scopes: &[String],
        needed: &[&str],
    ) -> Result<bool, store::Error> {
        let held = match self.0.store.grant(viewer).await {
            Ok(Some(grant)) => grant.scopes,
            Ok(None) | Err(store::Error::Secret(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        let has = |scopes: &[String], scope: &str| scopes.iter().any(|one| one == scope);
        let is_better = new_scopes.iter().all(|scope| has(&held, scope))
            && needed
                .iter()
                .any(|scope| has(&held, scope) && !has(new_scopes, scope));
        // Where Twitch cannot be asked, the new one is the one that is sure to work.
        Ok(is_better && self.revalidate(viewer).await.is_ok())
    }

    /// A token that should work.
    ///
    /// # Errors
    /// [`Error::NoGrant`] when only a new login helps.
    pub async fn viewer_token(&self, viewer: &UserId) -> Result<SecretString, Error> {
        let grant = self.0.store.grant(viewer).await?.ok_or(Error::NoGrant)?;
        if grant.expires_at.saturating_sub(MARGIN_MS) > self.0.clock.now_ms() {
            return Ok(grant.access_token);
        }
        self.on_unauthorized(viewer, &grant.access_token).await
    }

    /// Twitch refused `used`: the token that has taken its place, refreshing only if none has.
    ///
    /// # Errors
    /// [`Error::NoGrant`] when the grant has ended, which also ends the viewer's sessions.
    ///
    /// # Cancel safety
    /// A refresh goes on when this future is dropped: Twitch may end the old tokens with it.
    pub async fn on_unauthorized(
        &self,
        viewer: &UserId,
        used: &SecretString,
    ) -> Result<SecretString, Error> {
        let (this, viewer, used) = (self.clone(), viewer.clone(), used.clone());
        let refresh = async move { this.refresh(&viewer, &used).await };
        let task = self.0.tracker.spawn_on(refresh, &self.0.runtime);
        task.await.unwrap_or(Err(Error::Stopping))
    }

    /// Calls Twitch with the viewer's token, and once more with a new one if Twitch refuses it.
    ///
    /// # Errors
    /// [`Error::NoGrant`] when only a new login helps; else what the call says.
    pub async fn with_viewer_token<T, F, C>(&self, viewer: &UserId, call: C) -> Result<T, Error>
    where
        C: Fn(SecretString) -> F,
        F: Future<Output = Result<T, twitch::Error>>,
    {
        let token = self.viewer_token(viewer).await?;
        match call(token.clone()).await {
            Err(twitch::Error::Unauthorized) => {
                let fresh = self.on_unauthorized(viewer, &token).await?;
                Ok(call(fresh).await?)
            }
            outcome => Ok(outcome?),
        }
    }

    /// Forgets a viewer's grant, and tells Twitch to end it.
    ///
    /// # Errors
    /// When the database fails. That Twitch cannot be told is logged: the grant is forgotten all the same.
    pub async fn revoke_grant(&self, viewer: &UserId) -> Result<(), store::Error> {
        let grant = match self.0.store.grant(viewer).await {
            Ok(grant) => grant,
            // Tokens that cannot be read cannot be revoked, but they can be forgotten.
            Err(store::Error::Secret(_)) => None,
            Err(error) => return Err(error),
        };
        self.0.store.delete_grant(viewer).await?;
        self.0.live.append(Entry::ViewerChanged(viewer.clone()));
        if let Some(grant) = grant
            && let Err(error) = self.0.twitch.revoke(&grant.access_token).await
        {
            tracing::warn!(%viewer, %error, "could not tell Twitch to end a token; it ends by itself within hours");
        }
        Ok(())
    }

    /// Asks Twitch whether a viewer's grant still stands, and ends it here if not.
    ///
    /// # Errors
    /// [`Error::NoGrant`] when there is none, or no longer.
    pub async fn revalidate(&self, viewer: &UserId) -> Result<(), Error> {
        let grant = self.0.store.grant(viewer).await?.ok_or(Error::NoGrant)?;
        match self.0.twitch.validate(&grant.access_token).await {
            Ok(said)
                if said.client_id == self.0.twitch.client_id() && said.user_id() == *viewer =>
            {
                Ok(())
            }
            Ok(_) => {
                tracing::error!(%viewer, "a stored token is not this viewer's, or not this app's");
                self.end(&grant).await?;
                Err(Error::NoGrant)
            }
            Err(twitch::Error::Unauthorized) => {
                let refreshed = self.on_unauthorized(viewer, &grant.access_token).await;
                refreshed.map(drop)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Validates every grant at once, then again and again, until `shutdown`.
    pub async fn run_validation(self, shutdown: CancellationToken) {
        let rounds = async {
            loop {
                self.validate_all().await;
                tokio::time::sleep(self.0.timings.validate_every).await;
            }
        };
        shutdown.run_until_cancelled(rounds).await;
    }

    /// Goes round until every grant has been judged; what could not be asked is asked again after a pause.
    async fn validate_all(&self) {
        let mut backoff = Backoff::new(&self.0.timings);
        let mut due: Option<Vec<UserId>> = None;
        loop {
            let round = match due.take() {
                Some(left) => Ok(left),
                None => self.0.store.viewers_with_grant().await,
            };
            match round {
                Ok(viewers) => {
                    let left = self.validate_round(viewers).await;
                    if left.is_empty() {
                        return;
                    }
                    due = Some(left);
                }
                Err(error) if backoff.failures() == 0 => {
                    tracing::warn!(%error, "cannot validate tokens; trying again with back-off");
                }
                Err(_) => {}
            }
            tokio::time::sleep(backoff.pause()).await;
        }
    }

    /// Validates these; answers whose grants could not be judged.
    async fn validate_round(&self, viewers: Vec<UserId>) -> Vec<UserId> {
        let judge = async |viewer: UserId| match self.revalidate(&viewer).await {
            Ok(()) | Err(Error::NoGrant) => None,
            // Unreadable here for ever, and harmless: the next login replaces it.
            Err(Error::Store(store::Error::Secret(_))) => {
                tracing::error!(%viewer, "a stored token cannot be read; the viewer must log in again");
                None
            }
            Err(error @ (Error::Twitch(_) | Error::Store(_) | Error::Stopping)) => {
                tracing::debug!(%viewer, %error, "could not validate a token");
                Some(viewer)
            }
        };
        let judged = futures_util::stream::iter(viewers.into_iter().map(judge));
        judged
            .buffer_unordered(VALIDATIONS_AT_ONCE)
            .filter_map(std::future::ready)
            .collect()
            .await
    }

    async fn refresh(&self, viewer: &UserId, stale: &SecretString) -> Result<SecretString, Error> {
        let flight = self.flight(viewer);
        let _alone = flight.lock().await;
        let grant = self.0.store.grant(viewer).await?.ok_or(Error::NoGrant)?;
        if grant.access_token.expose_secret() != stale.expose_secret() {
            return Ok(grant.access_token);
        }
        match self.0.twitch.refresh(&grant.refresh_token).await {
            Ok(set) => {
                let kept = self.keep_refreshed(&grant, &set).await?;
                if kept {
                    return Ok(set.access_token);
                }
                // Another process refreshed, or the viewer logged in anew or out; what is stored counts.
                let now = self.0.store.grant(viewer).await?;
                Ok(now.ok_or(Error::NoGrant)?.access_token)
            }
            // No other refusal says that the grant has ended: a proxy's 408 does not, nor does Twitch's 403 for
            // a wrong secret of ours.
            Err(twitch::Error::Unauthorized | twitch::Error::Rejected { status: 400, .. }) => {
                if self.end(&grant).await? {
                    return Err(Error::NoGrant);
                }
                let now = self.0.store.grant(viewer).await?;
                Ok(now.ok_or(Error::NoGrant)?.access_token)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// New tokens must not be lost, since the old refresh token may be worth nothing now.
    async fn keep_refreshed(&self, old: &Grant, set: &TokenSet) -> Result<bool, store::Error> {
        let mut backoff = Backoff::new(&self.0.timings);
        let new = self.new_grant(set);
        let new = NewGrant {
            scopes: if set.scopes.is_empty() {
                &old.scopes
            } else {
                new.scopes
            },
            ..new
        };
        loop {
            match self
                .0
                .store
                .replace_grant(&old.viewer_id, old.revision, &new)
                .await
            {
                Err(error) if backoff.failures() >= 5 => return Err(error),
                Err(_) => tokio::time::sleep(backoff.pause()).await,
                Ok(kept) => return Ok(kept),
            }
        }
    }

    /// Twitch has ended the grant; answers false when it was replaced meanwhile.
    async fn end(&self, grant: &Grant) -> Result<bool, store::Error> {
        let viewer = &grant.viewer_id;
        let ended = self.0.store.end_grant(viewer, grant.revision).await?;
        if ended {
            tracing::info!(%viewer, "Twitch has ended a viewer's grant; their sessions end");
            self.0.live.append(Entry::ViewerChanged(viewer.clone()));
        }
        Ok(ended)
    }

    fn new_grant<'a>(&self, set: &'a TokenSet) -> NewGrant<'a> {
        let lifetime = set.expires_in.map_or(i64::MAX, |d| {
            i64::try_from(d.as_millis()).unwrap_or(i64::MAX)
        });
        NewGrant {
            access_token: &set.access_token,
            refresh_token: &set.refresh_token,
            scopes: &set.scopes,
            expires_at: self.0.clock.now_ms().saturating_add(lifetime),
        }
    }

    /// The lock of one viewer. Those nobody holds are forgotten on the way.
    fn flight(&self, viewer: &UserId) -> Arc<tokio::sync::Mutex<()>> {
        let mut flights = self
            .0
            .flights
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(viewer).and_then(Weak::upgrade) {
            return flight;
        }
        flights.retain(|_, flight| flight.strong_count() > 0);
        let flight = Arc::default();
        flights.insert(viewer.clone(), Arc::downgrade(&flight));
        flight
    }
}
