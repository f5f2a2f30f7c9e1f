//! The way to Twitch and back: what is asked for, and who and what is refused.

use std::collections::HashMap;

use reqwest::Url;
use serde_json::json;

use super::{
    MIRA, POLLS, are_connected, back_from, connected, ids_at_twitch, scopes, takes, twitch_has,
};
use crate::database;
use crate::support::{Browser, World};

async fn asked_of_twitch(browser: &Browser, path: &str) -> HashMap<String, String> {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 302, "{}", answer.text);
    let url = Url::parse(answer.header("location")).unwrap();
    url.query_pairs().into_owned().collect()
}

async fn asked_scopes(browser: &Browser, steps: &str) -> String {
    let asked = asked_of_twitch(browser, &format!("/auth/login?connect={steps}")).await;
    assert_eq!(
        asked["force_verify"], "true",
        "the person is to see what is asked"
    );
    asked["scope"].clone()
}

const BASE: &str = "user:read:chat user:read:follows";

#[tokio::test]
async fn a_step_asks_for_its_scopes_and_again_for_those_that_are_connected() {
    let world = World::start().await;
    let mira = world.server.log_in(MIRA).await;
    let scope = asked_scopes(&mira, "polls").await;
    assert_eq!(scope, format!("{BASE} channel:read:polls"));
    let scope = asked_scopes(&mira, "goals,bits,goals").await;
    assert_eq!(scope, format!("{BASE} bits:read channel:read:goals"));

    takes(&mira, "polls").await;
    let scope = asked_scopes(&mira, "ads").await;
    assert_eq!(scope, format!("{BASE} channel:read:polls channel:read:ads"));
    takes(&mira, "ads").await;
    let granted = [
        "channel:read:ads",
        "channel:read:polls",
        "user:read:chat",
        "user:read:follows",
    ];
    assert_eq!(scopes(&mira).await, granted);

    // What was undone is not asked for again, nor does a login of anybody's ask for more.
    assert_eq!(mira.delete("/api/v1/me/channel/polls").await.status, 204);
    let scope = asked_scopes(&mira, "goals").await;
    assert_eq!(scope, format!("{BASE} channel:read:goals channel:read:ads"));
    let login = asked_of_twitch(&mira, "/auth/login").await;
    assert_eq!(login["scope"], BASE);
    assert!(!login.contains_key("force_verify"));
}

#[tokio::test]
async fn what_is_no_step_and_who_is_not_signed_in_is_refused() {
    let world = World::start().await;
    let mira = world.server.log_in(MIRA).await;
    for steps in [
        "",
        "everything",
        "polls,",
        "polls,everything",
        "Polls",
        "channel:read:polls",
    ] {
        let answer = mira.get(&format!("/auth/login?connect={steps}")).await;
        let problem = answer.is_problem(422, "invalid-query");
        assert!(
            problem["detail"].as_str().unwrap().contains("connect"),
            "{problem}"
        );
    }
    let nobody = world.server.browser();
    let program = world.server.with_token(&mira.api_token().await);
    for stranger in [&nobody, &program] {
        let answer = stranger.get("/auth/login?connect=polls").await;
        answer.is_problem(401, "unauthenticated");
    }
    mira.delete("/api/v1/me/channel/everything")
        .await
        .is_problem(404, "not-found");
}

#[tokio::test]
async fn without_an_address_the_way_leads_back_to_the_settings() {
    let world = World::start().await;
    let mira = world.server.log_in(MIRA).await;
    let callback = mira
        .to_twitch_and_back("/auth/login?connect=polls", &[("login", MIRA)])
        .await;
    let answer = mira.get(&callback).await;
    assert_eq!(answer.header("location"), "/settings?notice=connected");
    mira.get(&callback).await.is_problem(400, "oauth-state");
}

#[tokio::test]
async fn another_account_is_refused_and_leaves_no_trace() {
    let (world, mira) = connected("polls").await;
    twitch_has(&world.sim, &POLLS).await;
    let before = (scopes(&mira).await, ids_at_twitch(&world.sim).await);
    let to = back_from(&mira, "goals", &[("login", "kiteflyer")]).await;
    assert_eq!(to, "/settings?notice=connect-other-account");
    are_connected(&mira, &["polls"]).await;
    assert_eq!(mira.get("/api/v1/me").await.ok()["login"], MIRA);
    assert_eq!(
        (scopes(&mira).await, ids_at_twitch(&world.sim).await),
        before
    );
    let requests = world.sim.requests().await;
    let is_revocation =
        |(_, path, status): &&(String, String, u64)| path == "/oauth2/revoke" && *status == 200;
    assert_eq!(
        requests.iter().filter(is_revocation).count(),
        1,
        "the token is given back"
    );
    let mut database = database::open(&world.server).await;
    let sql = "SELECT COUNT(*) FROM viewers v LEFT JOIN grants g ON g.viewer_id = v.id";
    assert_eq!(database.count(sql).await, 1);
    database.close().await;
}

