//! What events are parts of, and by what two tellings of one happening are known.

use serde_json::{Value, json};
use wire::{Group, GroupKind};

use super::super::{Described, Reading, Subject, Twin, describe};
use super::case::{Case, MIRA, OWL, PIP, TIM, sent, user};
use super::notices::{anonymous, by_pip};

fn told(case: &Case) -> Described {
    match describe(&case.subject()) {
        Reading::Event(told) => told,
        Reading::Ignored(why) => panic!("{why}: {}", case.event),
    }
}

fn of(event_type: &str, event: &Value) -> Described {
    let condition = json!({"broadcaster_user_id": MIRA.0});
    let subject = Subject {
        event_type,
        version: "1",
        condition: (&condition).into(),
        event: event.into(),
        message_timestamp: sent(),
    };
    match describe(&subject) {
        Reading::Event(told) => told,
        Reading::Ignored(why) => panic!("{why}: {event}"),
    }
}

fn part(kind: GroupKind, id: &str, total: Option<i64>, step: u8) -> Option<Box<Group>> {
    Some(Box::new(Group {
        id: id.to_owned(),
        kind,
        total,
        broadcaster_id: MIRA.0.to_owned(),
        step,
        recipient: None,
    }))
}

fn bomb(total: i64) -> Value {
    json!({"id": "1211", "total": total, "sub_tier": "1000", "cumulative_total": null})
}

fn gift(of: &Value) -> Value {
    json!({"duration_months": 1, "cumulative_total": null, "sub_tier": "1000", "community_gift_id": of})
}

