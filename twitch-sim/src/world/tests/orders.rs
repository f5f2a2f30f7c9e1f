use serde_json::json;

use super::*;

fn order(world: &mut World, event_type: &str, event: Value) -> Value {
    world
        .happen(event_type, None, "mira_plays", Some(event), noon())
        .unwrap()
        .event
}

#[test]
fn fields_are_laid_over_the_default() {
    let mut world = World::new(1, noon(), true);
    let event = order(
        &mut world,
        "channel.channel_points_custom_reward_redemption.add",
        json!({"user_input": "hi", "reward": {"cost": 7}}),
    );
    assert_eq!(event["user_input"], "hi");
    assert_eq!(event["reward"]["cost"], 7);
    assert!(event["reward"]["title"].is_string());
    assert_eq!(event["broadcaster_user_name"], "Mira_Plays");
}

#[test]
fn person_named_by_id_or_login_gets_all_names() {
    let mut world = World::new(1, noon(), true);
    let event = order(&mut world, "channel.follow", json!({"user_login": "pip"}));
    assert_eq!(
        (&event["user_id"], &event["user_name"]),
        (&json!("990011"), &json!("Pip"))
    );
    let event = order(
        &mut world,
        "channel.chat.notification",
        json!({"notice_type": "sub_gift", "chatter_user_id": "990011", "sub_gift": {"recipient_user_login": "juno"}}),
    );
    assert_eq!(event["chatter_user_login"], "pip");
    assert_eq!(event["sub_gift"]["recipient_user_name"], "Juno");
    assert!(
        event["system_message"]
            .as_str()
            .unwrap()
            .starts_with("Pip gifted")
    );
    let event = order(
        &mut world,
        "channel.follow",
        json!({"user_id": "1", "user_login": "stranger", "user_name": "Stranger"}),
    );
    assert_eq!(event["user_name"], "Stranger");
}

#[test]
fn anonymous_names_nobody() {
    let mut world = World::new(1, noon(), true);
    let event = order(&mut world, "channel.cheer", json!({"is_anonymous": true}));
    assert!(event["user_id"].is_null() && event["user_name"].is_null());
    let event = order(
        &mut world,
        "channel.chat.notification",
        json!({"notice_type": "community_sub_gift", "chatter_is_anonymous": true, "community_sub_gift": {"total": 50}}),
    );
    assert!(event["chatter_user_login"].is_null());
    assert_eq!(
        event["system_message"],
        "An anonymous user is gifting 50 Tier 1 Subs to Mira_Plays's community!"
    );
    assert!(event["community_sub_gift"]["cumulative_total"].is_null());
    let event = order(&mut world, "channel.follow", json!({"user_id": null}));
    assert!(event["user_login"].is_null() && event["user_name"].is_null());
}

#[test]
fn raid_goes_to_the_channel_unless_it_is_said_to_send_it() {
    let mut world = World::new(1, noon(), true);
    let ends = |event: &Value| {
        [
            event["from_broadcaster_user_login"]
                .as_str()
                .unwrap()
                .to_owned(),
            event["to_broadcaster_user_login"]
                .as_str()
                .unwrap()
                .to_owned(),
        ]
    };
    let event = order(&mut world, "channel.raid", json!({"viewers": 318}));
    assert_eq!(ends(&event)[1], "mira_plays");
    assert_ne!(ends(&event)[0], "mira_plays");
    assert_eq!(event["viewers"], 318);
    let event = order(
        &mut world,
        "channel.raid",
        json!({"from_broadcaster_user_id": "555000111"}),
    );
    assert_eq!(ends(&event), ["late_owl", "mira_plays"]);
    let event = order(
        &mut world,
        "channel.raid",
        json!({"to_broadcaster_user_login": "kiteflyer"}),
    );
    assert_eq!(ends(&event), ["mira_plays", "kiteflyer"]);
    let event = order(
        &mut world,
        "channel.raid",
        json!({"from_broadcaster_user_login": "mira_plays"}),
    );
    assert_eq!(ends(&event)[0], "mira_plays");
    assert_ne!(ends(&event)[1], "mira_plays");
}

