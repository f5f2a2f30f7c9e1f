//! A stream in figures: what lies in it, what counts once, who may see what, and which stream is meant.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::messages::{about, at, event_of, of_channel, with};
use crate::support::{Browser, Message, PATIENCE, Server, Sim, World, eventually};
use crate::topics::{has_received, received, watching};

const OWL: &str = "late_owl";

/// So many seconds ago.
fn ago(seconds: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_secs(seconds)
}

fn owl() -> &'static str {
    Sim::id(OWL)
}

fn path(query: &str) -> String {
    format!("/api/v1/streams/{}/recap{query}", owl())
}

async fn recap(viewer: &Browser, query: &str) -> Value {
    viewer.get(&path(query)).await.ok()["recap"].take()
}

fn online(id: &str, started: Timestamp) -> Message {
    let members = json!({ "id": id, "type": "live", "started_at": started.to_string() });
    at(&about(owl(), "stream.online", &members), started)
}

fn offline(id: &str, ended: Timestamp) -> Message {
    at(&about(owl(), "stream.offline", &json!({ "id": id })), ended)
}

fn raid(into: &str, from: &str, condition: &str, viewers: u64) -> Message {
    let event = json!({
        "from_broadcaster_user_id": from, "from_broadcaster_user_login": "raider", "from_broadcaster_user_name": "Raider",
        "to_broadcaster_user_id": into, "to_broadcaster_user_login": "raided", "to_broadcaster_user_name": "Raided",
        "viewers": viewers,
    });
    let condition = json!({ format!("{condition}_broadcaster_user_id"): owl() });
    Message::notification("channel.raid", "1", &condition, &event)
}

fn chatter(login: &str) -> Value {
    json!({ "chatter_user_id": format!("id-{login}"), "chatter_user_login": login, "chatter_user_name": login })
}

/// A notice in the chat by somebody, under an id of its own.
fn notice(login: &str, notice_type: &str, notice: &Value) -> Message {
    let members = json!({
        "message_id": uuid::Uuid::new_v4().to_string(), "notice_type": notice_type, notice_type: notice,
        "system_message": "", "message": { "text": "" },
    });
    let members = with(&chatter(login), &members);
    about(owl(), "channel.chat.notification", &members)
}

fn bits(login: &str, bits: u64) -> Message {
    let members = json!({
        "message_id": uuid::Uuid::new_v4().to_string(), "cheer": { "bits": bits }, "message": { "text": "Cheer" },
    });
    about(
        owl(),
        "channel.chat.message",
        &with(&chatter(login), &members),
    )
}

/// Bits as the broadcaster alone is told of them.
fn private_bits(amount: u64) -> Message {
    let members = json!({
        "is_anonymous": false, "user_id": "1", "user_login": "pip", "user_name": "Pip", "message": "", "bits": amount,
    });
    let event = event_of(owl(), &members);
    Message::notification("channel.cheer", "1", &of_channel(owl()), &event)
}

/// A server where somebody watches a streamer who is offline.
async fn open() -> (World, Browser) {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe(OWL).await;
    (world, vera)
}

/// Everything of a stream, in the order given: each of a kind that counts, and what surrounds it.
async fn a_full_stream(server: &Server, id: &str) {
    let all = [
        at(&bits("early", 7), ago(500)),
        online(id, ago(400)),
        at(&raid(owl(), "1", "to", 318), ago(390)),
        at(&raid(owl(), "2", "to", 12), ago(380)),
        at(
            &notice("pip", "sub", &json!({ "sub_tier": "1000" })),
            ago(370),
        ),
        at(
            &notice("juno", "resub", &json!({ "cumulative_months": 15 })),
            ago(360),
        ),
        // The parts of a gift come before and after the whole.
        at(
            &notice("pip", "sub_gift", &json!({ "community_gift_id": "c" })),
            ago(350),
        ),
        at(
            &notice(
                "pip",
                "community_sub_gift",
                &json!({ "id": "c", "total": 3 }),
            ),
            ago(349),
        ),
        at(
            &notice("pip", "sub_gift", &json!({ "community_gift_id": "c" })),
            ago(348),
        ),
        at(
            &notice("pip", "sub_gift", &json!({ "community_gift_id": "c" })),
            ago(347),
        ),
        at(
            &notice("juno", "sub_gift", &json!({ "community_gift_id": null })),
            ago(340),
        ),
        at(
            &notice("kite", "shared_chat_sub_gift", &json!({})),
            ago(339),
        ),
        at(&bits("pip", 100), ago(330)),
        at(&bits("juno", 50), ago(320)),
        at(&private_bits(1000), ago(310)),
        at(&raid("3", owl(), "from", 250), ago(200)),
        offline(id, ago(100)),
        at(&bits("late", 9), ago(50)),
    ];
    for message in all {
        message.accepted(server).await;
    }
}

