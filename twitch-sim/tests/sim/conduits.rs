//! Conduits: shards, binding, routing, and what is told when one is disabled.

use serde_json::{Value, json};

use crate::client_socket::Socket;
use crate::receiver::{Answer, Receiver};
use crate::support::{SECRET, Sim, fast, quiet, text, until};

const ONLINE: (&str, &str) = ("stream.online", "1");

fn websocket(session_id: &str) -> Value {
    json!({ "method": "websocket", "session_id": session_id })
}

/// Binds a new socket to a shard.
async fn bound(sim: &Sim, app: &str, conduit: &str, shard: &str) -> Socket {
    let mut socket = sim.socket("").await;
    let session = socket.welcome().await;
    let reply = sim.bind(app, conduit, shard, websocket(&session)).await;
    assert_eq!(reply.status, 202);
    assert_eq!(reply.body["errors"], json!([]));
    assert_eq!(reply.body["data"][0]["status"], "enabled");
    assert_eq!(
        reply.body["data"][0]["transport"]["session_id"],
        json!(session)
    );
    socket
}

#[tokio::test]
async fn there_are_five_conduits_at_most_and_they_are_the_apps_own() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let path = "/helix/eventsub/conduits";
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(sim.conduit(&app, 2).await);
    }
    assert_eq!(
        sim.post(path, &app, json!({ "shard_count": 1 }))
            .await
            .status,
        429
    );
    let listed = sim.get(path, &app).await;
    assert_eq!(listed.body["data"].as_array().unwrap().len(), 5);
    assert_eq!(
        sim.delete(&format!("{path}?id={}", ids[0]), &app)
            .await
            .status,
        204
    );
    assert_eq!(
        sim.delete(&format!("{path}?id={}", ids[0]), &app)
            .await
            .status,
        404
    );
    assert_eq!(
        sim.post(path, &app, json!({ "shard_count": 0 }))
            .await
            .status,
        400
    );
    let resized = sim
        .patch(path, &app, json!({ "id": ids[1], "shard_count": 3 }))
        .await;
    assert_eq!(resized.body["data"][0]["shard_count"], 3);
    assert_eq!(
        sim.patch(path, &app, json!({ "id": ids[0], "shard_count": 3 }))
            .await
            .status,
        404
    );
    let viewer = sim.login("viewer_vera", "user:read:chat").await;
    assert_eq!(sim.get(path, &viewer.access).await.status, 401);
}

#[tokio::test]
async fn shards_are_taken_or_refused_one_by_one() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let conduit = sim.conduit(&app, 2).await;
    let mut socket = sim.socket("").await;
    let session = socket.welcome().await;
    let body = json!({ "conduit_id": conduit, "shards": [
        { "id": "0", "transport": websocket(&session) },
        { "id": "1", "transport": websocket("gone") },
        { "id": "7", "transport": websocket(&session) },
        { "id": "1", "transport": websocket(&session) },
    ]});
    let reply = sim
        .patch("/helix/eventsub/conduits/shards", &app, body)
        .await;
    assert_eq!(reply.status, 202);
    assert_eq!(reply.body["data"].as_array().unwrap().len(), 1);
    let failed: Vec<&Value> = reply.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["id"])
        .collect();
    assert_eq!(failed, ["1", "7", "1"]);
    assert_eq!(
        sim.bind(&app, "nope", "0", websocket(&session))
            .await
            .status,
        404
    );
    let path = "/helix/eventsub/conduits/shards?conduit_id=nope";
    assert_eq!(sim.get(path, &app).await.status, 404);
}

#[tokio::test]
async fn a_bound_session_is_used_and_an_unbound_one_is_not() {
    let sim = Sim::start(fast());
    let app = sim.app_token().await;
    let conduit = sim.conduit(&app, 1).await;
    let mut socket = bound(&sim, &app, &conduit, "0").await;
    let mut unbound = sim.socket("").await;
    unbound.welcome().await;
    assert_eq!(unbound.closed().await, Some(4003));
    assert_eq!(
        socket.next().await["metadata"]["message_type"],
        "session_keepalive"
    );
    assert_eq!(sim.shards(&app, &conduit).await, ["enabled"]);
}

