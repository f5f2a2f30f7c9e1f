//! Twitch's webhook messages as a test sends them itself: any content, any header, signed or not.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use super::browser::{Answer, Ask};
use super::server::Server;
use crate::messages::{ID, SIGNATURE, TIMESTAMP, TYPE};

/// The secret of every server of these tests.
pub(crate) const EVENTSUB_SECRET: &str = "a-secret-for-tests-alone";

/// Twitch's signature of a message.
pub(crate) fn sign(secret: &str, id: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    for part in [id, timestamp, body] {
        mac.update(part.as_bytes());
    }
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// A message, valid unless a test changes it.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) timestamp: String,
    pub(crate) message_type: String,
    pub(crate) body: String,
}

impl Message {
    /// A notification of this type, for a condition.
    pub(crate) fn notification(
        event_type: &str,
        version: &str,
        condition: &Value,
        event: &Value,
    ) -> Self {
        let subscription = json!({
            "id": uuid::Uuid::new_v4().to_string(), "status": "enabled", "type": event_type, "version": version, "cost": 1,
            "condition": condition, "created_at": "2026-11-01T17:00:00.123456789Z",
            "transport": {"method": "webhook", "callback": "https://ev.example.org/webhooks/twitch"},
        });
        Self::new(
            "notification",
            &json!({"subscription": subscription, "event": event}),
        )
    }

    /// A message of any type, sent now under a new id.
    pub(crate) fn new(message_type: &str, body: &Value) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            timestamp: Timestamp::now().to_string(),
            message_type: message_type.to_owned(),
            body: body.to_string(),
        }
    }

    /// The same under another id.
    pub(crate) fn again(&self) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            ..self.clone()
        }
    }

    /// The signature that fits.
    pub(crate) fn signature(&self) -> String {
        sign(EVENTSUB_SECRET, &self.id, &self.timestamp, &self.body)
    }

    /// The request that brings it, complete and signed.
    pub(crate) fn ask(&self, server: &Server) -> Ask {
        self.ask_unsigned(server)
            .header("twitch-eventsub-message-signature", self.signature())
    }

    /// The same without a signature.
    pub(crate) fn ask_unsigned(&self, server: &Server) -> Ask {
        server
            .browser()
            .ask(Method::POST, "/webhooks/twitch")
            .header("content-type", "application/json")
            .header("twitch-eventsub-message-id", &self.id)
            .header("twitch-eventsub-message-timestamp", &self.timestamp)
            .header("twitch-eventsub-message-type", &self.message_type)
            .body(self.body.clone())
    }

    /// The request as it goes over a connection, with these header lines besides.
    pub(crate) fn on_the_wire(&self, lines: &str) -> String {
        format!(
            "POST /webhooks/twitch HTTP/1.1\r\nhost: localhost\r\n{lines}content-length: {}\r\n\
             {ID}: {}\r\n{TIMESTAMP}: {}\r\n{TYPE}: {}\r\n{SIGNATURE}: {}\r\n\r\n{}",
            self.body.len(),
            self.id,
            self.timestamp,
            self.message_type,
            self.signature(),
            self.body
        )
    }

    /// Brings it.
    pub(crate) async fn post(&self, server: &Server) -> Answer {
        self.ask(server).send().await
    }

    /// Brings it; it must be taken.
    pub(crate) async fn accepted(&self, server: &Server) {
        let answer = self.post(server).await;
        assert_eq!(answer.status, 204, "{}: {}", self.body, answer.text);
    }
}
