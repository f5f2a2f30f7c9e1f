//! Whatever way leads to a list, it is the one that a look at every event makes.

use rusqlite::Connection;
use serde_json::value::RawValue;
use wire::{Amount, Event, Kind, UserRef, Visibility};

use super::super::events::{Stored, cursors};
use super::super::record::{NewEvent, Record};
use super::super::search::Search;
use super::super::{Identity, Store, index};
use super::*;
use crate::clock::Clock;
use crate::crypto::SecretKey;

const EVENTS: i64 = 1_200;

/// So many are not filed.
const UNFILED: i64 = 50;

/// Of three streamers, the first of them the viewer; with amounts, a word with many endings, and a common one.
fn event(n: i64) -> NewEvent {
    let owner = ["7", "8", "70"][n as usize % 3];
    let user = |id: &str| UserRef {
        id: id.to_owned(),
        login: format!("login{id}"),
        display_name: format!("Name{id}"),
    };
    NewEvent {
        message_id: Some(format!("m{n}")),
        event_type: "channel.cheer".into(),
        version: "1".into(),
        kind: [Kind::Cheer, Kind::Raid][n as usize / 2 % 2],
        broadcaster: user(owner),
        actor: Some(user("9")),
        summary: format!("Somebody said owl{} and hello", n % 40),
        amount: (n % 5 > 0).then(|| Amount {
            value: n * 7_919 % 1_009,
            unit: "bits".into(),
            decimals: None,
        }),
        text: (n % 100 == 3).then(|| "what is rare".to_owned()),
        occurred_at: n * 60_000,
        received_at: n * 60_000,
        visibility: match owner == "7" && n % 4 == 0 {
            true => Visibility::Broadcaster,
            false => Visibility::Public,
        },
        natural_key: None,
        group: None,
        twins: Vec::new(),
        same_as: None,
        payload: RawValue::NULL.to_owned(),
    }
}

fn filter(criteria: Criteria) -> Filter {
    Filter {
        viewer: UserId::new("7"),
        broadcasters: ["7", "8"].into_iter().map(UserId::new).collect(),
        criteria,
    }
}

/// Newest first, found by looking at every event.
fn truth(all: &[(i64, Event)], filter: &Filter, before: i64) -> Vec<i64> {
    let wanted = all.iter().rev().filter(|(id, event)| {
        let stored = Stored {
            id: *id,
            occurred_at: *id * 60_000,
            event: event.clone(),
            private_twin: None,
        };
        *id < before && stored.is_wanted(filter)
    });
    wanted.map(|(id, _)| *id).collect()
}

fn list(
    connection: &Connection,
    filter: &Filter,
    plan: &Plan,
    before: i64,
    limit: u32,
) -> Vec<i64> {
    let span = (Span::Before(before), limit);
    let ids = cursors(connection, filter, plan, span, false).unwrap();
    ids.into_iter().map(|(id, _)| id).collect()
}

async fn store(folder: &std::path::Path) -> (Connection, Vec<(i64, Event)>) {
    let key = SecretKey::load(None, folder, true).unwrap();
    let identity = Identity {
        mode: "real",
        twitch_host: "localhost".into(),
    };
    let path = folder.join("t.db");
    let store = Store::open(path.clone(), &identity, &key, Clock::system())
        .await
        .unwrap();
    for numbers in [1..EVENTS - UNFILED + 1, EVENTS - UNFILED + 1..EVENTS + 1] {
        let record = |n| Record::Event(Box::new(event(n)));
        let mut records: Vec<Record> = numbers.map(record).collect();
        let mut recorder = store.recorder().unwrap();
        let recorded = move || recorder.record(&mut records).unwrap().len();
        tokio::task::spawn_blocking(recorded).await.unwrap();
        let filed: i64 = EVENTS - UNFILED;
        if store.newest_cursor().await.unwrap() == filed {
            while store.file_some().await.unwrap() {}
        }
    }
    store.close().await;
    let connection = Connection::open(&path).unwrap();
    index::attach(&connection, &path).unwrap();
    search::add_function(&connection).unwrap();
    let all = (1..=EVENTS).map(|id| (id, event(id).into_wire(id)));
    (connection, all.collect())
}

#[tokio::test]
async fn every_way_leads_to_the_same_list() {
    let folder = tempfile::tempdir().unwrap();
    let (connection, all) = store(folder.path()).await;
    let amounts = [0, 1, 500, 1_000, 1_008, 5_000].map(|least| Criteria {
        min_amount: Some(least),
        ..Criteria::default()
    });
    let of_a_kind = Criteria {
        kinds: vec![Kind::Raid],
        min_amount: Some(900),
        since: Some(100 * 60_000),
        until: Some(1_100 * 60_000),
        ..Criteria::default()
    };
    for criteria in amounts.into_iter().chain([of_a_kind]) {
        let filter = filter(criteria);
        for before in [i64::MAX, 700, 1] {
            let right = truth(&all, &filter, before);
            for way in [Way::Feed, Way::Amounts(0, 0)] {
                let plan = Plan {
                    public: way.clone(),
                    own: Some(way),
                };
                let found = list(&connection, &filter, &plan, before, 500);
                let right: Vec<i64> = right.iter().copied().take(500).collect();
                assert_eq!(found, right, "{filter:?} before {before}, {plan:?}");
            }
        }
    }
}

#[tokio::test]
async fn every_search_finds_what_a_look_at_every_event_finds() {
    let folder = tempfile::tempdir().unwrap();
    let (connection, all) = store(folder.path()).await;
    for words in [
        "hello",
        "owl",
        "ow",
        "owl7",
        "rare",
        "hello owl",
        "owl rare",
        "owls",
        "name9",
    ] {
        let filter = filter(Criteria {
            search: Search::parse(words),
            ..Criteria::default()
        });
        let plan = Plan::of(&connection, &filter).unwrap();
        assert_eq!(
            plan.gathers(&filter),
            matches!(words, "owl" | "ow" | "hello owl")
        );
        for before in [i64::MAX, 700, 1] {
            let right = truth(&all, &filter, before);
            for limit in [1, 20, 500] {
                let right: Vec<i64> = right.iter().copied().take(limit as usize).collect();
                let found = list(&connection, &filter, &plan, before, limit);
                assert_eq!(found, right, "{words}, {limit} before {before}");
            }
            for count in [1, 10, 5_000] {
                let newest = plan
                    .for_newest(&connection, &filter, before, count)
                    .unwrap();
                let found = list(&connection, &filter, &newest, before, 500);
                let same = right.iter().copied().take(found.len());
                assert_eq!(
                    found,
                    same.collect::<Vec<_>>(),
                    "{words}, the newest {count}"
                );
            }
        }
    }
}
