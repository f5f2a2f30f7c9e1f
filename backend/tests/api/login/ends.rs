//! How sessions and grants end: by logout, by disconnecting, by Twitch.

use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use serde_json::{Value, json};

use crate::support::{Browser, Message, PATIENCE, Sim, World, brisk, eventually};

/// Within which unused topics are given back.
const RELEASE: Duration = Duration::from_secs(10);

/// The topics of a broadcaster that Twitch has.
async fn topics(world: &World, login: &str) -> Vec<Value> {
    let id = Sim::id(login);
    let mut all = world.sim.enabled().await;
    all.retain(|one| {
        one["condition"]
            .as_object()
            .unwrap()
            .values()
            .any(|value| value == id)
    });
    all
}

async fn has_topics(world: &World, login: &str) {
    eventually("all topics to be enabled", PATIENCE, async || {
        (topics(world, login).await.len() == 7).then_some(())
    })
    .await;
}

async fn has_released(world: &World, login: &str) {
    eventually("the topics to be released", RELEASE, async || {
        topics(world, login).await.is_empty().then_some(())
    })
    .await;
}

async fn is_over(browser: &Browser) {
    browser
        .get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
}

async fn becomes_over(browser: &Browser) {
    eventually("the session to end", PATIENCE, async || {
        (browser.get("/api/v1/me").await.status == 401).then_some(())
    })
    .await;
}

async fn revocations(world: &World) -> usize {
    world
        .sim
        .requests()
        .await
        .iter()
        .filter(|(_, path, status)| path == "/oauth2/revoke" && *status == 200)
        .count()
}

#[tokio::test]
async fn logout_ends_the_session_and_keeps_collecting() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let elsewhere = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    has_topics(&world, "mira_plays").await;
    let old = vera.copy();
    let mut stream = vera.live("").await;
    stream.next_of("status").await;
    assert_eq!(vera.post("/auth/logout", json!({})).await.status, 204);
    assert!(
        vera.cookie("ses").is_none(),
        "the browser is told to forget it"
    );
    is_over(&old).await;
    is_over(&vera).await;
    stream.ends().await;
    elsewhere.get("/api/v1/me").await.ok();
    assert_eq!(revocations(&world).await, 0);
    // What happens now is collected.
    let ids = world
        .sim
        .happen(json!({"type": "channel.raid", "broadcaster": "mira_plays"}))
        .await;
    assert!(!ids.is_empty());
    eventually("the raid to be stored", PATIENCE, async || {
        elsewhere
            .events("")
            .await
            .iter()
            .any(|event| event["message_id"] == ids[0])
            .then_some(())
    })
    .await;
}

#[tokio::test]
async fn logout_without_collecting_gives_the_grant_and_the_topics_back() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    has_topics(&world, "mira_plays").await;
    let me = vera
        .patch("/api/v1/me", json!({"keep_collecting": false}))
        .await
        .ok();
    assert_eq!(me["keep_collecting"], false);
    assert_eq!(vera.get("/api/v1/me").await.ok()["keep_collecting"], false);
    let old = vera.copy();
    assert_eq!(vera.post("/auth/logout", json!({})).await.status, 204);
    is_over(&old).await;
    assert_eq!(revocations(&world).await, 1);
    has_released(&world, "mira_plays").await;
    // Who comes back finds everything, and events arrive again.
    vera.log_in("viewer_vera").await;
    assert_eq!(vera.subscriptions().await.len(), 1);
    has_topics(&world, "mira_plays").await;
}

#[tokio::test]
async fn topics_that_somebody_else_wants_stay_when_a_grant_goes() {
    let world = World::start().await;
    let (vera, omar) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("viewer_omar").await,
    );
    vera.subscribe("mira_plays").await;
    omar.subscribe("mira_plays").await;
    vera.subscribe("kiteflyer").await;
    has_topics(&world, "mira_plays").await;
    has_topics(&world, "kiteflyer").await;
    let of_app = async || {
        let mut all = topics(&world, "mira_plays").await;
        all.retain(|one| one["transport"]["method"] != "websocket");
        all
    };
    let before = of_app().await;
    assert_eq!(vera.delete("/api/v1/me/grant").await.status, 204);
    has_released(&world, "kiteflyer").await;
    assert_eq!(of_app().await, before, "not even made anew");
    has_topics(&world, "mira_plays").await;
}

#[tokio::test]
async fn logout_keeps_the_grant_for_the_sake_of_an_api_token() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.patch("/api/v1/me", json!({"keep_collecting": false}))
        .await
        .ok();
    let token = vera.api_token().await;
    assert_eq!(vera.post("/auth/logout", json!({})).await.status, 204);
    assert_eq!(revocations(&world).await, 0);
    let program = world.server.with_token(&token);
    assert_eq!(
        program.get("/api/v1/streamers/followed").await.status,
        200,
        "which needs the grant"
    );
}

