//! The rig: a simulated Twitch, the server under measurement and a signed-in viewer, in a folder of their own.

pub(crate) mod login;
pub(crate) mod program;
pub(crate) mod usage;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;

use crate::http::{Connection, get};
use crate::options::Options;
use crate::script::CAST;
use crate::sender::SECRET;
use crate::store::Store;
use login::Viewer;
use program::{PATIENCE, Program, Start};
use usage::Usage;

/// The person whose views are measured; the simulator knows her.
pub(crate) const VIEWER: &str = "viewer_vera";

const READY_DEADLINE: Duration = Duration::from_secs(60);
const READY_POLL: Duration = Duration::from_millis(1);

/// What the server is started with besides addresses and folders.
const SETTINGS: [(&str, &str); 5] = [
    ("EVENTSUB_TRANSPORT", "webhook"),
    ("EVENTSUB_SECRET", SECRET),
    ("RUST_LOG", "warn"),
    ("RATE_LIMIT_PER_MINUTE", "0"),
    ("LIVE_CONNECTIONS_PER_CLIENT", "0"),
];

/// The settings as results tell them.
pub(crate) fn settings() -> serde_json::Value {
    let shown = SETTINGS
        .iter()
        .filter(|(name, _)| !name.ends_with("_SECRET"));
    shown.map(|(name, value)| (*name, *value)).collect()
}

/// The programs and their folder; all is gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Rig {
    // Fields are dropped in this order: programs before their folder.
    server: Option<Program>,
    sim: Program,
    programs: PathBuf,
    settings: Vec<(String, String)>,
    /// Where the server listens, also after a restart.
    pub(crate) address: SocketAddr,
    /// Who is signed in.
    pub(crate) viewer: Viewer,
    folder: TempDir,
}

impl Rig {
    /// Starts all on a new folder; the viewer is subscribed to the first `subscriptions` streamers of the cast.
    ///
    /// # Errors
    /// When a program does not start or the viewer cannot log in.
    pub(crate) async fn start(options: &Options, subscriptions: usize) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("streamer-event-bench-")
            .tempdir_in(options.folder()?)?;
        let programs = options.programs()?;
        let mut sim = Program::start(Start {
            path: programs.join("twitch-sim"),
            folder: folder.path(),
            args: &["--quiet", "--allow-http-callbacks"],
            settings: &[("SIM_BIND_ADDR".to_owned(), "127.0.0.1:0".to_owned())],
            patience: PATIENCE,
        })
        .await?;
        let mut settings = twitch_settings(&mut sim).await?;
        let data = folder.path().join("data").display().to_string();
        settings.push(("DATA_DIR".to_owned(), data));
        settings.extend(SETTINGS.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let server = start_server(&programs, folder.path(), &settings, 0, PATIENCE).await?;
        let viewer = login::log_in(server.address, sim.address, VIEWER).await?;
        for (_, login, _) in &CAST[..subscriptions.min(CAST.len())] {
            login::subscribe(server.address, &viewer, login).await?;
        }
        Ok(Self {
            address: server.address,
            server: Some(server),
            sim,
            programs,
            settings,
            viewer,
            folder,
        })
    }

    fn server(&self) -> anyhow::Result<&Program> {
        self.server.as_ref().context("the server is stopped")
    }

    fn take_server(&mut self) -> anyhow::Result<Program> {
        self.server.take().context("the server is stopped")
    }

    /// What the server has used so far.
    ///
    /// # Errors
    /// When it does not run.
    pub(crate) fn usage(&self) -> anyhow::Result<Usage> {
        self.server()?.usage()
    }

    /// The server itself, for a run that ends it in a way of its own.
    ///
    /// # Errors
    /// When it does not run.
    pub(crate) fn give_server(&mut self) -> anyhow::Result<Program> {
        self.take_server()
    }

    /// Stops the server in order.
    ///
    /// # Errors
    /// When it does not end with exit code 0.
    pub(crate) async fn stop_server(&mut self) -> anyhow::Result<()> {
        self.take_server()?.stop().await
    }

    /// `kill -9` of the server.
    ///
    /// # Errors
    /// When it had ended by itself.
    pub(crate) fn kill_server(&mut self) -> anyhow::Result<()> {
        self.take_server()?.kill()
    }

    /// Starts the server again, on the same folder and port; answers when it says that it listens.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) async fn start_server(&mut self) -> anyhow::Result<()> {
        self.start_server_within(PATIENCE).await
    }

    /// The same, when it has much to do before it listens.
    ///
    /// # Errors
    /// When it takes longer than this.
    pub(crate) async fn start_server_within(&mut self, patience: Duration) -> anyhow::Result<()> {
        let port = self.address.port();
        let (programs, folder) = (&self.programs, self.folder.path());
        let server = start_server(programs, folder, &self.settings, port, patience).await?;
        self.server = Some(server);
        Ok(())
    }

    /// Starts the server and measures the time until `/readyz` says 200.
    ///
    /// # Errors
    /// When it never does.
    pub(crate) async fn time_to_ready(&mut self) -> anyhow::Result<Duration> {
        let begin = Instant::now();
        self.start_server().await?;
        let asked = get(self.address, "/readyz", "");
        loop {
            let mut connection = Connection::open(self.address).await?;
            if connection.status(&asked).await? == 200 {
                return Ok(begin.elapsed());
            }
            ensure!(
                begin.elapsed() < READY_DEADLINE,
                "/readyz was not 200 within {READY_DEADLINE:?}"
            );
            tokio::time::sleep(READY_POLL).await;
        }
    }

    /// The database file.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("data").join("events.db")
    }

    /// The folder of all this.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database, to be read beside the server.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) async fn store(&self) -> anyhow::Result<Store> {
        Store::open(&self.database()).await
    }

    /// Ends all in order.
    ///
    /// # Errors
    /// When a program does not end with exit code 0.
    pub(crate) async fn end(mut self) -> anyhow::Result<()> {
        if self.server.is_some() {
            self.stop_server().await.context("the server")?;
        }
        let Self { sim, folder, .. } = self;
        sim.stop().await.context("the simulator")?;
        folder.close()?;
        Ok(())
    }
}

async fn start_server(
    programs: &Path,
    folder: &Path,
    settings: &[(String, String)],
    port: u16,
    patience: Duration,
) -> anyhow::Result<Program> {
    let mut settings = settings.to_vec();
    settings.push(("BIND_ADDR".to_owned(), format!("127.0.0.1:{port}")));
    Program::start(Start {
        path: programs.join("streamer-event-server"),
        folder,
        args: &[],
        settings: &settings,
        patience,
    })
    .await
}

/// The `KEY=value` lines that the simulator prints for whoever starts a server.
async fn twitch_settings(sim: &mut Program) -> anyhow::Result<Vec<(String, String)>> {
    // In the order in which they are printed, so that the last one tells that all are there.
    let last = "TWITCH_IMAGE_URL";
    let mut settings = Vec::new();
    sim.line(|line| {
        let (name, value) = line.trim().split_once('=')?;
        if name.starts_with("TWITCH_") {
            settings.push((name.to_owned(), value.to_owned()));
        }
        (name == last).then_some(())
    })
    .await?;
    Ok(settings)
}
