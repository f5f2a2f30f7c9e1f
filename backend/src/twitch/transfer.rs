//! One request and its answer: status to error, the one retry, what it tells about Twitch's health.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Method, Request, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use super::{Client, Error};
use crate::health::Part;

const RATELIMIT_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
/// Unix seconds at which the bucket is full again. <https://dev.twitch.tv/docs/api/guide/#twitch-rate-limits>
const RATELIMIT_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Far more than Twitch's fullest page has; whoever sends more is not Twitch, and is not read to the end.
const ANSWER_MAX_BYTES: usize = 8 * 1024 * 1024;

/// Pause after a 429 that names none.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(5);

/// Twitch's buckets are those of a minute; a longer pause can only be a clock that is off.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// A failure that nobody has tried to repeat for so long says nothing about Twitch now.
const FAILURE_FORGOTTEN_AFTER: Duration = Duration::from_secs(60);

/// Whose token a Helix call carries. Of subscriptions it says whose they are, too: the app's come by webhook and
/// conduit, a viewer's over that viewer's own WebSocket.
#[derive(Debug, Clone, Copy)]
pub enum Auth<'a> {
    /// The app's own.
    App,
    /// A viewer's.
    Viewer(&'a SecretString),
}

/// What may be done again when Twitch answers 503.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retry {
    /// Twitch advises to retry once.
    Once,
    /// Doing it twice would do harm.
    Never,
}

/// A 2xx answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) content_type: Option<reqwest::header::HeaderValue>,
    pub(super) body: Bytes,
}

/// The body of a refusal; the host of logins leaves `error` out.
#[derive(Debug, Default, Deserialize)]
struct Refusal {
    #[serde(default, deserialize_with = "super::lenient::text")]
    message: String,
    #[serde(default, deserialize_with = "super::lenient::text")]
    id: String,
}

impl Client {
    /// A Helix call, answered with JSON.
    pub(super) async fn helix<T: DeserializeOwned>(
        &self,
        auth: Auth<'_>,
        request: RequestBuilder,
    ) -> Result<T, Error> {
        self.helix_read(auth, request, json).await
    }

    /// A Helix call whose answer says nothing but that it worked.
    pub(super) async fn helix_done(
        &self,
        auth: Auth<'_>,
        request: RequestBuilder,
    ) -> Result<(), Error> {
        self.helix_read(auth, request, |_| Ok(())).await
    }

