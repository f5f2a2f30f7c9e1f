//! API tokens: made and deleted in a session, good for all a viewer may do, shown once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Browser, World};

const PATH: &str = "/api/v1/tokens";

async fn list(browser: &Browser) -> Vec<Value> {
    browser.get(PATH).await.ok()["tokens"]
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn a_name_that_is_none_is_refused() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    for name in ["", "   ", "a\nb", "\u{0}", &"x".repeat(101)] {
        println!("{name:?}");
        vera.post(PATH, json!({ "name": name }))
            .await
            .is_problem(422, "invalid-body");
    }
    assert!(list(&vera).await.is_empty());
    let longest = "ü".repeat(100);
    assert_eq!(
        vera.post(PATH, json!({ "name": longest })).await.status,
        201
    );
    assert_eq!(list(&vera).await[0]["name"], json!(longest));
}

#[tokio::test]
async fn a_token_is_shown_once_and_never_made_twice() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let mut tokens = BTreeSet::new();
    for name in ["one", "one", "two"] {
        let made = vera.post(PATH, json!({ "name": name })).await;
        assert_eq!(made.status, 201);
        let made = made.json();
        assert_eq!(made["name"], name);
        let token = made["token"].as_str().unwrap().to_owned();
        // 256 bits take 43 letters of base64.
        assert!(token.len() >= "sevt_".len() + 43, "{token}");
        tokens.insert(token);
    }
    assert_eq!(tokens.len(), 3);
    let listed = vera.get(PATH).await;
    assert_eq!(listed.ok()["tokens"].as_array().unwrap().len(), 3);
    assert!(
        !listed.text.contains("sevt_") && !listed.text.contains("hash"),
        "{}",
        listed.text
    );
}

#[tokio::test]
async fn a_token_acts_for_its_viewer_and_outlives_logout() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let program = world.server.with_token(&vera.api_token().await);
    assert_eq!(vera.post("/auth/logout", json!({})).await.status, 204);
    assert_eq!(program.get("/api/v1/me").await.ok()["login"], "viewer_vera");
    program.subscribe("mira_plays").await;
    vera.log_in("viewer_vera").await;
    assert_eq!(vera.subscriptions().await.len(), 1);
}

#[tokio::test]
async fn a_deleted_token_is_worth_nothing_at_once() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let made = vera
        .post(PATH, json!({"name": "to be deleted"}))
        .await
        .json();
    let program = world.server.with_token(made["token"].as_str().unwrap());
    let other = world.server.with_token(&vera.api_token().await);
    let mut stream = program.live("").await;
    stream.next_of("status").await;
    let mut others = other.live("").await;
    others.next_of("status").await;
    let path = format!("{PATH}/{}", made["id"].as_str().unwrap());
    assert_eq!(vera.delete(&path).await.status, 204);
    program
        .get("/api/v1/me")
        .await
        .is_problem(401, "unauthenticated");
    stream.ends().await;
    other.get("/api/v1/me").await.ok();
    others.next().await;
    vera.delete(&path).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn nobody_sees_or_deletes_the_tokens_of_another() {
    let world = World::start().await;
    let (vera, omar) = (
        world.server.log_in("viewer_vera").await,
        world.server.log_in("viewer_omar").await,
    );
    let program = world.server.with_token(&vera.api_token().await);
    let id = list(&vera).await[0]["id"].as_str().unwrap().to_owned();
    assert!(list(&omar).await.is_empty());
    omar.delete(&format!("{PATH}/{id}"))
        .await
        .is_problem(404, "not-found");
    omar.delete(&format!("{PATH}/nothing"))
        .await
        .is_problem(404, "not-found");
    program.get("/api/v1/me").await.ok();
}

#[tokio::test]
async fn the_scheme_may_be_written_in_any_case_and_nothing_else() {
    let world = World::start().await;
    let vera = world.server.log_in("viewer_vera").await;
    let token = vera.api_token().await;
    let nobody = world.server.browser();
    let me = async |value: String| {
        nobody
            .ask(reqwest::Method::GET, "/api/v1/me")
            .header("authorization", &value)
            .send()
            .await
    };
    for value in [
        format!("Bearer {token}"),
        format!("bearer {token}"),
        format!("BEARER  {token}"),
    ] {
        assert_eq!(
            me(value.clone()).await.ok()["login"],
            "viewer_vera",
            "{value}"
        );
    }
    for value in [
        "Bearer".to_owned(),
        format!("Bearer {}", token.to_uppercase()),
        format!("Bearer {token}x"),
        format!("Bearer {}", token.trim_start_matches("sevt_")),
        format!("Bearer {token}, Bearer {token}"),
        format!("Basic {token}"),
        format!("OAuth {token}"),
        token.clone(),
    ] {
        me(value).await.is_problem(401, "unauthenticated");
    }
}
