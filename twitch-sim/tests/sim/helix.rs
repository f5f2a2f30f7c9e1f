//! Users, streams, channels, follows, search, and who may call.

use std::collections::HashSet;

use serde_json::Value;

use crate::support::{Sim, quiet, text};

#[tokio::test]
async fn both_headers_are_needed_and_must_fit() {
    let sim = Sim::start(quiet());
    let token = sim.app_token().await;
    let url = format!("{}/helix/users?login=mira_plays", sim.url);
    let none = sim.send(sim.http.get(&url)).await;
    assert_eq!(none.status, 401);
    assert_eq!(none.body["error"], "Unauthorized");
    let no_client = sim.send(sim.http.get(&url).bearer_auth(&token)).await;
    assert_eq!(no_client.status, 401);
    let other = sim
        .http
        .get(&url)
        .bearer_auth(&token)
        .header("Client-Id", "other");
    assert_eq!(sim.send(other).await.status, 401);
    let stale = sim.get("/helix/users?login=mira_plays", "no-token").await;
    assert_eq!(stale.body["message"], "Invalid OAuth token");
    let good = sim.get("/helix/users?login=mira_plays", &token).await;
    assert_eq!(good.status, 200);
    assert_eq!(good.headers["ratelimit-limit"], "800");
    assert!(good.headers.contains_key("ratelimit-reset"));
}

#[tokio::test]
async fn users_are_found_by_id_and_login_and_strangers_are_missing() {
    let sim = Sim::start(quiet());
    let token = sim.app_token().await;
    let id = sim.id("mira_plays").await;
    let path = format!("/helix/users?id={id}&login=kiteflyer&login=nobody_here&id=1");
    let users = sim.get(&path, &token).await;
    let logins: Vec<&Value> = users.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| &user["login"])
        .collect();
    assert_eq!(logins, ["mira_plays", "kiteflyer"]);

    let many = |count: usize| {
        let ids: Vec<String> = (0..count).map(|id| format!("id={id}")).collect();
        format!("/helix/users?{}", ids.join("&"))
    };
    assert_eq!(sim.get(&many(100), &token).await.status, 200);
    assert_eq!(sim.get(&many(101), &token).await.status, 400);
    assert_eq!(sim.get("/helix/users", &token).await.status, 400);
    assert_eq!(
        sim.get("/helix/users?login=not%20a%20login", &token)
            .await
            .status,
        400
    );

    let viewer = sim.login("viewer_vera", "").await;
    let own = sim.get("/helix/users", &viewer.access).await;
    assert_eq!(own.body["data"][0]["login"], "viewer_vera");
    assert_eq!(own.body["data"][0].get("email"), None);
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let sim = Sim::start(quiet());
    let token = sim.app_token().await;
    let mut seen = HashSet::new();
    let mut path = "/helix/streams?first=2".to_owned();
    let mut viewers = i64::MAX;
    loop {
        let page = sim.get(&path, &token).await;
        for stream in page.body["data"].as_array().unwrap() {
            assert!(seen.insert(text(&stream["user_id"])));
            assert!(stream["viewer_count"].as_i64().unwrap() <= viewers);
            viewers = stream["viewer_count"].as_i64().unwrap();
        }
        let Some(cursor) = page.body["pagination"]["cursor"].as_str() else {
            assert_eq!(page.body["pagination"], serde_json::json!({}));
            break;
        };
        path = format!("/helix/streams?first=2&after={cursor}");
    }
    let all = sim.get("/helix/streams?first=100", &token).await;
    assert_eq!(all.body["data"].as_array().unwrap().len(), seen.len());
    assert!(seen.len() >= 3, "several broadcasters are live");
    assert_eq!(
        sim.get("/helix/streams?first=101", &token).await.status,
        400
    );
    assert_eq!(
        sim.get("/helix/streams?after=nonsense", &token)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn streams_and_channels_are_asked_for_by_name_and_id() {
    let sim = Sim::start(quiet());
    let token = sim.app_token().await;
    let id = sim.id("mira_plays").await;
    let by_login = sim
        .get("/helix/streams?user_login=mira_plays", &token)
        .await;
    let by_id = sim
        .get(&format!("/helix/streams?user_id={id}&user_id=1"), &token)
        .await;
    assert_eq!(by_login.body["data"], by_id.body["data"]);
    let stream = &by_id.body["data"][0];
    assert_eq!(stream["user_name"], "Mira_Plays");
    assert!(text(&stream["thumbnail_url"]).contains("{width}x{height}"));

    let channel = sim
        .get(&format!("/helix/channels?broadcaster_id={id}"), &token)
        .await;
    assert_eq!(channel.body["data"][0]["title"], stream["title"]);
    assert_eq!(sim.get("/helix/channels", &token).await.status, 400);
}

#[tokio::test]
async fn follows_are_for_the_user_alone_and_need_the_scope() {
    let sim = Sim::start(quiet());
    let id = sim.id("viewer_vera").await;
    let path = format!("/helix/channels/followed?user_id={id}&first=1");
    let viewer = sim.login("viewer_vera", "user:read:follows").await;
    let page = sim.get(&path, &viewer.access).await;
    assert_eq!(page.status, 200);
    assert!(page.body["total"].as_u64().unwrap() > 1);
    assert!(page.body["pagination"]["cursor"].is_string());
    let live = sim
        .get(
            &format!("/helix/streams/followed?user_id={id}"),
            &viewer.access,
        )
        .await;
    assert_eq!(live.status, 200);

    let other = sim.id("viewer_omar").await;
    let other = format!("/helix/channels/followed?user_id={other}");
    assert_eq!(sim.get(&other, &viewer.access).await.status, 401);
    assert_eq!(
        sim.get("/helix/channels/followed", &viewer.access)
            .await
            .status,
        400
    );
    let scopeless = sim.login("viewer_vera", "user:read:chat").await;
    assert_eq!(sim.get(&path, &scopeless.access).await.status, 401);
    assert_eq!(sim.get(&path, &sim.app_token().await).await.status, 401);
}

#[tokio::test]
async fn search_finds_by_beginning() {
    let sim = Sim::start(quiet());
    let token = sim.app_token().await;
    let found = sim
        .get("/helix/search/channels?query=mira_pl", &token)
        .await;
    assert_eq!(found.body["data"][0]["broadcaster_login"], "mira_plays");
    assert_eq!(found.body["data"][0]["is_live"], true);
    let offline = sim
        .get("/helix/search/channels?query=viewer_vera", &token)
        .await;
    for channel in offline.body["data"].as_array().unwrap() {
        assert_eq!(channel["started_at"], "");
    }
    assert_eq!(sim.get("/helix/search/channels", &token).await.status, 400);
}

#[tokio::test]
async fn the_rate_limit_is_kept_per_token_owner() {
    let sim = Sim::start(quiet());
    let token = sim.app_token().await;
    let viewer = sim.login("viewer_vera", "").await;
    let mut refused = None;
    // It refills while it is used, so a little more than 800 calls are needed.
    for _ in 0..20 {
        let calls = (0..100).map(|_| sim.get("/helix/streams?first=1", &token));
        let replies = futures_util::future::join_all(calls).await;
        refused = replies.into_iter().find(|reply| reply.status == 429);
        if refused.is_some() {
            break;
        }
    }
    let refused = refused.expect("800 points are never used up");
    assert_eq!(refused.body["error"], "Too Many Requests");
    assert_eq!(refused.headers["ratelimit-remaining"], "0");
    assert_eq!(sim.get("/helix/users", &viewer.access).await.status, 200);
}
