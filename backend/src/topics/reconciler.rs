//! The reconciler: compares at start, on change, after every fresh binding and every few minutes, and repairs.
//!
//! A full pass lists what Twitch has. A quick one, after a viewer's change, works from the last list and so
//! costs only the calls that the change itself needs.

use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::sync::watch;
use tokio::time::Instant;

use super::diff::{Owner, Route, diff};
use super::refusals::Refusals;
use super::standing::Standing;
use super::transport::{Resolved, resolve};
use super::wake::{Scope, Wake};
use super::wanted::{Wanted, of_app, of_broadcasters};
use super::{Deps, apply, conduit, reason};
use crate::eventsub::revocation;
use crate::shards::ReconcilerEnd;
use crate::store;
use crate::twitch::eventsub::{Caller, EventsubSubscription, Transport};
use crate::twitch::{self, Backoff};

/// Why a pass did not get through.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Twitch(#[from] twitch::Error),
    #[error("the database failed")]
    Store(#[from] store::Error),
}

impl From<conduit::Error> for Error {
    fn from(error: conduit::Error) -> Self {
        match error {
            conduit::Error::Twitch(error) => Self::Twitch(error),
            conduit::Error::Store(error) => Self::Store(error),
        }
    }
}

/// What the last full pass learned, kept up to date by what was done since.
struct Known {
    route: Route,
    owner: Owner,
    listed: Vec<EventsubSubscription>,
}

struct Reconciler {
    deps: Deps,
    shards: ReconcilerEnd,
    known: Option<Known>,
    refusals: Refusals,
    pending_check: Backoff,
}

/// Compares for ever.
pub(super) async fn run(deps: Deps, shards: ReconcilerEnd) {
    let timings = deps.timings.clone();
    let mut wake = Wake::new(
        deps.live.subscribe(),
        shards.state.clone(),
        timings.topics_debounce,
    );
    let mut failing = Backoff::new(&timings);
    let mut reconciler = Reconciler {
        deps,
        shards,
        known: None,
        refusals: Refusals::new(&timings),
        pending_check: Backoff::between(timings.topics_pending_check, timings.reconcile_every),
    };
    let mut scope = Scope::Full;
    loop {
        let pause = match reconciler.pass(scope).await {
            Ok(has_unconfirmed) => {
                failing.reset();
                reconciler.next_look(has_unconfirmed)
            }
            Err(Error::Twitch(twitch::Error::RateLimited { retry_after })) => retry_after,
            Err(error) => {
                tracing::debug!(%error, "topics could not be compared");
                failing.pause()
            }
        };
        scope = wake.wait(pause).await;
    }
}

impl Reconciler {
    /// How long there is nothing to do unless something changes.
    fn next_look(&mut self, has_unconfirmed: bool) -> Duration {
        let timings = &self.deps.timings;
        let mut pause = timings.reconcile_every;
        if let Some(due) = self.refusals.next_due() {
            let left = due.saturating_duration_since(Instant::now());
            pause = pause.min(left.max(timings.backoff_first));
        }
        if has_unconfirmed {
            pause.min(self.pending_check.pause())
        } else {
            self.pending_check.reset();
            pause
        }
    }

    /// One comparison and repair, and what came of it told to viewers and health. Answers whether Twitch has
    /// still to confirm something.
    async fn pass(&mut self, scope: Scope) -> Result<bool, Error> {
        let broadcasters = self.deps.store.wanted_broadcasters().await?;
        let wanted = of_broadcasters(&broadcasters);
        let shards = self.shards.state.borrow().clone();
        let mut standing = Standing::new(&shards);
        let outcome = self.repair(scope, &wanted, &mut standing).await;
        let left_over = match &outcome {
            Err(Error::Twitch(error)) => reason::of_error(error),
            Err(Error::Store(_)) | Ok(()) => reason::NOT_ASKED_YET.to_owned(),
        };
        standing.note_rest(&wanted, &left_over);
        standing.write(&self.deps.store).await?;
        let interruption = outcome.as_ref().err().map(ToString::to_string);
        let over_sockets = self.shards.conduit.borrow().is_some();
        standing.report(&self.deps.health, interruption, &shards, over_sockets);
        outcome?;
        Ok(standing.has_unconfirmed())
    }

    async fn repair(
        &mut self,
        scope: Scope,
        wanted: &[Wanted],
        standing: &mut Standing,
    ) -> Result<(), Error> {
        if (scope == Scope::Full || self.known.is_none())
            && let Some(why) = self.look().await?
        {
            standing.note_unavailable(wanted, why);
            return Ok(());
        }
        let Some(mut known) = self.known.take() else {
            return Ok(());
        };
        self.align(&mut known, wanted.to_vec(), standing).await?;
        // Not after a failure: what Twitch did not answer may have happened, and only a list can tell.
        self.known = Some(known);
        Ok(())
    }

