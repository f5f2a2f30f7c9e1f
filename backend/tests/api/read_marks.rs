//! How far a viewer has read: marks, what they make of the unread counts, and that all devices hear of them.

mod counts;
mod told;

use serde_json::json;

use crate::messages::raid_into;
use crate::support::{Answer, Browser, Sim, World};

const MIRA: &str = "mira_plays";
const KITE: &str = "kiteflyer";

/// A server, and a viewer who is subscribed to two streamers.
async fn open() -> (World, Browser) {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    for login in [MIRA, KITE] {
        vera.subscribe(login).await;
    }
    (world, vera)
}

/// So many raids into a channel.
async fn raids(world: &World, login: &str, count: u64) {
    for viewers in 1..=count {
        let raid = raid_into(Sim::id(login), viewers);
        raid.accepted(&world.server).await;
    }
}

/// The cursors of a channel's events as a viewer sees them, oldest first.
async fn cursors(viewer: &Browser, login: &str) -> Vec<String> {
    let query = format!("broadcaster_id={}&after=0&limit=500", Sim::id(login));
    let events = viewer.events(&query).await;
    events
        .iter()
        .map(|event| event["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The unread events of these two streamers as the viewer's cards tell them.
async fn unread(viewer: &Browser) -> [u64; 2] {
    let cards = viewer.subscriptions().await;
    [MIRA, KITE].map(|login| {
        let card = cards
            .iter()
            .find(|card| card["broadcaster"]["login"] == login);
        card.unwrap()["unread"].as_u64().unwrap()
    })
}

fn path(login: &str) -> String {
    format!("/api/v1/subscriptions/{}/read", Sim::id(login))
}

async fn mark(viewer: &Browser, login: &str, cursor: &str) -> Answer {
    viewer.put(&path(login), json!({ "cursor": cursor })).await
}

/// Moves a mark; it must be taken.
async fn marked(viewer: &Browser, login: &str, cursor: &str) {
    let answer = mark(viewer, login, cursor).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""), "{cursor}");
}

async fn read_all(viewer: &Browser) {
    let answer = viewer.ask(reqwest::Method::POST, "/api/v1/read-all");
    let answer = answer.send().await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
}
