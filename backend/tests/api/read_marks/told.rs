//! A mark that moves is told to the open live streams of its viewer, and to nobody else's.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use super::{KITE, MIRA, cursors, mark, marked, open, raids, read_all, unread};
use crate::messages::{about, raid_into};
use crate::support::{Block, Browser, LiveReader, Sim, World};

fn told(login: &str, cursor: &str, unread: u64) -> Value {
    json!({ "broadcaster_id": Sim::id(login), "cursor": cursor, "unread": unread })
}

/// What a stream is told of marks until a raid comes that happens only now.
async fn until_a_raid(world: &World, live: &mut LiveReader, login: &str) -> Vec<Value> {
    let marker = raid_into(Sim::id(login), 1);
    marker.accepted(&world.server).await;
    let mut marks = Vec::new();
    loop {
        let block = live.next().await;
        if block.is("read") {
            marks.extend(block.data);
        } else if block
            .data
            .is_some_and(|event| event["message_id"] == marker.id)
        {
            return marks;
        }
    }
}

#[tokio::test]
async fn no_other_viewer_hears_of_a_mark() {
    let (world, vera) = open().await;
    let omar = world.server.log_in("viewer_omar").await;
    omar.subscribe(MIRA).await;
    raids(&world, MIRA, 3).await;
    let named = format!("broadcaster_id={}", Sim::id(MIRA));
    let token = omar.api_token().await;
    let mut others = vec![
        omar.live("").await,
        omar.live(&named).await,
        world.server.with_token(&token).live("").await,
        // The streamer's own.
        world.server.log_in(MIRA).await.live("").await,
    ];
    let first = &cursors(&vera, MIRA).await[0];
    marked(&vera, MIRA, first).await;
    read_all(&vera).await;
    for live in &mut others {
        assert_eq!(until_a_raid(&world, live, MIRA).await, [] as [Value; 0]);
    }
}

#[tokio::test]
async fn what_is_refused_or_changes_nothing_is_not_told() {
    let (world, vera) = open().await;
    raids(&world, MIRA, 2).await;
    let newest = cursors(&vera, MIRA).await.pop().unwrap();
    marked(&vera, MIRA, &newest).await;
    let mut live = vera.live("").await;
    marked(&vera, MIRA, &newest).await;
    marked(&vera, MIRA, "9223372036854775807").await;
    mark(&vera, MIRA, "x").await.is_problem(422, "invalid-body");
    mark(&vera, "deepseadana", "1")
        .await
        .is_problem(404, "not-found");
    assert_eq!(
        until_a_raid(&world, &mut live, MIRA).await,
        [] as [Value; 0]
    );
}

#[tokio::test]
async fn every_stream_of_the_viewer_hears_of_a_mark_at_once() {
    let (world, desk) = open().await;
    let phone = world.server.log_in("viewer_vera").await;
    raids(&world, MIRA, 3).await;
    let token = desk.api_token().await;
    let mut streams = vec![
        desk.live("").await,
        phone.live("").await,
        world.server.with_token(&token).live("").await,
        // Also those that look at something else.
        phone
            .live(&format!("broadcaster_id={}", Sim::id(KITE)))
            .await,
        phone.live("kind=cheer").await,
    ];
    let of_mira = cursors(&desk, MIRA).await;
    for (device, cursor, unread) in [
        (&phone, &of_mira[2], 0),
        (&desk, &of_mira[0], 2),
        (&phone, &of_mira[1], 1),
    ] {
        marked(device, MIRA, cursor).await;
        for live in &mut streams {
            let block = live.next_of("read").await;
            assert_eq!(block.id, None, "the resume point stays");
            assert_eq!(block.data, Some(told(MIRA, cursor, unread)));
        }
    }
}

#[tokio::test]
async fn the_count_that_is_told_is_the_viewers_own() {
    let (world, vera) = open().await;
    let mira = world.server.log_in(MIRA).await;
    mira.subscribe(MIRA).await;
    let follow = json!({ "user_id": "990011", "user_login": "pip", "user_name": "Pip" });
    raids(&world, MIRA, 1).await;
    about(Sim::id(MIRA), "channel.follow", &follow)
        .accepted(&world.server)
        .await;
    raids(&world, MIRA, 1).await;
    let first = &cursors(&vera, MIRA).await[0];
    for (viewer, unread) in [(&vera, 1), (&mira, 2)] {
        let mut live = viewer.live("").await;
        marked(viewer, MIRA, first).await;
        let block = live.next_of("read").await;
        assert_eq!(block.data, Some(told(MIRA, first, unread)));
    }
}

#[tokio::test]
async fn reading_everything_is_told_of_each_streamer() {
    let (world, vera) = open().await;
    let phone = world.server.log_in("viewer_vera").await;
    raids(&world, MIRA, 2).await;
    raids(&world, KITE, 1).await;
    let newest = cursors(&vera, KITE).await.pop().unwrap();
    let mut live = phone.live("").await;
    read_all(&vera).await;
    let mut marks = Vec::new();
    for _ in 0..2 {
        let Block { id, data, .. } = live.next_of("read").await;
        assert_eq!(id, None);
        marks.extend(data);
    }
    for login in [MIRA, KITE] {
        assert!(marks.contains(&told(login, &newest, 0)), "{marks:?}");
    }
    assert_eq!(
        until_a_raid(&world, &mut live, KITE).await,
        [] as [Value; 0]
    );
}

/// Events that come while marks are told are neither held up nor lost.
#[tokio::test]
async fn events_and_marks_come_in_the_order_in_which_they_happened() {
    let (world, vera) = open().await;
    raids(&world, MIRA, 1).await;
    let first = cursors(&vera, MIRA).await.remove(0);
    let mut live = vera.live("after=0").await;
    assert_eq!(live.next_event().await["id"], first);
    for cursor in [first.as_str(), "0", &first, "0"] {
        marked(&vera, MIRA, cursor).await;
        let marks = until_a_raid(&world, &mut live, MIRA).await;
        assert_eq!(marks.len(), 1);
        assert_eq!(marks[0]["cursor"], cursor);
    }
}

async fn moves(device: &Browser, cursors: impl Iterator<Item = &String>) {
    for cursor in cursors {
        marked(device, MIRA, cursor).await;
    }
}

/// Whoever comes last: in the end both devices show the mark that is stored.
#[tokio::test]
async fn two_devices_that_move_a_mark_at_once_agree_in_the_end() {
    let (world, desk) = open().await;
    let phone = world.server.log_in("viewer_vera").await;
    raids(&world, MIRA, 20).await;
    let all = cursors(&desk, MIRA).await;
    let mut streams = [desk.live("").await, phone.live("").await];
    join(
        join_all((0..3).map(|_| moves(&desk, all.iter()))),
        join_all((0..3).map(|_| moves(&phone, all.iter().rev()))),
    )
    .await;
    let [left, _] = unread(&desk).await;
    let stored = &all[all.len() - 1 - left as usize];
    for live in &mut streams {
        let last = until_a_raid(&world, live, MIRA).await.pop().unwrap();
        assert_eq!(last["cursor"], **stored);
    }
}
