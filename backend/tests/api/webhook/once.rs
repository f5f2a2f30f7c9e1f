//! When two notifications are one event, and when they are not.

use std::collections::HashSet;

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Inbox;
use crate::messages::{about, at, raid_into, with, with_raw_event};
use crate::support::Message;

#[tokio::test]
async fn fifty_copies_at_once_are_one_event_stored_and_delivered_once() {
    let inbox = Inbox::open().await;
    let mut live = inbox.owner.live("").await;
    let message = raid_into(inbox.channel, 1);
    let copies = (0..50).map(|_| inbox.post(&message));
    for answer in join_all(copies).await {
        assert_eq!(answer.status, 204);
    }
    let marker = raid_into(inbox.channel, 2);
    inbox.takes(&marker).await;
    assert_eq!(live.next_event().await["message_id"], message.id);
    assert_eq!(live.next_event().await["message_id"], marker.id);
    assert_eq!(inbox.events().await.len(), 2);
}

#[tokio::test]
async fn another_body_under_a_seen_id_is_not_another_event() {
    let inbox = Inbox::open().await;
    let first = raid_into(inbox.channel, 1);
    inbox.takes(&first).await;
    inbox
        .takes(&Message {
            id: first.id.clone(),
            ..raid_into(inbox.channel, 2)
        })
        .await;
    inbox
        .takes(&Message {
            id: first.id,
            ..about(inbox.channel, "channel.follow", &json!({}))
        })
        .await;
    assert_eq!(inbox.only_event().await.amount.unwrap().value, 1);
}

#[tokio::test]
async fn a_message_id_is_remembered_for_a_day_across_a_restart() {
    let mut inbox = Inbox::open().await;
    let message = raid_into(inbox.channel, 1);
    inbox.takes(&message).await;
    inbox.world.server.restart().await;
    inbox.takes(&message).await;
    assert_eq!(inbox.events().await.len(), 1);
    inbox.advance(SignedDuration::from_hours(24)).await;
    inbox.takes(&at(&message, inbox.now())).await;
    assert_eq!(inbox.events().await.len(), 1);
}

/// Message ids are forgotten after some days; what names a happening is kept as long as its event.
#[tokio::test]
async fn a_stream_is_known_by_its_id_long_after_its_message_is_forgotten() {
    let inbox = Inbox::open().await;
    let online =
        json!({ "id": "41375541868", "type": "live", "started_at": "2026-11-01T18:00:05Z" });
    inbox
        .takes(&about(inbox.channel, "stream.online", &online))
        .await;
    inbox.advance(SignedDuration::from_hours(24 * 30)).await;
    inbox
        .takes(&at(
            &about(inbox.channel, "stream.online", &online),
            inbox.now(),
        ))
        .await;
    assert_eq!(inbox.events().await.len(), 1);
}

/// One natural key of the contract: what is the same under a new id, and what is another happening.
struct Key {
    event_type: &'static str,
    event: Value,
    /// Changes that leave it the same happening.
    same: Value,
    /// Changes each of which makes it another happening.
    other: &'static [(&'static str, &'static str)],
}

fn key(
    event_type: &'static str,
    event: Value,
    same: Value,
    other: &'static [(&'static str, &'static str)],
) -> Key {
    Key {
        event_type,
        event,
        same,
        other,
    }
}

