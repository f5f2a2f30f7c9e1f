//! Subscribing to streamers and leaving them again; finding them is in `search`.

mod search;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Browser, Message, PATIENCE, Sim, World, eventually};

const PATH: &str = "/api/v1/subscriptions";

async fn subscribes(browser: &Browser, what: &str) -> (u16, Value) {
    let answer = browser.post(PATH, json!({ "login": what })).await;
    (answer.status, answer.json())
}

/// Whose topics Twitch has, or is being asked for.
async fn asked_for(world: &World) -> usize {
    let all = world.sim.subscriptions().await;
    all.iter()
        .filter(|one| one["condition"].get("client_id").is_none())
        .count()
}

#[tokio::test]
async fn twitch_down_is_said_and_nothing_is_stored() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    for code in [500, 503, 429, 401, 403] {
        world.sim.fault(json!({"fault": "http_status", "target": "/helix/users", "code": code, "seconds": 600})).await;
        println!("{code}");
        vera.post(PATH, json!({"login": "mira_plays"}))
            .await
            .is_problem(503, "twitch-unavailable");
        assert!(vera.subscriptions().await.is_empty(), "{code}");
        world.sim.clear_faults().await;
    }
    assert_eq!(asked_for(&world).await, 0);
    eventually_subscribes(&vera).await;
}

