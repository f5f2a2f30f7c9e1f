//! Walking the list by cursor, both ways, while it grows.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ids, raids};
use crate::support::{Browser, World};

async fn page(browser: &Browser, query: &str) -> Value {
    browser.get(&format!("/api/v1/events?{query}")).await.ok()
}

fn events(page: &Value) -> Vec<u64> {
    ids(page["events"].as_array().unwrap())
}

async fn world(count: u32) -> (World, Browser) {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    for login in ["mira_plays", "kiteflyer"] {
        vera.subscribe(login).await;
    }
    for part in 0..count {
        let login = if part % 3 == 0 {
            "kiteflyer"
        } else {
            "mira_plays"
        };
        super::raid(login, super::OWL, part + 1)
            .accepted(&world.server)
            .await;
    }
    (world, vera)
}

#[tokio::test]
async fn an_empty_list_has_no_cursors() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    for query in ["", "before=5", "after=0", "kind=raid"] {
        assert_eq!(
            page(&vera, query).await,
            json!({"events": [], "next_before": null, "next_after": null}),
            "{query}"
        );
    }
}

#[tokio::test]
async fn ten_come_by_default_newest_first() {
    let (_world, vera) = world(12).await;
    let newest = page(&vera, "").await;
    let found = events(&newest);
    assert_eq!(found.len(), 10);
    assert!(found.is_sorted_by(|a, b| a > b), "{found:?}");
    assert_eq!(newest["events"][0]["amount"]["value"], 12);
}

#[tokio::test]
async fn walking_back_meets_every_event_once() {
    let (world, vera) = world(23).await;
    let mut seen = Vec::new();
    let mut query = "limit=10".to_owned();
    let mut sizes = Vec::new();
    loop {
        let one = page(&vera, &query).await;
        sizes.push(events(&one).len());
        seen.extend(events(&one));
        // What comes meanwhile is not of this walk.
        raids(&world.server, "mira_plays", 1).await;
        match one["next_before"].as_str() {
            Some(cursor) => query = format!("limit=10&before={cursor}"),
            None => break,
        }
    }
    assert_eq!(sizes, [10, 10, 3]);
    assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
}

#[tokio::test]
async fn a_page_that_fits_exactly_is_the_last() {
    let (_world, vera) = world(10).await;
    let all = page(&vera, "limit=10").await;
    assert_eq!(
        (events(&all).len(), &all["next_before"]),
        (10, &Value::Null)
    );
    let all = page(&vera, "limit=10&after=0").await;
    assert_eq!(events(&all).len(), 10);
}

#[tokio::test]
async fn walking_forward_meets_every_event_once_and_goes_on_with_new_ones() {
    let (world, vera) = world(23).await;
    let mut seen: Vec<u64> = Vec::new();
    let mut cursor = "0".to_owned();
    loop {
        let one = page(&vera, &format!("limit=10&after={cursor}")).await;
        let found = events(&one);
        assert!(found.is_sorted(), "oldest first: {found:?}");
        seen.extend(&found);
        match one["next_after"].as_str() {
            Some(next) if !found.is_empty() => cursor = next.to_owned(),
            _ => break,
        }
    }
    assert_eq!(seen.len(), 23);
    assert!(seen.is_sorted_by(|a, b| a < b));
    raids(&world.server, "kiteflyer", 2).await;
    assert_eq!(
        events(&page(&vera, &format!("after={cursor}")).await).len(),
        2
    );
}

#[tokio::test]
async fn the_two_ways_join_without_gap_or_overlap() {
    let (world, vera) = world(8).await;
    let newest = page(&vera, "limit=3").await;
    raids(&world.server, "mira_plays", 4).await;
    let newer = page(
        &vera,
        &format!("limit=500&after={}", newest["next_after"].as_str().unwrap()),
    )
    .await;
    let older = page(
        &vera,
        &format!(
            "limit=500&before={}",
            newest["next_before"].as_str().unwrap()
        ),
    )
    .await;
    let (mut all, first) = (events(&newest), events(&page(&vera, "limit=500").await));
    all.extend(events(&newer));
    all.extend(events(&older));
    assert_eq!(all.len(), 12);
    assert_eq!(all.iter().collect::<BTreeSet<_>>(), first.iter().collect());
    // From a page that was read forward one can turn back.
    let forward = page(&vera, &format!("limit=2&after={}", first[9])).await;
    assert_eq!(events(&forward), [first[8], first[7]]);
    let back = page(
        &vera,
        &format!(
            "limit=2&before={}",
            forward["next_before"].as_str().unwrap()
        ),
    )
    .await;
    assert_eq!(events(&back), [first[9], first[10]]);
}

#[tokio::test]
async fn cursors_hold_with_filters_too() {
    let (_world, vera) = world(20).await;
    let kite = format!("broadcaster_id={}", crate::support::Sim::id("kiteflyer"));
    let one = page(&vera, &format!("{kite}&limit=4")).await;
    let rest = page(
        &vera,
        &format!(
            "{kite}&limit=4&before={}",
            one["next_before"].as_str().unwrap()
        ),
    )
    .await;
    assert_eq!((events(&one).len(), events(&rest).len()), (4, 3));
    assert_eq!(rest["next_before"], Value::Null);
    let big = page(&vera, "min_amount=15&limit=5&after=0").await;
    let amounts: Vec<&Value> = big["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["amount"]["value"])
        .collect();
    assert_eq!(amounts, [15, 16, 17, 18, 19]);
}

#[tokio::test]
async fn cursors_beyond_both_ends_are_simply_empty() {
    let (_world, vera) = world(3).await;
    for query in [
        "before=0",
        "before=1",
        "after=9223372036854775807",
        "after=1000000",
    ] {
        assert!(events(&page(&vera, query).await).is_empty(), "{query}");
    }
    assert_eq!(
        events(&page(&vera, "before=9223372036854775807").await).len(),
        3
    );
}
