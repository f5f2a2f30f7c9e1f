//! A quiet simulated Twitch of the test's own, and its controls.

use std::net::TcpListener;

use serde_json::{Value, json};

use super::browser::{Browser, client};
use super::running::Running;

/// The simulator; it stops when it is dropped.
pub(crate) struct Sim {
    url: String,
    client: reqwest::Client,
    _running: Running,
}

impl Sim {
    /// Nothing happens in it unless a test says so.
    pub(crate) async fn start() -> Self {
        Self::with(twitch_sim::Options {
            quiet: true,
            allow_http_callbacks: true,
            ..twitch_sim::Options::default()
        })
        .await
    }

    /// With options of the test's own.
    pub(crate) async fn with(options: twitch_sim::Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let running = Running::start("twitch-sim", |stop| {
            twitch_sim::run(options, listener, stop)
        });
        let sim = Self {
            url,
            client: client(),
            _running: running,
        };
        sim.log().await;
        sim
    }

    /// Its address, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A program that talks to Twitch.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.url, self.client.clone())
    }

    /// `POST /sim/events`: the ids of the messages that went out.
    pub(crate) async fn happen(&self, what: Value) -> Vec<String> {
        let answer = self.post("/sim/events", &what).await;
        answer["message_ids"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().unwrap().to_owned())
            .collect()
    }

    /// `POST /sim/faults`.
    pub(crate) async fn fault(&self, what: Value) -> Value {
        self.post("/sim/faults", &what).await
    }

    /// Ends all standing faults.
    pub(crate) async fn clear_faults(&self) {
        let answer = self
            .client
            .delete(format!("{}/sim/faults", self.url))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// `GET /sim/log`.
    pub(crate) async fn log(&self) -> Value {
        self.read("/sim/log").await
    }

    /// What was asked of Twitch: method, path, status.
    pub(crate) async fn requests(&self) -> Vec<(String, String, u64)> {
        let log = self.log().await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let requests = log["requests"].as_array().unwrap().iter();
        requests
            .map(|one| {
                (
                    text(&one["method"]),
                    text(&one["path"]),
                    one["status"].as_u64().unwrap(),
                )
            })
            .collect()
    }

    /// How often this path was asked.
    pub(crate) async fn count(&self, path: &str) -> usize {
        self.requests()
            .await
            .iter()
            .filter(|(_, asked, _)| asked == path)
            .count()
    }

    /// `GET /sim/subscriptions`: all, dead ones too.
    pub(crate) async fn subscriptions(&self) -> Vec<Value> {
        self.read("/sim/subscriptions").await["subscriptions"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// Those of the app itself: what carriers have comes and goes with their sockets.
    pub(crate) async fn of_app(&self) -> Vec<Value> {
        let mut all = self.subscriptions().await;
        all.retain(|one| one["transport"]["method"] != "websocket");
        all
    }

    /// The subscriptions that deliver.
    pub(crate) async fn enabled(&self) -> Vec<Value> {
        let mut all = self.subscriptions().await;
        all.retain(|one| one["status"] == "enabled");
        all
    }

    /// The id of a person.
    pub(crate) fn id(login: &str) -> &'static str {
        match login {
            "mira_plays" => "700100200",
            "kiteflyer" => "431904427",
            "deepseadana" => "128776034",
            "pixel_baker" => "263390118",
            "late_owl" => "555000111",
            "ostrich_op" => "88213407",
            "pip" => "990011",
            "viewer_vera" => "640172935",
            "viewer_omar" => "587330461",
            _ => panic!("add the id of {login}"),
        }
    }

    async fn read(&self, path: &str) -> Value {
        let answer = self
            .client
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self
            .client
            .post(format!("{}{path}", self.url))
            .json(body)
            .send()
            .await
            .unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path} {body}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(json!(null))
    }
}
