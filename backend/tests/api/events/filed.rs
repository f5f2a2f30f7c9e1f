//! Events are filed behind their commit, and an index that is lost or of no use is made anew: nobody sees the difference.

use backend::clock::Clock;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::search::searching;
use super::{CATS, OWL, follow, online, raid, update};
use crate::database::{self, Database};
use crate::messages::at;
use crate::support::{Browser, PATIENCE, Server, World, brisk, eventually, movable_clock};

const UNFILED: &str = "SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'events') \
    - (SELECT filed FROM progress)";

/// Waits until all events are filed.
pub(super) async fn all_filed(database: &mut Database) {
    eventually("events to be filed", PATIENCE, async || {
        (database.count(UNFILED).await == 0).then_some(())
    })
    .await;
}

/// Everything that can be asked, of two viewers.
async fn answers(viewers: [&Browser; 2]) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (n, viewer) in viewers.into_iter().enumerate() {
        let mut ask = async |path: String| {
            let answer = viewer.get(&path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            all.push((format!("{n} {path}"), answer.text.into()));
        };
        for q in [
            "raided",
            "late owl",
            "endg",
            "zür",
            "猫",
            "🎉",
            "nothing",
            "late raided 3",
            "followed",
        ] {
            for rest in ["", "after=0", "kind=raid", "min_amount=2", "actor=late_owl"] {
                ask(format!("/api/v1/events?{}", searching(q, rest))).await;
            }
            let query = searching(q, "").replace("&limit=500", "");
            ask(format!("/api/v1/stats?bucket=hour&{query}")).await;
            ask(format!("/api/v1/events/export?format=csv&{query}")).await;
        }
        for query in [
            "",
            "bucket=minute",
            "bucket=hour&tz=Asia/Kolkata",
            "kind=raid",
            "kind=follow",
            "type=channel.raid",
        ] {
            ask(format!("/api/v1/stats?{query}")).await;
        }
        ask("/api/v1/events?limit=500".to_owned()).await;
        ask("/api/v1/events/export?format=ndjson".to_owned()).await;
    }
    all
}

#[track_caller]
fn same(some: &[(String, Value)], others: &[(String, Value)]) {
    for (some, other) in some.iter().zip(others) {
        assert_eq!(some, other);
    }
    assert_eq!(some.len(), others.len());
}

async fn happenings(server: &Server) {
    for message in [
        raid("mira_plays", OWL, 1),
        raid("mira_plays", CATS, 2),
        update("mira_plays", "Endgames in Zürich 🎉"),
        follow("mira_plays", OWL),
        follow("viewer_vera", CATS),
    ] {
        message.accepted(server).await;
    }
}

/// Posts something and holds filing up while it is not filed: another program is writing.
async fn unfiled(server: &Server, database: &mut Database) {
    loop {
        happenings(server).await;
        database.run("BEGIN IMMEDIATE").await;
        if database.count(UNFILED).await > 0 {
            return;
        }
        database.run("ROLLBACK").await;
    }
}

async fn viewers(server: &Server) -> [Browser; 2] {
    let (vera, mira) = (
        server.log_in("viewer_vera").await,
        server.log_in("mira_plays").await,
    );
    vera.subscribe("mira_plays").await;
    // Tokens, since the time of a session in use is written down.
    [
        server.with_token(&vera.api_token().await),
        server.with_token(&mira.api_token().await),
    ]
}

#[tokio::test]
async fn what_is_not_filed_yet_is_found_and_counted_as_if_it_were() {
    let mut world = World::start().await;
    // Twitch's API says what the messages say, or a restart would find that the title has changed.
    let titled = json!({ "title": "Endgames in Zürich 🎉", "category_name": "Chess" });
    let update = json!({ "type": "channel.update", "broadcaster": "mira_plays", "event": titled });
    world.sim.happen(update).await;
    let [vera, mira] = viewers(&world.server).await;
    let mut database = database::open(&world.server).await;
    happenings(&world.server).await;
    all_filed(&mut database).await;
    unfiled(&world.server, &mut database).await;
    let before = answers([&vera, &mira]).await;
    assert!(database.count(UNFILED).await > 0);
    database.run("ROLLBACK").await;
    all_filed(&mut database).await;
    same(&before, &answers([&vera, &mira]).await);
    world.server.restart().await;
    same(&before, &answers([&vera, &mira]).await);
    database.close().await;
    let index = world.server.data_dir().join("events.index.db");
    let spoils: [fn(&std::path::Path); 3] = [
        // Lost.
        |index| std::fs::remove_file(index).unwrap(),
        // Damaged.
        |index| std::fs::write(index, "no database").unwrap(),
        // Of an older version, or of something else altogether.
        |index| std::fs::write(index, "").unwrap(),
    ];
    for spoil in spoils {
        world.server.stopped_while(async || spoil(&index)).await;
        same(&before, &answers([&vera, &mira]).await);
    }
    let mut database = database::open(&world.server).await;
    assert_eq!(database.rows("PRAGMA integrity_check").await, ["ok"]);
}

