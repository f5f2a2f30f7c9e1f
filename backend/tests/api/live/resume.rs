//! Resuming: where a stream begins, and what it says when it cannot begin there.

use reqwest::Method;
use serde_json::json;

use super::{each, open, raid, take, whole_list};
use crate::messages::raid_into;
use crate::support::{Browser, LiveReader, Sim, World};

const PATH: &str = "/api/v1/events/live";

async fn resume(viewer: &Browser, query: &str, last_event_id: &str) -> LiveReader {
    viewer
        .ask(Method::GET, &format!("{PATH}?{query}"))
        .header("last-event-id", last_event_id)
        .live()
        .await
}

/// Five events, and their cursors.
async fn with_five_events() -> (World, Browser, Vec<String>) {
    let (world, vera) = open().await;
    vera.subscribe("mira_plays").await;
    for n in 0..5 {
        raid(&world, "mira_plays", n).await;
    }
    let cursors = each(&whole_list(&vera, "").await, "id")
        .into_iter()
        .map(str::to_owned)
        .collect();
    (world, vera, cursors)
}

#[tokio::test]
async fn a_stream_resumes_after_the_cursor_and_goes_on_live() {
    let (world, vera, cursors) = with_five_events().await;
    let mut live = vera.live(&format!("after={}", cursors[1])).await;
    let hello = live.next().await;
    assert!(hello.is("status"));
    assert_eq!(
        hello.id.as_ref(),
        Some(&cursors[1]),
        "the resume point must not run ahead of what is still to come"
    );
    assert_eq!(each(&take(&mut live, 3).await, "id"), cursors[2..]);
    let message_id = raid(&world, "mira_plays", 6).await;
    assert_eq!(live.next_event().await["message_id"], message_id);
}

#[tokio::test]
async fn without_a_cursor_nothing_old_is_sent() {
    let (world, vera, _) = with_five_events().await;
    let mut live = vera.live("").await;
    let message_id = raid(&world, "mira_plays", 6).await;
    assert_eq!(live.next_event().await["message_id"], message_id);
}

#[tokio::test]
async fn the_header_beats_the_parameter() {
    let (_world, vera, cursors) = with_five_events().await;
    let mut live = resume(&vera, "after=0", &cursors[3]).await;
    assert_eq!(live.next_event().await["id"], cursors[4]);
    let mut live = resume(&vera, &format!("after={}", cursors[3]), &cursors[0]).await;
    assert_eq!(live.next_event().await["id"], cursors[1]);
    let mut live = resume(&vera, &format!("after={}", cursors[4]), "0").await;
    assert_eq!(live.next_event().await["id"], cursors[0]);
}

#[tokio::test]
async fn a_malformed_header_counts_as_absent() {
    let (world, vera, cursors) = with_five_events().await;
    for header in [
        "",
        "abc",
        "-1",
        "+1",
        "1.5",
        "1e3",
        "0x10",
        "1,2",
        "99999999999999999999999",
        "ä",
        "null",
    ] {
        let mut live = resume(&vera, &format!("after={}", cursors[2]), header).await;
        assert_eq!(
            live.next_event().await["id"],
            cursors[3],
            "{header:?} and a parameter"
        );
        let mut live = resume(&vera, "", header).await;
        let message_id = raid(&world, "mira_plays", 6).await;
        assert_eq!(
            live.next_event().await["message_id"],
            message_id,
            "{header:?} alone"
        );
    }
}

#[tokio::test]
async fn a_malformed_parameter_is_refused_whatever_the_header() {
    let (_world, vera, cursors) = with_five_events().await;
    for after in [
        "",
        "abc",
        "-1",
        "%2B1",
        "1.5",
        "1e3",
        "0x10",
        "99999999999999999999999",
        "1&after=2",
        "%00",
    ] {
        let path = format!("{PATH}?after={after}");
        let problem = vera.get(&path).await.is_problem(422, "invalid-query");
        assert!(
            problem["detail"].as_str().unwrap().contains("after"),
            "{problem}"
        );
        let with_header = vera
            .ask(Method::GET, &path)
            .header("last-event-id", &cursors[0])
            .send()
            .await;
        with_header.is_problem(422, "invalid-query");
    }
}

