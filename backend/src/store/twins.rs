//! Finds, of an event that is about to be recorded, the one that was there before and tells the same happening: a sub
//! and its notice in the chat, a line and its copy in a channel that shares the chat.
//!
//! Known from memory, since it is asked for every event: the newest tellings by what they have in common. There is one
//! recorder, and what it knows is read from the stored events when it starts. Of several happenings that may be meant
//! none is taken.

use std::collections::{HashMap, VecDeque};

use wire::{Group, Visibility};

use super::events::Stored;
use super::record::{NewEvent, SameAs, Twin};

/// Tellings that are known; the oldest are forgotten first, and what tells the same as one of these is not linked.
const KNOWN: usize = 16_384;

/// Happenings known under one key. Of many that are alike none would be taken anyway, and each is looked at.
const ALIKE: usize = 16;

/// What the recorder knows.
#[derive(Debug, Default)]
pub(super) struct Twins {
    happenings: HashMap<String, Alike>,
    /// The keys in the order in which tellings came under them, with the cursors.
    order: VecDeque<(String, i64)>,
}

/// The happenings under one key.
#[derive(Debug, Default)]
struct Alike {
    known: VecDeque<Happening>,
    /// When the newest of those happened that are not known any more, since there were too many.
    lost_at: Option<i64>,
}

/// One happening, told by each teller once.
#[derive(Debug)]
struct Happening {
    detail: Option<String>,
    tellings: Vec<Telling>,
}

/// What is known of an event.
#[derive(Debug, Clone)]
pub(super) struct Telling {
    id: i64,
    event_type: String,
    broadcaster_id: String,
    occurred_at: i64,
    visibility: Visibility,
    group: Option<Box<Group>>,
}

impl Twins {
    /// Links an event to what tells the same. It becomes a part of what that one is a part of.
    pub(super) fn link(&self, event: &mut NewEvent) {
        if event.twins.is_empty() {
            return;
        }
        let telling = Telling::of(0, event);
        let Some(twin) = event
            .twins
            .iter()
            .find_map(|twin| self.find(&telling, twin))
        else {
            return;
        };
        event.same_as = Some(SameAs {
            id: twin.id,
            visibility: twin.visibility,
        });
        // The group of what only some may see is not for all.
        let may_tell =
            twin.visibility == Visibility::Public || event.visibility != Visibility::Public;
        if event.group.is_none() && may_tell {
            event.group.clone_from(&twin.group);
        }
    }

    /// Knows an event from now on.
    pub(super) fn know(&mut self, telling: &Telling, twins: &[Twin]) {
        for twin in twins {
            let joins = self.position(telling, twin);
            let alike = self.happenings.entry(twin.key.clone()).or_default();
            match joins.and_then(|at| alike.known.get_mut(at)) {
                Some(happening) => {
                    if happening.detail.is_none() {
                        happening.detail.clone_from(&twin.detail);
                    }
                    happening.tellings.push(telling.clone());
                }
                None => alike.add(Happening {
                    detail: twin.detail.clone(),
                    tellings: vec![telling.clone()],
                }),
            }
            self.order.push_back((twin.key.clone(), telling.id));
        }
        while self.order.len() > KNOWN
            && let Some((key, id)) = self.order.pop_front()
        {
            self.forget(&key, |oldest| oldest <= id);
        }
    }

    /// Forgets what came under this cursor and later: it was not recorded after all.
    pub(super) fn forget_from(&mut self, first: i64) {
        while let Some((key, _)) = self.order.pop_back_if(|(_, id)| *id >= first) {
            self.forget(&key, |id| id >= first);
        }
    }

    fn forget(&mut self, key: &str, is_gone: impl Fn(i64) -> bool) {
        let Some(alike) = self.happenings.get_mut(key) else {
            return;
        };
        for happening in &mut alike.known {
            happening.tellings.retain(|telling| !is_gone(telling.id));
        }
        alike
            .known
            .retain(|happening| !happening.tellings.is_empty());
        if alike.known.is_empty() {
            self.happenings.remove(key);
        }
    }

    /// What tells the same as the event. What everybody may see goes with what everybody may see, if there is any.
    fn find(&self, event: &Telling, twin: &Twin) -> Option<&Telling> {
        let happening = self
            .happenings
            .get(&twin.key)?
            .known
            .get(self.position(event, twin)?)?;
        let tellings = &happening.tellings;
        let public = tellings
            .iter()
            .find(|one| one.visibility == Visibility::Public);
        public.or(tellings.first())
    }

    /// The one happening that the event may tell, of those known under a key.
    fn position(&self, event: &Telling, twin: &Twin) -> Option<usize> {
        let alike = self.happenings.get(&twin.key)?;
        let may_be_lost = |at: i64| (at - event.occurred_at).abs() <= twin.within_ms;
        if alike.lost_at.is_some_and(may_be_lost) {
            return None;
        }
        let mut fits =
            (0..alike.known.len()).filter(|at| alike.known[*at].may_be_told_by(event, twin));
        let first = fits.next()?;
        fits.next().is_none().then_some(first)
    }
}

impl Telling {
    pub(super) fn of(id: i64, event: &NewEvent) -> Self {
        Self {
            id,
            event_type: event.event_type.clone(),
            broadcaster_id: event.broadcaster.id.clone(),
            occurred_at: event.occurred_at,
            visibility: event.visibility,
            group: event.group.clone(),
        }
    }

    pub(super) fn stored(stored: Stored) -> Self {
        Self {
            id: stored.id,
            event_type: stored.event.event_type,
            broadcaster_id: stored.event.broadcaster.id,
            occurred_at: stored.occurred_at,
            visibility: stored.event.visibility,
            group: stored.event.group,
        }
    }
}

impl Alike {
    fn add(&mut self, happening: Happening) {
        self.known.push_back(happening);
        if self.known.len() > ALIKE
            && let Some(lost) = self.known.pop_front()
        {
            let at = lost.tellings.iter().map(|telling| telling.occurred_at);
            self.lost_at = at.chain(self.lost_at).max();
        }
    }
}

impl Happening {
    fn may_be_told_by(&self, event: &Telling, twin: &Twin) -> bool {
        let differs = match (&self.detail, &twin.detail) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        };
        let fits = |telling: &Telling| {
            // Who tells something twice tells of two happenings.
            (&telling.event_type, &telling.broadcaster_id)
                != (&event.event_type, &event.broadcaster_id)
                && (telling.occurred_at - event.occurred_at).abs() <= twin.within_ms
        };
        !differs && self.tellings.iter().all(fits)
    }
}

#[cfg(test)]
mod tests;
