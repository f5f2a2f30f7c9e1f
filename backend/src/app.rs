//! Builds the parts and runs them; start order and stop order live here.

use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::Path;
use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::{HttpServer, web};
use anyhow::Context as _;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::carriers;
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::{self, Cipher, SecretKey};
use crate::health::{Health, Part};
use crate::http::{self, Assets, LoginSessions};
use crate::listener;
use crate::live::{Entry, Live};
use crate::pipeline::{self, Pipeline};
use crate::retention;
use crate::shards;
use crate::store::{Identity, Store};
use crate::timings::Timings;
use crate::tokens::Tokens;
use crate::topics;
use crate::twitch;
use crate::upkeep;

/// What handlers use; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The settings.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    /// The log of commits.
    pub live: Live,
    /// The way in for events.
    pub pipeline: Pipeline,
    /// Twitch's API.
    pub twitch: twitch::Client,
    /// Viewers' Twitch tokens.
    pub tokens: Tokens,
    /// The way to the reconciler.
    pub topics: topics::Handle,
    /// What works.
    pub health: Health,
    /// Where login sessions are kept.
    pub sessions: LoginSessions,
    /// Seals what browsers keep for us.
    pub cipher: Cipher,
    /// Seals session cookies.
    pub cookie_key: [u8; 64],
    /// Signs webhooks.
    pub eventsub_secret: SecretString,
    /// The single-page app.
    pub assets: Arc<Assets>,
    /// The time of day.
    pub clock: Clock,
    /// Timers.
    pub timings: Timings,
    /// Held by whoever reads a backlog for all who have missed it.
    pub sharing_backlog: Arc<tokio::sync::Mutex<()>>,
    /// Cancelled when the server stops taking new work.
    pub draining: CancellationToken,
}

/// What surrounds the program, so that tests can bend it.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The time of day.
    pub clock: Clock,
    /// Timers.
    pub timings: Timings,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            clock: Clock::system(),
            timings: Timings::default(),
        }
    }
}

/// Opens the database that belongs to these settings, bringing it to this version.
///
/// # Errors
/// When the folder or the database cannot be used; the message says why.
pub async fn open_store(
    config: &StoreConfig<'_>,
    clock: Clock,
) -> anyhow::Result<(Store, SecretKey)> {
    make_data_dir(config.data_dir)
        .with_context(|| format!("DATA_DIR {}", config.data_dir.display()))?;
    let key = config.key()?;
    let identity = config.identity();
    let store = Store::open(config.database.to_owned(), &identity, &key, clock).await?;
    Ok((store, key))
}

/// What opening the database needs to know.
#[derive(Debug)]
pub struct StoreConfig<'a> {
    /// The folder of the embedded default.
    pub data_dir: &'a Path,
    /// The database file.
    pub database: &'a Path,
    /// Key of the settings.
    pub secret_key: Option<&'a SecretString>,
    /// Real or demo.
    pub mode: &'static str,
    /// Host of Twitch's API.
    pub twitch_host: &'a str,
}

impl StoreConfig<'_> {
    /// What a database must be to be opened with these settings.
    pub fn identity(&self) -> Identity {
        Identity {
            mode: self.mode,
            twitch_host: self.twitch_host.to_owned(),
        }
    }

    /// The key of the settings or of the folder; made when there is no database yet.
    ///
    /// # Errors
    /// When there is none; the message says where it was looked for.
    pub fn key(&self) -> anyhow::Result<SecretKey> {
        SecretKey::load(self.secret_key, self.data_dir, !self.database.exists())
            .context("SECRET_KEY is not set, and its file beside the database cannot be used")
    }
}

fn make_data_dir(path: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)?;
    let metadata = std::fs::metadata(path)?;
    if metadata.permissions().mode() & 0o077 != 0 {
        tracing::warn!(path = %path.display(), "DATA_DIR can be read by other users of this machine");
    }
    Ok(())
}

