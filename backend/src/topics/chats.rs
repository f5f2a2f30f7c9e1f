//! Who reads whose chat: one carrier for each broadcaster, and how one takes over from another. Pure.
//!
//! A chat stays with its carrier as long as it can. When it cannot, another one takes it first and the old one
//! lets go then, so that nothing is missed; what comes twice meanwhile is one event in the store.

use std::collections::{BTreeMap, HashMap, HashSet};

use wire::TopicStatus;

use super::reason;
use super::wanted::{chat_keys, of_chat};
use crate::carriers::{Standing, Standings};
use crate::ids::UserId;
use crate::store::carriers::Candidate;
use crate::store::topics::{TopicKey, TopicState};
use crate::twitch::eventsub::Spec;

/// Channels whose chat an account may read at a time, its own aside.
/// <https://dev.twitch.tv/docs/chat/#join-limits>
const CHATS_MAX: usize = 100;

/// A topic that a carrier is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) key: TopicKey,
    pub(super) state: TopicState,
    /// When it last arrived for sure, when it does not or did not since the last look; unix milliseconds.
    pub(super) arrived_at: Option<i64>,
    /// Its carrier has lost a session since the last look.
    pub(super) is_interrupted: bool,
}

/// Who carries each chat.
#[derive(Debug, Default)]
pub(super) struct Chats {
    carriers: BTreeMap<UserId, UserId>,
    /// Those who let go as soon as their successor has the chat.
    former: BTreeMap<UserId, UserId>,
    /// Why nobody carries a chat.
    without: BTreeMap<UserId, &'static str>,
}

impl Chats {
    /// Decides anew. `leaving` are about to give their permission back; `granted` have one.
    pub(super) fn plan(
        &mut self,
        candidates: &[Candidate],
        standings: &Standings,
        leaving: &HashSet<UserId>,
        granted: &HashSet<UserId>,
    ) {
        let mut by_broadcaster: BTreeMap<&UserId, Vec<&Candidate>> = BTreeMap::new();
        for candidate in candidates {
            let possible = by_broadcaster.entry(&candidate.broadcaster_id).or_default();
            if candidate.may_read_chat && !leaving.contains(&candidate.viewer_id) {
                possible.push(candidate);
            }
        }
        let before = std::mem::take(&mut self.carriers);
        self.without.clear();
        let mut reading: HashMap<UserId, usize> = HashMap::new();
        // Those that stay count before those that are looking for somebody.
        let mut homeless = Vec::new();
        for (broadcaster, possible) in by_broadcaster {
            let stays = before.get(broadcaster).filter(|carrier| {
                possible.iter().any(|c| c.viewer_id == **carrier)
                    && (possible.len() == 1 || !is_refused(broadcaster, carrier, standings))
            });
            match stays {
                Some(carrier) => {
                    *reading.entry(carrier.clone()).or_default() +=
                        usize::from(carrier != broadcaster);
                    self.carriers.insert(broadcaster.clone(), carrier.clone());
                }
                None => homeless.push((broadcaster.clone(), possible)),
            }
        }
        for (broadcaster, possible) in homeless {
            let chats_of = |viewer: &UserId| reading.get(viewer).copied().unwrap_or_default();
            let has_room = |candidate: &&&Candidate| {
                candidate.viewer_id == broadcaster || chats_of(&candidate.viewer_id) < CHATS_MAX
            };
            let rank = |candidate: &&&Candidate| {
                let viewer = &candidate.viewer_id;
                (
                    is_refused(&broadcaster, viewer, standings),
                    !candidate.keeps_collecting,
                    chats_of(viewer),
                )
            };
            let Some(chosen) = possible.iter().filter(has_room).min_by_key(rank) else {
                let why = match possible.is_empty() {
                    true => reason::NEEDS_READER,
                    false => reason::READERS_FULL,
                };
                self.without.insert(broadcaster, why);
                continue;
            };
            let carrier = chosen.viewer_id.clone();
            *reading.entry(carrier.clone()).or_default() += usize::from(carrier != broadcaster);
            self.carriers.insert(broadcaster, carrier);
        }
        self.hand_over(before, standings, granted);
    }

