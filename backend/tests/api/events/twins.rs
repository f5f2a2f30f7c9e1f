//! Events that tell the same happening: linked for those who may see both, and no word of it to anybody else.

use serde_json::{Value, json};

use super::folds::{bomb, notice, private};
use super::{OWL, channel, joined, of, person, raid};
use crate::support::{Browser, Message, Sim, World};

const MIRA: &str = "mira_plays";
const KITE: &str = "kiteflyer";

pub(super) fn sub_notice(login: &str, id: &str) -> Message {
    let about = json!({"sub_tier": "1000", "is_prime": false, "duration_months": 1});
    notice(login, id, "sub", OWL, &about)
}

pub(super) fn sub() -> Message {
    let event = joined(&[
        person("user", OWL.0, OWL.1, OWL.2),
        json!({"tier": "1000", "is_gift": false}),
    ]);
    private("channel.subscribe", &event)
}

/// The line as another channel that shares the chat has it.
fn copy(login: &str, of_login: &str, id: &str) -> Message {
    let about = json!({"sub_tier": "1000", "is_prime": false, "duration_months": 1});
    let event = joined(&[
        channel(login),
        person("chatter_user", OWL.0, OWL.1, OWL.2),
        person(
            "source_broadcaster_user",
            Sim::id(of_login),
            of_login,
            of_login,
        ),
        json!({"message_id": format!("copy-{id}"), "source_message_id": id, "notice_type": "shared_chat_sub",
            "shared_chat_sub": about, "message": {"text": "", "fragments": null}}),
    ]);
    let condition = joined(&[of(login), json!({"user_id": Sim::id("viewer_vera")})]);
    Message::notification("channel.chat.notification", "1", &condition, &event)
}

/// Cursor and link of each, oldest first.
fn links(events: &[Value]) -> Vec<(Value, Value)> {
    let link = |event: &Value| (event["id"].clone(), event["same_as"].clone());
    events.iter().map(link).collect()
}

async fn listed(browser: &Browser) -> Vec<Value> {
    browser.events("after=0&limit=500").await
}

async fn last_event(browser: &Browser) -> Value {
    browser.subscriptions().await[0]["last_event"].clone()
}

#[tokio::test]
async fn a_sub_and_its_notice_are_linked_for_the_broadcaster_alone() {
    for is_private_first in [true, false] {
        let world = World::start().await;
        let (vera, mira) = (
            world.server.log_in("viewer_vera").await,
            world.server.log_in(MIRA).await,
        );
        for browser in [&vera, &mira] {
            browser.subscribe(MIRA).await;
        }
        let (mut to_vera, mut to_mira) = (vera.live("").await, mira.live("").await);
        let mut messages = [sub(), sub_notice(MIRA, "line-1")];
        if !is_private_first {
            messages.reverse();
        }
        for message in &messages {
            message.accepted(&world.server).await;
        }
        let own = listed(&mira).await;
        assert_eq!(own.len(), 2);
        assert_eq!(
            (&own[0]["same_as"], &own[1]["same_as"]),
            (&Value::Null, &own[0]["id"])
        );
        for expected in &own {
            assert_eq!(to_mira.next_event().await, *expected);
        }
        let public = listed(&vera).await;
        assert_eq!(public.len(), 1);
        assert_eq!(public[0]["same_as"], Value::Null);
        assert_eq!(to_vera.next_event().await, public[0]);
        // Whoever comes back gets the same from memory, and after a restart from the store.
        let mut world = world;
        for _ in 0..2 {
            let (mut to_vera, mut to_mira) =
                (vera.live("after=0").await, mira.live("after=0").await);
            assert_eq!(to_vera.next_event().await, public[0]);
            assert_eq!(
                [to_mira.next_event().await, to_mira.next_event().await],
                *own
            );
            let ndjson = "/api/v1/events/export?format=ndjson";
            let first: Value =
                serde_json::from_str(vera.get(ndjson).await.text.lines().next().unwrap()).unwrap();
            assert_eq!(first, public[0]);
            assert!(
                !vera
                    .get("/api/v1/events/export?format=csv")
                    .await
                    .text
                    .contains("channel.subscribe")
            );
            assert_eq!(last_event(&vera).await, public[0]);
            assert_eq!(last_event(&mira).await, own[1]);
            let folded = mira.events("folded=true").await;
            assert_eq!(folded.len(), 1);
            assert_eq!(folded[0]["type"], "channel.chat.notification");
            assert_eq!(
                folded[0]["fold"],
                json!({"first": own[0]["id"], "last": own[1]["id"], "parts": 1})
            );
            assert_eq!(vera.events("folded=true").await, public);
            drop((to_vera, to_mira));
            world.server.restart().await;
        }
    }
}

#[tokio::test]
async fn links_are_found_over_a_restart() {
    let mut world = World::start().await;
    let mira = world.server.log_in(MIRA).await;
    sub_notice(MIRA, "line-1").accepted(&world.server).await;
    world.server.restart().await;
    sub().accepted(&world.server).await;
    let own = listed(&mira).await;
    assert_eq!(own[1]["same_as"], own[0]["id"]);
}