#[test]
fn text_and_bits_make_fragments() {
    let mut world = World::new(1, noon(), true);
    let event = order(
        &mut world,
        "channel.chat.message",
        json!({"message": {"text": "Cheer100 hi @Teapot_Tim Kappa"}, "cheer": {"bits": 100}}),
    );
    let expected = json!([
        {"type": "cheermote", "text": "Cheer100", "cheermote": {"prefix": "cheer", "bits": 100, "tier": 100}, "emote": null, "mention": null},
        {"type": "text", "text": " hi ", "cheermote": null, "emote": null, "mention": null},
        {"type": "mention", "text": "@Teapot_Tim", "cheermote": null, "emote": null, "mention": {"user_id": "810020030", "user_login": "teapot_tim", "user_name": "Teapot_Tim"}},
        {"type": "text", "text": " ", "cheermote": null, "emote": null, "mention": null},
        {"type": "emote", "text": "Kappa", "cheermote": null, "emote": {"id": "25", "emote_set_id": "0", "owner_id": "0", "format": ["static"]}, "mention": null},
    ]);
    assert_eq!(event["message"]["fragments"], expected);
    let event = order(
        &mut world,
        "channel.subscription.message",
        json!({"message": {"text": "Still here LUL"}}),
    );
    assert_eq!(
        event["message"]["emotes"],
        json!([{"begin": 11, "end": 13, "id": "425618"}])
    );
}

#[test]
fn channel_agrees_with_what_was_told() {
    let mut world = World::new(1, noon(), true);
    let owl = "555000111";
    let online = world
        .happen("stream.online", None, "late_owl", None, noon())
        .unwrap();
    let stream = world.channel(owl).unwrap().stream.clone().unwrap();
    assert_eq!(online.event["id"], stream.id.as_str());
    assert_eq!(online.event["started_at"], "2026-11-01T12:00:00Z");
    let update = json!({"title": "new title", "content_classification_labels": ["Gambling"]});
    world
        .happen("channel.update", Some("2"), owl, Some(update), noon())
        .unwrap();
    let channel = world.channel(owl).unwrap();
    assert_eq!(channel.title, "new title");
    assert_eq!(channel.content_classification_labels, ["Gambling"]);
    let offline = world
        .happen("stream.offline", None, "Late_Owl", None, noon())
        .unwrap();
    assert_eq!(offline.event["id"], stream.id.as_str());
    assert!(world.channel(owl).unwrap().stream.is_none());
    assert_eq!(world.next_due(), None);
}

#[test]
fn renamed_person_is_found_by_the_new_name() {
    let mut world = World::new(1, noon(), true);
    let event = json!({"user_login": "late_lark", "user_name": "Late_Lark"});
    world
        .happen("user.update", None, "late_owl", Some(event), noon())
        .unwrap();
    assert!(world.person_by_login("late_owl").is_none());
    assert_eq!(world.person_by_login("late_lark").unwrap().id, "555000111");
}

#[test]
fn channel_taken_off_the_air_comes_back() {
    let mut world = World::new(1, noon(), false);
    order(&mut world, "stream.offline", json!({}));
    assert!(world.channel("700100200").unwrap().stream.is_none());
    let told = live(&mut world, 900);
    assert!(told.iter().any(|(_, one)| {
        one.event_type == "stream.online" && one.broadcaster_id == "700100200"
    }));
}

#[test]
fn unknown_type_gets_the_fields_and_the_channel() {
    let mut world = World::new(1, noon(), true);
    let event = order(&mut world, "channel.teleport", json!({"where": "moon"}));
    assert_eq!(
        event,
        json!({"where": "moon", "broadcaster_user_id": "700100200", "broadcaster_user_login": "mira_plays", "broadcaster_user_name": "Mira_Plays"})
    );
}

#[test]
fn impossible_orders_are_refused() {
    let mut world = World::new(1, noon(), true);
    for (broadcaster, event) in [("nobody_here", json!({})), ("mira_plays", json!([1]))] {
        world
            .happen("channel.follow", None, broadcaster, Some(event), noon())
            .unwrap_err();
    }
}

#[test]
fn repeated_orders_are_distinct_events() {
    let mut world = World::new(1, noon(), true);
    for (event_type, key) in [
        ("stream.online", "id"),
        ("channel.update", "title"),
        ("channel.chat.notification", "message_id"),
        ("channel.poll.begin", "id"),
        ("channel.channel_points_custom_reward_redemption.add", "id"),
    ] {
        let first = order(&mut world, event_type, json!({}));
        let second = order(&mut world, event_type, json!({}));
        assert_ne!(first[key], second[key], "{event_type}");
    }
}