    /// With the app's token a 401 means that it ended early: a new one is asked for, and the call repeated once.
    async fn helix_read<T>(
        &self,
        auth: Auth<'_>,
        request: RequestBuilder,
        read: fn(Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let request = request.header("Client-Id", self.client_id());
        let again = request.try_clone();
        match auth {
            Auth::Viewer(token) => {
                let request = request.bearer_auth(token.expose_secret());
                self.send(request, Retry::Once, read).await
            }
            Auth::App => {
                let token = self.app_token(None).await?;
                let outcome = self.send_as_app(request, &token, read).await;
                match (outcome, again) {
                    (Err(Error::Unauthorized), Some(again)) => {
                        let fresh = self.app_token(Some(&token)).await?;
                        self.send_as_app(again, &fresh, read).await
                    }
                    (outcome, _) => outcome,
                }
            }
        }
    }

    async fn send_as_app<T>(
        &self,
        request: RequestBuilder,
        token: &SecretString,
        read: fn(Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let paused_until = *self
            .0
            .app_paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(left) = paused_until.and_then(|t| t.checked_duration_since(Instant::now()))
            && !left.is_zero()
        {
            return Err(Error::RateLimited { retry_after: left });
        }
        let outcome = self
            .send(
                request.bearer_auth(token.expose_secret()),
                Retry::Once,
                read,
            )
            .await;
        if let Err(Error::RateLimited { retry_after }) = &outcome {
            *self
                .0
                .app_paused_until
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + *retry_after);
        }
        outcome
    }

    /// Sends, once more after a 503 where that does no harm, reads the answer, and tells health how Twitch is:
    /// an answer that cannot be read is none.
    pub(super) async fn send<T>(
        &self,
        request: RequestBuilder,
        retry: Retry,
        read: fn(Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (http, request) = request.build_split();
        let request = request.map_err(Error::unreachable)?;
        let path = request.url().path().to_owned();
        let again = match retry {
            Retry::Once => request.try_clone(),
            Retry::Never => None,
        };
        let outcome = match (exchange(&http, request).await, again) {
            (Err(Failure::Busy), Some(again)) => {
                tokio::time::sleep(self.0.timings.backoff_first).await;
                exchange(&http, again).await
            }
            (outcome, _) => outcome,
        };
        let outcome = outcome.map_err(|failure| match failure {
            Failure::Busy => Error::failing(503),
            Failure::Other(error) => error,
        });
        let outcome = outcome.and_then(read);
        self.tell_health(path, &outcome);
        outcome
    }

    /// Twitch works again when every call that failed lately works: one function of it can fail alone.
    fn tell_health<T>(&self, path: String, outcome: &Result<T, Error>) {
        if let Err(error @ Error::Unavailable { .. }) = outcome {
            self.is_failing(path, error.to_string());
        } else {
            self.is_working(&path);
        }
    }

    /// Something of Twitch does not work; told until it does, or until nobody has tried it for a while.
    pub(super) fn is_failing(&self, what: String, reason: String) {
        let mut failing = self.failing();
        failing.insert(what, Instant::now());
        self.0.health.report(Part::TwitchApi, Err(reason));
    }

    /// Something of Twitch works.
    pub(super) fn is_working(&self, what: &str) {
        let mut failing = self.failing();
        failing.remove(what);
        failing.retain(|_, since| since.elapsed() < FAILURE_FORGOTTEN_AFTER);
        if failing.is_empty() {
            self.0.health.report(Part::TwitchApi, Ok(()));
        }
    }

    fn failing(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        let failing = self.0.failing.lock();
        failing.unwrap_or_else(PoisonError::into_inner)
    }
}

enum Failure {
    /// 503.
    Busy,
    Other(Error),
}

/// An answer that must be JSON of this shape.
#[expect(
    clippy::needless_pass_by_value,
    reason = "every reader takes the answer: some hand it on"
)]
pub(super) fn json<T: DeserializeOwned>(answer: Answer) -> Result<T, Error> {
    serde_json::from_slice(&answer.body).map_err(Error::unreadable)
}

async fn exchange(http: &reqwest::Client, request: Request) -> Result<Answer, Failure> {
    let broken = |error| Failure::Other(Error::unreachable(error));
    let is_reading = request.method() == Method::GET;
    let mut response = http.execute(request).await.map_err(broken)?;
    let status = response.status();
    let headers = response.headers().clone();
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > ANSWER_MAX_BYTES {
            return Err(Failure::Other(Error::unreadable("it does not end")));
        }
        body.extend_from_slice(&chunk);
    }
    let body = body.freeze();
    if status.is_success() {
        let content_type = headers.get(CONTENT_TYPE).cloned();
        return Ok(Answer {
            status,
            content_type,
            body,
        });
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        return Err(Failure::Busy);
    }
    Err(Failure::Other(refusal(status, is_reading, &headers, &body)))
}

/// Which error a status stands for. Twitch's messages change, so nothing hangs on them.
fn refusal(status: StatusCode, is_reading: bool, headers: &HeaderMap, body: &[u8]) -> Error {
    let said: Refusal = serde_json::from_slice(body).unwrap_or_default();
    match status.as_u16() {
        401 => Error::Unauthorized,
        403 => Error::Forbidden(said.message),
        404 => Error::NotFound,
        409 => Error::Conflict {
            existing_id: Some(said.id).filter(|id| !id.is_empty()),
        },
        410 => Error::Gone,
        // There is no limit on how many there may be that reading could reach.
        429 if is_reading => rate_limited(headers),
        429 => too_many(headers, said.message),
        400..500 => Error::Rejected {
            status: status.as_u16(),
            message: said.message,
        },
        // Redirects are not followed: whoever sends one is not Twitch's API.
        other => Error::failing(other),
    }
}