#[tokio::test]
async fn zero_is_the_beginning_however_long_ago() {
    let (world, vera) = open().await;
    vera.subscribe("mira_plays").await;
    let writing =
        (0..450).map(async |n| raid(&world, ["mira_plays", "kiteflyer"][n as usize % 2], n).await);
    futures_util::future::join_all(writing).await;
    let listed = whole_list(&vera, "").await;
    assert_eq!(listed.len(), 225);
    let mut live = vera.live("after=0").await;
    assert_eq!(take(&mut live, 225).await, listed);
    let both = "broadcaster_id=700100200&broadcaster_id=431904427";
    let mut live = vera.live(&format!("{both}&after=0")).await;
    assert_eq!(take(&mut live, 450).await, whole_list(&vera, both).await);
}

#[tokio::test]
async fn the_newest_cursor_resumes_without_a_gap() {
    let (world, vera, cursors) = with_five_events().await;
    let mut live = vera.live(&format!("after={}", cursors[4])).await;
    let message_id = raid(&world, "mira_plays", 6).await;
    loop {
        let block = live.next().await;
        assert!(!block.is("gap"));
        if block.is("event") {
            assert_eq!(block.data.unwrap()["message_id"], message_id);
            break;
        }
    }
}

#[tokio::test]
async fn a_cursor_newer_than_ours_is_told_as_a_reset_and_the_stream_goes_on() {
    let (world, vera, _) = with_five_events().await;
    for in_header in [false, true] {
        let newest = vera.events("limit=1").await[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let future = (newest.parse::<u64>().unwrap() + 1).to_string();
        let mut live = if in_header {
            resume(&vera, "", &future).await
        } else {
            vera.live(&format!("after={future}")).await
        };
        assert!(live.next().await.is("status"));
        let gap = live.next().await;
        assert!(gap.is("gap"), "{gap:?}");
        assert_eq!(
            gap.data,
            Some(json!({ "from": future, "to": newest, "reason": "reset" }))
        );
        assert_eq!(
            gap.id,
            Some(newest),
            "the next resume is at a cursor of ours"
        );
        // The cursor that was in the future must not hide the event that gets it.
        let message_id = raid(&world, "mira_plays", 7).await;
        assert_eq!(live.next_event().await["message_id"], message_id);
    }
    let far = i64::MAX.to_string();
    let mut live = vera.live(&format!("after={far}")).await;
    assert_eq!(live.next_of("gap").await.data.unwrap()["from"], far);
}

/// Between catching up and going live there must be neither a hole nor an overlap.
#[tokio::test]
async fn readers_that_come_while_events_are_written_miss_nothing_and_see_nothing_twice() {
    let (world, vera) = open().await;
    vera.subscribe("mira_plays").await;
    for n in 0..300 {
        let message = raid_into(Sim::id("mira_plays"), n);
        message.accepted(&world.server).await;
    }
    let stored = whole_list(&vera, "").await;
    let writing = async {
        for n in 300..500 {
            raid(&world, "mira_plays", n).await;
        }
    };
    let reading = (0..8).map(async |nth: usize| {
        let mut live = vera
            .live(&format!(
                "after={}",
                stored[nth * 30]["id"].as_str().unwrap()
            ))
            .await;
        take(&mut live, 499 - nth * 30).await
    });
    let (readings, ()) = tokio::join!(futures_util::future::join_all(reading), writing);
    let listed = whole_list(&vera, "").await;
    assert_eq!(listed.len(), 500);
    for seen in readings {
        let missing = listed.len() - seen.len();
        assert_eq!(each(&seen, "id"), each(&listed[missing..], "id"));
    }
}
