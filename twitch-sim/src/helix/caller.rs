//! Who calls Helix: a bearer token and the client id of the same app, and a point off the caller's rate limit.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use jiff::Timestamp;

use crate::CLIENT_ID;
use crate::error::ApiError;
use crate::limits::{Allowance, POINTS_PER_MINUTE};
use crate::oauth::Token;
use crate::query::Query;
use crate::state::Sim;

/// An authenticated call.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) token: Token,
}

impl Caller {
    /// The call must come with the app's own token.
    pub(crate) fn app(&self) -> Result<(), ApiError> {
        match self.token.user_id {
            None => Ok(()),
            Some(_) => Err(ApiError::unauthorized(
                "This endpoint requires an app access token",
            )),
        }
    }

    /// The call must come with the token of the user it is about, and this scope.
    pub(super) fn user(&self, query: &Query, scope: &str) -> Result<&str, ApiError> {
        let Some(user_id) = self.token.user_id.as_deref() else {
            return Err(ApiError::unauthorized("Missing User OAUTH Token"));
        };
        if !self.token.scopes.has(scope) {
            return Err(ApiError::unauthorized(format!("Missing scope: {scope}")));
        }
        match query.one("user_id") {
            None => Err(ApiError::bad_request(
                "Missing required parameter \"user_id\"",
            )),
            Some(asked) if asked == user_id => Ok(user_id),
            Some(_) => Err(ApiError::unauthorized(
                "The ID in user_id must match the user ID in the access token",
            )),
        }
    }
}

/// What the server adds to the answer and to the log.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) login: String,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(authenticate(request))
    }
}

fn authenticate(request: &HttpRequest) -> Result<Caller, ApiError> {
    let sim = request
        .app_data::<web::Data<Sim>>()
        .ok_or_else(|| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "no simulator"))?;
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let value = header(header::AUTHORIZATION)
        .and_then(|sent| sent.strip_prefix("Bearer "))
        .ok_or_else(|| ApiError::unauthorized("OAuth token is missing"))?;
    let client_id = header(HeaderName::from_static("client-id"))
        .ok_or_else(|| ApiError::unauthorized("Client ID is missing"))?;

    let now = sim.clock.now();
    let mut state = sim.state();
    let token = state
        .accounts
        .token(value.trim(), now)
        .ok_or_else(|| ApiError::unauthorized("Invalid OAuth token"))?;
    if client_id != CLIENT_ID {
        return Err(ApiError::unauthorized(
            "Client ID and OAuth token do not match",
        ));
    }
    let allowance = state.limits.take(token.user_id.as_deref(), now);
    let person = token
        .user_id
        .as_deref()
        .and_then(|id| state.world.person_by_id(id));
    let seen = Seen {
        login: person.map_or("app", |person| &person.login).to_owned(),
        headers: rate_headers(allowance, sim.clock.to_real(allowance.full_at)),
    };
    drop(state);
    request.extensions_mut().insert(seen);
    match allowance.allowed {
        true => Ok(Caller { token }),
        false => Err(ApiError::too_many("Request rate limit exceeded")),
    }
}

fn rate_headers(allowance: Allowance, full_at: Timestamp) -> Vec<(HeaderName, HeaderValue)> {
    vec![
        (
            HeaderName::from_static("ratelimit-limit"),
            POINTS_PER_MINUTE.into(),
        ),
        (
            HeaderName::from_static("ratelimit-remaining"),
            allowance.remaining.into(),
        ),
        // Rounded up: at this second the bucket really is full.
        (
            HeaderName::from_static("ratelimit-reset"),
            (full_at.as_second() + 1).into(),
        ),
    ]
}
