//! What is ours at Twitch and what is not: leftovers are cleaned up, other installations left alone.

use backend::clock::Clock;
use serde_json::{Value, json};

use super::{
    RELEASE, TRANSPORTS, arrives, happens, has_received, the_seven, topics_at_twitch, topics_shown,
    twitch_has, watching,
};
use crate::app::OtherProgram;
use crate::support::{EVENTSUB_SECRET, PATIENCE, Server, Setup, Sim, World, brisk, eventually};

fn ids(subscriptions: &[Value]) -> Vec<&str> {
    let mut ids: Vec<&str> = subscriptions
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn another_installation_under_the_same_client_id_is_left_alone() {
    for transport in TRANSPORTS {
        let (mut world, vera) = watching(transport, "mira_plays").await;
        let settings = [("EVENTSUB_TRANSPORT", transport)];
        let theirs = Server::start(
            &world.sim,
            Setup::new(&settings, backend::clock::Clock::system(), brisk()),
        );
        let omar = theirs.log_in("viewer_omar").await;
        omar.subscribe("mira_plays").await;
        arrives(&omar, "mira_plays").await;
        // And one that nobody serves any more, nor has ever confirmed.
        let stranger = OtherProgram::start(&world.sim).await;
        let dead = match transport {
            "webhook" => {
                json!({ "method": "webhook", "callback": "http://localhost:9/webhooks/twitch", "secret": "another-secret" })
            }
            _ => json!({ "method": "conduit", "conduit_id": stranger.conduit().await }),
        };
        let dead = stranger
            .subscribe("stream.online", Sim::id("mira_plays"), &dead)
            .await;
        world
            .sim
            .fault(json!({ "fault": "leftover_subscriptions", "target": "foreign" }))
            .await;
        let both = topics_at_twitch(&world.sim, Sim::id("mira_plays")).await;
        let twice = both
            .iter()
            .filter(|topic| *topic == &the_seven()[0])
            .count();
        assert_eq!(twice, 2, "{transport}: one of each installation");
        let conduits = stranger.conduits().await;

        world.server.restart().await;
        vera.delete(&format!("/api/v1/subscriptions/{}", Sim::id("mira_plays")))
            .await;
        vera.subscribe("kiteflyer").await;
        arrives(&vera, "kiteflyer").await;
        eventually("only theirs to be left", RELEASE, async || {
            let left = topics_at_twitch(&world.sim, Sim::id("mira_plays")).await;
            let of_type =
                |topic: &(String, String)| left.iter().filter(|one| *one == topic).count();
            (of_type(&the_seven()[0]) == 1 && of_type(&the_seven()[1]) == 1).then_some(())
        })
        .await;
        let all = world.sim.subscriptions().await;
        assert!(
            ids(&all).contains(&dead.as_str()),
            "{transport}: not ours to delete"
        );
        let foreign = |one: &&Value| {
            one["transport"]["callback"]
                .as_str()
                .is_some_and(|url| url.contains("another-install"))
        };
        assert_eq!(all.iter().filter(foreign).count(), 3, "{transport}");
        assert_eq!(stranger.conduits().await, conduits, "{transport}");
        arrives(&omar, "mira_plays").await;
        let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
        assert!(!sent.is_empty());
        eventually("their event", PATIENCE, async || {
            (!omar.events("kind=raid").await.is_empty()).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn leftovers_of_our_own_are_cleaned_up() {
    for transport in TRANSPORTS {
        let (world, vera) = watching(transport, "mira_plays").await;
        let ours = world.sim.subscriptions().await;
        let made = world
            .sim
            .fault(json!({ "fault": "leftover_subscriptions", "count": 7 }))
            .await;
        assert_eq!(made["affected"], 7);
        eventually("the leftovers to be gone", RELEASE, async || {
            (ids(&world.sim.subscriptions().await) == ids(&ours)).then_some(())
        })
        .await;
        arrives(&vera, "mira_plays").await;
        let sent = happens(&world.sim, "stream.online", "mira_plays").await;
        has_received(&vera, "mira_plays", &sent).await;
    }
}

#[tokio::test]
async fn a_restart_uses_what_is_there() {
    for transport in TRANSPORTS {
        let (mut world, vera) = watching(transport, "mira_plays").await;
        let twitch = OtherProgram::start(&world.sim).await;
        let (before, conduits) = (world.sim.of_app().await, twitch.conduits().await);
        for _ in 0..3 {
            world.server.restart().await;
            arrives(&vera, "mira_plays").await;
            // The stored topics are enabled while the sockets are still being opened.
            let sent = eventually("Twitch to have somebody to send to", PATIENCE, async || {
                let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
                (!sent.is_empty()).then_some(sent)
            })
            .await;
            assert_eq!(sent.len(), 1, "{transport}");
            has_received(&vera, "mira_plays", &sent).await;
        }
        assert_eq!(ids(&world.sim.of_app().await), ids(&before), "{transport}");
        assert_eq!(twitch.conduits().await, conduits, "{transport}");
        assert_eq!(conduits.len(), usize::from(transport == "conduit"));
    }
}

#[tokio::test]
async fn what_changed_while_the_server_was_down_is_repaired_at_start() {
    for transport in TRANSPORTS {
        let (mut world, vera) = watching(transport, "mira_plays").await;
        let twitch = OtherProgram::start(&world.sim).await;
        world
            .server
            .stopped_while(async || {
                for one in world.sim.enabled().await.iter().take(3) {
                    twitch.delete(one["id"].as_str().unwrap()).await;
                }
                world
                    .sim
                    .fault(json!({ "fault": "leftover_subscriptions", "count": 2 }))
                    .await;
            })
            .await;
        twitch_has(&world.sim, Sim::id("mira_plays"), &the_seven(), PATIENCE).await;
        arrives(&vera, "mira_plays").await;
        eventually("nothing but what is wanted", RELEASE, async || {
            let app_topics = if transport == "conduit" { 2 } else { 1 };
            (world.sim.of_app().await.len() == 5 + app_topics).then_some(())
        })
        .await;
    }
}

/// The server asks for something that a forerunner of it asked for already: Twitch answers 409.
#[tokio::test]
async fn a_conflict_with_ourselves_is_as_good_as_success() {
    for transport in TRANSPORTS {
        let (world, vera) = watching(transport, "mira_plays").await;
        let twitch = OtherProgram::start(&world.sim).await;
        let ours = match transport {
            "webhook" => {
                json!({ "method": "webhook", "callback": world.server.url("/webhooks/twitch"), "secret": EVENTSUB_SECRET })
            }
            _ => json!({ "method": "conduit", "conduit_id": twitch.conduits().await[0] }),
        };
        for event_type in ["stream.online", "stream.offline"] {
            twitch
                .subscribe(event_type, Sim::id("kiteflyer"), &ours)
                .await;
        }
        vera.subscribe("kiteflyer").await;
        arrives(&vera, "kiteflyer").await;
        twitch_has(&world.sim, Sim::id("kiteflyer"), &the_seven(), PATIENCE).await;
        for event_type in ["stream.online", "stream.offline", "channel.update"] {
            let sent = happens(&world.sim, event_type, "kiteflyer").await;
            assert_eq!(sent.len(), 1, "{transport} {event_type}");
            has_received(&vera, "kiteflyer", &sent).await;
        }
    }
}

#[tokio::test]
async fn another_way_of_delivery_takes_over_and_leaves_nothing_behind() {
    let (mut world, vera) = watching("webhook", "mira_plays").await;
    for transport in ["conduit", "webhook"] {
        world
            .server
            .restart_with(&[("EVENTSUB_TRANSPORT", transport)])
            .await;
        eventually("everything to come the new way", PATIENCE, async || {
            let all = world.sim.of_app().await;
            let is_new = |one: &Value| one["transport"]["method"] == transport;
            (all.iter().all(is_new)
                && topics_at_twitch(&world.sim, Sim::id("mira_plays")).await == the_seven())
            .then_some(())
        })
        .await;
        arrives(&vera, "mira_plays").await;
        let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
        assert_eq!(sent.len(), 1);
        has_received(&vera, "mira_plays", &sent).await;
    }
}

#[tokio::test]
async fn another_webhook_secret_makes_the_webhooks_anew() {
    let (mut world, vera) = watching("webhook", "mira_plays").await;
    let before = world.sim.subscriptions().await;
    world
        .server
        .restart_with(&[("EVENTSUB_SECRET", "quite-another-secret")])
        .await;
    eventually("all of them to be made anew", PATIENCE, async || {
        let now = world.sim.enabled().await;
        let is_new = |one: &Value| before.iter().all(|old| old["id"] != one["id"]);
        (now.len() == before.len() && now.iter().all(is_new)).then_some(())
    })
    .await;
    let sent = happens(&world.sim, "stream.online", "mira_plays").await;
    has_received(&vera, "mira_plays", &sent).await;
}

/// Five is Twitch's limit, and all five are others'.
#[tokio::test]
async fn a_sixth_conduit_is_refused_and_the_others_are_left_alone() {
    let sim = Sim::start().await;
    let twitch = OtherProgram::start(&sim).await;
    for _ in 0..5 {
        twitch.conduit().await;
    }
    let theirs = twitch.conduits().await;
    assert_eq!(theirs.len(), 5);
    let settings = [("EVENTSUB_TRANSPORT", "conduit")];
    let world = World::over(sim, &settings, Clock::system(), brisk());
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    eventually("the card to say why", PATIENCE, async || {
        let topics = topics_shown(&vera, "mira_plays").await;
        let without = topics
            .iter()
            .filter(|topic| topic["status"] == "unavailable");
        let say_why = without
            .filter(|topic| topic["reason"].as_str().unwrap().contains("five conduits"))
            .count();
        let chats = topics
            .iter()
            .filter(|topic| topic["status"] == "enabled")
            .count();
        ((say_why, chats) == (5, 2)).then_some(())
    })
    .await;
    let refused = world.sim.requests().await;
    let refused = refused.iter().filter(|(method, path, status)| {
        method == "POST" && path == "/helix/eventsub/conduits" && *status == 429
    });
    assert!(refused.count() > 0, "Twitch was asked");
    assert_eq!(twitch.conduits().await, theirs);
}
