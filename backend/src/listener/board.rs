//! Which shards are bound to which sessions, told to health and the reconciler; and whether Twitch agrees.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::Deps;
use crate::health::{Health, Part};
use crate::shards::{SHARDS, State};
use crate::twitch;

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
    /// Since when each shard's events may be lost, until it is bound again.
    lost_since: [Option<i64>; SHARDS],
    /// When Twitch last agreed that each is a shard, unix milliseconds.
    agreed_at: [Option<i64>; SHARDS],
    /// The losses, and nothing else.
    lost: State,
}

/// How a bound socket ended, for the events that were to come over it. All times are unix milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Loss {
    /// It was not in use yet.
    None,
    /// Twitch knows: from then on it sends the events over the other shard, if that serves.
    Known { since: i64 },
    /// Twitch may go on sending to it until the shard is bound anew.
    Unknown { since: i64 },
    /// Twitch does not have it as a shard any more, nobody can tell since when.
    Dropped,
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
    pub(super) fn bound(&self, shard: usize, session_id: &str, now: i64) {
        let mut seen = self.lock();
        seen.sessions[shard] = Some(session_id.into());
        seen.agreed_at[shard] = Some(now);
        seen.bindings += 1;
        // What was lost until this moment: the part after the loss was told is told as well.
        if let Some(since) = seen.lost_since[shard].take() {
            seen.lost.lose(since);
        }
        if seen.sessions.iter().all(Option::is_some) {
            seen.trouble = None;
        }
        self.tell(&seen);
    }

    /// A shard has no session; `trouble` says why, and is absent when nobody wants it to have one.
    pub(super) fn unbound(&self, shard: usize, trouble: Option<String>, loss: Loss) {
        let mut seen = self.lock();
        let was_bound = seen.sessions[shard].take().is_some();
        let agreed_at = seen.agreed_at[shard].take();
        let since = match loss {
            Loss::None => None,
            Loss::Known { since } | Loss::Unknown { since } => Some(since),
            Loss::Dropped => agreed_at,
        };
        let is_last = seen.sessions.iter().all(Option::is_none);
        if let Some(since) = since.filter(|_| was_bound) {
            if matches!(loss, Loss::Unknown { .. }) {
                seen.lost_since[shard] = Some(since);
            }
            if is_last || matches!(loss, Loss::Unknown { .. }) {
                seen.lost.lose(since);
            }
        }
        seen.trouble = trouble;
        self.tell(&seen);
    }

    /// What Twitch says of the shards, asked at `asked_at`: answers those that it no longer has. Without any,
    /// events may have been lost since it last had one.
    fn compare(
        &self,
        before: &[Option<Arc<str>>; SHARDS],
        listed: &[twitch::Shard],
        asked_at: i64,
    ) -> Vec<usize> {
        let mut seen = self.lock();
        let mut not_served = Vec::new();
        for (shard, session) in before.iter().enumerate() {
            // A session that changed during the question is not what was asked about.
            let Some(session) = session
                .as_ref()
                .filter(|s| seen.sessions[shard].as_ref() == Some(*s))
            else {
                continue;
            };
            let id = shard.to_string();
            if listed.iter().any(|s| s.id == id && s.is_served_by(session)) {
                seen.agreed_at[shard] = Some(asked_at);
            } else {
                not_served.push(shard);
            }
        }
        let bound = seen.sessions.iter().flatten().count();
        let since = not_served.iter().filter_map(|shard| seen.agreed_at[*shard]);
        if bound == not_served.len()
            && let Some(since) = since.max()
        {
            seen.lost.lose(since);
            self.tell(&seen);
        }
        not_served
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
        let asked_at = deps.clock.now_ms();
        let before: [_; SHARDS] = std::array::from_fn(|shard| board.session(shard));
        let listed = match deps.twitch.shards(&conduit_id).await {
            Ok(listed) => listed,
            Err(error) => {
                tracing::debug!(%error, "cannot look at the shards");
                continue;
            }
        };
        for shard in board.compare(&before, &listed, asked_at) {
            tracing::warn!(
                shard,
                "Twitch no longer has this socket as a shard; connecting anew"
            );
            board.rebind[shard].notify_one();
        }
    }
}
