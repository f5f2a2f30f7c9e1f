//! Twitch's WebSockets: one task per conduit shard or carrier connects, reads, and hands messages to the pipeline.
//!
//! Which conduit to serve and who carries what, the reconciler says; without either there are no sockets.
//! Messages wait in a bounded queue until they are stored, for Twitch delivers nothing twice over a WebSocket.

mod board;
mod carrier;
mod carriers;
mod delivery;
mod refused;
mod roster;
mod session;
mod shard;
mod socket;
mod subscribe;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::health::Health;
use crate::pipeline::Pipeline;
use crate::shards::{self, SHARDS};
use crate::timings::Timings;
use crate::tokens::Tokens;
use crate::twitch;

use board::Board;
use shard::Shard;

/// What the listener needs.
#[derive(Debug)]
pub struct Deps {
    /// Binds shards, and subscribes what carriers carry.
    pub twitch: twitch::Client,
    /// Those of the carriers.
    pub tokens: Tokens,
    /// Takes messages.
    pub pipeline: Pipeline,
    /// Learns whether events can arrive.
    pub health: Health,
    /// Tells the time for messages that do not.
    pub clock: crate::clock::Clock,
    /// Keepalive, pauses.
    pub timings: Timings,
}

/// Starts the shards and the carriers. On `shutdown` they close their sockets properly and store what they
/// still hold.
pub fn start(
    deps: Deps,
    end: shards::ListenerEnd,
    loads: crate::carriers::ListenerEnd,
    tracker: &TaskTracker,
    shutdown: &CancellationToken,
) {
    let board = Arc::new(Board::new(end.state, deps.health.clone()));
    let deps = Arc::new(deps);
    for index in 0..SHARDS {
        let (queue, queued) = delivery::queue();
        let stopping = shutdown.clone();
        tracker.spawn(delivery::run(deps.clone(), queued, stopping));
        let shard = Shard {
            index,
            deps: deps.clone(),
            board: board.clone(),
            queue,
            conduit: end.conduit.clone(),
            shutdown: shutdown.clone(),
            went_silent: false,
            opened_at: None,
            heard_at: None,
        };
        tracker.spawn(shard.run());
    }
    let carriers = carriers::run(deps.clone(), loads, tracker.clone(), shutdown.clone());
    tracker.spawn(carriers);
    let check = board::check_shards(deps, board, end.conduit);
    let shutdown = shutdown.clone();
    tracker.spawn(async move { shutdown.run_until_cancelled_owned(check).await });
}
