//! When to compare: at a given time, or when something changed. Changes that come together count as one.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::carriers::{HandleEnd, Leaving};
use crate::carriers::Standings;
use crate::live::{Entry, Lagged, Receiver};
use crate::shards::State;

/// How much to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// What is wanted with what Twitch had last.
    Quick,
    /// What is wanted with what Twitch has now.
    Full,
}

/// The signs of change.
pub(super) struct Wake {
    entries: Receiver,
    shards: watch::Receiver<State>,
    bindings_seen: u64,
    carriers: watch::Receiver<Arc<Standings>>,
    handle: HandleEnd,
    leaving: Vec<Leaving>,
    gather: Duration,
}

impl Wake {
    pub(super) fn new(
        entries: Receiver,
        shards: watch::Receiver<State>,
        carriers: watch::Receiver<Arc<Standings>>,
        handle: HandleEnd,
        gather: Duration,
    ) -> Self {
        Self {
            entries,
            shards,
            bindings_seen: 0,
            carriers,
            handle,
            leaving: Vec::new(),
            gather,
        }
    }

    /// Those who have said that they leave since the last time.
    pub(super) fn take_leaving(&mut self) -> Vec<Leaving> {
        std::mem::take(&mut self.leaving)
    }

    /// Waits for the time or a change; after a change a moment longer, for more of them.
    pub(super) async fn wait(&mut self, pause: Duration) -> Scope {
        let regular = Instant::now() + pause;
        let mut widest = tokio::select! {
            () = sleep_until(regular) => return Scope::Full,
            scope = self.change() => scope,
        };
        let mut gathered = std::pin::pin!(sleep(self.gather));
        loop {
            tokio::select! {
                () = &mut gathered => return widest,
                scope = self.change() => widest = widest.max(scope),
            }
        }
    }

    /// # Cancel safety
    /// Dropping the future loses nothing.
    async fn change(&mut self) -> Scope {
        tokio::select! {
            scope = wanted_change(&mut self.entries) => scope,
            scope = shard_change(&mut self.shards, &mut self.bindings_seen) => scope,
            scope = carrier_change(&mut self.carriers) => scope,
            Some(leaving) = self.handle.0.recv() => {
                self.leaving.push(leaving);
                Scope::Quick
            }
        }
    }
}

/// A viewer's change alters what is wanted, Twitch's what it has. Who has missed entries looks at everything.
async fn wanted_change(entries: &mut Receiver) -> Scope {
    loop {
        match entries.recv().await {
            Ok(Entry::ViewerChanged(_)) => return Scope::Quick,
            Ok(Entry::TopicsChanged) => return Scope::Full,
            Err(Lagged) => {
                entries.start_over();
                return Scope::Full;
            }
            Ok(
                Entry::Committed(_)
                | Entry::SessionEnded(_)
                | Entry::TokenDeleted(_)
                | Entry::Connection(_)
                | Entry::NotReceived { .. }
                | Entry::MarksMoved(_)
                | Entry::LiveChanged { .. }
                | Entry::Beat(_)
                | Entry::Draining,
            ) => {}
        }
    }
}

/// What carriers report only changes how topics stand, and who is asked to carry them.
async fn carrier_change(carriers: &mut watch::Receiver<Arc<Standings>>) -> Scope {
    if carriers.changed().await.is_err() {
        // The listener is gone; it never leaves before the server stops.
        std::future::pending::<()>().await;
    }
    Scope::Quick
}

/// After a fresh binding everything is looked at; a lost socket only changes how topics stand.
async fn shard_change(shards: &mut watch::Receiver<State>, bindings_seen: &mut u64) -> Scope {
    if shards.changed().await.is_err() {
        // The listener is gone; it never leaves before the server stops.
        std::future::pending::<()>().await;
    }
    let bindings = shards.borrow_and_update().bindings;
    if std::mem::replace(bindings_seen, bindings) == bindings {
        Scope::Quick
    } else {
        Scope::Full
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;
    use crate::live::{Interest, Live};
    use crate::topics::carriers::Handle;

    const GATHER: Duration = Duration::from_millis(100);
    const LONG: Duration = Duration::from_secs(3600);

    fn setup() -> (Live, watch::Sender<State>, Wake) {
        let live = Live::default();
        let (sender, shards) = watch::channel(State::default());
        let (_, carriers) = watch::channel(Arc::default());
        let (_, handle) = Handle::new();
        let wake = Wake::new(
            live.follow(Interest::Nothing).0,
            shards,
            carriers,
            handle,
            GATHER,
        );
        (live, sender, wake)
    }

    #[tokio::test(start_paused = true)]
    async fn changes_that_come_together_are_compared_once() {
        let (live, _shards, mut wake) = setup();
        live.append(Entry::ViewerChanged(UserId::new("1")));
        live.append(Entry::TopicsChanged);
        live.append(Entry::ViewerChanged(UserId::new("1")));
        let began = Instant::now();
        assert_eq!(wake.wait(LONG).await, Scope::Full);
        assert_eq!(began.elapsed(), GATHER);
        assert_eq!(wake.wait(LONG).await, Scope::Full);
        assert_eq!(began.elapsed(), GATHER + LONG, "nothing was left over");
    }

    #[tokio::test(start_paused = true)]
    async fn a_binding_wants_a_full_look_and_a_loss_does_not() {
        let (_live, shards, mut wake) = setup();
        shards.send_modify(|s| s.bindings = 1);
        assert_eq!(wake.wait(LONG).await, Scope::Full);
        shards.send_modify(|s| s.trouble = Some("gone".into()));
        assert_eq!(wake.wait(LONG).await, Scope::Quick);
    }
}
