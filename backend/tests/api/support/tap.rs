//! Stands between the server and Twitch's login host and remembers every token that passes, so that a test can
//! look for them where they must not be.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::http::{StatusCode, header};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

use super::browser::client;
use super::running::Running;
use super::sim::Sim;

#[derive(Clone)]
struct State {
    sim: String,
    client: reqwest::Client,
    seen: Arc<Mutex<Vec<String>>>,
}

/// The tap; it stops when it is dropped.
pub(crate) struct Tap {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
    _running: Running,
}

impl Tap {
    /// Before this simulator's `/oauth2`.
    pub(crate) fn start(sim: &Sim) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!(
            "http://localhost:{}/oauth2",
            listener.local_addr().unwrap().port()
        );
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let state = State {
            sim: sim.url().to_owned(),
            client: client(),
            seen: Arc::clone(&seen),
        };
        let running = Running::start("tap", move |stop| async move {
            let server = HttpServer::new(move || {
                App::new()
                    .app_data(web::Data::new(state.clone()))
                    .default_service(web::to(pass))
            });
            let server = server.workers(1).disable_signals().listen(listener)?.run();
            let handle = server.handle();
            let stopped = async {
                stop.cancelled().await;
                handle.stop(false).await;
            };
            let (served, ()) = tokio::join!(server, stopped);
            Ok(served?)
        });
        Self {
            url,
            seen,
            _running: running,
        }
    }

    /// What to set `TWITCH_ID_URL` to.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Every access and refresh token so far.
    pub(crate) fn tokens(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn pass(state: web::Data<State>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let mut asked = state.client.request(
        request.method().as_str().parse().unwrap(),
        format!("{}{}", state.sim, request.uri()),
    );
    for name in [header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT] {
        if let Some(value) = request.headers().get(&name) {
            asked = asked.header(name.as_str(), value.as_bytes());
        }
    }
    let answer = asked.body(body).send().await.unwrap();
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap();
    let mut passed = HttpResponse::build(status);
    for name in ["content-type", "location"] {
        if let Some(value) = answer.headers().get(name) {
            passed.insert_header((name, value.as_bytes()));
        }
    }
    let bytes = answer.bytes().await.unwrap();
    if let Ok(json) = serde_json::from_slice::<serde_json::Value>(&bytes) {
        let tokens = ["access_token", "refresh_token"]
            .iter()
            .filter_map(|name| json[name].as_str().map(str::to_owned));
        state.seen.lock().unwrap().extend(tokens);
    }
    passed.body(bytes)
}
