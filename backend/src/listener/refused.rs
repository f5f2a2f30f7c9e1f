//! The topics a carrier does not get: why, and when each may be asked for again.

use std::collections::{BTreeSet, HashMap};

use tokio::time::Instant;

use crate::carriers::Standing;
use crate::timings::Timings;
use crate::twitch::Backoff;
use crate::twitch::eventsub::Spec;

struct Refusal {
    standing: Standing,
    backoff: Backoff,
    due: Instant,
}

/// The refused topics of one carrier. Each has its own back-off, so that none holds up the others.
pub(super) struct Refused {
    backoff: Backoff,
    refused: HashMap<Spec, Refusal>,
}

impl Refused {
    pub(super) fn new(timings: &Timings) -> Self {
        Self {
            backoff: Backoff::between(timings.reconcile_every, timings.topics_retry_longest),
            refused: HashMap::new(),
        }
    }

    /// Forgets those that are wanted no longer.
    pub(super) fn retain(&mut self, wanted: &BTreeSet<Spec>) {
        self.refused.retain(|spec, _| wanted.contains(spec));
    }

    /// Twitch does not give it to this viewer; `is_personal`: somebody else may get it.
    pub(super) fn note(&mut self, spec: Spec, reason: String, is_personal: bool) {
        let standing = Standing::Refused {
            reason,
            is_personal,
        };
        let backoff = &self.backoff;
        let refusal = self.refused.entry(spec).or_insert_with(|| Refusal {
            standing: standing.clone(),
            backoff: backoff.clone(),
            due: Instant::now(),
        });
        refusal.standing = standing;
        refusal.due = Instant::now() + refusal.backoff.pause();
    }

    /// Twitch gives it after all.
    pub(super) fn clear(&mut self, spec: &Spec) {
        self.refused.remove(spec);
    }

    pub(super) fn contains(&self, spec: &Spec) -> bool {
        self.refused.contains_key(spec)
    }

    /// It may be asked for now.
    pub(super) fn may_ask(&self, spec: &Spec) -> bool {
        let refusal = self.refused.get(spec);
        refusal.is_none_or(|refusal| refusal.due <= Instant::now())
    }

    /// When the next one may be asked for again.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.refused.values().map(|refusal| refusal.due).min()
    }

    /// How they stand, for viewers.
    pub(super) fn standings(&self) -> HashMap<Spec, Standing> {
        let all = self.refused.iter();
        all.map(|(spec, refusal)| (spec.clone(), refusal.standing.clone()))
            .collect()
    }
}