fn keys() -> Vec<Key> {
    let chatter = json!({ "chatter_user_id": "990011", "chatter_user_login": "pip", "chatter_user_name": "Pip" });
    let chat = |members: Value| with(&chatter, &members);
    let another_id = &[("id", "another")];
    let another_id_or_status = &[("id", "another"), ("status", "another")];
    vec![
        key(
            "stream.online",
            json!({ "id": "1", "type": "live" }),
            json!({ "type": "rerun" }),
            another_id,
        ),
        key(
            "stream.offline",
            json!({ "id": "1" }),
            json!({ "more": 1 }),
            another_id,
        ),
        key(
            "channel.chat.message",
            chat(
                json!({ "message_id": "1", "cheer": { "bits": 5 }, "message": { "text": "Cheer5" } }),
            ),
            json!({ "color": "#00FF7F" }),
            &[("message_id", "another")],
        ),
        key(
            "channel.chat.notification",
            chat(
                json!({ "message_id": "1", "notice_type": "announcement", "system_message": "", "message": { "text": "hi" } }),
            ),
            json!({ "color": "#00FF7F" }),
            &[("message_id", "another")],
        ),
        key(
            "channel.channel_points_custom_reward_redemption.add",
            json!({ "id": "1", "status": "unfulfilled", "reward": { "title": "Hydrate", "cost": 300 } }),
            json!({ "status": "fulfilled" }),
            another_id,
        ),
        key(
            "channel.channel_points_custom_reward_redemption.update",
            json!({ "id": "1", "status": "fulfilled", "reward": { "title": "Hydrate", "cost": 300 } }),
            json!({ "user_input": "again" }),
            another_id_or_status,
        ),
        key(
            "channel.poll.begin",
            json!({ "id": "1", "title": "Next?" }),
            json!({ "title": "Then?" }),
            another_id,
        ),
        key(
            "channel.poll.end",
            json!({ "id": "1", "title": "Next?", "status": "completed" }),
            json!({ "ended_at": "2026-11-01T18:32:01Z" }),
            another_id_or_status,
        ),
        key(
            "channel.prediction.begin",
            json!({ "id": "1", "title": "Win?" }),
            json!({ "title": "Lose?" }),
            another_id,
        ),
        key(
            "channel.prediction.end",
            json!({ "id": "1", "title": "Win?", "status": "resolved" }),
            json!({ "ended_at": "2026-11-01T18:32:01Z" }),
            another_id_or_status,
        ),
        key(
            "channel.hype_train.begin",
            json!({ "id": "1", "level": 1 }),
            json!({ "level": 2 }),
            another_id,
        ),
        key(
            "channel.hype_train.end",
            json!({ "id": "1", "level": 4 }),
            json!({ "level": 5 }),
            another_id_or_status,
        ),
        key(
            "channel.goal.begin",
            json!({ "id": "1", "type": "follow" }),
            json!({ "current_amount": 5 }),
            another_id,
        ),
        key(
            "channel.goal.end",
            json!({ "id": "1", "type": "follow" }),
            json!({ "current_amount": 5 }),
            another_id_or_status,
        ),
        key(
            "channel.charity_campaign.start",
            json!({ "id": "1" }),
            json!({ "charity_name": "x" }),
            another_id,
        ),
        key(
            "channel.charity_campaign.stop",
            json!({ "id": "1" }),
            json!({ "charity_name": "x" }),
            another_id_or_status,
        ),
    ]
}

#[tokio::test]
async fn a_natural_key_makes_two_messages_one_event_and_no_more_than_that() {
    let inbox = Inbox::open().await;
    for Key {
        event_type,
        event,
        same,
        other,
    } in keys()
    {
        let before = inbox.events_of(event_type).await.len();
        assert_eq!(before, 0);
        inbox.takes(&about(inbox.channel, event_type, &event)).await;
        inbox.takes(&about(inbox.channel, event_type, &event)).await;
        inbox
            .takes(&about(inbox.channel, event_type, &with(&event, &same)))
            .await;
        assert_eq!(
            inbox.events_of(event_type).await.len(),
            1,
            "{event_type}: the same happening"
        );
        for (count, (name, value)) in other.iter().enumerate() {
            let changed = with(&event, &json!({ *name: value }));
            inbox
                .takes(&about(inbox.channel, event_type, &changed))
                .await;
            let told = inbox.events_of(event_type).await.len();
            assert_eq!(
                told,
                count + 2,
                "{event_type}: another {name} is another happening"
            );
        }
        inbox.takes(&about("431904427", event_type, &event)).await;
        let elsewhere = inbox.events_in("431904427", event_type).await.len();
        let is_public = inbox.newest_event().await.visibility == wire::Visibility::Public;
        assert_eq!(
            elsewhere,
            usize::from(is_public),
            "{event_type}: in another channel it is another happening"
        );
    }
}

#[tokio::test]
async fn equal_ids_in_different_types_are_different_happenings() {
    let inbox = Inbox::open().await;
    for event_type in [
        "stream.online",
        "stream.offline",
        "channel.poll.begin",
        "channel.goal.begin",
    ] {
        inbox
            .takes(&about(inbox.channel, event_type, &json!({ "id": "1" })))
            .await;
    }
    assert_eq!(inbox.events().await.len(), 4);
}

#[tokio::test]
async fn fifty_tellings_of_one_happening_at_once_are_one_event() {
    let inbox = Inbox::open().await;
    let online = json!({ "id": "1", "type": "live" });
    let tellings: Vec<Message> = (0..50)
        .map(|_| about(inbox.channel, "stream.online", &online))
        .collect();
    let posts = tellings.iter().map(|telling| inbox.post(telling));
    for answer in join_all(posts).await {
        assert_eq!(answer.status, 204);
    }
    assert_eq!(inbox.events().await.len(), 1);
}

