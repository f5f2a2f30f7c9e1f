//! Who calls the server: a browser with its cookies, or a program with an API token. Redirects are not followed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::{self, HeaderMap};
use reqwest::{Method, Url};
use serde_json::{Value, json};

use super::live::LiveReader;
use super::wait::{PATIENCE, within};

/// An HTTP client as every part of the harness uses it: `localhost` is this machine's IPv4 loopback.
pub(super) fn client() -> reqwest::Client {
    backend::twitch::install_tls();
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .resolve("localhost", ([127, 0, 0, 1], 0).into())
        .no_proxy()
        .build()
        .unwrap()
}

/// A browser or a program.
#[derive(Clone)]
pub(crate) struct Browser {
    client: reqwest::Client,
    base: String,
    /// By name: value and path.
    cookies: Arc<Mutex<BTreeMap<String, (String, String)>>>,
    token: Option<String>,
}

impl Browser {
    pub(super) fn new(base: &str, client: reqwest::Client) -> Self {
        Self {
            client,
            base: base.to_owned(),
            cookies: Arc::default(),
            token: None,
        }
    }

    /// The same with an API token, or what it takes for one, beside its cookies.
    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// A browser that has the same cookies now, and none of its later ones.
    pub(crate) fn copy(&self) -> Self {
        let cookies = self.cookies.lock().unwrap().clone();
        Self {
            cookies: Arc::new(Mutex::new(cookies)),
            ..self.clone()
        }
    }