#[tokio::test]
async fn disconnecting_ends_the_grant_all_sessions_and_all_tokens() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let elsewhere = world.server.log_in("viewer_vera").await;
    let omar = world.server.log_in("viewer_omar").await;
    let program = world.server.with_token(&vera.api_token().await);
    vera.subscribe("mira_plays").await;
    has_topics(&world, "mira_plays").await;
    let mut streams = Vec::new();
    for caller in [&vera, &elsewhere, &program] {
        let mut stream = caller.live("").await;
        stream.next_of("status").await;
        streams.push(stream);
    }
    let old = vera.copy();
    assert_eq!(vera.delete("/api/v1/me/grant").await.status, 204);
    for caller in [&vera, &old, &elsewhere, &program] {
        is_over(caller).await;
    }
    for stream in streams {
        stream.ends().await;
    }
    assert!(revocations(&world).await >= 1);
    has_released(&world, "mira_plays").await;
    omar.get("/api/v1/me").await.ok();
    vera.log_in("viewer_vera").await;
    assert_eq!(
        vera.subscriptions().await.len(),
        1,
        "what was stored is there after the next login"
    );
    assert!(
        vera.get("/api/v1/tokens").await.ok()["tokens"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn disconnecting_works_while_twitch_is_down() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    world
        .sim
        .fault(
            json!({"fault": "http_status", "target": "/oauth2/revoke", "code": 503, "seconds": 60}),
        )
        .await;
    let old = vera.copy();
    assert_eq!(vera.delete("/api/v1/me/grant").await.status, 204);
    is_over(&old).await;
}

#[tokio::test]
async fn a_person_who_disconnects_at_twitch_is_signed_out_here() {
    let world = World::start().await;
    let (vera, omar) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("viewer_omar").await,
    );
    eventually("to be told of revocations", PATIENCE, async || {
        world
            .sim
            .enabled()
            .await
            .iter()
            .any(|one| one["type"] == "user.authorization.revoke")
            .then_some(())
    })
    .await;
    let mut stream = vera.live("").await;
    stream.next_of("status").await;
    world
        .sim
        .fault(json!({"fault": "revoke_token", "target": "viewer_vera"}))
        .await;
    becomes_over(&vera).await;
    stream.ends().await;
    omar.get("/api/v1/me").await.ok();
    vera.log_in("viewer_vera").await;
}

#[tokio::test]
async fn a_revocation_by_webhook_ends_the_sessions_of_that_person() {
    let world = World::start().await;
    let (vera, omar) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("viewer_omar").await,
    );
    let revoke = |client: &str| {
        let event = json!({
            "client_id": client, "user_id": Sim::id("viewer_vera"), "user_login": null, "user_name": null,
        });
        Message::notification(
            "user.authorization.revoke",
            "1",
            &json!({"client_id": client}),
            &event,
        )
    };
    revoke("another-client").accepted(&world.server).await;
    vera.get("/api/v1/me").await.ok();
    revoke("demo-client").accepted(&world.server).await;
    is_over(&vera).await;
    omar.get("/api/v1/me").await.ok();
}

#[tokio::test]
async fn a_token_that_twitch_no_longer_knows_is_found_by_validation() {
    let timings = Timings {
        validate_every: Duration::from_millis(200),
        ..brisk()
    };
    // Over a webhook transport nothing tells of the revocation when Twitch's messages do not arrive.
    let settings = [
        ("EVENTSUB_TRANSPORT", "webhook"),
        ("EVENTSUB_SECRET", "another-secret-than-twitch-has"),
    ];
    let world = World::tuned(&settings, Clock::system(), timings).await;
    let (vera, omar) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("viewer_omar").await,
    );
    world.sim.fault(json!({"fault": "http_status", "target": "/helix/eventsub", "code": 500, "seconds": 60})).await;
    world
        .sim
        .fault(json!({"fault": "expire_token", "target": "viewer_vera"}))
        .await;
    world
        .sim
        .fault(json!({"fault": "rotate_refresh", "target": "viewer_vera"}))
        .await;
    becomes_over(&vera).await;
    omar.get("/api/v1/me").await.ok();
}

#[tokio::test]
async fn validation_refreshes_what_has_expired_and_ends_nothing() {
    let timings = Timings {
        validate_every: Duration::from_millis(200),
        ..brisk()
    };
    let world = World::tuned(&[], Clock::system(), timings).await;
    let vera = world.server.log_in("viewer_vera").await;
    let refreshes = async || world.sim.count("/oauth2/token").await;
    let before = refreshes().await;
    world
        .sim
        .fault(json!({"fault": "expire_token", "target": "viewer_vera"}))
        .await;
    eventually("the token to be refreshed", PATIENCE, async || {
        (refreshes().await > before).then_some(())
    })
    .await;
    vera.get("/api/v1/streamers/followed").await.ok();
    vera.get("/api/v1/me").await.ok();
}

#[tokio::test]
async fn a_failing_network_ends_no_session() {
    let timings = Timings {
        validate_every: Duration::from_millis(100),
        ..brisk()
    };
    let world = World::tuned(&[], Clock::system(), timings).await;
    let vera = world.server.log_in("viewer_vera").await;
    for code in [500, 503, 429] {
        let before = world.sim.count("/oauth2/validate").await;
        world
            .sim
            .fault(
                json!({"fault": "http_status", "target": "/oauth2", "code": code, "seconds": 60}),
            )
            .await;
        eventually("validation to fail a few times", PATIENCE, async || {
            (world.sim.count("/oauth2/validate").await >= before + 3).then_some(())
        })
        .await;
        world.sim.clear_faults().await;
        vera.get("/api/v1/me").await.ok();
    }
    vera.get("/api/v1/streamers/followed").await.ok();
}