/// A notice that another channel's chat brought.
fn copied(mut case: Case) -> Case {
    let own = case.event["notice_type"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let shared = format!("shared_chat_{own}");
    case.event[&shared] = case.event[&own].take();
    case.event["notice_type"] = json!(shared);
    case.event["source_message_id"] = json!("aaa15585");
    case.event["message_id"] = json!("bbb15585");
    case.with("source_broadcaster_user", OWL)
}

#[test]
fn a_gift_bomb_has_its_total_and_each_part_its_recipient() {
    let whole = by_pip("community_sub_gift", bomb(50), wire::Kind::Gift, "");
    assert_eq!(
        told(&whole).group,
        part(GroupKind::GiftBomb, "1211", Some(50), 4)
    );
    let one = by_pip("sub_gift", gift(&json!("1211")), wire::Kind::Gift, "");
    let group = told(&one.with_in("sub_gift", "recipient_user", TIM))
        .group
        .unwrap();
    assert_eq!((group.id.as_str(), group.total), ("1211", None));
    assert_eq!(group.recipient, Some(user(TIM)));
    assert!(group.step < 4);
    let single = by_pip("sub_gift", gift(&json!(null)), wire::Kind::Gift, "");
    assert_eq!(told(&single).group, None);
    let hidden = anonymous(
        "community_sub_gift",
        json!({"total": 5}),
        wire::Kind::Gift,
        "",
    );
    assert_eq!(
        told(&hidden).group,
        None,
        "without an id there is nothing to be a part of"
    );
}

#[test]
fn what_a_shared_chat_brings_is_a_part_of_the_same_happening() {
    for case in [
        by_pip("community_sub_gift", bomb(5), wire::Kind::Gift, ""),
        by_pip("sub_gift", gift(&json!("1211")), wire::Kind::Gift, ""),
    ] {
        let group = told(&copied(case)).group.unwrap();
        assert_eq!(
            (group.id.as_str(), group.broadcaster_id.as_str()),
            ("1211", OWL.0)
        );
    }
}

#[test]
fn trains_polls_and_predictions_tell_how_far_they_are() {
    let (train, poll, prediction) = (GroupKind::HypeTrain, GroupKind::Poll, GroupKind::Prediction);
    let votes = json!([{"id": "1", "title": "Chess", "votes": 12}, {"id": "2", "title": "Go", "votes": 14}]);
    let stakes =
        json!([{"id": "o1", "channel_points": 15_000}, {"id": "o2", "channel_points": 200}]);
    for (event_type, event, group) in [
        (
            "channel.hype_train.begin",
            json!({"id": "t", "total": 137, "level": 1}),
            part(train, "t", Some(137), 0),
        ),
        (
            "channel.hype_train.progress",
            json!({"id": "t", "total": 700}),
            part(train, "t", Some(700), 1),
        ),
        (
            "channel.hype_train.progress",
            json!({"id": "t", "total": "many"}),
            part(train, "t", None, 1),
        ),
        (
            "channel.hype_train.end",
            json!({"id": "t", "total": 900, "level": 2}),
            part(train, "t", Some(900), 4),
        ),
        (
            "channel.poll.begin",
            json!({"id": "p", "choices": [{"title": "Go"}]}),
            part(poll, "p", None, 0),
        ),
        (
            "channel.poll.progress",
            json!({"id": "p", "choices": votes}),
            part(poll, "p", Some(26), 1),
        ),
        (
            "channel.poll.end",
            json!({"id": "p", "choices": votes, "status": "completed"}),
            part(poll, "p", Some(26), 4),
        ),
        (
            "channel.poll.end",
            json!({"id": "p", "choices": votes, "status": "archived"}),
            part(poll, "p", Some(26), 3),
        ),
        (
            "channel.poll.end",
            json!({"id": "p", "choices": null, "status": "novel"}),
            part(poll, "p", None, 4),
        ),
        (
            "channel.prediction.begin",
            json!({"id": "q", "outcomes": []}),
            part(prediction, "q", None, 0),
        ),
        (
            "channel.prediction.progress",
            json!({"id": "q", "outcomes": stakes}),
            part(prediction, "q", Some(15_200), 1),
        ),
        (
            "channel.prediction.lock",
            json!({"id": "q", "outcomes": stakes}),
            part(prediction, "q", Some(15_200), 2),
        ),
        (
            "channel.prediction.end",
            json!({"id": "q", "outcomes": stakes}),
            part(prediction, "q", Some(15_200), 4),
        ),
        (
            "stream.online",
            json!({"id": "s"}),
            part(GroupKind::Stream, "s", None, 4),
        ),
        (
            "stream.offline",
            json!({"id": "s"}),
            part(GroupKind::Stream, "s", None, 0),
        ),
        ("stream.offline", json!({}), None),
        ("channel.poll.progress", json!({"id": null}), None),
        ("channel.raid", json!({"id": "r"}), None),
    ] {
        assert_eq!(of(event_type, &event).group, group, "{event_type} {event}");
    }
}

/// The keys two tellings have in common.
fn shared(one: &Described, other: &Described) -> Vec<String> {
    let has = |twin: &&Twin| other.twins.iter().any(|held| held.key == twin.key);
    one.twins
        .iter()
        .filter(has)
        .map(|twin| twin.key.clone())
        .collect()
}

fn by(who: super::case::Who, rest: &Value) -> Value {
    let mut event = json!({"user_id": who.0, "user_login": who.1, "user_name": who.2});
    event
        .as_object_mut()
        .unwrap()
        .extend(rest.as_object().unwrap().clone());
    event
}

#[test]
fn an_event_and_its_chat_notice_are_known_by_what_both_say() {
    let notice = |name: &str, object: Value| told(&by_pip(name, object, wire::Kind::Sub, ""));
    let to_tim = |community: Value| {
        let case = by_pip("sub_gift", gift(&community), wire::Kind::Gift, "");
        told(&case.with_in("sub_gift", "recipient_user", TIM))
    };
    let money = json!({"value": 500, "decimal_places": 2, "currency": "USD"});
    let cheer = json!({"message_id": "m", "chatter_user_id": PIP.0, "cheer": {"bits": 100}, "message": {"text": "go"}});
    let reward = json!({"message_id": "m", "chatter_user_id": PIP.0, "channel_points_custom_reward_id": "r"});
    for (event_type, event, other) in [
        (
            "channel.subscribe",
            by(PIP, &json!({"tier": "1000", "is_gift": false})),
            notice("sub", json!({"sub_tier": "1000"})),
        ),
        (
            "channel.subscription.message",
            by(PIP, &json!({"tier": "2000"})),
            notice("resub", json!({"sub_tier": "2000"})),
        ),
        (
            "channel.subscribe",
            by(TIM, &json!({"tier": "1000", "is_gift": true})),
            to_tim(json!("1211")),
        ),
        (
            "channel.subscription.gift",
            by(PIP, &json!({"tier": "1000", "total": 50})),
            notice("community_sub_gift", bomb(50)),
        ),
        (
            "channel.subscription.gift",
            by(PIP, &json!({"tier": "1000", "total": 1})),
            to_tim(json!(null)),
        ),
        (
            "channel.raid",
            json!({"from_broadcaster_user_id": PIP.0, "to_broadcaster_user_id": MIRA.0}),
            notice("raid", json!({})),
        ),
        (
            "channel.charity_campaign.donate",
            by(PIP, &json!({"amount": money})),
            notice("charity_donation", json!({"amount": money})),
        ),
        (
            "channel.cheer",
            by(PIP, &json!({"bits": 100, "message": "go"})),
            of("channel.chat.message", &cheer),
        ),
        (
            "channel.bits.use",
            by(PIP, &json!({"bits": 100, "type": "cheer"})),
            of("channel.chat.message", &cheer),
        ),
        (
            "channel.channel_points_custom_reward_redemption.add",
            by(PIP, &json!({"reward": {"id": "r"}})),
            of("channel.chat.message", &reward),
        ),
    ] {
        assert_eq!(
            shared(&of(event_type, &event), &other).len(),
            1,
            "{event_type} {event} {:?}",
            other.twins
        );
    }
}

#[test]
fn what_is_not_the_same_for_sure_has_nothing_in_common() {
    let whole = told(&by_pip(
        "community_sub_gift",
        bomb(50),
        wire::Kind::Gift,
        "",
    ));
    let cheer = json!({"message_id": "m", "chatter_user_id": PIP.0, "cheer": {"bits": 100}});
    let cheer = of("channel.chat.message", &cheer);
    let sub = told(&by_pip(
        "sub",
        json!({"sub_tier": "1000"}),
        wire::Kind::Sub,
        "",
    ));
    for (event_type, event, other) in [
        (
            "channel.subscription.gift",
            by(PIP, &json!({"tier": "1000", "total": 5})),
            &whole,
        ),
        (
            "channel.subscription.gift",
            by(TIM, &json!({"tier": "1000", "total": 50})),
            &whole,
        ),
        (
            "channel.subscription.gift",
            by(PIP, &json!({"tier": "2000", "total": 50})),
            &whole,
        ),
        (
            "channel.subscription.gift",
            by(
                PIP,
                &json!({"tier": "1000", "total": 50, "is_anonymous": true}),
            ),
            &whole,
        ),
        ("channel.cheer", by(PIP, &json!({"bits": 101})), &cheer),
        (
            "channel.cheer",
            by(PIP, &json!({"bits": 100, "is_anonymous": true})),
            &cheer,
        ),
        (
            "channel.bits.use",
            by(PIP, &json!({"bits": 100, "type": "power_up"})),
            &cheer,
        ),
        (
            "channel.subscribe",
            by(PIP, &json!({"tier": "1000", "is_gift": true})),
            &sub,
        ),
        (
            "channel.subscription.end",
            by(PIP, &json!({"tier": "1000"})),
            &sub,
        ),
        ("channel.follow", by(PIP, &json!({})), &sub),
    ] {
        assert!(
            shared(&of(event_type, &event), other).is_empty(),
            "{event_type} {event}"
        );
    }
}

#[test]
fn a_line_that_two_channels_have_is_one_and_nothing_else_of_the_copy_is() {
    let own = told(&by_pip(
        "sub",
        json!({"sub_tier": "1000"}),
        wire::Kind::Sub,
        "",
    ));
    let copy = told(&copied(by_pip(
        "sub",
        json!({"sub_tier": "1000"}),
        wire::Kind::Sub,
        "",
    )));
    assert_eq!(shared(&own, &copy), ["line:aaa15585:"]);
    assert_eq!(copy.twins.len(), 1);
    let private = of("channel.subscribe", &by(PIP, &json!({"tier": "1000"})));
    assert!(shared(&private, &copy).is_empty());
}
