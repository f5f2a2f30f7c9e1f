//! The edge: extract → call → reply. No SQL, no Twitch JSON. This file holds the whole URL table.

mod access;
mod api_tokens;
mod assets;
mod body;
mod connect;
mod csv;
mod edge;
mod error_page;
mod events;
mod export;
mod gaps;
mod live;
mod login;
mod login_attempt;
mod login_sessions;
mod me;
mod ops;
mod pages;
mod query;
mod read_marks;
mod recap;
mod stats;
mod streamers;
mod subscriptions;
mod trailers;
mod way_back;
mod webhook;

use actix_cors::Cors;
use actix_session::SessionMiddleware;
use actix_session::config::{CookieContentSecurity, PersistentSession, TtlExtensionPolicy};
use actix_web::cookie::{Key, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Resource};

use crate::app::App;
use crate::error::Error;

pub use assets::Assets;
pub use edge::edge;
pub use login_sessions::LoginSessions;

/// Idle lifetime of a login session.
const SESSION_IDLE: Duration = Duration::days(30);

/// Every address the server answers.
pub fn routes(app: &App, config: &mut ServiceConfig) {
    config
        .service(
            web::scope("/api/v1")
                .service(address("/config", "GET").get(me::config))
                .service(address("/me", "GET, PATCH").get(me::show).patch(me::update))
                .service(address("/me/grant", "DELETE").delete(me::disconnect))
                .service(
                    address("/me/channel", "GET, DELETE")
                        .get(connect::show)
                        .delete(connect::undo_all),
                )
                .service(address("/me/channel/{step}", "DELETE").delete(connect::undo))
                .service(address("/streamers", "GET").get(streamers::search))
                .service(address("/streamers/followed", "GET").get(streamers::followed))
                .service(
                    address("/subscriptions", "GET, POST")
                        .get(subscriptions::list)
                        .post(subscriptions::create),
                )
                .service(
                    address("/subscriptions/{broadcaster_id}", "DELETE")
                        .delete(subscriptions::delete),
                )
                .service(
                    address("/subscriptions/{broadcaster_id}/read", "PUT").put(read_marks::mark),
                )
                .service(address("/read-all", "POST").post(read_marks::mark_all))
                .service(address("/events", "GET").get(events::list))
                .service(address("/events/live", "GET").get(live::stream))
                .service(address("/events/export", "GET").get(export::stream))
                .service(address("/stats", "GET").get(stats::show))
                .service(address("/gaps", "GET").get(gaps::list))
                .service(address("/streams/{broadcaster_id}/recap", "GET").get(recap::show))
                .service(
                    address("/tokens", "GET, POST")
                        .get(api_tokens::list)
                        .post(api_tokens::create),
                )
                .service(address("/tokens/{id}", "DELETE").delete(api_tokens::delete))
                .default_service(web::to(unknown))
                .wrap(from_fn(access::refuse_cross_site))
                .wrap(sessions(app))
                .wrap(cors(app)),
        )
        .service(
            web::scope("/auth")
                .service(address("/login", "GET").get(login::start))
                .service(address("/callback", "GET").get(login::callback))
                .service(address("/logout", "POST").post(login::logout))
                .default_service(web::to(unknown))
                .wrap(from_fn(access::refuse_cross_site))
                .wrap(sessions(app))
                .wrap(cors(app)),
        )
        .service(address("/webhooks/twitch", "POST").post(webhook::receive))
        .service(address("/healthz", "GET").get(ops::alive))
        .service(address("/readyz", "GET").get(ops::ready))
        .default_service(web::to(pages::page));
}

/// An address and the methods it takes; others are answered with 405.
fn address(path: &str, methods: &'static str) -> Resource {
    let refuse = move || async move { Err::<HttpResponse, _>(Error::MethodNotAllowed(methods)) };
    web::resource(path).default_service(web::to(refuse))
}

async fn unknown() -> Result<HttpResponse, Error> {
    Err(Error::NotFound)
}

fn sessions(app: &App) -> SessionMiddleware<LoginSessions> {
    let is_https = app.config.public_url.is_https();
    let lifecycle = PersistentSession::default()
        .session_ttl(SESSION_IDLE)
        .session_ttl_extension_policy(TtlExtensionPolicy::OnStateChanges);
    SessionMiddleware::builder(app.sessions.clone(), Key::from(&app.cookie_key))
        .cookie_name(access::session_cookie_name(app).to_owned())
        .cookie_secure(is_https)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Private)
        .session_lifecycle(lifecycle)
        .build()
}

fn cors(app: &App) -> Cors {
    let cors = Cors::default()
        .block_on_origin_mismatch(false)
        .supports_credentials()
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            header::CONTENT_TYPE,
            header::AUTHORIZATION,
            header::HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([header::RETRY_AFTER])
        .max_age(600);
    app.config
        .allowed_origins
        .iter()
        .fold(cors, |cors, origin| cors.allowed_origin(origin))
}
