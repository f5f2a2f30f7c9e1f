//! Messages of Twitch in the words of the tests: happenings of a channel, and requests bent out of shape.

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Message, Server, sign};

pub(crate) const ID: &str = "twitch-eventsub-message-id";
pub(crate) const TIMESTAMP: &str = "twitch-eventsub-message-timestamp";
pub(crate) const TYPE: &str = "twitch-eventsub-message-type";
pub(crate) const SIGNATURE: &str = "twitch-eventsub-message-signature";

/// The condition of most types.
pub(crate) fn of_channel(broadcaster_id: &str) -> Value {
    json!({ "broadcaster_user_id": broadcaster_id })
}

/// An object with further members, which win.
pub(crate) fn with(object: &Value, members: &Value) -> Value {
    let mut object = object.clone();
    object
        .as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    object
}

/// An event about a channel: its broadcaster and these members.
pub(crate) fn event_of(broadcaster_id: &str, members: &Value) -> Value {
    let broadcaster = json!({
        "broadcaster_user_id": broadcaster_id, "broadcaster_user_login": "someone", "broadcaster_user_name": "Someone",
    });
    with(&broadcaster, members)
}

/// A notification about a channel.
pub(crate) fn about(broadcaster_id: &str, event_type: &str, members: &Value) -> Message {
    Message::notification(
        event_type,
        "1",
        &of_channel(broadcaster_id),
        &event_of(broadcaster_id, members),
    )
}

/// A raid into a channel: it has no natural key, so each is an event of its own.
pub(crate) fn raid_into(broadcaster_id: &str, viewers: u64) -> Message {
    let condition = json!({ "to_broadcaster_user_id": broadcaster_id });
    let event = json!({
        "from_broadcaster_user_id": "555000111", "from_broadcaster_user_login": "late_owl",
        "from_broadcaster_user_name": "Late_Owl", "to_broadcaster_user_id": broadcaster_id,
        "to_broadcaster_user_login": "someone", "to_broadcaster_user_name": "Someone", "viewers": viewers,
    });
    Message::notification("channel.raid", "1", &condition, &event)
}

/// A notification whose event is this text, byte for byte.
pub(crate) fn with_raw_event(event_type: &str, condition: &Value, event: &str) -> Message {
    let subscription = json!({ "id": "s", "status": "enabled", "type": event_type, "version": "1", "condition": condition });
    Message {
        body: format!(r#"{{"subscription":{subscription},"event":{event}}}"#),
        ..Message::new("notification", &json!({}))
    }
}

/// The end of one of Twitch's subscriptions.
pub(crate) fn revocation(subscription_id: &str, event_type: &str, status: &str) -> Message {
    let subscription = json!({
        "id": subscription_id, "status": status, "type": event_type, "version": "1", "cost": 1,
        "condition": of_channel("1"), "transport": { "method": "webhook", "callback": "https://ev.example.org" },
    });
    Message::new("revocation", &json!({ "subscription": subscription }))
}

/// The question whether a webhook is ours.
pub(crate) fn challenge(challenge: &str) -> Message {
    let subscription = json!({
        "id": "s", "status": "webhook_callback_verification_pending", "type": "channel.raid", "version": "1",
        "condition": { "to_broadcaster_user_id": "1" },
    });
    Message::new(
        "webhook_callback_verification",
        &json!({ "challenge": challenge, "subscription": subscription }),
    )
}

/// A message sent at another time.
pub(crate) fn at(message: &Message, time: Timestamp) -> Message {
    Message {
        timestamp: format!("{time:.9}"),
        ..message.clone()
    }
}

/// A request to the webhook, to be bent at will: what is signed and what is sent may differ.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The message as Twitch would send it, signed with this secret.
    pub(crate) fn signed(message: &Message, secret: &str) -> Self {
        let signature = sign(secret, &message.id, &message.timestamp, &message.body);
        Self {
            headers: vec![
                (ID, message.id.clone()),
                (TIMESTAMP, message.timestamp.clone()),
                (TYPE, message.message_type.clone()),
                (SIGNATURE, signature),
            ],
            body: message.body.clone().into_bytes(),
        }
    }

    pub(crate) fn without(mut self, header: &str) -> Self {
        self.headers.retain(|(name, _)| *name != header);
        self
    }

    /// Replaces a header.
    pub(crate) fn with(self, header: &'static str, value: &str) -> Self {
        let mut changed = self.without(header);
        changed.headers.push((header, value.to_owned()));
        changed
    }

    pub(crate) async fn post(self, server: &Server) -> Answer {
        let ask = server.browser().ask(Method::POST, "/webhooks/twitch");
        let ask = self
            .headers
            .iter()
            .fold(ask, |ask, (name, value)| ask.header(name, value));
        ask.body(self.body).send().await
    }
}
