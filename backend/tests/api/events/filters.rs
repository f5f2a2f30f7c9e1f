//! What a list can be asked for, and what it cannot.

use serde_json::{Value, json};

use super::{CATS, OWL, follow, online, raid, update};
use crate::support::{Browser, Message, Server, Sim, World};

async fn told(browser: &Browser, query: &str) -> Vec<String> {
    let mut events = browser.events(&format!("limit=500&{query}")).await;
    events.reverse();
    events
        .iter()
        .map(|event| event["summary"].as_str().unwrap().to_owned())
        .collect()
}

async fn numbers(browser: &Browser, query: &str) -> Vec<i64> {
    let mut events = browser.events(&format!("limit=500&{query}")).await;
    events.reverse();
    events
        .iter()
        .map(|event| event["amount"]["value"].as_i64().unwrap_or(-1))
        .collect()
}

/// Of two streamers: raids by two people, a title, two streams; of the viewer's own channel a follower.
async fn happenings(server: &Server) {
    for message in [
        raid("mira_plays", OWL, 10),
        raid("mira_plays", CATS, 200),
        raid("kiteflyer", OWL, 3000),
        update("mira_plays", "Endgames"),
        online("mira_plays", "2026-11-01T18:00:05.123456789Z"),
        online("kiteflyer", "2026-11-01T19:30:00Z"),
        follow("viewer_vera", OWL),
    ] {
        message.accepted(server).await;
    }
}

async fn world() -> (World, Browser) {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    vera.subscribe("kiteflyer").await;
    happenings(&world.server).await;
    (world, vera)
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_by_name() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let long = format!("actor={}", "a".repeat(501));
    for (query, name) in [
        ("colour=red", "colour"),
        ("q=raid&q=owl", "q"),
        ("Kind=raid", "Kind"),
        ("kind=", "kind"),
        ("kind=raids", "kind"),
        ("kind=RAID", "kind"),
        ("kind=raid,sub", "kind"),
        ("type=", "type"),
        ("broadcaster_id=", "broadcaster_id"),
        ("actor=", "actor"),
        (&long, "actor"),
        ("actor=a&actor=b", "actor"),
        ("min_amount=", "min_amount"),
        ("min_amount=many", "min_amount"),
        ("min_amount=1.5", "min_amount"),
        ("min_amount=9223372036854775808", "min_amount"),
        ("min_amount=1&min_amount=2", "min_amount"),
        ("since=", "since"),
        ("since=yesterday", "since"),
        ("since=2026-11-01", "since"),
        ("until=2026-13-01T00:00:00Z", "until"),
        ("until=2026-11-01T18:00:00", "until"),
        (
            "since=2026-11-01T18:00:00Z&since=2026-11-01T18:00:00Z",
            "since",
        ),
        ("before=", "before"),
        ("before=x", "before"),
        ("before=-1", "before"),
        ("after=%2B1", "after"),
        ("after=1.0", "after"),
        ("after=99999999999999999999", "after"),
        ("before=2&after=1", "after"),
        ("after=1&before=2", "before"),
        ("before=2&before=2", "before"),
        ("limit=", "limit"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=501", "limit"),
        ("limit=10.5", "limit"),
        ("limit=4294967297", "limit"),
        ("limit=5&limit=5", "limit"),
    ] {
        println!("{query}");
        let problem = vera
            .get(&format!("/api/v1/events?{query}"))
            .await
            .is_problem(422, "invalid-query");
        assert!(
            problem["detail"].as_str().unwrap().contains(name),
            "{problem}"
        );
    }
    for fine in [
        "",
        "limit=1",
        "limit=500",
        "min_amount=-5",
        "min_amount=0",
        "after=0",
        "before=9223372036854775807",
        "kind=hype_train",
    ] {
        vera.get(&format!("/api/v1/events?{fine}")).await.ok();
    }
}

#[tokio::test]
async fn without_a_streamer_all_subscribed_ones_and_the_own_channel_are_listed() {
    let (world, vera) = world().await;
    assert_eq!(told(&vera, "").await.len(), 7);
    assert_eq!(
        vera.delete(&format!("/api/v1/subscriptions/{}", Sim::id("kiteflyer")))
            .await
            .status,
        204
    );
    assert_eq!(
        told(&vera, "").await.len(),
        5,
        "what is stored stays, but is no longer listed"
    );
    let omar = world.server.log_in("viewer_omar").await;
    assert!(told(&omar, "").await.is_empty());
}

#[tokio::test]
async fn streamers_can_be_named_several_at_once_and_unknown_ones_are_empty() {
    let (_world, vera) = world().await;
    let (mira, kite) = (Sim::id("mira_plays"), Sim::id("kiteflyer"));
    assert_eq!(
        told(&vera, &format!("broadcaster_id={mira}")).await.len(),
        4
    );
    assert_eq!(
        told(
            &vera,
            &format!("broadcaster_id={mira}&broadcaster_id={kite}&broadcaster_id={kite}")
        )
        .await
        .len(),
        6
    );
    for nobody in ["nobody", "%00", "1%27%20OR%20%271%27=%271", "%25", "_"] {
        assert!(
            told(&vera, &format!("broadcaster_id={nobody}"))
                .await
                .is_empty(),
            "{nobody}"
        );
    }
}

#[tokio::test]
async fn very_many_streamers_can_be_named() {
    let (_world, vera) = world().await;
    for count in [399, 400, 401, 499, 500, 501, 2000] {
        let mut query = format!("broadcaster_id={}", Sim::id("mira_plays"));
        query.extend((0..count).map(|number| format!("&broadcaster_id={number}")));
        assert_eq!(told(&vera, &query).await.len(), 4, "{count}");
    }
}

#[tokio::test]
async fn kinds_and_types_narrow_the_list() {
    let (_world, vera) = world().await;
    assert_eq!(numbers(&vera, "kind=raid").await, [10, 200, 3000]);
    assert_eq!(told(&vera, "kind=raid&kind=follow").await.len(), 4);
    assert_eq!(told(&vera, "kind=poll").await.len(), 0);
    assert_eq!(told(&vera, "type=channel.update").await.len(), 1);
    assert_eq!(
        told(&vera, "type=channel.raid&type=stream.online")
            .await
            .len(),
        5
    );
    assert_eq!(
        told(&vera, "type=channel.raid&kind=follow").await.len(),
        0,
        "both must hold"
    );
    assert_eq!(told(&vera, "type=no.such.type").await.len(), 0);
}

#[tokio::test]
async fn an_actor_is_found_by_id_login_or_name_in_any_case_and_exactly() {
    let (_world, vera) = world().await;
    for actor in ["555000111", "late_owl", "LATE_OWL", "Late_Owl", "lAtE_oWl"] {
        assert_eq!(
            told(&vera, &format!("actor={actor}")).await.len(),
            3,
            "{actor}"
        );
    }
    for actor in ["702618835", "neko_kissa", "%E7%8C%AB%E5%96%AB%E8%8C%B6"] {
        assert_eq!(
            numbers(&vera, &format!("actor={actor}")).await,
            [200],
            "{actor}"
        );
    }
    for nobody in [
        "late",
        "late%25",
        "late_owl%20",
        "lateXowl",
        "%25",
        "Mira_Plays",
    ] {
        assert!(
            told(&vera, &format!("actor={nobody}")).await.is_empty(),
            "{nobody}"
        );
    }
}

#[tokio::test]
async fn an_amount_is_compared_and_no_amount_never_matches() {
    let (_world, vera) = world().await;
    for (least, expected) in [
        (-5, vec![10, 200, 3000]),
        (0, vec![10, 200, 3000]),
        (200, vec![200, 3000]),
        (201, vec![3000]),
        (3001, vec![]),
    ] {
        assert_eq!(
            numbers(&vera, &format!("min_amount={least}")).await,
            expected,
            "{least}"
        );
    }
}

#[tokio::test]
async fn a_span_of_time_begins_with_its_start_and_ends_before_its_end() {
    let (_world, vera) = world().await;
    let streams = |query: &'static str| {
        let vera = vera.clone();
        async move {
            told(&vera, &format!("type=stream.online&{query}"))
                .await
                .len()
        }
    };
    for (query, count) in [
        ("since=2026-11-01T18:00:05.123Z", 2),
        ("since=2026-11-01T18:00:05.124Z", 1),
        ("until=2026-11-01T18:00:05.123Z", 0),
        ("until=2026-11-01T18:00:05.124Z", 1),
        (
            "since=2026-11-01T18:00:05.123Z&until=2026-11-01T19:30:00Z",
            1,
        ),
        ("since=2026-11-01T20:30:00%2B01:00", 1),
        ("since=2026-11-01T20:30:00+01:00", 1),
        ("since=2026-11-01T15:30:00.001-04:00", 0),
        ("since=2026-11-02T00:00:00Z&until=2026-11-01T00:00:00Z", 0),
    ] {
        assert_eq!(streams(query).await, count, "{query}");
    }
}

