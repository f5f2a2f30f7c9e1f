//! Topics that Twitch refuses: why, and when each may be tried again.

use std::collections::{HashMap, HashSet};

use tokio::time::Instant;

use super::wanted::Wanted;
use crate::timings::Timings;
use crate::twitch::Backoff;
use crate::twitch::eventsub::Spec;

struct Refusal {
    backoff: Backoff,
    due: Instant,
    reason: String,
}

/// The refused topics. Each has its own back-off, so that none holds up the others.
pub(super) struct Refusals {
    backoff: Backoff,
    refused: HashMap<Spec, Refusal>,
}

impl Refusals {
    pub(super) fn new(timings: &Timings) -> Self {
        Self {
            backoff: Backoff::between(timings.reconcile_every, timings.topics_retry_longest),
            refused: HashMap::new(),
        }
    }

    /// Forgets those that nobody wants any more.
    pub(super) fn retain(&mut self, wanted: &[Wanted]) {
        if !self.refused.is_empty() {
            let wanted: HashSet<&Spec> = wanted.iter().map(|w| &w.spec).collect();
            self.refused.retain(|spec, _| wanted.contains(spec));
        }
    }

    /// Twitch has it after all.
    pub(super) fn clear(&mut self, spec: &Spec) {
        self.refused.remove(spec);
    }

    /// Twitch did not create it; answers whether this is news.
    pub(super) fn note_refused(&mut self, spec: &Spec, reason: String) -> bool {
        let is_new = !self.refused.contains_key(spec);
        let refusal = self.entry(spec, reason);
        refusal.due = Instant::now() + refusal.backoff.pause();
        is_new
    }

    /// Twitch ended one that it had: tried again at once, and with pauses if it goes on like that.
    pub(super) fn note_ended(&mut self, spec: &Spec, reason: String) {
        let is_new = !self.refused.contains_key(spec);
        let refusal = self.entry(spec, reason);
        if !is_new {
            refusal.due = Instant::now() + refusal.backoff.pause();
        }
    }

    fn entry(&mut self, spec: &Spec, reason: String) -> &mut Refusal {
        let backoff = &self.backoff;
        let refusal = self.refused.entry(spec.clone()).or_insert_with(|| Refusal {
            backoff: backoff.clone(),
            due: Instant::now(),
            reason: String::new(),
        });
        refusal.reason = reason;
        refusal
    }

    /// Why it is not to be tried yet; `None`: it may be tried.
    pub(super) fn holds_back(&self, spec: &Spec) -> Option<&str> {
        let refusal = self.refused.get(spec)?;
        (refusal.due > Instant::now()).then_some(refusal.reason.as_str())
    }

    /// When the next one is to be tried again.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.refused.values().map(|refusal| refusal.due).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::wanted::of_app;

    #[tokio::test(start_paused = true)]
    async fn refused_topics_wait_and_ended_ones_get_one_try_at_once() {
        let timings = Timings::default();
        let mut refusals = Refusals::new(&timings);
        let wanted = of_app("c", Some("k"));
        let (refused, ended) = (&wanted[0].spec, &wanted[1].spec);

        assert!(refusals.note_refused(refused, "no".into()));
        assert!(!refusals.note_refused(refused, "no, again".into()));
        assert_eq!(refusals.holds_back(refused), Some("no, again"));
        tokio::time::advance(timings.reconcile_every * 2).await;
        assert_eq!(refusals.holds_back(refused), None);

        refusals.note_ended(ended, "gone".into());
        assert_eq!(refusals.holds_back(ended), None);
        refusals.note_ended(ended, "gone".into());
        assert_eq!(refusals.holds_back(ended), Some("gone"));

        refusals.retain(&[]);
        assert_eq!(refusals.next_due(), None);
    }
}
