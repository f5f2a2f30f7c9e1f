//! What comes over viewers' own WebSockets: chats, and who carries them.

use std::collections::BTreeSet;

use backend::clock::Clock;
use backend::timings::Timings;
use serde_json::{Value, json};

use super::{RELEASE, arrives, happens, has_received, received, topics_shown, watching};
use crate::support::{Browser, PATIENCE, Sim, World, brisk, eventually};

const NOTICE: &str = "channel.chat.notification";
const MESSAGE: &str = "channel.chat.message";

const VERA: &str = "640172935";

/// The ids of those who carry the chat of a channel at Twitch.
async fn carriers(sim: &Sim, login: &str) -> BTreeSet<String> {
    let id = Sim::id(login);
    let all = sim.enabled().await;
    all.iter()
        .filter(|one| one["type"] == NOTICE && one["condition"]["broadcaster_user_id"] == id)
        .map(|one| one["condition"]["user_id"].as_str().unwrap().to_owned())
        .collect()
}

/// Waits until exactly one viewer carries a chat, other than `not`.
async fn one_carries(sim: &Sim, login: &str, not: &str) -> String {
    eventually("one other carrier", PATIENCE, async || {
        let mut now = carriers(sim, login).await;
        (now.len() == 1 && !now.contains(not)).then(|| now.pop_first().unwrap())
    })
    .await
}

/// A resub in the chat of a channel, sent to whoever reads it; answers the message ids.
async fn resub(sim: &Sim, login: &str, chat_message: usize) -> Vec<String> {
    let event =
        json!({ "notice_type": "resub", "message_id": format!("line-{login}-{chat_message}") });
    sim.happen(json!({ "type": NOTICE, "broadcaster": login, "event": event }))
        .await
}

/// The chat messages of a channel that are stored, each as often as it is stored.
async fn lines(viewer: &Browser, login: &str) -> Vec<String> {
    let query = format!("broadcaster_id={}&limit=500", Sim::id(login));
    let events = viewer.events(&query).await;
    let notices = events.iter().filter(|event| event["type"] == NOTICE);
    let mut lines: Vec<String> = notices
        .map(|event| event["payload"]["message_id"].as_str().unwrap().to_owned())
        .collect();
    lines.sort();
    lines
}

fn expected(login: &str, count: usize) -> Vec<String> {
    let mut all: Vec<String> = (0..count).map(|n| format!("line-{login}-{n}")).collect();
    all.sort();
    all
}

/// Two viewers of one streamer; answers them with the carrier first.
async fn two_viewers(world: &World, login: &str) -> (Browser, Browser) {
    let vera = world.server.log_in("viewer_vera").await;
    let omar = world.server.log_in("viewer_omar").await;
    for viewer in [&vera, &omar] {
        viewer.subscribe(login).await;
        arrives(viewer, login).await;
    }
    match one_carries(&world.sim, login, "").await.as_str() {
        VERA => (vera, omar),
        _ => (omar, vera),
    }
}

#[tokio::test]
async fn subs_and_cheers_of_any_channel_arrive_and_chatter_does_not() {
    for transport in super::TRANSPORTS {
        let (world, vera) = watching(transport, "mira_plays").await;
        let mut sent = happens(&world.sim, NOTICE, "mira_plays").await;
        let cheer = json!({ "cheer": { "bits": 300 }, "message": { "text": "Cheer300 nice" } });
        let what = json!({ "type": MESSAGE, "broadcaster": "mira_plays", "event": cheer });
        sent.extend(world.sim.happen(what).await);
        has_received(&vera, "mira_plays", &sent).await;
        let chatter = happens(&world.sim, MESSAGE, "mira_plays").await;
        assert_eq!(chatter.len(), 1, "Twitch sends it");
        let last = happens(&world.sim, NOTICE, "mira_plays").await;
        has_received(&vera, "mira_plays", &last).await;
        let received = received(&vera, "mira_plays").await;
        assert_eq!(received.len(), 3, "{transport}: {received:?}");
    }
}

#[tokio::test]
async fn one_viewer_carries_a_chat_however_many_want_it() {
    let world = World::start().await;
    let (carrier, other) = two_viewers(&world, "mira_plays").await;
    for viewer in [&carrier, &other] {
        let sent = happens(&world.sim, NOTICE, "mira_plays").await;
        assert_eq!(sent.len(), 1, "one subscription of it");
        has_received(viewer, "mira_plays", &sent).await;
    }
}

