use std::collections::BTreeSet;

use serde_json::json;

use super::fields::TYPES;
use super::*;

pub(super) fn is_known(event_type: &str) -> bool {
    TYPES.iter().any(|(one, ..)| *one == event_type)
}

fn expected_keys(spec: &str) -> BTreeSet<String> {
    let person = |role: &str| {
        ["id", "login", "name"]
            .map(|part| format!("{role}_{part}"))
            .to_vec()
    };
    spec.split(' ')
        .flat_map(|word| match word {
            "bc" => person("broadcaster_user"),
            "u" => person("user"),
            "mod" => person("moderator_user"),
            "mod.." => vec!["mod".to_owned()],
            _ => word
                .strip_suffix("_*")
                .map_or_else(|| vec![word.to_owned()], person),
        })
        .collect()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_type_and_version_has_twitchs_fields() {
    let mut world = World::new(1, noon(), true);
    for (event_type, version, spec) in TYPES {
        let happening = world
            .happen(event_type, Some(version), "mira_plays", None, noon())
            .unwrap();
        assert_eq!(
            keys(&happening.event),
            expected_keys(spec),
            "{event_type} {version}"
        );
        assert_eq!(happening.version, *version);
        assert_eq!(happening.broadcaster_id, "700100200");
    }
}

#[test]
fn newest_version_is_the_default() {
    let mut world = World::new(1, noon(), true);
    for (event_type, version, _) in TYPES {
        let happening = world
            .happen(event_type, None, "mira_plays", None, noon())
            .unwrap();
        assert!(happening.version.as_str() >= *version, "{event_type}");
        assert!(
            TYPES
                .iter()
                .any(|(one, two, _)| { one == event_type && *two == happening.version })
        );
    }
}

#[test]
fn what_happens_by_itself_has_the_same_fields() {
    let mut world = World::new(9, noon(), false);
    for (_, happening) in live(&mut world, 1200) {
        let (_, _, spec) = TYPES
            .iter()
            .find(|(one, two, _)| *one == happening.event_type && *two == happening.version)
            .unwrap();
        assert_eq!(
            keys(&happening.event),
            expected_keys(spec),
            "{}",
            happening.event_type
        );
    }
}

#[test]
fn every_notice_type_fills_its_own_object_only() {
    let mut world = World::new(1, noon(), true);
    let shared = payload::notice::SHARED.map(|kind| format!("shared_chat_{kind}"));
    let plain = payload::notice::NOTICES.map(str::to_owned);
    for kind in plain.iter().chain(&shared) {
        let order = json!({"notice_type": kind});
        let event = world
            .happen(
                "channel.chat.notification",
                None,
                "mira_plays",
                Some(order),
                noon(),
            )
            .unwrap()
            .event;
        let filled: Vec<&String> = plain
            .iter()
            .chain(&shared)
            .filter(|key| event[key.as_str()].is_object())
            .collect();
        assert_eq!(filled, [kind]);
        assert_eq!(
            event["source_message_id"].is_string(),
            kind.starts_with("shared_chat_")
        );
    }
    let order = json!({"notice_type": "subsidized_sub"});
    let event = world
        .happen(
            "channel.chat.notification",
            None,
            "mira_plays",
            Some(order),
            noon(),
        )
        .unwrap()
        .event;
    assert_eq!(event["notice_type"], "subsidized_sub");
}

#[test]
fn moderation_actions_have_one_object_at_most() {
    let mut world = World::new(1, noon(), true);
    for (action, key) in [
        ("ban", Some("ban")),
        ("timeout", Some("timeout")),
        ("delete", Some("delete")),
        ("vip", Some("vip")),
        ("warn", Some("warn")),
        ("raid", Some("raid")),
        ("slow", Some("slow")),
        ("approve_unban_request", Some("unban_request")),
        ("clear", None),
        ("emoteonly", None),
    ] {
        let order = json!({"action": action});
        let event = world
            .happen("channel.moderate", None, "mira_plays", Some(order), noon())
            .unwrap()
            .event;
        assert_eq!(event["action"], action);
        let filled: Vec<&String> = event
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, value)| value.is_object())
            .map(|(key, _)| key)
            .collect();
        assert_eq!(filled, key.into_iter().collect::<Vec<_>>(), "{action}");
    }
}

#[test]
fn times_have_nine_decimals_but_those_of_streams() {
    let mut world = World::new(1, noon(), true);
    let follow = world
        .happen("channel.follow", None, "mira_plays", None, noon())
        .unwrap();
    assert_eq!(
        follow.event["followed_at"],
        "2026-11-01T12:00:00.123456789Z"
    );
    let whole: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
    let follow = world
        .happen("channel.follow", None, "mira_plays", None, whole)
        .unwrap();
    assert_eq!(
        follow.event["followed_at"],
        "2026-11-01T12:00:00.000000000Z"
    );
}
