//! Webhook delivery: challenge, signature, retries, and when a callback fails for good.

use serde_json::{Value, json};

use crate::receiver::{Answer, Receiver};
use crate::support::{SECRET, Sim, fast, quiet, text};

async fn subscribe(sim: &Sim, receiver: &Receiver, wanted: (&str, &str)) -> String {
    let app = sim.app_token().await;
    let transport = json!({ "method": "webhook", "callback": receiver.callback, "secret": SECRET });
    let condition = json!({ "broadcaster_user_id": sim.id("mira_plays").await });
    let reply = sim.subscribe(&app, wanted, condition, transport).await;
    assert_eq!(reply.status, 202, "{}", reply.body);
    assert_eq!(
        reply.body["data"][0]["status"],
        "webhook_callback_verification_pending"
    );
    assert_eq!(reply.body["data"][0]["transport"].get("secret"), None);
    text(&reply.body["data"][0]["id"])
}

fn online() -> Value {
    json!({ "type": "stream.online", "broadcaster": "mira_plays" })
}

#[tokio::test]
async fn a_challenge_that_is_met_enables_and_notifications_are_signed() {
    let sim = Sim::start(quiet());
    let mut receiver = Receiver::start();
    let id = subscribe(&sim, &receiver, ("stream.online", "1")).await;
    let challenge = receiver.next().await;
    assert_eq!(challenge.kind(), "webhook_callback_verification");
    assert_eq!(challenge.body["subscription"]["id"], json!(id));
    assert_eq!(
        challenge.header("twitch-eventsub-message-signature"),
        challenge.expected_signature(SECRET)
    );
    sim.becomes(&id, "enabled").await;

    let ids = sim.event(online()).await;
    let message = receiver.next().await;
    assert_eq!(ids, [message.header("twitch-eventsub-message-id")]);
    assert_eq!(message.kind(), "notification");
    assert_eq!(message.header("twitch-eventsub-message-retry"), "0");
    assert_eq!(
        message.header("twitch-eventsub-subscription-type"),
        "stream.online"
    );
    assert_eq!(message.header("twitch-eventsub-subscription-version"), "1");
    assert_eq!(
        message.header("twitch-eventsub-message-signature"),
        message.expected_signature(SECRET)
    );
    let timestamp = message.header("twitch-eventsub-message-timestamp");
    assert_eq!(timestamp.len(), "2026-11-01T14:56:51.634234626Z".len());
    assert_eq!(
        message.body["event"]["broadcaster_user_login"],
        "mira_plays"
    );
    assert_eq!(message.body["subscription"]["status"], "enabled");

    // Somebody else's stream, another type, and after deletion anything: not for this callback.
    sim.event(json!({ "type": "stream.online", "broadcaster": "kiteflyer" }))
        .await;
    sim.event(json!({ "type": "stream.offline", "broadcaster": "mira_plays" }))
        .await;
    let path = format!("/helix/eventsub/subscriptions?id={id}");
    assert_eq!(sim.delete(&path, &sim.app_token().await).await.status, 204);
    assert!(sim.event(online()).await.is_empty());
    assert_eq!(receiver.waiting(), 0);
    sim.stop().await;
}

#[tokio::test]
async fn a_challenge_in_quotes_or_refused_fails_the_verification() {
    let sim = Sim::start(quiet());
    let receiver = Receiver::start();
    receiver.answer([Answer::QuotedChallenge]);
    let id = subscribe(&sim, &receiver, ("stream.online", "1")).await;
    sim.becomes(&id, "webhook_callback_verification_failed")
        .await;
    receiver.answer([Answer::Status(403)]);
    let other = subscribe(&sim, &receiver, ("stream.online", "1")).await;
    sim.becomes(&other, "webhook_callback_verification_failed")
        .await;
    assert!(sim.event(online()).await.is_empty());
    let totals = sim
        .get("/helix/eventsub/subscriptions", &sim.app_token().await)
        .await;
    assert_eq!(totals.body["total_cost"], 0, "dead ones cost nothing");
}

