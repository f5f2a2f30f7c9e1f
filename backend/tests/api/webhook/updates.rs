//! `channel.update`: equal to the last one within a minute is the same happening.

use std::collections::HashSet;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Inbox;
use crate::messages::{about, at, with, with_raw_event};

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
