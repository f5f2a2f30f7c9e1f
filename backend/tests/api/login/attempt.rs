//! The way to Twitch and back: the login attempt is this browser's, works once, and leads to our own pages alone.

use std::collections::HashMap;

use reqwest::{Method, Url};
use serde_json::json;
use sqlx::Connection as _;

use crate::support::{Browser, Server, World};

/// The parts of the address at Twitch to which the browser is sent.
async fn asked_of_twitch(browser: &Browser, path: &str) -> HashMap<String, String> {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 302);
    Url::parse(answer.header("location"))
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect()
}

fn is_signed_out(browser: &Browser) -> bool {
    browser.cookie("ses").is_none()
}

async fn count(server: &Server, table: &str) -> i64 {
    let path = server.data_dir().join("events.db");
    let mut database =
        sqlx::SqliteConnection::connect(&format!("sqlite:{}?mode=ro", path.display()))
            .await
            .unwrap();
    let sql = format!("SELECT COUNT(*) FROM {table}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .fetch_one(&mut database)
        .await
        .unwrap()
}

#[tokio::test]
async fn twitch_is_asked_for_what_the_contract_says() {
    let world = World::start().await;
    let browser = world.server.browser();
    let first = asked_of_twitch(&browser, "/auth/login").await;
    assert_eq!(first["scope"], "user:read:chat user:read:follows");
    assert_eq!(first["response_type"], "code");
    assert_eq!(first["client_id"], "demo-client");
    assert_eq!(first["redirect_uri"], world.server.url("/auth/callback"));
    let second = asked_of_twitch(&browser, "/auth/login").await;
    assert_ne!(first["state"], second["state"]);
    // 128 bits take 22 letters of base64.
    assert!(first["state"].len() >= 22, "{}", first["state"]);
    assert!(!first.values().any(|value| value.contains("demo-secret")));
}

#[tokio::test]
async fn a_state_that_is_missing_wrong_foreign_or_used_is_refused() {
    let world = World::start().await;
    let vera = world.server.browser();
    let callback = vera
        .to_twitch_and_back("/auth/login", &[("login", "viewer_vera")])
        .await;
    let code = callback
        .split(['?', '&'])
        .find(|part| part.starts_with("code="))
        .unwrap();
    let as_it_was = vera.copy();

    for wrong in [
        "/auth/callback".to_owned(),
        format!("/auth/callback?{code}"),
        format!("/auth/callback?{code}&state="),
        format!("/auth/callback?{code}&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        "/auth/callback?error=access_denied&error_description=no&state=wrong".to_owned(),
        "/auth/callback?error=access_denied".to_owned(),
    ] {
        println!("{wrong}");
        vera.get(&wrong).await.is_problem(400, "oauth-state");
        assert!(is_signed_out(&vera));
    }
    let stranger = world.server.browser();
    stranger.get(&callback).await.is_problem(400, "oauth-state");
    // A stranger with a login attempt of its own cannot bring in somebody else's either.
    asked_of_twitch(&stranger, "/auth/login").await;
    stranger.get(&callback).await.is_problem(400, "oauth-state");
    assert!(is_signed_out(&stranger));

    assert_eq!(
        vera.get(&callback).await.status,
        302,
        "nothing of that has spoilt the attempt"
    );
    assert!(!is_signed_out(&vera));
    vera.get(&callback).await.is_problem(400, "oauth-state");
    as_it_was
        .get(&callback)
        .await
        .is_problem(400, "oauth-state");
    assert!(is_signed_out(&as_it_was));
    // The viewer's, and the app's own, which may be on its way still.
    let asked = world.sim.count("/oauth2/token").await;
    assert!(matches!(asked, 1 | 2), "one code was redeemed: {asked}");
}

#[tokio::test]
async fn of_two_returns_with_one_state_at_the_same_time_one_is_taken() {
    let world = World::start().await;
    let one = world.server.browser();
    let callback = one
        .to_twitch_and_back("/auth/login", &[("login", "viewer_vera")])
        .await;
    let other = one.copy();
    let (first, second) = tokio::join!(one.get(&callback), other.get(&callback));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [302, 400]);
}

#[tokio::test]
async fn a_code_that_twitch_refuses_is_no_login() {
    let world = World::start().await;
    let browser = world.server.browser();
    let state = &asked_of_twitch(&browser, "/auth/login").await["state"];
    browser
        .get(&format!("/auth/callback?code=made-up&state={state}"))
        .await
        .is_problem(400, "oauth-state");
    assert!(is_signed_out(&browser));
}

#[tokio::test]
async fn a_login_that_twitch_cannot_finish_is_unavailable_and_stores_nothing() {
    let world = World::start().await;
    world
        .sim
        .fault(
            json!({"fault": "http_status", "target": "/oauth2/token", "code": 500, "seconds": 60}),
        )
        .await;
    let browser = world.server.browser();
    let answer = browser.log_in_from("/auth/login", "viewer_vera").await;
    answer.is_problem(503, "twitch-unavailable");
    world.sim.clear_faults().await;
    world
        .sim
        .fault(
            json!({"fault": "http_status", "target": "/helix/users", "code": 503, "seconds": 60}),
        )
        .await;
    let answer = browser.log_in_from("/auth/login", "viewer_vera").await;
    answer.is_problem(503, "twitch-unavailable");
    assert!(is_signed_out(&browser));
    assert_eq!(count(&world.server, "viewers").await, 0);
    world.sim.clear_faults().await;
    browser.log_in("viewer_vera").await;
}

#[tokio::test]
async fn a_person_who_declines_comes_back_to_a_notice() {
    let world = World::start().await;
    let browser = world.server.browser();
    let callback = browser
        .to_twitch_and_back("/auth/login?return_to=/livestream", &[("deny", "1")])
        .await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, 302);
    assert!(
        answer.header("location").starts_with("/?"),
        "{}",
        answer.header("location")
    );
    assert!(
        answer.header("location").contains("notice="),
        "{}",
        answer.header("location")
    );
    assert!(is_signed_out(&browser));
    browser.get(&callback).await.is_problem(400, "oauth-state");
}

