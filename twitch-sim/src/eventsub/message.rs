//! The envelope: one message to one subscription's receiver, as a webhook body and as a WebSocket frame.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::subscriptions::{Subscription, Transport};
use crate::clock::Clock;
use crate::journal::Delivery;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Notification,
    Revocation,
    Verification,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Notification => "notification",
            Self::Revocation => "revocation",
            Self::Verification => "webhook_callback_verification",
        }
    }
}

/// One message. A redelivery is the same message again, id and timestamp included.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) timestamp: String,
    pub(super) event_type: String,
    pub(super) version: String,
    pub(super) subscription_id: String,
    pub(super) broadcaster_id: Option<String>,
    pub(super) transport: Transport,
    /// The body of a webhook, the `payload` of a frame.
    pub(super) body: Value,
}

impl Message {
    pub(super) fn notification(
        id: String,
        timestamp: String,
        subscription: &Subscription,
        happened: &crate::world::Happening,
        clock: &Clock,
    ) -> Self {
        // What is sent names the type that happened, even to a subscription picked by hand.
        let mut shown = subscription.to_json(clock);
        shown["type"] = json!(happened.event_type);
        shown["version"] = json!(happened.version);
        Self {
            id,
            kind: Kind::Notification,
            timestamp,
            event_type: happened.event_type.clone(),
            version: happened.version.clone(),
            subscription_id: subscription.id.clone(),
            broadcaster_id: Some(happened.broadcaster_id.clone()),
            transport: subscription.transport.clone(),
            body: json!({ "subscription": shown, "event": happened.event }),
        }
    }

    /// A message about the subscription itself: its end, or with `challenge` its beginning.
    pub(super) fn about(
        subscription: &Subscription,
        challenge: Option<&str>,
        timestamp: String,
        clock: &Clock,
    ) -> Self {
        let mut body = json!({ "subscription": subscription.to_json(clock) });
        if let Some(challenge) = challenge {
            body["challenge"] = json!(challenge);
        }
        Self {
            id: new_id(),
            kind: if challenge.is_some() {
                Kind::Verification
            } else {
                Kind::Revocation
            },
            timestamp,
            event_type: subscription.event_type.clone(),
            version: subscription.version.clone(),
            subscription_id: subscription.id.clone(),
            broadcaster_id: subscription
                .condition("broadcaster_user_id")
                .map(str::to_owned),
            transport: subscription.transport.clone(),
            body,
        }
    }

    /// How it stands in the log before it goes anywhere.
    pub(super) fn entry(&self) -> Delivery {
        Delivery {
            message_id: self.id.clone(),
            message_type: self.kind.name(),
            event_type: self.event_type.clone(),
            version: self.version.clone(),
            subscription_id: self.subscription_id.clone(),
            broadcaster_id: self.broadcaster_id.clone(),
            transport: self.transport.method(),
            at: Timestamp::now(),
            outcome: "queued".to_owned(),
            ..Delivery::default()
        }
    }

    /// As a WebSocket frame.
    pub(super) fn frame(&self) -> String {
        json!({
            "metadata": {
                "message_id": self.id,
                "message_type": self.kind.name(),
                "message_timestamp": self.timestamp,
                "subscription_type": self.event_type,
                "subscription_version": self.version,
            },
            "payload": self.body,
        })
        .to_string()
    }
}

/// A frame about the session itself.
pub(super) fn session_frame(message_type: &str, payload: &Value, timestamp: &str) -> String {
    json!({
        "metadata": {
            "message_id": new_id(),
            "message_type": message_type,
            "message_timestamp": timestamp,
        },
        "payload": payload,
    })
    .to_string()
}

pub(super) fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// The real time, off by `skew`, in Twitch's nine digits.
pub(super) fn timestamp(skew: SignedDuration) -> String {
    let now = Timestamp::now();
    format!("{:.9}", now.saturating_add(skew).unwrap_or(now))
}
