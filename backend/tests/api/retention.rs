//! `RETENTION_DAYS`: what is too old goes while events come, what is not stays, and no cursor is given twice.

mod readers;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use backend::clock::Clock;
use futures_util::future::join_all;
use jiff::SignedDuration;
use tokio::time::Instant;

use crate::database::{self, Database};
use crate::messages::{at, raid_into};
use crate::support::{Browser, Message, PATIENCE, Sim, World, brisk, eventually, movable_clock};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A server that keeps events for this many days, and somebody who sees all of the own channel.
async fn keeping(days: &str, clock: Clock) -> (World, Browser) {
    let world = World::tuned(&[("RETENTION_DAYS", days)], clock, brisk()).await;
    let token = world.server.log_in("viewer_vera").await.api_token().await;
    let vera = world.server.with_token(&token);
    (world, vera)
}

fn raid(n: u64) -> Message {
    raid_into(Sim::id("viewer_vera"), n)
}

/// The oldest 500 cursors of the own channel.
async fn ids(viewer: &Browser) -> Vec<u64> {
    let events = viewer.events("after=0&limit=500").await;
    let number = |id: &serde_json::Value| id.as_str().unwrap().parse().unwrap();
    events.iter().map(|event| number(&event["id"])).collect()
}

async fn count(database: &mut Database) -> i64 {
    database.count("SELECT COUNT(*) FROM events").await
}