#[tokio::test]
async fn errors_are_pages_for_people_and_problems_for_programs() {
    let world = World::start().await;
    let browser = world.server.browser();
    let html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let path = "/auth/callback?code=1&state=%3Cscript%3Ealert(1)%3C/script%3E";
    let page = browser
        .ask(Method::GET, path)
        .header("accept", html)
        .send()
        .await;
    assert_eq!(page.status, 400);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(
        page.text.contains("<h1>") && page.text.contains("href=\"/\""),
        "{}",
        page.text
    );
    assert!(!page.text.contains("<script>"), "{}", page.text);
    assert!(
        page.text.contains(page.header("x-request-id")),
        "the page names the request"
    );
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    let problem = browser
        .ask(Method::GET, path)
        .header("accept", "application/json")
        .send()
        .await;
    problem.is_problem(400, "oauth-state");
    let api = browser
        .ask(Method::GET, "/api/v1/me")
        .header("accept", html)
        .send()
        .await;
    api.is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn nothing_is_stored_before_login() {
    let world = World::start().await;
    for _ in 0..5 {
        let browser = world.server.browser();
        browser.get("/").await;
        browser.get("/api/v1/config").await;
        browser.get("/api/v1/me").await;
        browser.get("/auth/login").await;
        browser.get("/auth/callback?code=1&state=2").await;
        browser.post("/auth/logout", json!({})).await;
        assert!(is_signed_out(&browser), "{:?}", browser.cookie_names());
    }
    for table in [
        "sessions",
        "viewers",
        "grants",
        "api_tokens",
        "used_oauth_states",
        "broadcasters",
        "subscriptions",
    ] {
        assert_eq!(count(&world.server, table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn an_attempt_does_not_live_for_ever() {
    let (clock, hand) = crate::support::movable_clock();
    let world = World::tuned(&[], clock, crate::support::brisk()).await;
    let browser = world.server.browser();
    let callback = browser
        .to_twitch_and_back("/auth/login", &[("login", "viewer_vera")])
        .await;
    hand.forward(jiff::SignedDuration::from_mins(20));
    browser.get(&callback).await.is_problem(400, "oauth-state");
    assert!(is_signed_out(&browser));
}

#[tokio::test]
async fn who_is_not_on_the_list_leaves_no_trace() {
    let world = World::with(&[("ALLOWED_LOGINS", "Viewer_Vera, mira_plays")]).await;
    let browser = world.server.browser();
    let answer = browser.log_in_from("/auth/login", "viewer_omar").await;
    answer.is_problem(403, "not-allowed");
    assert!(is_signed_out(&browser));
    let revoked = world
        .sim
        .requests()
        .await
        .iter()
        .any(|(_, path, status)| path == "/oauth2/revoke" && *status == 200);
    assert!(revoked, "the token is given back");
    for table in ["sessions", "viewers", "grants"] {
        assert_eq!(count(&world.server, table).await, 0, "{table}");
    }
    world.server.log_in("viewer_vera").await;
    world.server.log_in("mira_plays").await;
}
