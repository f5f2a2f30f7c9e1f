//! One WebSocket: welcome, keepalives, pings, time limits, and the reason it ends.
//! <https://dev.twitch.tv/docs/eventsub/handling-websocket-events/>

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{CloseCode, CloseReason, Message, MessageStream, Session as Wire};
use rand::RngExt;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::message::{session_frame, timestamp};
use super::revoke;
use super::sessions::{Command, OUTBOX_FRAMES, Socket};
use super::subscriptions::Status;
use crate::error::ApiError;
use crate::query::Query;
use crate::state::{Sim, State};

const DEFAULT_KEEPALIVE_SECS: u64 = 10;
const KEEPALIVE_SECS: std::ops::RangeInclusive<u64> = 10..=600;
/// A session must be used within this time of its welcome.
const UNUSED_LIMIT: Duration = Duration::from_secs(10);
/// How long the old socket stays open once the client was asked to move.
const MOVE_LIMIT: Duration = Duration::from_secs(30);
const PING_EVERY: Duration = Duration::from_secs(30);
/// Really no less than [`LEAST_PONG_WAIT`], however fast the clock.
const PONG_WAIT: Duration = Duration::from_secs(20);
const LEAST_PONG_WAIT: Duration = Duration::from_secs(2);
/// How long a client may take to answer a close frame before the connection is dropped.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// Why a socket's task ends.
enum End {
    /// The client closed or vanished.
    Left,
    /// Cut off without a word.
    Cut,
    Closed(u16),
}

/// `GET /eventsub/ws`.
pub(crate) async fn open(
    sim: web::Data<Sim>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    if sim.state().faults.refuses_sockets() {
        let why = "no new sockets now";
        return Err(ApiError::new(actix_web::http::StatusCode::SERVICE_UNAVAILABLE, why).into());
    }
    let (response, wire, stream) = actix_ws::handle(&request, body)?;
    let (outbox, inbox) = mpsc::channel(OUTBOX_FRAMES);
    let cut = CancellationToken::new();
    let mut state = sim.state();
    let socket = Socket {
        number: state.sessions.next_socket(),
        outbox,
        cut: cut.clone(),
    };
    let number = socket.number;
    let query = request.query_string();
    let parameters = Query::parse(query.as_bytes());
    let moving = parameters.one("challenge").is_some();
    let session = if moving {
        state
            .sessions
            .take_over(query, socket)
            .map(|session| (session.id.clone(), session.keepalive_secs))
    } else {
        let keepalive_secs = keepalive_secs(&parameters);
        let id = format!("AgoQ{}", hex::encode(rand::rng().random::<[u8; 16]>()));
        state
            .sessions
            .open(&id, keepalive_secs, socket, sim.clock.now());
        Some((id, keepalive_secs))
    };
    drop(state);
    let sim = Arc::clone(&sim);
    let tracker = sim.tracker.clone();
    match session {
        Some((session_id, keepalive_secs)) => {
            let link = Link {
                sim,
                session_id,
                number,
                keepalive_secs,
                moving,
            };
            tracker.spawn_local(link.run(wire, stream, inbox, cut));
        }
        None => {
            tracker.spawn_local(close(wire, stream, 4007));
        }
    }
    Ok(response)
}

/// Out of range is clamped, nonsense is the default.
fn keepalive_secs(query: &Query) -> u64 {
    let asked = query
        .one("keepalive_timeout_seconds")
        .and_then(|secs| secs.parse::<u64>().ok());
    asked
        .unwrap_or(DEFAULT_KEEPALIVE_SECS)
        .clamp(*KEEPALIVE_SECS.start(), *KEEPALIVE_SECS.end())
}

struct Link {
    sim: Arc<Sim>,
    session_id: String,
    number: u64,
    keepalive_secs: u64,
    moving: bool,
}

