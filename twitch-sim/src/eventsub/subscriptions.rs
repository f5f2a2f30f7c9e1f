//! The EventSub subscriptions that exist, their costs and states. Who may create one is checked before.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::clock::Clock;

/// Budgets of cost points. <https://dev.twitch.tv/docs/eventsub/manage-subscriptions/#subscription-limits>
pub(crate) const APP_MAX_TOTAL_COST: u32 = 10_000;
pub(crate) const USER_MAX_TOTAL_COST: u32 = 10;
/// How long a dead subscription stays listed.
const DEAD_WEBSOCKET_LISTED: Duration = Duration::from_secs(60);
const DEAD_LISTED: Duration = Duration::from_secs(10 * 24 * 60 * 60);

/// The state of a subscription, of a shard too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Enabled,
    VerificationPending,
    VerificationFailed,
    NotificationFailuresExceeded,
    AuthorizationRevoked,
    ConduitDeleted,
    Disconnected,
    FailedPingPong,
    InboundTraffic,
    ConnectionUnused,
    InternalError,
    NetworkTimeout,
    NetworkError,
    FailedToReconnect,
}

impl Status {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::VerificationPending => "webhook_callback_verification_pending",
            Self::VerificationFailed => "webhook_callback_verification_failed",
            Self::NotificationFailuresExceeded => "notification_failures_exceeded",
            Self::AuthorizationRevoked => "authorization_revoked",
            Self::ConduitDeleted => "conduit_deleted",
            Self::Disconnected => "websocket_disconnected",
            Self::FailedPingPong => "websocket_failed_ping_pong",
            Self::InboundTraffic => "websocket_received_inbound_traffic",
            Self::ConnectionUnused => "websocket_connection_unused",
            Self::InternalError => "websocket_internal_error",
            Self::NetworkTimeout => "websocket_network_timeout",
            Self::NetworkError => "websocket_network_error",
            Self::FailedToReconnect => "websocket_failed_to_reconnect",
        }
    }

    /// Counts towards limits and conflicts.
    pub(crate) fn is_alive(self) -> bool {
        matches!(self, Self::Enabled | Self::VerificationPending)
    }
}

/// How notifications travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Webhook {
        callback: String,
        secret: String,
    },
    WebSocket {
        session_id: String,
        connected_at: Timestamp,
    },
    Conduit {
        conduit_id: String,
    },
}

impl Transport {
    pub(crate) fn method(&self) -> &'static str {
        match self {
            Self::Webhook { .. } => "webhook",
            Self::WebSocket { .. } => "websocket",
            Self::Conduit { .. } => "conduit",
        }
    }

    /// Both lead to the same receiver; secrets do not matter.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Webhook { callback, .. },
                Self::Webhook {
                    callback: theirs, ..
                },
            ) => callback == theirs,
            (
                Self::WebSocket { session_id, .. },
                Self::WebSocket {
                    session_id: theirs, ..
                },
            ) => session_id == theirs,
            (Self::Conduit { conduit_id }, Self::Conduit { conduit_id: theirs }) => {
                conduit_id == theirs
            }
            (Self::Webhook { .. } | Self::WebSocket { .. } | Self::Conduit { .. }, _) => false,
        }
    }
}

/// One EventSub subscription.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) event_type: String,
    pub(crate) version: String,
    pub(crate) condition: Map<String, Value>,
    pub(crate) cost: u32,
    pub(crate) transport: Transport,
    pub(crate) created_at: Timestamp,
    /// The user whose token created it (WebSocket transports); `None`: the app.
    pub(crate) owner: Option<String>,
    /// Users who must stay connected for it to go on.
    pub(crate) leans_on: Vec<String>,
    pub(crate) disabled_at: Option<Timestamp>,
    /// Messages in a row that were given up.
    pub(crate) failures: u32,
}