/// Builds the server and serves until `shutdown`.
///
/// # Errors
/// When a part cannot be started; the message says which and why.
pub async fn run(
    config: Config,
    surroundings: Surroundings,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    Server::build(config, surroundings)
        .await?
        .run(listener, shutdown)
        .await
}

/// The server with all its parts, before it serves.
pub struct Server {
    app: App,
    leaving: topics::HandleEnd,
    last_alive: Option<i64>,
    stages: Stages,
}

impl Server {
    /// Opens what the server needs and connects the parts.
    ///
    /// # Errors
    /// When one cannot be opened; the message says which and why.
    pub async fn build(config: Config, surroundings: Surroundings) -> anyhow::Result<Self> {
        let Surroundings { clock, timings } = surroundings;
        twitch::install_tls();
        let config = Arc::new(config);
        let store_config = StoreConfig {
            data_dir: &config.data_dir,
            database: &config.database,
            secret_key: config.secret_key.as_ref(),
            mode: config.mode.as_str(),
            twitch_host: config.twitch_host(),
        };
        let (store, key) = open_store(&store_config, clock.clone()).await?;
        let eventsub_secret = match &config.eventsub_secret {
            Some(secret) => secret.clone(),
            None => {
                store
                    .secret_made_once("eventsub-secret", crypto::random_text)
                    .await?
            }
        };
        let assets =
            Assets::load(config.static_dir.as_deref(), &config.embeds).context("STATIC_DIR")?;
        let last_alive = store.last_alive().await?;
        let (health, live) = (
            Health::default(),
            Live::behind(store.newest_cursor().await?),
        );
        let sessions = LoginSessions::open(&store, config.redis_url.as_ref(), health.clone())
            .await
            .context("REDIS_URL: Redis does not answer")?;

        // Each stage of the stop has a token of its own; see `stop`.
        let stages = Stages::default();
        let recording = pipeline::Deps {
            client_id: config.twitch.client_id.as_str().into(),
            recorder: store.recorder()?,
            live: live.clone(),
            health: health.clone(),
            clock: clock.clone(),
            wait: timings.record_wait,
        };
        let pipeline =
            Pipeline::start(recording, &stages.recording_tasks, stages.recording.clone());
        let twitch = twitch::Client::new(&config.twitch, &timings, health.clone())?;
        let tokens = Tokens::new(
            twitch.clone(),
            store.clone(),
            live.clone(),
            clock.clone(),
            timings.clone(),
            stages.background_tasks.clone(),
        );
        let (topics, leaving) = topics::Handle::new();
        let app = App {
            topics,
            cookie_key: cookie_key(&key),
            cipher: Cipher::new(&key),
            draining: stages.draining.clone(),
            assets: Arc::new(assets),
            config,
            store,
            live,
            pipeline,
            twitch,
            tokens,
            health,
            sessions,
            eventsub_secret,
            sharing_backlog: Arc::default(),
            clock,
            timings,
        };
        Ok(Self {
            app,
            leaving,
            last_alive,
            stages,
        })
    }

