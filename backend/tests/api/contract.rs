//! The contract's URL table, walked row by row: who may call, what the answer is, what is refused and how.

mod bodies;
mod cors;
mod rows;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};

use self::rows::{Gets, LATER, NEVER, Row, Who, rows};
use self::shape::assert_shape;
use crate::support::{Answer, Ask, Browser, Message, PATIENCE, Sim, World, eventually};

/// An origin the operator allowed.
const ALLOWED: &str = "http://localhost:8080";

/// A token that nobody was given.
const BAD_TOKEN: &str = "sevt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

async fn world() -> World {
    World::with(&[("ALLOWED_ORIGINS", ALLOWED)]).await
}

/// Somebody with everything the rows speak of: a subscription with all its states, an event, a gap, a token.
async fn furnished(world: &World) -> Browser {
    let vera = world.server.log_in("viewer_vera").await;
    vera.subscribe("mira_plays").await;
    vera.api_token().await;
    let mira = Sim::id("mira_plays");
    let raid = json!({
        "from_broadcaster_user_id": "555000111", "from_broadcaster_user_login": "late_owl",
        "from_broadcaster_user_name": "Late_Owl", "to_broadcaster_user_id": mira,
        "to_broadcaster_user_login": "mira_plays", "to_broadcaster_user_name": "Mira_Plays", "viewers": 318,
    });
    Message::notification(
        "channel.raid",
        "1",
        &json!({"to_broadcaster_user_id": mira}),
        &raid,
    )
    .accepted(&world.server)
    .await;
    eventually("the streamer's card to be complete", PATIENCE, async || {
        let card = &vera.subscriptions().await[0];
        (card["live"].is_object() && card["topics"].as_array().unwrap().len() == 7).then_some(())
    })
    .await;
    let mut database = crate::database::open(&world.server).await;
    database
        .run(
            "INSERT INTO gaps (broadcaster_id, event_type, direction, began_at, ended_at) \
             VALUES ('700100200', 'channel.update', '', 1793556000000, 1793556060000)",
        )
        .await;
    database.close().await;
    vera
}

impl Row {
    async fn ask(&self, caller: &Browser, owner: &Browser) -> Ask {
        let mut path = self.path.to_owned();
        if path.contains("{token}") {
            let tokens = owner.get("/api/v1/tokens").await.ok();
            path = path.replace("{token}", tokens["tokens"][0]["id"].as_str().unwrap());
        }
        let ask = caller.ask(self.method.clone(), &path);
        match &self.body {
            Some(body) => ask.json(body),
            None => ask,
        }
    }

    /// The answer to this caller; of a stream the head alone.
    async fn call(&self, caller: &Browser, owner: &Browser) -> Option<Answer> {
        let ask = self.ask(caller, owner).await;
        match self.gets {
            Gets::Stream => {
                let mut reader = ask.live().await;
                assert_eq!(reader.header("content-type"), "text/event-stream");
                assert!(reader.next().await.is("status"), "{self:?}");
                None
            }
            Gets::Json(..) | Gets::Nothing(_) | Gets::File(_) | Gets::Problem(..) => {
                Some(ask.send().await)
            }
        }
    }

    async fn is_answered(&self, caller: &Browser, owner: &Browser) {
        let Some(answer) = self.call(caller, owner).await else {
            return;
        };
        match &self.gets {
            Gets::Json(status, shape) => {
                assert_eq!(answer.status, *status, "{self:?}: {}", answer.text);
                assert_eq!(
                    answer.header("content-type"),
                    "application/json",
                    "{self:?}"
                );
                assert_shape(&answer.json(), shape, self.pattern);
            }
            Gets::Nothing(status) => {
                assert_eq!(answer.status, *status, "{self:?}: {}", answer.text);
                assert_eq!(answer.text, "", "{self:?}");
            }
            Gets::File(content_type) => {
                assert_eq!(answer.status, 200, "{self:?}: {}", answer.text);
                assert_eq!(answer.header("content-type"), *content_type, "{self:?}");
            }
            Gets::Problem(status, code) => drop(answer.is_problem(*status, code)),
            Gets::Stream => {}
        }
        assert_eq!(answer.header("cache-control"), "no-store", "{self:?}");
        assert!(!answer.header("x-request-id").is_empty(), "{self:?}");
    }

