//! One shard of the conduit: connect, bind, read; move when Twitch asks, start anew when it breaks.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Deps;
use super::board::Board;
use super::socket::{self, Socket};
use crate::eventsub::Message;
use crate::eventsub::frame::Frame;
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

type Opening = BoxFuture<'static, Result<(Socket, Vec<Message>), socket::Error>>;
type Binding = BoxFuture<'static, Result<(), twitch::Error>>;

impl Shard {
    /// Serves until the server stops.
    pub(super) async fn run(mut self) {
        let mut backoff = Backoff::new(&self.deps.timings);
        while let Some(conduit_id) = self.conduit_to_serve().await {
            let began = Instant::now();
            let end = self.serve(&conduit_id).await;
            if matches!(end, End::Unwanted) {
                self.board.unbound(self.index, None);
                continue;
            }
            let cause = error_chain(&end);
            tracing::debug!(shard = self.index, cause, "shard lost");
            self.board.unbound(self.index, Some(cause));
            if began.elapsed() >= self.deps.timings.eventsub_stable_after {
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

    /// From connecting to the end, which is always a proper one for Twitch.
    async fn serve(&mut self, conduit_id: &Arc<str>) -> End {
        let opening = self.open_fresh();
        let opened = tokio::select! {
            opened = opening => opened,
            () = self.unwanted() => return End::Unwanted,
        };
        let mut socket = match opened {
            Ok((socket, early)) => {
                self.enqueue(early).await;
                socket
            }
            Err(error) => return error.into(),
        };
        let end = self.read(&mut socket, conduit_id).await;
        let late = socket.close().await;
        self.enqueue(late).await;
        end
    }

    /// Reads until the end. Helix calls and moves go on beside the reading, never instead of it.
    async fn read(&mut self, socket: &mut Socket, conduit_id: &Arc<str>) -> End {
        let mut binding: Option<Binding> = Some(self.bind(conduit_id, socket.session_id()));
        let mut moving: Option<Opening> = None;
        let mut moves_to_fresh = false;
        let board = self.board.clone();
        loop {
            tokio::select! {
                frame = socket.next() => match frame {
                    Ok(Frame::Message(message)) => self.enqueue([message]).await,
                    Ok(Frame::Reconnect { url }) => {
                        moves_to_fresh = false;
                        moving = Some(self.open(url));
                    }
                    Ok(Frame::Welcome { .. } | Frame::Keepalive) => {}
                    Ok(Frame::Unknown(kind)) => {
                        tracing::debug!(kind, "left out a frame of an unknown type");
                    }
                    // While moving, the old socket may go first.
                    Err(error) => match moving.take() {
                        None => return error.into(),
                        Some(opening) => {
                            let opened = tokio::select! {
                                opened = opening => opened,
                                () = self.unwanted() => return End::Unwanted,
                            };
                            match opened {
                                Ok(opened) => binding = self.take_over(socket, opened, conduit_id).await.or(binding),
                                Err(error) => return error.into(),
                            }
                        }
                    },
                },
                outcome = wait(&mut binding) => {
                    binding = None;
                    match outcome {
                        Ok(()) => board.bound(self.index, socket.session_id()),
                        Err(error) => return End::Bind(error),
                    }
                }
                outcome = wait(&mut moving) => match outcome {
                    Ok(opened) => {
                        moving = None;
                        binding = self.take_over(socket, opened, conduit_id).await.or(binding);
                    }
                    Err(error) if moves_to_fresh => return error.into(),
                    Err(error) => {
                        tracing::info!(%error, "Twitch's reconnect address does not answer; connecting anew");
                        moves_to_fresh = true;
                        moving = Some(self.open_fresh());
                    }
                },
                () = board.rebind[self.index].notified() => return End::Dropped,
                () = self.unwanted() => return End::Unwanted,
            }
        }
    }

    /// The new socket is welcome: only now the old one is closed. A new session must be bound, a moved one
    /// is bound already.
    async fn take_over(
        &self,
        socket: &mut Socket,
        (new, early): (Socket, Vec<Message>),
        conduit_id: &Arc<str>,
    ) -> Option<Binding> {
        let old = std::mem::replace(socket, new);
        let is_new_session = old.session_id() != socket.session_id();
        self.enqueue(old.close().await).await;
        self.enqueue(early).await;
        is_new_session.then(|| self.bind(conduit_id, socket.session_id()))
    }

    fn bind(&self, conduit_id: &Arc<str>, session_id: &str) -> Binding {
        let twitch = self.deps.twitch.clone();
        let (conduit_id, session_id) = (conduit_id.clone(), session_id.to_owned());
        let shard = self.index;
        Box::pin(async move { twitch.bind_shard(&conduit_id, shard, &session_id).await })
    }

    fn open_fresh(&self) -> Opening {
        let mut url = self.deps.twitch.eventsub_ws_url().clone();
        let keepalive = self.deps.timings.eventsub_keepalive.as_secs();
        url.query_pairs_mut()
            .append_pair("keepalive_timeout_seconds", &keepalive.to_string());
        self.open(url.into())
    }

    fn open(&self, address: String) -> Opening {
        let deps = self.deps.clone();
        Box::pin(async move { Socket::open(&address, &deps.timings, deps.clock.clone()).await })
    }

    /// Waits while the queue is full; the socket is not read meanwhile.
    async fn enqueue(&self, messages: impl IntoIterator<Item = Message>) {
        for message in messages {
            if let Message::Notification(notification) = &message
                && notification.subscription.event_type == SHARD_DISABLED
            {
                self.board.check.notify_one();
            }
            if self.queue.send(message).await.is_err() {
                tracing::error!("an event was lost: its queue is gone");
            }
        }
    }
}

/// The outcome of what goes on; never, when nothing does.
async fn wait<T>(going_on: &mut Option<BoxFuture<'static, T>>) -> T {
    match going_on {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}
