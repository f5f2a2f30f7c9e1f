//! One row for all parts of a happening, in whatever order they came, on whatever page they are.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::filed::all_filed;
use super::{OWL, channel, ids, joined, of, person, raid, raids};
use crate::support::{Browser, Message, Sim, World};

const MIRA: &str = "mira_plays";
const PIP: (&str, &str, &str) = ("990011333", "pip", "Pip");

/// A chat notice about subs, with its object.
pub(super) fn notice(
    login: &str,
    id: &str,
    name: &str,
    by: (&str, &str, &str),
    about: &Value,
) -> Message {
    let mut event = joined(&[
        channel(login),
        person("chatter_user", by.0, by.1, by.2),
        json!({"chatter_is_anonymous": false, "color": "", "badges": [], "system_message": "Something!",
            "message_id": id, "message": {"text": "", "fragments": null}, "notice_type": name}),
    ]);
    event[name] = about.clone();
    let condition = joined(&[of(login), json!({"user_id": Sim::id("viewer_vera")})]);
    Message::notification("channel.chat.notification", "1", &condition, &event)
}

/// The gift of so many subs at once, and each of them.
pub(super) fn bomb(login: &str, id: &str, size: usize) -> Vec<Message> {
    let whole = json!({"id": id, "total": size, "sub_tier": "1000", "cumulative_total": null});
    let name = format!("whole-{id}");
    let mut messages = vec![notice(login, &name, "community_sub_gift", PIP, &whole)];
    for number in 0..size {
        let to = format!("fan_{number}");
        let gift = joined(&[
            person("recipient_user", &format!("7{number}"), &to, &to),
            json!({"duration_months": 1, "cumulative_total": null, "sub_tier": "1000", "community_gift_id": id}),
        ]);
        messages.push(notice(
            login,
            &format!("{id}-{number}"),
            "sub_gift",
            PIP,
            &gift,
        ));
    }
    messages
}

/// A notification to the broadcaster alone.
pub(super) fn private(event_type: &str, event: &Value) -> Message {
    Message::notification(
        event_type,
        "1",
        &of(MIRA),
        &joined(&[channel(MIRA), event.clone()]),
    )
}

/// Some other order of these, for each seed the same.
fn shuffled<T>(mut items: Vec<T>, seed: u64) -> Vec<T> {
    let mut dice = seed;
    for at in (1..items.len()).rev() {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        items.swap(at, usize::try_from(dice >> 33).unwrap() % (at + 1));
    }
    items
}

async fn post(world: &World, messages: impl IntoIterator<Item = Message>) {
    for message in messages {
        message.accepted(&world.server).await;
    }
}

async fn folded(browser: &Browser, query: &str) -> Vec<Value> {
    browser.events(&format!("folded=true&{query}")).await
}

/// What the rows of a list say, without their cursors.
fn told(rows: &[Value]) -> Vec<Value> {
    let told = |row: &Value| json!([row["summary"], row["group"]["total"], row["fold"]["parts"]]);
    rows.iter().map(told).collect()
}

/// The recipients of the parts of a row.
async fn recipients(browser: &Browser, row: &Value) -> Vec<String> {
    let path = format!("parts_of={}&limit=500", row["id"].as_str().unwrap());
    let parts = browser.events(&path).await;
    let names = parts
        .iter()
        .filter_map(|part| part["group"]["recipient"]["login"].as_str());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort_unstable();
    names
}

async fn vera(world: &World) -> Browser {
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe(MIRA).await;
    vera
}

#[tokio::test]
async fn a_gift_bomb_that_arrives_shuffled_and_twice_is_one_row_of_ten() {
    let mut world = World::start().await;
    let browser = vera(&world).await;
    raids(&world.server, MIRA, 4).await;
    let parts = bomb(MIRA, "1211", 50);
    let again: Vec<_> = parts.iter().take(20).map(Message::again).collect();
    post(&world, shuffled([parts, again].concat(), 7)).await;
    raids(&world.server, MIRA, 6).await;
    // Before and after it is filed, and after a restart.
    for look in 0..3 {
        let rows = folded(&browser, "").await;
        assert_eq!(rows.len(), 10);
        assert_eq!(rows[6]["summary"], "Pip gifted 50 Tier 1 subs");
        assert_eq!(rows[6]["group"]["total"], 50);
        let all = ids(&browser.events("limit=500").await);
        let (first, last) = (all[56], all[6]);
        assert_eq!(all.len(), 61);
        assert_eq!(rows[6]["fold"]["parts"], 50);
        assert_eq!(rows[6]["fold"]["last"], last.to_string());
        assert_eq!(rows[6]["fold"]["first"], first.to_string());
        let mut expected: Vec<String> = (0..50).map(|number| format!("fan_{number}")).collect();
        expected.sort_unstable();
        assert_eq!(recipients(&browser, &rows[6]).await, expected);
        if look == 0 {
            all_filed(&mut crate::database::open(&world.server).await).await;
        } else {
            world.server.restart().await;
        }
    }
}

