//! Challenges and revocations.

use std::time::Duration;

use serde_json::json;

use super::Inbox;
use crate::app::OtherProgram;
use crate::messages::{challenge, raid_into, revocation};
use crate::support::{Message, PATIENCE, Sim, World, brisk, eventually};

#[tokio::test]
async fn a_challenge_is_answered_with_itself_as_plain_text() {
    let inbox = Inbox::open().await;
    for text in [
        "pogchamp-kappa-360noscope-vohiyo",
        "\"quoted\" & <b>",
        "ünïcode 🐙",
        "0",
    ] {
        let answer = inbox.post(&challenge(text)).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, text));
        assert_eq!(answer.header("content-length"), text.len().to_string());
        let content_type = answer.header("content-type").to_owned();
        assert!(
            content_type == "text/plain" || content_type.starts_with("text/plain;"),
            "{content_type}"
        );
    }
    let body =
        json!({ "challenge": "shard", "conduit_shard": { "conduit_id": "c", "shard": "0" } });
    let answer = inbox
        .post(&Message::new("webhook_callback_verification", &body))
        .await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "shard"));
}

#[tokio::test]
async fn a_challenge_is_answered_again_when_it_comes_again() {
    let inbox = Inbox::open().await;
    let challenge = challenge("abc");
    for _ in 0..2 {
        assert_eq!(inbox.post(&challenge).await.status, 200);
    }
    inbox.holds_nothing().await;
}

/// A challenge must not use up its message id, nor a notification's id answer a challenge.
#[tokio::test]
async fn a_challenge_is_no_event() {
    let inbox = Inbox::open().await;
    let challenge = challenge("abc");
    inbox.post(&challenge).await;
    inbox
        .takes(&Message {
            id: challenge.id,
            ..raid_into(inbox.channel, 1)
        })
        .await;
    assert_eq!(inbox.events().await.len(), 1);
}

#[tokio::test]
async fn the_revocation_of_something_unknown_is_answered_every_time() {
    let inbox = Inbox::open().await;
    for status in [
        "user_removed",
        "authorization_revoked",
        "a_status_of_tomorrow",
    ] {
        let revocation = revocation("never-heard-of", "channel.raid", status);
        inbox.takes(&revocation).await;
        inbox.takes(&revocation).await;
    }
    inbox.holds_nothing().await;
}

/// The topic of a subscription as its viewer sees it: status and reason.
async fn topic(viewer: &crate::support::Browser, event_type: &str) -> (String, String) {
    let subscriptions = viewer.subscriptions().await;
    let topics = subscriptions[0]["topics"].as_array().unwrap().clone();
    let topic = topics
        .into_iter()
        .find(|topic| topic["type"] == event_type)
        .unwrap_or_default();
    let text = |name: &str| topic[name].as_str().unwrap_or_default().to_owned();
    (text("status"), text("reason"))
}

/// So long no pass of the reconciler comes by itself: what a revocation does can be looked at.
#[tokio::test]
async fn a_revocation_is_shown_at_the_topic_with_its_reason() {
    let mut world = World::with(&[("EVENTSUB_TRANSPORT", "webhook")]).await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    eventually("an enabled topic", PATIENCE, async || {
        (topic(&vera, "stream.online").await.0 == "enabled").then_some(())
    })
    .await;
    let unhurried = backend::timings::Timings {
        topics_debounce: Duration::from_secs(3600),
        reconcile_every: Duration::from_secs(3600),
        ..brisk()
    };
    world.server.restart_tuned(unhurried).await;
    // The pass at start knows nothing of the revocation below and would write over it.
    eventually("the pass at start", PATIENCE, async || {
        let answer = world.server.browser().get("/readyz").await;
        answer.json()["failing"]
            .get("eventsub")
            .is_none()
            .then_some(())
    })
    .await;
    let online = world
        .sim
        .enabled()
        .await
        .into_iter()
        .find(|one| one["type"] == "stream.online")
        .unwrap();
    let revocation = revocation(
        online["id"].as_str().unwrap(),
        "stream.online",
        "user_removed",
    );
    revocation.accepted(&world.server).await;
    let (status, reason) = topic(&vera, "stream.online").await;
    assert_eq!(status, "failed");
    assert!(
        !reason.is_empty() && !reason.contains('_'),
        "words for people: {reason:?}"
    );
    assert_eq!(
        topic(&vera, "stream.offline").await.0,
        "enabled",
        "the others go on"
    );
    revocation.accepted(&world.server).await;
}

#[tokio::test]
async fn a_revoked_topic_that_twitch_gives_again_recovers_by_itself() {
    let world = World::with(&[("EVENTSUB_TRANSPORT", "webhook")]).await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    let online = eventually("an enabled subscription", PATIENCE, async || {
        world
            .sim
            .enabled()
            .await
            .into_iter()
            .find(|one| one["type"] == "stream.online")
    })
    .await;
    let id = online["id"].as_str().unwrap().to_owned();
    OtherProgram::start(&world.sim).await.delete(&id).await;
    revocation(&id, "stream.online", "notification_failures_exceeded")
        .accepted(&world.server)
        .await;
    eventually("another subscription in its place", PATIENCE, async || {
        let again = world
            .sim
            .enabled()
            .await
            .into_iter()
            .find(|one| one["type"] == "stream.online")?;
        let (status, _) = topic(&vera, "stream.online").await;
        (again["id"] != id.as_str() && status == "enabled").then_some(())
    })
    .await;
    let sent = world
        .sim
        .happen(json!({ "type": "stream.online", "broadcaster": "mira_plays" }))
        .await;
    eventually("its event", PATIENCE, async || {
        let events = vera
            .events(&format!("broadcaster_id={}", Sim::id("mira_plays")))
            .await;
        events
            .iter()
            .any(|event| event["message_id"] == sent[0].as_str())
            .then_some(())
    })
    .await;
}
