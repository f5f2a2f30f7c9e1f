//! Readers cut off again and again while several writers write: what they saw is the list, in order, once.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use reqwest::Method;
use serde_json::{Value, json};

use super::{FIVE, each, open, whole_list};
use crate::messages::{about, raid_into};
use crate::support::{Block, Browser, LiveReader, Message, Sim, World};

/// A reader as a browser is one: it remembers the id of the last whole block, and resumes there.
struct Tab<'a> {
    viewer: &'a Browser,
    query: &'a str,
    dice: StdRng,
    last_id: String,
    seen: Vec<Value>,
}

impl<'a> Tab<'a> {
    fn new(viewer: &'a Browser, query: &'a str, seed: u64) -> Self {
        Self {
            viewer,
            query,
            dice: StdRng::seed_from_u64(seed),
            last_id: "0".to_owned(),
            seen: Vec::new(),
        }
    }

    /// Connects, reads some blocks or none, and is cut off.
    async fn reads_and_is_cut(&mut self) {
        let blocks = self.dice.random_range(0..12);
        let mut live = self.connect().await;
        for _ in 0..blocks {
            let block = live.next().await;
            self.take(block);
        }
        live.cut();
    }

    /// Reads on until this cursor.
    async fn reads_up_to(&mut self, cursor: &str) {
        let mut live = self.connect().await;
        while self.last_id != cursor {
            let block = live.next().await;
            self.take(block);
        }
    }

    async fn connect(&mut self) -> LiveReader {
        // Browsers send the header when they reconnect; a page that was reloaded has the parameter alone.
        if self.dice.random_bool(0.5) {
            let ask = self
                .viewer
                .ask(Method::GET, &format!("/api/v1/events/live?{}", self.query));
            ask.header("last-event-id", &self.last_id).live().await
        } else {
            self.viewer
                .live(&format!("{}&after={}", self.query, self.last_id))
                .await
        }
    }

    fn take(&mut self, block: Block) {
        assert!(!block.is("gap"), "nothing is missing: {block:?}");
        if let Some(id) = block.id {
            self.last_id = id;
        }
        if block.event.as_deref() == Some("event") {
            self.seen.extend(block.data);
        }
    }
}

/// Posts until told to stop: events of the five, of strangers, private ones, the same again, the same happening anew.
async fn write(world: &World, seed: u64, done: &AtomicBool) {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut last: Option<Message> = None;
    let mut number = 0;
    while !done.load(Ordering::SeqCst) {
        number += 1;
        let login = FIVE
            .get(dice.random_range(0..6))
            .copied()
            .unwrap_or("ostrich_op");
        let id = Sim::id(login);
        let message = match (dice.random_range(0..6), last.take()) {
            (0, Some(again)) => again,
            (1, Some(anew)) => anew.again(),
            (2, _) => about(
                id,
                "stream.online",
                &json!({ "id": format!("{seed}-{}", number / 3), "type": "live" }),
            ),
            (3, _) => about(
                id,
                "channel.follow",
                &json!({ "user_id": "1", "user_login": "x", "user_name": "X" }),
            ),
            _ => raid_into(id, number),
        };
        message.accepted(&world.server).await;
        last = Some(message);
    }
}

/// Checks a reader against the list of the same query.
async fn is_the_list(viewer: &Browser, tab: &Tab<'_>) -> usize {
    let listed = whole_list(viewer, tab.query).await;
    assert_eq!(each(&tab.seen, "id"), each(&listed, "id"), "{}", tab.query);
    assert_eq!(tab.seen, listed);
    listed.len()
}

/// The newest cursor of all: the id of the first block of a new stream.
async fn newest(viewer: &Browser) -> String {
    viewer.live("").await.next().await.id.unwrap()
}

#[tokio::test]
async fn a_hundred_random_cuts_of_a_reader_of_five_streamers_lose_and_repeat_nothing() {
    let (world, vera) = open().await;
    for login in FIVE {
        vera.subscribe(login).await;
    }
    let done = AtomicBool::new(false);
    let reading = async {
        let mut tab = Tab::new(&vera, "", 8);
        for _ in 0..100 {
            tab.reads_and_is_cut().await;
        }
        done.store(true, Ordering::SeqCst);
        tab
    };
    let writing = join_all((0..4).map(|seed| write(&world, seed, &done)));
    let (mut tab, _) = tokio::join!(reading, writing);
    let newest = newest(&vera).await;
    tab.reads_up_to(&newest).await;
    let count = is_the_list(&vera, &tab).await;
    assert!(count > 200, "enough happened: {count}");
}

#[tokio::test]
async fn many_readers_with_filters_of_their_own_race_many_writers() {
    let (world, vera) = open().await;
    for login in FIVE {
        vera.subscribe(login).await;
    }
    let queries = [
        "",
        "kind=raid",
        "kind=stream",
        "broadcaster_id=700100200",
        "broadcaster_id=700100200&broadcaster_id=431904427&kind=raid",
        "min_amount=20",
        "actor=late_owl",
        "broadcaster_id=88213407",
    ];
    for round in 0..3 {
        let done = AtomicBool::new(false);
        let reading = async {
            let tabs = queries.iter().enumerate().map(async |(nth, query)| {
                let mut tab = Tab::new(&vera, query, round * 100 + nth as u64);
                for _ in 0..15 {
                    tab.reads_and_is_cut().await;
                }
                tab
            });
            let tabs = join_all(tabs).await;
            done.store(true, Ordering::SeqCst);
            tabs
        };
        let writing = join_all((0..8).map(|writer| write(&world, round * 1000 + writer, &done)));
        let (mut tabs, _) = tokio::join!(reading, writing);
        let newest = newest(&vera).await;
        for tab in &mut tabs {
            tab.reads_up_to(&newest).await;
            is_the_list(&vera, tab).await;
        }
    }
}
