//! Starts a simulator on a free port and talks to it as a server would.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use twitch_sim::{CLIENT_ID, CLIENT_SECRET, Options};

use crate::client_socket::Socket;

/// Longer than anything here takes, shorter than anybody's patience.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);
pub(crate) const CALLBACK: &str = "http://localhost:7001/auth/callback";
pub(crate) const SECRET: &str = "a-secret-of-the-tests";

pub(crate) struct Sim {
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
    shutdown: CancellationToken,
    tracker: TaskTracker,
}

/// Stops the simulator also when a test fails.
impl Drop for Sim {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

pub(crate) fn quiet() -> Options {
    Options {
        quiet: true,
        allow_http_callbacks: true,
        ..Options::default()
    }
}

/// Twenty of Twitch's seconds pass in one: fast enough to wait for, slow enough for a busy machine.
pub(crate) fn fast() -> Options {
    Options {
        time_scale: 20.0,
        ..quiet()
    }
}

impl Sim {
    pub(crate) fn start(mut options: Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        options.public_url = Some(url.clone());
        let shutdown = CancellationToken::new();
        let tracker = TaskTracker::new();
        let run = twitch_sim::run(options, listener, shutdown.clone());
        tracker.spawn(async move { run.await.unwrap() });
        tracker.close();
        if rustls::crypto::ring::default_provider()
            .install_default()
            .is_err()
        {
            // Another test was first.
        }
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(DEADLINE)
            .build()
            .unwrap();
        Self {
            url,
            http,
            shutdown,
            tracker,
        }
    }

    /// Stops it and waits until it has.
    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        timeout(DEADLINE, self.tracker.wait()).await.unwrap();
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Reply {
            status,
            headers,
            body,
        }
    }

