//! Logins, tokens and their refusals.

use serde_json::json;
use twitch_sim::{CLIENT_ID, CLIENT_SECRET};

use crate::support::{CALLBACK, Sim, fast, location, quiet, text};

const SCOPES: &str = "user:read:chat user:read:follows";

#[tokio::test]
async fn a_login_by_script_gives_a_code_and_the_code_tokens() {
    let sim = Sim::start(quiet());
    let query = [
        ("client_id", CLIENT_ID),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", SCOPES),
        ("state", "a b&c"),
        ("login", "viewer_vera"),
    ];
    let reply = sim.authorize(&query).await;
    assert_eq!(reply.status, 302);
    assert_eq!(location(&reply, "state").as_deref(), Some("a b&c"));
    assert_eq!(location(&reply, "scope").as_deref(), Some(SCOPES));
    let raw = reply.headers["location"].to_str().unwrap().to_owned();
    assert!(raw.starts_with(&format!("{CALLBACK}?code=")), "{raw}");
    assert!(
        raw.contains("scope=user%3Aread%3Achat+user%3Aread%3Afollows"),
        "{raw}"
    );

    let tokens = sim.redeem(&location(&reply, "code").unwrap()).await;
    assert_eq!(tokens.status, 200);
    assert_eq!(
        tokens.body["scope"],
        json!(["user:read:chat", "user:read:follows"])
    );
    assert_eq!(tokens.body["token_type"], "bearer");
    assert!((13_000..15_000).contains(&tokens.body["expires_in"].as_i64().unwrap()));

    let validate = sim.http.get(format!("{}/oauth2/validate", sim.url));
    let access = text(&tokens.body["access_token"]);
    let valid = sim
        .send(validate.header("Authorization", format!("OAuth {access}")))
        .await;
    assert_eq!(valid.status, 200);
    assert_eq!(valid.body["login"], "viewer_vera");
    assert_eq!(valid.body["client_id"], CLIENT_ID);
    assert_eq!(
        valid.body["scopes"],
        json!(["user:read:chat", "user:read:follows"])
    );
    sim.stop().await;
}

#[tokio::test]
async fn the_page_lists_people_and_a_way_to_refuse() {
    let sim = Sim::start(quiet());
    let query = [
        ("client_id", CLIENT_ID),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", SCOPES),
        ("state", "xyz"),
    ];
    let page = sim.authorize(&query).await;
    assert_eq!(page.status, 200);
    let html = text(&page.body);
    for login in [
        "viewer_vera",
        "viewer_omar",
        "mira_plays",
        "kiteflyer",
        "deepseadana",
    ] {
        assert!(html.contains(&format!("login={login}")), "{login}");
    }
    assert!(html.contains("deny=1"));

    let denied = sim
        .authorize(&[&query[..], &[("deny", "1")]].concat())
        .await;
    assert_eq!(denied.status, 302);
    assert_eq!(location(&denied, "error").as_deref(), Some("access_denied"));
    assert_eq!(location(&denied, "state").as_deref(), Some("xyz"));
    assert_eq!(location(&denied, "code"), None);
}

#[tokio::test]
async fn authorize_refuses_strangers() {
    let sim = Sim::start(quiet());
    let good = [
        ("client_id", CLIENT_ID),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", SCOPES),
        ("login", "viewer_vera"),
    ];
    for (name, value) in [
        ("client_id", "somebody-else"),
        ("redirect_uri", "https://example.org/callback"),
        ("redirect_uri", "/auth/callback"),
        ("response_type", "token"),
        ("login", "nobody_at_all"),
    ] {
        let query = good.map(|pair| if pair.0 == name { (name, value) } else { pair });
        let reply = sim.authorize(&query).await;
        assert_eq!(reply.status, 400, "{name}={value}");
        assert_eq!(reply.body["status"], 400);
    }
    let query = good.map(|pair| {
        if pair.0 == "scope" {
            ("scope", "user:read:chats")
        } else {
            pair
        }
    });
    let unknown_scope = sim.authorize(&query).await;
    assert_eq!(
        location(&unknown_scope, "error").as_deref(),
        Some("invalid_scope")
    );
}