    /// Keeps the old carriers until the new ones have been answered, as long as they have their permission.
    fn hand_over(
        &mut self,
        before: BTreeMap<UserId, UserId>,
        standings: &Standings,
        granted: &HashSet<UserId>,
    ) {
        for (broadcaster, carrier) in before {
            if self.carriers.get(&broadcaster) != Some(&carrier) {
                self.former.entry(broadcaster).or_insert(carrier);
            }
        }
        let carriers = &self.carriers;
        self.former.retain(|broadcaster, former| {
            let Some(carrier) = carriers.get(broadcaster) else {
                return false;
            };
            let is_answered = |spec: &Spec| {
                standings
                    .get(carrier)
                    .is_some_and(|standing| standing.topics.contains_key(spec))
            };
            let specs = of_chat(broadcaster, carrier).map(|(_, spec)| spec);
            carrier != former && granted.contains(former) && !specs.iter().all(is_answered)
        });
    }

    /// What each carrier is to subscribe.
    pub(super) fn loads(&self) -> impl Iterator<Item = (UserId, Spec)> {
        let all = self.carriers.iter().chain(&self.former);
        all.flat_map(|(broadcaster, carrier)| {
            of_chat(broadcaster, carrier).map(|(_, spec)| (carrier.clone(), spec))
        })
    }

    /// Whether a viewer carries a chat, or has yet to let go of one.
    pub(super) fn is_carrier(&self, viewer: &UserId) -> bool {
        let mut all = self.carriers.values().chain(self.former.values());
        all.any(|carrier| carrier == viewer)
    }

    /// How each chat's topics stand.
    pub(super) fn carried(
        &self,
        standings: &Standings,
        interrupted: &HashSet<UserId>,
    ) -> Vec<Carried> {
        let mut all = Vec::new();
        for (broadcaster, carrier) in &self.carriers {
            let old = self.former.get(broadcaster).unwrap_or(carrier);
            let specs = of_chat(broadcaster, carrier);
            for ((key, spec), (_, old_spec)) in specs.into_iter().zip(of_chat(broadcaster, old)) {
                let new = carried_by(carrier, key.clone(), &spec, standings, interrupted);
                let kept = carried_by(old, key, &old_spec, standings, interrupted);
                let is_kept = kept.state.status == TopicStatus::Enabled;
                let is_new = new.state.status == TopicStatus::Enabled;
                all.push(if is_kept && !is_new { kept } else { new });
            }
        }
        for (broadcaster, why) in &self.without {
            let unavailable = TopicState {
                eventsub_id: None,
                status: TopicStatus::Unavailable,
                reason: Some((*why).to_owned()),
            };
            all.extend(chat_keys(broadcaster).map(|key| Carried {
                key,
                state: unavailable.clone(),
                arrived_at: None,
                is_interrupted: false,
            }));
        }
        all
    }
}

/// Twitch does not let this viewer read this chat.
fn is_refused(broadcaster: &UserId, viewer: &UserId, standings: &Standings) -> bool {
    let Some(standing) = standings.get(viewer) else {
        return false;
    };
    let mut specs = of_chat(broadcaster, viewer)
        .map(|(_, spec)| spec)
        .into_iter();
    specs.any(|spec| {
        let standing = standing.topics.get(&spec);
        matches!(
            standing,
            Some(Standing::Refused {
                is_personal: true,
                ..
            })
        )
    })
}

