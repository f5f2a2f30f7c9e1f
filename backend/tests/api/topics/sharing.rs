//! One set of topics for all who want it: made, used, kept, given back.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    RELEASE, TRANSPORTS, arrives, happens, has_received, received, the_seven, topics_at_twitch,
    topics_shown, twitch_has, watching, world,
};
use crate::support::{PATIENCE, Sim, eventually};

#[tokio::test]
async fn subscribing_makes_seven_topics_and_their_events_arrive_as_twitch_sent_them() {
    for transport in TRANSPORTS {
        let (world, vera) = watching(transport, "mira_plays").await;
        let id = Sim::id("mira_plays");
        assert_eq!(
            topics_at_twitch(&world.sim, id).await,
            the_seven(),
            "{transport}"
        );
        for one in world.sim.enabled().await {
            let is_chat = one["type"].as_str().unwrap().starts_with("channel.chat.");
            let method = if is_chat { "websocket" } else { transport };
            assert_eq!(one["transport"]["method"], method, "{one}");
            let version = if one["type"] == "channel.update" {
                "2"
            } else {
                "1"
            };
            assert_eq!(one["version"], version, "{one}");
        }
        let shown = topics_shown(&vera, "mira_plays").await;
        let mut told: Vec<(String, String)> = shown
            .iter()
            .map(|topic| {
                let text = |name: &str| topic[name].as_str().unwrap_or_default().to_owned();
                (text("type"), text("direction"))
            })
            .collect();
        told.sort();
        assert_eq!(told, the_seven(), "{transport}");

        let mut sent = Vec::new();
        for event_type in [
            "stream.online",
            "channel.update",
            "channel.raid",
            "stream.offline",
        ] {
            let ids = happens(&world.sim, event_type, "mira_plays").await;
            assert_eq!(ids.len(), 1, "{transport} {event_type}");
            sent.extend(ids);
        }
        let out = json!({ "from_broadcaster_user_id": id, "to_broadcaster_user_id": Sim::id("kiteflyer") });
        sent.extend(
            world
                .sim
                .happen(
                    json!({ "type": "channel.raid", "broadcaster": "mira_plays", "event": out }),
                )
                .await,
        );
        assert_eq!(sent.len(), 5);
        has_received(&vera, "mira_plays", &sent).await;
        let log = world.sim.log().await;
        let deliveries = log["deliveries"].as_array().unwrap();
        for message_id in received(&vera, "mira_plays").await {
            let delivery = deliveries
                .iter()
                .find(|one| one["message_id"] == message_id.as_str())
                .expect("an event Twitch never sent");
            assert_eq!(delivery["transport"], transport);
        }
        // What is wanted of nobody is not sent to anybody.
        assert_eq!(
            happens(&world.sim, "stream.online", "kiteflyer").await,
            [] as [String; 0]
        );
        assert_eq!(
            happens(&world.sim, "channel.follow", "mira_plays").await,
            [] as [String; 0]
        );
    }
}

#[tokio::test]
async fn the_direction_of_a_raid_is_told_from_the_topic_it_came_by() {
    for transport in TRANSPORTS {
        let (world, vera) = watching(transport, "mira_plays").await;
        vera.subscribe("kiteflyer").await;
        arrives(&vera, "kiteflyer").await;
        let raid = json!({ "from_broadcaster_user_id": Sim::id("mira_plays"), "to_broadcaster_user_id": Sim::id("kiteflyer"), "viewers": 7 });
        let sent = world
            .sim
            .happen(json!({ "type": "channel.raid", "broadcaster": "kiteflyer", "event": raid }))
            .await;
        assert_eq!(sent.len(), 2, "both channels are told");
        let events = eventually("both sides of the raid", PATIENCE, async || {
            let events = vera.events("kind=raid").await;
            (events.len() == 2).then_some(events)
        })
        .await;
        let side = |login: &str| {
            events
                .iter()
                .find(|event| event["broadcaster"]["login"] == login)
                .unwrap()
                .clone()
        };
        assert_eq!(side("kiteflyer")["actor"]["login"], "mira_plays");
        assert_eq!(side("mira_plays")["actor"], Value::Null);
        assert!(
            side("mira_plays")["summary"]
                .as_str()
                .unwrap()
                .contains("kiteflyer")
        );
    }
}

