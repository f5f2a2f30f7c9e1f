//! What a connection outlives, and what it ends with.

use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use serde_json::json;

use super::{
    MIRA, POLLS, all_arrive, are_connected, back_from, connected, ids_at_twitch, scopes, takes,
    twitch_has,
};
use crate::support::{PATIENCE, World, brisk, eventually};

/// A login asks for what every viewer's asks: it must not take away what was connected.
#[tokio::test]
async fn a_second_login_loses_nothing() {
    let (world, mira) = connected("polls").await;
    all_arrive(&mira).await;
    let before = (scopes(&mira).await, ids_at_twitch(&world.sim).await);
    let elsewhere = world.server.log_in(MIRA).await;
    for browser in [&mira, &elsewhere] {
        are_connected(browser, &["polls"]).await;
        assert_eq!(scopes(browser).await, before.0);
        browser.get("/api/v1/streamers/followed").await.ok();
    }
    all_arrive(&mira).await;
    assert_eq!(ids_at_twitch(&world.sim).await, before.1, "not made anew");
    assert_eq!(
        world.sim.count("/oauth2/revoke").await,
        1,
        "the lesser token is given back"
    );

    // A grant that Twitch no longer accepts is no better than a new one.
    for fault in ["expire_token", "rotate_refresh"] {
        world
            .sim
            .fault(json!({"fault": fault, "target": MIRA}))
            .await;
    }
    let third = world.server.log_in(MIRA).await;
    assert_eq!(
        scopes(&third).await,
        ["user:read:chat", "user:read:follows"]
    );
    are_connected(&third, &[]).await;
    twitch_has(&world.sim, &[]).await;
    takes(&third, "polls").await;
    twitch_has(&world.sim, &POLLS).await;
}

/// Twitch grants nothing of a step, and the grant that there was turns out to have ended.
#[tokio::test]
async fn whoever_comes_back_from_twitch_stays_signed_in() {
    let (world, mira) = connected("polls").await;
    for fault in ["expire_token", "rotate_refresh"] {
        world
            .sim
            .fault(json!({"fault": fault, "target": MIRA}))
            .await;
    }
    let withhold = "channel:read:polls channel:read:ads";
    let to = back_from(&mira, "ads", &[("login", MIRA), ("withhold", withhold)]).await;
    assert_eq!(to, "/settings?notice=connect-withheld");
    assert_eq!(scopes(&mira).await, ["user:read:chat", "user:read:follows"]);
    are_connected(&mira, &[]).await;
    mira.get("/api/v1/streamers/followed").await.ok();
}

#[tokio::test]
async fn a_refreshed_token_keeps_its_scopes_and_the_topics() {
    let timings = Timings {
        validate_every: Duration::from_millis(200),
        ..brisk()
    };
    let world = World::tuned(&[], Clock::system(), timings).await;
    let mira = world.server.log_in(MIRA).await;
    takes(&mira, "polls").await;
    all_arrive(&mira).await;
    let before = (scopes(&mira).await, ids_at_twitch(&world.sim).await);
    let refreshes = world.sim.count("/oauth2/token").await;
    world
        .sim
        .fault(json!({"fault": "expire_token", "target": MIRA}))
        .await;
    eventually("the token to be refreshed", PATIENCE, async || {
        (world.sim.count("/oauth2/token").await > refreshes).then_some(())
    })
    .await;
    mira.get("/api/v1/streamers/followed").await.ok();
    are_connected(&mira, &["polls"]).await;
    assert_eq!(
        (scopes(&mira).await, ids_at_twitch(&world.sim).await),
        before
    );
}

#[tokio::test]
async fn whoever_disconnects_at_twitch_has_connected_nothing_any_more() {
    let (world, mira) = connected("polls").await;
    all_arrive(&mira).await;
    eventually("to be told of revocations", PATIENCE, async || {
        let all = world.sim.enabled().await;
        all.iter()
            .any(|one| one["type"] == "user.authorization.revoke")
            .then_some(())
    })
    .await;
    world
        .sim
        .fault(json!({"fault": "revoke_token", "target": MIRA}))
        .await;
    eventually("the session to end", PATIENCE, async || {
        (mira.get("/api/v1/me").await.status == 401).then_some(())
    })
    .await;
    mira.log_in(MIRA).await;
    are_connected(&mira, &[]).await;
    twitch_has(&world.sim, &[]).await;
    takes(&mira, "polls").await;
    all_arrive(&mira).await;
}

#[tokio::test]
async fn disconnecting_here_takes_the_topics_from_twitch() {
    let (world, mira) = connected("polls,ads").await;
    all_arrive(&mira).await;
    assert_eq!(mira.delete("/api/v1/me/grant").await.status, 204);
    twitch_has(&world.sim, &[]).await;
    mira.log_in(MIRA).await;
    are_connected(&mira, &[]).await;
}

#[tokio::test]
async fn logout_keeps_collecting_what_is_connected_or_gives_it_back() {
    let (world, mira) = connected("polls").await;
    all_arrive(&mira).await;
    assert_eq!(mira.post("/auth/logout", json!({})).await.status, 204);
    let ids = crate::topics::happens(&world.sim, POLLS[0], MIRA).await;
    assert_eq!(ids.len(), 1, "collected while she is signed out");
    mira.log_in(MIRA).await;
    crate::topics::has_received(&mira, MIRA, &ids).await;

    mira.patch("/api/v1/me", json!({"keep_collecting": false}))
        .await
        .ok();
    assert_eq!(mira.post("/auth/logout", json!({})).await.status, 204);
    twitch_has(&world.sim, &[]).await;
}
