//! How many events there were, by time and kind.

use serde_json::{Value, json};

use super::{CATS, OWL, follow, online, raid, update};
use crate::database;
use crate::support::{Browser, Sim, World};

async fn stats(browser: &Browser, query: &str) -> Value {
    browser.get(&format!("/api/v1/stats?{query}")).await.ok()
}

fn bucket(start: &str, kind: &str, count: u32) -> Value {
    json!({"start": start, "counts": {kind: count}})
}

async fn world() -> (World, Browser) {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    vera.subscribe("kiteflyer").await;
    for (login, started_at) in [
        ("mira_plays", "2026-11-01T18:00:05.123Z"),
        ("kiteflyer", "2026-11-01T18:00:59Z"),
        ("mira_plays", "2026-11-01T18:01:00Z"),
        ("mira_plays", "2026-11-01T22:59:59.999Z"),
        ("mira_plays", "2026-11-01T23:00:00Z"),
        ("kiteflyer", "2026-11-02T00:00:00Z"),
    ] {
        online(login, started_at).accepted(&world.server).await;
    }
    (world, vera)
}

#[tokio::test]
async fn what_cannot_be_counted_is_refused_by_name() {
    let (_world, vera) = world().await;
    let long = format!("tz={}", "x".repeat(501));
    for (query, name) in [
        ("bucket=week", "bucket"),
        ("bucket=", "bucket"),
        ("bucket=Hour", "bucket"),
        ("bucket=hour&bucket=hour", "bucket"),
        ("tz=", "tz"),
        ("tz=Mars/Olympus", "tz"),
        ("tz=../UTC", "tz"),
        ("tz=%2B24:00", "tz"),
        ("tz=%2B1", "tz"),
        ("tz=UTC%00", "tz"),
        (&long, "tz"),
        ("tz=UTC&tz=UTC", "tz"),
        ("limit=5", "limit"),
        ("format=csv", "format"),
        ("kind=raids", "kind"),
        ("min_amount=x", "min_amount"),
        ("since=now", "since"),
        ("before=1&after=1", "after"),
        // A minute more than 2,000 of them, whatever there is in them.
        (
            "bucket=minute&since=2026-11-01T00:00:00Z&until=2026-11-02T09:21:00Z",
            "bucket",
        ),
        (
            "bucket=minute&since=2026-11-01T00:00:00Z&until=2026-11-02T09:21:00Z&broadcaster_id=nobody",
            "bucket",
        ),
        ("bucket=hour&since=2020-01-01T00:00:00Z", "bucket"),
        (
            "bucket=day&since=2000-01-01T00:00:00Z&until=2026-01-01T00:00:00Z&tz=Europe/Berlin",
            "bucket",
        ),
    ] {
        println!("{query}");
        let answer = vera.get(&format!("/api/v1/stats?{query}")).await;
        let problem = answer.is_problem(422, "invalid-query");
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.starts_with(&format!("query parameter {name}: ")),
            "{problem}"
        );
    }
    for fine in [
        "",
        "tz=Z",
        "tz=-03:30",
        "tz=+02:00",
        "tz=america/new_york",
        "bucket=minute&since=2026-11-01T00:00:00Z&until=2026-11-02T09:20:00Z",
        "bucket=minute&since=2026-11-02T00:00:00Z&until=2026-11-01T00:00:00Z",
        "until=2100-01-01T00:00:00Z",
    ] {
        stats(&vera, fine).await;
    }
}

/// Without a beginning those count in which there is anything.
#[tokio::test]
async fn too_many_buckets_are_refused_when_there_are_that_many() {
    let (world, vera) = world().await;
    online("mira_plays", "2015-01-01T00:00:00Z")
        .accepted(&world.server)
        .await;
    let totals = stats(&vera, "bucket=minute").await["totals"].clone();
    assert_eq!(totals, json!({"stream": 7}));
    let mut database = database::open(&world.server).await;
    database.fill(Sim::id("kiteflyer"), 2_001).await;
    for sql in [
        "UPDATE events SET occurred_at = id * 3600000 WHERE kind = 'raid'",
        "UPDATE feed SET occurred_at = id * 3600000 WHERE kind = 'raid'",
    ] {
        database.run(sql).await;
    }
    for query in [
        "bucket=minute",
        "bucket=hour&type=channel.raid",
        "bucket=minute&q=raid",
    ] {
        let answer = vera.get(&format!("/api/v1/stats?{query}")).await;
        let problem = answer.is_problem(422, "invalid-query");
        assert!(
            problem["detail"].as_str().unwrap().contains("bucket"),
            "{problem}"
        );
    }
    stats(
        &vera,
        &format!("bucket=minute&broadcaster_id={}", Sim::id("mira_plays")),
    )
    .await;
}