#[tokio::test]
async fn any_order_of_arrival_gives_the_same_rows() {
    let mut first = None;
    for seed in 0..5 {
        let world = World::start().await;
        let mira = world.server.log_in(MIRA).await;
        let votes = |votes: [u32; 2]| {
            json!({"id": "p", "title": "Next?", "choices": [{"id": "1", "title": "Go", "votes": votes[0]},
                {"id": "2", "title": "Chess", "votes": votes[1]}]})
        };
        let train = |total: u32, level: u32| json!({"id": "t", "total": total, "level": level, "progress": total, "goal": 1000});
        let ended = |event: Value, more: Value| joined(&[event, more]);
        let mut messages = bomb(MIRA, "1", 12);
        messages.extend(bomb(MIRA, "2", 3));
        messages.extend([
            private("channel.hype_train.begin", &train(100, 1)),
            private("channel.hype_train.progress", &train(200, 1)),
            private("channel.hype_train.progress", &train(700, 2)),
            private(
                "channel.hype_train.end",
                &ended(train(900, 3), json!({"ended_at": "2026-11-01T18:26:11Z"})),
            ),
            private("channel.poll.begin", &votes([0, 0])),
            private("channel.poll.progress", &votes([3, 2])),
            private(
                "channel.poll.end",
                &ended(votes([14, 12]), json!({"status": "completed"})),
            ),
            private(
                "channel.poll.end",
                &ended(votes([14, 12]), json!({"status": "archived"})),
            ),
            private(
                "channel.subscription.gift",
                &joined(&[
                    person("user", PIP.0, PIP.1, PIP.2),
                    json!({"total": 12, "tier": "1000"}),
                ]),
            ),
            private(
                "channel.subscribe",
                &joined(&[
                    person("user", "75", "fan_5", "fan_5"),
                    json!({"tier": "1000", "is_gift": true}),
                ]),
            ),
        ]);
        post(&world, shuffled(messages, seed)).await;
        let mut rows = told(&folded(&mira, "limit=50").await);
        rows.sort_unstable_by_key(ToString::to_string);
        let expected = json!([
            ["Hype train ended at level 3 with 900 points", 900, 4],
            ["Pip gifted 12 Tier 1 subs", 12, 12],
            ["Pip gifted 3 Tier 1 subs", 3, 3],
            ["Poll “Next?” ended: Go won with 14 of 26 votes", 26, 4],
        ]);
        assert_eq!(json!(rows), expected, "order {seed}");
        assert_eq!(*first.get_or_insert(rows.clone()), rows);
    }
}

#[tokio::test]
async fn two_bombs_of_one_person_at_once_stay_two() {
    let world = World::start().await;
    let browser = vera(&world).await;
    let both = [bomb(MIRA, "1", 5), bomb(MIRA, "2", 5)].concat();
    post(&world, shuffled(both, 3)).await;
    let rows = folded(&browser, "").await;
    assert_eq!(
        told(&rows),
        vec![json!(["Pip gifted 5 Tier 1 subs", 5, 5]); 2]
    );
    for row in &rows {
        assert_eq!(recipients(&browser, row).await.len(), 5);
    }
}

#[tokio::test]
async fn without_the_whole_the_parts_are_counted() {
    let world = World::start().await;
    let browser = vera(&world).await;
    post(&world, bomb(MIRA, "1", 4).into_iter().skip(1)).await;
    let rows = folded(&browser, "").await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["group"]["total"], &rows[0]["fold"]["parts"]),
        (&Value::Null, &json!(4))
    );
}

