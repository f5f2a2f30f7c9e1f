//! Who sees what on an open stream, and what ends it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use super::{SOON, open, raid, whole_list};
use crate::messages::{about, raid_into};
use crate::support::{LiveReader, Message, PATIENCE, Sim, World};

/// Posts raids into a channel until one is seen, or the time is over.
async fn is_seen(world: &World, live: &mut LiveReader, login: &str, within: Duration) -> bool {
    let id = Sim::id(login);
    let seeing = async {
        loop {
            raid(world, login, 1).await;
            // The event of the channel, or whatever comes first.
            if live
                .next_within(Duration::from_millis(50))
                .await
                .is_some_and(|block| {
                    block.is("event")
                        && block
                            .data
                            .is_some_and(|event| event["broadcaster"]["id"] == id)
                })
            {
                return;
            }
        }
    };
    timeout(within, seeing).await.is_ok()
}

#[tokio::test]
async fn without_a_channel_named_the_stream_follows_the_subscriptions() {
    let (world, vera) = open().await;
    let own = Sim::id("viewer_vera");
    let mut live = vera.live("").await;
    vera.subscribe("mira_plays").await;
    assert!(
        is_seen(&world, &mut live, "mira_plays", SOON).await,
        "within a second of subscribing"
    );

    assert_eq!(
        vera.delete(&format!("/api/v1/subscriptions/{}", Sim::id("mira_plays")))
            .await
            .status,
        204
    );
    let since = Instant::now();
    loop {
        let unwanted = raid(&world, "mira_plays", 2).await;
        let marker = raid_into(own, 3);
        marker.accepted(&world.server).await;
        let mut is_silent = true;
        loop {
            let event = live.next_event().await;
            is_silent &= event["message_id"] != unwanted;
            if event["message_id"] == marker.id {
                break;
            }
        }
        if is_silent {
            break;
        }
        assert!(since.elapsed() < SOON, "a second after unsubscribing");
    }
}

#[tokio::test]
async fn a_channel_that_is_named_stays_whatever_the_subscriptions() {
    let (world, vera) = open().await;
    let mut live = vera.live("broadcaster_id=700100200").await;
    vera.subscribe("kiteflyer").await;
    vera.subscribe("mira_plays").await;
    vera.delete("/api/v1/subscriptions/700100200").await;
    raid(&world, "kiteflyer", 1).await;
    let wanted = raid(&world, "mira_plays", 2).await;
    assert_eq!(live.next_event().await["message_id"], wanted);
}

#[tokio::test]
async fn subscribing_elsewhere_changes_nothing_for_others() {
    let (world, vera) = open().await;
    let omar = world.server.log_in("viewer_omar").await;
    vera.subscribe("kiteflyer").await;
    let mut live = vera.live("").await;
    omar.subscribe("mira_plays").await;
    omar.delete("/api/v1/subscriptions/431904427").await;
    raid(&world, "mira_plays", 1).await;
    let wanted = raid(&world, "kiteflyer", 2).await;
    assert_eq!(live.next_event().await["message_id"], wanted);
}

/// Every private type the harness can think of, and one that nobody has heard of.
fn private_events(broadcaster_id: &str) -> Vec<Message> {
    let user = json!({ "user_id": "990011", "user_login": "pip", "user_name": "Pip", "id": "1", "bits": 100, "total": 5 });
    [
        "channel.follow",
        "channel.subscribe",
        "channel.subscription.gift",
        "channel.cheer",
        "channel.poll.begin",
        "channel.prediction.end",
        "channel.hype_train.progress",
        "channel.goal.progress",
        "channel.charity_campaign.donate",
        "channel.channel_points_custom_reward_redemption.add",
        "channel.ban",
        "channel.moderate",
        "channel.ad_break.begin",
        "automod.message.hold",
        "channel.unheard_of",
    ]
    .map(|event_type| about(broadcaster_id, event_type, &user))
    .to_vec()
}

