//! "Connect my channel": what a streamer can allow this server to be told of the own channel, step by step.
//!
//! The one table of it: a step, the scopes it needs, the types it brings, in words for the streamer. Only scopes that
//! let nobody do anything in the channel are ever asked for. Pure.

use std::collections::BTreeMap;

use wire::{StepState, Topic, TopicStatus};

use super::reason;
use super::wanted::Wanted;
use crate::ids::UserId;
use crate::store::channel_steps::OwnChannel;
use crate::store::topics::{TopicKey, TopicState};
use crate::twitch::eventsub::{Condition, Spec};

/// Something a streamer can allow, or not.
#[derive(Debug)]
pub struct Step {
    /// In addresses and in the store; never changes.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What the streamer gets for it.
    pub unlocks: &'static str,
    /// What Twitch must be asked for; all of it is needed.
    pub scopes: &'static [&'static str],
    types: &'static [Type],
}

/// A type of event that a step brings.
#[derive(Debug)]
struct Type {
    event_type: &'static str,
    version: &'static str,
    /// Twitch gives it to moderators, of whom the broadcaster is one.
    as_moderator: bool,
}

const fn by_owner(event_type: &'static str, version: &'static str) -> Type {
    Type {
        event_type,
        version,
        as_moderator: false,
    }
}

const fn by_moderator(event_type: &'static str, version: &'static str) -> Type {
    Type {
        event_type,
        version,
        as_moderator: true,
    }
}

/// Every step, in the order in which pages show them.
#[rustfmt::skip] // one type a line reads as a table
pub static STEPS: &[Step] = &[
    Step {
        name: "followers",
        title: "Followers",
        unlocks: "Everybody who starts to follow you.",
        scopes: &["moderator:read:followers"],
        types: &[by_moderator("channel.follow", "2")],
    },
    Step {
        name: "subs",
        title: "Subs",
        unlocks: "Every sub and gift, also those that are not shared in chat, and subs that end.",
        scopes: &["channel:read:subscriptions"],
        types: &[
            by_owner("channel.subscribe", "1"),
            by_owner("channel.subscription.message", "1"),
            by_owner("channel.subscription.gift", "1"),
            by_owner("channel.subscription.end", "1"),
        ],
    },
    Step {
        name: "bits",
        title: "Bits",
        unlocks: "Cheers and power-ups.",
        scopes: &["bits:read"],
        types: &[
            by_owner("channel.cheer", "1"),
            by_owner("channel.bits.use", "1"),
            by_owner("channel.custom_power_up_redemption.add", "1"),
        ],
    },
    Step {
        name: "points",
        title: "Channel points",
        unlocks: "Every redemption and what becomes of it, and changes of your rewards.",
        scopes: &["channel:read:redemptions"],
        types: &[
            by_owner("channel.channel_points_custom_reward_redemption.add", "1"),
            by_owner("channel.channel_points_custom_reward_redemption.update", "1"),
            by_owner("channel.channel_points_automatic_reward_redemption.add", "2"),
            by_owner("channel.channel_points_custom_reward.add", "1"),
            by_owner("channel.channel_points_custom_reward.update", "1"),
            by_owner("channel.channel_points_custom_reward.remove", "1"),
        ],
    },
    Step {
        name: "polls",
        title: "Polls",
        unlocks: "Polls as they begin, as people vote, and how they end.",
        scopes: &["channel:read:polls"],
        types: &[
            by_owner("channel.poll.begin", "1"),
            by_owner("channel.poll.progress", "1"),
            by_owner("channel.poll.end", "1"),
        ],
    },
    Step {
        name: "predictions",
        title: "Predictions",
        unlocks: "Predictions, what is staked on each outcome, and who won.",
        scopes: &["channel:read:predictions"],
        types: &[
            by_owner("channel.prediction.begin", "1"),
            by_owner("channel.prediction.progress", "1"),
            by_owner("channel.prediction.lock", "1"),
            by_owner("channel.prediction.end", "1"),
        ],
    },
    Step {
        name: "hype-train",
        title: "Hype trains",
        unlocks: "Hype trains, their levels, and who contributed most.",
        scopes: &["channel:read:hype_train"],
        types: &[
            by_owner("channel.hype_train.begin", "2"),
            by_owner("channel.hype_train.progress", "2"),
            by_owner("channel.hype_train.end", "2"),
        ],
    },
    Step {
        name: "goals",
        title: "Goals",
        unlocks: "Your goals, how they come along, and when they are reached.",
        scopes: &["channel:read:goals"],
        types: &[
            by_owner("channel.goal.begin", "1"),
            by_owner("channel.goal.progress", "1"),
            by_owner("channel.goal.end", "1"),
        ],
    },
    Step {
        name: "charity",
        title: "Charity",
        unlocks: "Your charity campaigns and every donation.",
        scopes: &["channel:read:charity"],
        types: &[
            by_owner("channel.charity_campaign.donate", "1"),
            by_owner("channel.charity_campaign.start", "1"),
            by_owner("channel.charity_campaign.progress", "1"),
            by_owner("channel.charity_campaign.stop", "1"),
        ],
    },
    Step {
        name: "ads",
        title: "Ads",
        unlocks: "When an ad break begins and how long it lasts.",
        scopes: &["channel:read:ads"],
        types: &[by_owner("channel.ad_break.begin", "1")],
    },
    Step {
        name: "shoutouts",
        title: "Shoutouts",
        unlocks: "Shoutouts you give and get.",
        scopes: &["moderator:read:shoutouts"],
        types: &[
            by_moderator("channel.shoutout.create", "1"),
            by_moderator("channel.shoutout.receive", "1"),
        ],
    },
    Step {
        name: "moderation",
        title: "Moderation",
        unlocks: "What your moderators do, such as bans, timeouts and new VIPs; unban requests, suspicious people, \
                  shield mode. It only reads.",
        scopes: &[
            "moderator:read:banned_users",
            "moderator:read:blocked_terms",
            "moderator:read:chat_messages",
            "moderator:read:chat_settings",
            "moderator:read:moderators",
            "moderator:read:unban_requests",
            "moderator:read:vips",
            "moderator:read:warnings",
            "moderator:read:suspicious_users",
            "moderator:read:shield_mode",
            "moderator:read:automod_settings",
        ],
        types: &[
            by_moderator("channel.moderate", "2"),
            by_moderator("channel.unban_request.create", "1"),
            by_moderator("channel.warning.acknowledge", "1"),
            by_moderator("channel.suspicious_user.message", "1"),
            by_moderator("channel.suspicious_user.update", "1"),
            by_moderator("channel.shield_mode.begin", "1"),
            by_moderator("channel.shield_mode.end", "1"),
            by_moderator("automod.settings.update", "1"),
        ],
    },
];

