//! A carrier's subscriptions at Twitch: made on its open session with the viewer's token, and given back.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;

use super::Deps;
use crate::ids::UserId;
use crate::tokens;
use crate::twitch::eventsub::{EventsubSubscription, Spec, Transport};
use crate::twitch::{Auth, Error};

/// Calls under way at a time.
const CALLS_AT_ONCE: usize = 4;

/// Types that are read as somebody in a chat.
const CHAT: &str = "channel.chat.";

/// Twitch's 403 has one text for all of it. <https://dev.twitch.tv/docs/chat/#join-limits>
const NO_CHAT: &str = "Twitch does not let the account that reads this chat in: it may be banned or timed out there, \
     or read a hundred chats already.";

/// What became of one topic.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Twitch delivers it over the session.
    Held(Spec, String),
    /// Twitch does not give it to this viewer.
    Refused {
        spec: Spec,
        reason: String,
        is_personal: bool,
    },
    /// Twitch has taken it back.
    Released(Spec),
    /// What Twitch delivers to this viewer, over whatever session.
    Listed(HashSet<String>),
    /// Could not be done now.
    Later(Option<Duration>),
    /// The viewer's grant has ended.
    NoGrant,
}

/// What is to be done on a session.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) deps: Arc<Deps>,
    pub(super) viewer: UserId,
    pub(super) session_id: String,
    /// Sessions of this carrier, the present one included: what hangs on them is ours.
    pub(super) sessions: HashSet<String>,
    /// Subscriptions that are ours whatever they hang on.
    pub(super) ours: Arc<BTreeSet<String>>,
    /// Look what Twitch has.
    pub(super) verify: bool,
    pub(super) release: Vec<(Spec, String)>,
    pub(super) create: Vec<Spec>,
}

impl Work {
    /// First gives back, so that there is room for the new.
    pub(super) async fn run(mut self) -> Vec<Outcome> {
        let (release, create) = (
            std::mem::take(&mut self.release),
            std::mem::take(&mut self.create),
        );
        let this = Arc::new(self);
        let releases = release
            .into_iter()
            .map(|(spec, id)| this.clone().release(spec, id));
        let releases = futures_util::stream::iter(releases).buffer_unordered(CALLS_AT_ONCE);
        let mut outcomes: Vec<Outcome> = releases.collect().await;
        if this.verify {
            outcomes.extend(this.clone().list().await);
        }
        let creations = create.into_iter().map(|spec| this.clone().create(spec));
        let mut creations = futures_util::stream::iter(creations).buffer_unordered(CALLS_AT_ONCE);
        while let Some(outcome) = creations.next().await {
            let is_over = matches!(outcome, Outcome::Later(_) | Outcome::NoGrant);
            outcomes.push(outcome);
            if is_over {
                // The others would fare no better.
                break;
            }
        }
        outcomes
    }

    /// What cannot be asked now is asked at the next look.
    async fn list(self: Arc<Self>) -> Option<Outcome> {
        let call = |token| {
            let twitch = self.deps.twitch.clone();
            async move {
                twitch
                    .list_eventsub_subscriptions(Auth::Viewer(&token))
                    .await
            }
        };
        let tokens = &self.deps.tokens;
        let listed = tokens.with_viewer_token(&self.viewer, call).await.ok()?;
        let listed = listed.subscriptions.into_iter();
        let enabled = listed.filter(EventsubSubscription::is_enabled);
        Some(Outcome::Listed(enabled.map(|listed| listed.id).collect()))
    }

    async fn release(self: Arc<Self>, spec: Spec, id: String) -> Outcome {
        let call = |token| {
            let (twitch, id) = (self.deps.twitch.clone(), id.clone());
            async move {
                twitch
                    .delete_eventsub_subscription(Auth::Viewer(&token), &id)
                    .await
            }
        };
        let tokens = &self.deps.tokens;
        match tokens.with_viewer_token(&self.viewer, call).await {
            Ok(()) => Outcome::Released(spec),
            Err(error) => self.not_done(spec, error),
        }
    }

    async fn create(self: Arc<Self>, spec: Spec) -> Outcome {
        let call = |token| {
            let (this, spec) = (self.clone(), spec.clone());
            async move { this.create_as(Auth::Viewer(&token), &spec).await }
        };
        let tokens = &self.deps.tokens;
        match tokens.with_viewer_token(&self.viewer, call).await {
            Ok(listed) => Outcome::Held(spec, listed.id),
            Err(error) => self.not_done(spec, error),
        }
    }

    /// That it exists already is no success: it hangs on another session, or on one that is dead and that
    /// Twitch has not missed yet. Ours is taken away, another installation's is left alone.
    async fn create_as(
        &self,
        caller: Auth<'_>,
        spec: &Spec,
    ) -> Result<EventsubSubscription, Error> {
        let existing_id = match self.ask(caller, spec).await {
            Err(Error::Conflict { existing_id }) => existing_id,
            outcome => return outcome,
        };
        let existing = match &existing_id {
            Some(id) => self.deps.twitch.eventsub_subscription(caller, id).await?,
            // Twitch's older answers do not name it.
            None => {
                let listed = self.deps.twitch.list_eventsub_subscriptions(caller).await?;
                let mut listed = listed.subscriptions.into_iter();
                listed.find(|listed| spec.is_listed_as(listed))
            }
        };
        let Some(existing) = existing else {
            return self.ask(caller, spec).await;
        };
        let session_id = &existing.transport.session_id;
        if *session_id == self.session_id && existing.is_enabled() {
            return Ok(existing);
        }
        let is_ours = self.sessions.contains(session_id) || self.ours.contains(&existing.id);
        if existing.is_enabled() && !is_ours {
            return Err(Error::Conflict { existing_id });
        }
        self.deps
            .twitch
            .delete_eventsub_subscription(caller, &existing.id)
            .await?;
        self.ask(caller, spec).await
    }

    async fn ask(&self, caller: Auth<'_>, spec: &Spec) -> Result<EventsubSubscription, Error> {
        let transport = Transport::Websocket {
            session_id: self.session_id.clone(),
        };
        let twitch = &self.deps.twitch;
        twitch
            .create_eventsub_subscription(caller, spec, &transport)
            .await
    }

    fn not_done(&self, spec: Spec, error: tokens::Error) -> Outcome {
        let error = match error {
            tokens::Error::NoGrant => return Outcome::NoGrant,
            tokens::Error::Store(_) | tokens::Error::Stopping => return Outcome::Later(None),
            tokens::Error::Twitch(error) => error,
        };
        let (reason, is_personal) = match &error {
            Error::RateLimited { retry_after } => return Outcome::Later(Some(*retry_after)),
            Error::Unavailable { .. } | Error::Unauthorized => return Outcome::Later(None),
            Error::Forbidden(_) if spec.event_type.starts_with(CHAT) => (NO_CHAT.to_owned(), true),
            Error::Forbidden(_) | Error::LimitReached(_) | Error::Conflict { .. } => {
                (error.reason(), true)
            }
            Error::NotFound | Error::Gone | Error::Rejected { .. } => (error.reason(), false),
        };
        tracing::debug!(viewer = %self.viewer, event_type = spec.event_type, %error, "a carrier's topic is refused");
        Outcome::Refused {
            spec,
            reason,
            is_personal,
        }
    }
}