async fn none_left(database: &mut Database, sql: &'static str) {
    eventually(sql, PATIENCE, async || {
        (database.count(sql).await == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn without_it_the_oldest_events_stay_and_with_it_they_go() {
    let (mut world, vera) = keeping("", Clock::system()).await;
    let mut database = database::open(&world.server).await;
    database.fill(Sim::id("viewer_vera"), 10).await;
    for keeps_all in ["", "0"] {
        world
            .server
            .restart_with(&[("RETENTION_DAYS", keeps_all)])
            .await;
        let alive = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'alive-at'";
        let began = database.count(alive).await;
        eventually("the server to run for a while", PATIENCE, async || {
            let ran_ms = database.count(alive).await - began;
            (ran_ms > 500).then_some(())
        })
        .await;
        assert_eq!(ids(&vera).await.len(), 10);
    }
    world.server.restart_with(&[("RETENTION_DAYS", "1")]).await;
    none_left(&mut database, "SELECT COUNT(*) FROM events").await;
    assert!(ids(&vera).await.is_empty());
}

#[tokio::test]
async fn each_event_goes_at_its_time_and_the_ids_go_on_growing() {
    let (clock, hand) = movable_clock();
    let (world, vera) = keeping("2", clock.clone()).await;
    let post = async |n| at(&raid(n), clock.now()).accepted(&world.server).await;
    post(1).await;
    hand.forward(DAY);
    post(2).await;
    let [first, second] = ids(&vera).await[..] else {
        panic!("both are not two days old")
    };
    hand.forward(DAY + SignedDuration::from_mins(1));
    let remain = async |expected: &[u64]| {
        eventually("old events to go", PATIENCE, async || {
            let ids = ids(&vera).await;
            assert!(
                ids.ends_with(expected),
                "{ids:?} lacks some of {expected:?}"
            );
            (ids == expected).then_some(())
        })
        .await;
    };
    remain(&[second]).await;
    hand.forward(DAY);
    remain(&[]).await;
    post(3).await;
    let [third] = ids(&vera).await[..] else {
        panic!("the new one alone is held")
    };
    assert!(first < second && second < third, "{first} {second} {third}");
}

/// Old events in such a number that one transaction would hold everybody up.
#[tokio::test]
async fn events_come_while_many_old_ones_go_a_few_at_a_time() {
    const OLD: i64 = 20_000;
    let (mut world, vera) = keeping("", Clock::system()).await;
    let mut database = database::open(&world.server).await;
    database.fill("1", u32::try_from(OLD).unwrap()).await;
    world.server.restart_with(&[("RETENTION_DAYS", "1")]).await;
    let done = AtomicBool::new(false);
    let write = async |writer: u64| {
        let (mut posted, mut slowest) = (0, Duration::ZERO);
        while !done.load(Ordering::SeqCst) {
            let sent = Instant::now();
            raid(writer * 1000 + posted).accepted(&world.server).await;
            slowest = slowest.max(sent.elapsed());
            posted += 1;
        }
        (posted, slowest)
    };
    let watch = async {
        let mut in_between = 0;
        let old = "SELECT COUNT(*) FROM events WHERE received_at < 1000000";
        eventually("old events to go", PATIENCE, async || {
            let left = database.count(old).await;
            in_between += u32::from((1..OLD).contains(&left));
            (left == 0).then_some(())
        })
        .await;
        done.store(true, Ordering::SeqCst);
        in_between
    };
    let (in_between, written) = tokio::join!(watch, join_all((0..4).map(write)));
    assert!(in_between > 2, "they went at once");
    let posted: u64 = written.iter().map(|(posted, _)| posted).sum();
    let slowest = written.iter().map(|(_, slowest)| slowest).max().unwrap();
    assert!(posted >= 40, "{posted} came in the meantime");
    assert!(*slowest < Duration::from_secs(2), "{slowest:?}");
    let held = count(&mut database).await;
    assert_eq!(held, i64::try_from(posted).unwrap());
    assert!(ids(&vera).await.iter().all(|id| *id > OLD as u64));
}

/// What was stored while the clock was wrong neither stays for ever nor takes others with it.
#[tokio::test]
async fn events_of_a_clock_that_was_wrong_go_with_their_neighbours() {
    let (mut world, vera) = keeping("", Clock::system()).await;
    let mut database = database::open(&world.server).await;
    database.fill(Sim::id("viewer_vera"), 9).await;
    let set = [
        // Two of the next century between old ones: the clock was ahead.
        "UPDATE events SET received_at = 5000000000000 WHERE id IN (3, 4)",
        // One of the next century before one of today: nobody knows, so it stays.
        "UPDATE events SET received_at = 5000000000000 WHERE id = 7",
        "UPDATE events SET received_at = CAST(strftime('%s') AS INTEGER) * 1000 WHERE id = 8",
        // The ninth claims to be of 1970, behind one of today: the clock had been set back.
    ];
    for sql in set {
        database.run(sql).await;
    }
    assert_eq!(ids(&vera).await, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    world.server.restart_with(&[("RETENTION_DAYS", "1")]).await;
    none_left(&mut database, "SELECT COUNT(*) FROM events WHERE id <= 6").await;
    // Nothing more goes: a pass begins with the gaps, so one was whole when two of them have gone.
    for _ in 0..2 {
        database
            .run("INSERT INTO gaps VALUES ('1', 'channel.raid', 'in', 1, 2)")
            .await;
        none_left(&mut database, "SELECT COUNT(*) FROM gaps").await;
    }
    assert_eq!(ids(&vera).await, [7, 8, 9]);
}

#[tokio::test]
async fn old_gaps_go_and_those_that_last_stay() {
    let (world, _vera) = keeping("1", Clock::system()).await;
    let mut database = database::open(&world.server).await;
    for sql in [
        "INSERT INTO gaps VALUES ('1', 'channel.raid', 'in', 1, NULL)",
        "INSERT INTO gaps VALUES ('2', 'channel.raid', 'in', 1, CAST(strftime('%s') AS INTEGER) * 1000)",
        "INSERT INTO gaps VALUES ('3', 'channel.raid', 'in', 1, 2)",
    ] {
        database.run(sql).await;
    }
    none_left(
        &mut database,
        "SELECT COUNT(*) FROM gaps WHERE broadcaster_id = '3'",
    )
    .await;
    let left = database
        .rows("SELECT broadcaster_id FROM gaps ORDER BY 1")
        .await;
    assert_eq!(left, ["1", "2"]);
}
