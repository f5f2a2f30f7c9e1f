//! A server of the test's own in this process: `backend::app::run` on a free port over a folder of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use backend::app::{self, Surroundings};
use backend::clock::Clock;
use backend::config::{Config, Mode, Settings};
use backend::timings::Timings;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::browser::{Browser, client};
use super::running::Running;
use super::sim::Sim;
use super::webhook::EVENTSUB_SECRET;

/// What a server is started with.
#[derive(Clone)]
pub(crate) struct Setup {
    settings: Vec<(&'static str, String)>,
    clock: Clock,
    timings: Timings,
}

impl Setup {
    /// These settings over those of every test.
    pub(crate) fn new(settings: &[(&'static str, &str)], clock: Clock, timings: Timings) -> Self {
        let settings = settings
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        Self {
            settings,
            clock,
            timings,
        }
    }

    fn config(&self, sim_url: &str, folder: &Path, bound: SocketAddr) -> Config {
        let mut settings = Settings::empty();
        for (name, value) in [
            ("DATA_DIR", folder.to_str().unwrap()),
            ("EVENTSUB_SECRET", EVENTSUB_SECRET),
        ] {
            settings.set(name, value);
        }
        for (name, value) in at_simulator(sim_url) {
            settings.set(name, value);
        }
        for (name, value) in &self.settings {
            if value.is_empty() {
                settings.unset(name);
            } else {
                settings.set(name, value.as_str());
            }
        }
        settings.config(Mode::Real, bound).unwrap()
    }
}

/// The settings that put a simulator in Twitch's place.
pub(super) fn at_simulator(sim_url: &str) -> Vec<(&'static str, String)> {
    vec![
        ("TWITCH_CLIENT_ID", twitch_sim::CLIENT_ID.to_owned()),
        ("TWITCH_CLIENT_SECRET", twitch_sim::CLIENT_SECRET.to_owned()),
        ("TWITCH_ID_URL", format!("{sim_url}/oauth2")),
        ("TWITCH_API_URL", format!("{sim_url}/helix")),
        (
            "TWITCH_EVENTSUB_WS_URL",
            format!("{}/eventsub/ws", sim_url.replacen("http", "ws", 1)),
        ),
        ("TWITCH_PLAYER_URL", format!("{sim_url}/player")),
        ("TWITCH_CHAT_URL", format!("{sim_url}/embed")),
        ("TWITCH_IMAGE_URL", sim_url.to_owned()),
    ]
}

/// Timers for tests: what a person would wait for seconds or minutes comes in fractions of a second.
pub(crate) fn brisk() -> Timings {
    Timings {
        backoff_first: Duration::from_millis(20),
        backoff_longest: Duration::from_millis(300),
        reconcile_every: Duration::from_secs(2),
        live_poll_every: Duration::from_millis(500),
        heartbeat_every: Duration::from_millis(500),
        retain_every: Duration::from_millis(50),
        alive_every: Duration::from_millis(100),
        eventsub_stable_after: Duration::from_millis(200),
        shard_check_every: Duration::from_secs(1),
        topics_debounce: Duration::from_millis(20),
        topics_pending_check: Duration::from_millis(50),
        topics_retry_longest: Duration::from_secs(1),
        farewell: Duration::from_millis(20),
        drain: Duration::from_secs(1),
        ..Timings::default()
    }
}

/// A clock, and the hand that moves it.
pub(crate) fn movable_clock() -> (Clock, Hand) {
    let offset_ms = Arc::new(AtomicI64::new(0));
    let shared = Arc::clone(&offset_ms);
    let clock = Clock::new(move || {
        Timestamp::now() + SignedDuration::from_millis(shared.load(Ordering::SeqCst))
    });
    (clock, Hand(offset_ms))
}

/// Moves a clock.
pub(crate) struct Hand(Arc<AtomicI64>);

impl Hand {
    /// So much later.
    pub(crate) fn forward(&self, by: SignedDuration) {
        self.0
            .fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// So much earlier, as when somebody sets a clock that was wrong.
    pub(crate) fn back(&self, by: SignedDuration) {
        self.forward(-by);
    }
}

/// The server; it stops when it is dropped.
pub(crate) struct Server {
    sim_url: String,
    setup: Setup,
    /// Shared with the thread that runs the server, so that the folder outlives it.
    folder: Arc<TempDir>,
    address: SocketAddr,
    running: Option<Running>,
    /// Of all who call it: making one takes longer than most calls.
    client: reqwest::Client,
}

impl Server {
    /// On a free port and a new folder.
    pub(crate) fn start(sim: &Sim, setup: Setup) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let mut server = Self {
            sim_url: sim.url().to_owned(),
            setup,
            folder,
            address,
            running: None,
            client: client(),
        };
        server.run(listener);
        server
    }

    fn run(&mut self, listener: TcpListener) {
        let config = self
            .setup
            .config(&self.sim_url, self.data_dir(), self.address);
        let surroundings = Surroundings {
            clock: self.setup.clock.clone(),
            timings: self.setup.timings.clone(),
        };
        let folder = Arc::clone(&self.folder);
        self.running = Some(Running::start("server", |stop| async move {
            let ended = app::run(config, surroundings, listener, stop).await;
            drop(folder);
            ended
        }));
    }

    /// The address of a path, as browsers know it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its `DATA_DIR`.
    pub(crate) fn data_dir(&self) -> &Path {
        self.folder.path()
    }

    /// A browser nobody has logged in with.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.url(""), self.client.clone())
    }

    /// A program with this API token, or with what it takes for one.
    pub(crate) fn with_token(&self, token: &str) -> Browser {
        self.browser().with_token(token)
    }

    /// A browser this person has logged in with.
    pub(crate) async fn log_in(&self, login: &str) -> Browser {
        let browser = self.browser();
        browser.log_in(login).await;
        browser
    }

    /// Stops it in order and starts it on the same folder and port.
    pub(crate) async fn restart(&mut self) {
        self.stop_running().await;
        self.run(TcpListener::bind(self.address).unwrap());
    }

    /// Stops it in order, does something, and starts it again.
    pub(crate) async fn stopped_while(&mut self, work: impl AsyncFnOnce()) {
        self.stop_running().await;
        work().await;
        self.run(TcpListener::bind(self.address).unwrap());
    }

    /// The same with other settings.
    pub(crate) async fn restart_with(&mut self, settings: &[(&'static str, &str)]) {
        self.setup.settings.extend(
            settings
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        self.restart().await;
    }

    /// The same with other timers.
    pub(crate) async fn restart_tuned(&mut self, timings: Timings) {
        self.setup.timings = timings;
        self.restart().await;
    }

    async fn stop_running(&mut self) {
        self.running.take().unwrap().stop().await.unwrap();
    }
}
