//! EventSub over HTTP: subscriptions, with the app's or a viewer's token.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use url::Url;

use super::helix::Page;
use super::transfer::{Auth, below};
use super::{Client, Error, lenient};

/// Pages of subscriptions that are read at most; beyond them the list counts as unreadable.
const PAGES_MAX: usize = 500;

/// Where Twitch does not say. <https://dev.twitch.tv/docs/eventsub/manage-subscriptions/#subscription-limits>
const DEFAULT_MAX_TOTAL_COST: i64 = 10_000;

/// Whom a subscription concerns: Twitch's keys and values, empty ones left out.
pub type Condition = BTreeMap<String, String>;

/// What Twitch needs to know of a topic; two topics with the same are the same to Twitch.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spec {
    /// Such as `channel.raid`.
    pub event_type: &'static str,
    /// Twitch's version of the type.
    pub version: &'static str,
    /// Whom it concerns.
    pub condition: Condition,
}

impl Spec {
    /// Whether Twitch lists this topic.
    pub fn is_listed_as(&self, listed: &EventsubSubscription) -> bool {
        self.event_type == listed.event_type
            && self.version == listed.version
            && self.condition == listed.condition
    }
}

/// Where Twitch shall deliver.
#[derive(Debug, Clone)]
pub enum Transport {
    /// Signed requests.
    Webhook {
        /// Our address.
        callback: String,
        /// Signs them.
        secret: SecretString,
    },
    /// Whatever shards the conduit has.
    Conduit {
        /// Which.
        conduit_id: String,
    },
    /// A viewer's own session; with the viewer's token alone.
    Websocket {
        /// Which.
        session_id: String,
    },
}

/// A subscription as Twitch lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EventsubSubscription {
    /// Twitch's id.
    #[serde(deserialize_with = "lenient::text")]
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
    #[serde(default, deserialize_with = "condition")]
    pub condition: Condition,
    /// Points of the caller's budget.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub cost: i64,
    /// Where Twitch delivers.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub transport: ListedTransport,
}

impl EventsubSubscription {
    /// Twitch delivers.
    pub fn is_enabled(&self) -> bool {
        self.status == "enabled"
    }

    /// Twitch waits for the answer to its challenge.
    pub fn is_pending(&self) -> bool {
        self.status == "webhook_callback_verification_pending"
    }
}

/// What a caller has, and may have.
#[derive(Debug, Clone)]
pub struct Listing {
    /// All of it, whoever made it.
    pub subscriptions: Vec<EventsubSubscription>,
    /// What all of it may cost.
    pub max_total_cost: i64,
}

/// A transport as Twitch lists it: only what tells whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ListedTransport {
    /// `webhook`, `conduit` or `websocket`.
    #[serde(default, deserialize_with = "lenient::text")]
    pub method: String,
    /// Of a webhook.
    #[serde(default, deserialize_with = "lenient::text")]
    pub callback: String,
    /// Of a conduit.
    #[serde(default, deserialize_with = "lenient::text")]
    pub conduit_id: String,
    /// Of a WebSocket.
    #[serde(default, deserialize_with = "lenient::text")]
    pub session_id: String,
}

/// Twitch lists the other side of a raid as `""`.
fn condition<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
    let Value::Object(entries) = Value::deserialize(deserializer)? else {
        return Ok(Condition::new());
    };
    let texts = entries
        .into_iter()
        .map(|(key, value)| (key, lenient::into_text(value)));
    Ok(texts.filter(|(_, value)| !value.is_empty()).collect())
}

impl Client {
    pub(super) fn eventsub_url(&self, path: &str) -> Url {
        below(&self.0.config.eventsub_url, path)
    }