#[tokio::test]
async fn a_code_works_once_and_with_its_own_redirect_alone() {
    let sim = Sim::start(quiet());
    let code = sim.code("viewer_vera", SCOPES).await;
    assert_eq!(sim.redeem(&code).await.status, 200);
    assert_eq!(sim.redeem(&code).await.status, 400);
    let code = sim.code("viewer_vera", SCOPES).await;
    let other = sim
        .form(
            "/oauth2/token",
            &[
                ("client_id", CLIENT_ID),
                ("client_secret", CLIENT_SECRET),
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", "http://localhost:7001/auth/callback/"),
            ],
        )
        .await;
    assert_eq!(other.status, 400);
}

#[tokio::test]
async fn credentials_are_taken_from_the_body_alone() {
    let sim = Sim::start(quiet());
    let basic = sim
        .http
        .post(format!("{}/oauth2/token", sim.url))
        .basic_auth(CLIENT_ID, Some(CLIENT_SECRET))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials");
    assert_eq!(sim.send(basic).await.status, 400);
    let wrong = [
        ("client_id", CLIENT_ID),
        ("client_secret", "guess"),
        ("grant_type", "client_credentials"),
    ];
    assert_eq!(sim.form("/oauth2/token", &wrong).await.status, 403);
    let unknown = wrong.map(|pair| {
        if pair.0 == "client_id" {
            ("client_id", "x")
        } else {
            pair
        }
    });
    assert_eq!(sim.form("/oauth2/token", &unknown).await.status, 400);
}

#[tokio::test]
async fn a_refresh_rotates_both_tokens() {
    let sim = Sim::start(quiet());
    let first = sim.login("viewer_vera", SCOPES).await;
    let refresh = async |token: &str| {
        let form = [
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
        ];
        sim.form("/oauth2/token", &form).await
    };
    let second = refresh(&first.refresh).await;
    assert_eq!(second.status, 200);
    assert_ne!(second.body["refresh_token"], json!(first.refresh));
    assert_eq!(
        second.body["scope"],
        json!(["user:read:chat", "user:read:follows"])
    );
    assert_eq!(sim.get("/helix/users", &first.access).await.status, 401);
    assert_eq!(
        sim.get("/helix/users", &text(&second.body["access_token"]))
            .await
            .status,
        200
    );

    let again = refresh(&first.refresh).await;
    assert_eq!(again.status, 400);
    let body = json!({ "error": "Bad Request", "status": 400, "message": "Invalid refresh token" });
    assert_eq!(again.body, body);
}

#[tokio::test]
async fn a_revoked_token_is_gone_and_revoking_it_again_fails() {
    let sim = Sim::start(quiet());
    let tokens = sim.login("viewer_vera", SCOPES).await;
    let revoke = [("client_id", CLIENT_ID), ("token", tokens.access.as_str())];
    assert_eq!(sim.form("/oauth2/revoke", &revoke).await.status, 200);
    let again = sim.form("/oauth2/revoke", &revoke).await;
    assert_eq!(
        again.body,
        json!({ "status": 400, "message": "Invalid token" })
    );
    let other = [("client_id", "x"), ("token", tokens.access.as_str())];
    let other = sim.form("/oauth2/revoke", &other).await;
    assert_eq!(
        other.body,
        json!({ "status": 404, "message": "client does not exist" })
    );
    let validate = sim.http.get(format!("{}/oauth2/validate", sim.url));
    let dead = sim
        .send(validate.header("Authorization", format!("OAuth {}", tokens.access)))
        .await;
    assert_eq!(dead.status, 401);
    assert_eq!(
        dead.body,
        json!({ "status": 401, "message": "invalid access token" })
    );
}

#[tokio::test]
async fn an_app_token_has_no_user_and_no_refresh_token() {
    let sim = Sim::start(quiet());
    let form = [
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("grant_type", "client_credentials"),
    ];
    let reply = sim.form("/oauth2/token", &form).await;
    let mut members: Vec<&String> = reply.body.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["access_token", "expires_in", "token_type"]);
    let validate = sim.http.get(format!("{}/oauth2/validate", sim.url));
    let valid = sim
        .send(validate.bearer_auth(text(&reply.body["access_token"])))
        .await;
    assert_eq!(valid.status, 200);
    assert_eq!(valid.body.get("login"), None);
}

#[tokio::test]
async fn tokens_of_an_earlier_run_are_still_good() {
    let earlier = Sim::start(quiet());
    let tokens = earlier.login("viewer_vera", SCOPES).await;
    earlier.stop().await;
    let sim = Sim::start(fast());
    let me = sim.get("/helix/users", &tokens.access).await;
    assert_eq!(me.body["data"][0]["login"], "viewer_vera");
}
