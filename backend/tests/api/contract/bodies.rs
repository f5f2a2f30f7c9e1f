//! Bodies that cannot be read: too large, of another type, not JSON, of another shape. Who may not call at all is
//! told that first.

use futures_util::stream;
use reqwest::{Body, Method};
use serde_json::json;

use super::rows::{Row, Who, rows};
use super::{BAD_TOKEN, furnished, world};
use crate::support::{Answer, Ask, Browser, World};

const MOST: usize = 64 * 1024;

/// The rows that read a body.
fn reading() -> impl Iterator<Item = Row> {
    rows().into_iter().filter(|row| row.body.is_some())
}

fn empty_ask(row: &Row, caller: &Browser) -> Ask {
    caller.ask(row.method.clone(), row.path)
}

async fn sends(row: &Row, caller: &Browser, body: impl Into<Body>) -> Answer {
    empty_ask(row, caller)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
}

/// A body that fits, made this long with spaces.
fn padded(row: &Row, length: usize) -> String {
    let body = row.body.as_ref().unwrap().to_string();
    format!("{body}{}", " ".repeat(length - body.len()))
}

fn in_chunks(text: &str) -> Body {
    let chunks: Vec<Result<Vec<u8>, std::io::Error>> = text
        .as_bytes()
        .chunks(1000)
        .map(|part| Ok(part.to_vec()))
        .collect();
    Body::wrap_stream(stream::iter(chunks))
}

#[tokio::test]
async fn a_body_may_have_64_kib_and_no_more() {
    let world = world().await;
    let vera = furnished(&world).await;
    for row in reading() {
        println!("{} {}", row.method, row.pattern);
        let answer = sends(&row, &vera, padded(&row, MOST)).await;
        assert!(
            (200..300).contains(&answer.status),
            "{row:?}: {} {}",
            answer.status,
            answer.text
        );
        sends(&row, &vera, padded(&row, MOST + 1))
            .await
            .is_problem(413, "too-large");
        // Without a length it is counted as it comes.
        let answer = sends(&row, &vera, in_chunks(&padded(&row, MOST))).await;
        assert!(
            (200..300).contains(&answer.status),
            "{row:?}: {} {}",
            answer.status,
            answer.text
        );
        sends(&row, &vera, in_chunks(&padded(&row, MOST + 1)))
            .await
            .is_problem(413, "too-large");
    }
}

#[tokio::test]
async fn a_body_is_json_and_says_so() {
    let world = world().await;
    let vera = furnished(&world).await;
    for row in reading() {
        let body = row.body.as_ref().unwrap().to_string();
        for content_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
            "multipart/form-data",
        ] {
            println!("{} {} {content_type}", row.method, row.pattern);
            let answer = empty_ask(&row, &vera)
                .header("content-type", content_type)
                .body(body.clone())
                .send()
                .await;
            answer.is_problem(415, "unsupported-media-type");
        }
        let answer = empty_ask(&row, &vera).body(body.clone()).send().await;
        answer.is_problem(415, "unsupported-media-type");
        let json = empty_ask(&row, &vera).header("content-type", "application/json");
        let answer = json
            .header("content-encoding", "gzip")
            .body(body.clone())
            .send()
            .await;
        answer.is_problem(415, "unsupported-media-type");
        let answer = empty_ask(&row, &vera)
            .header("content-type", "Application/JSON; charset=utf-8")
            .body(body)
            .send()
            .await;
        assert!(
            (200..300).contains(&answer.status),
            "{row:?}: {} {}",
            answer.status,
            answer.text
        );
    }
}

#[tokio::test]
async fn malformed_json_is_told_from_json_of_another_shape() {
    let world = world().await;
    let vera = furnished(&world).await;
    for row in reading() {
        for malformed in [
            "",
            "{",
            "not json",
            "{\"login\":}",
            "{\"login\":\"\u{1}\"}",
            "{} {}",
        ] {
            println!("{} {} {malformed}", row.method, row.pattern);
            sends(&row, &vera, malformed)
                .await
                .is_problem(400, "malformed-json");
        }
        sends(&row, &vera, vec![b'"', 0xff, b'"'])
            .await
            .is_problem(400, "malformed-json");
        for other in [
            "null",
            "[]",
            "1",
            "\"mira_plays\"",
            "{}",
            "{\"login\":1,\"name\":2,\"keep_collecting\":\"yes\"}",
        ] {
            println!("{} {} {other}", row.method, row.pattern);
            sends(&row, &vera, other)
                .await
                .is_problem(422, "invalid-body");
        }
        let mut more = row.body.clone().unwrap();
        more["color"] = json!("red");
        let problem = sends(&row, &vera, more.to_string())
            .await
            .is_problem(422, "invalid-body");
        assert!(
            problem["detail"].as_str().unwrap().contains("color"),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn who_may_not_call_is_told_so_whatever_the_body() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let program = world.server.with_token(&vera.api_token().await);
    let (nobody, forged) = (world.server.browser(), world.server.with_token(BAD_TOKEN));
    for row in reading() {
        for body in ["{".to_owned(), "{}".to_owned(), "x".repeat(MOST + 1)] {
            for caller in [&nobody, &forged] {
                println!("{} {} {} bytes", row.method, row.pattern, body.len());
                sends(&row, caller, body.clone())
                    .await
                    .is_problem(401, "unauthenticated");
                let plain = empty_ask(&row, caller)
                    .header("content-type", "text/plain")
                    .body(body.clone());
                plain.send().await.is_problem(401, "unauthenticated");
            }
            if row.who == Who::Session {
                sends(&row, &program, body.clone())
                    .await
                    .is_problem(403, "session-required");
            }
        }
    }
}

#[tokio::test]
async fn rows_without_a_body_do_not_mind_one() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let answer = vera
        .ask(Method::DELETE, "/api/v1/subscriptions/1")
        .header("content-type", "text/plain")
        .body("x")
        .send()
        .await;
    assert_eq!(answer.status, 204);
    assert_eq!(
        vera.ask(Method::POST, "/auth/logout").send().await.status,
        204
    );
}
