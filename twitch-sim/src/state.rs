//! What all parts share: the settings, the clock, and one lock around everything that changes.
//! The lock is held for short sections without awaiting; the parts' rules are in their own modules.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Options;
use crate::clock::Clock;
use crate::eventsub::conduits::Conduits;
use crate::eventsub::sessions::Sessions;
use crate::eventsub::subscriptions::Subscriptions;
use crate::eventsub::webhook::Couriers;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::limits::RateLimits;
use crate::oauth::Accounts;
use crate::world::World;

/// The simulator.
#[derive(Debug)]
pub(crate) struct Sim {
    pub(crate) public_url: String,
    pub(crate) allow_http_callbacks: bool,
    pub(crate) clock: Clock,
    pub(crate) couriers: Couriers,
    /// Rung when the world may have something to do sooner than it said.
    pub(crate) stirred: Notify,
    pub(crate) tracker: TaskTracker,
    pub(crate) shutdown: CancellationToken,
    state: Mutex<State>,
}

/// Everything that changes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) accounts: Accounts,
    pub(crate) limits: RateLimits,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) conduits: Conduits,
    pub(crate) sessions: Sessions,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
}

impl Sim {
    pub(crate) fn new(
        options: &Options,
        public_url: String,
        couriers: Couriers,
        shutdown: CancellationToken,
    ) -> Self {
        let clock = Clock::new(options.time_scale);
        let state = State {
            world: World::new(options.seed, clock.now(), options.quiet),
            accounts: Accounts::new(options.seed),
            limits: RateLimits::default(),
            subscriptions: Subscriptions::new(options.app_max_total_cost),
            conduits: Conduits::default(),
            sessions: Sessions::default(),
            faults: Faults::default(),
            journal: Journal::default(),
        };
        Self {
            public_url,
            allow_http_callbacks: options.allow_http_callbacks,
            clock,
            couriers,
            stirred: Notify::new(),
            tracker: TaskTracker::new(),
            shutdown,
            state: Mutex::new(state),
        }
    }

    /// Locks what changes. Never held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