#[tokio::test]
async fn events_go_to_one_shard_to_the_other_when_it_is_lost_and_nowhere_without_any() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let conduit = sim.conduit(&app, 2).await;
    let mut sockets = [
        bound(&sim, &app, &conduit, "0").await,
        bound(&sim, &app, &conduit, "1").await,
    ];
    let condition = json!({ "broadcaster_user_id": sim.id("mira_plays").await });
    let transport = json!({ "method": "conduit", "conduit_id": conduit });
    let created = sim.subscribe(&app, ONLINE, condition, transport).await;
    let subscription = text(&created.body["data"][0]["id"]);
    let condition = json!({ "client_id": twitch_sim::CLIENT_ID });
    let transport = json!({ "method": "conduit", "conduit_id": conduit });
    let told = sim
        .subscribe(&app, ("conduit.shard.disabled", "1"), condition, transport)
        .await;
    assert_eq!(told.status, 202, "{}", told.body);

    let online = json!({ "type": "stream.online", "broadcaster": "mira_plays" });
    let ids = sim.event(online.clone()).await;
    let entry = sim.log().await["deliveries"][0].clone();
    assert_eq!(entry["message_id"], json!(ids[0]));
    let home: usize = text(&entry["shard_id"]).parse().unwrap();
    let message = sockets[home].news().await;
    assert_eq!(message["metadata"]["message_id"], json!(ids[0]));
    assert_eq!(
        message["payload"]["subscription"]["transport"],
        json!({ "method": "conduit", "conduit_id": conduit })
    );

    sockets[home].0.close(None).await.unwrap();
    let other = &mut sockets[1 - home];
    let disabled = other.news().await;
    assert_eq!(
        disabled["metadata"]["subscription_type"],
        "conduit.shard.disabled"
    );
    assert_eq!(disabled["payload"]["event"]["shard_id"], home.to_string());
    assert_eq!(
        disabled["payload"]["event"]["status"],
        "websocket_disconnected"
    );
    let ids = sim.event(online.clone()).await;
    assert_eq!(other.news().await["metadata"]["message_id"], json!(ids[0]));

    other.0.close(None).await.unwrap();
    until(async || {
        let shards = sim.shards(&app, &conduit).await;
        shards.iter().all(|status| status != "enabled")
    })
    .await;
    assert!(sim.event(online.clone()).await.is_empty());
    assert_eq!(
        sim.subscription(&subscription).await.unwrap()["status"],
        "enabled"
    );

    // A new socket on the shard goes on where the old one stopped, without subscribing again.
    let mut again = bound(&sim, &app, &conduit, &home.to_string()).await;
    let ids = sim.event(online).await;
    assert_eq!(again.news().await["metadata"]["message_id"], json!(ids[0]));
}

#[tokio::test]
async fn a_webhook_shard_proves_itself_and_gets_signed_messages() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let conduit = sim.conduit(&app, 1).await;
    let mut receiver = Receiver::start();
    let hook = json!({ "method": "webhook", "callback": receiver.callback, "secret": SECRET });
    let reply = sim.bind(&app, &conduit, "0", hook.clone()).await;
    assert_eq!(
        reply.body["data"][0]["status"],
        "webhook_callback_verification_pending"
    );
    let challenge = receiver.next().await;
    assert_eq!(
        challenge.body["conduit_shard"],
        json!({ "conduit_id": conduit, "shard": "0" })
    );
    assert_eq!(
        challenge.header("twitch-eventsub-message-signature"),
        challenge.expected_signature(SECRET)
    );
    until(async || sim.shards(&app, &conduit).await == ["enabled"]).await;
    let condition = json!({ "broadcaster_user_id": sim.id("mira_plays").await });
    let transport = json!({ "method": "conduit", "conduit_id": conduit });
    sim.subscribe(&app, ONLINE, condition, transport).await;
    let ids = sim
        .event(json!({ "type": "stream.online", "broadcaster": "mira_plays" }))
        .await;
    let message = receiver.next().await;
    assert_eq!(message.header("twitch-eventsub-message-id"), ids[0]);
    assert_eq!(
        message.header("twitch-eventsub-message-signature"),
        message.expected_signature(SECRET)
    );

    receiver.answer([Answer::Status(500)]);
    sim.bind(&app, &conduit, "0", hook).await;
    until(async || sim.shards(&app, &conduit).await == ["webhook_callback_verification_failed"])
        .await;
}

#[tokio::test]
async fn a_deleted_conduit_takes_its_subscriptions_along() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let conduit = sim.conduit(&app, 1).await;
    let condition = json!({ "broadcaster_user_id": sim.id("mira_plays").await });
    let transport = json!({ "method": "conduit", "conduit_id": conduit });
    let created = sim.subscribe(&app, ONLINE, condition, transport).await;
    sim.delete(&format!("/helix/eventsub/conduits?id={conduit}"), &app)
        .await;
    let id = text(&created.body["data"][0]["id"]);
    assert_eq!(
        sim.subscription(&id).await.unwrap()["status"],
        "conduit_deleted"
    );
}

#[tokio::test]
async fn a_shard_disabled_on_demand_leaves_its_socket_open() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let conduit = sim.conduit(&app, 1).await;
    let mut socket = bound(&sim, &app, &conduit, "0").await;
    assert_eq!(
        sim.fault(json!({ "fault": "disable_shard", "target": "0" }))
            .await,
        1
    );
    assert_eq!(
        sim.shards(&app, &conduit).await,
        ["websocket_network_error"]
    );
    assert_eq!(
        sim.fault(json!({ "fault": "close_code", "code": 4005 }))
            .await,
        1
    );
    assert_eq!(socket.closed().await, Some(4005));
}