#[tokio::test]
async fn an_event_has_everything_the_contract_says() {
    let (_world, vera) = world().await;
    let event = &vera.events("kind=raid&actor=neko_kissa").await[0];
    assert_eq!(event["type"], "channel.raid");
    assert_eq!(
        (&event["version"], &event["kind"], &event["visibility"]),
        (&json!("1"), &json!("raid"), &json!("public"))
    );
    assert_eq!(
        event["actor"],
        json!({"id": "702618835", "login": "neko_kissa", "display_name": "猫喫茶"})
    );
    assert_eq!(event["broadcaster"]["id"], Sim::id("mira_plays"));
    assert_eq!(event["amount"], json!({"value": 200, "unit": "viewers"}));
    assert!(
        event["summary"].as_str().unwrap().contains("猫喫茶"),
        "{event}"
    );
    assert_eq!(
        (&event["group"], &event["same_as"], &event["recovered"]),
        (&Value::Null, &Value::Null, &json!(false))
    );
    assert_eq!(event["payload"]["viewers"], 200);
    let online = &vera
        .events(&format!(
            "type=stream.online&broadcaster_id={}",
            Sim::id("mira_plays")
        ))
        .await[0];
    assert_eq!(
        online["occurred_at"], "2026-11-01T18:00:05.123Z",
        "its own time, to the millisecond"
    );
}

#[tokio::test]
async fn the_payload_is_kept_as_it_came() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let odd = json!({
        "broadcaster_user_id": Sim::id("mira_plays"), "broadcaster_user_login": "mira_plays", "broadcaster_user_name": "Mira_Plays",
        "title": "a\u{0}b \u{1F388}\u{200F} \\u0000 \"quoted\"", "language": "en", "category_id": "", "category_name": "",
        "content_classification_labels": [], "big": 9_007_199_254_740_993_i64, "fraction": 1.10, "deep": {"a": [null, true, {}]}, "": "empty name",
    });
    Message::notification("channel.update", "2", &super::of("mira_plays"), &odd)
        .accepted(&world.server)
        .await;
    let events = vera
        .events(&format!("broadcaster_id={}", Sim::id("mira_plays")))
        .await;
    assert_eq!(events[0]["payload"], odd);
}