impl Link {
    async fn run(
        self,
        mut wire: Wire,
        mut stream: MessageStream,
        mut inbox: mpsc::Receiver<Command>,
        cut: CancellationToken,
    ) {
        let end = self.serve(&mut wire, &mut stream, &mut inbox, &cut).await;
        let status = status_after(&end);
        self.leave(status);
        self.give_up(&mut inbox);
        tracing::debug!(
            session_id = self.session_id,
            status = status.name(),
            "socket closed"
        );
        match end {
            End::Closed(code) => close(wire, stream, code).await,
            End::Left => close(wire, stream, CloseCode::Normal.into()).await,
            End::Cut => {
                drop(wire);
                finish(stream).await;
            }
        }
    }

    async fn serve(
        &self,
        wire: &mut Wire,
        stream: &mut MessageStream,
        inbox: &mut mpsc::Receiver<Command>,
        cut: &CancellationToken,
    ) -> End {
        if wire.text(self.welcome()).await.is_err() {
            return End::Left;
        }
        let real = |span| self.sim.clock.real(span);
        let keepalive = real(Duration::from_secs(self.keepalive_secs));
        let mut keepalive_at = Instant::now() + keepalive;
        let ping_every = real(PING_EVERY).max(Duration::from_millis(100));
        let mut ping_at = Instant::now() + ping_every;
        let mut pong_by: Option<Instant> = None;
        let unused_at = Instant::now() + real(UNUSED_LIMIT);
        let mut check_use = !self.moving;
        let mut move_by: Option<Instant> = None;
        loop {
            tokio::select! {
                () = self.sim.shutdown.cancelled() => return End::Closed(CloseCode::Away.into()),
                () = cut.cancelled() => return End::Cut,
                command = inbox.recv() => match command {
                    Some(Command::Send { text, number }) => {
                        if wire.text(text).await.is_err() {
                            return End::Left;
                        }
                        if let Some(number) = number {
                            self.sim.state().journal.outcome(number, 1, "sent");
                        }
                        keepalive_at = Instant::now() + keepalive;
                    }
                    Some(Command::Move { text }) => {
                        if wire.text(text).await.is_err() {
                            return End::Left;
                        }
                        move_by = Some(Instant::now() + real(MOVE_LIMIT));
                    }
                    Some(Command::Close(code)) => return End::Closed(code),
                    None => return End::Cut,
                },
                message = stream.recv() => match message {
                    Some(Ok(Message::Ping(bytes))) => {
                        if wire.pong(&bytes).await.is_err() {
                            return End::Left;
                        }
                    }
                    Some(Ok(Message::Pong(_))) => pong_by = None,
                    Some(Ok(Message::Text(_) | Message::Binary(_) | Message::Continuation(_))) => {
                        return End::Closed(4001);
                    }
                    Some(Ok(Message::Close(_) | Message::Nop) | Err(_)) | None => return End::Left,
                },
                () = sleep_until(unused_at), if check_use => {
                    check_use = false;
                    if !self.is_used() {
                        return End::Closed(4003);
                    }
                }
                () = sleep_until(move_by.unwrap_or(unused_at)), if move_by.is_some() => return End::Closed(4004),
                () = sleep_until(keepalive_at) => {
                    keepalive_at = Instant::now() + keepalive;
                    if !self.is_silent() && wire.text(self.frame("session_keepalive", &json!({}))).await.is_err() {
                        return End::Left;
                    }
                }
                () = sleep_until(pong_by.unwrap_or(ping_at)), if pong_by.is_some() => return End::Closed(4002),
                () = sleep_until(ping_at) => {
                    ping_at = Instant::now() + ping_every;
                    if pong_by.is_none() && !self.is_silent() {
                        if wire.ping(b"twitch").await.is_err() {
                            return End::Left;
                        }
                        pong_by = Some(Instant::now() + real(PONG_WAIT).max(LEAST_PONG_WAIT));
                    }
                }
            }
        }
    }

    fn leave(&self, status: Status) {
        let mut state = self.sim.state();
        if state.sessions.leave(&self.session_id, self.number) {
            revoke::session_ended(&self.sim, &mut state, &self.session_id, status);
        }
    }

    /// What still waited to be sent is lost.
    fn give_up(&self, inbox: &mut mpsc::Receiver<Command>) {
        inbox.close();
        while let Ok(command) = inbox.try_recv() {
            if let Command::Send {
                number: Some(number),
                ..
            } = command
            {
                self.sim
                    .state()
                    .journal
                    .outcome(number, 1, "lost: the socket was cut off");
            }
        }
    }

