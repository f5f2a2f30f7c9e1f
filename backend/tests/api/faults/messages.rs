//! Messages that come twice, at a wrong time, bent, or to say that no more will come.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    Gated, arrives, both_shards_serve, happens, has_received, readyz_is_content, received,
    topics_shown, watching,
};
use crate::messages::{ID, SIGNATURE, TIMESTAMP, TYPE};
use crate::support::{Answer, Browser, Message, PATIENCE, Server, Sim, World, brisk, eventually};

/// Every reason of Twitch, and one that nobody has heard of yet.
const REASONS: [&str; 19] = [
    "webhook_callback_verification_failed",
    "notification_failures_exceeded",
    "authorization_revoked",
    "moderator_removed",
    "user_removed",
    "chat_user_banned",
    "version_removed",
    "beta_maintenance",
    "conduit_deleted",
    "websocket_disconnected",
    "websocket_failed_ping_pong",
    "websocket_received_inbound_traffic",
    "websocket_connection_unused",
    "websocket_internal_error",
    "websocket_network_timeout",
    "websocket_network_error",
    "websocket_failed_to_reconnect",
    "a_reason_of_tomorrow",
    "",
];

/// So long no pass of the reconciler comes by itself: what a revocation does can be looked at.
fn unhurried() -> backend::timings::Timings {
    let long = std::time::Duration::from_secs(3600);
    backend::timings::Timings {
        topics_debounce: long,
        reconcile_every: long,
        shard_check_every: long,
        ..brisk()
    }
}

/// A frame of Twitch's socket.
fn frame(message_type: &str, payload: &Value) -> String {
    let metadata = json!({
        "message_id": uuid::Uuid::new_v4().to_string(), "message_type": message_type,
        "message_timestamp": jiff::Timestamp::now().to_string(),
    });
    json!({ "metadata": metadata, "payload": payload }).to_string()
}

/// The subscription of a type, as Twitch shows it.
async fn subscription(sim: &Sim, event_type: &str) -> Value {
    let enabled = sim.enabled().await;
    let found = enabled.into_iter().find(|one| one["type"] == event_type);
    found.unwrap()
}

/// Status and reason of a type of the streamer.
async fn shown(viewer: &Browser, event_type: &str) -> (String, String) {
    let topics = topics_shown(viewer, "mira_plays").await;
    let topic = topics.into_iter().find(|topic| topic["type"] == event_type);
    let topic = topic.unwrap();
    let text = |name: &str| topic[name].as_str().unwrap_or_default().to_owned();
    (text("status"), text("reason"))
}

#[track_caller]
fn is_in_words(status: &str, reason: &str) {
    assert!(
        reason.len() > 15 && reason.ends_with('.'),
        "{status}: {reason:?}"
    );
    assert!(
        !reason.contains('_'),
        "{status}: {reason:?} is not in words"
    );
}

#[tokio::test]
async fn each_reason_of_a_revocation_is_shown_in_words() {
    let settings = [("EVENTSUB_TRANSPORT", "webhook")];
    let mut world = World::with(&settings).await;
    let vera = watching(&world.server, "mira_plays").await;
    for login in ["kiteflyer", "deepseadana", "pixel_baker"] {
        vera.subscribe(login).await;
        arrives(&vera, login).await;
    }
    world.server.restart_tuned(unhurried()).await;
    readyz_is_content(&world.server, "eventsub").await;
    let at_twitch = world.sim.enabled().await;
    let mut of_streamers: Vec<Value> = at_twitch
        .into_iter()
        .filter(|one| one["type"] != "user.authorization.revoke")
        .collect();
    of_streamers.truncate(REASONS.len());
    assert_eq!(of_streamers.len(), REASONS.len(), "one for each");
    let mut reasons = Vec::new();
    for (mut subscription, status) in of_streamers.into_iter().zip(REASONS) {
        let before = failed(&vera).await;
        subscription["status"] = json!(status);
        let told = Message::new("revocation", &json!({ "subscription": subscription }));
        told.accepted(&world.server).await;
        let mut after = failed(&vera).await;
        for old in &before {
            let at = after.iter().position(|reason| reason == old).unwrap();
            after.remove(at);
        }
        assert_eq!(after.len(), 1, "{status}: this topic and no other");
        let reason = after.remove(0);
        is_in_words(status, &reason);
        reasons.push(reason);
    }
    assert_eq!(failed(&vera).await.len(), REASONS.len());
    for (one, other) in [(0, 1), (2, 5), (4, 8), (5, 6)] {
        assert_ne!(reasons[one], reasons[other], "what differs is told apart");
    }
}

