//! One WebSocket of Twitch: opened up to its welcome, read frame by frame, given up when silent, closed properly.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message as WsMessage};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::clock::Clock;
use crate::clock::READ_LATE_MS;
use crate::eventsub::Message;
use crate::eventsub::frame::Frame;
use crate::eventsub::message::ParseError;
use crate::timings::Timings;

/// Twitch's events are a few kilobytes; a frame beyond this is not one.
const FRAME_MAX_BYTES: usize = 1024 * 1024;

/// How long to read on after closing, for events that were on their way.
const CLOSING: Duration = Duration::from_secs(1);

/// What stands for the code when a connection ended without one.
const ABNORMAL: u16 = 1006;

/// Why a socket is no use any more.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// Connecting, or the first frame, took too long.
    #[error("Twitch's WebSocket does not answer")]
    NoAnswer,
    /// Neither event nor keepalive came in time.
    #[error("Twitch's WebSocket has gone silent")]
    Silent,
    /// Twitch closed it.
    #[error("Twitch closed the WebSocket: {code} {reason}")]
    Closed {
        /// Twitch's code, 1006 without one. <https://dev.twitch.tv/docs/eventsub/handling-websocket-events/#close-message>
        code: u16,
        /// Twitch's words.
        reason: String,
    },
    /// The connection could not be made, or broke.
    #[error("no connection to Twitch's WebSocket")]
    Broken(#[source] Box<tungstenite::Error>),
}

impl Error {
    /// Twitch closed it by a word, and so knows that nothing can come over it any more.
    pub(super) fn was_told(&self) -> bool {
        matches!(self, Self::Closed { code, .. } if *code != ABNORMAL)
    }
}

/// An open socket.
#[derive(Debug)]
pub(super) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session_id: String,
    /// Longest silence between frames.
    patience: Duration,
    /// When the silence is too long.
    deadline: Instant,
    clock: Clock,
    heard_at: i64,
    complained: bool,
}

impl Socket {
    /// Connects and waits for the welcome. The address is used as it is; what came before the welcome is
    /// handed out too.
    ///
    /// # Errors
    /// When there is no welcome in time.
    pub(super) async fn open(
        address: &str,
        timings: &Timings,
        clock: Clock,
    ) -> Result<(Self, Vec<Message>), Error> {
        let config = WebSocketConfig::default()
            .max_message_size(Some(FRAME_MAX_BYTES))
            .max_frame_size(Some(FRAME_MAX_BYTES));
        let connecting = connect_async_with_config(address, Some(config), true);
        let (stream, _response) = timeout(timings.twitch_timeout, connecting)
            .await
            .map_err(|_elapsed| Error::NoAnswer)?
            .map_err(broken)?;
        let mut socket = Self {
            stream,
            session_id: String::new(),
            patience: timings.twitch_timeout,
            deadline: Instant::now() + timings.twitch_timeout,
            heard_at: clock.now_ms(),
            clock,
            complained: false,
        };
        let mut early = Vec::new();
        let welcome_by = socket.deadline;
        let welcome = async {
            loop {
                match socket.next().await {
                    Ok(Frame::Welcome {
                        session_id,
                        keepalive,
                    }) => break Ok((session_id, keepalive)),
                    Ok(Frame::Message(message)) => early.push(message),
                    Ok(Frame::Keepalive | Frame::Reconnect { .. } | Frame::Unknown(_)) => {}
                    // It has not said anything yet.
                    Err(Error::Silent) => break Err(Error::NoAnswer),
                    Err(error) => break Err(error),
                }
            }
        };
        let (session_id, keepalive) = timeout_at(welcome_by, welcome)
            .await
            .map_err(|_elapsed| Error::NoAnswer)??;
        socket.session_id = session_id;
        let keepalive = keepalive.unwrap_or(timings.eventsub_keepalive);
        socket.patience =
            timings.eventsub_second.mul_f64(keepalive.as_secs_f64()) + timings.eventsub_slack;
        socket.deadline = Instant::now() + socket.patience;
        Ok((socket, early))
    }

