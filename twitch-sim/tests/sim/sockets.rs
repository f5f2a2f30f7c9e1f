//! WebSocket sessions from the welcome to the close code.

use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::client_socket::Socket;
use crate::support::{Sim, fast, quiet, text, until};

/// A socket with one subscription on its session: the socket, the session's id, the subscription's.
/// What can be done before is, since the session must be used in time.
async fn subscribed(sim: &Sim) -> (Socket, String, String) {
    let vera = sim.login("viewer_vera", "user:read:chat").await;
    let condition = json!({ "broadcaster_user_id": sim.id("mira_plays").await });
    let mut socket = sim.socket("").await;
    let session = socket.welcome().await;
    let transport = json!({ "method": "websocket", "session_id": session });
    let reply = sim
        .subscribe(&vera.access, ("stream.online", "1"), condition, transport)
        .await;
    assert_eq!(reply.status, 202, "{}", reply.body);
    let id = text(&reply.body["data"][0]["id"]);
    (socket, session, id)
}

fn online() -> Value {
    json!({ "type": "stream.online", "broadcaster": "mira_plays" })
}

#[tokio::test]
async fn the_welcome_tells_the_session_and_clamps_the_keepalive() {
    let sim = Sim::start(quiet());
    for (query, seconds) in [
        ("", 10),
        ("?keepalive_timeout_seconds=30", 30),
        ("?keepalive_timeout_seconds=1", 10),
        ("?keepalive_timeout_seconds=9999", 600),
        ("?keepalive_timeout_seconds=x", 10),
    ] {
        let welcome = sim.socket(query).await.next().await;
        assert_eq!(welcome["metadata"]["message_type"], "session_welcome");
        let session = &welcome["payload"]["session"];
        assert_eq!(session["keepalive_timeout_seconds"], seconds, "{query}");
        assert_eq!(session["status"], "connected");
        assert_eq!(session["reconnect_url"], Value::Null);
    }
    sim.stop().await;
}

#[tokio::test]
async fn an_unused_session_is_closed_with_4003() {
    let sim = Sim::start(fast());
    let mut socket = sim.socket("").await;
    socket.welcome().await;
    assert_eq!(socket.closed().await, Some(4003));
}

#[tokio::test]
async fn a_used_session_stays_and_gets_keepalives_and_events() {
    let sim = Sim::start(fast());
    let (mut socket, session, subscription) = subscribed(&sim).await;
    for _ in 0..3 {
        let keepalive = socket.next().await;
        assert_eq!(keepalive["metadata"]["message_type"], "session_keepalive");
        assert_eq!(keepalive["payload"], json!({}));
    }
    let ids = sim.event(online()).await;
    let message = socket.news().await;
    assert_eq!(message["metadata"]["message_type"], "notification");
    assert_eq!(message["metadata"]["message_id"], json!(ids[0]));
    assert_eq!(message["metadata"]["subscription_type"], "stream.online");
    assert_eq!(
        message["payload"]["subscription"]["id"],
        json!(subscription)
    );
    assert_eq!(message["payload"]["event"]["type"], "live");
    let log = sim.log().await;
    let entry = &log["deliveries"][0];
    assert_eq!(entry["message_id"], json!(ids[0]));
    assert_eq!(entry["session_id"], json!(session));
    assert_eq!(entry["outcome"], "sent");
}

#[tokio::test]
async fn a_client_that_talks_is_closed_with_4001() {
    let sim = Sim::start(quiet());
    let (mut socket, _, subscription) = subscribed(&sim).await;
    socket.0.send(Message::text("hello")).await.unwrap();
    assert_eq!(socket.closed().await, Some(4001));
    sim.becomes(&subscription, "websocket_received_inbound_traffic")
        .await;
}

#[tokio::test]
async fn a_closed_socket_disables_its_subscriptions_which_then_vanish() {
    let sim = Sim::start(fast());
    let (mut socket, _, subscription) = subscribed(&sim).await;
    socket.0.close(None).await.unwrap();
    sim.becomes(&subscription, "websocket_disconnected").await;
    assert!(sim.event(online()).await.is_empty());
    until(async || sim.subscription(&subscription).await.is_none()).await;
}

#[tokio::test]
async fn a_session_moves_to_its_reconnect_url_and_loses_nothing() {
    let sim = Sim::start(quiet());
    let (mut old, session, subscription) = subscribed(&sim).await;
    assert_eq!(sim.fault(json!({ "fault": "reconnect_sockets" })).await, 1);
    let reconnect = old.news().await;
    assert_eq!(reconnect["metadata"]["message_type"], "session_reconnect");
    assert_eq!(reconnect["payload"]["session"]["status"], "reconnecting");
    assert_eq!(
        reconnect["payload"]["session"]["keepalive_timeout_seconds"],
        Value::Null
    );
    let url = text(&reconnect["payload"]["session"]["reconnect_url"]);

    let before = sim.event(online()).await;
    assert_eq!(old.news().await["metadata"]["message_id"], json!(before[0]));
    let mut new = Socket::connect(&url).await;
    assert_eq!(new.welcome().await, session);
    // In the overlap both sockets tell it, under the same id.
    let both = sim.event(online()).await;
    assert_eq!(old.news().await["metadata"]["message_id"], json!(both[0]));
    assert_eq!(new.news().await["metadata"]["message_id"], json!(both[0]));
    old.0.close(None).await.unwrap();
    old.closed().await;
    let after = sim.event(online()).await;
    assert_eq!(new.news().await["metadata"]["message_id"], json!(after[0]));
    assert_eq!(
        sim.subscription(&subscription).await.unwrap()["status"],
        "enabled"
    );

    let mut again = Socket::connect(&url).await;
    assert_eq!(
        again.closed().await,
        Some(4007),
        "a reconnect URL works once"
    );
}

