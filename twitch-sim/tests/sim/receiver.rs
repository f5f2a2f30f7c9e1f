//! A small real server that stands for a webhook callback: keeps what it gets, answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use crate::support::DEADLINE;

#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) raw: Vec<u8>,
    pub(crate) body: Value,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(other, _)| other == name);
        &found
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
            .1
    }

    pub(crate) fn kind(&self) -> &str {
        self.header("twitch-eventsub-message-type")
    }

    /// The signature this message should have.
    pub(crate) fn expected_signature(&self, secret: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(self.header("twitch-eventsub-message-id").as_bytes());
        mac.update(self.header("twitch-eventsub-message-timestamp").as_bytes());
        mac.update(&self.raw);
        format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
    }
}

/// How the next messages are answered; without an order challenges are met and the rest gets 204.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    Status(u16),
    /// 200 with the challenge in JSON quotes, as careless servers do.
    QuotedChallenge,
}

pub(crate) struct Receiver {
    pub(crate) callback: String,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    got: mpsc::Receiver<Received>,
    handle: actix_web::dev::ServerHandle,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let (sender, got) = mpsc::channel(10_000);
        let answers: Arc<Mutex<VecDeque<Answer>>> = Arc::default();
        let shared = (sender, Arc::clone(&answers));
        let server = HttpServer::new(move || {
            let shared = web::Data::new(shared.clone());
            App::new()
                .app_data(shared)
                .route("/hook", web::post().to(hook))
        })
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
        let callback = format!("http://{}/hook", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        TaskTracker::new().spawn(server);
        Self {
            callback,
            answers,
            got,
            handle,
        }
    }

    pub(crate) fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.lock().unwrap().extend(answers);
    }

    pub(crate) async fn next(&mut self) -> Received {
        timeout(DEADLINE, self.got.recv())
            .await
            .expect("nothing was sent")
            .unwrap()
    }

    /// What has come in and was not looked at.
    pub(crate) fn waiting(&mut self) -> usize {
        self.got.len()
    }
}

type Shared = (mpsc::Sender<Received>, Arc<Mutex<VecDeque<Answer>>>);

async fn hook(shared: web::Data<Shared>, request: HttpRequest, raw: web::Bytes) -> HttpResponse {
    let body: Value = serde_json::from_slice(&raw).unwrap();
    let challenge = body["challenge"].as_str().map(str::to_owned);
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let received = Received {
        headers,
        raw: raw.to_vec(),
        body,
    };
    // Taken first: who has seen the message may order answers for the next one.
    let answer = shared.1.lock().unwrap().pop_front();
    shared.0.send(received).await.unwrap();
    match (answer, challenge) {
        (Some(Answer::Status(status)), _) => {
            HttpResponse::build(status.try_into().unwrap()).finish()
        }
        (Some(Answer::QuotedChallenge), Some(challenge)) => HttpResponse::Ok().json(challenge),
        (None, Some(challenge)) => HttpResponse::Ok()
            .content_type("text/plain")
            .body(challenge),
        (Some(Answer::QuotedChallenge) | None, None) => HttpResponse::NoContent().finish(),
    }
}
