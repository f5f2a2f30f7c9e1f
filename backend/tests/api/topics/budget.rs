//! What Twitch allows the app as a whole: who comes first when not everything fits.

use backend::clock::Clock;
use serde_json::{Value, json};

use super::{arrives, badge, topics_shown, twitch_has};
use crate::support::{Browser, PATIENCE, Sim, World, brisk, eventually};

/// Two points are kept for the app's own topics: twelve are two streamers.
const POINTS: u32 = 12;

async fn world(transport: &str) -> World {
    let sim = Sim::with(twitch_sim::Options {
        quiet: true,
        allow_http_callbacks: true,
        app_max_total_cost: POINTS,
        ..twitch_sim::Options::default()
    });
    let settings = [("EVENTSUB_TRANSPORT", transport)];
    World::over(sim.await, &settings, Clock::system(), brisk())
}

/// Waits until one of these streamers has to do without, and answers who.
async fn without(viewer: &Browser, logins: &[&'static str]) -> (&'static str, Vec<Value>) {
    eventually("one streamer to do without", PATIENCE, async || {
        let mut without = Vec::new();
        for login in logins {
            let topics = topics_shown(viewer, login).await;
            if topics.iter().any(|topic| topic["status"] == "pending") {
                return None;
            }
            if topics.iter().any(|topic| topic["status"] == "polling") {
                without.push((*login, topics));
            }
        }
        (without.len() == 1).then(|| without.remove(0))
    })
    .await
}

#[tokio::test]
async fn who_is_live_comes_first_and_the_rest_is_looked_up() {
    for transport in super::TRANSPORTS {
        let world = world(transport).await;
        let vera = world.server.log_in("viewer_vera").await;
        // late_owl does not stream at the moment; the others do.
        let logins = ["late_owl", "mira_plays", "kiteflyer"];
        for login in logins {
            vera.subscribe(login).await;
        }
        let (login, topics) = without(&vera, &logins).await;
        assert_eq!(login, "late_owl", "{transport}");
        for topic in &topics {
            let expected = match topic["type"].as_str().unwrap() {
                "channel.chat.notification" | "channel.chat.message" => "enabled",
                "stream.online" | "stream.offline" => "polling",
                _ => "unavailable",
            };
            assert_eq!(topic["status"], expected, "{transport} {topic}");
            let reason = topic["reason"].as_str().unwrap_or_default();
            assert_eq!(reason.contains("budget"), expected != "enabled", "{topic}");
        }
        for login in ["mira_plays", "kiteflyer"] {
            arrives(&vera, login).await;
        }
        badge(&mut vera.live("").await, "up").await;

        // Room that is given back goes to the next.
        let path = format!("/api/v1/subscriptions/{}", Sim::id("kiteflyer"));
        assert_eq!(vera.delete(&path).await.status, 204);
        arrives(&vera, "late_owl").await;
        twitch_has(&world.sim, Sim::id("kiteflyer"), &[], super::RELEASE).await;
    }
}

#[tokio::test]
async fn what_another_installation_uses_is_not_ours_to_spend() {
    let world = world("webhook").await;
    let taken = world
        .sim
        .fault(json!({ "fault": "leftover_subscriptions", "target": "foreign", "count": 5 }))
        .await;
    assert_eq!(taken["affected"], 5);
    let vera = world.server.log_in("viewer_vera").await;
    for login in ["mira_plays", "kiteflyer"] {
        vera.subscribe(login).await;
    }
    without(&vera, &["mira_plays", "kiteflyer"]).await;
    let all = world.sim.of_app().await;
    let foreign = all.iter().filter(|one| {
        let callback = one["transport"]["callback"].as_str().unwrap_or_default();
        callback.contains("another-install")
    });
    assert_eq!(foreign.count(), 5, "they are left alone");
}