#[tokio::test]
async fn a_client_that_does_not_move_is_closed_with_4004() {
    let sim = Sim::start(fast());
    let (mut socket, _, subscription) = subscribed(&sim).await;
    sim.fault(json!({ "fault": "reconnect_sockets" })).await;
    let url = text(&socket.news().await["payload"]["session"]["reconnect_url"]);
    let mut altered = Socket::connect(&format!("{url}&keepalive_timeout_seconds=30")).await;
    assert_eq!(altered.closed().await, Some(4007));
    assert_eq!(socket.closed().await, Some(4004));
    sim.becomes(&subscription, "websocket_failed_to_reconnect")
        .await;
    assert_eq!(Socket::connect(&url).await.closed().await, Some(4007));
}

#[tokio::test]
async fn sockets_are_dropped_without_a_word_and_refused_for_a_while() {
    let sim = Sim::start(quiet());
    let (mut socket, _, subscription) = subscribed(&sim).await;
    assert_eq!(
        sim.fault(json!({ "fault": "drop_sockets", "seconds": 1000 }))
            .await,
        1
    );
    assert_eq!(socket.closed().await, None);
    sim.becomes(&subscription, "websocket_disconnected").await;
    let url = sim.url.replacen("http", "ws", 1);
    assert!(
        tokio_tungstenite::connect_async(format!("{url}/eventsub/ws"))
            .await
            .is_err()
    );
    let clear = sim.http.delete(format!("{}/sim/faults", sim.url));
    assert_eq!(sim.send(clear).await.status, 204);
    sim.socket("").await.welcome().await;
}

#[tokio::test]
async fn a_revoked_user_is_told_on_the_socket() {
    let sim = Sim::start(quiet());
    let (mut socket, session, subscription) = subscribed(&sim).await;
    sim.fault(json!({ "fault": "revoke_token", "target": "viewer_vera" }))
        .await;
    let message = socket.news().await;
    assert_eq!(message["metadata"]["message_type"], "revocation");
    assert_eq!(message["metadata"]["subscription_type"], "stream.online");
    let shown = &message["payload"]["subscription"];
    assert_eq!(shown["id"], json!(subscription));
    assert_eq!(shown["status"], "authorization_revoked");
    assert_eq!(shown["transport"]["session_id"], json!(session));
}

#[tokio::test]
async fn a_lost_socket_that_nobody_noticed_is_in_the_way() {
    let sim = Sim::start(quiet());
    let (mut socket, _, ghost) = subscribed(&sim).await;
    sim.fault(json!({ "fault": "leftover_subscriptions", "seconds": 1000 }))
        .await;
    sim.fault(json!({ "fault": "drop_sockets" })).await;
    socket.closed().await;
    let mut socket = sim.socket("").await;
    let session = socket.welcome().await;
    let vera = sim.login("viewer_vera", "user:read:chat").await;
    let condition = json!({ "broadcaster_user_id": sim.id("mira_plays").await });
    let transport = json!({ "method": "websocket", "session_id": session });
    let create = async || {
        sim.subscribe(
            &vera.access,
            ("stream.online", "1"),
            condition.clone(),
            transport.clone(),
        )
        .await
    };
    let conflict = create().await;
    assert_eq!(
        (conflict.status, &conflict.body["id"]),
        (409, &json!(ghost))
    );
    let path = format!("/helix/eventsub/subscriptions?id={ghost}");
    assert_eq!(sim.delete(&path, &vera.access).await.status, 204);
    assert_eq!(create().await.status, 202);
}

#[tokio::test]
async fn in_a_silence_nothing_comes_and_what_should_have_is_lost() {
    let sim = Sim::start(fast());
    let (mut socket, ..) = subscribed(&sim).await;
    sim.fault(json!({ "fault": "silence", "seconds": 1000 }))
        .await;
    assert!(sim.event(online()).await.is_empty());
    // Two keepalives would have been due.
    let while_silent = std::time::Duration::from_millis(1500);
    while let Ok(sent) = tokio::time::timeout(while_silent, socket.next()).await {
        let before_the_silence = &sent["metadata"]["message_type"];
        assert_eq!(before_the_silence, "session_keepalive");
    }
    sim.fault(json!({ "fault": "silence", "seconds": 0 })).await;
    let ids = sim.event(online()).await;
    assert_eq!(socket.news().await["metadata"]["message_id"], json!(ids[0]));
}

#[tokio::test]
async fn a_delayed_message_is_overtaken() {
    let sim = Sim::start(quiet());
    let (mut socket, ..) = subscribed(&sim).await;
    sim.fault(json!({ "fault": "delay", "seconds": 0.2 })).await;
    let late = sim.event(online()).await;
    let punctual = sim.event(online()).await;
    assert_eq!(
        socket.news().await["metadata"]["message_id"],
        json!(punctual[0])
    );
    assert_eq!(
        socket.news().await["metadata"]["message_id"],
        json!(late[0])
    );
}

#[tokio::test]
async fn thousands_of_events_arrive_in_order() {
    let sim = Sim::start(quiet());
    let (mut socket, ..) = subscribed(&sim).await;
    let ids = sim
        .event(json!({ "type": "stream.online", "broadcaster": "mira_plays", "count": 5000 }))
        .await;
    assert_eq!(ids.len(), 5000);
    for id in ids {
        assert_eq!(socket.news().await["metadata"]["message_id"], json!(id));
    }
}