#[tokio::test]
async fn private_events_reach_their_broadcaster_and_nobody_else_in_any_count() {
    let (world, vera) = open().await;
    let omar = world.server.log_in("viewer_omar").await;
    let vera_id = Sim::id("viewer_vera");
    omar.subscribe("viewer_vera").await;
    vera.subscribe("viewer_vera").await;
    let named = format!("broadcaster_id={vera_id}");
    let mut own = vera.live("").await;
    let mut readers = Vec::new();
    for query in [
        "",
        "after=0",
        named.as_str(),
        &format!("{named}&kind=cheer"),
        "type=channel.unheard_of",
        "actor=pip",
    ] {
        readers.push((query.to_owned(), omar.live(query).await));
    }
    let token = omar.api_token().await;
    readers.push((
        "by token".to_owned(),
        world.server.with_token(&token).live(&named).await,
    ));

    let private = private_events(vera_id);
    for message in &private {
        message.accepted(&world.server).await;
        assert_eq!(
            own.next_event().await["message_id"],
            message.id,
            "{}",
            message.body
        );
    }
    for query in [
        named.as_str(),
        "",
        &format!("{named}&kind=follow"),
        &format!("{named}&min_amount=1"),
        &format!("{named}&actor=pip"),
    ] {
        assert_eq!(omar.events(query).await, [] as [Value; 0], "{query}");
        assert_eq!(whole_list(&omar, query).await, [] as [Value; 0], "{query}");
    }
    let entry = omar.subscriptions().await.remove(0);
    assert_eq!(
        (&entry["unread"], &entry["last_event"]),
        (&json!(0), &Value::Null),
        "{entry}"
    );
    let entry = vera.subscriptions().await.remove(0);
    assert_eq!(entry["unread"], private.len(), "{entry}");

    let public = raid_into(vera_id, 1);
    public.accepted(&world.server).await;
    for (query, mut live) in readers {
        match query.as_str() {
            "" | "after=0" | "by token" => {
                assert_eq!(live.next_event().await["message_id"], public.id, "{query}")
            }
            query if query == named => assert_eq!(live.next_event().await["message_id"], public.id),
            _ => {
                let newest = omar.events(&named).await[0]["id"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                loop {
                    let block = live.next().await;
                    assert!(!block.is("event"), "{query}: {block:?}");
                    if block.event.is_none() && block.id.as_ref() == Some(&newest) {
                        break;
                    }
                }
            }
        }
    }
    let entry = omar.subscriptions().await.remove(0);
    assert_eq!(entry["unread"], 1, "{entry}");
    assert_eq!(entry["last_event"]["message_id"], public.id);
}

#[tokio::test]
async fn logout_ends_the_streams_of_that_session_alone() {
    let (world, vera) = open().await;
    let phone = world.server.log_in("viewer_vera").await;
    let tab = vera.copy();
    let (mut first, second) = (vera.live("").await, tab.live("broadcaster_id=1").await);
    let mut other = phone.live("").await;
    first.next().await;
    assert_eq!(vera.post("/auth/logout", Value::Null).await.status, 204);
    first.ends().await;
    second.ends().await;
    tab.get("/api/v1/events/live")
        .await
        .is_problem(401, "unauthenticated");
    let own = raid_into(Sim::id("viewer_vera"), 1);
    own.accepted(&world.server).await;
    assert_eq!(
        other.next_event().await["message_id"],
        own.id,
        "the other device goes on"
    );
}

#[tokio::test]
async fn a_deleted_token_ends_its_streams_alone() {
    let (world, vera) = open().await;
    let made = vera
        .post("/api/v1/tokens", json!({ "name": "a script" }))
        .await
        .json();
    let script = world.server.with_token(made["token"].as_str().unwrap());
    let spare = world.server.with_token(&vera.api_token().await);
    let (ended, mut lives, mut page) = (
        script.live("").await,
        spare.live("").await,
        vera.live("").await,
    );
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        vera.delete(&format!("/api/v1/tokens/{id}")).await.status,
        204
    );
    ended.ends().await;
    script
        .get("/api/v1/events/live")
        .await
        .is_problem(401, "unauthenticated");
    let own = raid_into(Sim::id("viewer_vera"), 1);
    own.accepted(&world.server).await;
    assert_eq!(lives.next_event().await["message_id"], own.id);
    assert_eq!(page.next_event().await["message_id"], own.id);
}

