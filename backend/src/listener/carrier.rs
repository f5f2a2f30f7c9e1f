//! One viewer's own WebSocket: connect, subscribe what the viewer is to carry, read; start anew when it breaks.
//!
//! What is wanted stands outside of the session, so a new session asks for all of it again. A move that Twitch
//! asks for takes everything along and asks for nothing.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::Deps;
use super::delivery;
use super::refused::Refused;
use super::roster::Roster;
use super::session::{BROKE, Session, Step, wait};
use super::socket;
use super::subscribe::{Outcome, Work};
use crate::carriers::Standing;
use crate::eventsub::{Message, revocation};
use crate::ids::UserId;
use crate::pipeline::error_chain;
use crate::tokens;
use crate::twitch::Backoff;
use crate::twitch::eventsub::Spec;

/// The viewer has withdrawn the app's permission, or changed the password.
const AUTHORIZATION_REVOKED: &str = "authorization_revoked";

/// Why a session ended.
#[derive(Debug, thiserror::Error)]
enum End {
    /// The viewer carries nothing any more, or the server stops.
    #[error("not wanted any more")]
    Unwanted,
    /// The socket is no use any more.
    #[error(transparent)]
    Socket(#[from] socket::Error),
    /// There is no token, for now or for good.
    #[error("no token of the viewer")]
    Token(#[source] tokens::Error),
    /// Twitch has ended what hangs on the viewer's permission.
    #[error("Twitch says that the viewer's permission has ended")]
    Revoked,
}

/// A carrier and what it works with.
pub(super) struct CarrierSocket {
    viewer: UserId,
    deps: Arc<Deps>,
    roster: Arc<Roster>,
    queue: mpsc::Sender<Message>,
    load: watch::Receiver<Arc<BTreeSet<Spec>>>,
    stop: CancellationToken,
    refused: Refused,
    /// Sessions of this carrier so far, and subscriptions of an earlier run: what is in the way of a new one.
    sessions: HashSet<String>,
    ours: Arc<BTreeSet<String>>,
    /// What Twitch delivers over the open session, by its id.
    held: HashMap<Spec, String>,
    /// A socket went silent, and none has given a sign of life since.
    went_silent: bool,
    /// The log has been told that something is wrong.
    has_complained: bool,
    /// When the last session was welcome.
    opened_at: Option<Instant>,
    /// When Twitch gave the last sign of life, unix milliseconds.
    heard_at: Option<i64>,
    /// When to look whether Twitch still has what is held.
    verify_at: Instant,
    /// Not before this moment, after Twitch could not be asked.
    not_before: Instant,
    asking: Backoff,
}

impl CarrierSocket {
    pub(super) fn new(
        viewer: UserId,
        deps: Arc<Deps>,
        roster: Arc<Roster>,
        queue: mpsc::Sender<Message>,
        load: watch::Receiver<Arc<BTreeSet<Spec>>>,
        ours: Arc<BTreeSet<String>>,
        stop: CancellationToken,
    ) -> Self {
        let refused = Refused::new(&deps.timings);
        Self {
            asking: Backoff::new(&deps.timings),
            viewer,
            deps,
            roster,
            queue,
            load,
            stop,
            refused,
            sessions: HashSet::new(),
            ours,
            held: HashMap::new(),
            went_silent: false,
            has_complained: false,
            opened_at: None,
            heard_at: None,
            verify_at: Instant::now(),
            not_before: Instant::now(),
        }
    }

    /// Serves until the viewer carries nothing any more.
    pub(super) async fn run(mut self) {
        let mut backoff = Backoff::new(&self.deps.timings);
        while self.has_something_to_ask().await {
            self.opened_at = None;
            let end = Box::pin(self.serve()).await;
            self.held.clear();
            if matches!(end, End::Unwanted) {
                break;
            }
            self.went_silent |= matches!(end, End::Socket(socket::Error::Silent));
            let cause = error_chain(&end);
            tracing::debug!(viewer = %self.viewer, cause, "a carrier's session ended");
            // One that breaks is replaced at once; one that cannot be replaced is trouble.
            if self.opened_at.is_none() {
                self.complain(&cause);
            }
            self.roster
                .closed(&self.viewer, cause, self.heard_at, self.refused.standings());
            if matches!(end, End::Revoked)
                && let Err(error) = self.deps.tokens.revalidate(&self.viewer).await
            {
                tracing::debug!(viewer = %self.viewer, %error, "a carrier's token is in doubt");
            }
            let stable_after = self.deps.timings.eventsub_stable_after;
            if self
                .opened_at
                .is_some_and(|at| at.elapsed() >= stable_after)
            {
                // What served well for a while is replaced at once: events come meanwhile.
                backoff.reset();
            } else {
                tokio::select! {
                    () = tokio::time::sleep(backoff.pause()) => {}
                    () = self.stop.cancelled() => break,
                }
            }
        }
        self.roster.forget(&self.viewer);
    }

    /// A session without a subscription is closed by Twitch, so none is opened while every topic is refused.
    /// Answers false when nothing is wanted any more.
    async fn has_something_to_ask(&mut self) -> bool {
        loop {
            if self.stop.is_cancelled() {
                return false;
            }
            let load = self.load.borrow_and_update().clone();
            self.refused.retain(&load);
            if load.iter().any(|spec| self.refused.may_ask(spec)) {
                return true;
            }
            let next = self.refused.next_due();
            let next = next.unwrap_or_else(|| Instant::now() + self.deps.timings.reconcile_every);
            self.roster.closed(
                &self.viewer,
                String::new(),
                self.heard_at,
                self.refused.standings(),
            );
            tokio::select! {
                () = sleep_until(next) => {}
                changed = self.load.changed() => if changed.is_err() { return false; },
                () = self.stop.cancelled() => return false,
            }
        }
    }

    /// From connecting to the end, which is always a proper one for Twitch.
    async fn serve(&mut self) -> End {
        // Before connecting: after the welcome there are but ten seconds for the first subscription.
        if let Err(error) = self.deps.tokens.viewer_token(&self.viewer).await {
            return End::Token(error);
        }
        let opening = Session::open(self.deps.clone());
        let opened = tokio::select! {
            opened = opening => opened,
            () = self.stop.cancelled() => return End::Unwanted,
        };
        let mut session = match opened {
            Ok(session) => session,
            Err(error) => return error.into(),
        };
        self.opened_at = Some(Instant::now());
        self.not_before = Instant::now();
        self.verify_at = self.not_before + self.deps.timings.reconcile_every;
        let end = self.read(&mut session).await;
        self.heard_at = Some(session.heard_at());
        for late in session.close().await {
            delivery::enqueue(&self.queue, late).await;
        }
        end
    }

    /// Reads until the end. Helix calls go on beside the reading, never instead of it.
    async fn read(&mut self, session: &mut Session) -> End {
        self.sessions.insert(session.id().to_owned());
        let mut working: Option<BoxFuture<'static, Vec<Outcome>>> = self.work(session.id());
        self.report();
        loop {
            let next_look = self.next_look();
            let stop = self.stop.clone();
            tokio::select! {
                step = session.next() => match step {
                    Ok(Step::Alive) => self.trust(),
                    Ok(Step::Message(message)) => {
                        self.trust();
                        let status = self.note_revocation(&message);
                        delivery::enqueue(&self.queue, message).await;
                        if status.as_deref() == Some(AUTHORIZATION_REVOKED) {
                            return End::Revoked;
                        }
                    }
                    Ok(step @ (Step::Renamed | Step::Fresh { .. })) => {
                        self.sessions.insert(session.id().to_owned());
                        if let Step::Fresh { lost_since } = step {
                            self.held.clear();
                            if lost_since.is_some() {
                                let (cause, refused) = (BROKE.to_owned(), self.refused.standings());
                                self.roster.closed(&self.viewer, cause, lost_since, refused);
                            }
                        }
                        self.verify_at = Instant::now();
                        working = self.work(session.id());
                        self.report();
                    }
                    Err(error) => return error.into(),
                },
                outcomes = wait(&mut working) => {
                    for outcome in outcomes {
                        if let Some(end) = self.note(outcome) {
                            return end;
                        }
                    }
                    self.report();
                    if self.has_asked_for_all() {
                        session.let_go();
                    }
                    working = self.work(session.id());
                }
                changed = self.load.changed() => {
                    if changed.is_err() {
                        return End::Unwanted;
                    }
                    if working.is_none() {
                        working = self.work(session.id());
                    }
                }
                () = sleep_until(next_look), if working.is_none() => {
                    working = self.work(session.id());
                }
                () = stop.cancelled() => return End::Unwanted,
            }
        }
    }

    /// What is to be asked of Twitch now; `None`: nothing.
    fn work(&mut self, session_id: &str) -> Option<BoxFuture<'static, Vec<Outcome>>> {
        let load = self.load.borrow_and_update().clone();
        self.refused.retain(&load);
        let now = Instant::now();
        if self.not_before > now {
            return None;
        }
        let is_open = |spec: &&Spec| !self.held.contains_key(*spec) && self.refused.may_ask(spec);
        let create: Vec<Spec> = load.iter().filter(is_open).cloned().collect();
        let unwanted = self.held.iter().filter(|(spec, _)| !load.contains(*spec));
        let release: Vec<_> = unwanted.map(|(s, id)| (s.clone(), id.clone())).collect();
        let verify = !self.held.is_empty() && self.verify_at <= now;
        if create.is_empty() && release.is_empty() && !verify {
            return None;
        }
        if verify {
            self.verify_at = now + self.deps.timings.reconcile_every;
        }
        let work = Work {
            verify,
            deps: self.deps.clone(),
            viewer: self.viewer.clone(),
            session_id: session_id.to_owned(),
            sessions: self.sessions.clone(),
            ours: self.ours.clone(),
            release,
            create,
        };
        Some(Box::pin(work.run()))
    }

    /// Each wanted topic is held, or Twitch has refused it.
    fn has_asked_for_all(&self) -> bool {
        let load = self.load.borrow();
        load.iter()
            .all(|spec| self.held.contains_key(spec) || self.refused.contains(spec))
    }

    /// When there may be work again without anything having happened.
    fn next_look(&self) -> Instant {
        let now = Instant::now();
        if self.not_before > now {
            return self.not_before;
        }
        let next = self.refused.next_due();
        let verify_at = self.verify_at.max(now + self.deps.timings.backoff_first);
        next.map_or(verify_at, |next| next.min(verify_at))
    }

    fn note(&mut self, outcome: Outcome) -> Option<End> {
        match outcome {
            Outcome::Held(spec, id) => {
                self.refused.clear(&spec);
                self.asking.reset();
                self.held.insert(spec, id);
            }
            Outcome::Released(spec) => {
                self.held.remove(&spec);
            }
            Outcome::Listed(ids) => self.held.retain(|_, id| ids.contains(id)),
            Outcome::Refused {
                spec,
                reason,
                is_personal,
            } => self.refuse(spec, reason, is_personal),
            Outcome::Later(pause) => {
                let pause = pause.unwrap_or_else(|| self.asking.pause());
                self.not_before = Instant::now() + pause;
            }
            Outcome::NoGrant => return Some(End::Token(tokens::Error::NoGrant)),
        }
        None
    }

    fn refuse(&mut self, spec: Spec, reason: String, is_personal: bool) {
        self.complain(&reason);
        self.refused.note(spec, reason, is_personal);
    }

    /// Told once, until everything is carried again.
    fn complain(&mut self, why: &str) {
        if !std::mem::replace(&mut self.has_complained, true) {
            tracing::warn!(
                part = "carriers",
                viewer = %self.viewer,
                why,
                "a viewer's WebSocket does not carry all it should; trying again with back-off"
            );
        }
    }

    /// Twitch ended one of the subscriptions; answers with which status.
    fn note_revocation(&mut self, message: &Message) -> Option<String> {
        let Message::Revocation(ended) = message else {
            return None;
        };
        let id = &ended.subscription.id;
        let spec = self.held.iter().find(|(_, held)| *held == id);
        let spec = spec.map(|(spec, _)| spec.clone())?;
        let status = ended.subscription.status.clone();
        self.held.remove(&spec);
        self.refuse(spec, revocation::reason(&status), true);
        self.report();
        Some(status)
    }

    /// Something has come: what is held does arrive.
    fn trust(&mut self) {
        if std::mem::take(&mut self.went_silent) {
            self.report();
        }
    }

    fn report(&mut self) {
        let is_whole = self.load.borrow().iter().all(|s| self.held.contains_key(s));
        if is_whole && std::mem::take(&mut self.has_complained) {
            tracing::info!(part = "carriers", viewer = %self.viewer, "works");
        }
        let mut topics = self.refused.standings();
        let held = self.held.iter().map(|(spec, id)| {
            let eventsub_id = id.clone();
            (spec.clone(), Standing::Held { eventsub_id })
        });
        // After a silence a welcome says little: only the next sign of life does.
        if !self.went_silent {
            topics.extend(held);
        }
        self.roster.open(&self.viewer, topics);
    }
}
