//! Frames of Twitch's WebSocket, read leniently: unknown types and fields are let through.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::lenient;
use super::message::{Message, ParseError};

/// Twitch goes no higher. <https://dev.twitch.tv/docs/eventsub/handling-websocket-events/#connecting-to-the-server>
const LONGEST_KEEPALIVE: Duration = Duration::from_secs(600);

/// One text frame.
#[derive(Debug)]
pub enum Frame {
    /// The first frame: the session is open.
    Welcome {
        /// To bind a shard to.
        session_id: String,
        /// Something comes at least this often; `None` when Twitch does not say.
        keepalive: Option<Duration>,
    },
    /// Nothing happened, and the connection is alive.
    Keepalive,
    /// Twitch will close this connection: move to another address, unmodified.
    Reconnect {
        /// Where to.
        url: String,
    },
    /// A notification or a revocation.
    Message(Message),
    /// A type this program does not know.
    Unknown(String),
}

#[derive(Deserialize)]
struct Envelope<'a> {
    metadata: Metadata,
    #[serde(borrow, default)]
    payload: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default, deserialize_with = "lenient::text")]
    message_id: String,
    message_type: String,
    #[serde(default, deserialize_with = "lenient::text")]
    message_timestamp: String,
}

#[derive(Deserialize)]
struct SessionPayload {
    session: Session,
}

#[derive(Deserialize)]
struct Session {
    #[serde(default, deserialize_with = "lenient::text")]
    id: String,
    #[serde(default, deserialize_with = "lenient::seconds")]
    keepalive_timeout_seconds: Option<u64>,
    #[serde(default, deserialize_with = "lenient::text")]
    reconnect_url: String,
}

impl Frame {
    /// Reads a text frame; answers when it was sent, too. One without a readable time counts as sent when it was
    /// received.
    ///
    /// # Errors
    /// When it is not JSON, or lacks what its type needs.
    pub fn parse(text: &str, received_at: Timestamp) -> Result<(Self, Timestamp), ParseError> {
        let envelope: Envelope<'_> = read(text)?;
        let payload = envelope.payload.map_or("{}", RawValue::get);
        let metadata = envelope.metadata;
        let sent_at = metadata.message_timestamp.parse().unwrap_or(received_at);
        let frame = match metadata.message_type.as_str() {
            "session_welcome" => {
                let session = read::<SessionPayload>(payload)?.session;
                let session_id = present(session.id)?;
                let keepalive = session.keepalive_timeout_seconds;
                let keepalive = keepalive.map(|s| Duration::from_secs(s).min(LONGEST_KEEPALIVE));
                Self::Welcome {
                    session_id,
                    keepalive,
                }
            }
            "session_keepalive" => Self::Keepalive,
            "session_reconnect" => {
                let session = read::<SessionPayload>(payload)?.session;
                let url = present(session.reconnect_url)?;
                Self::Reconnect { url }
            }
            "notification" | "revocation" => {
                let id = present(metadata.message_id)?;
                Self::Message(Message::parse(&id, sent_at, payload.as_bytes())?)
            }
            other => Self::Unknown(other.to_owned()),
        };
        Ok((frame, sent_at))
    }
}

/// What a frame of its type cannot do without.
fn present(text: String) -> Result<String, ParseError> {
    if text.is_empty() {
        Err(ParseError::Shape(None))
    } else {
        Ok(text)
    }
}

fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, ParseError> {
    serde_json::from_str(json).map_err(|error| ParseError::Shape(Some(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Frame {
        Frame::parse(text, Timestamp::UNIX_EPOCH).unwrap().0
    }

    #[test]
    fn welcome_names_session_and_keepalive() {
        let frame = parse(
            r#"{"metadata":{"message_id":"m1","message_type":"session_welcome","message_timestamp":"2026-11-01T14:56:51.634234626Z"},"payload":{"session":{"id":"AQoQx1","status":"connected","connected_at":"2026-11-01T14:56:51.616329898Z","keepalive_timeout_seconds":10,"reconnect_url":null,"recovery_url":null}}}"#,
        );
        let Frame::Welcome {
            session_id,
            keepalive,
        } = frame
        else {
            panic!("{frame:?}")
        };
        assert_eq!(session_id, "AQoQx1");
        assert_eq!(keepalive, Some(Duration::from_secs(10)));
        let frame = parse(
            r#"{"metadata":{"message_type":"session_welcome"},"payload":{"session":{"id":"a","keepalive_timeout_seconds":null}}}"#,
        );
        assert!(matches!(
            frame,
            Frame::Welcome {
                keepalive: None,
                ..
            }
        ));
    }

    #[test]
    fn keepalive_and_reconnect() {
        let keepalive = r#"{"metadata":{"message_id":"m2","message_type":"session_keepalive","message_timestamp":"2026-11-01T14:57:01Z"},"payload":{}}"#;
        assert!(matches!(parse(keepalive), Frame::Keepalive));
        let frame = parse(
            r#"{"metadata":{"message_id":"m3","message_type":"session_reconnect","message_timestamp":"2026-11-01T15:00:00Z"},"payload":{"session":{"id":"AQoQx1","status":"reconnecting","keepalive_timeout_seconds":null,"reconnect_url":"wss://cell-a.eventsub.wss.twitch.tv/ws?challenge=x&id=y"}}}"#,
        );
        let Frame::Reconnect { url } = frame else {
            panic!("{frame:?}")
        };
        assert_eq!(
            url,
            "wss://cell-a.eventsub.wss.twitch.tv/ws?challenge=x&id=y"
        );
    }

    #[test]
    fn a_notification_keeps_time_to_the_nanosecond_and_the_event_to_the_byte() {
        let frame = parse(
            r#"{"metadata":{"message_id":"147e","message_type":"notification","message_timestamp":"2026-11-23T08:58:26.925131967Z","subscription_type":"channel.raid"},
               "payload":{"subscription":{"id":"d4a3","status":"enabled","type":"channel.raid","version":"1","condition":{"to_broadcaster_user_id":"25612219"}},"event":{"viewers":4.0, "x":"é"}}}"#,
        );
        let Frame::Message(Message::Notification(notification)) = frame else {
            panic!("{frame:?}")
        };
        assert_eq!(notification.message_id, "147e");
        assert_eq!(notification.timestamp.subsec_nanosecond(), 925_131_967);
        assert_eq!(notification.event.get(), r#"{"viewers":4.0, "x":"é"}"#);
    }

    #[test]
    fn a_revocation_is_a_message() {
        let frame = parse(
            r#"{"metadata":{"message_id":"m4","message_type":"revocation","message_timestamp":"?"},"payload":{"subscription":{"id":"s1","status":"authorization_revoked","type":"channel.chat.message"}}}"#,
        );
        assert!(
            matches!(frame, Frame::Message(Message::Revocation(r)) if r.subscription.id == "s1")
        );
    }

    #[test]
    fn unknown_types_are_named_and_garbage_is_refused() {
        let frame = parse(r#"{"metadata":{"message_type":"session_party"}}"#);
        assert!(matches!(frame, Frame::Unknown(t) if t == "session_party"));
        for text in [
            "",
            "[]",
            "{}",
            r#"{"metadata":{}}"#,
            r#"{"metadata":{"message_type":"session_welcome"},"payload":{}}"#,
            r#"{"metadata":{"message_type":"notification"},"payload":{}}"#,
        ] {
            assert!(Frame::parse(text, Timestamp::UNIX_EPOCH).is_err(), "{text}");
        }
    }
}
