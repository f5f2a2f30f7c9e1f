//! Events on demand, faults, and the activity that needs no demand.

use serde_json::{Value, json};
use twitch_sim::Options;

use crate::receiver::Receiver;
use crate::support::{SECRET, Sim, quiet, text, until};

/// A conduit with one webhook shard, and a subscription to stream.online of two broadcasters.
async fn listening(sim: &Sim, receiver: &mut Receiver) -> String {
    let app = sim.app_token().await;
    let conduit = sim.conduit(&app, 1).await;
    let hook = json!({ "method": "webhook", "callback": receiver.callback, "secret": SECRET });
    sim.bind(&app, &conduit, "0", hook).await;
    receiver.next().await;
    until(async || sim.shards(&app, &conduit).await == ["enabled"]).await;
    for login in ["mira_plays", "kiteflyer"] {
        for wanted in [("stream.online", "1"), ("channel.update", "2")] {
            let condition = json!({ "broadcaster_user_id": sim.id(login).await });
            let transport = json!({ "method": "conduit", "conduit_id": conduit });
            assert_eq!(
                sim.subscribe(&app, wanted, condition, transport)
                    .await
                    .status,
                202
            );
        }
    }
    conduit
}

fn online() -> Value {
    json!({ "type": "stream.online", "broadcaster": "mira_plays" })
}

#[tokio::test]
async fn events_can_be_shaped_counted_and_named() {
    let sim = Sim::start(quiet());
    let mut receiver = Receiver::start();
    listening(&sim, &mut receiver).await;
    let order = json!({
        "type": "channel.update", "version": "2", "broadcaster": "kiteflyer",
        "event": { "title": "A title of my own", "unheard_of": [1, null] }, "message_id": "my-id",
    });
    assert_eq!(sim.event(order).await, ["my-id"]);
    let message = receiver.next().await;
    assert_eq!(message.header("twitch-eventsub-message-id"), "my-id");
    assert_eq!(message.body["event"]["title"], "A title of my own");
    assert_eq!(message.body["event"]["unheard_of"], json!([1, null]));
    assert_eq!(message.body["event"]["broadcaster_user_login"], "kiteflyer");

    let many = json!({ "type": "stream.online", "broadcaster": "mira_plays", "count": 120 });
    let ids: std::collections::HashSet<String> = sim.event(many).await.into_iter().collect();
    assert_eq!(ids.len(), 120);

    for order in [
        json!({ "type": "stream.online", "broadcaster": "nobody_at_all" }),
        json!({ "type": "stream.online" }),
        json!({ "type": "stream.online", "broadcaster": "mira_plays", "count": 0 }),
        json!({ "type": "stream.online", "broadcaster": "mira_plays", "event": 7 }),
        json!({ "type": "stream.online", "broadcaster": "mira_plays", "typo": 7 }),
    ] {
        let request = sim
            .http
            .post(format!("{}/sim/events", sim.url))
            .json(&order);
        assert_eq!(sim.send(request).await.status, 400, "{order}");
    }
}

#[tokio::test]
async fn an_unknown_type_reaches_a_subscription_picked_by_hand() {
    let sim = Sim::start(quiet());
    let mut receiver = Receiver::start();
    listening(&sim, &mut receiver).await;
    let order = json!({ "type": "channel.brand_new", "version": "9", "broadcaster": "mira_plays", "event": { "x": 1 } });
    assert!(
        sim.event(order.clone()).await.is_empty(),
        "nobody can have subscribed to it"
    );
    let listed = sim
        .get("/helix/eventsub/subscriptions", &sim.app_token().await)
        .await;
    let mut order = order;
    order["subscription_id"] = listed.body["data"][0]["id"].clone();
    assert_eq!(sim.event(order).await.len(), 1);
    let message = receiver.next().await;
    assert_eq!(
        message.header("twitch-eventsub-subscription-type"),
        "channel.brand_new"
    );
    assert_eq!(message.body["subscription"]["type"], "channel.brand_new");
    assert_eq!(message.body["event"]["x"], 1);
    assert_eq!(
        message.body["event"]["broadcaster_user_login"],
        "mira_plays"
    );
}

#[tokio::test]
async fn deliveries_are_repeated_with_the_same_id_or_a_new_one() {
    let sim = Sim::start(quiet());
    let mut receiver = Receiver::start();
    listening(&sim, &mut receiver).await;
    sim.fault(json!({ "fault": "duplicate" })).await;
    let ids = sim.event(online()).await;
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    let (first, second) = (receiver.next().await, receiver.next().await);
    assert_eq!(first.raw, second.raw);

    sim.fault(json!({ "fault": "same_happening_new_id" })).await;
    let ids = sim.event(online()).await;
    assert_ne!(ids[0], ids[1]);
    let (first, second) = (receiver.next().await, receiver.next().await);
    assert_eq!(first.body["event"], second.body["event"]);
    assert_eq!(sim.event(online()).await.len(), 1);
}

