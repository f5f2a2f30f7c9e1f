//! Which rows of topics make which gaps, and for whom. The rows are written by hand: most of these topics are never
//! asked for today, and the server leaves them alone.

use serde_json::{Value, json};

use super::{gaps, named};
use crate::database;
use crate::support::{Browser, Sim, World};

const MIRA: &str = "mira_plays";

/// A gap of a streamer within the minute 2026-11-01T18:00, from and to these seconds.
fn gap(login: &str, from: u32, to: Option<u32>) -> Value {
    let time = |second: u32| format!("2026-11-01T18:00:{second:02}.000Z");
    json!({
        "broadcaster_id": Sim::id(login), "from": time(from), "to": to.map(time), "reason": "not-received",
    })
}

async fn world() -> (World, Browser) {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe(MIRA).await;
    (world, vera)
}

async fn written(world: &World, sql: &'static str) {
    let mut database = database::open(&world.server).await;
    database.run(sql).await;
    database.close().await;
}

#[tokio::test]
async fn what_cannot_be_used_is_named() {
    let (_world, vera) = world().await;
    for (query, name) in [
        ("colour=red", "colour"),
        ("kind=raid", "kind"),
        ("type=channel.raid", "type"),
        ("limit=5", "limit"),
        ("before=1", "before"),
        ("since=yesterday", "since"),
        ("until=2026-11-01", "until"),
        (
            "since=2026-11-01T18:00:00Z&since=2026-11-01T18:00:00Z",
            "since",
        ),
        (
            "until=2026-11-01T18:00:00Z&until=2026-11-01T18:00:00Z",
            "until",
        ),
        ("broadcaster_id=", "broadcaster_id"),
    ] {
        let answer = vera.get(&format!("/api/v1/gaps?{query}")).await;
        let problem = answer.is_problem(422, "invalid-query");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(name), "{query}: {problem}");
    }
}

/// The broadcaster's own topics tell nothing to others: neither alone, nor by joining or lengthening what is public.
#[tokio::test]
async fn private_topics_leave_gaps_for_their_broadcaster_alone() {
    let (world, vera) = world().await;
    let mira = world.server.log_in(MIRA).await;
    written(
        &world,
        "INSERT INTO gaps (broadcaster_id, event_type, direction, began_at, ended_at) VALUES \
         ('700100200', 'channel.shared_chat.begin', '', 1793556010000, 1793556012000), \
         ('700100200', 'channel.follow',            '', 1793556011000, 1793556015000), \
         ('700100200', 'channel.shared_chat.end',   '', 1793556014000, 1793556016000), \
         ('700100200', 'channel.of.tomorrow',       '', 1793556020000, NULL), \
         ('700100200', 'channel.chat.user_message_hold', '', 1793556005000, 1793556006000), \
         ('640172935', 'channel.subscribe',         '', 1793556030000, 1793556031000)",
    )
    .await;
    assert_eq!(
        gaps(&mira, "").await,
        [
            gap(MIRA, 20, None),
            gap(MIRA, 10, Some(16)),
            gap(MIRA, 5, Some(6)),
        ],
        "the own channel needs no subscription"
    );
    let of_mira = [gap(MIRA, 14, Some(16)), gap(MIRA, 10, Some(12))];
    assert_eq!(gaps(&vera, &named(MIRA)).await, of_mira);
    let program = world.server.with_token(&vera.api_token().await);
    let own = gap("viewer_vera", 30, Some(31));
    for viewer in [&vera, &program] {
        let [first, second] = of_mira.clone();
        assert_eq!(gaps(viewer, "").await, [own.clone(), first, second]);
        let later = "since=2026-11-01T18:00:17Z";
        assert_eq!(gaps(viewer, later).await, std::slice::from_ref(&own));
    }
}

#[tokio::test]
async fn topics_that_were_lost_together_are_told_as_one() {
    let (world, vera) = world().await;
    vera.subscribe("kiteflyer").await;
    written(
        &world,
        "INSERT INTO gaps (broadcaster_id, event_type, direction, began_at, ended_at) VALUES \
         ('700100200', 'channel.shared_chat.begin',  '', 1793556001000, 1793556009000), \
         ('700100200', 'channel.shared_chat.update', '', 1793556001000, 1793556002000), \
         ('700100200', 'channel.shared_chat.update', '', 1793556003000, 1793556004000), \
         ('700100200', 'channel.shared_chat.end',    '', 1793556009000, 1793556010000), \
         ('700100200', 'channel.shared_chat.end',    '', 1793556012000, 1793556013000), \
         ('700100200', 'channel.chat.clear',         '', 1793556020000, NULL), \
         ('700100200', 'channel.shared_chat.end',    '', 1793556025000, 1793556026000), \
         ('431904427', 'channel.shared_chat.end',    '', 1793556002000, 1793556011000)",
    )
    .await;
    let all = [
        gap(MIRA, 20, None),
        gap(MIRA, 12, Some(13)),
        gap("kiteflyer", 2, Some(11)),
        gap(MIRA, 1, Some(10)),
    ];
    assert_eq!(gaps(&vera, "").await, all);
    // It is whole, also where a part of it was asked for.
    let middle = "since=2026-11-01T18:00:05Z&until=2026-11-01T18:00:06Z";
    assert_eq!(gaps(&vera, middle).await, all[2..]);
    let late = "since=2026-11-01T19:00:05%2B01:00&until=2026-11-01T18:00:26Z";
    assert_eq!(gaps(&vera, late).await, all);
    let both = format!(
        "{}&{}&since=2026-11-01T18:00:11Z",
        named("kiteflyer"),
        named(MIRA)
    );
    assert_eq!(gaps(&vera, &both).await, all[..3]);
}

#[tokio::test]
async fn the_500_newest_are_told() {
    let (world, vera) = world().await;
    written(
        &world,
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 600) \
         INSERT INTO gaps (broadcaster_id, event_type, direction, began_at, ended_at) \
         SELECT '700100200', 'channel.chat.clear', '', 1793556000000 + n * 1000, 1793556000500 + n * 1000 FROM n",
    )
    .await;
    let told = gaps(&vera, "").await;
    assert_eq!(told.len(), 500);
    assert_eq!(told[0]["from"], "2026-11-01T18:10:00.000Z");
    assert_eq!(told[499]["from"], "2026-11-01T18:01:41.000Z");
    let older = gaps(&vera, "until=2026-11-01T18:01:41Z").await;
    assert_eq!(older.len(), 100);
}