    /// A request to be completed.
    pub(crate) fn ask(&self, method: Method, path: &str) -> Ask {
        let asked = format!("{method} {path}");
        let mut builder = self.client.request(method, format!("{}{path}", self.base));
        let cookies = self.cookie_header(path);
        if !cookies.is_empty() {
            builder = builder.header(header::COOKIE, cookies);
        }
        if let Some(token) = &self.token {
            builder = builder.bearer_auth(token);
        }
        Ask {
            builder,
            browser: self.clone(),
            asked,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path).json(&body).send().await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path).json(&body).send().await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path).json(&body).send().await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path).send().await
    }

    /// Logs in through Twitch's pages, as this person; answers what the callback said.
    pub(crate) async fn log_in(&self, login: &str) -> Answer {
        let answer = self.log_in_from("/auth/login", login).await;
        assert_eq!(answer.status, 302, "login of {login}: {}", answer.text);
        answer
    }

    /// The same from a given address, whatever comes of it.
    pub(crate) async fn log_in_from(&self, start: &str, login: &str) -> Answer {
        let callback = self.to_twitch_and_back(start, &[("login", login)]).await;
        self.get(&callback).await
    }

    /// Goes to Twitch, which sends the browser back: the path and query it is sent to.
    pub(crate) async fn to_twitch_and_back(&self, start: &str, extra: &[(&str, &str)]) -> String {
        let there = self.get(start).await;
        assert_eq!(there.status, 302, "{start}: {}", there.text);
        let mut url = Url::parse(there.header("location")).unwrap();
        url.query_pairs_mut().extend_pairs(extra);
        let back = self.client.get(url).send().await.unwrap();
        assert_eq!(back.status(), 302, "Twitch's answer");
        let back = Url::parse(back.headers()[header::LOCATION].to_str().unwrap()).unwrap();
        format!("{}?{}", back.path(), back.query().unwrap_or_default())
    }

    /// Subscribes and answers the entry.
    pub(crate) async fn subscribe(&self, login: &str) -> Value {
        let answer = self
            .post("/api/v1/subscriptions", json!({ "login": login }))
            .await;
        assert!(
            matches!(answer.status, 200 | 201),
            "subscribing to {login}: {} {}",
            answer.status,
            answer.text
        );
        answer.json()
    }

    /// The viewer's subscriptions.
    pub(crate) async fn subscriptions(&self) -> Vec<Value> {
        self.get("/api/v1/subscriptions").await.ok()["subscriptions"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// A new API token.
    pub(crate) async fn api_token(&self) -> String {
        let answer = self
            .post("/api/v1/tokens", json!({ "name": "a test" }))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// Lists events; `query` is what follows the question mark.
    pub(crate) async fn events(&self, query: &str) -> Vec<Value> {
        self.get(&format!("/api/v1/events?{query}")).await.ok()["events"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// Opens a live stream; `query` is what follows the question mark.
    pub(crate) async fn live(&self, query: &str) -> LiveReader {
        self.ask(Method::GET, &format!("/api/v1/events/live?{query}"))
            .live()
            .await
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies
            .lock()
            .unwrap()
            .get(name)
            .map(|(value, _)| value.clone())
    }

    /// Puts a cookie into the browser, for all paths.
    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .lock()
            .unwrap()
            .insert(name.to_owned(), (value.to_owned(), "/".to_owned()));
    }

    /// The names of all cookies.
    pub(crate) fn cookie_names(&self) -> Vec<String> {
        self.cookies.lock().unwrap().keys().cloned().collect()
    }

    fn cookie_header(&self, path: &str) -> String {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let jar = self.cookies.lock().unwrap();
        let fits = |cookie_path: &str| {
            let rest = path.strip_prefix(cookie_path);
            rest.is_some_and(|rest| {
                cookie_path.ends_with('/') || rest.is_empty() || rest.starts_with('/')
            })
        };
        let sent = jar
            .iter()
            .filter(|(_, (_, path))| fits(path))
            .map(|(name, (value, _))| format!("{name}={value}"));
        sent.collect::<Vec<_>>().join("; ")
    }

    async fn read(&self, asked: String, answer: reqwest::Response) -> reqwest::Result<Answer> {
        self.take_cookies(answer.headers());
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.bytes().await?.to_vec();
        Ok(Answer {
            asked,
            status,
            headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        })
    }

    /// Keeps what the answer sets. `Secure` is not looked at: the tests' TLS is in the settings alone.
    fn take_cookies(&self, headers: &HeaderMap) {
        let mut jar = self.cookies.lock().unwrap();
        for set in headers.get_all(header::SET_COOKIE) {
            let mut parts = set.to_str().unwrap().split("; ");
            let (name, value) = parts.next().unwrap().split_once('=').unwrap();
            let attributes: BTreeMap<String, &str> = parts
                .map(|part| part.split_once('=').unwrap_or((part, "")))
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect();
            if attributes.get("max-age").is_some_and(|age| *age == "0") {
                jar.remove(name);
            } else {
                let path = attributes.get("path").copied().unwrap_or("/");
                jar.insert(name.to_owned(), (value.to_owned(), path.to_owned()));
            }
        }
    }
}

/// A request that is being put together.
#[must_use]
pub(crate) struct Ask {
    builder: reqwest::RequestBuilder,
    browser: Browser,
    asked: String,
}

impl Ask {
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.builder = self.builder.header(name, value.as_ref());
        self
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.builder = self.builder.json(body);
        self
    }

    pub(crate) fn body(mut self, body: impl Into<reqwest::Body>) -> Self {
        self.builder = self.builder.body(body);
        self
    }

    pub(crate) async fn send(self) -> Answer {
        let answer = within("an answer", self.builder.timeout(PATIENCE).send())
            .await
            .unwrap();
        self.browser.read(self.asked, answer).await.unwrap()
    }

    /// None when there was no answer, or not all of it.
    pub(crate) async fn try_send(self) -> Option<Answer> {
        let answer = within("an answer", self.builder.timeout(PATIENCE).send())
            .await
            .ok()?;
        self.browser.read(self.asked, answer).await.ok()
    }

    /// Opens a live stream.
    pub(crate) async fn live(self) -> LiveReader {
        let answer = within("the head of a live stream", self.builder.send())
            .await
            .unwrap();
        let status = answer.status();
        assert_eq!(
            status,
            200,
            "a live stream was refused: {:?}",
            answer.text().await
        );
        LiveReader::new(answer)
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Method and path of the request, for those who read a failure.
    pub(crate) asked: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| {
            panic!("{}: {error}: {} {}", self.asked, self.status, self.text)
        })
    }

    /// The body of a 200.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}: {}", self.asked, self.text);
        self.json()
    }

    /// A header's value, empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// Asserts that it is a problem of this status and code, in every part as the contract says.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(
            self.status, status,
            "{}: {code} expected, got {}",
            self.asked, self.text
        );
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.text
        );
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        for name in ["type", "title", "detail", "request_id"] {
            assert!(
                problem[name].as_str().is_some_and(|text| !text.is_empty()),
                "{name} of {problem}"
            );
        }
        assert_eq!(
            problem["request_id"],
            self.header("x-request-id"),
            "{problem}"
        );
        if matches!(status, 429 | 503) {
            let pause: u32 = self.header("retry-after").parse().unwrap();
            assert!(pause > 0);
        }
        problem
    }
}
