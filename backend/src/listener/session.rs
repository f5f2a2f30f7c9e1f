//! One session with Twitch over however many sockets it takes: moves when Twitch asks, and closes the old
//! socket only when the new one is welcome.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::Deps;
use super::socket::{Error, Socket};
use crate::eventsub::Message;
use crate::eventsub::frame::Frame;

type Opened = Result<(Socket, Vec<Message>), Error>;

/// Why a session lost what hung on it, though its socket was to be replaced without a loss.
pub(super) const BROKE: &str = "the session broke while moving";

/// What a session has to say.
#[derive(Debug)]
pub(super) enum Step {
    /// A notification or a revocation.
    Message(Message),
    /// A sign of life without news.
    Alive,
    /// It goes on under another id. What hung on the old one came along, as far as Twitch says.
    Renamed,
    /// It broke while moving, and another one has taken its place: nothing hangs on that yet.
    Fresh {
        /// When the socket before gave its last sign of life, if it serves no longer; unix milliseconds.
        lost_since: Option<i64>,
    },
}

/// A session that is open.
pub(super) struct Session {
    deps: Arc<Deps>,
    id: String,
    /// Of the socket that went first.
    heard_at: i64,
    /// `None` while moving, when the old socket went first.
    socket: Option<Socket>,
    moving: Option<BoxFuture<'static, Opened>>,
    /// The address Twitch named did not answer: the move goes to a new session.
    moves_to_fresh: bool,
    /// The socket before, read until what hung on its session hangs on the new one.
    old: Option<Socket>,
    /// The socket before that, which may still deliver what was on its way.
    closing: Option<BoxFuture<'static, Vec<Message>>>,
    arrived: VecDeque<Step>,
}

impl Session {
    /// Connects and waits for the welcome.
    ///
    /// # Errors
    /// When there is none in time.
    pub(super) async fn open(deps: Arc<Deps>) -> Result<Self, Error> {
        let (socket, early) = open_fresh(&deps).await?;
        Ok(Self {
            deps,
            id: socket.session_id().to_owned(),
            heard_at: socket.heard_at(),
            socket: Some(socket),
            moving: None,
            moves_to_fresh: false,
            old: None,
            closing: None,
            arrived: early.into_iter().map(Step::Message).collect(),
        })
    }

    /// When Twitch last gave a sign of life, unix milliseconds.
    pub(super) fn heard_at(&self) -> i64 {
        self.socket.as_ref().map_or(self.heard_at, Socket::heard_at)
    }

    /// Twitch's name of the session, as of the newest welcome.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The socket before is still read, since nothing hangs on the new one yet.
    pub(super) fn has_old(&self) -> bool {
        self.old.is_some()
    }

    /// What comes next.
    ///
    /// # Errors
    /// When the session is over.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Result<Step, Error> {
        loop {
            if let Some(step) = self.arrived.pop_front() {
                return Ok(step);
            }
            tokio::select! {
                frame = next_frame(&mut self.socket) => match frame {
                    Ok(Frame::Message(message)) => return Ok(Step::Message(message)),
                    Ok(Frame::Reconnect { url }) => {
                        self.moves_to_fresh = false;
                        self.moving = Some(open_at(&self.deps, url));
                    }
                    Ok(Frame::Keepalive) => return Ok(Step::Alive),
                    Ok(Frame::Welcome { .. }) => {}
                    Ok(Frame::Unknown(kind)) => {
                        tracing::debug!(kind, "left out a frame of an unknown type");
                    }
                    // While moving, the old socket may go first.
                    Err(error) if self.moving.is_none() => return Err(error),
                    Err(_) => {
                        self.heard_at = self.heard_at();
                        self.socket = None;
                    }
                },
                opened = wait(&mut self.moving) => match opened {
                    Ok((socket, early)) => self.take_over(socket, early),
                    Err(error) if self.moves_to_fresh => return Err(error),
                    Err(error) => {
                        tracing::info!(%error, "Twitch's reconnect address does not answer; connecting anew");
                        self.moves_to_fresh = true;
                        let deps = self.deps.clone();
                        self.moving = Some(Box::pin(async move { open_fresh(&deps).await }));
                    }
                },
                frame = next_frame(&mut self.old) => match frame {
                    Ok(Frame::Message(message)) => return Ok(Step::Message(message)),
                    Ok(_) => {}
                    Err(_) => self.old = None,
                },
                late = wait(&mut self.closing) => {
                    self.closing = None;
                    self.arrived.extend(late.into_iter().map(Step::Message));
                }
            }
        }
    }

    /// The new socket is welcome: only now the old one is closed. If nothing came along from it, it is read on
    /// until [`Self::let_go`].
    fn take_over(&mut self, socket: Socket, early: Vec<Message>) {
        self.moving = None;
        let is_fresh = self.moves_to_fresh && self.id != socket.session_id();
        if self.id != socket.session_id() {
            socket.session_id().clone_into(&mut self.id);
            let lost_since = self.socket.is_none().then_some(self.heard_at);
            self.arrived.push_back(match is_fresh {
                true => Step::Fresh { lost_since },
                false => Step::Renamed,
            });
        }
        self.arrived.extend(early.into_iter().map(Step::Message));
        self.let_go();
        self.old = self.socket.replace(socket);
        if !is_fresh {
            self.let_go();
        }
    }

    /// What hung on the old socket hangs on the new one: the old one is closed.
    pub(super) fn let_go(&mut self) {
        if let Some(old) = self.old.take() {
            let before = self.closing.take();
            self.closing = Some(Box::pin(async move {
                let mut late = match before {
                    Some(closing) => closing.await,
                    None => Vec::new(),
                };
                late.extend(old.close().await);
                late
            }));
        }
    }

    /// Ends the session properly for Twitch; answers the messages that were still on their way.
    pub(super) async fn close(self) -> Vec<Message> {
        let mut late: Vec<Message> = self
            .arrived
            .into_iter()
            .filter_map(|step| match step {
                Step::Message(message) => Some(message),
                Step::Alive | Step::Renamed | Step::Fresh { .. } => None,
            })
            .collect();
        if let Some(closing) = self.closing {
            late.extend(closing.await);
        }
        if let Some(old) = self.old {
            late.extend(old.close().await);
        }
        if let Some(socket) = self.socket {
            late.extend(socket.close().await);
        }
        late
    }
}

async fn next_frame(socket: &mut Option<Socket>) -> Result<Frame, Error> {
    match socket {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}

async fn open_fresh(deps: &Deps) -> Opened {
    let mut url = deps.twitch.eventsub_ws_url().clone();
    let keepalive = deps.timings.eventsub_keepalive.as_secs();
    url.query_pairs_mut()
        .append_pair("keepalive_timeout_seconds", &keepalive.to_string());
    Socket::open(url.as_str(), &deps.timings, deps.clock.clone()).await
}

/// At the address Twitch named, unmodified.
fn open_at(deps: &Arc<Deps>, url: String) -> BoxFuture<'static, Opened> {
    let deps = deps.clone();
    Box::pin(async move { Socket::open(&url, &deps.timings, deps.clock.clone()).await })
}

/// The outcome of what goes on; never, when nothing does.
pub(super) async fn wait<T>(going_on: &mut Option<BoxFuture<'static, T>>) -> T {
    match going_on {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}
