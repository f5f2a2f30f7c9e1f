//! A message of Twitch, whichever way it came: notification, challenge or revocation.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::lenient;

/// What Twitch says of one of its subscriptions; unknown fields are let through.
#[derive(Debug, Clone, Deserialize)]
pub struct EventsubSubscription {
    /// Twitch's id of the subscription.
    #[serde(default, deserialize_with = "lenient::text")]
    pub id: String,
    /// `enabled`, or why it is not.
    #[serde(default, deserialize_with = "lenient::text")]
    pub status: String,
    /// Such as `channel.raid`.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    pub event_type: String,
    /// Twitch's version of the type.
    #[serde(default, deserialize_with = "lenient::text")]
    pub version: String,
    /// Whom it concerns.
    #[serde(default)]
    pub condition: Option<Box<RawValue>>,
}

/// A message that carries an event.
#[derive(Debug, Clone)]
pub struct Notification {
    /// Twitch's id of the message; a redelivery has the same.
    pub message_id: String,
    /// When Twitch sent it.
    pub timestamp: Timestamp,
    /// Why we got it.
    pub subscription: EventsubSubscription,
    /// Twitch's `event` object as it came; of a batch, its `events` array.
    pub event: Box<RawValue>,
}

/// A message that a subscription has ended.
#[derive(Debug, Clone)]
pub struct Revocation {
    /// Twitch's id of the message.
    pub message_id: String,
    /// When Twitch sent it.
    pub timestamp: Timestamp,
    /// The subscription; its status is the reason.
    pub subscription: EventsubSubscription,
}

/// A question whether the webhook is ours; the answer is the challenge itself.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// What to send back.
    pub challenge: String,
}

/// One message of Twitch.
#[derive(Debug, Clone)]
pub enum Message {
    /// Something happened.
    Notification(Notification),
    /// A subscription ended.
    Revocation(Revocation),
    /// Prove that you are you.
    Challenge(Challenge),
}

/// Why a body is no message.
#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    /// Not JSON, or JSON of no known shape.
    #[error("the body is not a message of a known shape")]
    Shape(#[source] Option<serde_json::Error>),
}

#[derive(Deserialize)]
struct Body {
    subscription: Option<EventsubSubscription>,
    challenge: Option<String>,
    conduit_shard: Option<serde::de::IgnoredAny>,
    event: Option<Box<RawValue>>,
    events: Option<Box<RawValue>>,
}

impl Message {
    /// Reads the body of a webhook message, or the payload of a frame.
    ///
    /// # Errors
    /// When it is not JSON or has none of the three shapes.
    pub fn parse(message_id: &str, timestamp: Timestamp, body: &[u8]) -> Result<Self, ParseError> {
        let body: Body =
            serde_json::from_slice(body).map_err(|error| ParseError::Shape(Some(error)))?;
        let is_of_no_type = |one: &EventsubSubscription| one.event_type.is_empty();
        if body.subscription.as_ref().is_some_and(is_of_no_type) {
            return Err(ParseError::Shape(None));
        }
        let is_about_something = body.subscription.is_some() || body.conduit_shard.is_some();
        match (
            body.challenge,
            body.event.or(body.events),
            body.subscription,
        ) {
            (Some(challenge), None, _) if is_about_something => {
                Ok(Self::Challenge(Challenge { challenge }))
            }
            (None, Some(event), Some(subscription)) => Ok(Self::Notification(Notification {
                message_id: message_id.to_owned(),
                timestamp,
                subscription,
                event,
            })),
            (None, None, Some(subscription)) if subscription.status != "enabled" => {
                Ok(Self::Revocation(Revocation {
                    message_id: message_id.to_owned(),
                    timestamp,
                    subscription,
                }))
            }
            _ => Err(ParseError::Shape(None)),
        }
    }

    /// The message type as Twitch names it in a webhook's header.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Notification(_) => "notification",
            Self::Revocation(_) => "revocation",
            Self::Challenge(_) => "webhook_callback_verification",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<Message, ParseError> {
        Message::parse("m1", Timestamp::UNIX_EPOCH, body.as_bytes())
    }

    #[test]
    fn each_shape_is_told_from_the_body() {
        let notification =
            r#"{"subscription":{"id":"s","type":"x","status":"enabled"},"event":{"a":1.10}}"#;
        let Message::Notification(n) = parse(notification).unwrap() else {
            panic!("not a notification")
        };
        assert_eq!(
            n.event.get(),
            r#"{"a":1.10}"#,
            "the event is kept to the byte"
        );
        let challenge = r#"{"challenge":"abc","subscription":{"type":"x"}}"#;
        assert_eq!(
            parse(challenge).unwrap().type_name(),
            "webhook_callback_verification"
        );
        let shard = r#"{"challenge":"abc","conduit_shard":{"conduit_id":"c","shard":"0"}}"#;
        assert_eq!(
            parse(shard).unwrap().type_name(),
            "webhook_callback_verification"
        );
        let revocation = r#"{"subscription":{"type":"x","status":"user_removed"}}"#;
        assert_eq!(parse(revocation).unwrap().type_name(), "revocation");
    }

    #[test]
    fn other_shapes_are_refused() {
        for body in [
            "",
            "[]",
            "{}",
            "{\"challenge\":\"abc\"}",
            r#"{"event":{}}"#,
            r#"{"subscription":{"type":"x","status":"enabled"}}"#,
            r#"{"subscription":{"status":"enabled"},"event":{}}"#,
            r#"{"subscription":{"status":"enabled","type":null},"event":{}}"#,
            r#"{"challenge":"a","subscription":{"type":"x"},"event":{}}"#,
        ] {
            assert!(parse(body).is_err(), "{body}");
        }
    }
}
