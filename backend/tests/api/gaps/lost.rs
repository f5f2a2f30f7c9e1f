//! Gaps as they come about: sockets that drop, and a server that is down.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{gaps, named, time};
use crate::support::{Browser, PATIENCE, World, eventually};
use crate::topics::{arrives, happens};

const MIRA: &str = "mira_plays";

/// A server and a viewer who is subscribed to one streamer whose topics all arrive.
async fn watching() -> (World, Browser) {
    let world = World::with(&[("EVENTSUB_TRANSPORT", "conduit")]).await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe(MIRA).await;
    arrives(&vera, MIRA).await;
    (world, vera)
}

/// Cuts all sockets, and lets new ones come only after something happened that nobody heard; answers when that was.
async fn nothing_is_heard(world: &World, vera: &Browser) -> Timestamp {
    world
        .sim
        .fault(json!({ "fault": "drop_sockets", "seconds": 3600 }))
        .await;
    eventually("a gap that lasts", PATIENCE, async || {
        let gaps = gaps(vera, "").await;
        gaps.iter().any(|gap| gap["to"].is_null()).then_some(())
    })
    .await;
    let missed_at = Timestamp::now();
    let missed = happens(&world.sim, "channel.raid", MIRA).await;
    assert!(missed.is_empty(), "nobody was there to hear it");
    missed_at
}

/// Waits until everything arrives again; answers the gaps, which are all over.
async fn all_over(world: &World, vera: &Browser) -> Vec<Value> {
    world.sim.clear_faults().await;
    arrives(vera, MIRA).await;
    eventually("every gap to be over", PATIENCE, async || {
        let gaps = gaps(vera, "").await;
        gaps.iter().all(|gap| !gap["to"].is_null()).then_some(gaps)
    })
    .await
}

/// Whether a gap is over and a time lies in it.
fn holds(gap: &Value, at: Timestamp) -> bool {
    time(gap, "from") <= Some(at) && time(gap, "to") > Some(at)
}

/// The one gap that a time lies in.
fn around(gaps: &[Value], at: Timestamp) -> &Value {
    let found: Vec<_> = gaps.iter().filter(|gap| holds(gap, at)).collect();
    assert_eq!(found.len(), 1, "{at}: {gaps:?}");
    found[0]
}

#[tokio::test]
async fn nobody_else_is_told_what_could_not_be_received() {
    let (world, vera) = watching().await;
    let omar = world.server.log_in("viewer_omar").await;
    nothing_is_heard(&world, &vera).await;
    for query in ["", &named(MIRA), "since=2000-01-01T00:00:00Z"] {
        assert_eq!(gaps(&omar, query).await, [] as [Value; 0], "{query}");
    }
    let told = gaps(&vera, &named(MIRA)).await;
    assert!(!told.is_empty());
    vera.delete("/api/v1/subscriptions/700100200").await;
    assert_eq!(gaps(&vera, "").await, [] as [Value; 0]);
}

#[tokio::test]
async fn dropped_sockets_leave_a_gap_that_lasts_until_they_are_back() {
    let (world, vera) = watching().await;
    assert_eq!(gaps(&vera, "").await, [] as [Value; 0]);
    let missed_at = nothing_is_heard(&world, &vera).await;
    let lasting = gaps(&vera, "").await.remove(0);
    assert_eq!(lasting["broadcaster_id"], "700100200");
    assert_eq!(lasting["reason"], "not-received");
    assert!(time(&lasting, "from") < Some(missed_at), "{lasting}");
    // It lasts, so it reaches into any time to come.
    assert_eq!(gaps(&vera, "since=2100-01-01T00:00:00Z").await.len(), 1);

    let all = all_over(&world, &vera).await;
    around(&all, missed_at);
    for (newer, older) in all.iter().zip(&all[1..]) {
        assert!(time(newer, "from") > time(older, "to"), "{all:?}");
    }
    assert_eq!(
        gaps(&vera, "since=2100-01-01T00:00:00Z").await,
        [] as [Value; 0]
    );
}

#[tokio::test]
async fn a_gap_is_found_by_any_time_it_overlaps_with() {
    let (world, vera) = watching().await;
    let missed_at = nothing_is_heard(&world, &vera).await;
    let all = all_over(&world, &vera).await;
    let gap = around(&all, missed_at);
    let (from, to) = (time(gap, "from").unwrap(), time(gap, "to").unwrap());
    let step = SignedDuration::from_millis(1);
    for (query, is_told) in [
        (format!("since={missed_at}&until={missed_at}"), true),
        (format!("since={to}"), true),
        (format!("since={}", to + step), false),
        (format!("until={}", from + step), true),
        (format!("until={from}"), false),
        (format!("{}&since={from}", named(MIRA)), true),
        (format!("{}&{}", named("kiteflyer"), named(MIRA)), true),
        (named("kiteflyer"), false),
        ("broadcaster_id=nobody".to_owned(), false),
    ] {
        let told = gaps(&vera, &query).await;
        assert_eq!(told.contains(gap), is_told, "{query}: {told:?}");
    }
}

#[tokio::test]
async fn gaps_are_still_known_after_a_restart_which_is_one_itself() {
    let (mut world, vera) = watching().await;
    let missed_at = nothing_is_heard(&world, &vera).await;
    all_over(&world, &vera).await;
    let mut down_at = missed_at;
    world
        .server
        .stopped_while(async || down_at = Timestamp::now())
        .await;
    let all = eventually("the stop to be told", PATIENCE, async || {
        let gaps = gaps(&vera, "").await;
        gaps.iter().any(|gap| holds(gap, down_at)).then_some(gaps)
    })
    .await;
    around(&all, missed_at);
}
