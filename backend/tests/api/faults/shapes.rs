//! What Twitch sends is not always as documented: numbers for text, nulls, missing and further members, types
//! nobody knows. None of it loses an event or a connection.

use serde_json::{Value, json};

use super::gate::Fault;
use super::{Gated, both_shards_serve, happens, has_received, received, watching};
use crate::messages::with;
use crate::support::{Browser, Message, PATIENCE, Sim, World, brisk, eventually};

/// Bends a message's `subscription` one way.
type Oddity = (&'static str, fn(&mut Value));

/// Every odd way in which the envelope of a notification may come; the event is the same.
const OF_SUBSCRIPTIONS: &[Oddity] = &[
    ("numeric id", |s| s["id"] = json!(7)),
    ("null id", |s| s["id"] = Value::Null),
    ("no id", |s| _ = s.as_object_mut().unwrap().remove("id")),
    ("numeric version", |s| s["version"] = json!(1)),
    ("null version", |s| s["version"] = Value::Null),
    ("no version", |s| {
        _ = s.as_object_mut().unwrap().remove("version")
    }),
    ("null status", |s| s["status"] = Value::Null),
    ("no status", |s| {
        _ = s.as_object_mut().unwrap().remove("status")
    }),
    ("status of tomorrow", |s| {
        s["status"] = json!("enabled_more_or_less")
    }),
    ("null transport", |s| s["transport"] = Value::Null),
    ("text for cost", |s| s["cost"] = json!("one")),
    ("null time", |s| s["created_at"] = Value::Null),
    ("further members", |s| {
        s["is_batching_enabled"] = json!({ "deep": [1, null, 1e300] })
    }),
    ("null condition", |s| s["condition"] = Value::Null),
    ("no condition", |s| {
        _ = s.as_object_mut().unwrap().remove("condition")
    }),
    ("further condition", |s| {
        s["condition"]["reward_id"] = Value::Null
    }),
];

/// Those of the event itself.
const OF_EVENTS: &[Oddity] = &[
    ("text for a number", |e| e["viewers"] = json!("318")),
    ("null for a number", |e| e["viewers"] = Value::Null),
    ("no number", |e| {
        _ = e.as_object_mut().unwrap().remove("viewers")
    }),
    ("numeric ids", |e| {
        for name in ["from_broadcaster_user_id", "to_broadcaster_user_id"] {
            e[name] = json!(e[name].as_str().unwrap().parse::<u64>().unwrap());
        }
    }),
    ("null names of the other", |e| {
        e["from_broadcaster_user_login"] = Value::Null;
        e["from_broadcaster_user_name"] = Value::Null;
    }),
    ("further members", |e| e["is_wonderful"] = json!([[{}]])),
];

fn raid() -> (Value, Value) {
    let to = Sim::id("mira_plays");
    let event = json!({
        "from_broadcaster_user_id": Sim::id("late_owl"), "from_broadcaster_user_login": "late_owl",
        "from_broadcaster_user_name": "Late_Owl", "to_broadcaster_user_id": to,
        "to_broadcaster_user_login": "mira_plays", "to_broadcaster_user_name": "Mira_Plays", "viewers": 318,
    });
    let subscription = json!({
        "id": "s", "status": "enabled", "type": "channel.raid", "version": "1", "cost": 1,
        "condition": { "to_broadcaster_user_id": to, "from_broadcaster_user_id": "" },
        "transport": { "method": "conduit", "conduit_id": "c" }, "created_at": "2026-11-01T17:00:00Z",
    });
    (subscription, event)
}

/// Bodies of notifications, each odd in one way.
fn odd_notifications() -> Vec<(&'static str, Value)> {
    let (subscription, event) = raid();
    let body = |subscription: &Value, event: &Value| json!({ "subscription": subscription, "event": event });
    let mut bodies = vec![("as documented", body(&subscription, &event))];
    for (name, bend) in OF_SUBSCRIPTIONS {
        let mut bent = subscription.clone();
        bend(&mut bent);
        bodies.push((name, body(&bent, &event)));
    }
    for (name, bend) in OF_EVENTS {
        let mut bent = event.clone();
        bend(&mut bent);
        bodies.push((name, body(&subscription, &bent)));
    }
    let unknown = with(
        &subscription,
        &json!({ "type": "channel.party", "version": "3beta" }),
    );
    let party = json!({ "broadcaster_user_id": Sim::id("mira_plays"), "guests": null });
    bodies.push(("an unknown type", body(&unknown, &party)));
    let more = with(
        &body(&subscription, &event),
        &json!({ "hint": { "a": null } }),
    );
    bodies.push(("further members around it", more));
    bodies
}

#[tokio::test]
async fn an_odd_notification_by_webhook_is_an_event() {
    let world = World::with(&[("EVENTSUB_TRANSPORT", "webhook")]).await;
    let mira = watching_own(&world).await;
    for (name, body) in odd_notifications() {
        let message = Message::new("notification", &body);
        let answer = message.post(&world.server).await;
        assert_eq!(answer.status, 204, "{name}: {}", answer.text);
        let events = mira.events("limit=1").await;
        assert_eq!(events[0]["message_id"], message.id.as_str(), "{name}");
        assert_eq!(events[0]["payload"], body["event"], "{name}: kept as it is");
        assert_eq!(events[0]["type"], body["subscription"]["type"], "{name}");
    }
}

/// The broadcaster, who sees unknown types too.
async fn watching_own(world: &World) -> Browser {
    world.server.log_in("mira_plays").await
}

#[tokio::test]
async fn an_odd_notification_over_a_socket_is_an_event() {
    let Gated { world, gate } = Gated::start(&[("EVENTSUB_TRANSPORT", "conduit")], brisk()).await;
    let vera = watching(&world.server, "kiteflyer").await;
    let mira = watching_own(&world).await;
    let sessions = both_shards_serve(&world.sim).await;
    for (name, body) in odd_notifications() {
        let id = uuid::Uuid::new_v4().to_string();
        let metadata = json!({
            "message_id": id, "message_type": "notification", "message_timestamp": "2026-11-01T18:00:05.123456789Z",
            "subscription_type": body["subscription"]["type"], "subscription_version": "1",
        });
        gate.inject(&json!({ "metadata": metadata, "payload": body }).to_string());
        arrives_as(&mira, name, &id, &body).await;
    }
    let odd_metadata = [
        json!({ "message_timestamp": null }),
        json!({ "message_timestamp": 1_793_000_000 }),
        json!({ "message_timestamp": "half past nine" }),
        json!({ "subscription_type": null, "subscription_version": 2, "further": [] }),
        json!({ "message_id": 123_456_789 }),
    ];
    let (subscription, event) = raid();
    let body = json!({ "subscription": subscription, "event": event });
    for odd in odd_metadata {
        let metadata = json!({ "message_id": uuid::Uuid::new_v4().to_string(), "message_type": "notification" });
        let metadata = with(&metadata, &odd);
        gate.inject(&json!({ "metadata": metadata, "payload": body, "further": 1 }).to_string());
        let id = metadata["message_id"].to_string().replace('"', "");
        arrives_as(&mira, &odd.to_string(), &id, &body).await;
    }
    // No word of Twitch, and no reason to hang up.
    for nonsense in [
        "not JSON",
        "{}",
        "[]",
        "null",
        r#"{"metadata":{"message_type":"session_party"},"payload":null}"#,
        r#"{"metadata":{"message_type":"session_reconnect"},"payload":{"session":{"reconnect_url":null}}}"#,
        r#"{"metadata":{"message_type":"session_keepalive"}}"#,
        r#"{"metadata":{"message_type":"session_welcome"},"payload":{"session":{"id":null}}}"#,
        r#"{"metadata":{"message_type":"notification","message_id":"x"},"payload":{"subscription":null,"event":null}}"#,
    ] {
        gate.inject(nonsense);
    }
    let sent = happens(&world.sim, "stream.online", "kiteflyer").await;
    assert_eq!(sent.len(), 1);
    has_received(&vera, "kiteflyer", &sent).await;
    assert_eq!(
        both_shards_serve(&world.sim).await,
        sessions,
        "the same sockets"
    );
}

/// Where Twitch leaves names out, those that are known stay.
#[tokio::test]
async fn an_event_without_names_renames_nobody() {
    let world = World::with(&[("EVENTSUB_TRANSPORT", "webhook")]).await;
    let vera = watching(&world.server, "late_owl").await;
    let id = Sim::id("late_owl");
    let oddities: [Oddity; 5] = [
        ("null names", |e| {
            e["broadcaster_user_login"] = Value::Null;
            e["broadcaster_user_name"] = Value::Null;
        }),
        ("empty names", |e| {
            e["broadcaster_user_login"] = json!("");
            e["broadcaster_user_name"] = json!("");
        }),
        ("numbers for names", |e| {
            e["broadcaster_user_login"] = json!(7);
            e["broadcaster_user_name"] = json!(7);
        }),
        ("no login", |e| {
            _ = e.as_object_mut().unwrap().remove("broadcaster_user_login");
        }),
        ("no names", |e| {
            let event = e.as_object_mut().unwrap();
            event.retain(|name, _| !name.ends_with("_login") && !name.ends_with("_name"));
        }),
    ];
    for (round, (name, bend)) in oddities.into_iter().enumerate() {
        let start = 1_793_000_000 + i64::try_from(round).unwrap();
        let started_at = jiff::Timestamp::from_second(start).unwrap().to_string();
        let mut event = json!({
            "id": format!("471{round}"), "broadcaster_user_id": id, "broadcaster_user_login": "late_owl",
            "broadcaster_user_name": "Late_Owl", "type": "live", "started_at": started_at,
        });
        bend(&mut event);
        let condition = json!({ "broadcaster_user_id": id });
        Message::notification("stream.online", "1", &condition, &event)
            .accepted(&world.server)
            .await;
        let entry = eventually(&format!("the start with {name}"), PATIENCE, async || {
            let entry = vera.subscriptions().await.remove(0);
            let at: jiff::Timestamp = entry["live"]["started_at"].as_str()?.parse().unwrap();
            (at.as_second() == start).then_some(entry)
        })
        .await;
        assert_eq!(entry["broadcaster"]["login"], "late_owl", "{name}");
        assert_eq!(entry["broadcaster"]["display_name"], "Late_Owl", "{name}");
    }
}

async fn arrives_as(viewer: &Browser, name: &str, id: &str, body: &Value) {
    let event = eventually(&format!("the event with {name}"), PATIENCE, async || {
        let newest = viewer.events("limit=1").await.pop();
        newest.filter(|event| event["message_id"] == id)
    })
    .await;
    assert_eq!(event["payload"], body["event"], "{name}: kept as it is");
    assert_eq!(event["type"], body["subscription"]["type"], "{name}");
}

#[tokio::test]
async fn a_disconnection_told_with_a_numeric_id_ends_the_session() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let omar = world.server.log_in("viewer_omar").await;
    let told = |user_id: Value| {
        let client = json!({ "client_id": twitch_sim::CLIENT_ID });
        let event = with(
            &client,
            &json!({ "user_id": user_id, "user_login": null, "user_name": null }),
        );
        Message::notification("user.authorization.revoke", "1", &client, &event)
    };
    for nobody in [Value::Null, json!([]), json!("")] {
        told(nobody).accepted(&world.server).await;
    }
    vera.get("/api/v1/me").await.ok();
    let id: u64 = Sim::id("viewer_vera").parse().unwrap();
    told(json!(id)).accepted(&world.server).await;
    vera.get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
    omar.get("/api/v1/me").await.ok();
}

