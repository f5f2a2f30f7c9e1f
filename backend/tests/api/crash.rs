//! The real program as a process, ended in every way: killed in its work, asked to stop in its work. What it
//! acknowledged is there afterwards, once; what it had at Twitch is used again.

mod killed;
mod loaded;
mod mixed;
mod stopped;

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};

use crate::messages::{ID, SIGNATURE, TIMESTAMP, TYPE};
use crate::support::{
    Answer, Browser, EVENTSUB_SECRET, Message, PATIENCE, Program, Sim, Start, eventually,
};

/// A program that is started again and again on the same folder and port, as an installation is.
pub(crate) struct Installation {
    pub(crate) sim: Sim,
    folder: PathBuf,
    pub(crate) port: u16,
    transport: &'static str,
    _own_folder: Option<tempfile::TempDir>,
}

impl Installation {
    /// In a folder of its own.
    pub(crate) async fn new(transport: &'static str) -> Self {
        let own = tempfile::tempdir().unwrap();
        let mut installation = Self::within(own.path(), transport).await;
        installation._own_folder = Some(own);
        installation
    }

    /// In a folder of the test's.
    pub(crate) async fn within(folder: &Path, transport: &'static str) -> Self {
        Self {
            sim: Sim::start().await,
            folder: folder.to_owned(),
            port: lasting_port(),
            transport,
            _own_folder: None,
        }
    }

    /// Starts the program and waits until it listens.
    pub(crate) async fn start(&self) -> Program {
        let mut program = self.command().start();
        program.address().await;
        program
    }

    /// The program with this installation's settings, to be completed.
    pub(crate) fn command(&self) -> Start {
        self.configured(Program::server_with(&self.sim, &self.folder))
    }

    /// A program with this installation's settings.
    pub(crate) fn configured(&self, start: Start) -> Start {
        start
            .env("BIND_ADDR", format!("127.0.0.1:{}", self.port))
            .env("EVENTSUB_SECRET", EVENTSUB_SECRET)
            .env("EVENTSUB_TRANSPORT", self.transport)
    }

    /// A browser that talks to whichever program listens at the time.
    async fn browser(&self, program: &mut Program) -> Browser {
        program.browser().await
    }

    /// Its `DATA_DIR`.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The database file.
    pub(crate) fn database(&self) -> PathBuf {
        self.data_dir().join("events.db")
    }
}

/// A free port that no connection takes while no program listens on it: those are given ports from 32768 on.
fn lasting_port() -> u16 {
    let mut ports = std::iter::repeat_with(|| rand::random_range(10_000..32_768));
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    ports.find(is_free).unwrap()
}

/// A connection to a server, from an address of its own: connections in such numbers would take the ports on which
/// other tests start their servers again.
pub(crate) async fn connect(port: u16) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 2], 0).into())?;
    socket.connect(([127, 0, 0, 1], port).into()).await
}

/// Posts a message; none when there was no answer.
pub(crate) async fn try_post(server: &Browser, message: &Message) -> Option<Answer> {
    let ask = server
        .ask(Method::POST, "/webhooks/twitch")
        .header("connection", "close");
    let ask = ask
        .header(ID, &message.id)
        .header(TIMESTAMP, &message.timestamp);
    let ask = ask
        .header(TYPE, &message.message_type)
        .header(SIGNATURE, message.signature());
    ask.body(message.body.clone()).try_send().await
}

/// The message ids of all events in the list, in order, each page asked for.
pub(crate) async fn all_messages(viewer: &Browser, query: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut after = "0".to_owned();
    loop {
        let page = viewer
            .get(&format!("/api/v1/events?{query}&after={after}&limit=500"))
            .await
            .ok();
        let Some(next) = page["next_after"].as_str() else {
            return all;
        };
        next.clone_into(&mut after);
        let ids = page["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["message_id"].as_str().unwrap().to_owned());
        all.extend(ids);
    }
}

/// Waits until all topics of all subscriptions of a viewer arrive.
async fn all_arrive(viewer: &Browser, subscriptions: usize) {
    eventually("all topics to arrive", PATIENCE, async || {
        let entries = viewer.subscriptions().await;
        let topics: Vec<&Value> = entries
            .iter()
            .flat_map(|entry| entry["topics"].as_array().unwrap())
            .collect();
        let all = topics.len() == subscriptions * 7
            && topics.iter().all(|topic| topic["status"] == "enabled");
        all.then_some(())
    })
    .await;
}

/// Makes something happen until Twitch has somebody to tell; answers the message ids that went out.
async fn happens(sim: &Sim, login: &str) -> Vec<String> {
    eventually("Twitch to have somebody to send to", PATIENCE, async || {
        let sent = sim
            .happen(serde_json::json!({ "type": "channel.raid", "broadcaster": login }))
            .await;
        (!sent.is_empty()).then_some(sent)
    })
    .await
}
