//! The way to the server: one request function, the typed calls above it.

use std::future::Future;
use std::pin::Pin;

use gloo_net::http::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::{AbortController, RequestCredentials};
use wire::{
    ApiToken, ApiTokenList, BroadcasterGap, Code, Config, CreateSubscription, CreateToken,
    CreatedToken, Event, EventPage, GapList, MarkRead, Me, OwnChannel, Problem, Recap, RecapAnswer,
    Stats, Streamer, StreamerList, Subscription, SubscriptionList, UpdateMe,
};
use yew::Callback;

use crate::json;

/// Where the server is: nothing when it serves this page itself, its origin
/// when the page comes from the hot-reload server.
pub const API_BASE: &str = match option_env!("API_BASE") {
    Some(base) => base,
    None => "",
};

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// The server could not be reached at all.
    Unreachable,
    /// The server said what is wrong.
    Problem {
        /// Its words.
        problem: Box<Problem>,
        /// After how many seconds a retry makes sense.
        retry_after_s: Option<u32>,
    },
    /// An answer this page cannot read, with its status.
    Unreadable(u16),
}

impl Error {
    /// What went wrong, for branching.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Problem { problem, .. } => Some(problem.code),
            Self::Unreachable | Self::Unreadable(_) => None,
        }
    }

    /// What went wrong, for people.
    pub fn message(&self) -> String {
        match self {
            Self::Unreachable => {
                "The server cannot be reached. Check your connection and try again.".into()
            }
            Self::Problem {
                problem,
                retry_after_s,
            } => {
                let said = if problem.detail.is_empty() {
                    &problem.title
                } else {
                    &problem.detail
                };
                match retry_after_s {
                    Some(seconds) if *seconds > 0 => {
                        format!("{said} Try again in {seconds} s.")
                    }
                    _ => said.clone(),
                }
            }
            Self::Unreadable(status) => {
                format!("The server answered in a way this page does not understand ({status}).")
            }
        }
    }
}

/// What every call tells the session, whatever its caller makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// The server answered.
    Answered,
    /// It answered that nobody is signed in.
    Unauthenticated,
    /// It could not be reached.
    Unreachable,
}

/// Handle for calls to the server; cheap to clone.
#[derive(Clone, PartialEq)]
pub struct Api {
    observer: Callback<Observed>,
}

/// Aborts its request when the future that awaits it is dropped.
struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

impl Api {
    /// A handle that reports each outcome to the observer.
    pub fn new(observer: Callback<Observed>) -> Self {
        Self { observer }
    }

    /// `GET /api/v1/config`
    pub async fn config(&self) -> Result<Config, Error> {
        self.ask(Method::GET, "/api/v1/config").await
    }

    /// `GET /api/v1/me`
    pub async fn me(&self) -> Result<Me, Error> {
        self.ask(Method::GET, "/api/v1/me").await
    }

    /// `PATCH /api/v1/me`
    pub async fn update_me(&self, change: &UpdateMe) -> Result<Me, Error> {
        self.tell(Method::PATCH, "/api/v1/me", change).await
    }

    /// `DELETE /api/v1/me/grant`
    pub async fn disconnect_twitch(&self) -> Result<(), Error> {
        self.command(Method::DELETE, "/api/v1/me/grant").await
    }

    /// `GET /api/v1/me/channel`
    pub async fn own_channel(&self) -> Result<OwnChannel, Error> {
        self.ask(Method::GET, "/api/v1/me/channel").await
    }

    /// `DELETE /api/v1/me/channel/{step}`
    pub async fn undo_step(&self, step: &str) -> Result<(), Error> {
        let path = format!("/api/v1/me/channel/{}", encode(step));
        self.command(Method::DELETE, &path).await
    }

    /// `DELETE /api/v1/me/channel`
    pub async fn undo_all_steps(&self) -> Result<(), Error> {
        self.command(Method::DELETE, "/api/v1/me/channel").await
    }

    /// `POST /auth/logout`
    pub async fn logout(&self) -> Result<(), Error> {
        self.command(Method::POST, "/auth/logout").await
    }

    /// `GET /api/v1/streamers?query=`
    pub async fn search_streamers(&self, query: &str) -> Result<Vec<Streamer>, Error> {
        let path = format!("/api/v1/streamers?query={}", encode(query));
        let list: StreamerList = self.ask(Method::GET, &path).await?;
        Ok(list.streamers)
    }

