//! What the reconciler and the viewers' own WebSockets tell each other: who carries which topics, and how
//! that goes.
//!
//! A carrier is a viewer over whose WebSocket topics come that Twitch gives to people alone, such as those of
//! a chat. Like [`crate::shards`] it stands between the two ends, so that neither has to know the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use tokio::sync::watch;

use crate::ids::UserId;
use crate::twitch::eventsub::Spec;

/// What the carriers are to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loads {
    /// What each is to carry. A viewer who is not named has no WebSocket.
    pub of: BTreeMap<UserId, Arc<BTreeSet<Spec>>>,
    /// Twitch's subscriptions of an earlier run of this server, which may be in the way.
    pub left_over: Arc<BTreeSet<String>>,
}

/// How the carriers do.
pub type Standings = HashMap<UserId, Carrier>;

/// How one carrier does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carrier {
    /// The session is open.
    pub is_open: bool,
    /// Why it is not, for people.
    pub trouble: Option<String>,
    /// How often a session has been lost.
    pub losses: u64,
    /// When Twitch gave the last sign of life over the one that was lost last, unix milliseconds.
    pub heard_at: Option<i64>,
    /// How its topics stand; those not named have not been asked for yet.
    pub topics: HashMap<Spec, Standing>,
}

impl Carrier {
    /// The topic arrives.
    pub fn holds(&self, spec: &Spec) -> bool {
        self.is_open && matches!(self.topics.get(spec), Some(Standing::Held { .. }))
    }
}

/// How a carrier's topic stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Twitch delivers it over the open session.
    Held {
        /// Twitch's subscription.
        eventsub_id: String,
    },
    /// Twitch does not give it to this viewer; tried again after a pause.
    Refused {
        /// Why, for people.
        reason: String,
        /// Somebody else may get it: it is this viewer whom Twitch refuses, not the topic.
        is_personal: bool,
    },
}

/// The reconciler's end.
#[derive(Debug)]
pub struct ReconcilerEnd {
    /// What each carrier is to carry.
    pub loads: watch::Sender<Arc<Loads>>,
    /// How that goes.
    pub standings: watch::Receiver<Arc<Standings>>,
}

/// The end of the WebSockets.
#[derive(Debug)]
pub struct ListenerEnd {
    /// What each carrier is to carry.
    pub loads: watch::Receiver<Arc<Loads>>,
    /// How that goes.
    pub standings: watch::Sender<Arc<Standings>>,
}

/// The two ends. Both carry only the latest value, so nothing can fill up.
pub fn link() -> (ReconcilerEnd, ListenerEnd) {
    let (to_listener, loads) = watch::channel(Arc::default());
    let (to_reconciler, standings) = watch::channel(Arc::default());
    (
        ReconcilerEnd {
            loads: to_listener,
            standings,
        },
        ListenerEnd {
            loads,
            standings: to_reconciler,
        },
    )
}