#[tokio::test]
async fn a_recap_adds_up_what_lies_between_start_and_end() {
    let (world, vera) = open().await;
    let owner = world.server.log_in(OWL).await;
    a_full_stream(&world.server, "s1").await;
    let told = recap(&vera, "").await;
    let user =
        |login: &str| json!({ "id": format!("id-{login}"), "login": login, "display_name": login });
    let expected = json!({
        "stream_id": "s1", "started_at": told["started_at"], "ended_at": told["ended_at"], "peak_viewers": null,
        "raids_in": { "count": 2, "viewers": 330 }, "raids_out": { "count": 1, "viewers": 250 },
        "subs": 1, "resubs": 1, "gifts": 4, "cheers": 2, "bits": 150,
        "top_gifters": [{ "user": user("pip"), "gifts": 3 }, { "user": user("juno"), "gifts": 1 }],
    });
    assert_eq!(told, expected);
    let time = |name: &str| told[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    let length = time("ended_at").duration_since(time("started_at"));
    assert!((299..=301).contains(&length.as_secs()), "{told}");

    // What others may not see is the streamer's to count.
    let owners = with(&expected, &json!({ "cheers": 3, "bits": 1150 }));
    assert_eq!(recap(&owner, "").await, owners);
    let program = world.server.with_token(&owner.api_token().await);
    assert_eq!(recap(&program, "").await, owners);
    let omar = world.server.log_in("viewer_omar").await;
    assert_eq!(
        recap(&omar, "").await,
        expected,
        "as with lists, nobody need be subscribed"
    );
}

#[tokio::test]
async fn each_end_leads_to_its_own_stream() {
    let (world, vera) = open().await;
    for (id, start, end, cheer) in [
        ("s1", 540, 480, 1),
        ("s2", 400, 300, 20),
        ("s3", 200, 100, 300),
    ] {
        online(id, ago(start)).accepted(&world.server).await;
        at(&bits("pip", cheer), ago(start - 10))
            .accepted(&world.server)
            .await;
        let mut end = offline(id, ago(end));
        if id == "s2" {
            // As Twitch told it before it named streams.
            end = at(&about(owl(), "stream.offline", &json!({})), ago(300));
        }
        end.accepted(&world.server).await;
    }
    let query = format!("broadcaster_id={}&type=stream.offline&after=0", owl());
    let ends = vera.events(&query).await;
    for (end, (id, bits)) in ends.iter().zip([("s1", 1), ("s2", 20), ("s3", 300)]) {
        let told = recap(&vera, &format!("?event={}", end["id"].as_str().unwrap())).await;
        assert_eq!(
            (&told["stream_id"], &told["bits"]),
            (&json!(id), &json!(bits)),
            "{told}"
        );
        assert_eq!(told["ended_at"], end["occurred_at"]);
    }
    assert_eq!(recap(&vera, "").await["stream_id"], "s3", "the last one");
    online("s4", ago(30)).accepted(&world.server).await;
    at(&bits("pip", 4000), ago(20))
        .accepted(&world.server)
        .await;
    let running = eventually("the running stream", PATIENCE, async || {
        let told = recap(&vera, "").await;
        (told["stream_id"] == "s4").then_some(told)
    })
    .await;
    assert_eq!(
        (&running["ended_at"], &running["bits"]),
        (&Value::Null, &json!(4000))
    );
}

#[tokio::test]
async fn what_cannot_be_recapped_is_said() {
    let (world, vera) = open().await;
    assert_eq!(recap(&vera, "").await, Value::Null);
    // Nobody knows when it began.
    offline("unseen", ago(60)).accepted(&world.server).await;
    assert_eq!(recap(&vera, "").await, Value::Null);
    a_full_stream(&world.server, "s1").await;
    let events = vera
        .events(&format!("broadcaster_id={}&limit=500", owl()))
        .await;
    let id_of = |event_type: &str| {
        let found = events.iter().find(|event| event["type"] == event_type);
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (start, end) = (id_of("stream.online"), id_of("stream.offline"));
    assert!(recap(&vera, &format!("?event={end}")).await.is_object());
    let elsewhere = format!(
        "/api/v1/streams/{}/recap?event={end}",
        Sim::id("mira_plays")
    );
    for path in [
        path(&format!("?event={start}")),
        path("?event=999999"),
        elsewhere,
    ] {
        assert_eq!(vera.get(&path).await.ok(), json!({ "recap": null }));
    }
    for query in [
        "?event=",
        "?event=x",
        "?event=-1",
        "?event=1&event=1",
        "?since=1",
        "?event=99999999999999999999",
    ] {
        let problem = vera
            .get(&path(query))
            .await
            .is_problem(422, "invalid-query");
        assert!(
            problem["detail"]
                .as_str()
                .unwrap()
                .contains(if query == "?since=1" {
                    "since"
                } else {
                    "event"
                })
        );
    }
    let nobody = world.server.browser();
    nobody
        .get(&path(""))
        .await
        .is_problem(401, "unauthenticated");
}

/// The list of streams tells viewers; the end is told by an event, and by then the list has nothing to tell.
#[tokio::test]
async fn the_peak_is_the_most_that_was_seen() {
    let (world, vera) = watching("conduit", OWL).await;
    let started = json!({ "type": "stream.online", "broadcaster": OWL, "event": { "id": "s1" } });
    let sent = world.sim.happen(started).await;
    has_received(&vera, OWL, &sent).await;
    let seen = eventually("the number of viewers to be seen", PATIENCE, async || {
        let live = vera.subscriptions().await[0]["live"]["viewers"].as_i64();
        live.filter(|viewers| *viewers > 0)
    })
    .await;
    let running = recap(&vera, "").await;
    assert_eq!(
        (&running["stream_id"], &running["ended_at"]),
        (&json!("s1"), &Value::Null)
    );
    let ended = json!({ "type": "stream.offline", "broadcaster": OWL, "event": { "id": "s1" } });
    let sent = world.sim.happen(ended).await;
    has_received(&vera, OWL, &sent).await;
    let told = eventually("the recap of the end", PATIENCE, async || {
        let told = recap(&vera, "").await;
        told["ended_at"].is_string().then_some(told)
    })
    .await;
    assert_eq!(told["peak_viewers"], seen, "{told}");
    assert_eq!(received(&vera, OWL).await.len(), 2);
}
