//! Errors as RFC 9457 `application/problem+json`.

use serde::{Deserialize, Serialize};

/// What went wrong, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Code {
    /// 401: no valid session or token.
    Unauthenticated,
    /// 403: an API token where only a session will do.
    SessionRequired,
    /// 403: this login is not on the operator's list.
    NotAllowed,
    /// 403: a cookie request from a foreign page.
    CrossSite,
    /// 404.
    NotFound,
    /// 404: Twitch knows no such login.
    StreamerNotFound,
    /// 405.
    MethodNotAllowed,
    /// 400: the body is not JSON.
    MalformedJson,
    /// 400: the login attempt is unknown, used or of another browser.
    OauthState,
    /// 422: the body is JSON of another shape.
    InvalidBody,
    /// 422: no login name can be read from it.
    InvalidLogin,
    /// 422: a query parameter, named in `detail`.
    InvalidQuery,
    /// 413.
    TooLarge,
    /// 415.
    UnsupportedMediaType,
    /// 409: the viewer has as many subscriptions as allowed.
    SubscriptionLimit,
    /// 429.
    RateLimited,
    /// 403: a webhook message without a valid signature.
    BadSignature,
    /// 403: a webhook message too old or from the future.
    StaleMessage,
    /// 400: a webhook message that cannot be read.
    MalformedMessage,
    /// 503: Twitch does not answer.
    TwitchUnavailable,
    /// 503: the database does not answer.
    StoreUnavailable,
    /// 503: the server is stopping.
    Draining,
    /// 500: a fault of this server.
    Internal,
}

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `about:blank`.
    #[serde(rename = "type")]
    pub problem_type: String,
    /// What the status means.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What to change, for people.
    pub detail: String,
    /// What went wrong, for programs.
    pub code: Code,
    /// Finds the request in the server's log.
    pub request_id: String,
}