    /// Serves on the listener until `shutdown`, then stops in order.
    ///
    /// # Errors
    /// When the HTTP server fails.
    pub async fn run(
        self,
        listener: TcpListener,
        shutdown: CancellationToken,
    ) -> anyhow::Result<()> {
        let Self {
            app,
            leaving,
            last_alive,
            stages,
        } = self;
        start_background(&app, leaving, last_alive, &stages);
        let server = server(app.clone(), listener)?;
        let handle = server.handle();
        let serving = stages.background_tasks.spawn(server);
        shutdown.cancelled().await;
        tracing::info!("stopping");
        stages.draining.cancel();
        app.live.append(Entry::Draining);
        // A connection that is closed between two requests may have the next one under way; one that is told so in
        // an answer has not.
        tokio::time::sleep(app.timings.farewell).await;
        handle.stop(true).await;
        serving
            .await
            .context("the HTTP server stopped by itself")??;
        stages.stop_background().await;
        stages.stop_recording().await;
        app.store.close().await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// The stop, in order: streams end and connections are told to; no new work; the listener and reconciler close; what waits is recorded.
#[derive(Default)]
struct Stages {
    draining: CancellationToken,
    background: CancellationToken,
    background_tasks: TaskTracker,
    recording: CancellationToken,
    recording_tasks: TaskTracker,
}

impl Stages {
    async fn stop_background(&self) {
        self.background.cancel();
        self.background_tasks.close();
        self.background_tasks.wait().await;
    }

    async fn stop_recording(&self) {
        self.recording.cancel();
        self.recording_tasks.close();
        self.recording_tasks.wait().await;
    }
}

fn start_background(
    app: &App,
    leaving: topics::HandleEnd,
    last_alive: Option<i64>,
    stages: &Stages,
) {
    let tasks = &stages.background_tasks;
    // The badge must not say that events arrive before they can.
    app.health.starting(Part::EventSub);
    tasks.spawn(upkeep::mark_alive(
        app.store.clone(),
        app.timings.alive_every,
        app.health.clone(),
        stages.background.clone(),
    ));
    tasks.spawn(upkeep::sweep(
        app.store.clone(),
        app.timings.clone(),
        app.health.clone(),
        stages.background.clone(),
    ));
    tasks.spawn(upkeep::file(app.store.clone(), stages.background.clone()));
    tasks.spawn(upkeep::checkpoint(
        app.store.clone(),
        stages.background.clone(),
    ));
    tasks.spawn(upkeep::beat(
        app.live.clone(),
        app.timings.heartbeat_every,
        stages.background.clone(),
    ));
    if let Some(keep) = app.config.retention {
        tasks.spawn(retention::run(
            app.store.clone(),
            app.clock.clone(),
            keep,
            app.timings.retain_every,
            app.health.clone(),
            stages.background.clone(),
        ));
    }
    tasks.spawn(upkeep::tell_connection(
        app.health.clone(),
        app.live.clone(),
        stages.background.clone(),
    ));
    tasks.spawn(app.tokens.clone().run_validation(stages.background.clone()));
    let (reconciler_end, listener_end) = shards::link();
    let (to_carriers, of_carriers) = carriers::link();
    let listener = listener::Deps {
        twitch: app.twitch.clone(),
        tokens: app.tokens.clone(),
        pipeline: app.pipeline.clone(),
        health: app.health.clone(),
        clock: app.clock.clone(),
        timings: app.timings.clone(),
    };
    listener::start(
        listener,
        listener_end,
        of_carriers,
        tasks,
        &stages.background,
    );
    let topics = topics::Deps {
        config: app.config.clone(),
        store: app.store.clone(),
        twitch: app.twitch.clone(),
        live: app.live.clone(),
        pipeline: app.pipeline.clone(),
        health: app.health.clone(),
        clock: app.clock.clone(),
        timings: app.timings.clone(),
        eventsub_secret: app.eventsub_secret.clone(),
        last_alive,
    };
    topics::start(
        topics,
        reconciler_end,
        to_carriers,
        leaving,
        tasks,
        &stages.background,
    );
}

fn server(app: App, listener: TcpListener) -> anyhow::Result<actix_web::dev::Server> {
    let drain_s = app.timings.drain.as_secs().max(1);
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(web::Data::new(app.clone()))
            .configure(|config| http::routes(&app, config))
            .wrap(from_fn(http::edge))
    })
    .disable_signals()
    .shutdown_timeout(drain_s)
    .listen(listener)
    .context("the HTTP listener cannot be used")?;
    Ok(server.run())
}

/// Two keys of 32 bytes make the 64 that session cookies want.
fn cookie_key(key: &SecretKey) -> [u8; 64] {
    let mut bytes = [0; 64];
    let (left, right) = bytes.split_at_mut(32);
    left.copy_from_slice(&key.derive("session cookie, first half"));
    right.copy_from_slice(&key.derive("session cookie, second half"));
    bytes
}