/// The private types that no step brings, and why.
const NEVER: &[(&str, &[&str])] = &[
    (
        reason::TOLD_WITH_MODERATION,
        &[
            "channel.ban",
            "channel.unban",
            "channel.moderator.add",
            "channel.moderator.remove",
            "channel.vip.add",
            "channel.vip.remove",
            "channel.unban_request.resolve",
            "channel.warning.send",
        ],
    ),
    (
        reason::NEEDS_RIGHT_TO_ACT,
        &[
            "automod.message.hold",
            "automod.message.update",
            "automod.terms.update",
        ],
    ),
];

/// The step of this name.
pub fn step(name: &str) -> Option<&'static Step> {
    STEPS.iter().find(|step| step.name == name)
}

/// What Twitch must be asked for to have these steps; names that are none ask for nothing.
pub fn scopes_of<S: AsRef<str>>(names: &[S]) -> Vec<&'static str> {
    let is_named = |step: &&Step| names.iter().any(|name| name.as_ref() == step.name);
    let steps = STEPS.iter().filter(is_named);
    steps.flat_map(|step| step.scopes).copied().collect()
}

/// Whether a type is told to the streamer alone and comes by a step.
pub(super) fn is_of_a_step(event_type: &str) -> bool {
    let mut types = STEPS.iter().flat_map(|step| step.types);
    types.any(|one| one.event_type == event_type)
}

impl Step {
    /// Whether these scopes are all it needs.
    pub fn is_granted_by(&self, scopes: &[String]) -> bool {
        let has = |needed: &&str| scopes.iter().any(|scope| scope == needed);
        self.scopes.iter().all(has)
    }

    /// How it stands with what was chosen and what Twitch allows.
    pub fn state(&self, chosen: &[String], scopes: &[String]) -> StepState {
        if !chosen.iter().any(|name| name == self.name) {
            StepState::Off
        } else if self.is_granted_by(scopes) {
            StepState::Connected
        } else {
            StepState::Missing
        }
    }

    /// How its types stand; `known` are those Twitch was asked for.
    pub fn topics(&self, state: StepState, known: &BTreeMap<TopicKey, TopicState>) -> Vec<Topic> {
        let topic = |one: &Type| {
            let found = known
                .iter()
                .find(|(key, _)| key.event_type == one.event_type);
            let (status, reason) = match (state, found) {
                (StepState::Connected, Some((_, found))) => (found.status, found.reason.clone()),
                (StepState::Connected, None) => {
                    (TopicStatus::Pending, Some(reason::NOT_ASKED_YET.to_owned()))
                }
                (StepState::Off, _) => (
                    TopicStatus::Unavailable,
                    Some(reason::not_connected(self.title)),
                ),
                (StepState::Missing, _) => (
                    TopicStatus::Unavailable,
                    Some(reason::not_granted(self.title)),
                ),
            };
            Topic {
                event_type: one.event_type.to_owned(),
                direction: None,
                status,
                reason,
            }
        };
        self.types.iter().map(topic).collect()
    }
}

