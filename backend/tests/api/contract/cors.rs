//! Pages of the allowed origins may call with the viewer's cookie; no others, and never anybody at all.

use reqwest::Method;

use super::{ALLOWED, world};
use crate::support::{Answer, Browser};

async fn preflight(browser: &Browser, path: &str, origin: &str, method: &str) -> Answer {
    let ask = browser.ask(Method::OPTIONS, path).header("origin", origin);
    ask.header("access-control-request-method", method)
        .header(
            "access-control-request-headers",
            "authorization,content-type,last-event-id",
        )
        .send()
        .await
}

fn list(answer: &Answer, name: &str) -> Vec<String> {
    answer
        .header(name)
        .split(',')
        .map(|one| one.trim().to_ascii_lowercase())
        .collect()
}

#[tokio::test]
async fn an_allowed_origin_may_call_with_credentials() {
    let world = world().await;
    let vera = world.server.log_in("viewer_vera").await;
    for (path, method) in [
        ("/api/v1/me", "PATCH"),
        ("/api/v1/subscriptions", "POST"),
        ("/api/v1/subscriptions/1", "DELETE"),
        ("/api/v1/subscriptions/1/read", "PUT"),
        ("/api/v1/events/live", "GET"),
        ("/auth/logout", "POST"),
    ] {
        // A preflight carries no cookie.
        let answer = preflight(&world.server.browser(), path, ALLOWED, method).await;
        println!("{method} {path}: {}", answer.text);
        assert!((200..300).contains(&answer.status), "{}", answer.status);
        assert_eq!(answer.header("access-control-allow-origin"), ALLOWED);
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        assert!(
            list(&answer, "access-control-allow-methods").contains(&method.to_ascii_lowercase())
        );
        let headers = list(&answer, "access-control-allow-headers");
        for name in ["authorization", "content-type", "last-event-id"] {
            assert!(headers.contains(&name.to_owned()), "{headers:?}");
        }
    }
    // Answers of every sort can be read, refusals too.
    let nobody = world.server.browser();
    for (browser, path, status) in [
        (&vera, "/api/v1/me", 200),
        (&nobody, "/api/v1/me", 401),
        (&vera, "/api/v1/nothing", 404),
        (&vera, "/api/v1/events?limit=0", 422),
    ] {
        let answer = browser
            .ask(Method::GET, path)
            .header("origin", ALLOWED)
            .send()
            .await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(
            answer.header("access-control-allow-origin"),
            ALLOWED,
            "{path}"
        );
        assert_eq!(
            answer.header("access-control-allow-credentials"),
            "true",
            "{path}"
        );
        assert!(
            list(&answer, "vary").contains(&"origin".to_owned()),
            "{path}: {}",
            answer.header("vary")
        );
    }
    let stream = vera
        .ask(Method::GET, "/api/v1/events/live")
        .header("origin", ALLOWED)
        .live()
        .await;
    assert_eq!(stream.header("access-control-allow-origin"), ALLOWED);
}

#[tokio::test]
async fn other_origins_are_allowed_nothing() {
    let world = world().await;
    let vera = world.server.log_in("viewer_vera").await;
    for origin in [
        "https://evil.example",
        "null",
        "http://localhost:8081",
        "https://localhost:8080",
    ] {
        for path in ["/api/v1/me", "/api/v1/config", "/auth/logout"] {
            let answer = preflight(&world.server.browser(), path, origin, "POST").await;
            assert_eq!(
                answer.header("access-control-allow-origin"),
                "",
                "{origin} {path}"
            );
            assert_eq!(
                answer.header("access-control-allow-credentials"),
                "",
                "{origin} {path}"
            );
        }
        for path in [
            "/api/v1/me",
            "/api/v1/config",
            "/healthz",
            "/api/v1/nothing",
        ] {
            let answer = vera
                .ask(Method::GET, path)
                .header("origin", origin)
                .send()
                .await;
            assert_eq!(
                answer.header("access-control-allow-origin"),
                "",
                "{origin} {path}"
            );
        }
    }
}