    /// Subscribes; the answer says whether Twitch delivers at once or asks the webhook first.
    ///
    /// # Errors
    /// [`Error::Conflict`] names the one that exists; [`Error::LimitReached`] when the cost is too high.
    pub async fn create_eventsub_subscription(
        &self,
        caller: Auth<'_>,
        spec: &Spec,
        transport: &Transport,
    ) -> Result<EventsubSubscription, Error> {
        let transport = match transport {
            Transport::Webhook { callback, secret } => {
                json!({"method": "webhook", "callback": callback, "secret": secret.expose_secret()})
            }
            Transport::Conduit { conduit_id } => {
                json!({"method": "conduit", "conduit_id": conduit_id})
            }
            Transport::Websocket { session_id } => {
                json!({"method": "websocket", "session_id": session_id})
            }
        };
        let body = json!({
            "type": spec.event_type,
            "version": spec.version,
            "condition": spec.condition,
            "transport": transport,
        });
        let request = self
            .0
            .http
            .post(self.eventsub_url("subscriptions"))
            .json(&body);
        first(self.helix(caller, request).await?)
    }

    /// Every subscription of the caller, those of other installations included.
    ///
    /// # Errors
    /// When Twitch fails on any page: half a list would look like missing subscriptions.
    pub async fn list_eventsub_subscriptions(&self, caller: Auth<'_>) -> Result<Listing, Error> {
        let mut subscriptions = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut request = self.0.http.get(self.eventsub_url("subscriptions"));
            if let Some(after) = &after {
                request = request.query(&[("after", after)]);
            }
            let page: Page<EventsubSubscription> = self.helix(caller, request).await?;
            after = page.next();
            let max_total_cost = match page.max_total_cost {
                ..=0 => DEFAULT_MAX_TOTAL_COST,
                said => said,
            };
            subscriptions.extend(page.data);
            if after.is_none() {
                return Ok(Listing {
                    subscriptions,
                    max_total_cost,
                });
            }
        }
        Err(Error::unreadable("the list of subscriptions does not end"))
    }

    /// One subscription, if Twitch still lists it.
    ///
    /// # Errors
    /// When Twitch fails.
    pub async fn eventsub_subscription(
        &self,
        caller: Auth<'_>,
        id: &str,
    ) -> Result<Option<EventsubSubscription>, Error> {
        let request = self
            .0
            .http
            .get(self.eventsub_url("subscriptions"))
            .query(&[("subscription_id", id)]);
        match self
            .helix::<Page<EventsubSubscription>>(caller, request)
            .await
        {
            Ok(page) => Ok(page.data.into_iter().find(|listed| listed.id == id)),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Ends a subscription; one that has ended already is fine.
    ///
    /// # Errors
    /// When Twitch fails.
    pub async fn delete_eventsub_subscription(
        &self,
        caller: Auth<'_>,
        id: &str,
    ) -> Result<(), Error> {
        let request = self
            .0
            .http
            .delete(self.eventsub_url("subscriptions"))
            .query(&[("id", id)]);
        match self.helix_done(caller, request).await {
            Ok(()) | Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// The one entry of an answer to a creation.
pub(super) fn first<T>(page: Page<T>) -> Result<T, Error> {
    let entry = page.data.into_iter().next();
    entry.ok_or_else(|| Error::unreadable("nothing in the answer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_subscription_is_read_leniently() {
        let json = r#"{"id":"s1","status":"enabled","type":"channel.raid","version":"1","cost":1,
            "condition":{"from_broadcaster_user_id":"","to_broadcaster_user_id":700},
            "transport":{"method":"webhook","callback":"https://x/webhooks/twitch"},"created_at":"?"}"#;
        let listed: EventsubSubscription = serde_json::from_str(json).unwrap();
        assert!(listed.is_enabled());
        assert_eq!(
            listed.condition,
            Condition::from([("to_broadcaster_user_id".into(), "700".into())])
        );
        assert_eq!(listed.transport.conduit_id, "");
        let bare: EventsubSubscription = serde_json::from_str(r#"{"id":"s","type":"x"}"#).unwrap();
        assert!(!bare.is_enabled() && !bare.is_pending());
        let odd = r#"{"id":7,"type":"x","version":2,"condition":null,"transport":null}"#;
        let odd: EventsubSubscription = serde_json::from_str(odd).unwrap();
        assert_eq!((odd.id.as_str(), odd.version.as_str()), ("7", "2"));
    }
}
