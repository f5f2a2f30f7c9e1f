//! One shard of the conduit: connect, bind, read; move when Twitch asks, start anew when it breaks.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Deps;
use super::board::{Board, Loss};
use super::delivery;
use super::session::{BROKE, Session, Step, wait};
use super::socket;
use crate::eventsub::Message;
use crate::pipeline::error_chain;
use crate::twitch::{self, Backoff};

/// Sent over the other shard when Twitch gives up on one.
const SHARD_DISABLED: &str = "conduit.shard.disabled";

/// A shard and what it works with.
pub(super) struct Shard {
    pub(super) index: usize,
    pub(super) deps: Arc<Deps>,
    pub(super) board: Arc<Board>,
    pub(super) queue: mpsc::Sender<Message>,
    pub(super) conduit: watch::Receiver<Option<Arc<str>>>,
    pub(super) shutdown: CancellationToken,
    /// A socket went silent, and none has given a sign of life since.
    pub(super) went_silent: bool,
    /// When the last session was welcome.
    pub(super) opened_at: Option<Instant>,
    /// When Twitch gave the last sign of life, unix milliseconds.
    pub(super) heard_at: Option<i64>,
}

/// Why a shard stopped reading.
#[derive(Debug, thiserror::Error)]
enum End {
    /// Another conduit is to be served, or none, or the server stops.
    #[error("not wanted any more")]
    Unwanted,
    /// The socket is no use any more.
    #[error(transparent)]
    Socket(#[from] socket::Error),
    /// Twitch did not take the socket as a shard.
    #[error("Twitch did not bind the shard")]
    Bind(#[source] twitch::Error),
    /// Twitch does not have it as a shard any more.
    #[error("Twitch dropped the shard")]
    Dropped,
}

type Binding = BoxFuture<'static, Result<(), twitch::Error>>;

impl Shard {
    /// Serves until the server stops.
    pub(super) async fn run(mut self) {
        let mut backoff = Backoff::new(&self.deps.timings);
        while let Some(conduit_id) = self.conduit_to_serve().await {
            self.opened_at = None;
            let end = Box::pin(self.serve(&conduit_id)).await;
            if matches!(end, End::Unwanted) {
                self.board.unbound(self.index, None, self.loss(&end));
                continue;
            }
            let cause = error_chain(&end);
            tracing::debug!(shard = self.index, cause, "shard lost");
            self.went_silent |= matches!(end, End::Socket(socket::Error::Silent));
            self.board.unbound(self.index, Some(cause), self.loss(&end));
            let stable_after = self.deps.timings.eventsub_stable_after;
            if self
                .opened_at
                .is_some_and(|at| at.elapsed() >= stable_after)
            {
                // What served well for a while is replaced at once: events come meanwhile.
                backoff.reset();
                continue;
            }
            self.pause(backoff.pause()).await;
        }
    }

    /// The conduit to serve, once there is one; `None` when the server stops.
    async fn conduit_to_serve(&mut self) -> Option<Arc<str>> {
        loop {
            if self.shutdown.is_cancelled() {
                return None;
            }
            if let Some(conduit_id) = self.conduit.borrow_and_update().clone() {
                return Some(conduit_id);
            }
            self.unwanted().await;
        }
    }

    /// Waits until something else is to be served than what was seen last.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    async fn unwanted(&mut self) {
        tokio::select! {
            () = self.shutdown.cancelled() => {}
            changed = self.conduit.changed() => if changed.is_err() {
                // The reconciler is gone; it never leaves before the server stops.
                self.shutdown.cancelled().await;
            }
        }
    }

    async fn pause(&mut self, pause: Duration) {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = self.unwanted() => {}
        }
    }

