//! What we want of Twitch, from whom viewers are subscribed to. Pure.

use wire::Direction;

use crate::ids::UserId;
use crate::store::topics::TopicKey;
use crate::twitch::eventsub::{Condition, Spec};

/// A topic that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) spec: Spec,
    /// Whose topic it is; those of the app itself have none, and no viewer misses them.
    pub(super) key: Option<TopicKey>,
}

/// The types that need nobody's permission and cost one point each on the app's token: type, version,
/// direction, and the condition's key. One table, so that a version changes in one place.
const BROADCASTER_TOPICS: [(&str, &str, Option<Direction>, &str); 5] = [
    ("stream.online", "1", None, "broadcaster_user_id"),
    ("stream.offline", "1", None, "broadcaster_user_id"),
    ("channel.update", "2", None, "broadcaster_user_id"),
    (
        "channel.raid",
        "1",
        Some(Direction::In),
        "to_broadcaster_user_id",
    ),
    (
        "channel.raid",
        "1",
        Some(Direction::Out),
        "from_broadcaster_user_id",
    ),
];

/// The topics of these broadcasters.
pub(super) fn of_broadcasters(broadcasters: &[UserId]) -> Vec<Wanted> {
    let topics = |id: &UserId| {
        let id = id.clone();
        BROADCASTER_TOPICS.map(
            move |(event_type, version, direction, condition_key)| Wanted {
                spec: Spec {
                    event_type,
                    version,
                    condition: Condition::from([(
                        condition_key.to_owned(),
                        id.as_str().to_owned(),
                    )]),
                },
                key: Some(TopicKey {
                    broadcaster_id: id.clone(),
                    event_type: event_type.to_owned(),
                    direction,
                }),
            },
        )
    };
    broadcasters.iter().flat_map(topics).collect()
}

/// What is read as a viewer in the chat: type and version. Always both, for neither tells what the other does.
const CHAT_TOPICS: [(&str, &str); 2] = [
    ("channel.chat.notification", "1"),
    ("channel.chat.message", "1"),
];

/// The topics of a broadcaster's chat, read as this viewer.
pub(super) fn of_chat(broadcaster: &UserId, reader: &UserId) -> [(TopicKey, Spec); 2] {
    let name = |name: &str, id: &UserId| (name.to_owned(), id.as_str().to_owned());
    CHAT_TOPICS.map(|(event_type, version)| {
        let spec = Spec {
            event_type,
            version,
            condition: Condition::from([
                name("broadcaster_user_id", broadcaster),
                name("user_id", reader),
            ]),
        };
        (chat_key(broadcaster, event_type), spec)
    })
}

/// The same topics, whoever reads them.
pub(super) fn chat_keys(broadcaster: &UserId) -> [TopicKey; 2] {
    CHAT_TOPICS.map(|(event_type, _)| chat_key(broadcaster, event_type))
}

fn chat_key(broadcaster: &UserId, event_type: &str) -> TopicKey {
    TopicKey {
        broadcaster_id: broadcaster.clone(),
        event_type: event_type.to_owned(),
        direction: None,
    }
}

/// The topics of a broadcaster, whether Twitch has been asked for them yet or not.
pub fn topics_of_broadcaster(broadcaster: &UserId) -> Vec<TopicKey> {
    let wanted = of_broadcasters(std::slice::from_ref(broadcaster));
    let keys = wanted.into_iter().filter_map(|topic| topic.key);
    keys.chain(chat_keys(broadcaster)).collect()
}

/// What tells us about ourselves: grants that end, and shards that Twitch gives up on. For the app's own routes
/// alone.
pub(super) fn of_app(client_id: &str, conduit_id: Option<&str>) -> Vec<Wanted> {
    let client = ("client_id".to_owned(), client_id.to_owned());
    let topic = |event_type, condition| Wanted {
        spec: Spec {
            event_type,
            version: "1",
            condition,
        },
        key: None,
    };
    let mut topics = vec![topic(
        "user.authorization.revoke",
        Condition::from([client.clone()]),
    )];
    if let Some(conduit_id) = conduit_id {
        let conduit = ("conduit_id".to_owned(), conduit_id.to_owned());
        topics.push(topic(
            "conduit.shard.disabled",
            Condition::from([client, conduit]),
        ));
    }
    topics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broadcaster_has_five_topics_each_with_one_condition() {
        let wanted = of_broadcasters(&[UserId::new("7"), UserId::new("8")]);
        assert_eq!(wanted.len(), 10);
        let specs: std::collections::HashSet<_> = wanted.iter().map(|w| &w.spec).collect();
        assert_eq!(specs.len(), 10, "all differ");
        assert!(wanted.iter().all(|w| w.spec.condition.len() == 1));
        let raid_in = wanted
            .iter()
            .find(|w| w.key.as_ref().unwrap().direction == Some(Direction::In))
            .unwrap();
        assert_eq!(raid_in.spec.condition["to_broadcaster_user_id"], "7");
    }

    #[test]
    fn the_conduits_own_topic_needs_a_conduit() {
        assert_eq!(of_app("c", None).len(), 1);
        let with = of_app("c", Some("k"));
        assert_eq!(with[1].spec.condition.len(), 2);
    }
}
