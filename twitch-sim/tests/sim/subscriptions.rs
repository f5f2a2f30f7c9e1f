//! Creating subscriptions: costs, permissions, and every refusal.

use serde_json::{Value, json};

use crate::support::{SECRET, Sim, quiet, text};

pub(crate) const ONLINE: (&str, &str) = ("stream.online", "1");

pub(crate) fn on(id: &str) -> Value {
    json!({ "broadcaster_user_id": id })
}

pub(crate) fn chat(broadcaster: &str, user: &str) -> Value {
    json!({ "broadcaster_user_id": broadcaster, "user_id": user })
}

pub(crate) fn websocket(session_id: &str) -> Value {
    json!({ "method": "websocket", "session_id": session_id })
}

#[tokio::test]
async fn costs_are_one_for_strangers_and_nothing_for_those_who_consented() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let conduit = json!({ "method": "conduit", "conduit_id": sim.conduit(&app, 1).await });
    let (mira, kite) = (sim.id("mira_plays").await, sim.id("kiteflyer").await);
    sim.login("kiteflyer", "user:read:chat").await;

    let stranger = sim
        .subscribe(&app, ONLINE, on(&mira), conduit.clone())
        .await;
    assert_eq!(stranger.status, 202);
    assert_eq!(stranger.body["data"][0]["status"], "enabled");
    assert_eq!(stranger.body["data"][0]["cost"], 1);
    assert_eq!(stranger.body["max_total_cost"], 10_000);
    let known = sim
        .subscribe(&app, ONLINE, on(&kite), conduit.clone())
        .await;
    assert_eq!(known.body["data"][0]["cost"], 0);
    assert_eq!(known.body["total"], 2);
    assert_eq!(known.body["total_cost"], 1);

    // A login without any scope is no consent.
    sim.login("deepseadana", "").await;
    let dana = sim.id("deepseadana").await;
    let scopeless = sim
        .subscribe(&app, ONLINE, on(&dana), conduit.clone())
        .await;
    assert_eq!(scopeless.body["data"][0]["cost"], 1);

    let again = sim.subscribe(&app, ONLINE, on(&mira), conduit).await;
    assert_eq!(again.status, 409);
    assert_eq!(again.body["error"], "Conflict");
    assert_eq!(again.body["id"], stranger.body["data"][0]["id"]);
}

#[tokio::test]
async fn what_needs_permission_is_refused_without_it() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let conduit = json!({ "method": "conduit", "conduit_id": sim.conduit(&app, 1).await });
    let (mira, vera) = (sim.id("mira_plays").await, sim.id("viewer_vera").await);
    let follow = json!({ "broadcaster_user_id": mira, "moderator_user_id": mira });
    let refused = sim
        .subscribe(
            &app,
            ("channel.follow", "2"),
            follow.clone(),
            conduit.clone(),
        )
        .await;
    assert_eq!(refused.status, 403);
    assert_eq!(
        refused.body["message"],
        "subscription missing proper authorization"
    );
    sim.login("mira_plays", "moderator:read:followers").await;
    let granted = sim
        .subscribe(&app, ("channel.follow", "2"), follow, conduit.clone())
        .await;
    assert_eq!(
        (granted.status, &granted.body["data"][0]["cost"]),
        (202, &json!(0))
    );
    let subs = sim
        .subscribe(&app, ("channel.subscribe", "1"), on(&mira), conduit.clone())
        .await;
    assert_eq!(subs.status, 403);

    // Chat over an app token needs both sides; over the reader's own socket the reader alone.
    let read = ("channel.chat.message", "1");
    sim.login("viewer_vera", "user:read:chat user:bot").await;
    let alone = sim
        .subscribe(&app, read, chat(&mira, &vera), conduit.clone())
        .await;
    assert_eq!(alone.status, 403);
    sim.login("mira_plays", "channel:bot").await;
    let both = sim.subscribe(&app, read, chat(&mira, &vera), conduit).await;
    assert_eq!(both.status, 202, "{:?}", both.body);

    let omar = sim.login("viewer_omar", "user:read:chat").await;
    let mut socket = sim.socket("").await;
    let session = socket.welcome().await;
    let as_vera = sim
        .subscribe(&omar.access, read, chat(&mira, &vera), websocket(&session))
        .await;
    assert_eq!(as_vera.status, 403);
    let omar_id = sim.id("viewer_omar").await;
    let as_omar = sim
        .subscribe(
            &omar.access,
            read,
            chat(&mira, &omar_id),
            websocket(&session),
        )
        .await;
    assert_eq!(as_omar.status, 202);
}

