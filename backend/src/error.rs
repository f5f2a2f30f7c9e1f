//! The one error of the request path, and the only place that picks a status.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use wire::{Code, Problem};

use crate::{pipeline, twitch};

/// Pause asked of clients after 503 when nothing better is known, seconds.
const RETRY_AFTER_S: u64 = 5;

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No valid session or token.
    #[error("log in, or send a valid API token")]
    Unauthenticated,
    /// An API token where only a session will do.
    #[error("this needs a login session; an API token is not enough")]
    SessionRequired,
    /// The login is not on the operator's list.
    #[error("this Twitch account is not allowed to log in here")]
    NotAllowed,
    /// A cookie request from a foreign page.
    #[error("requests with a session cookie must come from this site's own pages")]
    CrossSite,
    /// No such thing.
    #[error("there is nothing here")]
    NotFound,
    /// Twitch knows no such login.
    #[error("Twitch knows no streamer of this name")]
    StreamerNotFound,
    /// Not with this method.
    #[error("this address takes {0}")]
    MethodNotAllowed(&'static str),
    /// Not JSON.
    #[error("the body is not JSON: {0}")]
    MalformedJson(String),
    /// The login attempt is unknown, used, or of another browser.
    #[error("this login attempt is unknown, expired or already used; start again")]
    OauthState,
    /// JSON of another shape.
    #[error("the body does not fit: {0}")]
    InvalidBody(String),
    /// No login name can be read from it.
    #[error("{0:?} is not a Twitch login name")]
    InvalidLogin(String),
    /// A query parameter.
    #[error("query parameter {name}: {reason}")]
    InvalidQuery {
        /// Which.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// More bytes than allowed.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// Not a type we read.
    #[error("{0}")]
    UnsupportedMediaType(&'static str),
    /// One subscription too many.
    #[error("you have reached the limit of {0} subscriptions")]
    SubscriptionLimit(u32),
    /// A webhook message without a valid signature.
    #[error("the signature is missing or wrong")]
    BadSignature,
    /// A webhook message too old or from the future.
    #[error("the message is too old or from the future")]
    StaleMessage,
    /// A webhook message that cannot be read.
    #[error("the message cannot be read: {0}")]
    MalformedMessage(&'static str),
    /// Twitch does not answer.
    #[error("Twitch does not answer as it should; try again in a moment")]
    TwitchUnavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database does not answer.
    #[error("the server cannot reach its storage; try again in a moment")]
    StoreUnavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server is stopping or full.
    #[error("the server is stopping or busy; try again in a moment")]
    Draining,
    /// A fault of this server.
    #[error("the server failed")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A parameter that cannot be used.
    pub fn query(name: &str, reason: impl Into<String>) -> Self {
        Self::InvalidQuery {
            name: name.to_owned(),
            reason: reason.into(),
        }
    }

    /// Status, code and title.
    pub fn parts(&self) -> (StatusCode, Code, &'static str) {
        match self {
            Self::Unauthenticated => (
                StatusCode::UNAUTHORIZED,
                Code::Unauthenticated,
                "Not signed in",
            ),
            Self::SessionRequired => (
                StatusCode::FORBIDDEN,
                Code::SessionRequired,
                "Session required",
            ),
            Self::NotAllowed => (StatusCode::FORBIDDEN, Code::NotAllowed, "Not allowed"),
            Self::CrossSite => (StatusCode::FORBIDDEN, Code::CrossSite, "Cross-site request"),
            Self::NotFound => (StatusCode::NOT_FOUND, Code::NotFound, "Not found"),
            Self::StreamerNotFound => (
                StatusCode::NOT_FOUND,
                Code::StreamerNotFound,
                "No such streamer",
            ),
            Self::MethodNotAllowed(_) => (
                StatusCode::METHOD_NOT_ALLOWED,
                Code::MethodNotAllowed,
                "Method not allowed",
            ),
            Self::MalformedJson(_) => (
                StatusCode::BAD_REQUEST,
                Code::MalformedJson,
                "Malformed JSON",
            ),
            Self::OauthState => (
                StatusCode::BAD_REQUEST,
                Code::OauthState,
                "Login not recognised",
            ),
            Self::InvalidBody(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Code::InvalidBody,
                "Invalid body",
            ),
            Self::InvalidLogin(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Code::InvalidLogin,
                "Invalid login",
            ),
            Self::InvalidQuery { .. } => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Code::InvalidQuery,
                "Invalid query",
            ),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, Code::TooLarge, "Too large"),
            Self::UnsupportedMediaType(_) => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Code::UnsupportedMediaType,
                "Unsupported media type",
            ),
            Self::SubscriptionLimit(_) => (
                StatusCode::CONFLICT,
                Code::SubscriptionLimit,
                "Too many subscriptions",
            ),
            Self::BadSignature => (StatusCode::FORBIDDEN, Code::BadSignature, "Bad signature"),
            Self::StaleMessage => (StatusCode::FORBIDDEN, Code::StaleMessage, "Stale message"),
            Self::MalformedMessage(_) => (
                StatusCode::BAD_REQUEST,
                Code::MalformedMessage,
                "Malformed message",
            ),
            Self::TwitchUnavailable(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                Code::TwitchUnavailable,
                "Twitch unavailable",
            ),
            Self::StoreUnavailable(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                Code::StoreUnavailable,
                "Storage unavailable",
            ),
            Self::Draining => (
                StatusCode::SERVICE_UNAVAILABLE,
                Code::Draining,
                "Stopping or busy",
            ),
            Self::Internal(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                Code::Internal,
                "Internal error",
            ),
        }
    }

    /// How long to wait before the same request: what Twitch asks for, where it does.
    fn retry_after(&self) -> Duration {
        if let Self::TwitchUnavailable(source) = self
            && let Some(twitch::Error::RateLimited { retry_after }) = source.downcast_ref()
        {
            // Rounded up: a moment earlier would be too early.
            return *retry_after + Duration::from_millis(999);
        }
        Duration::from_secs(RETRY_AFTER_S)
    }

    /// The problem answer. Causes are for the log alone.
    pub fn to_problem(&self, request_id: &str) -> Problem {
        let (status, code, title) = self.parts();
        Problem {
            problem_type: "about:blank".to_owned(),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: self.to_string(),
            code,
            request_id: request_id.to_owned(),
        }
    }

    /// The answer as sent.
    pub fn to_response(&self, request_id: &str) -> HttpResponse {
        let (status, _, _) = self.parts();
        let mut response = HttpResponse::build(status);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((header::RETRY_AFTER, self.retry_after().as_secs()));
        }
        if let Self::MethodNotAllowed(methods) = self {
            response.insert_header((header::ALLOW, *methods));
        }
        response
            .content_type("application/problem+json")
            .body(serde_json::to_vec(&self.to_problem(request_id)).unwrap_or_default())
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.parts().0
    }

    /// Used only where the request id is not known; the edge replaces it.
    fn error_response(&self) -> HttpResponse {
        self.to_response("")
    }
}

impl From<crate::store::Error> for Error {
    fn from(error: crate::store::Error) -> Self {
        Self::StoreUnavailable(Box::new(error))
    }
}

impl From<crate::crypto::Error> for Error {
    fn from(error: crate::crypto::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<pipeline::Error> for Error {
    fn from(error: pipeline::Error) -> Self {
        match error {
            pipeline::Error::Store(_) | pipeline::Error::TimedOut => {
                Self::StoreUnavailable(Box::new(error))
            }
            pipeline::Error::Busy => Self::Draining,
        }
    }
}
