//! The viewers' own WebSockets: one task for each carrier the reconciler names.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Deps;
use super::carrier::CarrierSocket;
use super::delivery;
use super::roster::Roster;
use crate::carriers::{ListenerEnd, Loads};
use crate::ids::UserId;
use crate::twitch::eventsub::Spec;

/// A carrier's task and the ways to steer it.
struct Running {
    load: watch::Sender<Arc<BTreeSet<Spec>>>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Follows the loads until the server stops; then every socket is closed properly.
pub(super) async fn run(
    deps: Arc<Deps>,
    end: ListenerEnd,
    tracker: TaskTracker,
    shutdown: CancellationToken,
) {
    let ListenerEnd {
        mut loads,
        standings,
    } = end;
    let roster = Arc::new(Roster::new(standings));
    let mut running: HashMap<UserId, Running> = HashMap::new();
    let mut stopping: HashMap<UserId, JoinHandle<()>> = HashMap::new();
    loop {
        let wanted = loads.borrow_and_update().clone();
        for viewer in left_out(&running, &wanted) {
            if let Some(carrier) = running.remove(&viewer) {
                carrier.stop.cancel();
                stopping.insert(viewer, carrier.task);
            }
        }
        for (viewer, load) in &wanted.of {
            if let Some(carrier) = running.get(viewer) {
                carrier.load.send_if_modified(|old| {
                    let is_news = old != load;
                    old.clone_from(load);
                    is_news
                });
                continue;
            }
            let (sender, receiver) = watch::channel(load.clone());
            let (queue, queued) = delivery::queue();
            tracker.spawn(delivery::run(deps.clone(), queued, shutdown.clone()));
            let stop = shutdown.child_token();
            let socket = CarrierSocket::new(
                viewer.clone(),
                deps.clone(),
                roster.clone(),
                queue,
                receiver,
                wanted.left_over.clone(),
                stop.clone(),
            );
            let before = stopping.remove(viewer);
            let task = tracker.spawn(async move {
                // Two sockets of one viewer would be in each other's way.
                if let Some(before) = before {
                    drop(before.await);
                }
                Box::pin(socket.run()).await;
            });
            let carrier = Running {
                load: sender,
                stop,
                task,
            };
            running.insert(viewer.clone(), carrier);
        }
        stopping.retain(|_, task| !task.is_finished());
        tokio::select! {
            () = shutdown.cancelled() => return,
            changed = loads.changed() => if changed.is_err() {
                // The reconciler ends only when the server stops.
                return;
            }
        }
    }
}

fn left_out(running: &HashMap<UserId, Running>, wanted: &Loads) -> Vec<UserId> {
    let viewers = running.keys();
    let left_out = viewers.filter(|viewer| !wanted.of.contains_key(*viewer));
    left_out.cloned().collect()
}
