//! What happened while nothing could be received is inserted as far as Twitch's lists prove it, once, and marked.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{TRANSPORTS, arrives, topics_shown, watching};
use crate::messages::at;
use crate::support::{Browser, Message, PATIENCE, Sim, World, eventually};

const MIRA: &str = "mira_plays";
const OWL: &str = "late_owl";

/// The events of a channel that tell of its streams, oldest first.
async fn told(viewer: &Browser, login: &str) -> Vec<Value> {
    let query = format!(
        "broadcaster_id={}&kind=stream&after=0&limit=500",
        Sim::id(login)
    );
    viewer.events(&query).await
}

/// Waits for so many of them, and that there are no more after further looks.
async fn in_the_end(world: &World, viewer: &Browser, login: &str, count: usize) -> Vec<Value> {
    eventually(
        &format!("{count} events of {login}"),
        PATIENCE,
        async || (told(viewer, login).await.len() >= count).then_some(()),
    )
    .await;
    looks_again(world).await;
    let told = told(viewer, login).await;
    assert_eq!(told.len(), count, "{told:#?}");
    told
}

/// Waits until everybody has been looked at some more times.
async fn looks_again(world: &World) {
    let before = world.sim.count("/helix/streams").await;
    eventually("some looks at the streams", PATIENCE, async || {
        (world.sim.count("/helix/streams").await >= before + 5).then_some(())
    })
    .await;
}

/// Something happens that nobody hears.
async fn unheard(sim: &Sim, event_type: &str, login: &str, event: Value) {
    let happening = json!({ "type": event_type, "broadcaster": login, "event": event });
    let sent = sim.happen(happening).await;
    assert!(sent.is_empty(), "nobody was there to hear it");
}

/// All sockets are cut while this happens, and for some looks after it.
async fn without_sockets(
    world: &World,
    viewer: &Browser,
    login: &str,
    work: impl AsyncFnOnce(&Sim),
) {
    world
        .sim
        .fault(json!({ "fault": "drop_sockets", "seconds": 3600 }))
        .await;
    eventually("the topics to be lost", PATIENCE, async || {
        let topics = topics_shown(viewer, login).await;
        let is_lost = |event_type: &str| {
            topics
                .iter()
                .any(|topic| topic["type"] == event_type && topic["status"] != "enabled")
        };
        ["stream.online", "stream.offline", "channel.update"]
            .into_iter()
            .all(is_lost)
            .then_some(())
    })
    .await;
    work(&world.sim).await;
    world.sim.clear_faults().await;
    arrives(viewer, login).await;
}

fn is_recovered(event: &Value, event_type: &str) {
    assert_eq!(event["type"], event_type, "{event:#}");
    assert_eq!(
        (&event["recovered"], &event["message_id"]),
        (&json!(true), &Value::Null),
        "{event:#}"
    );
    assert_eq!(event["visibility"], "public");
}

fn time(event: &Value) -> Timestamp {
    event["occurred_at"].as_str().unwrap().parse().unwrap()
}

/// Twitch's message about this, sent a while ago and late.
async fn comes_late(world: &World, event: &Value) {
    let text = |name: &str| event[name].as_str().unwrap();
    let condition = json!({ "broadcaster_user_id": event["broadcaster"]["id"] });
    let message =
        Message::notification(text("type"), text("version"), &condition, &event["payload"]);
    let sent = Timestamp::now() - SignedDuration::from_secs(90);
    at(&message, sent).accepted(&world.server).await;
}

