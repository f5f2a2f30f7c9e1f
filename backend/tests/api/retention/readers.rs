//! Readers that come back after events have gone.

use backend::clock::Clock;
use serde_json::json;

use super::{keeping, none_left, raid};
use crate::database;
use crate::support::{Block, Browser, Sim};

/// All blocks of a stream that resumes after this cursor, up to the newest event.
async fn resumed(viewer: &Browser, after: u64) -> Vec<Block> {
    let newest = viewer.events("limit=1").await[0]["id"].clone();
    let mut live = viewer.live(&format!("after={after}")).await;
    let mut blocks = Vec::new();
    loop {
        let block = live.next().await;
        let is_last = block.is("event") && block.data.as_ref().unwrap()["id"] == newest;
        blocks.push(block);
        if is_last {
            return blocks;
        }
    }
}

#[tokio::test]
async fn a_reader_whose_place_is_no_longer_held_is_told_and_gets_what_is() {
    let (mut world, vera) = keeping("", Clock::system()).await;
    let mut database = database::open(&world.server).await;
    database.fill(Sim::id("viewer_vera"), 20).await;
    raid(1).accepted(&world.server).await;
    raid(2).accepted(&world.server).await;
    let is_gap = |block: &Block| block.is("gap");
    assert!(
        !resumed(&vera, 5).await.iter().any(is_gap),
        "its place is held"
    );
    world.server.restart_with(&[("RETENTION_DAYS", "1")]).await;
    none_left(&mut database, "SELECT COUNT(*) FROM events WHERE id <= 20").await;

    let blocks = resumed(&vera, 5).await;
    assert!(blocks[0].is("status"));
    assert!(blocks[1].is("gap"), "{:?}", blocks[1]);
    let told = json!({ "from": "5", "to": "20", "reason": "expired" });
    assert_eq!(blocks[1].data, Some(told));
    assert_eq!(
        blocks[1].id.as_deref(),
        Some("20"),
        "the next resume is at a place that is held"
    );
    let events: Vec<&str> = blocks[2..]
        .iter()
        .map(|block| block.id.as_deref().unwrap())
        .collect();
    assert_eq!(events, ["21", "22"]);
    // The beginning is wherever it is, and these have missed nothing.
    for after in [0, 20, 21] {
        assert!(
            !resumed(&vera, after).await.iter().any(is_gap),
            "after={after}"
        );
    }
}
