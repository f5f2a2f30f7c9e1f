//! How each wanted topic stands after a comparison: for viewers, row by row, and for health as a whole.

use std::collections::{BTreeMap, BTreeSet};

use wire::TopicStatus;

use super::chats::Carried;
use super::wanted::Wanted;
use super::{own_channel, points, reason};
use crate::health::{Health, Part};
use crate::shards::{SHARDS, State};
use crate::store::gaps::Span;
use crate::store::topics::{TopicChanges, TopicKey, TopicState};
use crate::store::{self, Store};
use crate::twitch::eventsub::EventsubSubscription;

/// The topics and how they stand. Those of the app itself concern no viewer and are left out.
pub(super) struct Standing {
    /// Events of a conduit can arrive.
    has_socket: bool,
    /// Since when events over it may be lost that were not lost at the last look; unix milliseconds.
    lost_since: Option<i64>,
    states: BTreeMap<TopicKey, TopicState>,
    /// When topics that do not arrive last did for sure, where that is known.
    arrived_at: BTreeMap<TopicKey, i64>,
    /// Those that did not arrive for a while since the last look, even if they do now.
    interrupted: BTreeSet<TopicKey>,
}

impl Standing {
    /// `losses_seen`: how often all sockets of the conduit had been lost at the last look.
    pub(super) fn new(shards: &State, losses_seen: u64) -> Self {
        Self {
            has_socket: shards.bound > 0,
            lost_since: shards.lost_after(losses_seen),
            states: BTreeMap::new(),
            arrived_at: BTreeMap::new(),
            interrupted: BTreeSet::new(),
        }
    }

    /// Twitch has it.
    pub(super) fn note_listed(&mut self, wanted: &Wanted, listed: &EventsubSubscription) {
        let is_connected = self.has_socket || listed.transport.method == "webhook";
        if listed.transport.method == "conduit"
            && let (Some(key), Some(at)) = (&wanted.key, self.lost_since)
        {
            self.arrived_at.insert(key.clone(), at);
            self.interrupted.insert(key.clone());
        }
        let (status, why) = match (listed.is_enabled(), is_connected) {
            (true, true) => (TopicStatus::Enabled, None),
            (true, false) => (TopicStatus::Pending, Some(reason::NO_CONNECTION)),
            (false, _) => (TopicStatus::Pending, Some(reason::UNCONFIRMED)),
        };
        self.note(wanted, Some(&listed.id), status, why);
    }

    /// Twitch refuses it.
    pub(super) fn note_refused(&mut self, wanted: &Wanted, why: &str) {
        self.note(wanted, None, TopicStatus::Failed, Some(why));
    }

    /// It cannot be had the way this server is set up.
    pub(super) fn note_unavailable(&mut self, wanted: &[Wanted], why: &str) {
        for wanted in wanted {
            self.note(wanted, None, TopicStatus::Unavailable, Some(why));
        }
    }

    /// There is no room for them in what Twitch allows this app.
    pub(super) fn note_without(&mut self, without: &[Wanted]) {
        for wanted in without {
            let (event_type, polling) = (wanted.spec.event_type, reason::NO_BUDGET_POLLING);
            if let Some(key) = wanted.key.clone() {
                let state = points::without(event_type, polling, reason::NO_BUDGET);
                self.states.insert(key, state);
            }
        }
    }

    /// What carriers have.
    pub(super) fn note_carried(&mut self, carried: Vec<Carried>) {
        for Carried {
            key,
            state,
            arrived_at,
            is_interrupted,
        } in carried
        {
            if is_interrupted {
                self.interrupted.insert(key.clone());
            }
            if let Some(at) = arrived_at {
                self.arrived_at.insert(key.clone(), at);
            }
            self.states.insert(key, state);
        }
    }

    /// Those nothing is known of yet.
    pub(super) fn note_rest(&mut self, wanted: &[Wanted], why: &str) {
        for wanted in wanted {
            let is_noted = wanted
                .key
                .as_ref()
                .is_some_and(|key| self.states.contains_key(key));
            if !is_noted {
                self.note(wanted, None, TopicStatus::Pending, Some(why));
            }
        }
    }

    fn note(&mut self, wanted: &Wanted, id: Option<&str>, status: TopicStatus, why: Option<&str>) {
        if let Some(key) = wanted.key.clone() {
            let (eventsub_id, reason) = (id.map(str::to_owned), why.map(str::to_owned));
            self.states.insert(
                key,
                TopicState {
                    eventsub_id,
                    status,
                    reason,
                },
            );
        }
    }

    /// Whether Twitch has been asked for something and has said neither yes nor no.
    pub(super) fn has_unconfirmed(&self) -> bool {
        let is_unconfirmed = |state: &TopicState| {
            state.status == TopicStatus::Pending
                && state.reason.as_deref() == Some(reason::UNCONFIRMED)
        };
        self.states.values().any(is_unconfirmed)
    }

