//! Sockets of the conduit that Twitch closes or that break.

use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use serde_json::json;

use super::{both_shards_serve, happens, has_received, readyz_says, received, watching};
use crate::support::{PATIENCE, Sim, World, brisk, eventually};

const CONDUIT: [(&str, &str); 1] = [("EVENTSUB_TRANSPORT", "conduit")];

/// How often a socket was asked for.
async fn sockets(sim: &Sim) -> usize {
    sim.count("/eventsub/ws").await
}

/// How often a subscription was asked for.
async fn creations(sim: &Sim) -> usize {
    let requests = sim.requests().await;
    let is_creation = |(method, path, _): &&(String, String, u64)| {
        method == "POST" && path == "/helix/eventsub/subscriptions"
    };
    requests.iter().filter(is_creation).count()
}

/// Closes of every code there is, and the one without a close frame (1006).
#[tokio::test]
async fn each_way_a_socket_ends_is_followed_by_a_fresh_socket_and_no_fresh_subscription() {
    let timings = Timings {
        shard_check_every: Duration::from_secs(3600),
        reconcile_every: Duration::from_secs(3600),
        ..brisk()
    };
    let world = World::tuned(&CONDUIT, Clock::system(), timings).await;
    let vera = watching(&world.server, "mira_plays").await;
    let created = creations(&world.sim).await;
    let mut sent = Vec::new();
    let codes = (4000..=4007).map(Some).chain([None]);
    for code in codes {
        let before = both_shards_serve(&world.sim).await;
        let opened = sockets(&world.sim).await;
        let fault = match code {
            Some(code) => json!({ "fault": "close_code", "code": code, "count": 1 }),
            None => json!({ "fault": "drop_sockets", "count": 1 }),
        };
        assert_eq!(world.sim.fault(fault).await["affected"], 1);
        let after = eventually("another session in its place", PATIENCE, async || {
            let after = super::shards(&world.sim).await;
            (after.len() == 2 && after != before).then_some(after)
        })
        .await;
        let kept = after.iter().filter(|id| before.contains(id)).count();
        assert_eq!(kept, 1, "{code:?}: the other goes on");
        // Twitch's word that the shard is gone may come while it is being replaced, which costs more of them.
        let fresh = sockets(&world.sim).await - opened;
        assert!((1..=5).contains(&fresh), "{code:?}: {fresh} fresh sockets");
        let ids = happens(&world.sim, "channel.raid", "mira_plays").await;
        assert_eq!(ids.len(), 1, "{code:?}");
        sent.extend(ids);
    }
    has_received(&vera, "mira_plays", &sent).await;
    assert_eq!(creations(&world.sim).await, created);
}

#[tokio::test]
async fn two_sockets_that_are_dropped_at_once_are_both_replaced() {
    let world = World::with(&CONDUIT).await;
    let vera = watching(&world.server, "mira_plays").await;
    let created = creations(&world.sim).await;
    for _ in 0..3 {
        let before = both_shards_serve(&world.sim).await;
        let dropped = world.sim.fault(json!({ "fault": "drop_sockets" })).await;
        assert_eq!(dropped["affected"], 2);
        eventually("two other sessions", PATIENCE, async || {
            let after = super::shards(&world.sim).await;
            let are_new = after.iter().all(|id| !before.contains(id));
            (after.len() == 2 && are_new).then_some(())
        })
        .await;
        let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
        assert_eq!(sent.len(), 1);
        has_received(&vera, "mira_plays", &sent).await;
    }
    assert_eq!(received(&vera, "mira_plays").await.len(), 3);
    assert_eq!(
        creations(&world.sim).await,
        created,
        "a conduit keeps its subscriptions"
    );
}

/// Twitch closes a socket that is young: with a long pause the next attempt is seen to wait for it.
#[tokio::test]
async fn a_socket_that_ends_at_once_is_not_asked_for_again_without_a_pause() {
    let long = Duration::from_secs(3600);
    let timings = Timings {
        backoff_first: long,
        backoff_longest: long,
        eventsub_stable_after: long,
        shard_check_every: long,
        ..brisk()
    };
    let world = World::tuned(&CONDUIT, Clock::system(), timings).await;
    let vera = watching(&world.server, "mira_plays").await;
    both_shards_serve(&world.sim).await;
    for code in [4003, 4000] {
        let opened = sockets(&world.sim).await;
        world
            .sim
            .fault(json!({ "fault": "close_code", "code": code, "count": 1 }))
            .await;
        let part = if code == 4003 { "topics" } else { "eventsub" };
        readyz_says(&world.server, part, &code.to_string()).await;
        if code == 4003 {
            // One shard is left, over which all goes on meanwhile.
            let mut sent = Vec::new();
            for _ in 0..20 {
                sent.extend(happens(&world.sim, "channel.raid", "mira_plays").await);
            }
            assert_eq!(sent.len(), 20);
            has_received(&vera, "mira_plays", &sent).await;
        }
        assert_eq!(sockets(&world.sim).await, opened);
    }
}