/// 429 has two meanings: the bucket is empty, or there may not be more of what was asked for.
fn too_many(headers: &HeaderMap, message: String) -> Error {
    let pause_is_named = number(headers, &RETRY_AFTER).is_some();
    let is_left = number(headers, &RATELIMIT_REMAINING).is_some_and(|left| left > 0);
    if is_left && !pause_is_named {
        return Error::LimitReached(message);
    }
    rate_limited(headers)
}

fn rate_limited(headers: &HeaderMap) -> Error {
    let until_reset = number(headers, &RATELIMIT_RESET)
        .map(|at| at.saturating_sub(jiff::Timestamp::now().as_second()));
    let retry_after = number(headers, &RETRY_AFTER)
        .or(until_reset)
        .and_then(|seconds| u64::try_from(seconds).ok())
        .map_or(DEFAULT_RETRY_AFTER, Duration::from_secs)
        .clamp(Duration::from_secs(1), LONGEST_RETRY_AFTER);
    Error::RateLimited { retry_after }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// The address of a path below a base address.
pub(super) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path.split('/'));
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(headers: &[(&'static str, &str)]) -> HeaderMap {
        headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn each_status_has_its_error() {
        let none = HeaderMap::new();
        let body = br#"{"error":"x","status":1,"message":"why","id":"e1"}"#;
        let error =
            |status: u16| refusal(StatusCode::from_u16(status).unwrap(), false, &none, body);
        assert!(matches!(error(401), Error::Unauthorized));
        assert!(matches!(error(403), Error::Forbidden(m) if m == "why"));
        assert!(matches!(error(404), Error::NotFound));
        assert!(matches!(error(409), Error::Conflict { existing_id: Some(id) } if id == "e1"));
        assert!(matches!(error(410), Error::Gone));
        assert!(matches!(error(429), Error::RateLimited { .. }));
        assert!(matches!(error(422), Error::Rejected { status: 422, .. }));
        for status in [302, 500, 502, 504] {
            assert!(error(status).is_transient(), "{status}");
        }
    }

    #[test]
    fn refusals_need_not_be_json() {
        let error = refusal(StatusCode::CONFLICT, false, &HeaderMap::new(), b"<html>");
        assert!(matches!(error, Error::Conflict { existing_id: None }));
    }

    #[test]
    fn an_empty_bucket_is_told_from_a_limit() {
        let full = with(&[("ratelimit-remaining", "700")]);
        assert!(matches!(too_many(&full, "cost".into()), Error::LimitReached(m) if m == "cost"));
        let listing = refusal(StatusCode::TOO_MANY_REQUESTS, true, &full, b"");
        assert!(matches!(listing, Error::RateLimited { .. }));
        let empty = with(&[("ratelimit-remaining", "0"), ("ratelimit-reset", "0")]);
        let Error::RateLimited { retry_after } = too_many(&empty, String::new()) else {
            panic!("not a rate limit")
        };
        assert_eq!(retry_after, DEFAULT_RETRY_AFTER);
        let named = with(&[("retry-after", "7")]);
        let Error::RateLimited { retry_after } = too_many(&named, String::new()) else {
            panic!("not a rate limit")
        };
        assert_eq!(retry_after, Duration::from_secs(7));
        let absurd = with(&[("retry-after", "86400")]);
        let Error::RateLimited { retry_after } = too_many(&absurd, String::new()) else {
            panic!("not a rate limit")
        };
        assert_eq!(retry_after, LONGEST_RETRY_AFTER);
    }

    #[test]
    fn paths_go_below_any_base() {
        for base in ["http://localhost:1/helix", "http://localhost:1/helix/"] {
            let base: Url = base.parse().unwrap();
            assert_eq!(
                below(&base, "conduits/shards").as_str(),
                "http://localhost:1/helix/conduits/shards"
            );
        }
    }
}
