//! `/oauth2/*`: logging in, tokens and their ends.
//!
//! Everything else is forgotten when the simulator stops; tokens are not: they are sealed
//! with a key made from the seed, so that a person stays logged in to a server whose
//! in-process simulator was restarted with it. See [`seal`].

mod accounts;
mod authorize;
mod scopes;
mod seal;
mod token;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::json;

pub(crate) use accounts::{Accounts, Token};

/// The paths below `/oauth2`.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/authorize", web::get().to(authorize::authorize))
        .route("/token", web::post().to(token::token))
        .route("/validate", web::get().to(token::validate))
        .route("/revoke", web::post().to(token::revoke));
}

/// The id host's refusals name no `error`, unlike Helix's.
fn refusal(status: StatusCode, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "status": status.as_u16(), "message": message }))
}
