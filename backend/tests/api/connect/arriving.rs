//! What arrives by each step, over every way of delivery.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{MIRA, POLLS, all_arrive, connected, own_channel, takes, twitch_has, types_at_twitch};
use crate::support::{Browser, Sim, World};
use crate::topics::{badge, happens, has_received};

const WAYS: [&str; 3] = ["webhook", "conduit", "websocket"];

async fn owner(transport: &str) -> (World, Browser) {
    let world = World::with(&[("EVENTSUB_TRANSPORT", transport)]).await;
    let mira = world.server.log_in(MIRA).await;
    (world, mira)
}

fn all_steps(channel: &Value) -> Vec<Value> {
    channel["steps"].as_array().unwrap().clone()
}

#[tokio::test]
async fn step_by_step_the_types_arrive_for_the_owner_alone() {
    for transport in WAYS {
        let (world, mira) = owner(transport).await;
        let vera = world.server.log_in("viewer_vera").await;
        vera.subscribe(MIRA).await;
        let mut live = mira.live("").await;
        live.next_of("status").await;
        let mut sent = BTreeSet::new();
        let redemption = "channel.channel_points_custom_reward_redemption.add";
        for (step, event_type) in [
            ("polls", POLLS[0]),
            ("points", redemption),
            ("followers", "channel.follow"),
        ] {
            let nobody: [String; 0] = [];
            assert_eq!(
                happens(&world.sim, event_type, MIRA).await,
                nobody,
                "{transport} {step}"
            );
            takes(&mira, step).await;
            all_arrive(&mira).await;
            let ids = happens(&world.sim, event_type, MIRA).await;
            assert_eq!(ids.len(), 1, "{transport} {event_type}");
            has_received(&mira, MIRA, &ids).await;
            let event = live.next_event().await;
            assert_eq!(event["message_id"], ids[0].as_str());
            assert_eq!(event["visibility"], "broadcaster");
            sent.extend(ids);
        }
        let events = vera.events("limit=500").await;
        assert_eq!(events, [] as [Value; 0], "{transport}");
        assert_eq!(mira.events("limit=500").await.len(), sent.len());
    }
}

#[tokio::test]
async fn all_steps_together_bring_every_type_at_no_cost() {
    for transport in WAYS {
        let (world, mira) = owner(transport).await;
        let steps = all_steps(&own_channel(&mira).await);
        let names: Vec<&str> = steps
            .iter()
            .map(|step| step["name"].as_str().unwrap())
            .collect();
        takes(&mira, &names.join(",")).await;
        all_arrive(&mira).await;
        let types = steps
            .iter()
            .flat_map(|step| step["topics"].as_array().unwrap());
        let mut types: Vec<&str> = types.map(|topic| topic["type"].as_str().unwrap()).collect();
        types.sort_unstable();
        assert_eq!(types_at_twitch(&world.sim).await, types, "{transport}");
        let mut sent = Vec::new();
        for one in world.sim.enabled().await {
            if one["condition"]["broadcaster_user_id"] == Sim::id(MIRA) {
                assert_eq!(one["transport"]["method"], transport, "{one}");
                assert_eq!(one["cost"], 0, "{one}");
                let (event_type, version) = (&one["type"], &one["version"]);
                let order = json!({"type": event_type, "version": version, "broadcaster": MIRA});
                sent.extend(world.sim.happen(order).await);
            }
        }
        assert_eq!(sent.len(), types.len(), "{transport}");
        has_received(&mira, MIRA, &sent).await;
    }
}

#[tokio::test]
async fn the_own_card_lists_every_type_and_why_the_rest_does_not_arrive() {
    let (_world, mira) = connected("polls").await;
    let channel = own_channel(&mira).await;
    mira.subscribe(MIRA).await;
    all_arrive(&mira).await;
    let card = &mira.subscriptions().await[0];
    let topics = card["topics"].as_array().unwrap();
    let types: BTreeSet<&str> = topics
        .iter()
        .map(|topic| topic["type"].as_str().unwrap())
        .collect();
    let of_steps = all_steps(&channel);
    let of_steps = of_steps
        .iter()
        .flat_map(|step| step["topics"].as_array().unwrap());
    let others = channel["others"].as_array().unwrap();
    for topic in of_steps.chain(others) {
        assert!(types.contains(topic["type"].as_str().unwrap()), "{topic}");
    }
    for topic in topics {
        let (event_type, reason) = (topic["type"].as_str().unwrap(), topic["reason"].as_str());
        if event_type.starts_with("channel.poll.") {
            assert_eq!(
                (&topic["status"], reason),
                (&json!("enabled"), None),
                "{topic}"
            );
        }
        if event_type == "channel.goal.begin" {
            assert_eq!(topic["status"], "unavailable");
            assert_eq!(
                reason,
                Some("Connect “Goals” in the settings to receive it.")
            );
        }
        assert!(
            topic["status"] != "unavailable" || reason.is_some(),
            "{topic}"
        );
    }
}

#[tokio::test]
async fn what_is_connected_outlives_a_restart() {
    let (mut world, mira) = connected("polls,ads").await;
    all_arrive(&mira).await;
    let before = super::ids_at_twitch(&world.sim).await;
    world.server.restart().await;
    all_arrive(&mira).await;
    super::are_connected(&mira, &["ads", "polls"]).await;
    assert_eq!(
        super::ids_at_twitch(&world.sim).await,
        before,
        "not made anew"
    );
    badge(&mut mira.live("").await, "up").await;
    let ids = happens(&world.sim, "channel.ad_break.begin", MIRA).await;
    assert_eq!(ids.len(), 1);
    has_received(&mira, MIRA, &ids).await;
}

#[tokio::test]
async fn a_topic_that_twitch_refuses_says_why_and_is_tried_again() {
    let (world, mira) = connected("polls").await;
    twitch_has(&world.sim, &POLLS).await;
    let refuses = json!({
        "fault": "http_status", "target": "/helix/eventsub/subscriptions", "code": 403, "seconds": 600,
    });
    world.sim.fault(refuses).await;
    takes(&mira, "ads").await;
    let why = crate::support::eventually("the refusal", crate::support::PATIENCE, async || {
        let steps = all_steps(&own_channel(&mira).await);
        let ads = steps.iter().find(|step| step["name"] == "ads").unwrap();
        let topic = &ads["topics"][0];
        assert_eq!(ads["state"], "connected", "it is Twitch that refuses");
        (topic["status"] == "failed").then(|| topic["reason"].as_str().unwrap().to_owned())
    })
    .await;
    assert!(why.contains("Twitch"), "{why}");
    world.sim.clear_faults().await;
    all_arrive(&mira).await;
}
