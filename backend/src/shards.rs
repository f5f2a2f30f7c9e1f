//! What the reconciler and the listener tell each other: which conduit to serve, and how its shards do.
//!
//! A leaf, so that neither has to know the other.

use std::sync::Arc;

use tokio::sync::watch;

/// Shards of our conduit, each on a socket of its own: one dropped socket then loses nothing, since Twitch
/// sends the events of a shard that is gone over the other.
pub const SHARDS: usize = 2;

/// How the shards do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// How many are bound to an open socket.
    pub bound: usize,
    /// Rises with every binding of a fresh session.
    pub bindings: u64,
    /// What went wrong last, until all are bound.
    pub trouble: Option<String>,
    /// How often events may have been lost with a socket.
    pub losses: u64,
    /// Of the last of these losses: when Twitch had given the last sign of life, unix milliseconds.
    pub lost_since: Vec<i64>,
}

/// As many losses are remembered singly; more than that between two looks count as one with the oldest of them.
const LOSSES_KEPT: usize = 16;

impl State {
    /// Notes a loss.
    pub fn lose(&mut self, since: i64) {
        self.losses += 1;
        self.lost_since.push(since);
        if self.lost_since.len() > LOSSES_KEPT {
            self.lost_since.remove(0);
        }
    }

    /// Since when events may be lost, of the losses after the first `seen` ones.
    pub fn lost_after(&self, seen: u64) -> Option<i64> {
        let new = usize::try_from(self.losses.saturating_sub(seen)).unwrap_or(usize::MAX);
        self.lost_since.iter().rev().take(new).min().copied()
    }
}

/// The reconciler's end.
#[derive(Debug)]
pub struct ReconcilerEnd {
    /// The conduit to serve; `None`: no sockets.
    pub conduit: watch::Sender<Option<Arc<str>>>,
    /// How the shards do.
    pub state: watch::Receiver<State>,
}

/// The listener's end.
#[derive(Debug)]
pub struct ListenerEnd {
    /// The conduit to serve; `None`: no sockets.
    pub conduit: watch::Receiver<Option<Arc<str>>>,
    /// How the shards do.
    pub state: watch::Sender<State>,
}

/// The two ends. Both carry only the latest value, so nothing can fill up.
pub fn link() -> (ReconcilerEnd, ListenerEnd) {
    let (to_listener, conduit) = watch::channel(None);
    let (to_reconciler, state) = watch::channel(State::default());
    (
        ReconcilerEnd {
            conduit: to_listener,
            state,
        },
        ListenerEnd {
            conduit,
            state: to_reconciler,
        },
    )
}