#[tokio::test]
async fn pages_of_rows_meet_each_row_once_both_ways() {
    let world = World::start().await;
    let browser = vera(&world).await;
    let mut messages = bomb(MIRA, "1", 20);
    messages.extend(bomb(MIRA, "2", 20));
    messages.extend((1..20).map(|viewers| raid(MIRA, OWL, viewers)));
    post(&world, shuffled(messages, 11)).await;
    let whole = folded(&browser, "limit=500").await;
    assert_eq!(whole.len(), 21);
    for limit in [1, 2, 3, 7, 20, 21, 22] {
        for (start, next) in [("", "next_before"), ("&after=0", "next_after")] {
            let mut rows: Vec<Value> = Vec::new();
            let mut place = start.to_owned();
            loop {
                let path = format!("/api/v1/events?folded=true&limit={limit}{place}");
                let page = browser.get(&path).await.ok();
                let events = page["events"].as_array().unwrap();
                rows.extend(events.iter().cloned());
                match page[next].as_str() {
                    Some(cursor) if !events.is_empty() => {
                        place = format!("&{}={cursor}", next.trim_start_matches("next_"));
                    }
                    _ => break,
                }
            }
            if next == "next_after" {
                rows.reverse();
            }
            assert_eq!(told(&rows), told(&whole), "{limit} {next}");
        }
    }
}

#[tokio::test]
async fn filters_fold_what_they_let_through() {
    let world = World::start().await;
    let browser = vera(&world).await;
    post(&world, bomb(MIRA, "1", 12)).await;
    raids(&world.server, MIRA, 2).await;
    for (query, expected) in [
        ("kind=gift", json!([["Pip gifted 12 Tier 1 subs", 12, 12]])),
        ("actor=pip", json!([["Pip gifted 12 Tier 1 subs", 12, 12]])),
        (
            "min_amount=12",
            json!([["Pip gifted 12 Tier 1 subs", 12, null]]),
        ),
        (
            "q=fan_7",
            json!([["Pip gifted a Tier 1 sub to fan_7", null, null]]),
        ),
        (
            "q=gifted+sub",
            json!([["Pip gifted 12 Tier 1 subs", 12, 12]]),
        ),
        ("actor=nobody", json!([])),
    ] {
        assert_eq!(
            json!(told(&folded(&browser, query).await)),
            expected,
            "{query}"
        );
    }
    let hidden = world.server.log_in("viewer_omar").await;
    let id = browser.events("kind=gift").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(hidden.events(&format!("parts_of={id}")).await.is_empty());
    assert_eq!(browser.events("parts_of=999999").await.len(), 0);
    let (first, rest) = (
        format!("parts_of={id}&limit=5"),
        ids(&browser.events(&format!("parts_of={id}&limit=500")).await),
    );
    assert_eq!(ids(&browser.events(&first).await), rest[..5]);
    let after = browser
        .events(&format!("parts_of={id}&limit=3&after={}", rest[9]))
        .await;
    assert_eq!(ids(&after), [rest[8], rest[7], rest[6]]);
}

#[tokio::test]
async fn polls_of_two_channels_with_one_id_stay_two() {
    let world = World::start().await;
    let kite = json!({"id": "p", "title": "Up?", "choices": []});
    post(&world, [private("channel.poll.begin", &kite)]).await;
    let other = joined(&[channel("kiteflyer"), kite]);
    let message = Message::notification("channel.poll.begin", "1", &of("kiteflyer"), &other);
    post(&world, [message]).await;
    for login in [MIRA, "kiteflyer"] {
        let browser = world.server.log_in(login).await;
        let rows = folded(&browser, "").await;
        assert_eq!((rows.len(), &rows[0]["fold"]), (1, &Value::Null), "{login}");
    }
}

#[tokio::test]
async fn a_stream_that_flaps_is_one_row_and_one_that_lasts_is_two() {
    let world = World::start().await;
    let browser = vera(&world).await;
    let began: Timestamp = Timestamp::now();
    let stream = |id: &str, event_type: &str, seconds: i64| {
        let at = began + jiff::SignedDuration::from_secs(seconds);
        let event = joined(&[
            channel(MIRA),
            json!({"id": id, "type": "live", "started_at": at.to_string()}),
        ]);
        let message = Message::notification(event_type, "1", &of(MIRA), &event);
        crate::messages::at(&message, at)
    };
    post(
        &world,
        [
            stream("1", "stream.online", -500),
            stream("1", "stream.offline", -300),
            stream("2", "stream.offline", -150),
            stream("2", "stream.online", -200),
            stream("2", "stream.online", -140),
        ],
    )
    .await;
    let rows = folded(&browser, "").await;
    let expected = json!([
        ["Mira_Plays went live", null, 2],
        ["Stream ended", null, null],
        ["Mira_Plays went live", null, null],
    ]);
    assert_eq!(json!(told(&rows)), expected);
}
