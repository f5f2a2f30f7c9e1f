//! The reconciler: compares at start, on change, after every fresh binding and every few minutes, and repairs.
//!
//! A full pass lists what Twitch has. A quick one, after a viewer's change, works from the last list and so
//! costs only the calls that the change itself needs.

use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::sync::watch;
use tokio::time::Instant;

use super::budget::{budget, within};
use super::carriers::{Carriers, HandleEnd};
use super::chats::Carried;
use super::diff::{Owner, Route, diff};
use super::refusals::Refusals;
use super::standing::Standing;
use super::transport::{Resolved, resolve};
use super::wake::{Scope, Wake};
use super::wanted::{Wanted, of_app, of_broadcasters};
use super::{Deps, apply, conduit, own_channel, reason, told};
use crate::carriers;
use crate::eventsub::revocation;
use crate::live::Interest;
use crate::shards::ReconcilerEnd;
use crate::store;
use crate::twitch::eventsub::{EventsubSubscription, Transport};
use crate::twitch::{self, Auth, Backoff};

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
    max_total_cost: i64,
}

struct Reconciler {
    deps: Deps,
    shards: ReconcilerEnd,
    known: Option<Known>,
    refusals: Refusals,
    pending_check: Backoff,
    carriers: Carriers,
    /// Nothing comes over the app's own routes.
    is_by_viewers: bool,
    /// How often all sockets of the conduit had been lost at the last look.
    losses_seen: u64,
    /// When an earlier run was last known to run, until the first pass has been through.
    last_alive: Option<i64>,
}

/// Compares for ever.
pub(super) async fn run(
    deps: Deps,
    shards: ReconcilerEnd,
    carriers: carriers::ReconcilerEnd,
    handle: HandleEnd,
) {
    let timings = deps.timings.clone();
    let mut wake = Wake::new(
        deps.live.follow(Interest::Nothing).0,
        shards.state.clone(),
        carriers.standings.clone(),
        handle,
        timings.topics_debounce,
    );
    let mut failing = Backoff::new(&timings);
    let last_alive = deps.last_alive;
    let mut reconciler = Reconciler {
        deps,
        shards,
        known: None,
        refusals: Refusals::new(&timings),
        pending_check: Backoff::between(timings.topics_pending_check, timings.reconcile_every),
        carriers: Carriers::new(carriers),
        is_by_viewers: false,
        losses_seen: 0,
        last_alive,
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
        reconciler.carriers.note_leaving(wake.take_leaving());
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
        let mut wanted = of_broadcasters(&broadcasters);
        wanted.extend(own_channel::of_own_channels(
            &self.deps.store.own_channels().await?,
        ));
        // First, for Twitch may take long over the rest.
        let mut carried = self.plan_carriers(&wanted).await?;
        let shards = self.shards.state.borrow().clone();
        let mut standing = Standing::new(&shards, self.losses_seen);
        self.losses_seen = shards.losses;
        let was_by_viewers = self.is_by_viewers;
        let outcome = self.repair(scope, &wanted, &mut standing).await;
        if self.is_by_viewers != was_by_viewers {
            carried = self.plan_carriers(&wanted).await?;
        }
        standing.note_carried(carried);
        let left_over = match &outcome {
            Err(Error::Twitch(error)) => error.reason(),
            Err(Error::Store(_)) | Ok(()) => reason::NOT_ASKED_YET.to_owned(),
        };
        standing.note_rest(&wanted, &left_over);
        // At the first pass: what an earlier run had is gone since that run.
        let now = self.deps.clock.now_ms();
        let lost_at = self.last_alive.unwrap_or(now);
        let ended = standing.write(&self.deps.store, lost_at).await?;
        self.last_alive = None;
        told::tell(&self.deps.live, ended);
        let interruption = outcome.as_ref().err().map(ToString::to_string);
        let over_sockets = self.shards.conduit.borrow().is_some();
        standing.report(&self.deps.health, interruption, &shards, over_sockets);
        outcome?;
        Ok(standing.has_unconfirmed())
    }

    async fn plan_carriers(&mut self, wanted: &[Wanted]) -> Result<Vec<Carried>, store::Error> {
        let by_viewers = if self.is_by_viewers { wanted } else { &[] };
        self.carriers.plan(&self.deps.store, by_viewers).await
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
        let own = if self.is_by_viewers { &[] } else { wanted };
        self.align(&mut known, own.to_vec(), standing).await?;
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
        let is_serving = self.shards.state.borrow().bound > 0;
        let route = match resolve(config, store, twitch, is_serving).await? {
            Resolved::Route(route) => route,
            Resolved::Unavailable(why) => {
                serve(&self.shards.conduit, None);
                return Ok(Some(why));
            }
        };
        self.is_by_viewers = route == Route::Viewers;
        serve(&self.shards.conduit, route.conduit_id());
        let owner = Owner {
            callback: config.public_url.webhook_callback(),
            conduit_id: conduit::remembered(store).await?,
        };
        let listing = twitch.list_eventsub_subscriptions(Auth::App).await?;
        let mut listed = listing.subscriptions;
        if matches!(route, Route::Webhook { .. }) {
            self.drop_webhooks_of_other_secret(&route, &mut listed)
                .await?;
        }
        self.known = Some(Known {
            route,
            owner,
            listed,
            max_total_cost: listing.max_total_cost,
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
        if known.route != Route::Viewers {
            wanted.extend(of_app(
                self.deps.twitch.client_id(),
                known.route.conduit_id(),
            ));
        }
        let authorised = self.deps.store.viewers_with_grant().await?;
        let budget = budget(&known.listed, &known.owner, known.max_total_cost);
        let (wanted, without) = within(budget, wanted, &authorised.into_iter().collect());
        standing.note_without(&without);
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
        let Some(transport) = self.transport(&known.route) else {
            return Ok(());
        };
        let creation = apply::Creation {
            transport,
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
            let why = error.reason();
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

    fn transport(&self, route: &Route) -> Option<Transport> {
        match route {
            Route::Webhook { callback } => Some(Transport::Webhook {
                callback: callback.clone(),
                secret: self.deps.eventsub_secret.clone(),
            }),
            Route::Conduit { id } => Some(Transport::Conduit {
                conduit_id: id.clone(),
            }),
            Route::Viewers => None,
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