    /// When the last frame came, unix milliseconds.
    pub(super) fn heard_at(&self) -> i64 {
        self.heard_at
    }

    /// Twitch's name of the session.
    pub(super) fn session_id(&self) -> &str {
        &self.session_id
    }

    /// The next frame that can be read. Pings are answered on the way, as long as this is called.
    ///
    /// # Errors
    /// When the socket is no use any more.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Result<Frame, Error> {
        loop {
            let received = timeout_at(self.deadline, self.stream.next())
                .await
                .map_err(|_elapsed| Error::Silent)?;
            let text = match received {
                None => return Err(closed(None)),
                Some(Err(tungstenite::Error::ConnectionClosed)) => return Err(closed(None)),
                Some(Err(error)) => return Err(broken(error)),
                Some(Ok(WsMessage::Close(frame))) => return Err(closed(frame)),
                // Pings do not count as signs of life: Twitch sends them beside its keepalives.
                Some(Ok(
                    WsMessage::Ping(_)
                    | WsMessage::Pong(_)
                    | WsMessage::Binary(_)
                    | WsMessage::Frame(_),
                )) => continue,
                Some(Ok(WsMessage::Text(text))) => text,
            };
            self.deadline = Instant::now() + self.patience;
            let now = self.clock.now();
            match Frame::parse(&text, now) {
                Ok((frame, sent_at)) => {
                    self.heard_at = no_later_than(sent_at.as_millisecond(), now.as_millisecond());
                    return Ok(frame);
                }
                Err(error) => self.complain(&error),
            }
        }
    }

    fn complain(&mut self, error: &ParseError) {
        if !std::mem::replace(&mut self.complained, true) {
            tracing::warn!(%error, "left out a frame of Twitch that cannot be read");
        }
    }

    /// Closes as the protocol wants it, so that Twitch does not count the session any longer; answers the
    /// messages that were still on their way.
    pub(super) async fn close(mut self) -> Vec<Message> {
        let mut late = Vec::new();
        let frame = CloseFrame {
            code: CloseCode::Normal,
            reason: "".into(),
        };
        let closing = async {
            if self
                .stream
                .send(WsMessage::Close(Some(frame)))
                .await
                .is_err()
            {
                return;
            }
            while let Ok(frame) = self.next().await {
                if let Frame::Message(message) = frame {
                    late.push(message);
                }
            }
        };
        // Twitch gets no longer than this; the connection is dropped then.
        drop(timeout(CLOSING, closing).await);
        late
    }
}

/// When a frame was sent at the latest: what was sent after it may be lost already when it is read late. Twitch's
/// clock is not ours: a time that is to come says nothing, so the frame counts as read late.
fn no_later_than(sent_ms: i64, read_ms: i64) -> i64 {
    let earliest = read_ms - READ_LATE_MS;
    match sent_ms > read_ms {
        true => earliest,
        false => sent_ms.max(earliest),
    }
}

fn broken(error: tungstenite::Error) -> Error {
    Error::Broken(Box::new(error))
}

fn closed(frame: Option<CloseFrame>) -> Error {
    frame.map_or(
        Error::Closed {
            code: ABNORMAL,
            reason: String::new(),
        },
        |frame| Error::Closed {
            code: frame.code.into(),
            reason: frame.reason.as_str().to_owned(),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::no_later_than;

    #[test]
    fn a_frame_is_as_old_as_it_may_be() {
        assert_eq!(no_later_than(9_900, 10_000), 9_900);
        assert_eq!(no_later_than(10_000, 10_000), 10_000);
        assert_eq!(
            no_later_than(7_000, 10_000),
            9_500,
            "Twitch's clock is behind"
        );
        assert_eq!(
            no_later_than(10_001, 10_000),
            9_500,
            "Twitch's clock is ahead"
        );
    }
}