/// Of a streamer who has many events, and with more words than the index is asked for.
#[tokio::test]
async fn many_events_and_many_words_are_found() {
    let world = World::start().await;
    let [vera, _] = viewers(&world.server).await;
    let mut database = database::open(&world.server).await;
    database.fill("700100200", 5_000).await;
    let words: String = (0..40).map(|n| format!("word{n} ")).collect();
    update("mira_plays", &words).accepted(&world.server).await;
    for filed in [false, true] {
        if filed {
            all_filed(&mut database).await;
        }
        assert_eq!(vera.events(&searching("raid", "")).await.len(), 500);
        assert_eq!(vera.events(&searching(&words, "")).await.len(), 1);
        assert_eq!(
            vera.events(&searching(&format!("{words} other"), ""))
                .await
                .len(),
            0
        );
        assert_eq!(
            vera.events(&searching(&format!("{} wor", words.replace("39", "3")), ""))
                .await
                .len(),
            1
        );
        let totals = vera.get("/api/v1/stats").await.ok()["totals"].clone();
        assert_eq!(totals["raid"], 5_000);
    }
}

#[tokio::test]
async fn what_became_too_old_is_neither_found_nor_counted() {
    const DAY: SignedDuration = SignedDuration::from_hours(24);
    let (clock, hand) = movable_clock();
    let world = World::tuned(&[("RETENTION_DAYS", "2")], clock.clone(), brisk()).await;
    let [vera, mira] = viewers(&world.server).await;
    let mut database = database::open(&world.server).await;
    let post = async |clock: &Clock| {
        for message in [
            raid("mira_plays", OWL, 3),
            update("mira_plays", &format!("Owls at {}", clock.now())),
            online("mira_plays", &clock.now().to_string()),
            follow("mira_plays", OWL),
        ] {
            at(&message, clock.now()).accepted(&world.server).await;
        }
    };
    post(&clock).await;
    all_filed(&mut database).await;
    hand.forward(DAY);
    post(&clock).await;
    all_filed(&mut database).await;
    hand.forward(DAY + SignedDuration::from_mins(1));
    eventually("old events to go", PATIENCE, async || {
        (database.count("SELECT COUNT(*) FROM events").await == 4).then_some(())
    })
    .await;
    for viewer in [&vera, &mira] {
        let list = viewer.events("limit=500").await;
        for q in ["owl", "raided", "late"] {
            let found = viewer.events(&searching(q, "")).await;
            assert!(
                (1..4).contains(&found.len()) && found.iter().all(|event| list.contains(event)),
                "{q}"
            );
        }
        let totals = viewer.get("/api/v1/stats").await.ok()["totals"].clone();
        let one_by_one = viewer.get("/api/v1/stats?after=1").await.ok()["totals"].clone();
        assert_eq!(totals, one_by_one);
        let sum: u64 = totals
            .as_object()
            .unwrap()
            .values()
            .map(|n| n.as_u64().unwrap())
            .sum();
        assert_eq!(sum, list.len() as u64);
    }
    hand.forward(DAY);
    for table in [
        "SELECT COUNT(*) FROM events",
        "SELECT COUNT(*) FROM tally",
        "SELECT COUNT(*) FROM feed",
        "SELECT COUNT(*) FROM search_docsize",
    ] {
        eventually(table, PATIENCE, async || {
            (database.count(table).await == 0).then_some(())
        })
        .await;
    }
    assert!(mira.events(&searching("owl", "")).await.is_empty());
    assert_eq!(
        mira.get("/api/v1/stats").await.ok(),
        serde_json::json!({"buckets": [], "totals": {}})
    );
    assert_eq!(database.rows("PRAGMA integrity_check").await, ["ok"]);
}
