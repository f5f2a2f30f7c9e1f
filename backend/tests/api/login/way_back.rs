//! Where login leads: our own pages and those of allowed origins, under the name that cookies and Twitch know.

use reqwest::{Method, Url};

use crate::support::{Answer, World};

async fn lands_at(world: &World, return_to: &str, login: &str) -> Answer {
    let query: String = form(return_to);
    let browser = world.server.browser();
    let answer = browser
        .log_in_from(&format!("/auth/login?return_to={query}"), login)
        .await;
    assert_eq!(answer.status, 302, "{return_to:?}");
    answer
}

fn form(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[tokio::test]
async fn login_leads_back_to_our_own_pages_alone() {
    let world = World::with(&[(
        "ALLOWED_ORIGINS",
        "http://localhost:8080,https://app.example.org",
    )])
    .await;
    world.server.log_in("viewer_vera").await;
    for to in [
        "/",
        "/livestream/mira_plays",
        "/history?kind=raid&q=a%20b",
        "/settings#tokens",
        "/a//b",
        "http://localhost:8080/settings",
        "http://localhost:8080/",
        "https://app.example.org/livestream?x=1#y",
    ] {
        let answer = lands_at(&world, to, "viewer_vera").await;
        assert_eq!(answer.header("location"), to);
    }
    let own = world.server.url("/settings");
    for evil in [
        "",
        "//evil.example",
        "/.//evil.example",
        "/a/..//evil.example",
        "/a/../..//evil.example/b",
        "/%2e//evil.example",
        "/%2E%2e//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "/\t/evil.example",
        "/\n/evil.example",
        "/a\rb",
        "/a\u{0}b",
        "/a\u{7f}b",
        "\u{b}//evil.example",
        " //evil.example",
        "evil.example",
        "livestream",
        "https://evil.example/",
        "http://localhost:8080.evil.example/",
        "http://localhost:8080@evil.example/",
        "http://localhost:8081/",
        "https://localhost:8080/",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:/evil.example",
        own.as_str(),
    ] {
        let answer = lands_at(&world, evil, "viewer_vera").await;
        assert_eq!(answer.header("location"), "/", "{evil:?}");
    }
}

#[tokio::test]
async fn an_address_in_any_script_leads_back_to_itself() {
    let world = World::start().await;
    world.server.log_in("viewer_vera").await;
    for (to, location) in [
        ("/livestream/猫", "/livestream/%E7%8C%AB"),
        (
            "/history?actor=猫 喫茶",
            "/history?actor=%E7%8C%AB%20%E5%96%AB%E8%8C%B6",
        ),
        ("/history?actor=%E7%8C%AB", "/history?actor=%E7%8C%AB"),
    ] {
        let answer = lands_at(&world, to, "viewer_vera").await;
        let bytes = answer.headers["location"].as_bytes();
        assert_eq!(String::from_utf8_lossy(bytes), location, "{to}");
    }
}

#[tokio::test]
async fn a_login_works_however_long_the_address_it_came_from() {
    let world = World::start().await;
    for length in [1000, 2000, 3000, 5000, 20_000] {
        let browser = world.server.browser();
        let there = format!(
            "/auth/login?return_to=/history?actor={}",
            "a".repeat(length)
        );
        let answer = browser.get(&there).await;
        assert_eq!(answer.status, 302, "{length}");
        for cookie in answer.headers.get_all("set-cookie") {
            // Browsers drop larger ones in silence.
            assert!(
                cookie.len() <= 4096,
                "{length}: a cookie of {} bytes",
                cookie.len()
            );
        }
        browser.log_in_from(&there, "viewer_vera").await;
        browser.get("/api/v1/me").await.ok();
    }
}

#[tokio::test]
async fn the_first_login_is_welcomed_where_it_wanted_to_go() {
    let world = World::start().await;
    let first = lands_at(&world, "/livestream/mira_plays?x=1#chat", "viewer_vera").await;
    let location = Url::parse(&world.server.url(first.header("location"))).unwrap();
    assert_eq!(
        (location.path(), location.fragment()),
        ("/livestream/mira_plays", Some("chat"))
    );
    let pairs: Vec<(String, String)> = location.query_pairs().into_owned().collect();
    assert_eq!(pairs[0], ("x".to_owned(), "1".to_owned()));
    assert_eq!(pairs[1].0, "notice");
    let second = lands_at(&world, "/livestream/mira_plays?x=1#chat", "viewer_vera").await;
    assert_eq!(second.header("location"), "/livestream/mira_plays?x=1#chat");
}

#[tokio::test]
async fn two_tabs_of_one_browser_can_log_in_at_once() {
    let world = World::start().await;
    let browser = world.server.browser();
    let one = browser
        .to_twitch_and_back("/auth/login?return_to=/one", &[("login", "viewer_vera")])
        .await;
    let other = browser
        .to_twitch_and_back("/auth/login?return_to=/other", &[("login", "viewer_vera")])
        .await;
    assert!(
        browser
            .get(&one)
            .await
            .header("location")
            .starts_with("/one")
    );
    assert_eq!(browser.get(&other).await.header("location"), "/other");
    assert_eq!(browser.get("/api/v1/me").await.ok()["login"], "viewer_vera");
}

#[tokio::test]
async fn a_browser_that_came_by_another_name_is_sent_to_ours() {
    let world = World::start().await;
    let browser = world.server.browser();
    for path in ["/", "/auth/login?return_to=%2Fsettings"] {
        let by_number = format!("127.0.0.1:{}", world.server.address().port());
        let answer = browser
            .ask(Method::GET, path)
            .header("host", &by_number)
            .send()
            .await;
        assert_eq!(answer.status, 302, "{path}");
        assert_eq!(answer.header("location"), world.server.url(path));
        assert!(browser.cookie_names().is_empty(), "{path}");
        let evil = browser
            .ask(Method::GET, path)
            .header("host", "evil.example")
            .send()
            .await;
        assert_eq!(evil.header("location"), world.server.url(path));
    }
    // Health checks and programs come by any name.
    for path in ["/healthz", "/readyz", "/api/v1/config"] {
        browser
            .ask(Method::GET, path)
            .header("host", "10.0.0.7")
            .send()
            .await
            .ok();
    }
}