    async fn is_refused(&self, caller: &Browser, owner: &Browser, status: u16, code: &str) {
        let answer = self.ask(caller, owner).await.send().await;
        answer.is_problem(status, code);
    }
}

#[tokio::test]
async fn every_row_is_answered_as_the_contract_says_to_whoever_calls() {
    let world = world().await;
    let vera = furnished(&world).await;
    for row in rows() {
        // A session of its own, since some rows end it; and its token.
        let session = world.server.log_in("viewer_vera").await;
        let token = session.api_token().await;
        let program = world.server.with_token(&token);
        let nobody = world.server.browser();
        let forged = world.server.with_token(BAD_TOKEN);
        let empty = world.server.with_token("");
        let both = session.copy().with_token(&token);
        let cookie_and_forged = session.copy().with_token(BAD_TOKEN);
        match row.who {
            Who::All | Who::Twitch => row.is_answered(&nobody, &vera).await,
            Who::Session => {
                for caller in [&nobody, &forged, &empty, &cookie_and_forged] {
                    row.is_refused(caller, &session, 401, "unauthenticated")
                        .await;
                }
                for caller in [&program, &both] {
                    row.is_refused(caller, &session, 403, "session-required")
                        .await;
                }
            }
            Who::Viewer => {
                for caller in [&nobody, &forged, &empty, &cookie_and_forged] {
                    row.is_refused(caller, &session, 401, "unauthenticated")
                        .await;
                }
                for caller in [&program, &both] {
                    row.is_answered(caller, &session).await;
                }
            }
        }
        row.is_answered(&session, &session).await;
    }
}

