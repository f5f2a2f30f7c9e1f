//! What the webhook keeps, exactly, and what it answers without keeping.

use futures_util::future::join_all;
use serde_json::{Value, json};
use wire::{Kind, Visibility};

use super::Inbox;
use crate::messages::{about, event_of, of_channel, raid_into, with, with_raw_event};
use crate::support::Message;

#[tokio::test]
async fn an_event_is_in_the_list_when_its_message_is_acknowledged() {
    let inbox = Inbox::open().await;
    let one_after_the_other = async |writer: u64| {
        for step in 0..10 {
            let message = raid_into(inbox.channel, writer * 100 + step);
            inbox.takes(&message).await;
            let events = inbox.events().await;
            let found = events
                .iter()
                .find(|event| event.message_id.as_deref() == Some(&message.id));
            assert!(found.is_some(), "acknowledged and not in the list");
        }
    };
    join_all((0..5).map(one_after_the_other)).await;
    assert_eq!(inbox.events().await.len(), 50);
}

#[tokio::test]
async fn unknown_subscriptions_types_and_fields_are_kept() {
    let inbox = Inbox::open().await;
    let event = event_of(
        inbox.channel,
        &json!({ "new_field": { "deep": [1, null, { "x": 1.50 }] }, "user_name": null }),
    );
    let body = json!({
        "subscription": {
            "id": "never-heard-of", "status": "enabled", "type": "channel.confetti.burst", "version": "7",
            "condition": { "broadcaster_user_id": inbox.channel, "colour": "red" }, "colour": ["red"],
        },
        "event": event, "more": {}, "batch": [],
    });
    inbox.takes(&Message::new("notification", &body)).await;
    let event = inbox.only_event().await;
    assert_eq!(event.event_type, "channel.confetti.burst");
    assert_eq!(event.version, "7");
    assert_eq!(
        (event.kind, event.visibility),
        (Kind::System, Visibility::Broadcaster)
    );
    assert!(event.summary.contains("confetti"), "{}", event.summary);
    let kept: Value = serde_json::from_str(event.payload.get()).unwrap();
    assert_eq!(
        kept["new_field"],
        json!({ "deep": [1, null, { "x": 1.50 }] })
    );
}

#[tokio::test]
async fn fields_of_another_shape_cost_details_and_never_the_event() {
    let inbox = Inbox::open().await;
    let odd = [
        json!(null),
        json!(7),
        json!("text"),
        json!([]),
        json!({}),
        json!({ "from_broadcaster_user_id": 5, "viewers": "many", "to_broadcaster_user_name": [1] }),
        json!({ "viewers": -1 }),
        json!({ "viewers": 1.5e300 }),
    ];
    let condition = json!({ "to_broadcaster_user_id": inbox.channel });
    for (count, event) in odd.iter().enumerate() {
        // A null event is no event.
        let event = if event.is_null() {
            json!({ "viewers": null })
        } else {
            event.clone()
        };
        inbox
            .takes(&Message::notification(
                "channel.raid",
                "1",
                &condition,
                &event,
            ))
            .await;
        assert_eq!(inbox.events().await.len(), count + 1, "{event}");
    }
    for event in inbox.events().await {
        assert_eq!(event.broadcaster.id, inbox.channel);
        assert!(!event.summary.is_empty());
    }
}

#[tokio::test]
async fn odd_text_is_kept_value_for_value() {
    let inbox = Inbox::open().await;
    let texts = [
        "nul \\u0000 inside",
        "four bytes 🐙 and escaped \\ud83d\\udc19",
        "\u{202e}right to left\u{202c} مرحبا שלום",
        "combining e\u{301} \u{200d}\u{feff} zalgo t̷̢h̸i̴s̵",
        "line \u{2028} and paragraph \u{2029} separators",
        "quotes \\\" slashes \\\\ \\/ breaks \\n\\r\\t",
        "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
        "'; DROP TABLE events; --",
    ];
    for text in texts {
        let event = format!(
            r#"{{"broadcaster_user_id":"{}","title":"{text}","n":12345678901234567890.10}}"#,
            inbox.channel
        );
        let message = with_raw_event("channel.update", &of_channel(inbox.channel), &event);
        inbox.takes(&message).await;
        let kept = inbox.newest_event().await;
        assert_eq!(kept.message_id, Some(message.id), "{text}");
        let values = |json: &str| serde_json::from_str::<Value>(json).unwrap();
        assert_eq!(values(kept.payload.get()), values(&event), "{text}");
        assert!(
            kept.payload.get().contains("12345678901234567890.10"),
            "numbers keep their digits"
        );
        assert!(kept.text.is_some_and(|told| !told.is_empty()), "{text}");
        assert!(
            !kept.summary.contains(char::is_control),
            "{:?}",
            kept.summary
        );
    }
}