    pub(crate) fn request(
        &self,
        method: reqwest::Method,
        path: &str,
        token: &str,
    ) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(token)
            .header("Client-Id", CLIENT_ID)
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Reply {
        self.send(self.request(reqwest::Method::GET, path, token))
            .await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str) -> Reply {
        self.send(self.request(reqwest::Method::DELETE, path, token))
            .await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Reply {
        let request = self.request(reqwest::Method::POST, path, token);
        self.send(request.json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, token: &str, body: Value) -> Reply {
        let request = self.request(reqwest::Method::PATCH, path, token);
        self.send(request.json(&body)).await
    }

    pub(crate) async fn form(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = self
            .http
            .post(format!("{}{path}", self.url))
            .header("Content-Type", "application/x-www-form-urlencoded");
        self.send(request.body(body)).await
    }

    pub(crate) async fn authorize(&self, query: &[(&str, &str)]) -> Reply {
        let mut url = url::Url::parse(&format!("{}/oauth2/authorize", self.url)).unwrap();
        url.query_pairs_mut().extend_pairs(query);
        self.send(self.http.get(url)).await
    }

    pub(crate) async fn code(&self, login: &str, scopes: &str) -> String {
        let reply = self
            .authorize(&[
                ("client_id", CLIENT_ID),
                ("redirect_uri", CALLBACK),
                ("response_type", "code"),
                ("scope", scopes),
                ("state", "xyz"),
                ("login", login),
            ])
            .await;
        assert_eq!(reply.status, 302, "{:?}", reply.body);
        location(&reply, "code").unwrap()
    }

    pub(crate) async fn redeem(&self, code: &str) -> Reply {
        self.form(
            "/oauth2/token",
            &[
                ("client_id", CLIENT_ID),
                ("client_secret", CLIENT_SECRET),
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", CALLBACK),
            ],
        )
        .await
    }

    pub(crate) async fn login(&self, login: &str, scopes: &str) -> Tokens {
        let reply = self.redeem(&self.code(login, scopes).await).await;
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        Tokens {
            access: text(&reply.body["access_token"]),
            refresh: text(&reply.body["refresh_token"]),
        }
    }

    pub(crate) async fn app_token(&self) -> String {
        let reply = self
            .form(
                "/oauth2/token",
                &[
                    ("client_id", CLIENT_ID),
                    ("client_secret", CLIENT_SECRET),
                    ("grant_type", "client_credentials"),
                ],
            )
            .await;
        text(&reply.body["access_token"])
    }

    /// The id of somebody.
    pub(crate) async fn id(&self, login: &str) -> String {
        let token = self.app_token().await;
        let reply = self
            .get(&format!("/helix/users?login={login}"), &token)
            .await;
        text(&reply.body["data"][0]["id"])
    }

    pub(crate) async fn subscribe(
        &self,
        token: &str,
        (event_type, version): (&str, &str),
        condition: Value,
        transport: Value,
    ) -> Reply {
        let body = json!({
            "type": event_type, "version": version, "condition": condition, "transport": transport,
        });
        self.post("/helix/eventsub/subscriptions", token, body)
            .await
    }

    /// Makes something happen; the ids of the messages that went out.
    pub(crate) async fn event(&self, order: Value) -> Vec<String> {
        let reply = self
            .send(
                self.http
                    .post(format!("{}/sim/events", self.url))
                    .json(&order),
            )
            .await;
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        reply.body["message_ids"]
            .as_array()
            .unwrap()
            .iter()
            .map(text)
            .collect()
    }

    pub(crate) async fn fault(&self, order: Value) -> Value {
        let reply = self
            .send(
                self.http
                    .post(format!("{}/sim/faults", self.url))
                    .json(&order),
            )
            .await;
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        reply.body["affected"].clone()
    }

    pub(crate) async fn subscription(&self, id: &str) -> Option<Value> {
        let reply = self
            .send(self.http.get(format!("{}/sim/subscriptions", self.url)))
            .await;
        let all = reply.body["subscriptions"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["id"] == id)
    }

    /// Waits until a subscription has this status.
    pub(crate) async fn becomes(&self, id: &str, status: &str) {
        until(async || {
            self.subscription(id)
                .await
                .is_some_and(|one| one["status"] == status)
        })
        .await;
    }

    /// The states of a conduit's shards.
    pub(crate) async fn shards(&self, token: &str, conduit_id: &str) -> Vec<String> {
        let path = format!("/helix/eventsub/conduits/shards?conduit_id={conduit_id}");
        let shards = self.get(&path, token).await;
        let data = shards.body["data"].as_array().unwrap().iter();
        data.map(|shard| text(&shard["status"])).collect()
    }

    pub(crate) async fn log(&self) -> Value {
        self.send(self.http.get(format!("{}/sim/log", self.url)))
            .await
            .body
    }

    pub(crate) async fn socket(&self, query: &str) -> Socket {
        let url = self.url.replacen("http", "ws", 1);
        Socket::connect(&format!("{url}/eventsub/ws{query}")).await
    }

    pub(crate) async fn conduit(&self, token: &str, shard_count: usize) -> String {
        let body = json!({ "shard_count": shard_count });
        let reply = self.post("/helix/eventsub/conduits", token, body).await;
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        text(&reply.body["data"][0]["id"])
    }

    pub(crate) async fn bind(
        &self,
        token: &str,
        conduit_id: &str,
        shard: &str,
        transport: Value,
    ) -> Reply {
        let body = json!({
            "conduit_id": conduit_id, "shards": [{ "id": shard, "transport": transport }],
        });
        self.patch("/helix/eventsub/conduits/shards", token, body)
            .await
    }
}

/// Waits until something is so; asking costs rate limit points, hence the pause.
pub(crate) async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let so = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(DEADLINE, so).await.expect("did not come about");
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("not a string: {value}"))
        .to_owned()
}

/// A parameter of the address a reply redirects to.
pub(crate) fn location(reply: &Reply, parameter: &str) -> Option<String> {
    let url = url::Url::parse(reply.headers.get("location")?.to_str().unwrap()).unwrap();
    let value = url.query_pairs().find(|(name, _)| name == parameter);
    value.map(|(_, value)| value.into_owned())
}
