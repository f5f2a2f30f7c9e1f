//! The blocks of an open stream: the first one, events as the list has them, signs of life, filters.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{FIVE, each, open, raid, take, whole_list};
use crate::messages::{about, with};
use crate::support::{Block, Sim};

#[tokio::test]
async fn the_first_block_is_the_status_at_the_newest_cursor() {
    let (world, vera) = open().await;
    let mut live = vera.live("").await;
    assert_eq!(live.header("content-type"), "text/event-stream");
    assert!(
        live.header("cache-control").contains("no-store"),
        "{}",
        live.header("cache-control")
    );
    let first = live.next().await;
    assert_eq!(
        (first.id.as_deref(), first.event.as_deref()),
        (Some("0"), Some("status"))
    );
    let status = first.data.unwrap();
    assert!(
        ["up", "degraded", "down"].contains(&status["connection"].as_str().unwrap()),
        "{status}"
    );
    assert_eq!(
        status,
        json!({ "connection": status["connection"], "broadcaster_id": null, "live": null })
    );

    // The newest of all, also when the viewer has nothing to do with it.
    raid(&world, "kiteflyer", 1).await;
    let newest = vera.events("broadcaster_id=431904427").await;
    let first = vera.live("").await.next().await;
    assert_eq!(first.id.as_deref(), newest[0]["id"].as_str());
}

#[tokio::test]
async fn what_is_stored_after_the_head_comes_once_in_order_and_as_the_list_has_it() {
    let (world, vera) = open().await;
    for login in FIVE {
        vera.subscribe(login).await;
    }
    raid(&world, "mira_plays", 0).await;
    let mut live = vera.live("").await;
    let write = async |writer: u64| {
        for step in 0..20 {
            // Every sixth happens in a channel the viewer is not subscribed to.
            let login = FIVE
                .get((writer + step) as usize % 6)
                .copied()
                .unwrap_or("ostrich_op");
            raid(&world, login, 1 + writer * 20 + step).await;
        }
    };
    join_all((0..6).map(write)).await;
    let listed = whole_list(&vera, "").await.split_off(1);
    assert_eq!(listed.len(), 100);
    let streamed = take(&mut live, listed.len()).await;
    assert_eq!(streamed, listed);
    let ids: Vec<u64> = each(&streamed, "id")
        .iter()
        .map(|id| id.parse().unwrap())
        .collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    let messages: HashSet<&str> = each(&streamed, "message_id").into_iter().collect();
    assert_eq!(messages.len(), 100);
}

#[tokio::test]
async fn the_id_of_a_block_is_the_id_of_its_event() {
    let (world, vera) = open().await;
    let mut live = vera
        .live(&format!("broadcaster_id={}", Sim::id("mira_plays")))
        .await;
    for n in 0..3 {
        raid(&world, "mira_plays", n).await;
        let block = live.next_of("event").await;
        assert_eq!(block.id.as_deref(), block.data.unwrap()["id"].as_str());
    }
}

#[tokio::test]
async fn a_sign_of_life_moves_the_resume_point_past_what_the_reader_does_not_see() {
    let (world, vera) = open().await;
    let mut live = vera.live("").await;
    let sign_of_life = |block: &Block| block.event.is_none() && block.data.is_none();
    raid(&world, "kiteflyer", 1).await;
    let newest = vera.events("broadcaster_id=431904427").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let block = loop {
        let block = live.next().await;
        assert!(!block.is("event"), "it is nobody's business here");
        if sign_of_life(&block) && block.id.as_deref() != Some("0") {
            break block;
        }
    };
    assert_eq!(block.id, Some(newest));
    let next = loop {
        let block = live.next().await;
        if sign_of_life(&block) {
            break block;
        }
    };
    assert_eq!(next.id, block.id, "one more comes although nothing happens");
}

