//! Creating subscriptions: costs, permissions, and every refusal.

use serde_json::{Value, json};

use crate::support::{SECRET, Sim, Socket, quiet, text};

const ONLINE: (&str, &str) = ("stream.online", "1");

fn on(id: &str) -> Value {
    json!({ "broadcaster_user_id": id })
}

fn chat(broadcaster: &str, user: &str) -> Value {
    json!({ "broadcaster_user_id": broadcaster, "user_id": user })
}

fn websocket(session_id: &str) -> Value {
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
async fn a_user_has_ten_points_and_one_session_one_user() {
    let sim = Sim::start(quiet());
    let vera = sim.login("viewer_vera", "user:read:chat").await;
    let omar = sim.login("viewer_omar", "user:read:chat").await;
    let mut socket = sim.socket("").await;
    let session = socket.welcome().await;
    let streams = sim
        .get(
            "/helix/users?login=mira_plays&login=kiteflyer&login=deepseadana",
            &vera.access,
        )
        .await;
    let ids: Vec<String> = streams.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| text(&user["id"]))
        .collect();
    let mut statuses = Vec::new();
    for id in &ids {
        for wanted in [
            ONLINE,
            ("stream.offline", "1"),
            ("channel.update", "2"),
            ("channel.shared_chat.begin", "1"),
        ] {
            let reply = sim
                .subscribe(&vera.access, wanted, on(id), websocket(&session))
                .await;
            statuses.push(reply.status);
        }
    }
    assert_eq!(statuses, [[202; 10].as_slice(), &[429; 2]].concat());
    // Chat costs nothing, so it still fits.
    let vera_id = sim.id("viewer_vera").await;
    let read = ("channel.chat.message", "1");
    let reply = sim
        .subscribe(
            &vera.access,
            read,
            chat(&ids[0], &vera_id),
            websocket(&session),
        )
        .await;
    assert_eq!(
        (reply.status, &reply.body["data"][0]["cost"]),
        (202, &json!(0))
    );
    assert_eq!(reply.body["max_total_cost"], 10);

    let foreign = sim
        .subscribe(&omar.access, ONLINE, on(&ids[0]), websocket(&session))
        .await;
    assert_eq!(foreign.status, 400);
    let message = text(&foreign.body["message"]);
    assert_eq!(
        message,
        "websocket transport cannot have subscriptions created by different users"
    );

    let mine = sim.get("/helix/eventsub/subscriptions", &vera.access).await;
    assert_eq!(mine.body["total"], 11);
    let app = sim
        .get("/helix/eventsub/subscriptions", &sim.app_token().await)
        .await;
    assert_eq!(app.body["total"], 0);
}

#[tokio::test]
async fn a_user_has_three_connections() {
    let sim = Sim::start(quiet());
    let vera = sim.login("viewer_vera", "user:read:chat").await;
    let mira = sim.id("mira_plays").await;
    let types = [
        ONLINE,
        ("stream.offline", "1"),
        ("channel.update", "2"),
        ("channel.shared_chat.begin", "1"),
    ];
    let mut sockets = Vec::new();
    for (number, wanted) in types.into_iter().enumerate() {
        let mut socket = sim.socket("").await;
        let session = socket.welcome().await;
        sockets.push(socket);
        let reply = sim
            .subscribe(&vera.access, wanted, on(&mira), websocket(&session))
            .await;
        assert_eq!(reply.status, if number < 3 { 202 } else { 429 });
    }
    let reply = sim.get("/helix/eventsub/subscriptions", &vera.access).await;
    assert_eq!(reply.body["total"], 3);
}

#[tokio::test]
async fn an_identical_subscription_may_exist_thrice_on_different_receivers() {
    let sim = Sim::start(quiet());
    let app = sim.app_token().await;
    let mira = sim.id("mira_plays").await;
    for expected in [202, 202, 202, 429] {
        let conduit = json!({ "method": "conduit", "conduit_id": sim.conduit(&app, 1).await });
        let reply = sim.subscribe(&app, ONLINE, on(&mira), conduit).await;
        assert_eq!(reply.status, expected, "{:?}", reply.body);
    }
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

/// Ids of this many people other than the viewers, learnt from a busy chat.
async fn people(sim: &Sim, socket: &mut Socket, count: usize) -> Vec<String> {
    let mut ids = std::collections::BTreeSet::new();
    while ids.len() < count {
        let order =
            json!({ "type": "channel.chat.message", "broadcaster": "mira_plays", "count": 50 });
        for _ in sim.event(order).await {
            let message = socket.news().await;
            ids.insert(text(&message["payload"]["event"]["chatter_user_id"]));
        }
    }
    ids.into_iter().take(count).collect()
}

#[tokio::test]
async fn a_reader_may_be_in_a_hundred_chats_and_a_session_carry_300_subscriptions() {
    let sim = Sim::start(quiet());
    let vera = sim.login("viewer_vera", "user:read:chat").await;
    let (mira, vera_id) = (sim.id("mira_plays").await, sim.id("viewer_vera").await);
    let mut socket = sim.socket("").await;
    let session = socket.welcome().await;
    let subscribe = async |wanted: &str, broadcaster: &str| {
        let condition = chat(broadcaster, &vera_id);
        let reply = sim
            .subscribe(&vera.access, (wanted, "1"), condition, websocket(&session))
            .await;
        reply.status
    };
    assert_eq!(subscribe("channel.chat.message", &mira).await, 202);
    let mut others = people(&sim, &mut socket, 102).await;
    others.retain(|id| *id != mira && *id != vera_id);
    for other in &others[..99] {
        assert_eq!(subscribe("channel.chat.message", other).await, 202);
    }
    assert_eq!(subscribe("channel.chat.message", &others[99]).await, 403);
    assert_eq!(
        subscribe("channel.chat.message", &vera_id).await,
        202,
        "the own chat is free"
    );
    for other in &others[..99] {
        assert_eq!(subscribe("channel.chat.notification", other).await, 202);
        assert_eq!(subscribe("channel.chat.clear", other).await, 202);
    }
    assert_eq!(subscribe("channel.chat.clear", &mira).await, 202);
    assert_eq!(
        subscribe("channel.chat.notification", &mira).await,
        429,
        "the 301st is"
    );
}
