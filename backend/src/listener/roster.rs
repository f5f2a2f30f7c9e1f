//! How the carriers do, as their sockets report it and the reconciler reads it.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::watch;

use crate::carriers::{Carrier, Standing, Standings};
use crate::ids::UserId;
use crate::twitch::eventsub::Spec;

/// Everybody's reports in one place.
#[derive(Debug)]
pub(super) struct Roster(watch::Sender<Arc<Standings>>);

impl Roster {
    pub(super) fn new(standings: watch::Sender<Arc<Standings>>) -> Self {
        Self(standings)
    }

    /// The session is open, and this is how its topics stand.
    pub(super) fn open(&self, viewer: &UserId, topics: HashMap<Spec, Standing>) {
        self.report(viewer, |old| Carrier {
            is_open: true,
            trouble: None,
            topics,
            ..old
        });
    }

    /// There is no session; refusals stay true without one.
    pub(super) fn closed(
        &self,
        viewer: &UserId,
        trouble: String,
        heard_at: Option<i64>,
        refused: HashMap<Spec, Standing>,
    ) {
        self.report(viewer, |old| Carrier {
            is_open: false,
            trouble: Some(trouble),
            losses: old.losses + u64::from(old.is_open),
            heard_at,
            topics: refused,
        });
    }

    /// The viewer carries nothing any more.
    pub(super) fn forget(&self, viewer: &UserId) {
        self.0.send_if_modified(|standings| {
            standings.contains_key(viewer) && Arc::make_mut(standings).remove(viewer).is_some()
        });
    }

    fn report(&self, viewer: &UserId, change: impl FnOnce(Carrier) -> Carrier) {
        self.0.send_if_modified(|standings| {
            let old = standings.get(viewer).cloned().unwrap_or_default();
            let new = change(old.clone());
            let is_news = old != new || !standings.contains_key(viewer);
            if is_news {
                Arc::make_mut(standings).insert(viewer.clone(), new);
            }
            is_news
        });
    }
}
