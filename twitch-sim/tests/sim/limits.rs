//! How much one user or app may subscribe to.

use serde_json::json;

use crate::client_socket::Socket;
use crate::subscriptions::{ONLINE, chat, on, websocket};
use crate::support::{Sim, quiet, text};

#[tokio::test]
async fn a_user_has_ten_points_and_one_session_one_user() {
    let sim = Sim::start(quiet());
    let vera = sim.login("viewer_vera", "user:read:chat").await;
    let omar = sim.login("viewer_omar", "user:read:chat").await;
    let mut socket = sim.socket("").await;
    let session = socket.welcome().await;
    let streams = sim
        .get(
            "/helix/users?login=mira_plays&login=kiteflyer&login=deepseadana",
            &vera.access,
        )
        .await;
    let ids: Vec<String> = streams.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| text(&user["id"]))
        .collect();
    let mut statuses = Vec::new();
    for id in &ids {
        for wanted in [
            ONLINE,
            ("stream.offline", "1"),
            ("channel.update", "2"),
            ("channel.shared_chat.begin", "1"),
        ] {
            let reply = sim
                .subscribe(&vera.access, wanted, on(id), websocket(&session))
                .await;
            statuses.push(reply.status);
        }
    }
    assert_eq!(statuses, [[202; 10].as_slice(), &[429; 2]].concat());
    // Chat costs nothing, so it still fits.
    let vera_id = sim.id("viewer_vera").await;
    let read = ("channel.chat.message", "1");
    let reply = sim
        .subscribe(
            &vera.access,
            read,
            chat(&ids[0], &vera_id),
            websocket(&session),
        )
        .await;
    assert_eq!(
        (reply.status, &reply.body["data"][0]["cost"]),
        (202, &json!(0))
    );
    assert_eq!(reply.body["max_total_cost"], 10);

    let foreign = sim
        .subscribe(&omar.access, ONLINE, on(&ids[0]), websocket(&session))
        .await;
    assert_eq!(foreign.status, 400);
    let message = text(&foreign.body["message"]);
    assert_eq!(
        message,
        "websocket transport cannot have subscriptions created by different users"
    );

    let mine = sim.get("/helix/eventsub/subscriptions", &vera.access).await;
    assert_eq!(mine.body["total"], 11);
    let app = sim
        .get("/helix/eventsub/subscriptions", &sim.app_token().await)
        .await;
    assert_eq!(app.body["total"], 0);
}

#[tokio::test]
async fn a_user_has_three_connections() {
    let sim = Sim::start(quiet());
    let vera = sim.login("viewer_vera", "user:read:chat").await;
    let mira = sim.id("mira_plays").await;
    let types = [
        ONLINE,
        ("stream.offline", "1"),
        ("channel.update", "2"),
        ("channel.shared_chat.begin", "1"),
    ];
    let mut sockets = Vec::new();
    for (number, wanted) in types.into_iter().enumerate() {
        let mut socket = sim.socket("").await;
        let session = socket.welcome().await;
        sockets.push(socket);
        let reply = sim
            .subscribe(&vera.access, wanted, on(&mira), websocket(&session))
            .await;
        assert_eq!(reply.status, if number < 3 { 202 } else { 429 });
    }
    let reply = sim.get("/helix/eventsub/subscriptions", &vera.access).await;
    assert_eq!(reply.body["total"], 3);
}

#[tokio::test]
async fn an_identical_subscription_may_exist_thrice_on_different_receivers() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let mira = sim.id("mira_plays").await;
    for expected in [202, 202, 202, 429] {
        let conduit = json!({ "method": "conduit", "conduit_id": sim.conduit(&app, 1).await });
        let reply = sim.subscribe(&app, ONLINE, on(&mira), conduit).await;
        assert_eq!(reply.status, expected, "{:?}", reply.body);
    }
}

/// Ids of this many people other than the viewers, learnt from a busy chat.
async fn people(sim: &Sim, socket: &mut Socket, count: usize) -> Vec<String> {
    let mut ids = std::collections::BTreeSet::new();
    while ids.len() < count {
        let order =
            json!({ "type": "channel.chat.message", "broadcaster": "mira_plays", "count": 50 });
        for _ in sim.event(order).await {
            let message = socket.news().await;
            ids.insert(text(&message["payload"]["event"]["chatter_user_id"]));
        }
    }
    ids.into_iter().take(count).collect()
}

#[tokio::test]
async fn a_reader_may_be_in_a_hundred_chats_and_a_session_carry_300_subscriptions() {
    let sim = Sim::start(quiet());
    let vera = sim.login("viewer_vera", "user:read:chat").await;
    let (mira, vera_id) = (sim.id("mira_plays").await, sim.id("viewer_vera").await);
    let mut socket = sim.socket("").await;
    let session = socket.welcome().await;
    let subscribe = async |wanted: &str, broadcaster: &str| {
        let condition = chat(broadcaster, &vera_id);
        let reply = sim
            .subscribe(&vera.access, (wanted, "1"), condition, websocket(&session))
            .await;
        reply.status
    };
    assert_eq!(subscribe("channel.chat.message", &mira).await, 202);
    let mut others = people(&sim, &mut socket, 102).await;
    others.retain(|id| *id != mira && *id != vera_id);
    for other in &others[..99] {
        assert_eq!(subscribe("channel.chat.message", other).await, 202);
    }
    assert_eq!(subscribe("channel.chat.message", &others[99]).await, 403);
    assert_eq!(
        subscribe("channel.chat.message", &vera_id).await,
        202,
        "the own chat is free"
    );
    for other in &others[..99] {
        assert_eq!(subscribe("channel.chat.notification", other).await, 202);
        assert_eq!(subscribe("channel.chat.clear", other).await, 202);
    }
    assert_eq!(subscribe("channel.chat.clear", &mira).await, 202);
    assert_eq!(
        subscribe("channel.chat.notification", &mira).await,
        429,
        "the 301st is"
    );
}