#[tokio::test]
async fn a_redelivery_links_nothing_and_is_linked_to_nothing() {
    let world = World::start().await;
    let mira = world.server.log_in(MIRA).await;
    let (first, notice) = (sub(), sub_notice(MIRA, "line-1"));
    for message in [
        &first,
        &notice,
        &first.clone(),
        &sub_notice(MIRA, "line-1"),
        &notice.again(),
    ] {
        message.accepted(&world.server).await;
    }
    let own = listed(&mira).await;
    assert_eq!(
        links(&own),
        [
            (own[0]["id"].clone(), Value::Null),
            (own[1]["id"].clone(), own[0]["id"].clone())
        ]
    );
}

#[tokio::test]
async fn a_raid_and_its_notice_are_linked_for_everybody() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe(MIRA).await;
    raid(MIRA, OWL, 318).accepted(&world.server).await;
    let about = joined(&[
        person("user", OWL.0, OWL.1, OWL.2),
        json!({"viewer_count": 318}),
    ]);
    notice(MIRA, "line-1", "raid", OWL, &about)
        .accepted(&world.server)
        .await;
    let events = listed(&vera).await;
    assert_eq!(events[1]["same_as"], events[0]["id"]);
    assert_eq!(vera.events("folded=true").await.len(), 1);
}

#[tokio::test]
async fn both_copies_of_a_shared_line_are_one_to_who_sees_both() {
    let world = World::start().await;
    let (vera, omar) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("viewer_omar").await,
    );
    vera.subscribe(MIRA).await;
    vera.subscribe(KITE).await;
    omar.subscribe(KITE).await;
    // The broadcaster's own telling is there first; others are linked to each other all the same.
    for message in [
        sub(),
        copy(KITE, MIRA, "line-1"),
        sub_notice(MIRA, "line-1"),
    ] {
        message.accepted(&world.server).await;
    }
    let both = listed(&vera).await;
    assert_eq!(both.len(), 2);
    assert_eq!(both[1]["same_as"], both[0]["id"]);
    let rows = vera.events("folded=true").await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["summary"], "Late_Owl subscribed at Tier 1");
    let rows = omar.events("folded=true").await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        rows[0]["summary"],
        "Late_Owl subscribed at Tier 1 (in mira_plays's chat)"
    );
    assert_eq!(rows[0]["fold"], Value::Null);
}

#[tokio::test]
async fn a_bomb_with_all_its_private_tellings_is_one_row_to_its_broadcaster() {
    let world = World::start().await;
    let (vera, mira) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in(MIRA).await,
    );
    vera.subscribe(MIRA).await;
    let gift = joined(&[
        person("user", "990011333", "pip", "Pip"),
        json!({"total": 6, "tier": "1000", "cumulative_total": null, "is_anonymous": false}),
    ]);
    let mut messages = bomb(MIRA, "1", 6);
    for number in 0..6 {
        let to = format!("fan_{number}");
        let event = joined(&[
            person("user", &format!("7{number}"), &to, &to),
            json!({"tier": "1000", "is_gift": true}),
        ]);
        // Some before their notice, some behind it.
        messages.insert(number * 2, private("channel.subscribe", &event));
    }
    messages.push(private("channel.subscription.gift", &gift));
    for message in &messages {
        message.accepted(&world.server).await;
    }
    assert_eq!(listed(&mira).await.len(), 14);
    for (browser, count) in [(&mira, 14), (&vera, 7)] {
        let rows = browser.events("folded=true").await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0]["summary"], "Pip gifted 6 Tier 1 subs");
        assert_eq!(rows[0]["fold"]["parts"], 6);
        let id = rows[0]["id"].as_str().unwrap();
        let parts = browser.events(&format!("parts_of={id}&limit=500")).await;
        assert_eq!(parts.len(), count);
    }
}

#[tokio::test]
async fn two_equal_gifts_within_a_minute_are_not_joined_wrongly() {
    let world = World::start().await;
    let mira = world.server.log_in(MIRA).await;
    let gift = |so_far: Value| {
        let event = joined(&[
            person("user", "990011333", "pip", "Pip"),
            json!({"total": 5, "tier": "1000", "cumulative_total": so_far, "is_anonymous": false}),
        ]);
        private("channel.subscription.gift", &event)
    };
    let whole = |id: &str, so_far: Value| {
        let about = json!({"id": id, "total": 5, "sub_tier": "1000", "cumulative_total": so_far});
        notice(
            MIRA,
            id,
            "community_sub_gift",
            ("990011333", "pip", "Pip"),
            &about,
        )
    };
    // What both share tells them apart; without that, nothing is said.
    for message in [
        gift(json!(10)),
        gift(json!(15)),
        whole("b", json!(15)),
        whole("a", json!(10)),
        gift(json!(null)),
    ] {
        message.accepted(&world.server).await;
    }
    let own = listed(&mira).await;
    let expected = [
        Value::Null,
        Value::Null,
        own[1]["id"].clone(),
        own[0]["id"].clone(),
        Value::Null,
    ];
    let found: Vec<Value> = own.iter().map(|event| event["same_as"].clone()).collect();
    assert_eq!(found, expected);
}