/// How a topic that a carrier is to have stands.
pub(super) fn carried_by(
    id: &UserId,
    key: TopicKey,
    spec: &Spec,
    standings: &Standings,
    interrupted: &HashSet<UserId>,
) -> Carried {
    let carrier = standings.get(id);
    let standing = carrier.and_then(|carrier| carrier.topics.get(spec));
    let (eventsub_id, status, reason) = match (standing, carrier) {
        (Some(Standing::Held { eventsub_id }), _) => {
            (Some(eventsub_id.clone()), TopicStatus::Enabled, None)
        }
        (Some(Standing::Refused { reason, .. }), _) => {
            (None, TopicStatus::Failed, Some(reason.clone()))
        }
        (None, Some(carrier)) if !carrier.is_open => {
            let why = reason::NO_CONNECTION.to_owned();
            (None, TopicStatus::Pending, Some(why))
        }
        (None, _) => {
            let why = reason::NOT_ASKED_YET.to_owned();
            (None, TopicStatus::Pending, Some(why))
        }
    };
    Carried {
        key,
        state: TopicState {
            eventsub_id,
            status,
            reason,
        },
        arrived_at: carrier.and_then(|carrier| carrier.heard_at),
        is_interrupted: interrupted.contains(id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carriers::Carrier;

    fn id(text: &str) -> UserId {
        UserId::new(text)
    }

    fn candidate(broadcaster: &str, viewer: &str) -> Candidate {
        Candidate {
            broadcaster_id: id(broadcaster),
            viewer_id: id(viewer),
            may_read_chat: true,
            keeps_collecting: true,
        }
    }

    fn plan(chats: &mut Chats, candidates: &[Candidate], standings: &Standings) {
        let granted = ["vera", "omar"].map(id).into();
        chats.plan(candidates, standings, &HashSet::new(), &granted);
    }

    fn carriers(chats: &Chats, broadcaster: &str) -> Vec<String> {
        let of = |(viewer, spec): (UserId, Spec)| {
            let concerned = &spec.condition["broadcaster_user_id"];
            (concerned == broadcaster && spec.event_type.ends_with("message"))
                .then(|| viewer.to_string())
        };
        chats.loads().filter_map(of).collect()
    }

    /// How a carrier stands who got, or did not get, all of a chat.
    fn standing(broadcaster: &str, viewer: &str, standing: &Standing) -> Carrier {
        let specs = of_chat(&id(broadcaster), &id(viewer)).map(|(_, spec)| spec);
        Carrier {
            is_open: true,
            topics: specs.map(|spec| (spec, standing.clone())).into(),
            ..Carrier::default()
        }
    }

    fn held() -> Standing {
        Standing::Held {
            eventsub_id: "x".into(),
        }
    }

    fn refused() -> Standing {
        Standing::Refused {
            reason: "banned".into(),
            is_personal: true,
        }
    }

    #[test]
    fn an_account_reads_a_hundred_chats_and_its_own() {
        let mut candidates: Vec<Candidate> = (0..150)
            .map(|number| candidate(&format!("c{number:03}"), "vera"))
            .collect();
        candidates.push(candidate("vera", "vera"));
        let mut chats = Chats::default();
        plan(&mut chats, &candidates, &Standings::new());
        assert_eq!(chats.carriers.len(), 101);
        assert!(chats.carriers.contains_key(&id("vera")));
        assert_eq!(chats.without.len(), 50);
        assert!(
            chats
                .without
                .values()
                .all(|why| *why == reason::READERS_FULL)
        );

        // Somebody else takes the rest, and nothing moves for it.
        let before = chats.carriers.clone();
        candidates.extend((0..150).map(|number| candidate(&format!("c{number:03}"), "omar")));
        plan(&mut chats, &candidates, &Standings::new());
        assert!(chats.without.is_empty());
        let has_moved = |(broadcaster, carrier)| chats.carriers.get(broadcaster) != Some(carrier);
        assert!(!before.iter().any(has_moved));
        assert!(chats.former.is_empty());
    }

    #[test]
    fn the_old_carrier_stays_until_the_new_one_has_the_chat() {
        let mut chats = Chats::default();
        plan(&mut chats, &[candidate("c", "vera")], &Standings::new());
        // Vera unsubscribes.
        plan(&mut chats, &[candidate("c", "omar")], &Standings::new());
        assert_eq!(carriers(&chats, "c"), ["omar", "vera"]);
        let standings = Standings::from([(id("omar"), standing("c", "omar", &held()))]);
        plan(&mut chats, &[candidate("c", "omar")], &standings);
        assert_eq!(carriers(&chats, "c"), ["omar"]);
    }

    #[test]
    fn who_is_not_let_in_is_replaced_and_nobody_else_means_that_one() {
        let standings = Standings::from([(id("vera"), standing("c", "vera", &refused()))]);
        let mut chats = Chats::default();
        plan(&mut chats, &[candidate("c", "vera")], &standings);
        assert_eq!(carriers(&chats, "c"), ["vera"], "tried again now and then");
        let both = [candidate("c", "vera"), candidate("c", "omar")];
        plan(&mut chats, &both, &standings);
        assert_eq!(chats.carriers[&id("c")], id("omar"));
    }

    #[test]
    fn without_the_right_scope_it_says_what_to_do() {
        let mut chats = Chats::default();
        let candidate = Candidate {
            may_read_chat: false,
            ..candidate("c", "vera")
        };
        plan(&mut chats, &[candidate], &Standings::new());
        assert_eq!(chats.without[&id("c")], reason::NEEDS_READER);
        let told = chats.carried(&Standings::new(), &HashSet::new());
        assert!(
            told.iter()
                .all(|c| c.state.status == TopicStatus::Unavailable)
        );
        assert_eq!(told.len(), 2);
    }
}