impl Subscription {
    /// A member of the condition; Twitch writes absent ones as `""` at times.
    pub(crate) fn condition(&self, name: &str) -> Option<&str> {
        self.condition
            .get(name)
            .and_then(Value::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The reading user of a chat type. Only these concern a broadcaster and a user.
    pub(crate) fn chat_reader(&self) -> Option<(&str, &str)> {
        Some((
            self.condition("broadcaster_user_id")?,
            self.condition("user_id")?,
        ))
    }

    pub(crate) fn is_on_session(&self, id: &str) -> bool {
        matches!(&self.transport, Transport::WebSocket { session_id, .. } if session_id == id)
    }

    pub(crate) fn is_on_conduit(&self, id: &str) -> bool {
        matches!(&self.transport, Transport::Conduit { conduit_id } if conduit_id == id)
    }

    /// As the API and notifications show it; secrets are never shown.
    pub(crate) fn to_json(&self, clock: &Clock) -> Value {
        let mut transport = json!({ "method": self.transport.method() });
        match &self.transport {
            Transport::Webhook { callback, .. } => transport["callback"] = json!(callback),
            Transport::Conduit { conduit_id } => transport["conduit_id"] = json!(conduit_id),
            Transport::WebSocket {
                session_id,
                connected_at,
            } => {
                transport["session_id"] = json!(session_id);
                transport["connected_at"] = json!(clock.to_real(*connected_at));
                if let Some(at) = self.disabled_at {
                    transport["disconnected_at"] = json!(clock.to_real(at));
                }
            }
        }
        json!({
            "id": self.id,
            "status": self.status.name(),
            "type": self.event_type,
            "version": self.version,
            "condition": self.condition,
            "created_at": clock.to_real(self.created_at),
            "transport": transport,
            "cost": self.cost,
        })
    }
}

/// What one owner has and may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Totals {
    pub(crate) total: usize,
    pub(crate) total_cost: u32,
    pub(crate) max_total_cost: u32,
}

/// All of them, in order of creation.
#[derive(Debug)]
pub(crate) struct Subscriptions {
    by_number: BTreeMap<u64, Subscription>,
    next: u64,
    /// What those of the app may cost together.
    app_max_total_cost: u32,
}

impl Subscriptions {
    pub(crate) fn new(app_max_total_cost: u32) -> Self {
        Self {
            by_number: BTreeMap::new(),
            next: 0,
            app_max_total_cost,
        }
    }

    pub(crate) fn insert(&mut self, subscription: Subscription) {
        self.by_number.insert(self.next, subscription);
        self.next += 1;
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Subscription> {
        self.by_number.values()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Subscription> {
        self.by_number.values_mut()
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Subscription> {
        self.iter().find(|subscription| subscription.id == id)
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Subscription> {
        self.iter_mut().find(|subscription| subscription.id == id)
    }

    /// Removes one of this owner's.
    pub(crate) fn remove(&mut self, id: &str, owner: Option<&str>) -> bool {
        let before = self.by_number.len();
        self.by_number.retain(|_, subscription| {
            subscription.id != id || subscription.owner.as_deref() != owner
        });
        self.by_number.len() < before
    }

    /// Living subscriptions of the same owner with the same type, version and condition.
    pub(crate) fn twins(&self, wanted: &Subscription) -> impl Iterator<Item = &Subscription> {
        self.iter().filter(|other| {
            other.status.is_alive()
                && other.owner == wanted.owner
                && other.event_type == wanted.event_type
                && other.version == wanted.version
                && present(&other.condition).eq(present(&wanted.condition))
        })
    }

    /// The living twin on the same transport.
    pub(crate) fn conflict(&self, wanted: &Subscription) -> Option<&Subscription> {
        self.twins(wanted)
            .find(|other| other.transport.is_same(&wanted.transport))
    }

    /// Dead ones count in neither.
    pub(crate) fn totals(&self, owner: Option<&str>) -> Totals {
        let own = || {
            self.iter()
                .filter(|subscription| subscription.owner.as_deref() == owner)
        };
        Totals {
            total: own().count(),
            total_cost: own()
                .filter(|one| one.status.is_alive())
                .map(|one| one.cost)
                .sum(),
            max_total_cost: match owner {
                Some(_) => USER_MAX_TOTAL_COST,
                None => self.app_max_total_cost,
            },
        }
    }

    /// Unlists those that have been dead for long enough.
    pub(crate) fn forget_dead(&mut self, now: Timestamp) {
        self.by_number.retain(|_, subscription| {
            let listed = match subscription.transport {
                Transport::WebSocket { .. } => DEAD_WEBSOCKET_LISTED,
                Transport::Webhook { .. } | Transport::Conduit { .. } => DEAD_LISTED,
            };
            subscription.disabled_at.is_none_or(|at| at + listed > now)
        });
    }
}

fn present(condition: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    condition
        .iter()
        .filter(|(_, value)| value.as_str() != Some(""))
}
