//! Topics: what we want of Twitch against what it has, compared and repaired; and who is live.
//!
//! What is wanted lives in the database. The reconciler deletes only what is ours; a failing topic never stops
//! the others, and says why. Sockets are the listener's: it is told which conduit to serve.

mod apply;
mod budget;
mod carriers;
mod chats;
mod conduit;
mod diff;
mod live_state;
pub mod own_channel;
mod points;
mod proof;
mod reason;
mod reconciler;
mod recovery;
mod refusals;
mod standing;
mod told;
mod transport;
mod wake;
mod wanted;

use std::sync::Arc;

use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::Config;
use crate::health::Health;
use crate::live::Live;
use crate::pipeline::Pipeline;
use crate::shards::ReconcilerEnd;
use crate::store::Store;
use crate::timings::Timings;
use crate::twitch;

pub use carriers::{Handle, HandleEnd};
pub use live_state::stream_state;
pub use wanted::topics_of_broadcaster;

/// What the reconciler and the watcher of live states need.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The way events come, and our address.
    pub config: Arc<Config>,
    /// What is wanted, and how it stands.
    pub store: Store,
    /// What Twitch has.
    pub twitch: twitch::Client,
    /// Says when to compare again.
    pub live: Live,
    /// Takes in what an outage has swallowed.
    pub pipeline: Pipeline,
    /// Learns what is not delivered.
    pub health: Health,
    /// Tells the time of day.
    pub clock: Clock,
    /// Pauses.
    pub timings: Timings,
    /// When an earlier run of this server was last known to run, unix milliseconds.
    pub last_alive: Option<i64>,
    /// Signs webhooks.
    pub eventsub_secret: SecretString,
}

/// Starts the reconciler and the watcher of live states; both end with `shutdown`.
pub fn start(
    deps: Deps,
    shards: ReconcilerEnd,
    carriers: crate::carriers::ReconcilerEnd,
    handle: HandleEnd,
    tracker: &TaskTracker,
    shutdown: &CancellationToken,
) {
    let watching = Box::pin(live_state::run(deps.clone()));
    let stop = shutdown.clone();
    tracker.spawn(async move { stop.run_until_cancelled_owned(watching).await });
    let reconciling = Box::pin(reconciler::run(deps, shards, carriers, handle));
    let stop = shutdown.clone();
    tracker.spawn(async move { stop.run_until_cancelled_owned(reconciling).await });
}
