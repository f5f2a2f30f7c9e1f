//! Drives the world on Twitch's clock, hands what happens to delivery, and tends to what time alone changes.

use std::sync::Arc;
use std::time::Duration;

use crate::eventsub::delivery::{self, Choice};
use crate::eventsub::upkeep;
use crate::state::Sim;

/// How often, really, to look after things when nothing is due.
const LONGEST_REST: Duration = Duration::from_millis(500);
/// A world that always has something due must not keep everybody else from the lock.
const SHORTEST_REST: Duration = Duration::from_millis(1);

pub(crate) async fn run(sim: Arc<Sim>) {
    loop {
        let rest = step(&sim).clamp(SHORTEST_REST, LONGEST_REST);
        tokio::select! {
            () = sim.shutdown.cancelled() => return,
            () = sim.stirred.notified() => {}
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// Does what is due; how long, really, until something may be again.
fn step(sim: &Arc<Sim>) -> Duration {
    let mut state = sim.state();
    let happenings = state.world.advance(sim.clock.now());
    for mut happening in happenings {
        sim.clock.make_real(&mut happening.event);
        delivery::deliver(sim, &mut state, &happening, Choice::default());
    }
    upkeep::tend(sim, &mut state);
    state
        .world
        .next_due()
        .map_or(LONGEST_REST, |due| sim.clock.until(due))
}
