//! What happens with time alone: dead subscriptions are unlisted, abandoned conduits removed,
//! lost sockets noticed after all.

use std::sync::Arc;

use super::revoke;
use crate::state::{Sim, State};

/// Called now and then.
pub(crate) fn tend(sim: &Arc<Sim>, state: &mut State) {
    let now = sim.clock.now();
    state.subscriptions.forget_dead(now);
    for conduit_id in state.conduits.take_abandoned(now) {
        revoke::conduit_deleted(sim, state, &conduit_id);
    }
    if !state.faults.notices_late() {
        for (session_id, status) in std::mem::take(&mut state.sessions.unnoticed) {
            revoke::session_ended(sim, state, &session_id, status);
        }
    }
}