#[tokio::test]
async fn malformed_requests_are_refused_each_in_its_way() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let vera = sim.login("viewer_vera", "user:read:chat").await;
    let conduit = json!({ "method": "conduit", "conduit_id": sim.conduit(&app, 1).await });
    let mira = sim.id("mira_plays").await;
    let hook = |callback: &str, secret: &str| json!({ "method": "webhook", "callback": callback, "secret": secret });
    let cases = [
        (
            &app,
            ("channel.follow", "1"),
            on(&mira),
            conduit.clone(),
            410,
        ),
        (
            &app,
            ("channel.hype_train.begin", "1"),
            on(&mira),
            conduit.clone(),
            400,
        ),
        (
            &app,
            ("stream.online", "2"),
            on(&mira),
            conduit.clone(),
            400,
        ),
        (
            &app,
            ("stream.nonsense", "1"),
            on(&mira),
            conduit.clone(),
            400,
        ),
        (&app, ONLINE, json!({}), conduit.clone(), 400),
        (&app, ONLINE, on("999999999999"), conduit.clone(), 400),
        (
            &app,
            ONLINE,
            json!({ "broadcaster_user_id": 7 }),
            conduit.clone(),
            400,
        ),
        (&app, ("channel.raid", "1"), json!({}), conduit.clone(), 400),
        (
            &app,
            ("channel.raid", "1"),
            json!({ "from_broadcaster_user_id": mira, "to_broadcaster_user_id": mira }),
            conduit.clone(),
            400,
        ),
        (
            &app,
            ONLINE,
            on(&mira),
            json!({ "method": "conduit", "conduit_id": "nope" }),
            400,
        ),
        (&app, ONLINE, on(&mira), json!({ "method": "conduit" }), 400),
        (&app, ONLINE, on(&mira), json!({ "method": "pigeon" }), 400),
        (&app, ONLINE, on(&mira), websocket("nope"), 401),
        (&vera.access, ONLINE, on(&mira), websocket("nope"), 400),
        (&vera.access, ONLINE, on(&mira), conduit, 400),
        (
            &vera.access,
            ONLINE,
            on(&mira),
            hook("https://example.org/x", SECRET),
            400,
        ),
        (
            &app,
            ONLINE,
            on(&mira),
            hook("http://example.org/x", SECRET),
            400,
        ),
        (
            &app,
            ONLINE,
            on(&mira),
            hook("https://example.org:8443/x", SECRET),
            400,
        ),
        (
            &app,
            ONLINE,
            on(&mira),
            hook("http://127.0.0.1:9/x", "short"),
            400,
        ),
        (
            &app,
            ("drop.entitlement.grant", "1"),
            json!({ "organization_id": "1" }),
            hook("http://127.0.0.1:9/x", SECRET),
            403,
        ),
    ];
    for (token, wanted, condition, transport, expected) in cases {
        let what = format!("{wanted:?} {condition} {transport}");
        let reply = sim.subscribe(token, wanted, condition, transport).await;
        assert_eq!(reply.status, expected, "{what}: {}", reply.body);
        assert_eq!(reply.body["status"], expected, "{what}");
    }
    let request = sim.request(reqwest::Method::POST, "/helix/eventsub/subscriptions", &app);
    assert_eq!(sim.send(request.body("no json")).await.status, 400);
}

#[tokio::test]
async fn callbacks_on_loopback_need_the_flag() {
    let sim = Sim::start(twitch_sim::Options {
        allow_http_callbacks: false,
        ..quiet()
    });
    let app = sim.app_token().await;
    let hook = json!({ "method": "webhook", "callback": "http://127.0.0.1:9/x", "secret": SECRET });
    let reply = sim
        .subscribe(&app, ONLINE, on(&sim.id("mira_plays").await), hook)
        .await;
    assert_eq!(reply.status, 400);
}

#[tokio::test]
async fn the_list_is_filtered_and_comes_in_pages() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let conduit_id = sim.conduit(&app, 1).await;
    sim.fault(json!({ "fault": "leftover_subscriptions", "count": 130 }))
        .await;
    let first = sim.get("/helix/eventsub/subscriptions", &app).await;
    let total = first.body["total"].as_u64().unwrap();
    assert!(total > 100, "{total}");
    assert_eq!(first.body["data"].as_array().unwrap().len(), 100);
    let cursor = text(&first.body["pagination"]["cursor"]);
    let rest = sim
        .get(
            &format!("/helix/eventsub/subscriptions?after={cursor}"),
            &app,
        )
        .await;
    assert_eq!(
        rest.body["data"].as_array().unwrap().len() as u64,
        total - 100
    );
    assert_eq!(rest.body["pagination"], json!({}));

    let mira = sim.id("mira_plays").await;
    let about_mira = sim
        .get(
            &format!("/helix/eventsub/subscriptions?user_id={mira}"),
            &app,
        )
        .await;
    assert_eq!(about_mira.body["data"].as_array().unwrap().len(), 3);
    let both = format!("/helix/eventsub/subscriptions?user_id={mira}&status=enabled");
    assert_eq!(sim.get(&both, &app).await.status, 400);
    let by_conduit = sim
        .get(
            &format!("/helix/eventsub/subscriptions?conduit_id={conduit_id}"),
            &app,
        )
        .await;
    assert_eq!(by_conduit.body["data"].as_array().unwrap().len(), 100);

    let id = text(&about_mira.body["data"][0]["id"]);
    let path = format!("/helix/eventsub/subscriptions?id={id}");
    assert_eq!(sim.delete(&path, &app).await.status, 204);
    assert_eq!(sim.delete(&path, &app).await.status, 404);
    assert_eq!(
        sim.delete("/helix/eventsub/subscriptions", &app)
            .await
            .status,
        400
    );
}
