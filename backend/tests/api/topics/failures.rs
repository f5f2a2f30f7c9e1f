//! Twitch refuses, fails, or takes a grant back: told to the viewer, repaired when it can be.

use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use serde_json::{Value, json};

use super::{
    TRANSPORTS, arrives, badge, happens, has_received, readyz_names, the_seven, topics_at_twitch,
    topics_shown, twitch_has, watching,
};
use crate::app::OtherProgram;
use crate::support::{PATIENCE, Sim, World, brisk, eventually};

#[tokio::test]
async fn a_refused_topic_is_shown_with_its_reason_while_the_others_arrive_and_is_tried_again() {
    for transport in TRANSPORTS {
        // No regular look, so that the refusals meet the creations and nothing else.
        let timings = Timings {
            reconcile_every: Duration::from_secs(3600),
            ..brisk()
        };
        let timings = Timings {
            topics_retry_longest: Duration::from_secs(3),
            ..timings
        };
        let world = World::tuned(
            &[("EVENTSUB_TRANSPORT", transport)],
            Clock::system(),
            timings,
        )
        .await;
        let vera = world.server.log_in("viewer_vera").await;
        vera.subscribe("kiteflyer").await;
        arrives(&vera, "kiteflyer").await;
        let mut live = vera.live("").await;

        world.sim.fault(json!({ "fault": "http_status", "target": "/helix/eventsub/subscriptions", "code": 403, "count": 2 })).await;
        vera.subscribe("mira_plays").await;
        let topics = eventually("two refused and five good topics", PATIENCE, async || {
            let topics = topics_shown(&vera, "mira_plays").await;
            let count = |status: &str| {
                topics
                    .iter()
                    .filter(|topic| topic["status"] == status)
                    .count()
            };
            (count("failed") == 2 && count("enabled") == 5).then_some(topics)
        })
        .await;
        for topic in &topics {
            let reason = topic["reason"].as_str().unwrap_or_default();
            assert_eq!(
                topic["status"] == "failed",
                !reason.is_empty(),
                "{transport}: {topic}"
            );
        }
        readyz_names(&world.server, "topics", true).await;
        badge(&mut live, "up").await;
        badge(&mut live, "degraded").await;
        for topic in topics
            .iter()
            .filter(|topic| topic["status"] == "enabled" && topic["direction"].is_null())
        {
            let event_type = topic["type"].as_str().unwrap();
            if event_type == "channel.chat.message" {
                // A line without a cheer is none of our events.
                continue;
            }
            let sent = happens(&world.sim, event_type, "mira_plays").await;
            has_received(&vera, "mira_plays", &sent).await;
        }
        arrives(&vera, "mira_plays").await;
        readyz_names(&world.server, "topics", false).await;
        badge(&mut live, "up").await;
        assert_eq!(
            topics_at_twitch(&world.sim, Sim::id("mira_plays")).await,
            the_seven()
        );
    }
}

#[tokio::test]
async fn an_unreachable_twitch_is_told_and_made_up_for() {
    for transport in TRANSPORTS {
        let (world, vera) = watching(transport, "kiteflyer").await;
        world.sim.fault(json!({ "fault": "http_status", "target": "/helix/eventsub", "code": 503, "seconds": 600 })).await;
        vera.subscribe("mira_plays").await;
        let topics = eventually("topics with a reason", PATIENCE, async || {
            let topics = topics_shown(&vera, "mira_plays").await;
            let told = topics.len() == 7 && topics.iter().all(|topic| topic["reason"].is_string());
            told.then_some(topics)
        })
        .await;
        assert!(
            topics.iter().all(|topic| topic["status"] == "pending"),
            "{transport}: {topics:?}"
        );
        readyz_names(&world.server, "topics", true).await;
        // What is enabled already goes on.
        let sent = happens(&world.sim, "stream.online", "kiteflyer").await;
        has_received(&vera, "kiteflyer", &sent).await;
        vera.delete(&format!("/api/v1/subscriptions/{}", Sim::id("kiteflyer")))
            .await;
        world.sim.clear_faults().await;
        arrives(&vera, "mira_plays").await;
        twitch_has(&world.sim, Sim::id("kiteflyer"), &[], super::RELEASE).await;
        readyz_names(&world.server, "topics", false).await;
    }
}

