//! Spans in which nothing could arrive are known, and told to whoever is watching.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{TRANSPORTS, arrives, happens, has_received, topics_shown, watching};
use crate::support::{Browser, LiveReader, PATIENCE, Sim, eventually};

/// The next gap of a channel on a live stream: from when to when.
async fn gap(live: &mut LiveReader, login: &str) -> (Timestamp, Timestamp) {
    loop {
        let gap = live.next_of("gap").await.data.unwrap();
        if gap["broadcaster_id"] == Sim::id(login) {
            assert_eq!(gap["reason"], "not-received", "{gap}");
            let time = |name: &str| gap[name].as_str().unwrap().parse().unwrap();
            return (time("from"), time("to"));
        }
    }
}

/// Waits until a topic does not arrive.
async fn is_lost(viewer: &Browser, login: &str, event_type: &str) {
    eventually("the topic to be lost", PATIENCE, async || {
        let topics: Vec<Value> = topics_shown(viewer, login).await;
        let mut of_type = topics.iter().filter(|topic| topic["type"] == event_type);
        of_type
            .any(|topic| topic["status"] != "enabled")
            .then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_happens_without_sockets_lies_in_a_gap() {
    let (world, vera) = watching("conduit", "mira_plays").await;
    let mut live = vera.live("").await;
    let before = happens(&world.sim, "channel.raid", "mira_plays").await;
    has_received(&vera, "mira_plays", &before).await;
    world
        .sim
        .fault(json!({ "fault": "drop_sockets", "seconds": 1.5 }))
        .await;
    is_lost(&vera, "mira_plays", "channel.raid").await;
    let missed_at = Timestamp::now();
    let missed = happens(&world.sim, "channel.raid", "mira_plays").await;
    assert!(missed.is_empty(), "nobody was there to hear it");
    let (from, to) = gap(&mut live, "mira_plays").await;
    assert!(
        from < missed_at && missed_at < to,
        "{from} {missed_at} {to}"
    );
    arrives(&vera, "mira_plays").await;
    let after = happens(&world.sim, "channel.raid", "mira_plays").await;
    assert_eq!(after.len(), 1, "the gap is over");
}

/// The reader comes back with the cursor it had, and is told even when all is well again by then.
#[tokio::test]
async fn a_server_that_was_down_knows_since_when() {
    let (mut world, vera) = watching("conduit", "mira_plays").await;
    let seen = happens(&world.sim, "channel.raid", "mira_plays").await;
    has_received(&vera, "mira_plays", &seen).await;
    let cursor = vera.events("limit=1").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut missed_at = Timestamp::now();
    let sim = &world.sim;
    world
        .server
        .stopped_while(async || {
            missed_at = Timestamp::now();
            let missed = happens(sim, "channel.chat.notification", "mira_plays").await;
            assert!(missed.is_empty(), "nobody was there to hear it");
        })
        .await;
    eventually("the chat to be read again", PATIENCE, async || {
        let sent = happens(&world.sim, "channel.chat.notification", "mira_plays").await;
        (!sent.is_empty()).then_some(())
    })
    .await;
    eventually("the gap to be over", PATIENCE, async || {
        let mut live = vera.live(&format!("after={cursor}")).await;
        let hello = live.next_of("status").await;
        assert_eq!(hello.id.as_deref(), Some(cursor.as_str()));
        let next = live.next().await;
        next.is("gap").then_some(())
    })
    .await;
    let mut live = vera.live(&format!("after={cursor}")).await;
    let (from, to) = gap(&mut live, "mira_plays").await;
    assert!(
        from <= missed_at && missed_at < to,
        "{from} {missed_at} {to}"
    );
}

#[tokio::test]
async fn a_lost_carrier_is_a_gap_of_its_chats_alone() {
    for transport in TRANSPORTS {
        let (world, vera) = watching(transport, "mira_plays").await;
        let mut live = vera.live("").await;
        world
            .sim
            .fault(json!({ "fault": "drop_sockets", "target": "viewer_vera" }))
            .await;
        let (from, to) = gap(&mut live, "mira_plays").await;
        assert!(from <= to, "{from} {to}");
        arrives(&vera, "mira_plays").await;
    }
}
