//! Finding streamers: by name, and among those the viewer follows on Twitch.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Sim, World};

fn logins(streamers: &Value) -> Vec<String> {
    let streamers = streamers["streamers"].as_array().unwrap();
    streamers
        .iter()
        .map(|one| one["login"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn search_and_follows_say_so_when_twitch_is_down() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    world
        .sim
        .fault(json!({"fault": "http_status", "target": "/helix", "code": 500, "seconds": 600}))
        .await;
    for path in ["/api/v1/streamers?query=mira", "/api/v1/streamers/followed"] {
        vera.get(path).await.is_problem(503, "twitch-unavailable");
    }
    // What needs no Twitch goes on.
    vera.get("/api/v1/me").await.ok();
    vera.get("/api/v1/subscriptions").await.ok();
    vera.get("/readyz").await.ok();
}

#[tokio::test]
async fn search_finds_by_the_beginning_of_a_name() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    for query in ["mira", "MIRA", "%40mira", "mira_plays", "+mira"] {
        let found = vera
            .get(&format!("/api/v1/streamers?query={query}"))
            .await
            .ok();
        let mira = &found["streamers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["login"] == "mira_plays");
        let mira = mira.unwrap_or_else(|| panic!("{query}: {found}"));
        assert_eq!(
            (&mira["live"], &mira["subscribed"]),
            (&json!(true), &json!(true)),
            "{query}"
        );
        assert_eq!(mira["id"], Sim::id("mira_plays"));
    }
    let owl = vera.get("/api/v1/streamers?query=late").await.ok();
    assert_eq!(
        (
            &owl["streamers"][0]["live"],
            &owl["streamers"][0]["subscribed"]
        ),
        (&json!(false), &json!(false))
    );
    assert!(logins(&vera.get("/api/v1/streamers?query=zzzzzz").await.ok()).is_empty());
    assert!(logins(&vera.get("/api/v1/streamers?query=%F0%9F%8E%88").await.ok()).is_empty());
}

#[tokio::test]
async fn a_search_that_cannot_be_is_refused_by_name() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let long = format!("query={}", "a".repeat(101));
    for (query, name) in [
        ("", "query"),
        ("query=", "query"),
        ("query=%20", "query"),
        ("query=@", "query"),
        (long.as_str(), "query"),
        ("query=a&live=1", "live"),
        ("q=a", "q"),
    ] {
        println!("{query}");
        let problem = vera
            .get(&format!("/api/v1/streamers?{query}"))
            .await
            .is_problem(422, "invalid-query");
        assert!(
            problem["detail"].as_str().unwrap().contains(name),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn all_follows_are_there_live_ones_first() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("kiteflyer").await;
    let followed = vera.get("/api/v1/streamers/followed").await.ok();
    let names = logins(&followed);
    // More than one page of Twitch's default size.
    assert_eq!(names.len(), 36);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 36);
    for favourite in ["mira_plays", "kiteflyer", "deepseadana", "late_owl"] {
        assert!(names.contains(&favourite.to_owned()), "{names:?}");
    }
    let all = followed["streamers"].as_array().unwrap();
    let live: Vec<bool> = all
        .iter()
        .map(|one| one["live"].as_bool().unwrap())
        .collect();
    assert!(live.is_sorted_by(|a, b| a >= b) && live[0], "{live:?}");
    let subscribed: Vec<&Value> = all
        .iter()
        .filter(|one| one["subscribed"] == true)
        .map(|one| &one["login"])
        .collect();
    assert_eq!(subscribed, ["kiteflyer"]);
    assert!(
        all.iter()
            .all(|one| !one["profile_image_url"].as_str().unwrap().is_empty())
    );
}

#[tokio::test]
async fn follows_are_read_with_a_refreshed_token() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    world
        .sim
        .fault(json!({"fault": "expire_token", "target": "viewer_vera"}))
        .await;
    let at_once = join_all((0..6).map(|_| vera.get("/api/v1/streamers/followed"))).await;
    for answer in at_once {
        assert_eq!(answer.ok()["streamers"].as_array().unwrap().len(), 36);
    }
}

#[tokio::test]
async fn a_grant_that_cannot_be_refreshed_ends_the_session() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    world
        .sim
        .fault(json!({"fault": "rotate_refresh", "target": "viewer_vera"}))
        .await;
    world
        .sim
        .fault(json!({"fault": "expire_token", "target": "viewer_vera"}))
        .await;
    vera.get("/api/v1/streamers/followed")
        .await
        .is_problem(401, "unauthenticated");
    vera.get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
}
