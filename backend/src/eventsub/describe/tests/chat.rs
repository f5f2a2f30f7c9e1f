//! Chat lines that are events, shared chat, clearing and settings.

use serde_json::{Value, json};
use wire::Kind::{Chat, Cheer, Points};

use super::case::{Case, MIRA, OWL, PIP, TIM, case};

fn told(event_type: &'static str, event: Value, summary: &str) -> Case {
    case(event_type, event, Chat, summary)
}

pub(super) fn cases() -> Vec<Case> {
    [lines(), shared(), changes()].concat()
}

fn lines() -> Vec<Case> {
    let line = |cheer: Value, reward: Value, text: &str| {
        json!({"message_id": "7c1f3a52", "message": {"text": text, "fragments": [{"type": "text", "text": text,
            "cheermote": null, "emote": null, "mention": null}]}, "color": "#00FF7F", "badges": [], "message_type": "text",
            "cheer": cheer, "reply": null, "channel_points_custom_reward_id": reward, "source_broadcaster_user_id": null})
    };
    let bits = line(json!({"bits": 100}), json!(null), "Cheer100 hi");
    let odd = json!({"message_id": null, "cheer": {"bits": "many"}, "message": {"text": null, "fragments": null}});
    let message = "channel.chat.message";
    vec![
        case(message, bits.clone(), Cheer, "Pip cheered 100 bits")
            .by("chatter_user", PIP)
            .amount(100, "bits")
            .text("Cheer100 hi")
            .key("7c1f3a52"),
        case(
            message,
            bits.clone(),
            Cheer,
            "Pip cheered 100 bits (in Late_Owl's chat)",
        )
        .by("chatter_user", PIP)
        .with("source_broadcaster_user", OWL)
        .amount(100, "bits")
        .text("Cheer100 hi")
        .key("7c1f3a52"),
        case(message, bits, Cheer, "Pip cheered 100 bits")
            .by("chatter_user", PIP)
            .with("source_broadcaster_user", MIRA)
            .amount(100, "bits")
            .text("Cheer100 hi")
            .key("7c1f3a52"),
        case(message, odd, Cheer, "An anonymous viewer cheered"),
        case(
            message,
            line(json!(null), json!("92af127c"), "for the owl"),
            Points,
            "Teapot_Tim redeemed a reward",
        )
        .by("chatter_user", TIM)
        .text("for the owl")
        .key("7c1f3a52"),
    ]
}

fn shared() -> Vec<Case> {
    let channel = |who: super::case::Who| json!({"broadcaster_user_id": who.0, "broadcaster_user_login": who.1, "broadcaster_user_name": who.2});
    let session = |others: Value| json!({"session_id": "s1", "participants": others});
    let two = json!([channel(MIRA), channel(OWL)]);
    let three = json!([channel(MIRA), channel(OWL), channel(TIM)]);
    vec![
        told(
            "channel.shared_chat.begin",
            session(two.clone()),
            "Shared chat started with Late_Owl",
        )
        .with("host_broadcaster_user", MIRA),
        told(
            "channel.shared_chat.begin",
            session(three.clone()),
            "Shared chat started with Late_Owl and Teapot_Tim, hosted by Late_Owl",
        )
        .with("host_broadcaster_user", OWL),
        told(
            "channel.shared_chat.begin",
            json!({"participants": null}),
            "Shared chat started",
        ),
        told(
            "channel.shared_chat.update",
            session(three),
            "Shared chat is now with Late_Owl and Teapot_Tim",
        ),
        told(
            "channel.shared_chat.update",
            session(json!([{}, null])),
            "Shared chat changed",
        ),
        told(
            "channel.shared_chat.end",
            json!({"session_id": "s1"}),
            "Shared chat ended",
        )
        .with("host_broadcaster_user", OWL),
        told("channel.shared_chat.end", json!({}), "Shared chat ended"),
    ]
}

fn changes() -> Vec<Case> {
    let settings = |event, summary: &str| told("channel.chat_settings.update", event, summary);
    vec![
        told(
            "channel.chat.message_delete",
            json!({"message_id": "m1"}),
            "A message from Pip was deleted",
        )
        .with("target_user", PIP),
        told(
            "channel.chat.message_delete",
            json!({"target_user_id": 5}),
            "A message from someone was deleted",
        ),
        told(
            "channel.chat.clear_user_messages",
            json!({}),
            "All messages from Pip were removed",
        )
        .with("target_user", PIP),
        told(
            "channel.chat.clear_user_messages",
            json!({"target_user_name": " "}),
            "All messages from someone were removed",
        ),
        told("channel.chat.clear", json!({}), "Chat was cleared"),
        told(
            "channel.chat.clear",
            json!({"extra": [1]}),
            "Chat was cleared",
        ),
        settings(
            json!({"emote_mode": true, "follower_mode": true, "follower_mode_duration_minutes": 10, "slow_mode": true,
            "slow_mode_wait_time_seconds": 30, "subscriber_mode": true, "unique_chat_mode": true}),
            "Chat settings changed: emotes only, followers only (10 minutes), subscribers only, slow mode (30 seconds) and unique messages",
        ),
        settings(
            json!({"emote_mode": false, "follower_mode": false, "follower_mode_duration_minutes": null, "slow_mode": true,
            "slow_mode_wait_time_seconds": null}),
            "Chat settings changed: slow mode",
        ),
        settings(
            json!({"emote_mode": false, "follower_mode": false, "follower_mode_duration_minutes": null, "slow_mode": false,
            "slow_mode_wait_time_seconds": null, "subscriber_mode": false, "unique_chat_mode": false}),
            "Chat settings changed: no restrictions",
        ),
        settings(json!({"emote_mode": null}), "Chat settings changed"),
    ]
}