#[tokio::test]
async fn without_a_natural_key_equal_bodies_are_two_events() {
    let inbox = Inbox::open().await;
    let user = json!({ "user_id": "990011", "user_login": "pip", "user_name": "Pip" });
    let same_twice = [
        (
            "channel.follow",
            json!({ "followed_at": "2026-11-01T18:16:11.17106713Z" }),
        ),
        (
            "channel.subscribe",
            json!({ "tier": "1000", "is_gift": true }),
        ),
        (
            "channel.subscription.gift",
            json!({ "total": 5, "tier": "1000" }),
        ),
        (
            "channel.subscription.message",
            json!({ "tier": "1000", "cumulative_months": 3 }),
        ),
        ("channel.cheer", json!({ "bits": 100 })),
        ("channel.bits.use", json!({ "bits": 100, "type": "cheer" })),
        (
            "channel.poll.progress",
            json!({ "id": "1", "title": "Next?" }),
        ),
        ("channel.prediction.progress", json!({ "id": "1" })),
        ("channel.prediction.lock", json!({ "id": "1" })),
        (
            "channel.hype_train.progress",
            json!({ "id": "1", "level": 2 }),
        ),
        (
            "channel.goal.progress",
            json!({ "id": "1", "current_amount": 5 }),
        ),
        (
            "channel.charity_campaign.donate",
            json!({ "id": "1", "amount": { "value": 100, "decimal_places": 2, "currency": "EUR" } }),
        ),
        ("channel.ban", json!({ "is_permanent": true })),
        ("channel.chat.clear", json!({})),
        ("stream.offline", json!({})),
        ("channel.ad_break.begin", json!({ "duration_seconds": 60 })),
        ("channel.unheard_of", json!({ "id": "1" })),
    ];
    for (event_type, members) in same_twice {
        let message = about(inbox.channel, event_type, &with(&user, &members));
        inbox.takes(&message).await;
        inbox.takes(&message.again()).await;
        assert_eq!(inbox.events_of(event_type).await.len(), 2, "{event_type}");
    }
}

#[tokio::test]
async fn an_update_is_the_same_only_if_it_equals_the_last_one_within_a_minute() {
    let inbox = Inbox::open().await;
    let update = |title: &str, members: Value| {
        let event = with(
            &json!({ "title": title, "language": "en", "category_id": "1" }),
            &members,
        );
        at(&about(inbox.channel, "channel.update", &event), inbox.now())
    };
    let count = async || inbox.events_of("channel.update").await.len();
    inbox.takes(&update("A", json!({}))).await;
    inbox.takes(&update("A", json!({}))).await;
    assert_eq!(count().await, 1, "equal, at once");

    inbox.advance(SignedDuration::from_secs(60)).await;
    inbox.takes(&update("A", json!({}))).await;
    assert_eq!(count().await, 1, "equal, 60 s later");

    inbox.advance(SignedDuration::from_millis(1)).await;
    inbox.takes(&update("A", json!({}))).await;
    assert_eq!(
        count().await,
        2,
        "equal, later than 60 s after the stored one"
    );

    inbox.takes(&update("B", json!({}))).await;
    inbox.takes(&update("A", json!({}))).await;
    assert_eq!(count().await, 4, "there and back again are two changes");
    inbox
        .takes(&update("A", json!({ "category_id": "2" })))
        .await;
    inbox
        .takes(&update("A", json!({ "category_id": "2", "new": null })))
        .await;
    assert_eq!(count().await, 6, "any field counts");
}

#[tokio::test]
async fn order_of_fields_does_not_make_another_update_and_another_channel_does() {
    let inbox = Inbox::open().await;
    let condition = json!({ "broadcaster_user_id": inbox.channel });
    let here = format!(r#""broadcaster_user_id":"{}""#, inbox.channel);
    for event in [
        format!(r#"{{{here},"title":"A","language":"en"}}"#),
        format!(r#"{{"language":"en","title":"A",{here}}}"#),
    ] {
        inbox
            .takes(&with_raw_event("channel.update", &condition, &event))
            .await;
    }
    assert_eq!(inbox.events_of("channel.update").await.len(), 1);
    let elsewhere = json!({ "title": "A", "language": "en" });
    inbox
        .takes(&about("431904427", "channel.update", &elsewhere))
        .await;
    inbox
        .takes(&about(inbox.channel, "channel.update", &elsewhere))
        .await;
    assert_eq!(
        inbox.events_in("431904427", "channel.update").await.len(),
        1
    );
    let ids: HashSet<String> = inbox
        .events()
        .await
        .into_iter()
        .map(|event| event.id)
        .collect();
    assert_eq!(ids.len(), 2, "names differ, so it is another update here");
}