/// The private types that are not to be had here, and why.
pub fn never() -> Vec<Topic> {
    let topic = |why: &str, event_type: &str| Topic {
        event_type: event_type.to_owned(),
        direction: None,
        status: TopicStatus::Unavailable,
        reason: Some(why.to_owned()),
    };
    let of = |(why, types): &(&'static str, &'static [&'static str])| {
        let why = *why;
        types.iter().map(move |event_type| topic(why, event_type))
    };
    NEVER.iter().flat_map(of).collect()
}

/// The topics of those who connected their channels: what they chose and Twitch allows.
pub(super) fn of_own_channels(channels: &[OwnChannel]) -> Vec<Wanted> {
    let topics = |channel: &OwnChannel| {
        let is_connected =
            |step: &&Step| step.state(&channel.steps, &channel.scopes) == StepState::Connected;
        let types = STEPS
            .iter()
            .filter(is_connected)
            .flat_map(|step| step.types);
        let topics = types.map(|one| wanted(&channel.viewer_id, one));
        topics.collect::<Vec<_>>()
    };
    channels.iter().flat_map(topics).collect()
}

fn wanted(owner: &UserId, one: &'static Type) -> Wanted {
    let mut names = vec!["broadcaster_user_id"];
    names.extend(one.as_moderator.then_some("moderator_user_id"));
    let names = names.into_iter();
    Wanted {
        spec: Spec {
            event_type: one.event_type,
            version: one.version,
            condition: names
                .map(|name| (name.to_owned(), owner.as_str().to_owned()))
                .collect::<Condition>(),
        },
        key: Some(TopicKey {
            broadcaster_id: owner.clone(),
            event_type: one.event_type.to_owned(),
            direction: None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::eventsub::describe;

    fn channel(steps: &[&str], scopes: &[&str]) -> OwnChannel {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        OwnChannel {
            viewer_id: UserId::new("7"),
            steps: texts(steps),
            scopes: texts(scopes),
        }
    }

    #[test]
    fn every_private_type_has_one_place_and_no_public_one_has_any() {
        let mut placed: Vec<String> = STEPS
            .iter()
            .flat_map(|step| step.types)
            .map(|one| one.event_type.to_owned())
            .chain(never().into_iter().map(|topic| topic.event_type))
            .collect();
        placed.sort();
        let mut private: Vec<String> = describe::owners_types().map(str::to_owned).collect();
        private.sort();
        assert_eq!(placed, private);
    }

    #[test]
    fn steps_and_scopes_are_named_once() {
        let names: HashSet<_> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), STEPS.len());
        let scopes: Vec<_> = STEPS.iter().flat_map(|step| step.scopes).collect();
        assert_eq!(scopes.iter().collect::<HashSet<_>>().len(), scopes.len());
        assert!(
            scopes.iter().all(|scope| scope.contains(":read")),
            "{scopes:?}"
        );
    }

    #[test]
    fn what_is_chosen_and_granted_is_wanted() {
        let types = |steps: &[&str], scopes: &[&str]| {
            let wanted = of_own_channels(&[channel(steps, scopes)]);
            let types = wanted.iter().map(|wanted| wanted.spec.event_type);
            types.collect::<Vec<_>>()
        };
        assert_eq!(
            types(&["ads"], &["channel:read:ads"]),
            ["channel.ad_break.begin"]
        );
        assert!(types(&["ads"], &["bits:read"]).is_empty(), "not granted");
        assert!(types(&[], &["channel:read:ads"]).is_empty(), "not chosen");
        let half = ["moderator:read:banned_users"];
        assert!(types(&["moderation"], &half).is_empty(), "half is not all");
        assert!(types(&["of-tomorrow"], &[]).is_empty());
    }

    #[test]
    fn moderators_types_name_the_broadcaster_twice() {
        let wanted = of_own_channels(&[channel(&["followers"], &["moderator:read:followers"])]);
        let condition = &wanted[0].spec.condition;
        assert_eq!(condition["broadcaster_user_id"], "7");
        assert_eq!(condition["moderator_user_id"], "7");
        assert_eq!(condition.len(), 2);
    }

    #[test]
    fn scopes_are_asked_for_in_the_order_of_the_steps() {
        let asked = scopes_of(&["polls", "bits", "of-tomorrow"]);
        assert_eq!(asked, ["bits:read", "channel:read:polls"]);
    }
}