#[tokio::test]
async fn a_denial_leaves_everything_as_it_was() {
    let (world, mira) = connected("polls").await;
    twitch_has(&world.sim, &POLLS).await;
    let before = (scopes(&mira).await, ids_at_twitch(&world.sim).await);
    let to = back_from(&mira, "goals", &[("deny", "1")]).await;
    assert_eq!(to, "/settings?notice=connect-denied");
    are_connected(&mira, &["polls"]).await;
    assert_eq!(
        (scopes(&mira).await, ids_at_twitch(&world.sim).await),
        before
    );
}

#[tokio::test]
async fn what_twitch_does_not_grant_is_not_shown_as_granted() {
    let (world, mira) = connected("polls").await;
    let withhold = [("login", MIRA), ("withhold", "channel:read:goals")];
    let to = back_from(&mira, "goals", &withhold).await;
    assert_eq!(to, "/settings?notice=connect-withheld");
    are_connected(&mira, &["polls"]).await;

    let to = back_from(&mira, "ads,goals", &withhold).await;
    assert_eq!(to, "/settings?notice=connect-withheld");
    are_connected(&mira, &["ads", "polls"]).await;
    let types = ["channel.ad_break.begin", POLLS[0], POLLS[1], POLLS[2]];
    twitch_has(&world.sim, &types).await;

    // Of a step that needs several, all are needed.
    let withhold = [("login", MIRA), ("withhold", "moderator:read:warnings")];
    let to = back_from(&mira, "moderation", &withhold).await;
    assert_eq!(to, "/settings?notice=connect-withheld");
    are_connected(&mira, &["ads", "polls"]).await;
    assert!(
        scopes(&mira)
            .await
            .contains(&"moderator:read:banned_users".to_owned())
    );
}

/// Twitch answers with less than the viewer had: its answer decides, and it is shown.
#[tokio::test]
async fn a_permission_that_is_gone_shows_as_missing_and_its_topics_go() {
    let (world, mira) = connected("polls").await;
    twitch_has(&world.sim, &POLLS).await;
    let withhold = [("login", MIRA), ("withhold", "channel:read:polls")];
    let to = back_from(&mira, "ads", &withhold).await;
    assert_eq!(to, "/settings?notice=connected");
    let states = super::states(&mira).await;
    assert_eq!(states["polls"], "missing");
    assert_eq!(states["ads"], "connected");
    twitch_has(&world.sim, &["channel.ad_break.begin"]).await;
    let channel = super::own_channel(&mira).await;
    let steps = channel["steps"].as_array().unwrap();
    let polls = steps.iter().find(|step| step["name"] == "polls").unwrap();
    assert_eq!(polls["topics"][0]["status"], "unavailable");
    let reason = polls["topics"][0]["reason"].as_str().unwrap();
    assert!(
        reason.contains("permission") && reason.contains("Polls"),
        "{reason}"
    );
    takes(&mira, "polls").await;
    are_connected(&mira, &["ads", "polls"]).await;
}

#[tokio::test]
async fn whoever_signed_out_or_in_anew_meanwhile_connects_nothing() {
    let world = World::start().await;
    let mira = world.server.log_in(MIRA).await;
    let start = "/auth/login?connect=polls";
    let callback = mira.to_twitch_and_back(start, &[("login", MIRA)]).await;
    assert_eq!(mira.post("/auth/logout", json!({})).await.status, 204);
    let answer = mira.get(&callback).await;
    assert_eq!(answer.header("location"), "/settings?notice=connect-failed");
    mira.get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");

    mira.log_in(MIRA).await;
    let callback = mira.to_twitch_and_back(start, &[("login", MIRA)]).await;
    mira.log_in("kiteflyer").await;
    let answer = mira.get(&callback).await;
    assert_eq!(answer.header("location"), "/settings?notice=connect-failed");
    are_connected(&mira, &[]).await;
    mira.log_in(MIRA).await;
    are_connected(&mira, &[]).await;
    assert_eq!(scopes(&mira).await, ["user:read:chat", "user:read:follows"]);
}

#[tokio::test]
async fn while_twitch_is_down_nothing_changes() {
    let (world, mira) = connected("polls").await;
    let before = scopes(&mira).await;
    for path in ["/oauth2/token", "/helix/users"] {
        let callback = mira
            .to_twitch_and_back("/auth/login?connect=ads", &[("login", MIRA)])
            .await;
        let down = json!({"fault": "http_status", "target": path, "code": 503, "seconds": 60});
        world.sim.fault(down).await;
        mira.get(&callback)
            .await
            .is_problem(503, "twitch-unavailable");
        world.sim.clear_faults().await;
        are_connected(&mira, &["polls"]).await;
        assert_eq!(scopes(&mira).await, before);
    }
    let asked = asked_of_twitch(&mira, "/auth/login?connect=ads").await;
    let failed = format!("/auth/callback?error=server_error&state={}", asked["state"]);
    let answer = mira.get(&failed).await;
    assert_eq!(answer.header("location"), "/settings?notice=connect-failed");
}