/// Bends the session of a welcome.
const OF_WELCOMES: &[Oddity] = &[
    ("null keepalive", |s| {
        s["keepalive_timeout_seconds"] = Value::Null
    }),
    ("no keepalive", |s| {
        _ = s
            .as_object_mut()
            .unwrap()
            .remove("keepalive_timeout_seconds")
    }),
    ("text for keepalive", |s| {
        s["keepalive_timeout_seconds"] = json!("30")
    }),
    ("a fraction", |s| {
        s["keepalive_timeout_seconds"] = json!(30.5)
    }),
    ("below zero", |s| s["keepalive_timeout_seconds"] = json!(-1)),
    ("out of range", |s| {
        s["keepalive_timeout_seconds"] = json!(u64::MAX)
    }),
    ("far out of range", |s| {
        s["keepalive_timeout_seconds"] = json!(1e300)
    }),
    ("status of tomorrow", |s| {
        s["status"] = json!({ "is": "fine" })
    }),
    ("null time", |s| s["connected_at"] = Value::Null),
    ("further members", |s| {
        s["recovery_url"] = json!(["wss://localhost"])
    }),
];

#[tokio::test]
async fn an_odd_welcome_opens_a_session_all_the_same() {
    let Gated { world, gate } = Gated::start(&[("EVENTSUB_TRANSPORT", "conduit")], brisk()).await;
    let vera = watching(&world.server, "mira_plays").await;
    let mut sent = 0;
    for (name, bend) in OF_WELCOMES {
        let before = both_shards_serve(&world.sim).await;
        let (bent, seen) = std::sync::mpsc::sync_channel(64);
        gate.bends(move |mut frame| {
            if frame["metadata"]["message_type"] == "session_welcome" {
                bend(&mut frame["payload"]["session"]);
                bent.try_send(()).ok();
            }
            frame
        });
        world.sim.fault(json!({ "fault": "drop_sockets" })).await;
        eventually(
            &format!("other sessions with {name}"),
            PATIENCE,
            async || {
                let after = super::shards(&world.sim).await;
                (after.len() == 2 && after.iter().all(|id| !before.contains(id))).then_some(())
            },
        )
        .await;
        assert!(seen.try_iter().count() >= 2, "{name}: it happened");
        gate.mend();
        let ids = happens(&world.sim, "channel.raid", "mira_plays").await;
        assert_eq!(ids.len(), 1, "{name}");
        has_received(&vera, "mira_plays", &ids).await;
        sent += 1;
    }
    assert_eq!(received(&vera, "mira_plays").await.len(), sent);
}

