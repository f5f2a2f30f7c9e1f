//! Conduit shards: sockets that are cut, moved or taken out of service.

use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    arrives, badge, happens, has_received, readyz_names, received, topics_shown, watching,
};
use crate::app::OtherProgram;
use crate::faults::shards;
use crate::support::{Browser, PATIENCE, Sim, World, brisk, eventually};

/// The sessions behind the shards of our conduit that Twitch has in service.
async fn shard_sessions(twitch: &OtherProgram) -> Vec<String> {
    let conduits = twitch.conduits().await;
    assert_eq!(conduits.len(), 1);
    let listed = twitch
        .helix(
            Method::GET,
            &format!("/eventsub/conduits/shards?conduit_id={}", conduits[0]),
            None,
        )
        .await;
    listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|shard| shard["status"] == "enabled")
        .map(|shard| {
            shard["transport"]["session_id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

/// How many shards of our conduit Twitch has in service.
async fn shards_in_service(twitch: &OtherProgram) -> usize {
    shard_sessions(twitch).await.len()
}

async fn both_shards_are_in_service(twitch: &OtherProgram) {
    eventually("both shards in service", PATIENCE, async || {
        (shards_in_service(twitch).await == 2).then_some(())
    })
    .await;
}

/// A viewer over a conduit whose two shards are both in service.
async fn with_two_shards() -> (World, Browser, OtherProgram) {
    let (world, vera) = watching("conduit", "mira_plays").await;
    let twitch = OtherProgram::start(&world.sim).await;
    both_shards_are_in_service(&twitch).await;
    (world, vera, twitch)
}

#[tokio::test]
async fn without_sockets_no_event_arrives_and_everybody_is_told_until_it_is_over() {
    let (world, vera, twitch) = with_two_shards().await;
    let mut live = vera.live("").await;
    let before = happens(&world.sim, "stream.online", "mira_plays").await;
    has_received(&vera, "mira_plays", &before).await;
    badge(&mut vera.live("").await, "up").await;

    world
        .sim
        .fault(json!({ "fault": "drop_sockets", "seconds": 600 }))
        .await;
    badge(&mut live, "down").await;
    readyz_names(&world.server, "eventsub", true).await;
    badge(&mut vera.live("").await, "down").await;
    assert_eq!(
        happens(&world.sim, "stream.offline", "mira_plays").await,
        [] as [String; 0]
    );
    eventually(
        "the topics to say that they do not arrive",
        PATIENCE,
        async || {
            let topics = topics_shown(&vera, "mira_plays").await;
            topics
                .iter()
                .all(|topic| topic["status"] != "enabled" && topic["reason"].is_string())
                .then_some(())
        },
    )
    .await;
    assert_eq!(
        received(&vera, "mira_plays")
            .await
            .into_iter()
            .collect::<Vec<_>>(),
        before
    );

    world.sim.clear_faults().await;
    badge(&mut live, "up").await;
    readyz_names(&world.server, "eventsub", false).await;
    arrives(&vera, "mira_plays").await;
    both_shards_are_in_service(&twitch).await;
    let after = happens(&world.sim, "stream.online", "mira_plays").await;
    assert_eq!(after.len(), 1);
    has_received(&vera, "mira_plays", &after).await;
    assert_eq!(
        received(&vera, "mira_plays").await.len(),
        2,
        "what could not arrive is not made up"
    );
    assert_eq!(
        super::topics_at_twitch(&world.sim, Sim::id("mira_plays")).await,
        super::the_seven(),
        "nothing twice"
    );
}

#[tokio::test]
async fn one_cut_socket_loses_nothing() {
    let (world, vera, twitch) = with_two_shards().await;
    let mut sent = Vec::new();
    for _ in 0..4 {
        let cut = shards(&world.sim).await.swap_remove(0);
        world
            .sim
            .fault(json!({ "fault": "drop_sockets", "target": cut }))
            .await;
        // The simulator notices the cut in its own time; until then it may send into the void, as Twitch does.
        eventually("Twitch to notice", PATIENCE, async || {
            (!shards(&world.sim).await.contains(&cut)).then_some(())
        })
        .await;
        for _ in 0..5 {
            let ids = happens(&world.sim, "channel.raid", "mira_plays").await;
            assert_eq!(ids.len(), 1, "the other shard carries it");
            sent.extend(ids);
        }
        both_shards_are_in_service(&twitch).await;
    }
    has_received(&vera, "mira_plays", &sent).await;
}

#[tokio::test]
async fn a_shard_out_of_service_is_carried_by_the_other_and_bound_again() {
    let (world, vera, twitch) = with_two_shards().await;
    let mut sent = Vec::new();
    for shard in ["0", "1"] {
        world
            .sim
            .fault(json!({ "fault": "disable_shard", "target": shard }))
            .await;
        for _ in 0..5 {
            sent.extend(happens(&world.sim, "channel.raid", "mira_plays").await);
        }
        both_shards_are_in_service(&twitch).await;
    }
    assert_eq!(sent.len(), 10);
    has_received(&vera, "mira_plays", &sent).await;
}

#[tokio::test]
async fn close_codes_are_followed_by_a_fresh_connection() {
    let (world, vera, twitch) = with_two_shards().await;
    for code in [4000, 4002, 4003, 4004, 4005, 4006, 4007, 1001, 1012] {
        world
            .sim
            .fault(json!({ "fault": "close_code", "code": code, "count": 1 }))
            .await;
        both_shards_are_in_service(&twitch).await;
    }
    arrives(&vera, "mira_plays").await;
    let sent = happens(&world.sim, "stream.online", "mira_plays").await;
    has_received(&vera, "mira_plays", &sent).await;
}

#[tokio::test]
async fn moving_to_another_socket_loses_nothing_and_subscribes_nothing_anew() {
    let (world, vera, twitch) = with_two_shards().await;
    let ids = |all: Vec<Value>| {
        all.iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let before = ids(world.sim.enabled().await);
    let created = async || {
        let requests = world.sim.requests().await;
        requests
            .iter()
            .filter(|(method, path, _)| method == "POST" && path == "/helix/eventsub/subscriptions")
            .count()
    };
    let calls = created().await;
    let mut sent = Vec::new();
    for _ in 0..5 {
        sent.extend(happens(&world.sim, "channel.raid", "mira_plays").await);
        let affected = world
            .sim
            .fault(json!({ "fault": "reconnect_sockets" }))
            .await["affected"]
            .clone();
        assert_eq!(affected, 3, "two shards and a carrier");
        for _ in 0..10 {
            sent.extend(happens(&world.sim, "channel.raid", "mira_plays").await);
        }
    }
    assert_eq!(sent.len(), 55);
    has_received(&vera, "mira_plays", &sent).await;
    assert_eq!(
        received(&vera, "mira_plays").await.len(),
        55,
        "nothing twice"
    );
    assert_eq!(shards_in_service(&twitch).await, 2);
    assert_eq!(ids(world.sim.enabled().await), before);
    assert_eq!(created().await, calls);
}

/// The connection looks open and nothing comes any more, not even a sign of life.
#[tokio::test]
async fn a_socket_that_has_gone_silent_is_given_up() {
    let timings = Timings {
        eventsub_keepalive: Duration::from_secs(10),
        eventsub_slack: Duration::from_secs(1),
        shard_check_every: Duration::from_secs(3600),
        ..brisk()
    };
    let settings = [("EVENTSUB_TRANSPORT", "conduit")];
    let world = World::tuned(&settings, Clock::system(), timings).await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    arrives(&vera, "mira_plays").await;
    let twitch = OtherProgram::start(&world.sim).await;
    both_shards_are_in_service(&twitch).await;
    let opened = async || world.sim.count("/eventsub/ws").await;
    let before = opened().await;
    world
        .sim
        .fault(json!({ "fault": "silence", "seconds": 600 }))
        .await;
    happens(&world.sim, "stream.online", "mira_plays").await;
    eventually("fresh sockets", 2 * PATIENCE, async || {
        (opened().await >= before + 2).then_some(())
    })
    .await;
    world.sim.clear_faults().await;
    both_shards_are_in_service(&twitch).await;
    let sent = happens(&world.sim, "stream.offline", "mira_plays").await;
    has_received(&vera, "mira_plays", &sent).await;
    assert_eq!(received(&vera, "mira_plays").await.len(), 1);
}