#[tokio::test]
async fn a_refused_message_is_sent_again_under_the_same_id() {
    let sim = Sim::start(fast());
    let mut receiver = Receiver::start();
    let id = subscribe(&sim, &receiver, ("stream.online", "1")).await;
    receiver.next().await;
    sim.becomes(&id, "enabled").await;
    receiver.answer([Answer::Status(503), Answer::Status(302)]);
    let ids = sim.event(online()).await;
    let tries = [
        receiver.next().await,
        receiver.next().await,
        receiver.next().await,
    ];
    for (number, message) in tries.iter().enumerate() {
        assert_eq!(message.header("twitch-eventsub-message-id"), ids[0]);
        assert_eq!(
            message.header("twitch-eventsub-message-retry"),
            number.to_string()
        );
        assert_eq!(message.raw, tries[0].raw);
        assert_eq!(
            message.header("twitch-eventsub-message-signature"),
            tries[0].header("twitch-eventsub-message-signature")
        );
    }
    let log = sim.log().await;
    let entry = log["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["message_id"] == json!(ids[0]));
    assert_eq!(entry.unwrap()["callback"], json!(receiver.callback));
}

#[tokio::test]
async fn a_callback_that_keeps_failing_loses_the_subscription() {
    let sim = Sim::start(twitch_sim::Options {
        time_scale: 1000.0,
        ..quiet()
    });
    let mut receiver = Receiver::start();
    let id = subscribe(&sim, &receiver, ("stream.online", "1")).await;
    receiver.next().await;
    sim.becomes(&id, "enabled").await;
    receiver.answer([Answer::Status(500); 40]);
    let ids = sim
        .event(json!({ "type": "stream.online", "broadcaster": "mira_plays", "count": 10 }))
        .await;
    assert_eq!(ids.len(), 10);
    sim.becomes(&id, "notification_failures_exceeded").await;
    let revocation = loop {
        let message = receiver.next().await;
        if message.kind() == "revocation" {
            break message;
        }
    };
    assert_eq!(
        revocation.body["subscription"]["status"],
        "notification_failures_exceeded"
    );
    assert_eq!(revocation.body.get("event"), None);
    assert!(sim.event(online()).await.is_empty());
}

#[tokio::test]
async fn messages_of_one_subscription_come_in_order() {
    let sim = Sim::start(quiet());
    let mut receiver = Receiver::start();
    let id = subscribe(&sim, &receiver, ("channel.update", "2")).await;
    receiver.next().await;
    sim.becomes(&id, "enabled").await;
    let order = json!({ "type": "channel.update", "broadcaster": "mira_plays", "count": 100 });
    let ids = sim.event(order).await;
    for id in ids {
        assert_eq!(
            receiver.next().await.header("twitch-eventsub-message-id"),
            id
        );
    }
}

#[tokio::test]
async fn a_user_who_disconnects_ends_what_leaned_on_the_consent() {
    let sim = Sim::start(quiet());
    let mut receiver = Receiver::start();
    let app = sim.app_token().await;
    let transport = json!({ "method": "webhook", "callback": receiver.callback, "secret": SECRET });
    let mira = sim.id("mira_plays").await;
    let tokens = sim.login("mira_plays", "channel:read:subscriptions").await;
    let condition = json!({ "broadcaster_user_id": mira });
    let subs = sim
        .subscribe(
            &app,
            ("channel.subscribe", "1"),
            condition,
            transport.clone(),
        )
        .await;
    let subs = text(&subs.body["data"][0]["id"]);
    let condition = json!({ "client_id": twitch_sim::CLIENT_ID });
    let revoke = sim
        .subscribe(
            &app,
            ("user.authorization.revoke", "1"),
            condition,
            transport,
        )
        .await;
    let revoke = text(&revoke.body["data"][0]["id"]);
    sim.becomes(&subs, "enabled").await;
    sim.becomes(&revoke, "enabled").await;
    receiver.next().await;
    receiver.next().await;

    let affected = sim
        .fault(json!({ "fault": "revoke_token", "target": "mira_plays" }))
        .await;
    assert_eq!(affected, 1);
    let mut messages = [receiver.next().await, receiver.next().await];
    messages.sort_by_key(|message| message.kind().to_owned());
    assert_eq!(messages[0].kind(), "notification");
    assert_eq!(messages[0].body["event"]["user_id"], json!(mira));
    assert_eq!(messages[1].kind(), "revocation");
    assert_eq!(messages[1].body["subscription"]["id"], json!(subs));
    assert_eq!(
        messages[1].body["subscription"]["status"],
        "authorization_revoked"
    );
    assert_eq!(sim.get("/helix/users", &tokens.access).await.status, 401);
}

#[tokio::test]
async fn a_consent_is_told_when_it_is_new() {
    let sim = Sim::start(quiet());
    let mut receiver = Receiver::start();
    let app = sim.app_token().await;
    let transport = json!({ "method": "webhook", "callback": receiver.callback, "secret": SECRET });
    let condition = json!({ "client_id": twitch_sim::CLIENT_ID });
    let reply = sim
        .subscribe(
            &app,
            ("user.authorization.grant", "1"),
            condition,
            transport,
        )
        .await;
    let id = text(&reply.body["data"][0]["id"]);
    sim.becomes(&id, "enabled").await;
    receiver.next().await;
    sim.login("viewer_vera", "user:read:chat").await;
    sim.login("viewer_vera", "user:read:chat").await;
    sim.login("viewer_omar", "user:read:chat").await;
    for login in ["viewer_vera", "viewer_omar"] {
        let event = receiver.next().await.body["event"].clone();
        assert_eq!(event["user_login"], login);
        assert_eq!(event["client_id"], twitch_sim::CLIENT_ID);
    }
}
