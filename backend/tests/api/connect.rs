//! "Connect my channel": what a streamer allows step by step arrives for that streamer alone, and ends when it is
//! undone.

mod arriving;
mod asking;
mod ending;
mod others;
mod undoing;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Browser, PATIENCE, Sim, World, eventually};
use crate::topics::topics_at_twitch;

const MIRA: &str = "mira_plays";

/// Goes to Twitch for these steps and comes back; answers where the browser is sent.
async fn back_from(browser: &Browser, steps: &str, answers: &[(&str, &str)]) -> String {
    let start = format!("/auth/login?connect={steps}&return_to=/settings");
    let callback = browser.to_twitch_and_back(&start, answers).await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, 302, "{steps}: {}", answer.text);
    answer.header("location").to_owned()
}

/// `mira_plays` allows these steps.
pub(crate) async fn takes(mira: &Browser, steps: &str) {
    let to = back_from(mira, steps, &[("login", MIRA)]).await;
    assert_eq!(to, "/settings?notice=connected", "{steps}");
}

/// A server, and `mira_plays` who has taken these steps.
async fn connected(steps: &str) -> (World, Browser) {
    let world = World::start().await;
    let mira = world.server.log_in(MIRA).await;
    takes(&mira, steps).await;
    (world, mira)
}

/// The viewer's own channel.
async fn own_channel(viewer: &Browser) -> Value {
    viewer.get("/api/v1/me/channel").await.ok()
}

/// How each step stands, those that are off left out.
async fn states(viewer: &Browser) -> BTreeMap<String, String> {
    let channel = own_channel(viewer).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let steps = channel["steps"].as_array().unwrap().iter();
    steps
        .map(|step| (text(&step["name"]), text(&step["state"])))
        .filter(|(_, state)| state != "off")
        .collect()
}

async fn are_connected(viewer: &Browser, steps: &[&str]) {
    let expected = steps
        .iter()
        .map(|step| ((*step).to_owned(), "connected".to_owned()));
    assert_eq!(states(viewer).await, expected.collect());
}

/// What Twitch allows this server of the viewer.
async fn scopes(viewer: &Browser) -> Vec<String> {
    let me = viewer.get("/api/v1/me").await.ok();
    let scopes = me["scopes"].as_array().unwrap().iter();
    scopes
        .map(|scope| scope.as_str().unwrap().to_owned())
        .collect()
}

/// The types of the channel's topics that Twitch has enabled.
async fn types_at_twitch(sim: &Sim) -> Vec<String> {
    let topics = topics_at_twitch(sim, Sim::id(MIRA)).await;
    topics
        .into_iter()
        .map(|(event_type, _)| event_type)
        .collect()
}

/// Waits until Twitch has enabled these types of the channel and no other.
async fn twitch_has(sim: &Sim, types: &[&str]) {
    let what = format!("Twitch to have {types:?}");
    let has = async || (types_at_twitch(sim).await == types).then_some(());
    eventually(&what, PATIENCE, has).await;
}

/// Waits until the viewer is told that all that was connected arrives.
async fn all_arrive(viewer: &Browser) {
    eventually("what was connected to arrive", PATIENCE, async || {
        let channel = own_channel(viewer).await;
        let steps = channel["steps"].as_array().unwrap().iter();
        let mut topics = steps
            .filter(|step| step["state"] == "connected")
            .flat_map(|step| step["topics"].as_array().unwrap());
        topics
            .all(|topic| topic["status"] == "enabled" && topic["reason"].is_null())
            .then_some(())
    })
    .await;
}

/// The ids of Twitch's subscriptions of the channel.
async fn ids_at_twitch(sim: &Sim) -> Vec<String> {
    let of_mira = |one: &Value| one["condition"]["broadcaster_user_id"] == Sim::id(MIRA);
    let all = sim.enabled().await;
    let ids = all.iter().filter(|one| of_mira(one));
    let mut ids: Vec<String> = ids
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

const POLLS: [&str; 3] = [
    "channel.poll.begin",
    "channel.poll.end",
    "channel.poll.progress",
];
