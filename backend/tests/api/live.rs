//! The live stream: what it sends and in which order, how it resumes, and when it ends.

mod blocks;
mod cuts;
mod race;
mod resume;
mod rights;
mod slow;

use std::time::Duration;

use serde_json::Value;

use crate::messages::raid_into;
use crate::support::{Browser, LiveReader, Sim, World};

/// How soon the contract wants a change of rights or subscriptions to be felt.
const SOON: Duration = Duration::from_secs(1);

/// The five streamers the viewer of these tests is subscribed to.
const FIVE: [&str; 5] = [
    "mira_plays",
    "kiteflyer",
    "deepseadana",
    "pixel_baker",
    "late_owl",
];

/// A server and a viewer who is subscribed to nobody yet.
async fn open() -> (World, Browser) {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    (world, vera)
}

/// A raid into the channel of a login, posted and acknowledged; answers the message id.
async fn raid(world: &World, login: &str, viewers: u64) -> String {
    let message = raid_into(Sim::id(login), viewers);
    message.accepted(&world.server).await;
    message.id
}

/// Everything the viewer's list has, oldest first, page by page.
async fn whole_list(viewer: &Browser, query: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut after = "0".to_owned();
    loop {
        let page = viewer
            .get(&format!("/api/v1/events?{query}&after={after}&limit=500"))
            .await
            .ok();
        let Some(next) = page["next_after"].as_str() else {
            return all;
        };
        next.clone_into(&mut after);
        all.extend(page["events"].as_array().unwrap().iter().cloned());
    }
}

/// The next so many events of a stream.
async fn take(live: &mut LiveReader, count: usize) -> Vec<Value> {
    let mut events = Vec::with_capacity(count);
    for _ in 0..count {
        events.push(live.next_event().await);
    }
    events
}

/// One member of many objects.
fn each<'a>(events: &'a [Value], member: &str) -> Vec<&'a str> {
    events
        .iter()
        .map(|event| event[member].as_str().unwrap())
        .collect()
}
