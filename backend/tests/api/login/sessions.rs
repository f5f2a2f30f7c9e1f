//! The session: its cookie, its id, and how old it may become.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use reqwest::header::SET_COOKIE;
use serde_json::json;

use crate::support::{Answer, World, brisk, movable_clock};

const DAY: i64 = 24;

/// A cookie as the answer sets it: value and attributes, lower-cased.
fn set_cookie(answer: &Answer, name: &str) -> (String, BTreeMap<String, String>) {
    let all = answer
        .headers
        .get_all(SET_COOKIE)
        .iter()
        .map(|value| value.to_str().unwrap());
    let set = all
        .into_iter()
        .find_map(|set| set.strip_prefix(&format!("{name}=")))
        .unwrap();
    let (value, attributes) = set.split_once(';').unwrap();
    let attributes = attributes
        .split(';')
        .map(|part| part.trim().to_ascii_lowercase())
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((&part, ""));
            (name.to_owned(), value.to_owned())
        });
    (value.to_owned(), attributes.collect())
}

#[tokio::test]
async fn the_cookie_is_opaque_and_for_the_browser_alone() {
    let world = World::start().await;
    let answer = world.server.browser().log_in("viewer_vera").await;
    let (value, attributes) = set_cookie(&answer, "ses");
    assert!(attributes.contains_key("httponly"), "{attributes:?}");
    assert_eq!(attributes["samesite"], "lax");
    assert_eq!(attributes["path"], "/");
    assert_eq!(attributes["max-age"], (30 * DAY * 3600).to_string());
    assert!(
        !attributes.contains_key("secure") && !attributes.contains_key("domain"),
        "{attributes:?}"
    );
    assert!(value.len() >= 32, "{value}");
    for fact in ["vera", crate::support::Sim::id("viewer_vera")] {
        assert!(!value.contains(fact), "{value}");
    }
}

#[tokio::test]
async fn under_https_the_cookie_is_bound_to_the_host_and_to_tls() {
    let world = World::with(&[
        ("PUBLIC_URL", "https://localhost:8443"),
        ("EVENTSUB_TRANSPORT", "conduit"),
    ])
    .await;
    let browser = world.server.browser();
    let answer = browser.log_in("viewer_vera").await;
    let (_, attributes) = set_cookie(&answer, "__Host-ses");
    for name in ["secure", "httponly"] {
        assert!(attributes.contains_key(name), "{name}: {attributes:?}");
    }
    assert_eq!(
        (attributes["path"].as_str(), attributes["samesite"].as_str()),
        ("/", "lax")
    );
    assert!(!attributes.contains_key("domain"), "{attributes:?}");
    assert!(browser.cookie("ses").is_none());
    browser.get("/api/v1/me").await.ok();
    for path in [
        "/",
        "/api/v1/me",
        "/api/v1/nothing",
        "/auth/login",
        "/healthz",
    ] {
        let answer = browser.get(path).await;
        assert!(
            answer
                .header("strict-transport-security")
                .starts_with("max-age=31536000"),
            "{path}"
        );
    }
    let login = world.server.browser().get("/auth/login").await;
    let cookies: Vec<&str> = login
        .headers
        .get_all(SET_COOKIE)
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    assert!(
        !cookies.is_empty() && cookies.iter().all(|cookie| cookie.contains("Secure")),
        "{cookies:?}"
    );
    // The cookie rule holds under its other name too.
    let evil = browser
        .ask(reqwest::Method::POST, "/auth/logout")
        .header("origin", "https://evil.example")
        .send()
        .await;
    evil.is_problem(403, "cross-site");
}

#[tokio::test]
async fn plain_http_promises_no_tls() {
    let world = World::start().await;
    assert_eq!(
        world
            .server
            .browser()
            .get("/api/v1/config")
            .await
            .header("strict-transport-security"),
        ""
    );
}

#[tokio::test]
async fn login_renews_the_session_so_that_no_old_cookie_is_worth_anything() {
    let world = World::start().await;
    let browser = world.server.browser();
    browser.set_cookie("ses", "chosen-by-somebody-else");
    browser
        .get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
    browser.log_in("viewer_vera").await;
    assert_ne!(browser.cookie("ses").unwrap(), "chosen-by-somebody-else");
    let before = browser.copy();
    before.get("/api/v1/me").await.ok();

    browser.log_in("viewer_omar").await;
    assert_ne!(browser.cookie("ses"), before.cookie("ses"));
    assert_eq!(browser.get("/api/v1/me").await.ok()["login"], "viewer_omar");
    before
        .get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_live_stream_ends_when_its_session_is_replaced() {
    let world = World::start().await;
    let browser = world.server.log_in("viewer_vera").await;
    let mut stream = browser.live("").await;
    stream.next_of("status").await;
    browser.log_in("viewer_omar").await;
    stream.ends().await;
}

#[tokio::test]
async fn a_cookie_that_was_altered_is_nobodys() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let good = vera.cookie("ses").unwrap();
    for bad in [
        good.to_ascii_uppercase(),
        format!("{good}A"),
        good.chars().skip(1).collect(),
        String::new(),
        "%00".to_owned(),
    ] {
        let browser = world.server.browser();
        browser.set_cookie("ses", &bad);
        browser
            .get("/api/v1/me")
            .await
            .is_problem(401, "unauthenticated");
    }
    vera.get("/api/v1/me").await.ok();
}

#[tokio::test]
async fn a_session_survives_a_restart() {
    let mut world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let token = vera.api_token().await;
    world.server.restart().await;
    assert_eq!(vera.get("/api/v1/me").await.ok()["login"], "viewer_vera");
    world.server.with_token(&token).get("/api/v1/me").await.ok();
}

#[tokio::test]
async fn a_session_that_rests_for_thirty_days_is_over() {
    let (clock, hand) = movable_clock();
    let world = World::tuned(&[], clock, brisk()).await;
    let vera = world.server.log_in("viewer_vera").await;
    // Use renews it.
    for _ in 0..3 {
        hand.forward(SignedDuration::from_hours(29 * DAY));
        vera.get("/api/v1/me").await.ok();
    }
    hand.forward(SignedDuration::from_hours(30 * DAY + 1));
    vera.get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
    vera.log_in("viewer_vera").await;
    vera.get("/api/v1/me").await.ok();
}

#[tokio::test]
async fn a_session_is_over_after_half_a_year_however_much_it_is_used() {
    let (clock, hand) = movable_clock();
    let world = World::tuned(&[], clock, brisk()).await;
    let vera = world.server.log_in("viewer_vera").await;
    let token = vera.api_token().await;
    for _ in 0..9 {
        hand.forward(SignedDuration::from_hours(19 * DAY + 12));
        vera.get("/api/v1/me").await.ok();
    }
    hand.forward(SignedDuration::from_hours(6 * DAY));
    vera.get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
    vera.post("/auth/logout", json!({}))
        .await
        .is_problem(401, "unauthenticated");
    world.server.with_token(&token).get("/api/v1/me").await.ok();
}
