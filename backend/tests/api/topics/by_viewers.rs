//! Where there is neither webhook nor conduit, everything comes over the viewers' own WebSockets.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    arrives, badge, happens, has_received, readyz_names, the_seven, topics_at_twitch, topics_shown,
    watching, world,
};
use crate::support::{Browser, PATIENCE, Sim, World, eventually};

/// How the topics of a streamer stand, by type and direction.
async fn standing(viewer: &Browser, login: &str) -> BTreeMap<(String, String), (String, String)> {
    let topics = topics_shown(viewer, login).await;
    topics
        .iter()
        .map(|topic| {
            let text = |name: &str| topic[name].as_str().unwrap_or_default().to_owned();
            (
                (text("type"), text("direction")),
                (text("status"), text("reason")),
            )
        })
        .collect()
}

async fn all_come_by_socket(sim: &Sim) {
    let all = sim.enabled().await;
    assert!(
        all.iter()
            .all(|one| one["transport"]["method"] == "websocket"),
        "{all:?}"
    );
    let mut points: BTreeMap<&str, u64> = BTreeMap::new();
    for one in &all {
        let user = one["user_id"].as_str().unwrap();
        *points.entry(user).or_default() += one["cost"].as_u64().unwrap();
    }
    assert!(points.values().all(|points| *points <= 10), "{points:?}");
}

#[tokio::test]
async fn everything_of_one_streamer_arrives() {
    let (world, vera) = watching("websocket", "mira_plays").await;
    let at_twitch = topics_at_twitch(&world.sim, Sim::id("mira_plays")).await;
    assert_eq!(at_twitch, the_seven());
    all_come_by_socket(&world.sim).await;
    let mut sent = Vec::new();
    for event_type in [
        "stream.online",
        "channel.update",
        "channel.raid",
        "channel.chat.notification",
        "stream.offline",
    ] {
        let ids = happens(&world.sim, event_type, "mira_plays").await;
        assert_eq!(ids.len(), 1, "{event_type}");
        sent.extend(ids);
    }
    has_received(&vera, "mira_plays", &sent).await;
    badge(&mut vera.live("").await, "up").await;
}

#[tokio::test]
async fn ten_points_are_two_streamers_and_the_rest_is_told() {
    let world = world("websocket").await;
    let vera = world.server.log_in("viewer_vera").await;
    for login in ["mira_plays", "kiteflyer", "late_owl"] {
        vera.subscribe(login).await;
    }
    let told = eventually(
        "two whole streamers and the rest of one",
        PATIENCE,
        async || {
            let mut whole = 0;
            let mut rest = None;
            for login in ["mira_plays", "kiteflyer", "late_owl"] {
                let topics = standing(&vera, login).await;
                let settled = |(status, _): &(String, String)| status != "pending";
                if !topics.values().all(settled) {
                    return None;
                }
                match topics.values().all(|(status, _)| status == "enabled") {
                    true => whole += 1,
                    false => rest = Some((login, topics)),
                }
            }
            (whole == 2).then_some(rest).flatten()
        },
    )
    .await;
    let (login, topics) = told;
    for ((event_type, _), (status, reason)) in &topics {
        let expected = match event_type.as_str() {
            "channel.chat.notification" | "channel.chat.message" => "enabled",
            "stream.online" | "stream.offline" => "polling",
            _ => "unavailable",
        };
        assert_eq!(status, expected, "{login} {event_type}");
        let says_why = reason.contains("ten points");
        assert_eq!(says_why, expected != "enabled", "{event_type}: {reason}");
    }
    all_come_by_socket(&world.sim).await;
    // A standing shortage is told on the card; it is no trouble that might pass.
    readyz_names(&world.server, "topics", false).await;

    // Somebody else's ten points are ten more.
    let omar = world.server.log_in("viewer_omar").await;
    omar.subscribe(login).await;
    arrives(&vera, login).await;
    all_come_by_socket(&world.sim).await;
}

#[tokio::test]
async fn a_streamer_who_logs_in_here_costs_nothing() {
    let world = world("websocket").await;
    world.server.log_in("mira_plays").await;
    let vera = world.server.log_in("viewer_vera").await;
    for login in ["mira_plays", "kiteflyer", "late_owl"] {
        vera.subscribe(login).await;
    }
    for login in ["mira_plays", "kiteflyer", "late_owl"] {
        arrives(&vera, login).await;
    }
    all_come_by_socket(&world.sim).await;
}

/// Twitch's simulator of its own developer tool, for one, has none.
#[tokio::test]
async fn where_twitch_has_no_conduits_the_viewers_sockets_take_their_place() {
    let world = World::start().await;
    world
        .sim
        .fault(json!({ "fault": "http_status", "target": "/helix/eventsub/conduits", "code": 404, "seconds": 600 }))
        .await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    arrives(&vera, "mira_plays").await;
    all_come_by_socket(&world.sim).await;
    let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
    has_received(&vera, "mira_plays", &sent).await;
}

#[tokio::test]
async fn a_change_of_the_way_leaves_nothing_behind() {
    let (mut world, vera) = watching("conduit", "mira_plays").await;
    for transport in ["websocket", "conduit"] {
        world
            .server
            .restart_with(&[("EVENTSUB_TRANSPORT", transport)])
            .await;
        eventually("everything to come the new way", PATIENCE, async || {
            let app: Vec<Value> = world.sim.of_app().await;
            let is_right = app.is_empty() == (transport == "websocket");
            let all = topics_at_twitch(&world.sim, Sim::id("mira_plays")).await;
            (is_right && all == the_seven()).then_some(())
        })
        .await;
        arrives(&vera, "mira_plays").await;
        let sent = happens(&world.sim, "channel.raid", "mira_plays").await;
        assert_eq!(sent.len(), 1, "{transport}");
        has_received(&vera, "mira_plays", &sent).await;
    }
}