    /// `GET /api/v1/streamers/followed`
    pub async fn followed_streamers(&self) -> Result<Vec<Streamer>, Error> {
        let list: StreamerList = self.ask(Method::GET, "/api/v1/streamers/followed").await?;
        Ok(list.streamers)
    }

    /// `GET /api/v1/subscriptions`
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, Error> {
        let list: SubscriptionList = self.ask(Method::GET, "/api/v1/subscriptions").await?;
        Ok(list.subscriptions)
    }

    /// `POST /api/v1/subscriptions`
    pub async fn subscribe(&self, login: &str) -> Result<Subscription, Error> {
        let body = CreateSubscription {
            login: login.to_owned(),
        };
        self.tell(Method::POST, "/api/v1/subscriptions", &body)
            .await
    }

    /// `DELETE /api/v1/subscriptions/{broadcaster_id}`
    pub async fn unsubscribe(&self, broadcaster_id: &str) -> Result<(), Error> {
        let path = format!("/api/v1/subscriptions/{}", encode(broadcaster_id));
        self.command(Method::DELETE, &path).await
    }

    /// `PUT /api/v1/subscriptions/{broadcaster_id}/read`
    pub async fn mark_read(&self, broadcaster_id: &str, cursor: &str) -> Result<(), Error> {
        let path = format!("/api/v1/subscriptions/{}/read", encode(broadcaster_id));
        let body = to_json(&MarkRead {
            cursor: cursor.to_owned(),
        });
        self.send(Method::PUT, &path, Some(body)).await.map(drop)
    }

    /// `POST /api/v1/read-all`
    pub async fn mark_all_read(&self) -> Result<(), Error> {
        self.command(Method::POST, "/api/v1/read-all").await
    }

    /// `GET /api/v1/gaps` with filters as `(name, value)`.
    pub async fn gaps(&self, filters: &[(&str, &str)]) -> Result<Vec<BroadcasterGap>, Error> {
        let path = format!("/api/v1/gaps{}", query_string(filters, encode));
        let list: GapList = self.ask(Method::GET, &path).await?;
        Ok(list.gaps)
    }

    /// `GET /api/v1/events` with filters as `(name, value)`, names repeatable.
    pub async fn events(&self, filters: &[(&str, &str)]) -> Result<EventPage, Error> {
        let path = format!("/api/v1/events{}", query_string(filters, encode));
        self.ask(Method::GET, &path).await
    }

    /// The newest events a filter matches, newest first.
    pub async fn newest_events(&self, filters: &[(&str, &str)]) -> Result<Vec<Event>, Error> {
        Ok(self.events(filters).await?.events)
    }

    /// `GET /api/v1/stats` with filters as `(name, value)`, names repeatable.
    pub async fn stats(&self, filters: &[(&str, &str)]) -> Result<Stats, Error> {
        let path = format!("/api/v1/stats{}", query_string(filters, encode));
        self.ask(Method::GET, &path).await
    }

    /// `GET /api/v1/streams/{broadcaster_id}/recap`
    pub async fn recap(
        &self,
        broadcaster_id: &str,
        ended_by: Option<&str>,
    ) -> Result<Option<Recap>, Error> {
        let filters: Vec<_> = ended_by.map(|event| ("event", event)).into_iter().collect();
        let query = query_string(&filters, encode);
        let path = format!("/api/v1/streams/{}/recap{query}", encode(broadcaster_id));
        let answer: RecapAnswer = self.ask(Method::GET, &path).await?;
        Ok(answer.recap)
    }

    /// `GET /api/v1/tokens`
    pub async fn tokens(&self) -> Result<Vec<ApiToken>, Error> {
        let list: ApiTokenList = self.ask(Method::GET, "/api/v1/tokens").await?;
        Ok(list.tokens)
    }

    /// `POST /api/v1/tokens`
    pub async fn create_token(&self, name: &str) -> Result<CreatedToken, Error> {
        let body = CreateToken {
            name: name.to_owned(),
        };
        self.tell(Method::POST, "/api/v1/tokens", &body).await
    }

    /// `DELETE /api/v1/tokens/{id}`
    pub async fn delete_token(&self, id: &str) -> Result<(), Error> {
        let path = format!("/api/v1/tokens/{}", encode(id));
        self.command(Method::DELETE, &path).await
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, path: &str) -> Result<T, Error> {
        self.send(method, path, None).await?.read()
    }