/// Half of a surrogate pair is valid in JSON text and no Unicode character: readers that build strings fail on it.
#[tokio::test]
async fn half_a_surrogate_pair_costs_neither_the_event_nor_its_details() {
    let inbox = Inbox::open().await;
    let channel = inbox.channel;
    let cheer = format!(
        r#"{{"broadcaster_user_id":"{channel}","broadcaster_user_login":"someone","broadcaster_user_name":"Someone",
        "chatter_user_id":"990011","chatter_user_login":"pip","chatter_user_name":"Pip","message_id":"chat-1",
        "message":{{"text":"Cheer100 half \ud83d a smile","fragments":[]}},"cheer":{{"bits":100}}}}"#
    );
    let message = with_raw_event("channel.chat.message", &of_channel(channel), &cheer);
    inbox.takes(&message).await;
    let event = inbox.only_event().await;
    assert_eq!(event.kind, Kind::Cheer);
    assert_eq!(event.amount.map(|amount| amount.value), Some(100));
    assert_eq!(event.actor.map(|actor| actor.login).as_deref(), Some("pip"));
    assert!(
        event.payload.get().contains(r"half \ud83d a smile"),
        "the payload is untouched"
    );

    let again = with_raw_event("channel.chat.message", &of_channel(channel), &cheer);
    inbox.takes(&again).await;
    assert_eq!(
        inbox.events().await.len(),
        1,
        "the chat message id still tells that it is the same line"
    );
}

/// A field deeper than a parser's patience, or a number beyond its range, is an unknown field like any other.
#[tokio::test]
async fn deep_and_huge_unknown_fields_cost_neither_the_event_nor_its_details() {
    let inbox = Inbox::open().await;
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    for (viewers, extra) in [(11, deep.as_str()), (12, "1e999"), (13, "-0.0e-99999")] {
        let event = format!(
            r#"{{"from_broadcaster_user_id":"1","from_broadcaster_user_login":"a","from_broadcaster_user_name":"A",
            "to_broadcaster_user_id":"{}","viewers":{viewers},"unheard_of":{extra}}}"#,
            inbox.channel
        );
        let condition = json!({ "to_broadcaster_user_id": inbox.channel });
        inbox
            .takes(&with_raw_event("channel.raid", &condition, &event))
            .await;
        let kept = inbox.newest_event().await;
        assert_eq!(
            kept.amount.map(|amount| amount.value),
            Some(viewers),
            "{}",
            kept.summary
        );
        assert!(kept.payload.get().contains(extra));
    }
}

/// Line breaks between tokens would break a `data:` line of the live stream.
#[tokio::test]
async fn a_payload_of_many_lines_reaches_live_readers_whole() {
    let inbox = Inbox::open().await;
    let mut live = inbox.owner.live("").await;
    let event = event_of(inbox.channel, &json!({ "title": "one\ntwo\r\nthree" }));
    let pretty = serde_json::to_string_pretty(&event)
        .unwrap()
        .replace('\n', "\r\n");
    let message = with_raw_event("channel.update", &of_channel(inbox.channel), &pretty);
    inbox.takes(&message).await;
    let seen = live.next_event().await;
    assert_eq!(seen["message_id"], message.id);
    assert_eq!(seen["payload"], event);
}

#[tokio::test]
async fn chat_lines_without_bits_or_a_reward_are_answered_and_not_kept() {
    let inbox = Inbox::open().await;
    let line = json!({
        "chatter_user_id": "990011", "chatter_user_login": "pip", "chatter_user_name": "Pip", "message_id": "chat-1",
        "message": { "text": "hello", "fragments": [] }, "cheer": null, "channel_points_custom_reward_id": null,
    });
    let chat = |id: &str, changes: Value| {
        let line = with(&line, &json!({ "message_id": id }));
        about(
            inbox.channel,
            "channel.chat.message",
            &with(&line, &changes),
        )
    };
    inbox.takes(&chat("plain", json!({}))).await;
    inbox
        .takes(&chat(
            "highlighted",
            json!({ "message_type": "channel_points_highlighted" }),
        ))
        .await;
    inbox.holds_nothing().await;

    inbox
        .takes(&chat("cheered", json!({ "cheer": { "bits": 1 } })))
        .await;
    inbox
        .takes(&chat(
            "rewarded",
            json!({ "channel_points_custom_reward_id": "92af127c" }),
        ))
        .await;
    let kinds: Vec<Kind> = inbox
        .events()
        .await
        .iter()
        .map(|event| event.kind)
        .collect();
    assert_eq!(kinds, [Kind::Points, Kind::Cheer]);
}

#[tokio::test]
async fn what_concerns_no_channel_is_answered_and_never_in_a_feed() {
    let inbox = Inbox::open().await;
    let mut live = inbox
        .owner
        .live(&format!("broadcaster_id={}", inbox.channel))
        .await;
    for event_type in [
        "user.update",
        "user.authorization.grant",
        "user.authorization.revoke",
        "user.whisper.message",
        "user.something.new",
        "conduit.shard.disabled",
        "drop.entitlement.grant",
        "extension.bits_transaction.create",
        "channel.chat.user_message_hold",
        "channel.chat.user_message_update",
    ] {
        // Even with a broadcaster in it; and not with the client id of this installation.
        let members = json!({ "user_id": "990011", "client_id": "another", "message_id": event_type, "text": "x" });
        inbox
            .takes(&about(inbox.channel, event_type, &members))
            .await;
    }
    let body = json!({
        "subscription": { "id": "s", "status": "enabled", "type": "drop.entitlement.grant", "version": "1",
            "condition": { "organization_id": "9001" }, "is_batching_enabled": true },
        "events": [{ "id": "e1", "data": { "user_id": inbox.channel } }],
    });
    inbox.takes(&Message::new("notification", &body)).await;
    inbox.holds_nothing().await;
    let marker = raid_into(inbox.channel, 1);
    inbox.takes(&marker).await;
    assert_eq!(
        live.next_event().await["message_id"],
        marker.id,
        "the first event a reader sees is the marker"
    );
}
