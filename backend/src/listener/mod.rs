//! Twitch's WebSocket: one task per conduit shard connects, binds, reads, and hands messages to the pipeline.
//!
//! Which conduit to serve, the reconciler says; without one there are no sockets. Messages wait in a bounded
//! queue until they are stored, for Twitch delivers nothing twice over a WebSocket.

mod board;
mod delivery;
mod session;
mod shard;
mod socket;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::health::Health;
use crate::pipeline::Pipeline;
use crate::shards::{ListenerEnd, SHARDS};
use crate::timings::Timings;
use crate::twitch;

use board::Board;
use shard::Shard;

/// What the listener needs.
#[derive(Debug)]
pub struct Deps {
    /// Binds shards.
    pub twitch: twitch::Client,
    /// Takes messages.
    pub pipeline: Pipeline,
    /// Learns whether events can arrive.
    pub health: Health,
    /// Tells the time for messages that do not.
    pub clock: crate::clock::Clock,
    /// Keepalive, pauses.
    pub timings: Timings,
}

/// Starts the shards. On `shutdown` they close their sockets properly and store what they still hold.
pub fn start(deps: Deps, end: ListenerEnd, tracker: &TaskTracker, shutdown: &CancellationToken) {
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
        };
        tracker.spawn(shard.run());
    }
    let check = board::check_shards(deps, board, end.conduit);
    let shutdown = shutdown.clone();
    tracker.spawn(async move { shutdown.run_until_cancelled_owned(check).await });
}