    /// Writes what differs from what was written last. What has stopped to arrive, and nobody knows since when,
    /// did so at `lost_at`. Answers the gaps that end.
    pub(super) async fn write(
        &self,
        store: &Store,
        lost_at: i64,
    ) -> Result<Vec<(TopicKey, Span)>, store::Error> {
        let written = store.topics().await?;
        let has_stopped = |(key, state): &(&TopicKey, &TopicState)| {
            let is_written = written.get(*key);
            is_written.is_some_and(|old| old.status == TopicStatus::Enabled)
                && (state.status != TopicStatus::Enabled || self.interrupted.contains(*key))
        };
        let lost = self.states.iter().filter(has_stopped);
        let lost = lost
            .map(|(key, _)| {
                let at = self.arrived_at.get(key).copied().unwrap_or(lost_at);
                (key.clone(), at)
            })
            .collect();
        let changed: Vec<_> = self
            .states
            .iter()
            .filter(|(key, state)| written.get(key) != Some(state))
            .map(|(key, state)| (key.clone(), state.clone()))
            .collect();
        let gone: Vec<_> = written
            .into_keys()
            .filter(|key| !self.states.contains_key(key))
            .collect();
        let changes = TopicChanges {
            changed,
            lost,
            gone,
        };
        store.update_topics(&changes).await
    }

    /// Tells health what does not arrive. Without sockets the topics tell of the connection as well. What is told to
    /// a streamer alone is no matter of the server's: the streamer sees how it stands.
    pub(super) fn report(
        &self,
        health: &Health,
        interruption: Option<String>,
        shards: &State,
        over_sockets: bool,
    ) {
        let without =
            |s: &&TopicState| matches!(s.status, TopicStatus::Failed | TopicStatus::Unavailable);
        let of_all = self.states.iter();
        let of_all = of_all.filter(|(key, _)| !own_channel::is_of_a_step(&key.event_type));
        let states: Vec<&TopicState> = of_all.map(|(_, state)| state).collect();
        let nothing_arrives = !states.is_empty() && states.iter().all(without);
        // What cannot be had at all is said on the card; it is trouble only where nothing can.
        let failing: Vec<&&TopicState> = states
            .iter()
            .filter(|s| s.status == TopicStatus::Failed || nothing_arrives)
            .collect();
        let first_reason = failing
            .first()
            .map(|s| s.reason.clone().unwrap_or_default());
        let outcome = match (interruption, &first_reason, &shards.trouble) {
            (Some(why), _, _) => Err(format!("topics cannot be compared: {why}")),
            (None, Some(why), _) => {
                let (failing, all) = (failing.len(), states.len());
                Err(format!(
                    "{failing} of {all} topics do not arrive, such as: {why}"
                ))
            }
            (None, None, Some(why)) if (1..SHARDS).contains(&shards.bound) => Err(format!(
                "{} of {SHARDS} sockets is open: {why}",
                shards.bound
            )),
            (None, None, _) => Ok(()),
        };
        health.report(Part::Topics, outcome);
        if !over_sockets {
            let outcome = first_reason.filter(|_| nothing_arrives).map_or(Ok(()), Err);
            health.report(Part::EventSub, outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;
    use crate::topics::wanted::of_broadcasters;

    fn listed(method: &str, status: &str) -> EventsubSubscription {
        let json = format!(
            r#"{{"id":"s","type":"x","status":"{status}","transport":{{"method":"{method}"}}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn an_enabled_topic_counts_only_with_a_socket_to_come_over() {
        let wanted = of_broadcasters(&[UserId::new("7")]);
        let key = wanted[0].key.clone().unwrap();
        let status = |bound: usize, listed: &EventsubSubscription| {
            let state = State {
                bound,
                ..State::default()
            };
            let mut standing = Standing::new(&state, 0);
            standing.note_listed(&wanted[0], listed);
            standing.states[&key].status
        };
        assert_eq!(
            status(0, &listed("conduit", "enabled")),
            TopicStatus::Pending
        );
        assert_eq!(
            status(1, &listed("conduit", "enabled")),
            TopicStatus::Enabled
        );
        assert_eq!(
            status(0, &listed("webhook", "enabled")),
            TopicStatus::Enabled
        );
        let pending = listed("webhook", "webhook_callback_verification_pending");
        assert_eq!(status(0, &pending), TopicStatus::Pending);
    }

    #[test]
    fn health_hears_of_failing_topics_once_and_with_a_count() {
        let wanted = of_broadcasters(&[UserId::new("7")]);
        let health = Health::default();
        let mut standing = Standing::new(&State::default(), 0);
        standing.note_refused(&wanted[0], "no");
        standing.note_rest(&wanted, "later");
        standing.report(&health, None, &State::default(), false);
        let failing = health.failing();
        assert!(failing[&Part::Topics].starts_with("1 of 5 topics"));
        assert!(!failing.contains_key(&Part::EventSub));

        let mut standing = Standing::new(&State::default(), 0);
        standing.note_unavailable(&wanted, "never");
        standing.report(&health, None, &State::default(), false);
        assert_eq!(health.failing()[&Part::EventSub], "never");

        let standing = Standing::new(&State::default(), 0);
        standing.report(&health, None, &State::default(), false);
        assert!(health.failing().is_empty());
    }
}
