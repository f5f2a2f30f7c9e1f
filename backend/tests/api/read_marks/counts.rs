//! Which marks are taken, and what is unread by them.

use serde_json::json;

use super::{KITE, MIRA, cursors, mark, marked, open, path, raids, read_all, unread};
use crate::messages::about;
use crate::support::Sim;

#[tokio::test]
async fn a_cursor_that_was_never_handed_out_is_refused_by_name() {
    let (world, vera) = open().await;
    raids(&world, MIRA, 2).await;
    for cursor in [
        json!(""),
        json!("-1"),
        json!("+1"),
        json!(" 1"),
        json!("1.5"),
        json!("x"),
        json!("newest"),
        json!("99999999999999999999"),
        json!(1),
        json!(null),
    ] {
        let answer = vera.put(&path(MIRA), json!({ "cursor": cursor })).await;
        let problem = answer.is_problem(422, "invalid-body");
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("cursor") || !cursor.is_string(),
            "{problem}"
        );
    }
    let nothing = vera.put(&path(MIRA), json!({})).await;
    let problem = nothing.is_problem(422, "invalid-body");
    assert!(
        problem["detail"].as_str().unwrap().contains("cursor"),
        "{problem}"
    );
    assert_eq!(unread(&vera).await, [2, 0]);
}

#[tokio::test]
async fn without_a_subscription_there_is_no_mark() {
    let (world, vera) = open().await;
    let omar = world.server.log_in("viewer_omar").await;
    raids(&world, MIRA, 2).await;
    for (viewer, login) in [
        (&vera, "deepseadana"),
        // The own channel is in the feed, but has no card without a subscription.
        (&vera, "viewer_vera"),
        // Somebody else's subscription.
        (&omar, MIRA),
    ] {
        mark(viewer, login, "1").await.is_problem(404, "not-found");
    }
    let strange = vera
        .put("/api/v1/subscriptions/%20/read", json!({ "cursor": "1" }))
        .await;
    strange.is_problem(404, "not-found");
    read_all(&omar).await;
    vera.delete(&format!("/api/v1/subscriptions/{}", Sim::id(KITE)))
        .await;
    mark(&vera, KITE, "1").await.is_problem(404, "not-found");
    let cards = vera.subscriptions().await;
    assert_eq!(cards.len(), 1, "a mark subscribes to nobody");
    assert_eq!(cards[0]["unread"], 2);
}

#[tokio::test]
async fn a_subscription_says_where_its_mark_stands() {
    let (world, vera) = open().await;
    raids(&world, MIRA, 2).await;
    let first = &cursors(&vera, MIRA).await[0];
    marked(&vera, MIRA, first).await;
    let cards = vera.subscriptions().await;
    let card = cards
        .iter()
        .find(|card| card["broadcaster"]["login"] == MIRA);
    assert_eq!(card.unwrap()["read_cursor"], **first);
}

#[tokio::test]
async fn a_mark_holds_on_every_device_of_its_viewer_and_for_nobody_else() {
    let (world, desk) = open().await;
    let phone = world.server.log_in("viewer_vera").await;
    let program = world.server.with_token(&desk.api_token().await);
    let omar = world.server.log_in("viewer_omar").await;
    for login in [MIRA, KITE] {
        omar.subscribe(login).await;
    }
    raids(&world, MIRA, 4).await;
    raids(&world, KITE, 3).await;
    let of_mira = cursors(&desk, MIRA).await;
    let steps = [
        (&phone, of_mira[1].as_str(), 2),
        (&program, &of_mira[3], 0),
        // Back: unread from there on.
        (&desk, &of_mira[0], 3),
        (&phone, "0", 4),
        // Beyond the newest there is nothing to have read.
        (&desk, "9223372036854775807", 0),
    ];
    for (device, cursor, left) in steps {
        marked(device, MIRA, cursor).await;
        for device in [&desk, &phone, &program] {
            assert_eq!(unread(device).await, [left, 3], "{cursor}");
        }
        assert_eq!(unread(&omar).await, [4, 3], "{cursor}");
    }
    raids(&world, MIRA, 1).await;
    assert_eq!(unread(&phone).await, [1, 3], "what comes later is unread");
    assert_eq!(unread(&omar).await, [5, 3]);
}

#[tokio::test]
async fn everything_is_read_at_once() {
    let (world, vera) = open().await;
    let phone = world.server.log_in("viewer_vera").await;
    let omar = world.server.log_in("viewer_omar").await;
    omar.subscribe(MIRA).await;
    omar.subscribe(KITE).await;
    read_all(&vera).await;
    raids(&world, MIRA, 2).await;
    raids(&world, KITE, 1).await;
    assert_eq!(unread(&phone).await, [2, 1]);
    read_all(&vera).await;
    for device in [&vera, &phone] {
        assert_eq!(unread(device).await, [0, 0]);
    }
    assert_eq!(unread(&omar).await, [2, 1]);
    raids(&world, KITE, 1).await;
    assert_eq!(unread(&phone).await, [0, 1]);
}

#[tokio::test]
async fn private_events_are_unread_for_their_broadcaster_alone() {
    let (world, vera) = open().await;
    let mira = world.server.log_in(MIRA).await;
    for login in [MIRA, KITE] {
        mira.subscribe(login).await;
    }
    let follow = about(
        Sim::id(MIRA),
        "channel.follow",
        &json!({ "user_id": "990011", "user_login": "pip", "user_name": "Pip" }),
    );
    raids(&world, MIRA, 1).await;
    follow.accepted(&world.server).await;
    raids(&world, MIRA, 1).await;
    assert_eq!(unread(&vera).await, [2, 0]);
    assert_eq!(unread(&mira).await, [3, 0]);
    let first = &cursors(&vera, MIRA).await[0];
    for (viewer, left) in [(&vera, 1), (&mira, 2)] {
        marked(viewer, MIRA, first).await;
        assert_eq!(unread(viewer).await, [left, 0]);
    }
}

#[tokio::test]
async fn marks_survive_a_restart() {
    let (mut world, vera) = open().await;
    raids(&world, MIRA, 3).await;
    raids(&world, KITE, 3).await;
    let of_mira = cursors(&vera, MIRA).await;
    read_all(&vera).await;
    marked(&vera, MIRA, &of_mira[0]).await;
    world.server.restart().await;
    assert_eq!(unread(&vera).await, [2, 0]);
    raids(&world, KITE, 1).await;
    assert_eq!(unread(&vera).await, [2, 1]);
}