/// The ways in which a carrier leaves by a decision made here.
#[tokio::test]
async fn a_planned_hand_over_misses_nothing_and_doubles_nothing() {
    for way in ["unsubscribe", "logout", "disconnect"] {
        let world = World::start().await;
        let (carrier, other) = two_viewers(&world, "mira_plays").await;
        let first = one_carries(&world.sim, "mira_plays", "").await;
        carrier
            .patch("/api/v1/me", json!({ "keep_collecting": false }))
            .await
            .ok();
        let mut count = 0;
        let mut told = 0;
        let leaving = async {
            let answer = match way {
                "unsubscribe" => {
                    let path = format!("/api/v1/subscriptions/{}", Sim::id("mira_plays"));
                    carrier.delete(&path).await
                }
                "logout" => carrier.post("/auth/logout", json!({})).await,
                _ => carrier.delete("/api/v1/me/grant").await,
            };
            assert_eq!(answer.status, 204, "{way}");
            one_carries(&world.sim, "mira_plays", &first).await;
        };
        let mut leaving = std::pin::pin!(leaving);
        loop {
            let is_over = tokio::select! {
                biased;
                () = &mut leaving => true,
                sent = resub(&world.sim, "mira_plays", count), if count < 300 => {
                    assert!(!sent.is_empty(), "{way}: at no moment does nobody read the chat");
                    count += 1;
                    told += sent.len();
                    false
                }
            };
            if is_over {
                break;
            }
        }
        // The one that was under way when the hand-over was over may or may not have been sent.
        let stored = eventually("every line to be stored", PATIENCE, async || {
            let stored = lines(&other, "mira_plays").await;
            (stored.len() >= count).then_some(stored)
        })
        .await;
        assert!(
            stored == expected("mira_plays", count) || stored == expected("mira_plays", count + 1),
            "{way}: {count} lines told {told} times, {stored:?}"
        );
        arrives(&other, "mira_plays").await;
    }
}

#[tokio::test]
async fn a_carrier_who_disconnects_at_twitch_is_replaced() {
    let world = World::start().await;
    let (carrier, other) = two_viewers(&world, "mira_plays").await;
    let first = one_carries(&world.sim, "mira_plays", "").await;
    let login = carrier.get("/api/v1/me").await.ok()["login"].clone();
    world
        .sim
        .fault(json!({ "fault": "revoke_token", "target": login }))
        .await;
    one_carries(&world.sim, "mira_plays", &first).await;
    eventually("the session to end", PATIENCE, async || {
        (carrier.get("/api/v1/me").await.status == 401).then_some(())
    })
    .await;
    arrives(&other, "mira_plays").await;
    let sent = resub(&world.sim, "mira_plays", 0).await;
    has_received(&other, "mira_plays", &sent).await;
}

#[tokio::test]
async fn the_last_to_leave_takes_the_chat_along() {
    let (world, vera) = watching("conduit", "mira_plays").await;
    let path = format!("/api/v1/subscriptions/{}", Sim::id("mira_plays"));
    assert_eq!(vera.delete(&path).await.status, 204);
    eventually("nobody to read the chat", RELEASE, async || {
        carriers(&world.sim, "mira_plays")
            .await
            .is_empty()
            .then_some(())
    })
    .await;
}

/// Cut off, moved, closed, silent: what hangs on the socket comes back by itself, once.
#[tokio::test]
async fn a_carrier_s_socket_that_breaks_is_made_anew() {
    let timings = Timings {
        eventsub_keepalive: std::time::Duration::from_secs(10),
        ..brisk()
    };
    let world = World::tuned(&[], Clock::system(), timings).await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    arrives(&vera, "mira_plays").await;
    let session = async || {
        let all = world.sim.enabled().await;
        let mut of_chat = all.iter().filter(|one| one["type"] == NOTICE);
        of_chat
            .next()
            .map(|one| one["transport"]["session_id"].as_str().unwrap().to_owned())
    };
    let mut line = 0;
    let faults = [json!({ "fault": "drop_sockets" })]
        .into_iter()
        .chain((4000..=4007).map(|code| json!({ "fault": "close_code", "code": code })));
    for mut fault in faults {
        let before = session().await.unwrap();
        fault["target"] = json!(before);
        let affected = world.sim.fault(fault.clone()).await["affected"].clone();
        assert_eq!(affected, 1, "{fault}");
        eventually("another session", PATIENCE, async || {
            session().await.filter(|now| *now != before)
        })
        .await;
        arrives(&vera, "mira_plays").await;
        let sent = eventually("the chat to be read", PATIENCE, async || {
            line += 1;
            let sent = resub(&world.sim, "mira_plays", line).await;
            (sent.len() == 1).then_some(sent)
        })
        .await;
        has_received(&vera, "mira_plays", &sent).await;
    }
}

