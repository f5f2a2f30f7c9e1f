//! How subscriptions, sessions and shards end by Twitch's doing, and who is told of it.

use std::sync::Arc;

use serde_json::json;

use super::conduits::ShardKey;
use super::delivery::{self, Choice};
use super::message::{Message, timestamp};
use super::subscriptions::Status;
use super::transport::dispatch;
use crate::state::{Sim, State};
use crate::world::Happening;

/// The user disconnects the client: consent, tokens, and every subscription that leans on it.
/// False if there was no consent.
pub(crate) fn disconnect_user(sim: &Arc<Sim>, state: &mut State, user_id: &str) -> bool {
    let connected = state.accounts.disconnect(user_id);
    let ended: Vec<String> = state
        .subscriptions
        .iter()
        .filter(|one| one.status.is_alive() && one.leans_on.iter().any(|other| other == user_id))
        .map(|one| one.id.clone())
        .collect();
    for id in ended {
        end_subscription(sim, state, &id, Status::AuthorizationRevoked);
    }
    if connected {
        delivery::user_authorization(sim, state, "user.authorization.revoke", user_id);
    }
    connected
}

/// Ends one subscription and tells its receiver.
pub(super) fn end_subscription(sim: &Arc<Sim>, state: &mut State, id: &str, status: Status) {
    let skew = state.faults.clock_skew();
    let Some(subscription) = state.subscriptions.find_mut(id) else {
        return;
    };
    subscription.status = status;
    subscription.disabled_at = Some(sim.clock.now());
    let message = Message::about(subscription, None, timestamp(skew), &sim.clock);
    dispatch(sim, state, message);
}

/// A session is over: what was subscribed on it is disabled, the shards bound to it too.
/// The receiver cannot be told; it is gone.
pub(super) fn session_ended(sim: &Arc<Sim>, state: &mut State, session_id: &str, status: Status) {
    if state.faults.notices_late() {
        state
            .sessions
            .unnoticed
            .push((session_id.to_owned(), status));
        return;
    }
    let now = sim.clock.now();
    for subscription in state.subscriptions.iter_mut() {
        if subscription.is_on_session(session_id) && subscription.status.is_alive() {
            subscription.status = status;
            subscription.disabled_at = Some(now);
        }
    }
    for key in state
        .conduits
        .alive(|_, shard| shard.is_on_session(session_id))
    {
        disable_shard(sim, state, &key, status);
    }
}

/// Takes a shard out of service, and tells those who asked to be told.
pub(crate) fn disable_shard(sim: &Arc<Sim>, state: &mut State, key: &ShardKey, status: Status) {
    if !state.conduits.disable(key, status, sim.clock.now()) {
        return;
    }
    let Some(shard) = state.conduits.shard_mut(key) else {
        return;
    };
    let happening = Happening {
        event_type: "conduit.shard.disabled".to_owned(),
        version: "1".to_owned(),
        // No channel is concerned; the conduit's id spreads it over the shards instead.
        broadcaster_id: key.conduit_id.clone(),
        event: json!({
            "conduit_id": key.conduit_id,
            "shard_id": key.index.to_string(),
            "status": status.name(),
            "transport": shard.transport_json(&sim.clock),
        }),
    };
    delivery::deliver(sim, state, &happening, Choice::default());
}

/// A conduit is gone, and with it what was subscribed over it.
pub(super) fn conduit_deleted(sim: &Sim, state: &mut State, conduit_id: &str) {
    let now = sim.clock.now();
    for subscription in state.subscriptions.iter_mut() {
        if subscription.is_on_conduit(conduit_id) && subscription.status.is_alive() {
            subscription.status = Status::ConduitDeleted;
            subscription.disabled_at = Some(now);
        }
    }
}
