//! The machine's clock is set back an hour while the server runs: times then lie, the order does not.

use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::messages::{about, at, raid_into};
use crate::support::{
    Browser, LiveReader, Message, PATIENCE, Sim, World, brisk, eventually, movable_clock,
};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

struct Scene {
    world: World,
    clock: Clock,
    vera: Browser,
    live: LiveReader,
}

impl Scene {
    async fn begin(clock: Clock) -> Self {
        let timings = Timings {
            sweep_every: Duration::from_millis(50),
            ..brisk()
        };
        let world = World::tuned(&[], clock.clone(), timings).await;
        let vera = world.server.log_in("viewer_vera").await;
        let live = vera.live("").await;
        Self {
            world,
            clock,
            vera,
            live,
        }
    }

    /// Brings a message, sent now by the server's clock; it must be taken.
    async fn takes(&self, message: &Message) {
        at(message, self.clock.now())
            .accepted(&self.world.server)
            .await;
    }

    /// The same, and it must be new.
    async fn delivers(&mut self, message: &Message) {
        self.takes(message).await;
        assert_eq!(self.live.next_event().await["message_id"], message.id);
    }

    /// The whole list, oldest first; read from the other end it is the same.
    async fn list(&self) -> Vec<Value> {
        let upwards = self.vera.events("after=0&limit=500").await;
        let mut downwards = self.vera.events("limit=500").await;
        downwards.reverse();
        assert_eq!(upwards, downwards);
        upwards
    }
}

fn time(event: &Value, name: &str) -> Timestamp {
    event[name].as_str().unwrap().parse().unwrap()
}

fn online(stream_id: &str) -> Message {
    let event = json!({ "id": stream_id, "type": "live", "started_at": "2026-11-01T18:00:00Z" });
    about(Sim::id("viewer_vera"), "stream.online", &event)
}

#[tokio::test]
async fn over_a_clock_that_is_set_back_events_are_stored_once_and_in_order() {
    let (clock, hand) = movable_clock();
    let mut scene = Scene::begin(clock).await;
    let raid = |n| raid_into(Sim::id("viewer_vera"), n);
    let (first, second, stream) = (raid(1), raid(2), online("9001"));
    for message in [&first, &second, &stream] {
        scene.delivers(message).await;
    }
    hand.back(HOUR);

    // What is held already stays held, whether it is the message or the happening that comes again.
    for again in [&first, &second, &stream, &online("9001")] {
        scene.takes(again).await;
    }
    assert_eq!(scene.list().await.len(), 3);
    let (third, fourth) = (raid(3), raid(4));
    scene.delivers(&third).await;
    scene.delivers(&fourth).await;
    scene.takes(&third).await;

    let list = scene.list().await;
    let ids: Vec<&str> = list
        .iter()
        .map(|event| event["message_id"].as_str().unwrap())
        .collect();
    let sent = [&first, &second, &stream, &third, &fourth].map(|message| message.id.as_str());
    assert_eq!(ids, sent);
    assert!(
        time(&list[3], "received_at") < time(&list[2], "received_at"),
        "the clock was set back"
    );
    let cursor = |nth: usize| list[nth]["id"].as_str().unwrap();
    let number = |nth: usize| cursor(nth).parse::<u64>().unwrap();
    assert!((1..5).all(|nth| number(nth - 1) < number(nth)));
    assert_eq!(
        scene
            .vera
            .events(&format!("before={}", cursor(3)))
            .await
            .len(),
        3
    );
    assert_eq!(
        scene.vera.events(&format!("after={}", cursor(2))).await,
        list[3..]
    );

    let mut resumed = scene.vera.live(&format!("after={}", cursor(0))).await;
    for event in &list[1..] {
        assert_eq!(resumed.next_event().await, *event);
    }
    scene.world.server.restart().await;
    assert_eq!(scene.list().await, list);
    scene.live = scene.vera.live("").await;
    scene.takes(&first).await;
    let fifth = raid(5);
    scene.delivers(&fifth).await;
    assert_eq!(scene.list().await.len(), 6);
}

/// Twitch's sockets, tokens and comparisons go by durations and by Twitch's clock, so they do not notice.
#[tokio::test]
async fn over_a_clock_that_is_set_back_twitch_goes_on_delivering() {
    let (clock, hand) = movable_clock();
    let scene = Scene::begin(clock).await;
    scene.vera.subscribe("mira_plays").await;
    let arrives = async || {
        let sent = eventually("Twitch to have somebody to send to", PATIENCE, async || {
            let raid = json!({ "type": "channel.raid", "broadcaster": "mira_plays" });
            let sent = scene.world.sim.happen(raid).await;
            (!sent.is_empty()).then_some(sent)
        })
        .await;
        eventually("the event to arrive", PATIENCE, async || {
            let events = scene.vera.events("limit=500").await;
            let is_it = |event: &Value| event["message_id"] == sent[0];
            events.iter().any(is_it).then_some(())
        })
        .await;
    };
    arrives().await;
    hand.back(HOUR);
    arrives().await;
    let newest = scene.vera.events("limit=1").await;
    let last = &newest[0];
    assert!(time(last, "received_at") < time(last, "occurred_at") - HOUR / 2);
    assert_eq!(
        scene.vera.get("/api/v1/me").await.ok()["login"],
        "viewer_vera"
    );
}