#[tokio::test]
async fn a_move_of_a_carrier_loses_nothing_and_subscribes_nothing_anew() {
    let (world, vera) = watching("conduit", "mira_plays").await;
    let ids = async || {
        let all = world.sim.enabled().await;
        let chat = all
            .iter()
            .filter(|one| one["transport"]["method"] == "websocket");
        chat.map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<BTreeSet<_>>()
    };
    let before = ids().await;
    let mut count = 0;
    for _ in 0..3 {
        let affected = world
            .sim
            .fault(json!({ "fault": "reconnect_sockets", "target": "viewer_vera" }))
            .await["affected"]
            .clone();
        assert_eq!(affected, 1);
        for _ in 0..10 {
            assert_eq!(resub(&world.sim, "mira_plays", count).await.len(), 1);
            count += 1;
        }
    }
    eventually("every line to be stored", PATIENCE, async || {
        (lines(&vera, "mira_plays").await == expected("mira_plays", count)).then_some(())
    })
    .await;
    assert_eq!(ids().await, before);
}

/// Twitch notices late that our sockets are gone: their subscriptions are in the way of new ones.
#[tokio::test]
async fn subscriptions_of_a_lost_session_are_taken_out_of_the_way() {
    let (world, vera) = watching("conduit", "mira_plays").await;
    for lost in ["socket", "program"] {
        world
            .sim
            .fault(json!({ "fault": "leftover_subscriptions", "seconds": 600 }))
            .await;
        let old = world.sim.enabled().await;
        world
            .sim
            .fault(json!({ "fault": "drop_sockets", "target": "viewer_vera" }))
            .await;
        let is_old = |one: &Value| old.iter().any(|old| old["id"] == one["id"]);
        eventually("the old ones to be gone", PATIENCE, async || {
            let now = world.sim.enabled().await;
            let mut chat = now.iter().filter(|one| one["type"] == NOTICE);
            let is_new = chat.next().is_some_and(|one| !is_old(one)) && chat.next().is_none();
            is_new.then_some(())
        })
        .await;
        let conflicts = world.sim.requests().await;
        let conflicts = conflicts.iter().filter(|(_, _, status)| *status == 409);
        assert!(conflicts.count() > 0, "{lost}: they were in the way");
        arrives(&vera, "mira_plays").await;
        let sent = resub(&world.sim, "mira_plays", lost.len()).await;
        assert_eq!(sent.len(), 1);
        has_received(&vera, "mira_plays", &sent).await;
    }
}

#[tokio::test]
async fn a_chat_nobody_may_read_says_what_to_do() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    world
        .sim
        .fault(json!({ "fault": "http_status", "target": "/helix/eventsub/subscriptions", "code": 403, "seconds": 600 }))
        .await;
    vera.subscribe("mira_plays").await;
    let topics = eventually("the chat to be refused", PATIENCE, async || {
        let mut topics = topics_shown(&vera, "mira_plays").await;
        topics.retain(|topic| topic["type"].as_str().unwrap().starts_with("channel.chat."));
        let refused = topics.iter().all(|topic| topic["status"] == "failed");
        (topics.len() == 2 && refused).then_some(topics)
    })
    .await;
    for topic in topics {
        let reason = topic["reason"].as_str().unwrap();
        assert!(reason.contains("banned"), "{reason}");
    }
    world.sim.clear_faults().await;
    arrives(&vera, "mira_plays").await;
}

/// Twitch lets one viewer into the chat no longer: banned, timed out, or a hundred chats open.
#[tokio::test]
async fn a_carrier_who_is_not_let_in_is_replaced_by_one_who_is() {
    let world = World::start().await;
    let (carrier, other) = two_viewers(&world, "mira_plays").await;
    let first = one_carries(&world.sim, "mira_plays", "").await;
    let login = carrier.get("/api/v1/me").await.ok()["login"].clone();
    // Both topics are asked for again, and refused.
    world
        .sim
        .fault(json!({ "fault": "http_status", "target": "/helix/eventsub/subscriptions", "code": 403, "count": 2 }))
        .await;
    world
        .sim
        .fault(json!({ "fault": "drop_sockets", "target": login }))
        .await;
    one_carries(&world.sim, "mira_plays", &first).await;
    arrives(&other, "mira_plays").await;
    let sent = resub(&world.sim, "mira_plays", 0).await;
    assert_eq!(sent.len(), 1);
    has_received(&carrier, "mira_plays", &sent).await;
}

/// The token is refreshed before the socket is opened, and once more if Twitch refuses it after all.
#[tokio::test]
async fn a_token_that_has_expired_is_refreshed_for_the_socket() {
    let (world, vera) = watching("conduit", "mira_plays").await;
    let refreshes = async || world.sim.count("/oauth2/token").await;
    let before = refreshes().await;
    world
        .sim
        .fault(json!({ "fault": "expire_token", "target": "viewer_vera" }))
        .await;
    world
        .sim
        .fault(json!({ "fault": "drop_sockets", "target": "viewer_vera" }))
        .await;
    let sent = eventually("the chat to be read again", PATIENCE, async || {
        let line = refreshes().await;
        let sent = resub(&world.sim, "mira_plays", line).await;
        (refreshes().await > before && sent.len() == 1).then_some(sent)
    })
    .await;
    has_received(&vera, "mira_plays", &sent).await;
}