#[tokio::test]
async fn a_dead_app_token_is_replaced() {
    for transport in TRANSPORTS {
        let (world, vera) = watching(transport, "kiteflyer").await;
        world
            .sim
            .fault(json!({ "fault": "expire_token", "target": "app" }))
            .await;
        vera.subscribe("mira_plays").await;
        arrives(&vera, "mira_plays").await;
        assert_eq!(
            topics_at_twitch(&world.sim, Sim::id("mira_plays")).await,
            the_seven(),
            "{transport}"
        );
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_out() {
    let (world, vera) = watching("conduit", "kiteflyer").await;
    world
        .sim
        .fault(
            json!({ "fault": "http_status", "target": "/helix/eventsub", "code": 429, "count": 3 }),
        )
        .await;
    vera.subscribe("mira_plays").await;
    arrives(&vera, "mira_plays").await;
    assert_eq!(
        topics_at_twitch(&world.sim, Sim::id("mira_plays")).await,
        the_seven()
    );
}

#[tokio::test]
async fn a_conduit_that_twitch_deleted_is_made_anew() {
    let (world, vera) = watching("conduit", "mira_plays").await;
    let twitch = OtherProgram::start(&world.sim).await;
    let old = twitch.conduits().await;
    twitch
        .helix(
            reqwest::Method::DELETE,
            &format!("/eventsub/conduits?id={}", old[0]),
            None,
        )
        .await;
    eventually("another conduit", PATIENCE, async || {
        let now = twitch.conduits().await;
        (now.len() == 1 && now != old).then_some(())
    })
    .await;
    twitch_has(&world.sim, Sim::id("mira_plays"), &the_seven(), PATIENCE).await;
    arrives(&vera, "mira_plays").await;
    let sent = happens(&world.sim, "stream.online", "mira_plays").await;
    has_received(&vera, "mira_plays", &sent).await;
}

/// The viewer disconnects the app at Twitch; Twitch says so over the topics of the app itself.
#[tokio::test]
async fn a_grant_taken_back_at_twitch_ends_sessions_and_releases_topics() {
    for transport in TRANSPORTS {
        let (world, vera) = watching(transport, "mira_plays").await;
        let omar = world.server.log_in("viewer_omar").await;
        eventually("the topic that tells of it", PATIENCE, async || {
            let all = world.sim.enabled().await;
            all.iter()
                .any(|one| one["type"] == "user.authorization.revoke")
                .then_some(())
        })
        .await;
        let live = vera.live("").await;
        world
            .sim
            .fault(json!({ "fault": "revoke_token", "target": "viewer_vera" }))
            .await;
        live.ends().await;
        vera.get("/api/v1/me")
            .await
            .is_problem(401, "unauthenticated");
        assert_eq!(omar.get("/api/v1/me").await.status, 200, "{transport}");
        twitch_has(&world.sim, Sim::id("mira_plays"), &[], super::RELEASE).await;

        let again = world.server.log_in("viewer_vera").await;
        assert_eq!(
            again.subscriptions().await.len(),
            1,
            "{transport}: subscriptions stay"
        );
        arrives(&again, "mira_plays").await;
        let told: Vec<Value> = again.events("").await;
        assert_eq!(told, [] as [Value; 0], "{transport}: it is nobody's event");
    }
}

/// Twitch sends nothing twice over a socket: what has arrived waits until it can be stored.
#[tokio::test]
async fn what_came_over_a_socket_waits_for_a_database_that_fails() {
    let (world, vera) = watching("conduit", "mira_plays").await;
    let mut database = crate::database::open(&world.server).await;
    let mut live = vera.live("").await;
    database
        .run("CREATE TRIGGER broken BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'broken'); END")
        .await;
    let mut sent = Vec::new();
    for _ in 0..100 {
        sent.extend(happens(&world.sim, "channel.raid", "mira_plays").await);
    }
    assert_eq!(sent.len(), 100);
    eventually("the database's failure to be told", PATIENCE, async || {
        let told = world.server.browser().get("/readyz").await.json();
        told["failing"]["store"].is_string().then_some(())
    })
    .await;
    assert_eq!(vera.events("").await, [] as [Value; 0]);
    database.run("DROP TRIGGER broken").await;
    has_received(&vera, "mira_plays", &sent).await;
    for message_id in &sent {
        assert_eq!(
            &live.next_event().await["message_id"],
            message_id,
            "in the order of the socket"
        );
    }
}

/// A public address at which Twitch does not find us is told at every topic.
#[tokio::test]
async fn a_webhook_that_twitch_cannot_reach_is_told() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let public_url = format!("http://localhost:{}", nobody.port());
    let settings = [
        ("EVENTSUB_TRANSPORT", "webhook"),
        ("PUBLIC_URL", public_url.as_str()),
    ];
    let world = World::with(&settings).await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    let topics = eventually("the topics to fail", PATIENCE, async || {
        let mut topics = topics_shown(&vera, "mira_plays").await;
        topics.retain(|topic| !topic["type"].as_str().unwrap().starts_with("channel.chat."));
        (topics.len() == 5 && topics.iter().all(|topic| topic["status"] == "failed"))
            .then_some(topics)
    })
    .await;
    for topic in topics {
        assert!(
            topic["reason"].as_str().unwrap().contains("webhook"),
            "{topic}"
        );
    }
    // The chat is read over a viewer's socket and arrives.
    badge(&mut vera.live("").await, "degraded").await;
    readyz_names(&world.server, "topics", true).await;
}

/// The server starts while Twitch does not answer: nothing arrives, and nobody is told otherwise.
#[tokio::test]
async fn a_start_without_twitch_is_not_called_connected() {
    for transport in TRANSPORTS {
        let (mut world, vera) = watching(transport, "mira_plays").await;
        world
            .server
            .stopped_while(async || {
                let fault = json!({ "fault": "http_status", "target": "/helix", "code": 503, "seconds": 600 });
                world.sim.fault(fault).await;
                world.sim.fault(json!({ "fault": "drop_sockets", "seconds": 600 })).await;
            })
            .await;
        let state = if transport == "conduit" {
            "down"
        } else {
            "degraded"
        };
        badge_of_new_streams(&vera, state).await;
        world.sim.clear_faults().await;
        badge_of_new_streams(&vera, "up").await;
        arrives(&vera, "mira_plays").await;
        let sent = happens(&world.sim, "stream.online", "mira_plays").await;
        has_received(&vera, "mira_plays", &sent).await;
    }
}

/// Waits until a stream that is opened begins with this state.
async fn badge_of_new_streams(viewer: &crate::support::Browser, state: &str) {
    eventually(&format!("the badge {state}"), PATIENCE, async || {
        let first = viewer.live("").await.next().await;
        (first.data.unwrap()["connection"] == state).then_some(())
    })
    .await;
}
