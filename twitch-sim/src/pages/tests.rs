//! The rules of embedding, and that nothing said by a query gets out unescaped.

use actix_web::App;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::test::{TestRequest, call_service, init_service, read_body};

use super::*;
use crate::world::World;

async fn get(path: &str) -> (StatusCode, String, String) {
    let app = init_service(App::new().configure(configure)).await;
    let request = TestRequest::get().uri(path).to_request();
    let response = call_service(&app, request).await;
    let status = response.status();
    let policy = response
        .headers()
        .get(CONTENT_SECURITY_POLICY)
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default();
    let body = read_body(response).await;
    (status, policy, String::from_utf8(body.to_vec()).unwrap())
}

#[actix_web::test]
async fn player_names_its_parents_as_ancestors_on_any_port() {
    let (status, policy, body) =
        get("/player/?channel=Mira_Plays&parent=localhost&parent=ev.example.org").await;
    assert_eq!(status, StatusCode::OK);
    assert!(policy.ends_with(
        "frame-ancestors http://localhost:* https://localhost:* \
         http://ev.example.org:* https://ev.example.org:*"
    ));
    assert!(body.contains("<h1>mira_plays</h1>"));
    assert!(body.contains("LIVE"));
    assert!(!body.contains("http://") && !body.contains("https://"));
}

#[actix_web::test]
async fn missing_or_impossible_parent_is_a_misconfigured_embed() {
    for query in [
        "channel=pip",
        "channel=pip&parent=",
        "channel=pip&parent=127.0.0.1",
        "channel=pip&parent=192.168.1.5",
        "channel=pip&parent=%5B::1%5D",
        "channel=pip&parent=https://localhost",
        "channel=pip&parent=localhost:7001",
        "channel=pip&parent=localhost/livestream",
        "channel=pip&parent=localhost&parent=*",
        "channel=pip&parent=a%20b;script-src",
    ] {
        for path in ["/player/", "/embed/pip/chat"] {
            let (status, policy, body) = get(&format!("{path}?{query}")).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
            assert!(body.contains("Whoops! This embed is misconfigured"));
            assert!(!policy.contains("frame-ancestors"));
        }
    }
}

#[actix_web::test]
async fn chat_is_light_unless_asked_to_be_dark() {
    let (status, policy, body) = get("/embed/mira_plays/chat?parent=localhost").await;
    assert_eq!(status, StatusCode::OK);
    assert!(policy.contains("frame-ancestors http://localhost:* https://localhost:*"));
    assert!(body.contains("class=\"chat light\""));
    let (_, _, body) = get("/embed/mira_plays/chat?parent=localhost&darkpopout").await;
    assert!(body.contains("class=\"chat\""));
}

#[actix_web::test]
async fn impossible_channels_are_not_found() {
    for path in [
        "/player/?parent=localhost",
        "/player/?parent=localhost&channel=%3Cscript%3E",
        "/embed/%3Cb%3E/chat?parent=localhost",
        "/images/avatars/%3Cb%3E.svg",
        "/images/previews/pip-0x90.svg",
        "/images/previews/pip-99999x90.svg",
    ] {
        let (status, _, body) = get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(!body.contains("<script>"));
    }
}

#[actix_web::test]
async fn pictures_are_where_their_urls_say() {
    let url = avatar_url("", "mira_plays");
    let (status, _, body) = get(&url).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains(">MP</text>"));
    assert_ne!(body, get(&avatar_url("", "kiteflyer")).await.2);

    let template = preview_url("http://localhost:7002/", "mira_plays");
    assert!(template.ends_with("/images/previews/mira_plays-{width}x{height}.svg"));
    let path = preview_url("", "mira_plays")
        .replace("{width}", "440")
        .replace("{height}", "248");
    let (status, _, body) = get(&path).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("width=\"440\" height=\"248\""));
}

#[test]
fn consent_page_offers_everybody_and_keeps_the_query() {
    let now = "2026-11-01T12:00:00Z".parse().unwrap();
    let world = World::new(1, now, true);
    let scopes = ["user:read:chat".to_owned(), "<odd>".to_owned()];
    let page = authorize_page(world.people(), "client_id=a&state=\"x", "Ev<i>l", &scopes);
    for person in world.people() {
        assert!(page.contains(&format!(
            "href=\"?client_id=a&amp;state=&quot;x&amp;login={}\"",
            person.login
        )));
    }
    assert!(page.contains("href=\"?client_id=a&amp;state=&quot;x&amp;deny=1\""));
    assert!(page.contains("Ev&lt;i&gt;l wants to access your account"));
    assert!(page.contains("Read chat as you"));
    assert!(page.contains("&lt;odd&gt;"));
    assert!(page.contains("<html lang=\"en\">") && page.contains("<title>Authorize Ev&lt;i&gt;l"));
    assert!(!page.contains("http://") && !page.contains("https://"));
}
