//! Sockets of the conduit and of viewers that Twitch closes or that break.

use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use serde_json::json;

use super::gate::Asked;
use super::{
    Gated, arrives, both_shards_serve, carriers, chat_is_read, happens, has_received, readyz_says,
    received, watching,
};
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
fn every_end() -> impl Iterator<Item = Option<u16>> {
    (4000..=4007).map(Some).chain([None])
}

/// Ends the socket of a session in one of these ways.
async fn end(sim: &Sim, code: Option<u16>, session_id: &str) {
    let fault = match code {
        Some(code) => json!({ "fault": "close_code", "code": code, "target": session_id }),
        None => json!({ "fault": "drop_sockets", "target": session_id }),
    };
    assert_eq!(sim.fault(fault).await["affected"], 1);
}

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
    for (round, code) in every_end().enumerate() {
        let before = both_shards_serve(&world.sim).await;
        let opened = sockets(&world.sim).await;
        end(&world.sim, code, &before[round % 2]).await;
        let after = eventually("another session in its place", PATIENCE, async || {
            let after = super::shards(&world.sim).await;
            (after.len() == 2 && after != before).then_some(after)
        })
        .await;
        let kept = after.iter().filter(|id| before.contains(id)).count();
        assert_eq!(kept, 1, "{code:?}: the other goes on");
        assert_eq!(sockets(&world.sim).await, opened + 1, "{code:?}");
        let ids = happens(&world.sim, "channel.raid", "mira_plays").await;
        assert_eq!(ids.len(), 1, "{code:?}");
        has_received(&vera, "mira_plays", &ids).await;
    }
    assert_eq!(creations(&world.sim).await, created);
}

/// A session of a viewer takes its subscriptions along when it ends: the next one asks for them again.
#[tokio::test]
async fn each_way_a_carrier_ends_is_followed_by_a_fresh_one_with_all_it_carried() {
    let world = World::with(&CONDUIT).await;
    let vera = watching(&world.server, "mira_plays").await;
    let shards = both_shards_serve(&world.sim).await;
    let mut sent = Vec::new();
    for code in every_end() {
        let before = carriers(&world.sim).await;
        assert_eq!(before.len(), 1, "{code:?}: one viewer, one socket");
        let opened = sockets(&world.sim).await;
        for session_id in &before {
            end(&world.sim, code, session_id).await;
        }
        eventually("the chat to be carried again", PATIENCE, async || {
            let mut enabled = world.sim.enabled().await;
            enabled.retain(|one| {
                let session_id = one["transport"]["session_id"].as_str();
                session_id.is_some_and(|id| !before.contains(id))
            });
            (enabled.len() == 2).then_some(())
        })
        .await;
        arrives(&vera, "mira_plays").await;
        assert_eq!(sockets(&world.sim).await, opened + 1, "{code:?}");
        for event_type in ["channel.chat.notification", "channel.raid"] {
            let ids = happens(&world.sim, event_type, "mira_plays").await;
            assert_eq!(ids.len(), 1, "{code:?}: {event_type}");
            sent.extend(ids);
        }
        // What a socket has still to carry when it ends is lost.
        has_received(&vera, "mira_plays", &sent).await;
    }
    assert_eq!(received(&vera, "mira_plays").await.len(), sent.len());
    assert_eq!(both_shards_serve(&world.sim).await, shards);
}

/// With them goes the viewer's.
#[tokio::test]
async fn two_sockets_that_are_dropped_at_once_are_both_replaced() {
    let Gated { world, gate } = Gated::start(&CONDUIT, brisk()).await;
    let vera = watching(&world.server, "mira_plays").await;
    // What a viewer's socket carries ends with it and has to be asked for again.
    let created_over_conduit = || {
        let asked = gate.asked();
        let is_creation = |one: &&Asked| {
            one.method == "POST"
                && one.path == "/helix/eventsub/subscriptions"
                && one.body.contains("conduit_id")
        };
        asked.iter().filter(is_creation).count()
    };
    let created = created_over_conduit();
    assert!(created >= 5, "the app's topics");
    for _ in 0..3 {
        let before = both_shards_serve(&world.sim).await;
        chat_is_read(&world.sim, "mira_plays").await;
        let dropped = world.sim.fault(json!({ "fault": "drop_sockets" })).await;
        assert_eq!(dropped["affected"], 3, "two shards and a carrier");
        eventually("two other sessions", PATIENCE, async || {
            let after = super::shards(&world.sim).await;
            let are_new = after.iter().all(|id| !before.contains(id));
            (after.len() == 2 && are_new).then_some(())
        })
        .await;
        let mut sent = happens(&world.sim, "channel.raid", "mira_plays").await;
        assert_eq!(sent.len(), 1);
        sent.extend(chat_is_read(&world.sim, "mira_plays").await);
        has_received(&vera, "mira_plays", &sent).await;
    }
    let raids = vera.events("type=channel.raid").await;
    assert_eq!(raids.len(), 3);
    assert_eq!(
        created_over_conduit(),
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
    let sessions = both_shards_serve(&world.sim).await;
    for (code, session_id) in [4003, 4000].into_iter().zip(sessions) {
        let opened = sockets(&world.sim).await;
        end(&world.sim, Some(code), &session_id).await;
        // Over the shard that is left Twitch may tell of the other's end before that one has read the code.
        let (part, words) = match code {
            4003 => ("topics", "1 of 2 sockets is open"),
            _ => ("eventsub", "4000"),
        };
        readyz_says(&world.server, part, words).await;
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

/// With pauses of an hour: an attempt whose welcome never comes is not followed by another at once, however long
/// the welcome was waited for.
#[tokio::test]
async fn waiting_in_vain_for_a_welcome_is_no_stable_connection() {
    let long = Duration::from_secs(3600);
    let timings = Timings {
        twitch_timeout: Duration::from_secs(2),
        backoff_first: long,
        backoff_longest: long,
        eventsub_stable_after: Duration::from_millis(1),
        shard_check_every: long,
        ..brisk()
    };
    let Gated { world, gate } = Gated::start(&CONDUIT, timings).await;
    watching(&world.server, "mira_plays").await;
    both_shards_serve(&world.sim).await;
    let attempts = || gate.count("GET", "/eventsub/ws");
    let before = attempts();
    gate.hold_frames();
    let dropped = world.sim.fault(json!({ "fault": "drop_sockets" })).await;
    assert_eq!(dropped["affected"], 3, "two shards and a carrier");
    eventually("one attempt for each", PATIENCE, async || {
        (attempts() >= before + 3).then_some(())
    })
    .await;
    readyz_says(&world.server, "eventsub", "does not answer").await;
    // Looks at the streams come every half second, and another attempt would have come at once.
    let looks = || gate.count("GET", "/helix/streams");
    let seen = looks();
    eventually("time for further attempts", PATIENCE, async || {
        (looks() >= seen + 4).then_some(())
    })
    .await;
    assert_eq!(attempts(), before + 3);
}