/// A rate limit is waited out, so Twitch may be asked again only after a moment.
async fn eventually_subscribes(vera: &Browser) {
    eventually("Twitch to be asked again", PATIENCE, async || {
        (subscribes(vera, "mira_plays").await.0 == 201).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_is_no_login_and_who_is_nobody_are_told_apart() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    for wrong in [
        "",
        " ",
        "@",
        "mira plays",
        "mira-plays",
        "https://example.org/mira_plays",
        "twitch.tv/",
        "../mira",
        "ab\u{e9}",
        "a2345678901234567890123456",
    ] {
        println!("{wrong:?}");
        vera.post(PATH, json!({ "login": wrong }))
            .await
            .is_problem(422, "invalid-login");
    }
    vera.post(PATH, json!({"login": "nobody_of_this_name"}))
        .await
        .is_problem(404, "streamer-not-found");
    assert!(vera.subscriptions().await.is_empty());
}

#[tokio::test]
async fn a_streamer_is_found_however_the_name_is_written() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    for written in [
        "mira_plays",
        "MIRA_Plays",
        "@mira_plays",
        " mira_plays ",
        "https://www.twitch.tv/Mira_Plays",
        "http://twitch.tv/mira_plays/",
        "twitch.tv/mira_plays/videos?filter=all",
        "m.twitch.tv/mira_plays#chat",
        "https://twitch.tv/mira_plays?lang=de",
    ] {
        println!("{written}");
        let (status, entry) = subscribes(&vera, written).await;
        assert!(matches!(status, 200 | 201), "{status} {entry}");
        assert_eq!(entry["broadcaster"]["id"], Sim::id("mira_plays"));
        assert_eq!(entry["broadcaster"]["login"], "mira_plays");
        assert_eq!(entry["broadcaster"]["display_name"], "Mira_Plays");
    }
    assert_eq!(vera.subscriptions().await.len(), 1);
}

#[tokio::test]
async fn subscribing_twice_is_subscribing_once() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let (first, entry) = subscribes(&vera, "mira_plays").await;
    let (second, again) = subscribes(&vera, "mira_plays").await;
    assert_eq!((first, second), (201, 200));
    assert_eq!(entry["created_at"], again["created_at"]);
    assert_eq!(
        (&entry["unread"], &entry["last_event"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(vera.subscriptions().await.len(), 1);

    let at_once = join_all((0..8).map(|_| subscribes(&vera, "kiteflyer"))).await;
    let created = at_once.iter().filter(|(status, _)| *status == 201).count();
    assert_eq!(created, 1, "{at_once:?}");
    assert!(
        at_once
            .iter()
            .all(|(status, _)| matches!(status, 200 | 201))
    );
}

#[tokio::test]
async fn the_own_channel_can_be_subscribed_to() {
    let world = World::start().await;
    let mira = world.server.log_in("mira_plays").await;
    assert_eq!(subscribes(&mira, "mira_plays").await.0, 201);
    assert_eq!(mira.subscriptions().await.len(), 1);
}

#[tokio::test]
async fn there_is_a_limit_and_it_says_what_it_is() {
    let world = World::with(&[("MAX_SUBSCRIPTIONS_PER_VIEWER", "2")]).await;
    let vera = world.server.log_in("viewer_vera").await;
    let wanted = [
        "mira_plays",
        "kiteflyer",
        "deepseadana",
        "pixel_baker",
        "late_owl",
    ];
    let statuses: Vec<u16> = join_all(wanted.map(|login| subscribes(&vera, login)))
        .await
        .iter()
        .map(|(status, _)| *status)
        .collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        2,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 409).count(),
        3,
        "{statuses:?}"
    );
    let have = vera.subscriptions().await;
    assert_eq!(have.len(), 2);
    let problem = vera
        .post(PATH, json!({"login": "ostrich_op"}))
        .await
        .is_problem(409, "subscription-limit");
    assert!(
        problem["detail"].as_str().unwrap().contains('2'),
        "{problem}"
    );
    // What is there is there; another viewer has a limit of their own; leaving makes room.
    let (status, _) = subscribes(&vera, have[0]["broadcaster"]["login"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    let omar = world.server.log_in("viewer_omar").await;
    assert_eq!(subscribes(&omar, "ostrich_op").await.0, 201);
    let gone = have[0]["broadcaster"]["id"].as_str().unwrap();
    assert_eq!(vera.delete(&format!("{PATH}/{gone}")).await.status, 204);
    assert_eq!(subscribes(&vera, "ostrich_op").await.0, 201);
}

#[tokio::test]
async fn leaving_is_quiet_about_what_was_not_there() {
    let world = World::start().await;
    let (vera, omar) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("viewer_omar").await,
    );
    vera.subscribe("mira_plays").await;
    omar.subscribe("mira_plays").await;
    let path = format!("{PATH}/{}", Sim::id("mira_plays"));
    for path in [
        path.as_str(),
        path.as_str(),
        "/api/v1/subscriptions/nobody",
        "/api/v1/subscriptions/%00",
    ] {
        assert_eq!(vera.delete(path).await.status, 204, "{path}");
    }
    assert!(vera.subscriptions().await.is_empty());
    assert_eq!(
        omar.subscriptions().await.len(),
        1,
        "everybody has their own"
    );
}

#[tokio::test]
async fn who_comes_back_to_a_streamer_begins_with_nothing_unread() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let mira = Sim::id("mira_plays");
    let happens = async || {
        let condition = json!({"to_broadcaster_user_id": mira});
        let event = json!({
            "from_broadcaster_user_id": "555000111", "from_broadcaster_user_login": "late_owl",
            "from_broadcaster_user_name": "Late_Owl", "to_broadcaster_user_id": mira,
            "to_broadcaster_user_login": "mira_plays", "to_broadcaster_user_name": "Mira_Plays", "viewers": 3,
        });
        let raid = Message::notification("channel.raid", "1", &condition, &event);
        raid.accepted(&world.server).await;
    };
    vera.subscribe("mira_plays").await;
    happens().await;
    assert_eq!(vera.subscriptions().await[0]["unread"], 1);
    let path = format!("{PATH}/{mira}");
    assert_eq!(vera.delete(&path).await.status, 204);
    happens().await;
    let (status, entry) = subscribes(&vera, "mira_plays").await;
    assert_eq!((status, &entry["unread"]), (201, &json!(0)));
    assert_eq!(
        entry["last_event"]["type"], "channel.raid",
        "what was stored is there"
    );
    happens().await;
    assert_eq!(vera.subscriptions().await[0]["unread"], 1);
}

#[tokio::test]
async fn live_streamers_come_first() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    for login in ["late_owl", "mira_plays", "ostrich_op", "kiteflyer"] {
        vera.subscribe(login).await;
    }
    eventually("who is live to be known", PATIENCE, async || {
        let all = vera.subscriptions().await;
        let live: Vec<bool> = all.iter().map(|one| one["live"].is_object()).collect();
        (live == [true, true, false, false]).then_some(())
    })
    .await;
}
