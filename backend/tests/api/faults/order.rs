//! Messages that come late, after others that happened later.

use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use serde_json::json;

use super::{arrives, happens, has_received, received, watching};
use crate::support::{Browser, PATIENCE, World, brisk, eventually};

#[tokio::test]
async fn what_comes_out_of_order_is_all_stored_and_listed_as_it_came() {
    for transport in ["webhook", "conduit"] {
        let settings = [("EVENTSUB_TRANSPORT", transport)];
        let world = World::tuned(&settings, Clock::system(), brisk()).await;
        let vera = watching(&world.server, "mira_plays").await;
        let held = json!({ "fault": "delay", "seconds": 1.5 });
        world.sim.fault(held).await;
        let late = happens(&world.sim, "channel.update", "mira_plays").await;
        let early = happens(&world.sim, "channel.raid", "mira_plays").await;
        has_received(&vera, "mira_plays", &early).await;
        assert!(
            !received(&vera, "mira_plays").await.contains(&late[0]),
            "{transport}: the first is still on its way"
        );
        has_received(&vera, "mira_plays", &late).await;
        let events = vera.events("").await;
        let ids: Vec<&str> = events
            .iter()
            .map(|event| event["message_id"].as_str().unwrap())
            .collect();
        assert_eq!(
            ids,
            [&late[0], &early[0]],
            "{transport}: newest first, as it came"
        );
    }
}

/// Whether a streamer's card says that the stream runs.
async fn is_live(viewer: &Browser, login: &str) -> bool {
    let subscriptions = viewer.subscriptions().await;
    let mut entries = subscriptions.iter();
    let entry = entries.find(|entry| entry["broadcaster"]["login"] == login);
    !entry.unwrap()["live"].is_null()
}

async fn is_live_in_time(viewer: &Browser, login: &str, live: bool) {
    let what = format!("the card of {login} to say whether it is live: {live}");
    eventually(&what, PATIENCE, async || {
        (is_live(viewer, login).await == live).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_has_ended_is_not_live_when_word_of_its_start_comes_late() {
    // So that the events alone say who is live.
    let timings = Timings {
        live_poll_every: Duration::from_secs(3600),
        ..brisk()
    };
    for transport in ["webhook", "conduit"] {
        let settings = [("EVENTSUB_TRANSPORT", transport)];
        let world = World::tuned(&settings, Clock::system(), timings.clone()).await;
        let vera = watching(&world.server, "late_owl").await;
        vera.subscribe("ostrich_op").await;
        arrives(&vera, "ostrich_op").await;
        let start = |login: &str, id: &str| {
            let event = json!({ "id": id, "started_at": "2026-11-01T18:00:00Z" });
            json!({ "type": "stream.online", "broadcaster": login, "event": event })
        };
        let held = json!({ "fault": "delay", "seconds": 1.5 });
        world.sim.fault(held).await;
        let late = world.sim.happen(start("late_owl", "4711")).await;
        let end = json!({ "type": "stream.offline", "broadcaster": "late_owl", "event": { "id": "4711" } });
        let early = world.sim.happen(end).await;
        has_received(&vera, "late_owl", &early).await;
        assert!(
            !received(&vera, "late_owl").await.contains(&late[0]),
            "{transport}: the start is still on its way"
        );
        is_live_in_time(&vera, "late_owl", false).await;
        has_received(&vera, "late_owl", &late).await;
        // Events are heard in the order in which they are stored: with this one the late one has been.
        world.sim.happen(start("ostrich_op", "4712")).await;
        is_live_in_time(&vera, "ostrich_op", true).await;
        assert!(!is_live(&vera, "late_owl").await, "{transport}");
        // The next stream is another one.
        world.sim.happen(start("late_owl", "4713")).await;
        is_live_in_time(&vera, "late_owl", true).await;
    }
}
