//! The topics of the app's own, where they must come over the viewers' own WebSockets. Pure.
//!
//! Most cost points, and each viewer has ten, so most streamers go without: those who come first get their topics
//! whole. What is told to a streamer alone comes over that streamer's own.

use std::collections::{BTreeMap, HashMap, HashSet};

use wire::TopicStatus;

use super::chats::{Carried, carried_by};
use super::wanted::Wanted;
use super::{own_channel, reason};
use crate::carriers::{Standing, Standings};
use crate::ids::UserId;
use crate::store::carriers::Candidate;
use crate::store::topics::TopicState;
use crate::twitch::eventsub::Spec;

/// What a user's WebSockets may cost together. <https://dev.twitch.tv/docs/eventsub/manage-subscriptions/#subscription-limits>
const POINTS: i64 = 10;

/// Who carries which of these topics.
#[derive(Debug, Default)]
pub(super) struct Points {
    carriers: BTreeMap<Spec, UserId>,
}

impl Points {
    /// Decides anew; `wanted` in the order of importance. A topic of somebody who has `authorised` this app
    /// costs nothing.
    pub(super) fn plan(
        &mut self,
        wanted: &[Wanted],
        candidates: &[Candidate],
        standings: &Standings,
        leaving: &HashSet<UserId>,
        authorised: &HashSet<UserId>,
    ) {
        let before = std::mem::take(&mut self.carriers);
        let mut possible: HashMap<&UserId, Vec<&UserId>> = HashMap::new();
        for candidate in candidates {
            if !leaving.contains(&candidate.viewer_id) {
                let viewers = possible.entry(&candidate.broadcaster_id).or_default();
                viewers.push(&candidate.viewer_id);
            }
        }
        let mut spent: HashMap<&UserId, i64> = HashMap::new();
        for wanted in wanted {
            let Some(key) = &wanted.key else { continue };
            let owner = &key.broadcaster_id;
            let viewers = match own_channel::is_of_a_step(wanted.spec.event_type) {
                true if leaving.contains(owner) => continue,
                true => std::slice::from_ref(&owner),
                false => possible.get(owner).map(Vec::as_slice).unwrap_or_default(),
            };
            let cost = i64::from(!authorised.contains(owner));
            let spec = &wanted.spec;
            let rank = |viewer: &&&UserId| {
                let is_refused = matches!(
                    standings.get(**viewer).and_then(|s| s.topics.get(spec)),
                    Some(Standing::Refused { .. })
                );
                (is_refused, before.get(spec) != Some(**viewer))
            };
            let has_points = |viewer: &&&UserId| {
                spent.get(**viewer).copied().unwrap_or_default() + cost <= POINTS
            };
            if let Some(viewer) = viewers.iter().filter(has_points).min_by_key(rank) {
                *spent.entry(viewer).or_default() += cost;
                self.carriers.insert(spec.clone(), (*viewer).clone());
            }
        }
    }

    /// What each carrier is to subscribe.
    pub(super) fn loads(&self) -> impl Iterator<Item = (UserId, Spec)> {
        let carriers = self.carriers.iter();
        carriers.map(|(spec, carrier)| (carrier.clone(), spec.clone()))
    }

    /// Whether a viewer carries one of them.
    pub(super) fn is_carrier(&self, viewer: &UserId) -> bool {
        self.carriers.values().any(|carrier| carrier == viewer)
    }

    /// How these topics stand.
    pub(super) fn carried(
        &self,
        wanted: &[Wanted],
        standings: &Standings,
        interrupted: &HashSet<UserId>,
    ) -> Vec<Carried> {
        let (polling, unavailable) = (reason::NO_POINTS_POLLING, reason::NO_POINTS);
        let carried = |wanted: &Wanted| {
            let key = wanted.key.clone()?;
            Some(match self.carriers.get(&wanted.spec) {
                Some(carrier) => carried_by(carrier, key, &wanted.spec, standings, interrupted),
                // Its owner is leaving, and the topic with the owner.
                None if own_channel::is_of_a_step(wanted.spec.event_type) => return None,
                None => Carried {
                    key,
                    state: without(wanted.spec.event_type, polling, unavailable),
                    arrived_at: None,
                    is_interrupted: false,
                },
            })
        };
        wanted.iter().filter_map(carried).collect()
    }
}

/// How a topic stands that there is no room for. Whether somebody is live can be looked up instead.
pub(super) fn without(event_type: &str, polling: &str, unavailable: &str) -> TopicState {
    let (status, why) = match event_type {
        "stream.online" | "stream.offline" => (TopicStatus::Polling, polling),
        _ => (TopicStatus::Unavailable, unavailable),
    };
    TopicState {
        eventsub_id: None,
        status,
        reason: Some(why.to_owned()),
    }
}