#[tokio::test]
async fn filters_hold_for_what_is_caught_up_and_for_what_is_live() {
    let (world, vera) = open().await;
    let own = Sim::id("viewer_vera");
    vera.subscribe("mira_plays").await;
    let cheer = |name: &str, bits: u64| {
        let user = json!({ "user_id": name, "user_login": name.to_lowercase(), "user_name": name, "bits": bits });
        about(own, "channel.cheer", &user)
    };
    let happen = async || {
        raid(&world, "mira_plays", 5).await;
        for message in [
            cheer("Pip", 10),
            cheer("Bo", 500),
            about(
                own,
                "channel.follow",
                &json!({ "user_id": "Pip", "user_login": "pip", "user_name": "Pip" }),
            ),
            about(own, "stream.offline", &json!({})),
        ] {
            message.accepted(&world.server).await;
        }
    };
    let queries = [
        "kind=cheer",
        "kind=cheer&kind=raid",
        "type=channel.follow&type=channel.raid",
        "actor=PIP",
        "actor=555000111",
        "min_amount=10",
        "min_amount=501",
        "broadcaster_id=700100200",
        "broadcaster_id=700100200&broadcaster_id=640172935&kind=raid",
        "broadcaster_id=640172935&kind=cheer&actor=bo&min_amount=500",
        "broadcaster_id=nobody",
        "type=unheard.of",
    ];
    happen().await;
    let mut readers = Vec::new();
    for query in queries {
        readers.push(vera.live(&format!("{query}&after=0")).await);
    }
    happen().await;
    let total: usize = whole_list(&vera, "").await.len();
    assert_eq!(total, 10);
    let mut sizes = HashSet::new();
    for (query, mut live) in queries.into_iter().zip(readers) {
        let listed = whole_list(&vera, query).await;
        let newest = vera.events("limit=1").await[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let mut streamed: Vec<Value> = Vec::new();
        // A sign of life at the newest cursor says that there is nothing more.
        loop {
            let block = live.next().await;
            if block.is("event") {
                streamed.extend(block.data);
            } else if block.event.is_none() && block.id.as_ref() == Some(&newest) {
                break;
            }
        }
        assert_eq!(streamed, listed, "{query}");
        sizes.insert(listed.len());
    }
    assert!(sizes.len() > 3, "the filters differ: {sizes:?}");
}

#[tokio::test]
async fn parameters_that_a_stream_does_not_take_are_named() {
    let (_world, vera) = open().await;
    for (query, name) in [
        ("before=1", "before"),
        ("since=2026-11-01T18:00:00Z", "since"),
        ("until=2026-11-01T18:00:00Z", "until"),
        ("limit=10", "limit"),
        ("colour=red", "colour"),
        ("kind=raids", "kind"),
        ("min_amount=many", "min_amount"),
        ("broadcaster_id=", "broadcaster_id"),
    ] {
        let problem = vera
            .get(&format!("/api/v1/events/live?{query}"))
            .await
            .is_problem(422, "invalid-query");
        assert!(
            problem["detail"].as_str().unwrap().contains(name),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn going_live_is_told_to_those_who_look_at_the_channel() {
    let (world, vera) = open().await;
    vera.subscribe("ostrich_op").await;
    let mut live = vera.live("").await;
    let mut elsewhere = vera.live("broadcaster_id=700100200").await;
    let online = json!({ "id": "41375541868", "type": "live", "started_at": jiff::Timestamp::now().to_string() });
    let id = Sim::id("ostrich_op");
    about(id, "stream.online", &online)
        .accepted(&world.server)
        .await;
    let told = loop {
        let status = live.next_of("status").await.data.unwrap();
        if status["broadcaster_id"] == id {
            break status;
        }
    };
    assert_eq!(told["live"], true);
    about(id, "stream.offline", &with(&online, &json!({})))
        .accepted(&world.server)
        .await;
    loop {
        let status = live.next_of("status").await.data.unwrap();
        if status["broadcaster_id"] == id && status["live"] == false {
            break;
        }
    }
    raid(&world, "mira_plays", 1).await;
    loop {
        let block = elsewhere.next().await;
        if block.is("event") {
            break;
        }
        assert!(
            block
                .data
                .is_none_or(|status| status["broadcaster_id"].is_null())
        );
    }
}
