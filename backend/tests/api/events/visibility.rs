//! What is the broadcaster's alone reaches nobody else, on no path and in no count.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::{CATS, OWL, follow, of, raid};
use crate::support::{Browser, Message, Sim, World};

fn private() -> Vec<Message> {
    let poll = json!({
        "id": "poll-1", "broadcaster_user_id": Sim::id("mira_plays"), "broadcaster_user_login": "mira_plays",
        "broadcaster_user_name": "Mira_Plays", "title": "Tea?", "choices": [{"id": "1", "title": "Yes"}, {"id": "2", "title": "Of course"}],
        "started_at": "2026-11-01T18:00:05Z", "ends_at": "2026-11-01T18:05:05Z",
    });
    let unheard =
        json!({"broadcaster_user_id": Sim::id("mira_plays"), "secret": "of a type made tomorrow"});
    vec![
        follow("mira_plays", OWL),
        follow("mira_plays", CATS),
        Message::notification("channel.poll.begin", "1", &of("mira_plays"), &poll),
        Message::notification("channel.type.of.tomorrow", "1", &of("mira_plays"), &unheard),
    ]
}

async fn card(browser: &Browser) -> Value {
    let all = browser.subscriptions().await;
    all.into_iter()
        .find(|one| one["broadcaster"]["login"] == "mira_plays")
        .unwrap()
}

#[tokio::test]
async fn private_events_are_listed_for_their_broadcaster_alone() {
    let world = World::start().await;
    let (vera, mira) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("mira_plays").await,
    );
    vera.subscribe("mira_plays").await;
    let program = world.server.with_token(&vera.api_token().await);
    for message in private() {
        message.accepted(&world.server).await;
    }
    let named = format!("broadcaster_id={}", Sim::id("mira_plays"));
    for browser in [&vera, &program, &world.server.log_in("viewer_omar").await] {
        for query in [
            "",
            "after=0",
            "before=100",
            "kind=follow",
            "kind=poll",
            "type=channel.follow",
            "type=channel.type.of.tomorrow",
            "actor=late_owl",
            "limit=500",
            "until=2100-01-01T00:00:00Z",
        ] {
            for query in [query.to_owned(), format!("{named}&{query}")] {
                let page = browser.get(&format!("/api/v1/events?{query}")).await.ok();
                assert_eq!(
                    page,
                    json!({"events": [], "next_before": null, "next_after": null}),
                    "{query}"
                );
            }
        }
    }
    let own = mira.events("").await;
    assert_eq!(own.len(), 4, "the own channel needs no subscription");
    assert!(own.iter().all(|event| event["visibility"] == "broadcaster"));
    assert_eq!(mira.events(&named).await.len(), 4);
}

#[tokio::test]
async fn private_events_count_for_their_broadcaster_alone() {
    let world = World::start().await;
    let (vera, mira) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("mira_plays").await,
    );
    raid("mira_plays", OWL, 5).accepted(&world.server).await;
    for browser in [&vera, &mira] {
        browser.subscribe("mira_plays").await;
        let card = card(browser).await;
        assert_eq!(card["unread"], 0, "what was stored before counts as read");
        assert_eq!(card["last_event"]["amount"]["value"], 5);
    }
    raid("mira_plays", OWL, 6).accepted(&world.server).await;
    for message in private() {
        message.accepted(&world.server).await;
    }
    let (hers, own) = (card(&vera).await, card(&mira).await);
    assert_eq!((&hers["unread"], &own["unread"]), (&json!(1), &json!(5)));
    assert_eq!(hers["last_event"]["amount"]["value"], 6);
    assert_eq!(own["last_event"]["type"], "channel.type.of.tomorrow");
    // An answer to subscribing is a card too.
    let again = vera.subscribe("mira_plays").await;
    assert_eq!(
        (&again["unread"], &again["last_event"]["amount"]["value"]),
        (&json!(1), &json!(6))
    );
}

#[tokio::test]
async fn the_count_of_unread_events_ends_at_a_thousand() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    for (more, unread) in [(999, 999), (1, 1000), (30, 1000)] {
        let messages = (0..more).map(|viewers| raid("mira_plays", OWL, viewers));
        stream::iter(messages)
            .for_each_concurrent(32, async |message| message.accepted(&world.server).await)
            .await;
        assert_eq!(card(&vera).await["unread"], unread);
    }
}

#[tokio::test]
async fn private_events_are_streamed_to_their_broadcaster_alone() {
    let world = World::start().await;
    let (vera, mira) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("mira_plays").await,
    );
    vera.subscribe("mira_plays").await;
    let named = format!("broadcaster_id={}", Sim::id("mira_plays"));
    let mut streams = vec![
        vera.live("").await,
        vera.live(&named).await,
        vera.live("after=0").await,
    ];
    let mut own = mira.live("").await;
    for message in private() {
        message.accepted(&world.server).await;
    }
    // It comes after all of them, so whoever gets it has been passed over.
    raid("mira_plays", OWL, 7).accepted(&world.server).await;
    for stream in &mut streams {
        assert_eq!(stream.next_event().await["amount"]["value"], 7);
    }
    for _ in private() {
        assert_eq!(own.next_event().await["visibility"], "broadcaster");
    }
    assert_eq!(own.next_event().await["amount"]["value"], 7);
    // Neither when catching up.
    let mut resumed = vera.live("after=0").await;
    assert_eq!(resumed.next_event().await["amount"]["value"], 7);
    while let Some(block) = resumed.next_within(Duration::from_millis(600)).await {
        assert!(!block.is("event"), "{block:?}");
        if block.event.is_none() {
            break;
        }
    }
}

#[tokio::test]
async fn types_that_concern_no_channel_are_in_no_feed() {
    let world = World::start().await;
    let mira = world.server.log_in("mira_plays").await;
    let user = json!({"user_id": Sim::id("mira_plays"), "user_login": "mira_plays", "user_name": "Mira_Plays", "description": "x"});
    let held = json!({
        "broadcaster_user_id": Sim::id("mira_plays"), "broadcaster_user_login": "mira_plays", "broadcaster_user_name": "Mira_Plays",
        "user_id": OWL.0, "user_login": OWL.1, "user_name": OWL.2, "message_id": "1", "message": {"text": "hm", "fragments": []},
    });
    let chat = json!({"broadcaster_user_id": Sim::id("mira_plays"), "user_id": OWL.0});
    for message in [
        Message::notification(
            "user.update",
            "1",
            &json!({"user_id": Sim::id("mira_plays")}),
            &user,
        ),
        Message::notification("channel.chat.user_message_hold", "1", &chat, &held),
    ] {
        message.accepted(&world.server).await;
    }
    assert!(mira.events("limit=500").await.is_empty());
}
