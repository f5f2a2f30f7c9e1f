//! The last step: puts a message on the socket or the courier that its subscription's transport leads to.

use std::sync::Arc;

use super::conduits::ShardTransport;
use super::message::Message;
use super::subscriptions::Transport;
use super::webhook::{Job, Via};
use crate::journal::Delivery;
use crate::state::{Sim, State};

/// Sends a message, at once or as late as a fault has it. False if there is nobody to send it to.
pub(super) fn dispatch(sim: &Arc<Sim>, state: &mut State, message: Message) -> bool {
    let Some(delay) = state.faults.delay() else {
        return route(sim, state, message);
    };
    let later = Arc::clone(sim);
    sim.tracker.spawn(async move {
        tokio::select! {
            () = later.shutdown.cancelled() => {}
            () = tokio::time::sleep(delay) => {
                route(&later, &mut later.state(), message);
            }
        }
    });
    true
}

fn route(sim: &Sim, state: &mut State, message: Message) -> bool {
    let mut entry = message.entry();
    match message.transport.clone() {
        Transport::Webhook { callback, secret } => {
            entry.callback = Some(callback.clone());
            to_callback(
                sim,
                state,
                entry,
                message,
                callback,
                secret,
                Via::Subscription,
            )
        }
        Transport::WebSocket { session_id, .. } => to_session(state, entry, &message, &session_id),
        Transport::Conduit { conduit_id } => {
            // Types without a channel have one home as well.
            let channel = message
                .broadcaster_id
                .as_deref()
                .unwrap_or(&message.event_type);
            let Some((key, transport)) = state.conduits.route(&conduit_id, channel) else {
                entry.conduit_id = Some(conduit_id);
                entry.outcome = "dropped: the shard and one other are disabled".to_owned();
                state.journal.sending(entry);
                return false;
            };
            entry.conduit_id = Some(conduit_id);
            entry.shard_id = Some(key.index.to_string());
            match transport {
                ShardTransport::WebSocket { session_id, .. } => {
                    to_session(state, entry, &message, &session_id)
                }
                ShardTransport::Webhook { callback, secret } => {
                    entry.callback = Some(callback.clone());
                    to_callback(
                        sim,
                        state,
                        entry,
                        message,
                        callback,
                        secret,
                        Via::Shard(key),
                    )
                }
            }
        }
    }
}

fn to_session(state: &mut State, mut entry: Delivery, message: &Message, session_id: &str) -> bool {
    entry.attempts = 1;
    entry.session_id = Some(session_id.to_owned());
    let Some(session) = state.sessions.find(session_id) else {
        entry.outcome = "lost: the socket is gone".to_owned();
        state.journal.sending(entry);
        return false;
    };
    if state.faults.is_silent() {
        entry.outcome = "lost: silence".to_owned();
        state.journal.sending(entry);
        return false;
    }
    let number = state.journal.sending(entry);
    session.send(&message.frame(), Some(number));
    true
}

fn to_callback(
    sim: &Sim,
    state: &mut State,
    entry: Delivery,
    message: Message,
    callback: String,
    secret: String,
    via: Via,
) -> bool {
    let number = state.journal.sending(entry);
    let taken = sim.couriers.send(Job {
        message,
        callback,
        secret,
        via,
        number,
    });
    if !taken {
        state
            .journal
            .outcome(number, 0, "dropped: too many messages are waiting");
    }
    taken
}