    async fn tell<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &B,
    ) -> Result<T, Error> {
        self.send(method, path, Some(to_json(body))).await?.read()
    }

    async fn command(&self, method: Method, path: &str) -> Result<(), Error> {
        self.send(method, path, None).await.map(drop)
    }

    /// Sends one request and turns everything but a 2xx into an [`Error`].
    ///
    /// Boxed, and of text alone: it is in the page once, not once for each call.
    fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, Error>>>> {
        let observer = self.observer.clone();
        let address = format!("{API_BASE}{path}");
        Box::pin(async move {
            let Ok(answer) = fetch(method, &address, body).await else {
                observer.emit(Observed::Unreachable);
                return Err(Error::Unreachable);
            };
            if answer.is_ok {
                observer.emit(Observed::Answered);
                return Ok(answer);
            }
            let error = answer.refusal();
            observer.emit(match error.code() {
                Some(Code::Unauthenticated) => Observed::Unauthenticated,
                _ => Observed::Answered,
            });
            Err(error)
        })
    }
}

/// An answer, not yet understood.
struct Answer {
    is_ok: bool,
    status: u16,
    retry_after_s: Option<u32>,
    text: String,
}

impl Answer {
    fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        json::read(&self.text).or(Err(Error::Unreadable(self.status)))
    }

    fn refusal(&self) -> Error {
        match self.read() {
            Ok(problem) => Error::Problem {
                problem: Box::new(problem),
                retry_after_s: self.retry_after_s,
            },
            Err(error) => error,
        }
    }
}

async fn fetch(
    method: Method,
    address: &str,
    body: Option<String>,
) -> Result<Answer, gloo_net::Error> {
    let mut open = AbortOnDrop(AbortController::new().ok());
    let signal = open.0.as_ref().map(AbortController::signal);
    let request = RequestBuilder::new(address)
        .method(method)
        .credentials(RequestCredentials::Include)
        .header("Accept", "application/json")
        .abort_signal(signal.as_ref());
    let request = match body {
        Some(body) => request
            .header("Content-Type", "application/json")
            .body(body),
        None => request.build(),
    };
    let response = request?.send().await?;
    let text = response.text().await?;
    open.0 = None;
    Ok(Answer {
        is_ok: response.ok(),
        status: response.status(),
        retry_after_s: response
            .headers()
            .get("Retry-After")
            .and_then(|seconds| seconds.parse().ok()),
        text,
    })
}

fn to_json<B: Serialize>(body: &B) -> String {
    // Bodies are ours: structs of strings and flags, which always can be written.
    serde_json::to_string(body).unwrap_or_default()
}

/// Where the events a filter matches can be had as a file.
pub fn export_url(filters: &[(&str, &str)]) -> String {
    format!(
        "{API_BASE}/api/v1/events/export{}",
        query_string(filters, encode)
    )
}

/// Escapes a value for a query string.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// `?a=1&b=2`, or nothing without filters.
pub fn query_string(filters: &[(&str, &str)], encode: impl Fn(&str) -> String) -> String {
    let mut query = String::new();
    for (name, value) in filters {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(name);
        query.push('=');
        query.push_str(&encode(value));
    }
    query
}

/// Where the browser goes to log in, and whereto it comes back.
pub fn login_url(return_to: &str) -> String {
    format!("{API_BASE}/auth/login?return_to={}", encode(return_to))
}

/// Where the browser goes to allow a step, and whereto it comes back.
pub fn connect_url(step: &str, return_to: &str) -> String {
    format!("{}&connect={}", login_url(return_to), encode(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(detail: &str, retry_after_s: Option<u32>) -> Error {
        Error::Problem {
            problem: Box::new(Problem {
                problem_type: "about:blank".into(),
                title: "Too Many Requests".into(),
                status: 429,
                detail: detail.into(),
                code: Code::RateLimited,
                request_id: "1".into(),
            }),
            retry_after_s,
        }
    }

    #[test]
    fn an_error_says_what_the_server_said() {
        assert_eq!(problem("Slow down.", None).message(), "Slow down.");
        assert_eq!(
            problem("Slow down.", Some(3)).message(),
            "Slow down. Try again in 3 s."
        );
        assert_eq!(problem("", None).message(), "Too Many Requests");
    }

    #[test]
    fn filters_become_a_query_with_repeated_names() {
        let text = query_string(
            &[("kind", "raid"), ("kind", "sub"), ("limit", "10")],
            str::to_owned,
        );
        assert_eq!(text, "?kind=raid&kind=sub&limit=10");
        assert_eq!(query_string(&[], str::to_owned), "");
    }
}
