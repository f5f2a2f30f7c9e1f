//! When two notifications are one event, and when they are not.

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::json;

use super::Inbox;
use crate::messages::{about, at, raid_into};
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