/// The reasons of all topics of the viewer's streamers that have failed.
async fn failed(viewer: &Browser) -> Vec<String> {
    let entries = viewer.subscriptions().await;
    let topics = entries.iter().flat_map(|entry| entry["topics"].as_array());
    let failed = topics.flatten().filter(|topic| topic["status"] == "failed");
    failed
        .map(|topic| topic["reason"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn a_revocation_over_a_socket_is_shown_and_repaired() {
    let Gated { mut world, gate } =
        Gated::start(&[("EVENTSUB_TRANSPORT", "conduit")], brisk()).await;
    let vera = watching(&world.server, "mira_plays").await;
    world.server.restart_tuned(unhurried()).await;
    both_shards_serve(&world.sim).await;
    readyz_is_content(&world.server, "eventsub").await;
    let mut online = subscription(&world.sim, "stream.online").await;
    for status in ["user_removed", "websocket_network_error"] {
        online["status"] = json!(status);
        let told = frame("revocation", &json!({ "subscription": online }));
        gate.inject(&told);
        let reason = eventually("the topic to fail", PATIENCE, async || {
            let (shown_status, reason) = shown(&vera, "stream.online").await;
            (shown_status == "failed").then_some(reason)
        })
        .await;
        is_in_words(status, &reason);
        world.server.restart_tuned(brisk()).await;
        arrives(&vera, "mira_plays").await;
        world.server.restart_tuned(unhurried()).await;
        both_shards_serve(&world.sim).await;
        readyz_is_content(&world.server, "eventsub").await;
    }
}

/// A request to the webhook with these four headers.
async fn post(server: &Server, message: &Message, signature: &str) -> Answer {
    let ask = server
        .browser()
        .ask(Method::POST, "/webhooks/twitch")
        .header(ID, &message.id)
        .header(TIMESTAMP, &message.timestamp)
        .header(TYPE, &message.message_type)
        .header(SIGNATURE, signature);
    ask.body(message.body.clone()).send().await
}

/// The type header is outside the signature: whoever has seen a notification can send it again as another type.
#[tokio::test]
async fn a_captured_notification_sent_again_as_a_revocation_changes_nothing() {
    let world = World::with(&[("EVENTSUB_TRANSPORT", "webhook")]).await;
    let vera = watching(&world.server, "mira_plays").await;
    let online = subscription(&world.sim, "stream.online").await;
    let event = json!({
        "id": "41375541868", "broadcaster_user_id": Sim::id("mira_plays"), "broadcaster_user_login": "mira_plays",
        "broadcaster_user_name": "Mira_Plays", "type": "live", "started_at": "2026-11-01T18:00:00Z",
    });
    let body = json!({ "subscription": online, "event": event });
    let captured = Message::new("notification", &body);
    let signature = captured.signature();
    assert_eq!(post(&world.server, &captured, &signature).await.status, 204);
    let before = vera.events("").await;
    assert_eq!(before.len(), 1);
    for message_type in ["revocation", "webhook_callback_verification", "anything"] {
        let again = Message {
            message_type: message_type.to_owned(),
            ..captured.clone()
        };
        let answer = post(&world.server, &again, &signature).await;
        answer.is_problem(400, "malformed-message");
        // Another status in the body would need another signature.
        let mut bent = body.clone();
        bent["subscription"]["status"] = json!("user_removed");
        bent.as_object_mut().unwrap().remove("event");
        let bent = Message {
            body: bent.to_string(),
            ..again
        };
        let answer = post(&world.server, &bent, &signature).await;
        answer.is_problem(403, "bad-signature");
    }
    assert_eq!(shown(&vera, "stream.online").await.0, "enabled");
    assert_eq!(
        subscription(&world.sim, "stream.online").await["id"],
        online["id"]
    );
    assert_eq!(vera.events("").await, before);
    let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
    has_received(&vera, "mira_plays", &sent).await;
}

/// What comes over a socket names its type outside the payload as well.
#[tokio::test]
async fn a_frame_is_what_its_payload_is() {
    let Gated { world, gate } = Gated::start(&[("EVENTSUB_TRANSPORT", "conduit")], brisk()).await;
    let vera = watching(&world.server, "mira_plays").await;
    both_shards_serve(&world.sim).await;
    let online = subscription(&world.sim, "stream.online").await;
    let event = json!({
        "id": "1", "broadcaster_user_id": Sim::id("mira_plays"), "broadcaster_user_login": "mira_plays",
        "broadcaster_user_name": "Mira_Plays", "type": "live", "started_at": "2026-11-01T18:00:00Z",
    });
    gate.inject(&frame(
        "revocation",
        &json!({ "subscription": online, "event": event }),
    ));
    // Not a revocation of anything that has ended either.
    gate.inject(&frame("revocation", &json!({ "subscription": online })));
    eventually("the event", PATIENCE, async || {
        (vera.events("type=stream.online").await.len() == 1).then_some(())
    })
    .await;
    let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
    has_received(&vera, "mira_plays", &sent).await;
    assert_eq!(shown(&vera, "stream.online").await.0, "enabled");
    assert_eq!(
        subscription(&world.sim, "stream.online").await["id"],
        online["id"]
    );
}

/// Replayed at once, after more has happened, and over a fresh socket of a fresh server.
#[tokio::test]
async fn a_message_replayed_over_sockets_is_stored_once() {
    let Gated { mut world, gate } =
        Gated::start(&[("EVENTSUB_TRANSPORT", "conduit")], brisk()).await;
    let vera = watching(&world.server, "mira_plays").await;
    both_shards_serve(&world.sim).await;
    let raid = subscription(&world.sim, "channel.raid").await;
    let event = json!({
        "from_broadcaster_user_id": Sim::id("late_owl"), "from_broadcaster_user_login": "late_owl",
        "from_broadcaster_user_name": "Late_Owl", "to_broadcaster_user_id": Sim::id("mira_plays"),
        "to_broadcaster_user_login": "mira_plays", "to_broadcaster_user_name": "Mira_Plays", "viewers": 318,
    });
    let told = frame(
        "notification",
        &json!({ "subscription": raid, "event": event }),
    );
    for round in 1..=2 {
        // On both sockets at once, twice.
        gate.inject(&told);
        gate.inject(&told);
        let sent = happens(&world.sim, "stream.online", "mira_plays").await;
        has_received(&vera, "mira_plays", &sent).await;
        gate.inject(&told);
        let sent = happens(&world.sim, "stream.offline", "mira_plays").await;
        has_received(&vera, "mira_plays", &sent).await;
        eventually("the raid", PATIENCE, async || {
            let raids = vera.events("type=channel.raid").await;
            assert!(raids.len() <= 1, "{raids:?}");
            (raids.len() == 1).then_some(())
        })
        .await;
        assert_eq!(received(&vera, "mira_plays").await.len(), 1 + 2 * round);
        // Before a stop, what the sockets brought is stored.
        world.server.restart().await;
        both_shards_serve(&world.sim).await;
        assert_eq!(received(&vera, "mira_plays").await.len(), 1 + 2 * round);
    }
}

/// The outcome of a delivery, once there is one.
async fn outcome(sim: &Sim, message_id: &str) -> String {
    eventually("the delivery to be answered", PATIENCE, async || {
        let log = sim.log().await;
        let mut deliveries = log["deliveries"].as_array().unwrap().iter();
        let delivery = deliveries
            .find(|one| one["message_id"] == message_id)
            .unwrap();
        let outcome = delivery["outcome"].as_str().unwrap().to_owned();
        (outcome != "queued").then_some(outcome)
    })
    .await
}

/// Clocks that differ: a webhook of another time may be a replay; over a socket of ours nobody can replay.
#[tokio::test]
async fn messages_of_a_twitch_whose_clock_is_off_are_refused_by_webhook_and_taken_over_sockets() {
    for transport in ["webhook", "conduit"] {
        let world = World::with(&[("EVENTSUB_TRANSPORT", transport)]).await;
        let vera = watching(&world.server, "mira_plays").await;
        for seconds in [-3600, 3600] {
            let skew = json!({ "fault": "clock_skew", "seconds": seconds });
            world.sim.fault(skew).await;
            let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
            if transport == "conduit" {
                has_received(&vera, "mira_plays", &sent).await;
            } else {
                let outcome = outcome(&world.sim, &sent[0]).await;
                assert!(outcome.contains("403"), "{seconds}: {outcome}");
            }
            world.sim.clear_faults().await;
            let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
            has_received(&vera, "mira_plays", &sent).await;
        }
        let stored = if transport == "conduit" { 4 } else { 2 };
        assert_eq!(received(&vera, "mira_plays").await.len(), stored);
    }
}