#[tokio::test]
async fn buckets_are_those_of_the_time_zone() {
    let (_world, vera) = world().await;
    let all = json!({"stream": 6});
    for (query, buckets) in [
        (
            "bucket=minute",
            vec![
                ("2026-11-01T18:00:00.000Z", 2),
                ("2026-11-01T18:01:00.000Z", 1),
                ("2026-11-01T22:59:00.000Z", 1),
                ("2026-11-01T23:00:00.000Z", 1),
                ("2026-11-02T00:00:00.000Z", 1),
            ],
        ),
        (
            "bucket=hour",
            vec![
                ("2026-11-01T18:00:00.000Z", 3),
                ("2026-11-01T22:00:00.000Z", 1),
                ("2026-11-01T23:00:00.000Z", 1),
                ("2026-11-02T00:00:00.000Z", 1),
            ],
        ),
        (
            "bucket=hour&tz=Asia/Kolkata",
            vec![
                ("2026-11-01T17:30:00.000Z", 3),
                ("2026-11-01T22:30:00.000Z", 2),
                ("2026-11-01T23:30:00.000Z", 1),
            ],
        ),
        (
            "bucket=day",
            vec![
                ("2026-11-01T00:00:00.000Z", 5),
                ("2026-11-02T00:00:00.000Z", 1),
            ],
        ),
        (
            "",
            vec![
                ("2026-11-01T00:00:00.000Z", 5),
                ("2026-11-02T00:00:00.000Z", 1),
            ],
        ),
        (
            "bucket=day&tz=Europe/Berlin",
            vec![
                ("2026-10-31T23:00:00.000Z", 4),
                ("2026-11-01T23:00:00.000Z", 2),
            ],
        ),
        (
            "bucket=day&tz=%2B01:00",
            vec![
                ("2026-10-31T23:00:00.000Z", 4),
                ("2026-11-01T23:00:00.000Z", 2),
            ],
        ),
        (
            "bucket=day&tz=Asia/Kathmandu",
            vec![
                ("2026-10-31T18:15:00.000Z", 3),
                ("2026-11-01T18:15:00.000Z", 3),
            ],
        ),
        // The clocks go back on that day.
        (
            "bucket=day&tz=America/New_York",
            vec![("2026-11-01T04:00:00.000Z", 6)],
        ),
    ] {
        let buckets: Vec<Value> = buckets
            .into_iter()
            .map(|(start, n)| bucket(start, "stream", n))
            .collect();
        let expected = json!({"buckets": buckets, "totals": all});
        // With a further filter events are counted one by one.
        for filter in [
            "",
            "type=stream.online",
            "since=2026-11-01T18:00:00Z&until=2026-11-02T01:00:00Z",
            "since=2026-11-01T18:00:05.123Z&until=2026-11-02T01:00:00Z",
        ] {
            assert_eq!(
                stats(&vera, &format!("{query}&{filter}")).await,
                expected,
                "{query} {filter}"
            );
        }
    }
}

#[tokio::test]
async fn every_filter_counts() {
    let (world, vera) = world().await;
    for message in [
        raid("mira_plays", OWL, 10),
        raid("kiteflyer", CATS, 200),
        update("mira_plays", "Endgames"),
    ] {
        message.accepted(&world.server).await;
    }
    let mira = Sim::id("mira_plays");
    let newest = vera.events("limit=2").await;
    let cursor = newest[1]["id"].as_str().unwrap();
    for (query, totals) in [
        (String::new(), json!({"stream": 7, "raid": 2})),
        (
            format!("broadcaster_id={mira}"),
            json!({"stream": 5, "raid": 1}),
        ),
        (
            format!("broadcaster_id={mira}&broadcaster_id=nobody"),
            json!({"stream": 5, "raid": 1}),
        ),
        ("broadcaster_id=nobody".to_owned(), json!({})),
        ("kind=raid".to_owned(), json!({"raid": 2})),
        ("kind=raid&kind=poll".to_owned(), json!({"raid": 2})),
        ("type=channel.update".to_owned(), json!({"stream": 1})),
        ("actor=Late_Owl".to_owned(), json!({"raid": 1})),
        ("min_amount=11".to_owned(), json!({"raid": 1})),
        ("q=endg".to_owned(), json!({"stream": 1})),
        ("q=raided+late".to_owned(), json!({"raid": 1})),
        (
            "since=2026-11-01T18:00:05.124Z&until=2026-11-01T23:00:00Z".to_owned(),
            json!({"stream": 3}),
        ),
        (
            "since=2026-11-01T18:00:00Z&until=2026-11-01T23:00:00Z".to_owned(),
            json!({"stream": 4}),
        ),
        (
            "until=2026-11-01T23:00:00Z".to_owned(),
            json!({"stream": 4}),
        ),
        (format!("after={cursor}"), json!({"stream": 1})),
        (format!("before={cursor}"), json!({"stream": 6, "raid": 1})),
        ("after=0".to_owned(), json!({"stream": 7, "raid": 2})),
    ] {
        assert_eq!(stats(&vera, &query).await["totals"], totals, "{query}");
    }
    // So many that not each one's own sums are looked for.
    let mut query = format!("broadcaster_id={mira}");
    query.extend((0..300).map(|number| format!("&broadcaster_id={number}")));
    assert_eq!(
        stats(&vera, &query).await["totals"],
        json!({"stream": 5, "raid": 1})
    );
}

#[tokio::test]
async fn what_is_private_counts_for_its_broadcaster_alone() {
    let (world, vera) = world().await;
    let mira = world.server.log_in("mira_plays").await;
    follow("mira_plays", OWL).accepted(&world.server).await;
    follow("kiteflyer", OWL).accepted(&world.server).await;
    super::filed::all_filed(&mut database::open(&world.server).await).await;
    for query in [
        "",
        "bucket=minute&kind=follow",
        "kind=follow",
        "q=late",
        "actor=late_owl",
        "min_amount=0",
        "after=1",
    ] {
        let hers = stats(&vera, query).await;
        assert_eq!(hers["totals"].get("follow"), None, "{query}: {hers}");
        assert!(
            !hers["buckets"].to_string().contains("follow"),
            "{query}: {hers}"
        );
    }
    for query in [
        "kind=follow",
        "q=late",
        "actor=late_owl",
        "type=channel.follow&bucket=minute",
    ] {
        assert_eq!(
            stats(&mira, query).await["totals"],
            json!({"follow": 1}),
            "{query}"
        );
    }
}
