//! Conduits and their shards: what is bound where, and which shard a channel's events go to.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::subscriptions::Status;
use crate::clock::Clock;

/// <https://dev.twitch.tv/docs/eventsub/handling-conduit-events/#limits>
pub(crate) const MAX_CONDUITS: usize = 5;
pub(crate) const MAX_SHARDS: usize = 20_000;
/// A conduit all of whose shards are disabled for so long is removed.
const ABANDONED_AFTER: Duration = Duration::from_secs(72 * 60 * 60);

/// Where a shard's messages go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ShardTransport {
    WebSocket {
        session_id: String,
        connected_at: Timestamp,
    },
    Webhook {
        callback: String,
        secret: String,
    },
}

/// A bound shard; one that was never bound is not listed.
#[derive(Clone, Debug)]
pub(crate) struct Shard {
    pub(crate) status: Status,
    pub(crate) transport: ShardTransport,
    pub(crate) disabled_at: Option<Timestamp>,
    /// Messages in a row that a webhook shard did not take.
    pub(crate) failures: u32,
}

impl Shard {
    pub(crate) fn is_on_session(&self, id: &str) -> bool {
        matches!(&self.transport, ShardTransport::WebSocket { session_id, .. } if session_id == id)
    }

    pub(crate) fn transport_json(&self, clock: &Clock) -> Value {
        match &self.transport {
            ShardTransport::Webhook { callback, .. } => {
                json!({ "method": "webhook", "callback": callback })
            }
            ShardTransport::WebSocket {
                session_id,
                connected_at,
            } => {
                let mut transport = json!({
                    "method": "websocket",
                    "session_id": session_id,
                    "connected_at": clock.to_real(*connected_at),
                });
                if let Some(at) = self.disabled_at {
                    transport["disconnected_at"] = json!(clock.to_real(at));
                }
                transport
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct Conduit {
    pub(crate) shards: Vec<Option<Shard>>,
    /// Since when no shard is enabled.
    idle_since: Option<Timestamp>,
}

/// One shard of one conduit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShardKey {
    pub(crate) conduit_id: String,
    pub(crate) index: usize,
}

/// The app's conduits by id.
#[derive(Debug, Default)]
pub(crate) struct Conduits(BTreeMap<String, Conduit>);

impl Conduits {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Conduit)> {
        self.0.iter()
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Conduit> {
        self.0.get(id)
    }

    pub(crate) fn insert(&mut self, id: String, shard_count: usize, now: Timestamp) {
        let conduit = Conduit {
            shards: vec![None; shard_count],
            idle_since: Some(now),
        };
        self.0.insert(id, conduit);
    }

    pub(crate) fn resize(&mut self, id: &str, shard_count: usize) -> bool {
        let conduit = self.0.get_mut(id);
        conduit
            .map(|conduit| conduit.shards.resize(shard_count, None))
            .is_some()
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.0.remove(id).is_some()
    }

    pub(crate) fn shard_mut(&mut self, key: &ShardKey) -> Option<&mut Shard> {
        self.0
            .get_mut(&key.conduit_id)?
            .shards
            .get_mut(key.index)?
            .as_mut()
    }

    /// Binds a shard anew, whatever it was bound to.
    pub(crate) fn bind(&mut self, key: &ShardKey, transport: ShardTransport, status: Status) {
        let Some(conduit) = self.0.get_mut(&key.conduit_id) else {
            return;
        };
        if let Some(slot) = conduit.shards.get_mut(key.index) {
            *slot = Some(Shard {
                status,
                transport,
                disabled_at: None,
                failures: 0,
            });
        }
        conduit.idle_since = None;
    }

    /// Takes a shard out of service. False if it was not in service.
    pub(crate) fn disable(&mut self, key: &ShardKey, status: Status, now: Timestamp) -> bool {
        let Some(shard) = self.shard_mut(key).filter(|shard| shard.status.is_alive()) else {
            return false;
        };
        shard.status = status;
        shard.disabled_at = Some(now);
        if let Some(conduit) = self.0.get_mut(&key.conduit_id) {
            let alive = conduit
                .shards
                .iter()
                .flatten()
                .any(|shard| shard.status.is_alive());
            conduit.idle_since = (!alive).then_some(now);
        }
        true
    }

    /// The shards that are in service and meet a condition.
    pub(crate) fn alive(&self, wanted: impl Fn(&ShardKey, &Shard) -> bool) -> Vec<ShardKey> {
        let keys = self.0.iter().flat_map(|(conduit_id, conduit)| {
            conduit
                .shards
                .iter()
                .enumerate()
                .filter_map(|(index, shard)| {
                    let key = ShardKey {
                        conduit_id: conduit_id.clone(),
                        index,
                    };
                    Some((key, shard.as_ref().filter(|shard| shard.status.is_alive())?))
                })
        });
        keys.filter(|(key, shard)| wanted(key, shard))
            .map(|(key, _)| key)
            .collect()
    }

    /// The shard for a channel: always the same one; if that is disabled one other; if that is too, none.
    pub(crate) fn route(
        &self,
        conduit_id: &str,
        channel: &str,
    ) -> Option<(ShardKey, ShardTransport)> {
        let shards = &self.0.get(conduit_id)?.shards;
        let mut hasher = DefaultHasher::new();
        channel.hash(&mut hasher);
        let home = usize::try_from(hasher.finish() % shards.len() as u64).ok()?;
        [home, (home + 1) % shards.len()]
            .into_iter()
            .find_map(|index| {
                let shard = shards[index]
                    .as_ref()
                    .filter(|shard| shard.status == Status::Enabled)?;
                let key = ShardKey {
                    conduit_id: conduit_id.to_owned(),
                    index,
                };
                Some((key, shard.transport.clone()))
            })
    }

    /// Removes and names the conduits nobody has served for 72 hours.
    pub(crate) fn take_abandoned(&mut self, now: Timestamp) -> Vec<String> {
        let gone: Vec<String> = self
            .0
            .iter()
            .filter(|(_, conduit)| {
                conduit
                    .idle_since
                    .is_some_and(|since| since + ABANDONED_AFTER <= now)
            })
            .map(|(id, _)| id.clone())
            .collect();
        self.0.retain(|id, _| !gone.contains(id));
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(count: usize, enabled: &[usize]) -> Conduits {
        let mut conduits = Conduits::default();
        conduits.insert("c".to_owned(), count, Timestamp::UNIX_EPOCH);
        for index in enabled {
            let key = ShardKey {
                conduit_id: "c".to_owned(),
                index: *index,
            };
            let transport = ShardTransport::WebSocket {
                session_id: format!("s{index}"),
                connected_at: Timestamp::UNIX_EPOCH,
            };
            conduits.bind(&key, transport, Status::Enabled);
        }
        conduits
    }

    #[test]
    fn a_channel_stays_on_its_shard_and_moves_to_one_other_alone() {
        let all = bound(3, &[0, 1, 2]);
        let home = all.route("c", "700100200").unwrap().0.index;
        assert_eq!(all.route("c", "700100200").unwrap().0.index, home);

        let next = (home + 1) % 3;
        assert_eq!(
            bound(3, &[next]).route("c", "700100200").unwrap().0.index,
            next
        );
        let third = (home + 2) % 3;
        assert!(bound(3, &[third]).route("c", "700100200").is_none());
        let used: std::collections::HashSet<usize> = (0..50)
            .map(|id| all.route("c", &id.to_string()).unwrap().0.index)
            .collect();
        assert_eq!(used.len(), 3);
    }

    #[test]
    fn a_conduit_without_shards_in_service_goes_after_three_days() {
        let mut conduits = bound(1, &[0]);
        let key = ShardKey {
            conduit_id: "c".to_owned(),
            index: 0,
        };
        let long_after = Timestamp::UNIX_EPOCH + ABANDONED_AFTER;
        assert!(conduits.take_abandoned(long_after).is_empty());
        assert!(conduits.disable(&key, Status::Disconnected, Timestamp::UNIX_EPOCH));
        assert!(!conduits.disable(&key, Status::Disconnected, Timestamp::UNIX_EPOCH));
        assert_eq!(conduits.take_abandoned(long_after), ["c"]);
    }
}
