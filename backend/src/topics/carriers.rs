//! The carriers as the reconciler steers them: who is to carry what, told to the sockets; how that goes, told
//! to viewers; and carriers who leave, kept until their successors have taken over.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::chats::{Carried, Chats};
use super::points::Points;
use super::wanted::Wanted;
use crate::carriers::{Loads, ReconcilerEnd, Standings};
use crate::ids::UserId;
use crate::store::{self, Store};
use crate::twitch::eventsub::Spec;

/// Viewers who may be leaving at a time; more of them wait.
const LEAVING: usize = 64;

/// A viewer whose permission is about to be given back.
#[derive(Debug)]
pub(super) struct Leaving {
    viewer: UserId,
    done: oneshot::Sender<()>,
}

/// The way to tell the reconciler that somebody leaves; cheap to clone.
#[derive(Debug, Clone)]
pub struct Handle(mpsc::Sender<Leaving>);

/// Where the reconciler hears of it.
#[derive(Debug)]
pub struct HandleEnd(pub(super) mpsc::Receiver<Leaving>);

impl Handle {
    /// A handle and its end.
    pub fn new() -> (Self, HandleEnd) {
        let (sender, receiver) = mpsc::channel(LEAVING);
        (Self(sender), HandleEnd(receiver))
    }

    /// Lets others take over what a viewer carries; answers when they have, or when nobody can.
    ///
    /// # Cancel safety
    /// Whoever drops the future calls the hand-over off.
    pub async fn hand_over(&self, viewer: &UserId) {
        let (done, is_done) = oneshot::channel();
        let leaving = Leaving {
            viewer: viewer.clone(),
            done,
        };
        if self.0.send(leaving).await.is_ok() {
            // An error means that the server is stopping.
            drop(is_done.await);
        }
    }
}

/// Everything the reconciler knows of carriers.
pub(super) struct Carriers {
    end: ReconcilerEnd,
    chats: Chats,
    points: Points,
    leaving: Vec<Leaving>,
    /// Sessions each carrier had lost at the last look.
    losses: HashMap<UserId, u64>,
    left_over: Option<Arc<BTreeSet<String>>>,
}

impl Carriers {
    pub(super) fn new(end: ReconcilerEnd) -> Self {
        Self {
            end,
            chats: Chats::default(),
            points: Points::default(),
            leaving: Vec::new(),
            losses: HashMap::new(),
            left_over: None,
        }
    }

    /// These have said that they leave.
    pub(super) fn note_leaving(&mut self, leaving: Vec<Leaving>) {
        self.leaving.extend(leaving);
    }

    /// Decides who carries what and tells the sockets. `by_viewers`: what else has no other way, in the order
    /// of importance. Answers how all of it stands.
    ///
    /// # Errors
    /// When the database fails; everything stays as it is then.
    pub(super) async fn plan(
        &mut self,
        store: &Store,
        by_viewers: &[Wanted],
    ) -> Result<Vec<Carried>, store::Error> {
        let left_over = self.left_over(store).await?;
        let candidates = store.carrier_candidates().await?;
        let granted = store.viewers_with_grant().await?;
        let granted: HashSet<UserId> = granted.into_iter().collect();
        self.leaving.retain(|leaving| !leaving.done.is_closed());
        let leaving = self.leaving.iter().map(|l| l.viewer.clone()).collect();
        let standings: Arc<Standings> = self.end.standings.borrow_and_update().clone();
        self.chats.plan(&candidates, &standings, &leaving, &granted);
        self.points
            .plan(by_viewers, &candidates, &standings, &leaving, &granted);

        let mut of: BTreeMap<UserId, BTreeSet<Spec>> = BTreeMap::new();
        for (carrier, spec) in self.chats.loads().chain(self.points.loads()) {
            of.entry(carrier).or_default().insert(spec);
        }
        let of = of.into_iter().map(|(viewer, load)| (viewer, load.into()));
        let loads = Loads {
            of: of.collect(),
            left_over,
        };
        self.end.loads.send_if_modified(|old| {
            let is_news = **old != loads;
            if is_news {
                *old = Arc::new(loads);
            }
            is_news
        });

        let (chats, points) = (&self.chats, &self.points);
        let still_carries =
            |l: &Leaving| chats.is_carrier(&l.viewer) || points.is_carrier(&l.viewer);
        let (waiting, done) = self.leaving.drain(..).partition(still_carries);
        self.leaving = waiting;
        for leaving in done {
            // Whoever waited may have gone.
            _ = leaving.done.send(());
        }
        let losses: HashMap<UserId, u64> = standings
            .iter()
            .map(|(viewer, carrier)| (viewer.clone(), carrier.losses))
            .collect();
        let before = std::mem::replace(&mut self.losses, losses);
        let has_lost = |(viewer, losses): &(&UserId, &u64)| {
            **losses > before.get(*viewer).copied().unwrap_or_default()
        };
        let interrupted = self.losses.iter().filter(has_lost);
        let interrupted = interrupted.map(|(viewer, _)| viewer.clone()).collect();
        let mut carried = self.chats.carried(&standings, &interrupted);
        let points = self.points.carried(by_viewers, &standings, &interrupted);
        carried.extend(points);
        Ok(carried)
    }

    /// What an earlier run of this server had Twitch deliver; read before anything is written.
    async fn left_over(&mut self, store: &Store) -> Result<Arc<BTreeSet<String>>, store::Error> {
        if let Some(known) = &self.left_over {
            return Ok(known.clone());
        }
        let topics = store.topics().await?.into_values();
        let ids: Arc<BTreeSet<String>> = Arc::new(topics.filter_map(|t| t.eventsub_id).collect());
        self.left_over = Some(ids.clone());
        Ok(ids)
    }
}