    /// Finds out which way events come and what Twitch has; answers why they cannot come.
    async fn look(&mut self) -> Result<Option<&'static str>, Error> {
        let Deps {
            config,
            store,
            twitch,
            ..
        } = &self.deps;
        self.known = None;
        let route = match resolve(config, store, twitch).await? {
            Resolved::Route(route) => route,
            Resolved::Unavailable(why) => {
                serve(&self.shards.conduit, None);
                return Ok(Some(why));
            }
        };
        serve(&self.shards.conduit, route.conduit_id());
        let owner = Owner {
            callback: config.public_url.webhook_callback(),
            conduit_id: conduit::remembered(store).await?,
        };
        let mut listed = twitch.list_eventsub_subscriptions(&Caller::App).await?;
        if route.conduit_id().is_none() {
            self.drop_webhooks_of_other_secret(&route, &mut listed)
                .await?;
        }
        self.known = Some(Known {
            route,
            owner,
            listed,
        });
        Ok(None)
    }

    /// What Twitch signs with another secret than ours would be refused on arrival.
    async fn drop_webhooks_of_other_secret(
        &self,
        route: &Route,
        listed: &mut Vec<EventsubSubscription>,
    ) -> Result<(), Error> {
        let ours = &self.deps.eventsub_secret;
        let in_use = self.deps.store.webhook_secret_in_use().await?;
        if in_use.is_some_and(|s| s.expose_secret() == ours.expose_secret()) {
            return Ok(());
        }
        let (stale, others): (Vec<_>, Vec<_>) = std::mem::take(listed)
            .into_iter()
            .partition(|listed| route.carries(listed));
        *listed = others;
        if !stale.is_empty() {
            tracing::info!(
                webhooks = stale.len(),
                "EVENTSUB_SECRET has changed; making the webhooks anew"
            );
        }
        let ids = stale.into_iter().map(|stale| stale.id).collect();
        if let (_, Some(error)) = apply::delete(&self.deps.twitch, ids).await {
            return Err(error.into());
        }
        Ok(self.deps.store.set_webhook_secret_in_use(ours).await?)
    }

    /// Deletes and creates what differs, and notes how each topic stands.
    async fn align(
        &mut self,
        known: &mut Known,
        mut wanted: Vec<Wanted>,
        standing: &mut Standing,
    ) -> Result<(), Error> {
        wanted.extend(of_app(
            self.deps.twitch.client_id(),
            known.route.conduit_id(),
        ));
        self.refusals.retain(&wanted);
        let plan = diff(&wanted, &known.listed, &known.owner, &known.route);
        for (spec, status) in &plan.ended {
            self.refusals.note_ended(spec, revocation::reason(status));
        }
        for (wanted, listed) in &plan.keep {
            self.has(wanted, listed, standing);
        }
        let (gone, interrupted) = apply::delete(&self.deps.twitch, plan.delete).await;
        known.listed.retain(|listed| !gone.contains(&listed.id));

        let mut create = Vec::new();
        for wanted in plan.create {
            match self.refusals.holds_back(&wanted.spec) {
                Some(why) => standing.note_refused(&wanted, why),
                None => create.push(wanted),
            }
        }
        if let Some(error) = interrupted {
            return Err(error.into());
        }
        let creation = apply::Creation {
            transport: self.transport(&known.route),
            route: known.route.clone(),
            owner: known.owner.clone(),
        };
        let created = apply::create(&self.deps.twitch, create, creation).await;
        for (wanted, listed) in created.done {
            self.has(&wanted, &listed, standing);
            known.listed.retain(|old| old.id != listed.id);
            known.listed.push(listed);
        }
        let mut news = Vec::new();
        for (wanted, error) in created.refused {
            let why = reason::of_error(&error);
            standing.note_refused(&wanted, &why);
            if self.refusals.note_refused(&wanted.spec, why) {
                news.push((wanted, error));
            }
        }
        complain(&news);
        created
            .interrupted
            .map_or(Ok(()), |error| Err(error.into()))
    }

    /// Twitch has a topic. One that it has yet to confirm may still be refused again.
    fn has(&mut self, wanted: &Wanted, listed: &EventsubSubscription, standing: &mut Standing) {
        if listed.is_enabled() {
            self.refusals.clear(&wanted.spec);
        }
        standing.note_listed(wanted, listed);
    }

    fn transport(&self, route: &Route) -> Transport {
        match route {
            Route::Webhook { callback } => Transport::Webhook {
                callback: callback.clone(),
                secret: self.deps.eventsub_secret.clone(),
            },
            Route::Conduit { id } => Transport::Conduit {
                conduit_id: id.clone(),
            },
        }
    }
}

/// Tells the listener which conduit to serve, if that is news.
fn serve(listener: &watch::Sender<Option<std::sync::Arc<str>>>, conduit_id: Option<&str>) {
    listener.send_if_modified(|served| {
        let is_news = served.as_deref() != conduit_id;
        *served = conduit_id.map(Into::into);
        is_news
    });
}

/// Refusals are logged when they are news, those of one pass together: they tend to have one cause. Those of
/// the app's own topics concern no viewer.
fn complain(news: &[(Wanted, twitch::Error)]) {
    let is_of_app = |(wanted, _): &&(Wanted, twitch::Error)| wanted.key.is_none();
    if let Some((wanted, error)) = news.iter().find(|refused| !is_of_app(refused)) {
        let topics = news.iter().filter(|refused| !is_of_app(refused)).count();
        let (event_type, condition) = (wanted.spec.event_type, &wanted.spec.condition);
        tracing::warn!(topics, event_type, ?condition, %error, "Twitch refuses topics; trying again now and then");
    }
    for (wanted, error) in news.iter().filter(is_of_app) {
        let event_type = wanted.spec.event_type;
        tracing::info!(event_type, %error, "Twitch refuses a topic of the app itself; going on without");
    }
}
