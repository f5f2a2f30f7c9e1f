//! EventSub: what is subscribed, over which transport, and how an event gets there.
//!
//! `create`/`list` (HTTP) ─► [`subscriptions`] ◄─ [`delivery`] (match, fan out) ─► [`webhook`] | [`sessions`] via [`conduits`]
//! `socket` runs one WebSocket; `permission` and `types` say who may subscribe to what.

pub(crate) mod conduits;
mod conduits_http;
mod create;
pub(crate) mod delivery;
mod list;
mod message;
mod permission;
pub(crate) mod revoke;
pub(crate) mod sessions;
pub(crate) mod shards_http;
pub(crate) mod socket;
pub(crate) mod subscriptions;
mod transport;
mod types;
pub(crate) mod upkeep;
pub(crate) mod webhook;

use actix_web::web;

/// The paths below `/helix/eventsub`.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/subscriptions")
                .route(web::post().to(create::create))
                .route(web::get().to(list::list))
                .route(web::delete().to(list::delete)),
        )
        .service(
            web::resource("/conduits")
                .route(web::get().to(conduits_http::list))
                .route(web::post().to(conduits_http::create))
                .route(web::patch().to(conduits_http::resize))
                .route(web::delete().to(conduits_http::delete)),
        )
        .service(
            web::resource("/conduits/shards")
                .route(web::get().to(shards_http::list))
                .route(web::patch().to(shards_http::bind)),
        );
}