/// However broken the token: who sends one means it.
#[tokio::test]
async fn a_bearer_that_cannot_be_read_is_no_reason_to_look_at_the_cookie() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    for value in [
        b"Bearer \xff\xfe".as_slice(),
        b"Bearer sevt_\xc3\xa9",
        b"Bearer ",
        b"Bearer",
        b"BEARER x y z",
        b"bearer\tx",
    ] {
        println!("{}", value.escape_ascii());
        let ask = vera
            .ask(Method::GET, "/api/v1/me")
            .header("authorization", value);
        ask.send().await.is_problem(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_foreign_page_cannot_use_a_viewers_cookie() {
    let world = world().await;
    furnished(&world).await;
    let own = world.server.url("");
    let foreign: &[&[(&str, &str)]] = &[
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://localhost:1")],
        &[("origin", "https://localhost:8080")],
        &[("origin", "http://localhost:8080.evil.example")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", &own), ("sec-fetch-site", "cross-site")],
        &[
            ("origin", "https://evil.example"),
            ("sec-fetch-site", "same-origin"),
        ],
    ];
    let fine: &[&[(&str, &str)]] = &[
        &[],
        &[("origin", &own)],
        &[("origin", ALLOWED)],
        &[("origin", ALLOWED), ("sec-fetch-site", "same-site")],
        &[("origin", &own), ("sec-fetch-site", "same-origin")],
    ];
    let with = |ask: Ask, headers: &[(&str, &str)]| {
        headers
            .iter()
            .fold(ask, |ask, (name, value)| ask.header(name, value))
    };
    let changing = rows()
        .into_iter()
        .filter(|row| row.method != Method::GET && row.who != Who::Twitch);
    for row in changing {
        let session = world.server.log_in("viewer_vera").await;
        for headers in foreign {
            let answer = with(row.ask(&session, &session).await, headers)
                .send()
                .await;
            println!("{} {} {headers:?}", row.method, row.pattern);
            answer.is_problem(403, "cross-site");
            // The rule is for cookies: a program may say what it likes, and without either nobody is signed in.
            let program = world.server.with_token(&session.api_token().await);
            let answer = with(row.ask(&program, &session).await, headers)
                .send()
                .await;
            assert!(
                !answer.text.contains("cross-site"),
                "{row:?} {headers:?}: {}",
                answer.text
            );
            let answer = with(row.ask(&world.server.browser(), &session).await, headers)
                .send()
                .await;
            answer.is_problem(401, "unauthenticated");
        }
        for headers in fine {
            let session = world.server.log_in("viewer_vera").await;
            session.api_token().await;
            let answer = with(row.ask(&session, &session).await, headers)
                .send()
                .await;
            assert!(
                (200..300).contains(&answer.status),
                "{row:?} {headers:?}: {} {}",
                answer.status,
                answer.text
            );
        }
    }
    // Reading is free: the browser keeps the answer from a page that may not see it.
    let session = world.server.log_in("viewer_vera").await;
    let answer = session
        .ask(Method::GET, "/api/v1/me")
        .header("origin", "https://evil.example")
        .send()
        .await;
    answer.ok();
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn other_methods_are_told_which_are_taken() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let mut taken: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for row in rows() {
        taken
            .entry(row.pattern)
            .or_default()
            .insert(row.method.to_string());
    }
    for (pattern, methods) in taken {
        let path = pattern
            .replace("{broadcaster_id}", "1")
            .replace("{id}", "1");
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ] {
            if methods.contains(method.as_str()) {
                continue;
            }
            for caller in [&vera, &world.server.browser()] {
                let answer = caller.ask(method.clone(), &path).send().await;
                println!("{method} {pattern}");
                answer.is_problem(405, "method-not-allowed");
                let allowed: BTreeSet<String> = answer
                    .header("allow")
                    .split(", ")
                    .map(str::to_owned)
                    .collect();
                assert_eq!(allowed, methods, "{method} {pattern}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_for_everybody() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let program = world.server.with_token(&vera.api_token().await);
    for (method, path) in LATER.iter().chain(NEVER) {
        for caller in [&world.server.browser(), &vera, &program] {
            println!("{method} {path}");
            caller
                .ask(method.clone(), path)
                .send()
                .await
                .is_problem(404, "not-found");
        }
    }
}

#[tokio::test]
async fn a_database_that_takes_no_writes_is_unavailable_and_not_a_fault() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let path = world.server.data_dir().join("events.db");
    let url = format!("sqlite:{}", path.display());
    let mut other = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    let refused = vera
        .patch("/api/v1/me", json!({"keep_collecting": false}))
        .await;
    refused.is_problem(503, "store-unavailable");
    // Reading goes on.
    assert_eq!(vera.get("/api/v1/me").await.ok()["keep_collecting"], true);
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    let taken = vera
        .patch("/api/v1/me", json!({"keep_collecting": false}))
        .await;
    assert_eq!(taken.ok()["keep_collecting"], false);
}

/// So that a route added to the program cannot be forgotten here.
#[test]
fn the_programs_own_table_has_these_rows_and_no_others() {
    let source = include_str!("../../src/http/mod.rs");
    let mut theirs = BTreeSet::new();
    let mut scope = "";
    for line in source.lines() {
        let quoted: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        if line.starts_with("        .service(") {
            scope = "";
        }
        if line.contains("web::scope(") {
            scope = quoted[0];
        } else if line.contains("address(\"") {
            let methods = quoted[1].split(", ");
            theirs.extend(methods.map(|method| format!("{method} {scope}{}", quoted[0])));
        }
    }
    let ours: BTreeSet<String> = rows()
        .iter()
        .map(|row| format!("{} {}", row.method, row.pattern))
        .collect();
    assert_eq!(theirs, ours);
}
