//! Carries out a plan at Twitch: a few calls at a time, stopping early only when Twitch itself is the trouble.

use std::sync::Arc;

use futures_util::StreamExt as _;

use super::diff::{Owner, Route};
use super::wanted::Wanted;
use crate::twitch::eventsub::{EventsubSubscription, Transport};
use crate::twitch::{Auth, Client, Error};

/// Calls under way at a time: far below Twitch's 800 a minute, so that people's requests still get through.
const CALLS_AT_ONCE: usize = 8;

/// Calls in a row that Twitch leaves unanswered before the rest is left for later.
const UNANSWERED_MAX: u32 = 3;

/// What became of the creations.
#[derive(Debug, Default)]
pub(super) struct Created {
    /// Twitch has them now, enabled or pending.
    pub(super) done: Vec<(Wanted, EventsubSubscription)>,
    /// Twitch refused them.
    pub(super) refused: Vec<(Wanted, Error)>,
    /// Why some are left for later.
    pub(super) interrupted: Option<Error>,
}

/// Counts calls that Twitch leaves unanswered; a single one may be that call's own fault.
#[derive(Default)]
struct Patience(u32);

impl Patience {
    /// Whether to stop after this error.
    fn is_over(&mut self, error: &Error) -> bool {
        match error {
            Error::RateLimited { .. } | Error::Unauthorized => true,
            Error::Unavailable { .. } => {
                self.0 += 1;
                self.0 >= UNANSWERED_MAX
            }
            Error::Forbidden(_)
            | Error::NotFound
            | Error::Conflict { .. }
            | Error::Gone
            | Error::LimitReached(_)
            | Error::Rejected { .. } => {
                self.0 = 0;
                false
            }
        }
    }
}

/// Deletes; answers the ids that are gone, and why others are left for later.
pub(super) async fn delete(twitch: &Client, ids: Vec<String>) -> (Vec<String>, Option<Error>) {
    let calls = ids.into_iter().map(|id| {
        let twitch = twitch.clone();
        async move {
            let outcome = twitch.delete_eventsub_subscription(Auth::App, &id).await;
            (id, outcome)
        }
    });
    let mut outcomes = futures_util::stream::iter(calls).buffer_unordered(CALLS_AT_ONCE);
    let (mut gone, mut interrupted, mut patience) = (Vec::new(), None, Patience::default());
    while let Some((id, outcome)) = outcomes.next().await {
        match outcome {
            Ok(()) => {
                patience = Patience::default();
                gone.push(id);
            }
            Err(error) => {
                let stop = patience.is_over(&error);
                interrupted = Some(error);
                if stop {
                    break;
                }
            }
        }
    }
    (gone, interrupted)
}

/// How to create.
#[derive(Debug, Clone)]
pub(super) struct Creation {
    /// What Twitch is told.
    pub(super) transport: Transport,
    /// The same, as Twitch lists it.
    pub(super) route: Route,
    /// Tells ours from others.
    pub(super) owner: Owner,
}

/// Creates.
pub(super) async fn create(twitch: &Client, wanted: Vec<Wanted>, how: Creation) -> Created {
    let how = Arc::new(how);
    let calls = wanted.into_iter().map(|wanted| {
        let (twitch, how) = (twitch.clone(), how.clone());
        async move {
            let outcome = how.create_one(&twitch, &wanted).await;
            (wanted, outcome)
        }
    });
    let mut outcomes = futures_util::stream::iter(calls).buffer_unordered(CALLS_AT_ONCE);
    let (mut created, mut patience) = (Created::default(), Patience::default());
    while let Some((wanted, outcome)) = outcomes.next().await {
        match outcome {
            Ok(listed) => {
                patience = Patience::default();
                created.done.push((wanted, listed));
            }
            Err(error) => {
                let stop = patience.is_over(&error);
                if error.is_transient() || stop {
                    created.interrupted = Some(error);
                } else {
                    created.refused.push((wanted, error));
                }
                if stop {
                    break;
                }
            }
        }
    }
    created
}

impl Creation {
    /// Creates one. That it exists already counts as done only if the one that exists is ours and works.
    async fn create_one(
        &self,
        twitch: &Client,
        wanted: &Wanted,
    ) -> Result<EventsubSubscription, Error> {
        let existing_id = match self.ask(twitch, wanted).await {
            Err(Error::Conflict {
                existing_id: Some(id),
            }) => id,
            outcome => return outcome,
        };
        match twitch
            .eventsub_subscription(Auth::App, &existing_id)
            .await?
        {
            Some(listed) if !self.owner.owns(&listed) => Err(Error::Conflict {
                existing_id: Some(existing_id),
            }),
            Some(listed)
                if self.route.carries(&listed)
                    && wanted.spec.is_listed_as(&listed)
                    && (listed.is_enabled() || listed.is_pending()) =>
            {
                Ok(listed)
            }
            Some(_) => {
                twitch
                    .delete_eventsub_subscription(Auth::App, &existing_id)
                    .await?;
                self.ask(twitch, wanted).await
            }
            None => self.ask(twitch, wanted).await,
        }
    }

    async fn ask(&self, twitch: &Client, wanted: &Wanted) -> Result<EventsubSubscription, Error> {
        twitch
            .create_eventsub_subscription(Auth::App, &wanted.spec, &self.transport)
            .await
    }
}