#[tokio::test]
async fn the_clock_of_messages_can_be_wrong() {
    let sim = Sim::start(quiet());
    let mut receiver = Receiver::start();
    listening(&sim, &mut receiver).await;
    sim.fault(json!({ "fault": "clock_skew", "seconds": -3600 }))
        .await;
    sim.event(online()).await;
    let message = receiver.next().await;
    let sent: jiff::Timestamp = message
        .header("twitch-eventsub-message-timestamp")
        .parse()
        .unwrap();
    let age = jiff::Timestamp::now().duration_since(sent).as_secs();
    assert!((3590..3610).contains(&age), "{age}");
}

#[tokio::test]
async fn paths_answer_with_a_status_on_demand() {
    let sim = Sim::start(quiet());
    let token = sim.app_token().await;
    sim.fault(json!({ "fault": "http_status", "target": "/helix", "code": 429, "count": 2 }))
        .await;
    let limited = sim.get("/helix/streams", &token).await;
    assert_eq!(limited.status, 429);
    assert!(limited.headers.contains_key("ratelimit-reset"));
    assert_eq!(
        sim.get("/helix/users?login=mira_plays", &token)
            .await
            .status,
        429
    );
    assert_eq!(sim.get("/helix/streams", &token).await.status, 200);
    let bad = sim
        .http
        .post(format!("{}/sim/faults", sim.url))
        .json(&json!({ "fault": "gremlins" }));
    assert_eq!(sim.send(bad).await.status, 400);
    let log = sim.log().await;
    let asked: Vec<&Value> = log["requests"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["path"] == "/helix/streams")
        .collect();
    assert_eq!(asked.len(), 2);
    assert_eq!(
        (&asked[0]["status"], &asked[1]["status"]),
        (&json!(429), &json!(200))
    );
    assert_eq!(asked[1]["client"], "app");
}

#[tokio::test]
async fn tokens_expire_and_refresh_tokens_rotate_on_demand() {
    let sim = Sim::start(quiet());
    let vera = sim.login("viewer_vera", "user:read:chat").await;
    let omar = sim.login("viewer_omar", "user:read:chat").await;
    assert_eq!(
        sim.fault(json!({ "fault": "expire_token", "target": "viewer_vera" }))
            .await,
        1
    );
    assert_eq!(sim.get("/helix/users", &vera.access).await.status, 401);
    assert_eq!(sim.get("/helix/users", &omar.access).await.status, 200);
    assert_eq!(
        sim.fault(json!({ "fault": "rotate_refresh", "target": "viewer_vera" }))
            .await,
        1
    );
    let form = [
        ("client_id", twitch_sim::CLIENT_ID),
        ("client_secret", twitch_sim::CLIENT_SECRET),
        ("grant_type", "refresh_token"),
        ("refresh_token", vera.refresh.as_str()),
    ];
    assert_eq!(sim.form("/oauth2/token", &form).await.status, 400);
    let app = sim.app_token().await;
    assert_eq!(
        sim.fault(json!({ "fault": "expire_token", "target": "app" }))
            .await,
        1
    );
    assert_eq!(sim.get("/helix/streams", &app).await.status, 401);
}

#[tokio::test]
async fn the_world_is_busy_by_itself_and_its_times_are_real() {
    let sim = Sim::start(Options {
        quiet: false,
        time_scale: 300.0,
        ..quiet()
    });
    let mut receiver = Receiver::start();
    let app = sim.app_token().await;
    let vera = sim.id("viewer_vera").await;
    sim.login("viewer_vera", "user:read:chat user:bot").await;
    let live = sim.get("/helix/streams", &app).await;
    for stream in live.body["data"].as_array().unwrap() {
        let started: jiff::Timestamp = text(&stream["started_at"]).parse().unwrap();
        assert!(started <= jiff::Timestamp::now());
        sim.login(&text(&stream["user_login"]), "channel:bot").await;
        let condition = json!({ "broadcaster_user_id": stream["user_id"], "user_id": vera });
        let transport =
            json!({ "method": "webhook", "callback": receiver.callback, "secret": SECRET });
        let wanted = ("channel.chat.notification", "1");
        let reply = sim.subscribe(&app, wanted, condition, transport).await;
        assert_eq!(reply.status, 202, "{}", reply.body);
    }
    let mut broadcasters = std::collections::HashSet::new();
    while broadcasters.len() < 2 {
        let message = receiver.next().await;
        if message.kind() == "notification" {
            broadcasters.insert(text(&message.body["event"]["broadcaster_user_login"]));
        }
    }
}