#[tokio::test]
async fn a_start_is_recovered_once_and_its_own_message_comes_too_late() {
    let (world, vera) = watching("conduit", OWL).await;
    let mut live = vera.live("").await;
    without_sockets(&world, &vera, OWL, async |sim| {
        unheard(sim, "stream.online", OWL, json!({ "id": "s1" })).await;
    })
    .await;
    let told = in_the_end(&world, &vera, OWL, 1).await;
    is_recovered(&told[0], "stream.online");
    let payload = &told[0]["payload"];
    assert_eq!(payload["id"], "s1");
    assert_eq!(payload["broadcaster_user_login"], OWL);
    let started: Timestamp = payload["started_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(time(&told[0]), started);
    assert_eq!(told[0]["summary"], "Late_Owl went live");
    let shown = live.next_of("event").await.data.unwrap();
    assert_eq!(shown, told[0], "whoever watches sees it");
    comes_late(&world, &told[0]).await;
    in_the_end(&world, &vera, OWL, 1).await;
    assert!(vera.subscriptions().await[0]["live"].is_object());
}

#[tokio::test]
async fn an_end_is_recovered_when_the_list_has_it_no_more() {
    let (world, vera) = watching("conduit", MIRA).await;
    let mut missed_at = Timestamp::now();
    without_sockets(&world, &vera, MIRA, async |sim| {
        missed_at = Timestamp::now();
        unheard(sim, "stream.offline", MIRA, json!({})).await;
    })
    .await;
    let told = in_the_end(&world, &vera, MIRA, 1).await;
    is_recovered(&told[0], "stream.offline");
    assert!(
        time(&told[0]) > missed_at,
        "known no sooner than it was seen"
    );
    comes_late(&world, &told[0]).await;
    in_the_end(&world, &vera, MIRA, 1).await;
    assert!(vera.subscriptions().await[0]["live"].is_null());
}

#[tokio::test]
async fn another_stream_proves_the_end_of_the_one_before() {
    let (world, vera) = watching("conduit", MIRA).await;
    without_sockets(&world, &vera, MIRA, async |sim| {
        unheard(sim, "stream.offline", MIRA, json!({})).await;
        unheard(sim, "stream.online", MIRA, json!({ "id": "s2" })).await;
    })
    .await;
    let told = in_the_end(&world, &vera, MIRA, 2).await;
    is_recovered(&told[0], "stream.offline");
    is_recovered(&told[1], "stream.online");
    assert_eq!(
        told[0]["summary"],
        "Stream ended while nothing could be received"
    );
    assert_ne!(told[0]["payload"]["id"], "s2");
    assert_eq!(told[1]["payload"]["id"], "s2");
    assert_eq!(
        time(&told[0]),
        time(&told[1]),
        "that is when it was over at the latest"
    );
    for event in &told {
        comes_late(&world, event).await;
    }
    in_the_end(&world, &vera, MIRA, 2).await;
}

#[tokio::test]
async fn an_end_is_recovered_after_two_looks_without_it() {
    for transport in TRANSPORTS {
        let (mut world, vera) = watching(transport, MIRA).await;
        let sim = &world.sim;
        world
            .server
            .stopped_while(async || {
                sim.happen(json!({ "type": "stream.offline", "broadcaster": MIRA }))
                    .await;
            })
            .await;
        let told = in_the_end(&world, &vera, MIRA, 1).await;
        assert_eq!(told[0]["type"], "stream.offline");
        if transport == "conduit" {
            is_recovered(&told[0], "stream.offline");
            comes_late(&world, &told[0]).await;
            in_the_end(&world, &vera, MIRA, 1).await;
        }
        assert!(vera.subscriptions().await[0]["live"].is_null());
    }
}

#[tokio::test]
async fn a_restart_recovers_what_was_missed_over_either_transport() {
    for transport in TRANSPORTS {
        let (mut world, vera) = watching(transport, OWL).await;
        let sim = &world.sim;
        world
            .server
            .stopped_while(async || {
                let began =
                    json!({ "type": "stream.online", "broadcaster": OWL, "event": { "id": "s1" } });
                sim.happen(began).await;
            })
            .await;
        let told = in_the_end(&world, &vera, OWL, 1).await;
        assert_eq!(
            (&told[0]["type"], &told[0]["payload"]["id"]),
            (&json!("stream.online"), &json!("s1"))
        );
        comes_late(&world, &told[0]).await;
        world.server.restart().await;
        in_the_end(&world, &vera, OWL, 1).await;
    }
}

#[tokio::test]
async fn a_title_is_recovered_live_or_not() {
    let (world, vera) = watching("conduit", MIRA).await;
    vera.subscribe(OWL).await;
    arrives(&vera, OWL).await;
    // What the channel that is offline was called is known by its last event alone.
    let update =
        json!({ "type": "channel.update", "broadcaster": OWL, "event": { "title": "Soon" } });
    assert_eq!(world.sim.happen(update).await.len(), 1);
    in_the_end(&world, &vera, OWL, 1).await;
    without_sockets(&world, &vera, MIRA, async |sim| {
        for login in [MIRA, OWL] {
            unheard(sim, "channel.update", login, json!({ "title": "Now this" })).await;
        }
    })
    .await;
    arrives(&vera, OWL).await;
    for (login, count) in [(MIRA, 1), (OWL, 2)] {
        let told = in_the_end(&world, &vera, login, count).await;
        let last = told.last().unwrap();
        is_recovered(last, "channel.update");
        assert_eq!(
            (&last["text"], &last["payload"]["title"]),
            (&json!("Now this"), &json!("Now this"))
        );
        for name in [
            "language",
            "category_id",
            "category_name",
            "content_classification_labels",
        ] {
            assert!(!last["payload"][name].is_null(), "{name}: {last:#}");
        }
        comes_late(&world, last).await;
        in_the_end(&world, &vera, login, count).await;
    }
}

#[tokio::test]
async fn where_nothing_was_missed_nothing_is_made_up() {
    let (mut world, vera) = watching("conduit", MIRA).await;
    looks_again(&world).await;
    assert_eq!(
        told(&vera, MIRA).await,
        [] as [Value; 0],
        "live before anybody was subscribed"
    );
    without_sockets(&world, &vera, MIRA, async |_| {}).await;
    in_the_end(&world, &vera, MIRA, 0).await;
    // Somebody is subscribed to while nothing can be received, and one who has begun before that.
    without_sockets(&world, &vera, MIRA, async |sim| {
        unheard(sim, "stream.online", OWL, json!({ "id": "s1" })).await;
        vera.subscribe(OWL).await;
    })
    .await;
    world.server.restart().await;
    arrives(&vera, OWL).await;
    in_the_end(&world, &vera, MIRA, 0).await;
    in_the_end(&world, &vera, OWL, 0).await;
}
