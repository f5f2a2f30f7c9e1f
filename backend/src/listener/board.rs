//! Which shards are bound to which sessions, told to health and the reconciler; and whether Twitch agrees.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::Deps;
use crate::health::{Health, Part};
use crate::shards::{SHARDS, State};

/// The shards as we see them.
#[derive(Debug)]
pub(super) struct Board {
    seen: Mutex<Seen>,
    state: watch::Sender<State>,
    health: Health,
    /// Ask Twitch now how it sees them.
    pub(super) check: Notify,
    /// Twitch does not have this shard as bound: start anew.
    pub(super) rebind: [Notify; SHARDS],
}

#[derive(Debug, Default)]
struct Seen {
    sessions: [Option<Arc<str>>; SHARDS],
    bindings: u64,
    trouble: Option<String>,
    /// The losses, and nothing else.
    lost: State,
}

impl Board {
    pub(super) fn new(state: watch::Sender<State>, health: Health) -> Self {
        Self {
            seen: Mutex::default(),
            state,
            health,
            check: Notify::new(),
            rebind: Default::default(),
        }
    }

    /// A shard is bound to this session.
    pub(super) fn bound(&self, shard: usize, session_id: &str) {
        let mut seen = self.lock();
        seen.sessions[shard] = Some(session_id.into());
        seen.bindings += 1;
        if seen.sessions.iter().all(Option::is_some) {
            seen.trouble = None;
        }
        self.tell(&seen);
    }

    /// A shard has no session; `trouble` says why, and is absent when nobody wants it to have one. If it had one
    /// that was bound, Twitch gave the last sign of life at `heard_at`. A socket that broke or was closed is no
    /// loss while the other serves, since Twitch sends its events there; one that `went_silent` is.
    pub(super) fn unbound(
        &self,
        shard: usize,
        trouble: Option<String>,
        heard_at: Option<i64>,
        went_silent: bool,
    ) {
        let mut seen = self.lock();
        if seen.sessions[shard].take().is_some()
            && (went_silent || seen.sessions.iter().all(Option::is_none))
            && let Some(heard_at) = heard_at
        {
            seen.lost.lose(heard_at);
        }
        seen.trouble = trouble;
        self.tell(&seen);
    }

    fn session(&self, shard: usize) -> Option<Arc<str>> {
        self.lock().sessions[shard].clone()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Before the first attempt has ended there is nothing to tell health.
    fn tell(&self, seen: &Seen) {
        let state = State {
            bound: seen.sessions.iter().flatten().count(),
            bindings: seen.bindings,
            trouble: seen.trouble.clone(),
            ..seen.lost.clone()
        };
        match (&seen.trouble, state.bound) {
            (Some(trouble), 0) => self.health.report(Part::EventSub, Err(trouble.clone())),
            (None, 0) => {}
            _ => self.health.report(Part::EventSub, Ok(())),
        }
        self.state.send_if_modified(|old| {
            let changed = *old != state;
            *old = state;
            changed
        });
    }
}

/// Asks Twitch now and then, and when told to, whether the shards are bound to our sessions. Those that are
/// not start anew: a socket can be open and no longer be a shard.
pub(super) async fn check_shards(
    deps: Arc<Deps>,
    board: Arc<Board>,
    conduit: watch::Receiver<Option<Arc<str>>>,
) {
    loop {
        tokio::select! {
            () = sleep(deps.timings.shard_check_every) => {}
            () = board.check.notified() => {}
        }
        let Some(conduit_id) = conduit.borrow().clone() else {
            continue;
        };
        let before: [_; SHARDS] = std::array::from_fn(|shard| board.session(shard));
        let listed = match deps.twitch.shards(&conduit_id).await {
            Ok(listed) => listed,
            Err(error) => {
                tracing::debug!(%error, "cannot look at the shards");
                continue;
            }
        };
        for (shard, session) in before.iter().enumerate() {
            let Some(session) = session else { continue };
            let id = shard.to_string();
            let served = listed.iter().any(|s| s.id == id && s.is_served_by(session));
            // A session that changed during the question is not what was asked about.
            if !served && board.session(shard).as_ref() == Some(session) {
                tracing::warn!(
                    shard,
                    "Twitch no longer has this socket as a shard; connecting anew"
                );
                board.rebind[shard].notify_one();
            }
        }
    }
}
