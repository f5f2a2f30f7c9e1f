//! Channel points.

use serde_json::{Value, json};
use wire::Kind::Points;

use super::case::{Case, PIP, TIM, case};

const AT: &str = "2026-11-01T18:20:03.17106713Z";

pub(super) fn cases() -> Vec<Case> {
    [custom(), automatic(), rewards()].concat()
}

fn custom() -> Vec<Case> {
    let hydrate =
        json!({"id": "92af127c-0000", "title": "Hydrate", "cost": 300, "prompt": "Say why"});
    let event = |status: &str, reward: &Value| json!({"id": "17fa2df1-0000", "user_input": "hydrate!", "status": status, "reward": reward, "redeemed_at": AT});
    let add = |event, summary: &str| {
        case(
            "channel.channel_points_custom_reward_redemption.add",
            event,
            Points,
            summary,
        )
    };
    let update = |event, summary: &str| {
        case(
            "channel.channel_points_custom_reward_redemption.update",
            event,
            Points,
            summary,
        )
    };
    vec![
        add(
            event("unfulfilled", &hydrate),
            "Pip redeemed Hydrate for 300 points",
        )
        .condition(json!({"broadcaster_user_id": "700100200", "reward_id": ""}))
        .by("user", PIP)
        .amount(300, "points")
        .text("hydrate!")
        .at(AT)
        .key("17fa2df1-0000"),
        add(
            json!({"id": "", "user_input": "", "reward": {"title": "Hi", "cost": 1}}),
            "Pip redeemed Hi for 1 point",
        )
        .by("user", PIP)
        .amount(1, "points"),
        add(json!({"reward": null}), "Someone redeemed a reward"),
        update(
            event("fulfilled", &hydrate),
            "Pip's redemption of Hydrate was fulfilled",
        )
        .by("user", PIP)
        .amount(300, "points")
        .text("hydrate!")
        .key("17fa2df1-0000:fulfilled"),
        update(
            event("canceled", &hydrate),
            "Teapot_Tim's redemption of Hydrate was cancelled and refunded",
        )
        .by("user", TIM)
        .amount(300, "points")
        .text("hydrate!")
        .key("17fa2df1-0000:canceled"),
        update(
            event("on_hold", &json!({})),
            "Pip's redemption is now on hold",
        )
        .by("user", PIP)
        .text("hydrate!")
        .key("17fa2df1-0000:on_hold"),
        update(
            json!({"id": "x", "status": null}),
            "Someone's redemption changed",
        )
        .key("x"),
    ]
}

fn automatic() -> Vec<Case> {
    let redemption = |event, summary: &str| {
        case(
            "channel.channel_points_automatic_reward_redemption.add",
            event,
            Points,
            summary,
        )
    };
    let v2 = |sort: &str, emote: Value, text: &str, summary: &str| {
        let reward = json!({"type": sort, "channel_points": 1200, "emote": emote});
        let event = json!({"id": "f1", "reward": reward, "message": {"text": text, "fragments": []}, "redeemed_at": AT});
        redemption(event, summary)
            .version("2")
            .by("user", PIP)
            .amount(1200, "points")
            .at(AT)
            .key("f1")
    };
    let emote = json!({"id": "25", "name": "miraWave"});
    vec![
        v2("send_highlighted_message", json!(null), "look", "Pip highlighted a message for 1,200 points").text("look"),
        v2("single_message_bypass_sub_mode", json!(null), "me too", "Pip sent a message in sub-only mode for 1,200 points").text("me too"),
        v2("random_sub_emote_unlock", emote.clone(), "", "Pip unlocked a random emote (miraWave) for 1,200 points"),
        v2("chosen_sub_emote_unlock", emote, "", "Pip unlocked the emote miraWave for 1,200 points"),
        v2("chosen_modified_sub_emote_unlock", json!(null), "", "Pip modified an emote for 1,200 points"),
        v2("send_a_fish", json!(null), "", "Pip redeemed send a fish for 1,200 points"),
        redemption(json!({"id": "f2", "reward": {"type": "celebration", "cost": 50, "unlocked_emote": null},
            "message": {"text": "", "emotes": null}, "user_input": "yay"}), "Pip used an on-screen celebration for 50 bits")
            .by("user", PIP).amount(50, "bits").text("yay").key("f2"),
        redemption(json!({"reward": 7, "message": 7}), "Someone redeemed a reward"),
    ]
}

fn rewards() -> Vec<Case> {
    let reward = |title: Value, paused: bool| {
        json!({"id": "92af127c-0000", "is_enabled": true, "is_paused": paused, "title": title, "cost": 15_000,
            "prompt": "Say why", "image": null, "max_per_stream": {"is_enabled": false, "value": 0},
            "redemptions_redeemed_current_stream": null})
    };
    let titled = reward(json!("Hydrate"), false);
    let paused = reward(json!("Hydrate"), true);
    let told = |step: &'static str, event: &Value, summary: &str| {
        case(step, event.clone(), Points, summary)
    };
    let mut disabled = reward(json!("Hydrate"), true);
    disabled["is_enabled"] = json!(false);
    let untitled = json!({"title": null, "cost": "free"});
    vec![
        told(
            "channel.channel_points_custom_reward.add",
            &titled,
            "New reward: Hydrate for 15,000 points",
        )
        .text("Say why"),
        told(
            "channel.channel_points_custom_reward.add",
            &untitled,
            "A reward was added",
        ),
        told(
            "channel.channel_points_custom_reward.update",
            &paused,
            "Reward changed: Hydrate for 15,000 points (paused)",
        )
        .text("Say why"),
        told(
            "channel.channel_points_custom_reward.update",
            &disabled,
            "Reward changed: Hydrate for 15,000 points (disabled)",
        )
        .text("Say why"),
        told(
            "channel.channel_points_custom_reward.update",
            &untitled,
            "A reward was changed",
        ),
        told(
            "channel.channel_points_custom_reward.remove",
            &titled,
            "Reward removed: Hydrate for 15,000 points",
        )
        .text("Say why"),
        told(
            "channel.channel_points_custom_reward.remove",
            &untitled,
            "A reward was removed",
        ),
    ]
}
