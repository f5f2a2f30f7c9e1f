//! `/oauth2/token`, `/validate` and `/revoke`.

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::accounts::{CodeRefused, Issued};
use super::refusal;
use crate::error::ApiError;
use crate::eventsub::delivery;
use crate::query::Query;
use crate::state::Sim;
use crate::{CLIENT_ID, CLIENT_SECRET};

/// Credentials are read from the form body alone; HTTP Basic is not looked at.
pub(super) async fn token(sim: web::Data<Sim>, body: web::Bytes) -> HttpResponse {
    let form = Query::parse(&body);
    if let Some(refused) = wrong_client(&form, StatusCode::BAD_REQUEST) {
        return refused;
    }
    match form.one("client_secret") {
        None => return refusal(StatusCode::BAD_REQUEST, "missing client secret"),
        Some(CLIENT_SECRET) => {}
        Some(_) => return refusal(StatusCode::FORBIDDEN, "invalid client secret"),
    }
    let now = sim.clock.now();
    match form.one("grant_type") {
        Some("authorization_code") => by_code(&sim, &form, now),
        Some("refresh_token") => {
            let Some(value) = form.one("refresh_token") else {
                return refusal(StatusCode::BAD_REQUEST, "missing refresh token");
            };
            match sim.state().accounts.refresh(value, now) {
                Some(issued) => granted(&issued, now),
                None => actix_web::ResponseError::error_response(&ApiError::bad_request(
                    "Invalid refresh token",
                )),
            }
        }
        Some("client_credentials") => granted(&sim.state().accounts.issue_app(now), now),
        Some(_) => refusal(StatusCode::BAD_REQUEST, "invalid grant type"),
        None => refusal(StatusCode::BAD_REQUEST, "missing grant type"),
    }
}

fn by_code(sim: &Arc<Sim>, form: &Query, now: Timestamp) -> HttpResponse {
    let Some(code) = form.one("code") else {
        return refusal(StatusCode::BAD_REQUEST, "missing authorization code");
    };
    let redirect_uri = form.one("redirect_uri").unwrap_or_default();
    let mut state = sim.state();
    match state.accounts.redeem_code(code, redirect_uri, now) {
        Ok((issued, consent_is_new)) => {
            if let Some(user_id) = issued.token.user_id.as_deref().filter(|_| consent_is_new) {
                delivery::user_authorization(sim, &mut state, "user.authorization.grant", user_id);
            }
            granted(&issued, now)
        }
        Err(CodeRefused::Unknown) => refusal(StatusCode::BAD_REQUEST, "Invalid authorization code"),
        Err(CodeRefused::OtherRedirect) => refusal(
            StatusCode::BAD_REQUEST,
            "Parameter redirect_uri does not match registered URI",
        ),
    }
}

fn granted(issued: &Issued, now: Timestamp) -> HttpResponse {
    let mut body = json!({
        "access_token": issued.access,
        "expires_in": issued.token.expires_at.duration_since(now).as_secs(),
        "token_type": "bearer",
    });
    if let Some(refresh) = &issued.refresh {
        body["refresh_token"] = json!(refresh);
        // An array, whatever RFC 6749 says; without scopes it holds one empty word.
        body["scope"] = match issued.token.scopes.is_empty() {
            true => json!([""]),
            false => issued.token.scopes.names().collect(),
        };
    }
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(body)
}

pub(super) async fn validate(sim: web::Data<Sim>, request: HttpRequest) -> HttpResponse {
    let sent = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let Some(value) = sent.and_then(|sent| {
        sent.strip_prefix("OAuth ")
            .or_else(|| sent.strip_prefix("Bearer "))
    }) else {
        return refusal(StatusCode::UNAUTHORIZED, "missing authorization token");
    };
    let now = sim.clock.now();
    let mut state = sim.state();
    let Some(token) = state.accounts.token(value.trim(), now) else {
        return refusal(StatusCode::UNAUTHORIZED, "invalid access token");
    };
    let scopes = match token.user_id {
        Some(_) => token.scopes.names().collect(),
        None => Value::Null,
    };
    let mut body = json!({
        "client_id": CLIENT_ID,
        "scopes": scopes,
        "expires_in": token.expires_at.duration_since(now).as_secs(),
    });
    if let Some(person) = token
        .user_id
        .as_deref()
        .and_then(|id| state.world.person_by_id(id))
    {
        body["login"] = json!(person.login);
        body["user_id"] = json!(person.id);
    }
    HttpResponse::Ok().json(body)
}

pub(super) async fn revoke(sim: web::Data<Sim>, body: web::Bytes) -> HttpResponse {
    let form = Query::parse(&body);
    if let Some(refused) = wrong_client(&form, StatusCode::NOT_FOUND) {
        return refused;
    }
    let Some(value) = form.one("token") else {
        return refusal(StatusCode::BAD_REQUEST, "missing oauth token");
    };
    match sim.state().accounts.revoke(value, sim.clock.now()) {
        true => HttpResponse::Ok().finish(),
        false => refusal(StatusCode::BAD_REQUEST, "Invalid token"),
    }
}

fn wrong_client(form: &Query, unknown: StatusCode) -> Option<HttpResponse> {
    match form.one("client_id") {
        Some(CLIENT_ID) => None,
        Some(_) if unknown == StatusCode::NOT_FOUND => {
            Some(refusal(unknown, "client does not exist"))
        }
        Some(_) => Some(refusal(unknown, "invalid client")),
        None => Some(refusal(StatusCode::BAD_REQUEST, "missing client id")),
    }
}