#[tokio::test]
async fn odd_answers_of_the_api_cost_details_and_no_more() {
    let Gated { world, gate } = Gated::start(&[("EVENTSUB_TRANSPORT", "conduit")], brisk()).await;
    let vera = world.server.log_in("viewer_vera").await;
    let found = json!({
        "data": [
            null, 7, { "broadcaster_login": "no_id" },
            { "id": 41_245_072, "broadcaster_login": "Loop_Fruit", "display_name": null, "is_live": "yes", "tags": null,
              "thumbnail_url": 3, "started_at": null, "further": {} },
        ],
        "pagination": null, "further": [],
    });
    gate.fails("/helix/search", Fault::Says(found.to_string()));
    let found = vera.get("/api/v1/streamers?query=loop").await.ok();
    let expected = json!([{
        "id": "41245072", "login": "loop_fruit", "display_name": "Loop_Fruit", "live": false, "subscribed": false,
        "profile_image_url": "3",
    }]);
    assert_eq!(found["streamers"], expected);
    gate.mend();

    let user = json!({ "data": [{
        "id": Sim::id("mira_plays").parse::<u64>().unwrap(), "login": "mira_plays", "display_name": null,
        "profile_image_url": null, "type": 4, "further": null,
    }]});
    gate.fails("/helix/users", Fault::Says(user.to_string()));
    let stream = json!({ "data": [
        { "user_id": Sim::id("mira_plays"), "title": null, "viewer_count": "781", "started_at": "", "tags": null },
    ], "pagination": { "cursor": null } });
    gate.fails("/helix/streams", Fault::Says(stream.to_string()));
    let entry = vera.subscribe("mira_plays").await;
    assert_eq!(entry["broadcaster"]["id"], Sim::id("mira_plays"));
    assert_eq!(entry["live"]["viewers"], 781);
    let followed = json!({ "data": [
        { "broadcaster_id": 11_111, "broadcaster_login": "a", "broadcaster_name": null, "followed_at": null },
    ], "total": "1" });
    gate.fails(
        "/helix/channels/followed",
        Fault::Says(followed.to_string()),
    );
    let followed = vera.get("/api/v1/streamers/followed").await.ok();
    assert_eq!(followed["streamers"][0]["id"], "11111");
    gate.mend();
    super::arrives(&vera, "mira_plays").await;
}