    fn is_used(&self) -> bool {
        self.sim
            .state()
            .sessions
            .find(&self.session_id)
            .is_some_and(|session| session.used)
    }

    fn is_silent(&self) -> bool {
        self.sim.state().faults.is_silent()
    }

    fn welcome(&self) -> String {
        let connected_at = self
            .sim
            .state()
            .sessions
            .find(&self.session_id)
            .map(|session| session.connected_at);
        let session = json!({
            "id": self.session_id,
            "status": "connected",
            "connected_at": connected_at.map(|at| self.sim.clock.to_real(at)),
            "keepalive_timeout_seconds": self.keepalive_secs,
            "reconnect_url": null,
            "recovery_url": null,
        });
        self.frame("session_welcome", &json!({ "session": session }))
    }

    fn frame(&self, message_type: &str, payload: &serde_json::Value) -> String {
        session_frame(
            message_type,
            payload,
            &timestamp(self.sim.state().faults.clock_skew()),
        )
    }
}

/// Ends a session with a reason. Whoever closes a socket knows that it is closed: from now on nothing is sent
/// to it.
pub(crate) fn close_session(sim: &Arc<Sim>, state: &mut State, session_id: &str, code: u16) {
    if state.sessions.close(session_id, code) {
        let status = status_after(&End::Closed(code));
        revoke::session_ended(sim, state, session_id, status);
    }
}

/// Asks a session's client to move to a new socket.
pub(crate) fn ask_to_move(sim: &Sim, session_id: &str) {
    let mut state = sim.state();
    let skew = state.faults.clock_skew();
    let Some(session) = state.sessions.find_mut(session_id) else {
        return;
    };
    let query = format!(
        "challenge={}&id={session_id}",
        hex::encode(rand::rng().random::<[u8; 12]>())
    );
    let sockets = sim.public_url.replacen("http", "ws", 1);
    let payload = json!({ "session": {
        "id": session_id,
        "status": "reconnecting",
        "keepalive_timeout_seconds": null,
        "reconnect_url": format!("{sockets}/eventsub/ws?{query}"),
        "connected_at": sim.clock.to_real(session.connected_at),
    }});
    let text = session_frame("session_reconnect", &payload, &timestamp(skew));
    session.ask_to_move(query, text);
}

fn status_after(end: &End) -> Status {
    match end {
        End::Left | End::Cut => Status::Disconnected,
        End::Closed(code) => match code {
            4001 => Status::InboundTraffic,
            4002 => Status::FailedPingPong,
            4003 => Status::ConnectionUnused,
            4004 => Status::FailedToReconnect,
            4005 => Status::NetworkTimeout,
            4006 => Status::NetworkError,
            4000 => Status::InternalError,
            _ => Status::Disconnected,
        },
    }
}

/// Says why, then waits a little for the client's answer, so that the reason is not lost to a reset.
async fn close(wire: Wire, stream: MessageStream, code: u16) {
    let reason = CloseReason {
        code: code.into(),
        description: Some(describe(code).to_owned()),
    };
    // A socket that cannot be written to is closed already.
    if wire.close(Some(reason)).await.is_ok() {
        finish(stream).await;
    }
}

/// Reads on until the connection is over. The server closes a connection whose last frame was written
/// only while somebody still reads it; with the reader gone it would wait for the client instead.
async fn finish(mut stream: MessageStream) {
    let over = async { while let Some(Ok(_)) = stream.recv().await {} };
    if timeout(CLOSE_WAIT, over).await.is_err() {
        tracing::debug!("the client did not answer the close frame");
    }
}

fn describe(code: u16) -> &'static str {
    match code {
        4000 => "internal server error",
        4001 => "client sent inbound traffic",
        4002 => "client failed ping-pong",
        4003 => "connection unused",
        4004 => "client reconnect grace time expired",
        4005 => "network timeout",
        4006 => "network error",
        4007 => "invalid reconnect",
        _ => "",
    }
}