#[tokio::test]
async fn two_viewers_share_one_set_and_the_last_to_leave_gives_it_back() {
    for transport in TRANSPORTS {
        let (world, vera) = watching(transport, "mira_plays").await;
        let id = Sim::id("mira_plays");
        let omar = world.server.log_in("viewer_omar").await;
        omar.subscribe("mira_plays").await;
        arrives(&omar, "mira_plays").await;
        assert_eq!(
            topics_at_twitch(&world.sim, id).await,
            the_seven(),
            "{transport}: not one more"
        );

        let path = format!("/api/v1/subscriptions/{id}");
        assert_eq!(vera.delete(&path).await.status, 204);
        // Something else that changes topics shows that this change has been looked at.
        omar.subscribe("kiteflyer").await;
        arrives(&omar, "kiteflyer").await;
        assert_eq!(
            topics_at_twitch(&world.sim, id).await,
            the_seven(),
            "{transport}: the other one still wants them"
        );
        let sent = happens(&world.sim, "stream.online", "mira_plays").await;
        has_received(&omar, "mira_plays", &sent).await;

        assert_eq!(omar.delete(&path).await.status, 204);
        twitch_has(&world.sim, id, &[], RELEASE).await;
        assert_eq!(
            topics_at_twitch(&world.sim, Sim::id("kiteflyer")).await,
            the_seven()
        );
        assert_eq!(
            happens(&world.sim, "stream.offline", "mira_plays").await,
            [] as [String; 0]
        );
    }
}

#[tokio::test]
async fn many_at_once_end_in_one_set_each() {
    for transport in TRANSPORTS {
        let world = world(transport).await;
        let (vera, omar) = (
            world.server.log_in("viewer_vera").await,
            world.server.log_in("viewer_omar").await,
        );
        let logins = [
            "mira_plays",
            "kiteflyer",
            "deepseadana",
            "pixel_baker",
            "late_owl",
        ];
        let all = logins.iter().flat_map(|login| {
            [
                vera.subscribe(login),
                omar.subscribe(login),
                vera.subscribe(login),
            ]
        });
        join_all(all).await;
        for login in logins {
            arrives(&vera, login).await;
            assert_eq!(
                topics_at_twitch(&world.sim, Sim::id(login)).await,
                the_seven(),
                "{transport} {login}"
            );
        }
        let leaving = logins.iter().flat_map(|login| {
            let path = format!("/api/v1/subscriptions/{}", Sim::id(login));
            [&vera, &omar].map(|viewer| {
                let path = path.clone();
                async move { viewer.delete(&path).await.status }
            })
        });
        assert!(join_all(leaving).await.iter().all(|status| *status == 204));
        for login in logins {
            twitch_has(&world.sim, Sim::id(login), &[], RELEASE).await;
        }
    }
}

#[tokio::test]
async fn a_viewer_who_keeps_collecting_leaves_the_topics_behind_and_another_takes_them_along() {
    for keeps in [true, false] {
        let (world, vera) = watching("conduit", "mira_plays").await;
        let id = Sim::id("mira_plays");
        assert_eq!(
            vera.patch("/api/v1/me", json!({ "keep_collecting": keeps }))
                .await
                .status,
            200
        );
        assert_eq!(vera.post("/auth/logout", Value::Null).await.status, 204);
        if !keeps {
            twitch_has(&world.sim, id, &[], RELEASE).await;
            let again = world.server.log_in("viewer_vera").await;
            arrives(&again, "mira_plays").await;
            continue;
        }
        let sent = happens(&world.sim, "stream.online", "mira_plays").await;
        assert_eq!(sent.len(), 1, "collected while nobody is signed in");
        let again = world.server.log_in("viewer_vera").await;
        has_received(&again, "mira_plays", &sent).await;
    }
}

/// Twitch sends some messages twice, under the same id or another one.
#[tokio::test]
async fn what_twitch_sends_twice_is_one_event() {
    for transport in TRANSPORTS {
        let (world, vera) = watching(transport, "mira_plays").await;
        for fault in ["duplicate", "same_happening_new_id"] {
            world.sim.fault(json!({ "fault": fault, "count": 1 })).await;
            let sent = happens(&world.sim, "stream.online", "mira_plays").await;
            assert_eq!(sent.len(), 2, "{fault}");
            // Messages of one channel and transport come in order: after this one, both have come.
            let marker = happens(&world.sim, "stream.offline", "mira_plays").await;
            has_received(&vera, "mira_plays", &marker).await;
        }
        eventually("both to be answered", PATIENCE, async || {
            let log = world.sim.log().await;
            let waiting = |one: &&Value| one["outcome"] == "queued";
            (log["deliveries"]
                .as_array()
                .unwrap()
                .iter()
                .filter(waiting)
                .count()
                == 0)
                .then_some(())
        })
        .await;
        let events = vera.events("type=stream.online").await;
        assert_eq!(events.len(), 2, "{transport}: {events:?}");
    }
}
