//! Nobody else learns that a channel is connected, how its topics stand, or that they fail.

use serde_json::{Value, json};

use super::{MIRA, POLLS, all_arrive, connected, own_channel, takes};
use crate::support::{Message, PATIENCE, Sim, World, eventually};
use crate::topics::{arrives, readyz_names, topics_shown};

#[tokio::test]
async fn the_card_of_somebody_else_does_not_tell() {
    let (world, mira) = connected("polls,ads").await;
    all_arrive(&mira).await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe(MIRA).await;
    arrives(&vera, MIRA).await;
    let topics = topics_shown(&vera, MIRA).await;
    assert_eq!(topics.len(), 7);
    let of_vera = own_channel(&vera).await;
    let steps = of_vera["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| step["state"] == "off"), "{of_vera}");
}

#[tokio::test]
async fn a_private_topic_that_fails_is_no_trouble_of_the_servers() {
    let world = World::start().await;
    let (vera, mira) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in(MIRA).await,
    );
    vera.subscribe(MIRA).await;
    arrives(&vera, MIRA).await;
    let refuses = json!({
        "fault": "http_status", "target": "/helix/eventsub/subscriptions", "code": 403, "seconds": 600,
    });
    world.sim.fault(refuses).await;
    takes(&mira, "ads").await;
    eventually("the refusal", PATIENCE, async || {
        let channel = own_channel(&mira).await;
        channel.to_string().contains("\"failed\"").then_some(())
    })
    .await;
    readyz_names(&world.server, "topics", false).await;
    arrives(&vera, MIRA).await;
    let mut live = vera.live("").await;
    let status = live.next_of("status").await;
    assert_eq!(status.data.unwrap()["connection"], "up");
}

/// Twitch ends a private topic, which the server asks for again: a gap, of which others hear nothing.
#[tokio::test]
async fn a_gap_of_a_private_topic_is_told_to_its_owner_alone() {
    let (world, mira) = connected("polls").await;
    all_arrive(&mira).await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe(MIRA).await;
    arrives(&vera, MIRA).await;
    let (mut of_vera, mut of_mira) = (vera.live("").await, mira.live("").await);
    let all = world.sim.enabled().await;
    let ended = all.iter().find(|one| one["type"] == POLLS[0]).unwrap();
    let mut subscription = ended.clone();
    subscription["status"] = json!("notification_failures_exceeded");
    let message = Message::new("revocation", &json!({"subscription": subscription}));
    message.accepted(&world.server).await;
    let gap = of_mira.next_of("gap").await.data.unwrap();
    assert_eq!(gap["broadcaster_id"], Sim::id(MIRA), "{gap}");
    all_arrive(&mira).await;

    // What comes after it is told to both.
    let ids = crate::topics::happens(&world.sim, "stream.online", MIRA).await;
    loop {
        let block = of_vera.next().await;
        assert!(!block.is("gap"), "{block:?}");
        let is_it = |data: &Value| data["message_id"] == ids[0].as_str();
        if block.is("event") && block.data.as_ref().is_some_and(is_it) {
            break;
        }
    }
}
