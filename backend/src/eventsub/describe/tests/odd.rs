//! What is ignored, and input that no one should send.

use serde_json::{Value, json};

use super::super::{Described, Reading, SUMMARY_CHARS, Subject, describe};
use super::case::{MIRA, PIP, sent, user};

fn read(event_type: &str, condition: &Value, event: &Value) -> Reading {
    describe(&Subject {
        event_type,
        version: "1",
        condition: condition.into(),
        event: event.into(),
        message_timestamp: sent(),
    })
}

fn told(event_type: &str, event: &Value) -> Described {
    let condition = json!({"broadcaster_user_id": MIRA.0});
    match read(event_type, &condition, event) {
        Reading::Event(told) => told,
        Reading::Ignored(why) => panic!("{event_type} ignored: {why}"),
    }
}

#[test]
fn types_that_concern_no_channel_are_ignored() {
    let types = [
        "user.update",
        "user.whisper.message",
        "user.authorization.grant",
        "user.authorization.revoke",
        "conduit.shard.disabled",
        "drop.entitlement.grant",
        "extension.bits_transaction.create",
        "user.some_new_thing",
    ];
    let event = json!({"user_id": "1", "broadcaster_user_id": "2"});
    for event_type in types {
        assert_eq!(
            read(event_type, &event, &event),
            Reading::Ignored("no-channel-type"),
            "{event_type}"
        );
    }
}

#[test]
fn lines_without_bits_or_reward_and_held_lines_are_ignored() {
    let channel = json!({"broadcaster_user_id": MIRA.0, "user_id": PIP.0});
    let line = json!({"broadcaster_user_id": MIRA.0, "chatter_user_id": PIP.0, "message_id": "m1",
        "message": {"text": "hello"}, "cheer": null, "channel_points_custom_reward_id": ""});
    assert_eq!(
        read("channel.chat.message", &channel, &line),
        Reading::Ignored("chat-line")
    );
    for event_type in [
        "channel.chat.user_message_hold",
        "channel.chat.user_message_update",
    ] {
        assert_eq!(
            read(event_type, &channel, &line),
            Reading::Ignored("held-chat-line")
        );
    }
}

#[test]
fn without_any_broadcaster_there_is_no_event() {
    let empty = json!({"broadcaster_user_id": "", "to_broadcaster_user_id": null});
    for event_type in ["stream.online", "channel.raid", "channel.brand_new"] {
        for event in [json!({}), json!(null), json!({"broadcaster_user_id": " "})] {
            assert_eq!(
                read(event_type, &empty, &event),
                Reading::Ignored("no-broadcaster")
            );
        }
    }
}

#[test]
fn an_event_of_any_shape_is_told_by_its_condition() {
    for event in [json!(null), json!(7), json!("x"), json!([1]), json!({})] {
        for row in super::TYPES
            .iter()
            .filter(|row| !row.event_type.contains("user_message"))
        {
            if row.event_type == "channel.chat.message" {
                continue;
            }
            let told = told(row.event_type, &event);
            assert_eq!(told.broadcaster.id, MIRA.0);
            assert!(!told.summary.is_empty());
        }
    }
}

#[test]
fn long_and_odd_text_is_cut_and_cleaned() {
    let title = "🦉\u{0}\u{1b}[2J\u{202e}".repeat(400);
    let event = json!({"title": title, "category_name": title});
    let told = told("channel.update", &event);
    assert!(told.summary.chars().count() <= SUMMARY_CHARS);
    assert!(!told.summary.chars().any(char::is_control));
    let text = told.text.expect("the whole title");
    assert!(text.starts_with("🦉[2J"));
    assert!(!text.chars().any(char::is_control));
}

#[test]
fn names_are_made_of_what_is_there() {
    let follow = |user: Value| told("channel.follow", &user).actor;
    let pip = user(PIP);
    assert_eq!(
        follow(json!({"user_id": PIP.0, "user_login": "PIP", "user_name": "Pip"})),
        Some(pip.clone())
    );
    assert_eq!(
        follow(json!({"user_id": 990_011_333, "user_name": "Pip"})),
        Some(pip.clone())
    );
    assert_eq!(
        follow(json!({"user_id": 990_011_333.0, "user_name": "P\u{0}ip\n"})),
        Some(pip)
    );
    let bare = (PIP.0, PIP.0, PIP.0);
    assert_eq!(follow(json!({"user_id": PIP.0})), Some(user(bare)));
    assert_eq!(follow(json!({"user_name": "Pip"})), None);
    let summary = told("channel.follow", &json!({"user_id": PIP.0})).summary;
    assert_eq!(summary, "Someone followed");
}

#[test]
fn a_name_without_anything_to_see_is_none() {
    let follow = |user: Value| told("channel.follow", &user);
    for blank in ["\u{200b}", "\u{200d}\u{3164}", "\u{2800}", "\u{e0000}"] {
        let event = json!({"user_id": PIP.0, "user_login": "pip", "user_name": blank});
        assert_eq!(follow(event).summary, "pip followed", "{blank:?}");
        let event = json!({"user_id": PIP.0, "user_login": blank, "user_name": blank});
        assert_eq!(follow(event).summary, "Someone followed", "{blank:?}");
    }
    let event = json!({"user_id": PIP.0, "user_name": "\u{202e}מירה\u{200b}"});
    assert_eq!(follow(event).summary, "מירה followed");
}

#[test]
fn a_null_in_words_is_no_word() {
    for (event_type, key) in [("stream.online", "type"), ("channel.goal.progress", "type")] {
        let event = json!({key: "null", "broadcaster_user_name": "Mira_Plays"});
        let summary = told(event_type, &event).summary;
        assert!(!summary.contains("null"), "{summary}");
    }
}

#[test]
fn an_id_too_long_for_an_index_is_cut() {
    let event = json!({"id": "x".repeat(100_000)});
    let key = told("stream.online", &event).natural_key.expect("a key");
    assert!(key.len() <= 200);
}
