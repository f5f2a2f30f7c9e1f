//! Natural keys: what makes two messages one happening, type by type, and what does not.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::Inbox;
use crate::messages::{about, with};
use crate::support::Message;

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