#[tokio::test]
async fn a_token_outlives_the_session_that_made_it() {
    let (world, vera) = open().await;
    let script = world.server.with_token(&vera.api_token().await);
    let mut live = script.live("").await;
    assert_eq!(vera.post("/auth/logout", Value::Null).await.status, 204);
    let own = raid_into(Sim::id("viewer_vera"), 1);
    own.accepted(&world.server).await;
    assert_eq!(live.next_event().await["message_id"], own.id);
}

#[tokio::test]
async fn disconnecting_twitch_ends_all_streams_of_the_viewer_and_of_nobody_else() {
    let (world, vera) = open().await;
    let omar = world.server.log_in("viewer_omar").await;
    let script = world.server.with_token(&vera.api_token().await);
    let ended = [
        vera.live("").await,
        world.server.log_in("viewer_vera").await.live("").await,
        script.live("").await,
    ];
    let mut others = omar.live("").await;
    assert_eq!(vera.delete("/api/v1/me/grant").await.status, 204);
    for live in ended {
        live.ends().await;
    }
    let own = raid_into(Sim::id("viewer_omar"), 1);
    own.accepted(&world.server).await;
    assert_eq!(others.next_event().await["message_id"], own.id);
}

/// The viewer presses "Disconnect" at Twitch, and Twitch says so by webhook.
#[tokio::test]
async fn a_grant_taken_back_at_twitch_ends_the_sessions_of_that_viewer() {
    let (world, vera) = open().await;
    let live = vera.live("").await;
    let told = |client_id: &str| {
        let event = json!({ "client_id": client_id, "user_id": Sim::id("viewer_vera"), "user_login": null, "user_name": null });
        Message::notification(
            "user.authorization.revoke",
            "1",
            &json!({ "client_id": client_id }),
            &event,
        )
    };
    told("another-client").accepted(&world.server).await;
    assert_eq!(
        vera.get("/api/v1/me").await.status,
        200,
        "another app's business"
    );
    told(twitch_sim::CLIENT_ID).accepted(&world.server).await;
    live.ends().await;
    vera.get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
    told(twitch_sim::CLIENT_ID).accepted(&world.server).await;
    let again = world.server.log_in("viewer_vera").await;
    assert_eq!(again.get("/api/v1/me").await.status, 200);
}

#[tokio::test]
async fn a_stopping_server_ends_streams_and_the_next_one_resumes_them() {
    let (mut world, vera) = open().await;
    vera.subscribe("mira_plays").await;
    let first = raid(&world, "mira_plays", 1).await;
    let mut live = vera.live("after=0").await;
    let seen = live.next_event().await;
    assert_eq!(seen["message_id"], first);
    let began = Instant::now();
    let (blocks, ()) = tokio::join!(live.rest(), world.server.restart());
    assert!(blocks.iter().all(|block| !block.is("event")));
    assert!(began.elapsed() < PATIENCE);
    let second = raid(&world, "mira_plays", 2).await;
    let resumed = vera
        .ask(Method::GET, "/api/v1/events/live")
        .header("last-event-id", seen["id"].as_str().unwrap());
    assert_eq!(
        resumed.live().await.next_event().await["message_id"],
        second
    );
}

/// Twitch delivers late what could not be delivered in time; by then the viewer may have come back.
#[tokio::test]
async fn news_of_an_old_withdrawal_does_not_end_a_newer_grant() {
    let (world, _) = open().await;
    let withdrawn = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(1);
    let event = json!({ "client_id": twitch_sim::CLIENT_ID, "user_id": Sim::id("viewer_vera") });
    let condition = json!({ "client_id": twitch_sim::CLIENT_ID });
    let told = Message::notification("user.authorization.revoke", "1", &condition, &event);
    let again = world.server.log_in("viewer_vera").await;
    crate::messages::at(&told, withdrawn)
        .accepted(&world.server)
        .await;
    assert_eq!(again.get("/api/v1/me").await.status, 200);
}
