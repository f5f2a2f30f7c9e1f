//! Topics: what the server wants of Twitch and what Twitch delivers, over conduits and over webhooks.

mod budget;
mod by_viewers;
mod carriers;
mod failures;
mod gaps;
mod live_states;
mod ownership;
mod recovery;
mod sharing;
mod sockets;

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{Browser, LiveReader, PATIENCE, Server, Sim, World, eventually};

/// The ways of delivery that these tests walk.
const TRANSPORTS: [&str; 2] = ["webhook", "conduit"];

/// The contract's limit for giving back what nobody wants any more.
const RELEASE: Duration = Duration::from_secs(10);

/// A server that receives this way.
async fn world(transport: &str) -> World {
    World::with(&[("EVENTSUB_TRANSPORT", transport)]).await
}

/// A server that receives this way, and a viewer who is subscribed to one streamer whose topics all arrive.
pub(crate) async fn watching(transport: &str, login: &str) -> (World, Browser) {
    let world = world(transport).await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe(login).await;
    arrives(&vera, login).await;
    (world, vera)
}

/// What Twitch has enabled that concerns a channel: type and direction.
pub(crate) async fn topics_at_twitch(sim: &Sim, broadcaster_id: &str) -> Vec<(String, String)> {
    let mut topics = Vec::new();
    for one in sim.enabled().await {
        for (name, direction) in [
            ("broadcaster_user_id", ""),
            ("to_broadcaster_user_id", "in"),
            ("from_broadcaster_user_id", "out"),
        ] {
            if one["condition"][name] == broadcaster_id {
                topics.push((
                    one["type"].as_str().unwrap().to_owned(),
                    direction.to_owned(),
                ));
            }
        }
    }
    topics.sort();
    topics
}

/// The topics of a streamer, sorted: five of the app's, and two of the chat that a viewer's socket carries.
fn the_seven() -> Vec<(String, String)> {
    [
        ("channel.chat.message", ""),
        ("channel.chat.notification", ""),
        ("channel.raid", "in"),
        ("channel.raid", "out"),
        ("channel.update", ""),
        ("stream.offline", ""),
        ("stream.online", ""),
    ]
    .map(|(event_type, direction)| (event_type.to_owned(), direction.to_owned()))
    .to_vec()
}

/// The topics of a streamer as the viewer sees them.
pub(crate) async fn topics_shown(viewer: &Browser, login: &str) -> Vec<Value> {
    let subscriptions = viewer.subscriptions().await;
    let entry = subscriptions
        .iter()
        .find(|entry| entry["broadcaster"]["login"] == login);
    entry
        .map(|entry| entry["topics"].as_array().unwrap().clone())
        .unwrap_or_default()
}

/// Waits until the viewer is shown that all topics of a streamer arrive.
pub(crate) async fn arrives(viewer: &Browser, login: &str) {
    eventually(
        &format!("all topics of {login} to arrive"),
        PATIENCE,
        async || {
            let topics = topics_shown(viewer, login).await;
            let all = topics.len() == 7
                && topics
                    .iter()
                    .all(|topic| topic["status"] == "enabled" && topic["reason"].is_null());
            all.then_some(())
        },
    )
    .await;
}

/// Waits until Twitch has exactly these topics of a channel.
async fn twitch_has(
    sim: &Sim,
    broadcaster_id: &str,
    topics: &[(String, String)],
    within: Duration,
) {
    eventually(&format!("Twitch to have {topics:?}"), within, async || {
        (topics_at_twitch(sim, broadcaster_id).await == topics).then_some(())
    })
    .await;
}

/// Something happens in a channel; answers the message ids that went out.
pub(crate) async fn happens(sim: &Sim, event_type: &str, login: &str) -> Vec<String> {
    sim.happen(json!({ "type": event_type, "broadcaster": login }))
        .await
}

/// Waits until the viewer's list has all these messages of a channel.
pub(crate) async fn has_received(viewer: &Browser, login: &str, message_ids: &[String]) {
    eventually(
        &format!("{message_ids:?} to arrive"),
        PATIENCE,
        async || {
            let received = received(viewer, login).await;
            message_ids
                .iter()
                .all(|id| received.contains(id))
                .then_some(())
        },
    )
    .await;
}

/// The message ids of all events of a channel in the viewer's list; what was recovered has none.
pub(crate) async fn received(viewer: &Browser, login: &str) -> BTreeSet<String> {
    let query = format!("broadcaster_id={}&limit=500", Sim::id(login));
    let mut events = viewer.events(&query).await;
    events.retain(|event| event["recovered"] == false);
    let ids: BTreeSet<String> = events
        .iter()
        .map(|event| event["message_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), events.len(), "nothing twice");
    ids
}

/// What `/readyz` answers: its status code and body.
async fn readiness(server: &Server) -> (u16, Value) {
    let answer = server.browser().get("/readyz").await;
    (answer.status, answer.json())
}

/// Waits until `/readyz` names this part among the failing, or no longer does.
pub(crate) async fn readyz_names(server: &Server, part: &str, is_named: bool) {
    eventually(
        &format!("/readyz with {part} failing: {is_named}"),
        PATIENCE,
        async || {
            let (status, body) = readiness(server).await;
            assert_eq!(status, 200, "the server serves all the same: {body}");
            (body["failing"].get(part).is_some() == is_named).then_some(())
        },
    )
    .await;
}

/// Waits for a block of the live stream that tells this state of the connection.
pub(crate) async fn badge(live: &mut LiveReader, state: &str) {
    let found =
        async { while live.next_of("status").await.data.unwrap()["connection"] != state {} };
    assert!(
        timeout(PATIENCE, found).await.is_ok(),
        "the badge never became {state:?}"
    );
}