    /// What an end means for the events that were to come.
    fn loss(&self, end: &End) -> Loss {
        let Some(since) = self.heard_at else {
            return Loss::None;
        };
        match end {
            End::Dropped => Loss::Dropped,
            // Nobody told Twitch: it may send to the dead socket for a while.
            End::Socket(error) if !error.was_told() => Loss::Unknown { since },
            End::Socket(_) | End::Bind(_) | End::Unwanted => Loss::Known { since },
        }
    }

    /// From connecting to the end, which is always a proper one for Twitch.
    async fn serve(&mut self, conduit_id: &Arc<str>) -> End {
        let opening = Session::open(self.deps.clone());
        let opened = tokio::select! {
            opened = opening => opened,
            () = self.unwanted() => return End::Unwanted,
        };
        let mut session = match opened {
            Ok(session) => session,
            Err(error) => return error.into(),
        };
        self.opened_at = Some(Instant::now());
        // Whoever asked for a new session has one.
        _ = self.board.rebind[self.index].notified().now_or_never();
        let end = self.read(&mut session, conduit_id).await;
        self.heard_at = Some(session.heard_at());
        for late in session.close().await {
            self.enqueue(late).await;
        }
        end
    }

    /// Reads until the end. Helix calls go on beside the reading, never instead of it.
    async fn read(&mut self, session: &mut Session, conduit_id: &Arc<str>) -> End {
        let mut binding: Option<Binding> = Some(self.bind(conduit_id, session.id()));
        let mut in_doubt = false;
        let mut retries = Backoff::new(&self.deps.timings);
        let board = self.board.clone();
        loop {
            tokio::select! {
                step = session.next() => match step {
                    Ok(step @ (Step::Message(_) | Step::Alive)) => {
                        if std::mem::take(&mut in_doubt) {
                            board.bound(self.index, session.id(), self.deps.clock.now_ms());
                            session.let_go();
                            self.went_silent = false;
                        }
                        if let Step::Message(message) = step {
                            self.enqueue(message).await;
                        }
                    }
                    // A moved session is bound already; one with another id may not be.
                    Ok(step @ (Step::Renamed | Step::Fresh { .. })) => {
                        if let Step::Fresh { lost_since: Some(since) } = step {
                            board.unbound(self.index, Some(BROKE.to_owned()), Loss::Unknown { since });
                        }
                        binding = Some(self.bind(conduit_id, session.id()));
                    }
                    Err(error) => return error.into(),
                },
                outcome = wait(&mut binding) => {
                    binding = None;
                    match outcome {
                        // After a silence a welcome says little: only the next sign of life does.
                        Ok(()) if self.went_silent => in_doubt = true,
                        Ok(()) => {
                            board.bound(self.index, session.id(), self.deps.clock.now_ms());
                            session.let_go();
                            retries.reset();
                        }
                        // The shard is still served by the socket before: no reason to give that up.
                        Err(error) if session.has_old() => {
                            tracing::debug!(shard = self.index, %error, "not bound; trying again");
                            let binding_again = self.bind(conduit_id, session.id());
                            let pause = retries.pause();
                            binding = Some(Box::pin(async move {
                                tokio::time::sleep(pause).await;
                                binding_again.await
                            }));
                        }
                        Err(error) => return End::Bind(error),
                    }
                }
                () = board.rebind[self.index].notified() => return End::Dropped,
                () = self.unwanted() => return End::Unwanted,
            }
        }
    }

    fn bind(&self, conduit_id: &Arc<str>, session_id: &str) -> Binding {
        let twitch = self.deps.twitch.clone();
        let (conduit_id, session_id) = (conduit_id.clone(), session_id.to_owned());
        let shard = self.index;
        Box::pin(async move { twitch.bind_shard(&conduit_id, shard, &session_id).await })
    }

    /// Waits while the queue is full; the socket is not read meanwhile.
    async fn enqueue(&self, message: Message) {
        if let Message::Notification(notification) = &message
            && notification.subscription.event_type == SHARD_DISABLED
        {
            self.board.check.notify_one();
        }
        delivery::enqueue(&self.queue, message).await;
    }
}
