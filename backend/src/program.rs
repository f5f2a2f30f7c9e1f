//! What the programs share: settings → tracing → bind → run until a signal → exit code.

mod backup;

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

use secrecy::SecretString;
use tokio::net::TcpSocket;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use url::Url;

use crate::app::{self, StoreConfig, Surroundings};
use crate::clock::Clock;
use crate::config::{Command, Invocation, LogFormat, Mode, Settings, SettingsError};

/// Why a program ends other than by a signal.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Settings that cannot be used: exit code 2.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A failure at run time: exit code 1.
    #[error("{0:#}")]
    Runtime(#[from] anyhow::Error),
}

impl Failure {
    /// Says why on standard error, and gives the exit code.
    pub fn report(&self) -> ExitCode {
        // Nobody may be reading any more.
        _ = writeln!(std::io::stderr(), "error: {self}");
        match self {
            Self::Settings(_) => ExitCode::from(2),
            Self::Runtime(_) => ExitCode::from(1),
        }
    }
}

/// The real server, from its command line to its end.
///
/// # Errors
/// With what is to be reported.
pub async fn main() -> Result<(), Failure> {
    let invocation = Invocation::from_process(Mode::Real)?;
    start_logging(&invocation.settings)?;
    match invocation.command {
        Command::Migrate => migrate(&invocation.settings).await,
        Command::Backup(target) => {
            let shutdown = shutdown_signal()?;
            let kept = Kept::read(&invocation.settings)?;
            let config = kept.config();
            let done = tokio::select! {
                done = backup::back_up(&config, &target) => done?,
                () = shutdown.cancelled() => {
                    return Err(anyhow::anyhow!("stopped before the backup was complete; nothing of it is kept").into());
                }
            };
            say(&done);
            Ok(())
        }
        Command::Check => {
            let kept = Kept::read(&invocation.settings)?;
            say(&backup::check(&kept.config()).await?);
            Ok(())
        }
        Command::Serve => {
            // Settings are checked before anything is opened.
            let wanted = invocation.settings.bind_addr()?;
            invocation.settings.config(Mode::Real, wanted)?;
            let (listener, bound) = bind("BIND_ADDR", wanted)?;
            let config = invocation.settings.config(Mode::Real, bound)?;
            let shutdown = shutdown_signal()?;
            let server = app::Server::build(config, Surroundings::default()).await?;
            announce(bound);
            Ok(server.run(listener, shutdown).await?)
        }
    }
}

async fn migrate(settings: &Settings) -> Result<(), Failure> {
    let kept = Kept::read(settings)?;
    let (store, _) = app::open_store(&kept.config(), Clock::system()).await?;
    store.close().await;
    tracing::info!(database = %kept.database.display(), "the database is at this program's version");
    Ok(())
}

/// The settings that say what is kept and where, of those commands that need no others.
struct Kept {
    data_dir: PathBuf,
    database: PathBuf,
    secret_key: Option<SecretString>,
    twitch_api_url: Url,
}

impl Kept {
    fn read(settings: &Settings) -> Result<Self, SettingsError> {
        Ok(Self {
            data_dir: settings.data_dir(),
            database: settings.database()?,
            secret_key: settings.secret_key()?,
            twitch_api_url: settings.twitch_api_url()?,
        })
    }

    fn config(&self) -> StoreConfig<'_> {
        StoreConfig {
            data_dir: &self.data_dir,
            database: &self.database,
            secret_key: self.secret_key.as_ref(),
            mode: Mode::Real.as_str(),
            twitch_host: self.twitch_api_url.host_str().unwrap_or_default(),
        }
    }
}

/// Starts logging to standard error, as the settings want it.
///
/// # Errors
/// When they are malformed.
pub fn start_logging(settings: &Settings) -> Result<(), SettingsError> {
    let format = settings.log_format()?;
    let filter = EnvFilter::try_new(settings.log_filter())
        .map_err(|error| SettingsError::new(format!("RUST_LOG: {error}")))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}

/// Connections that may wait to be accepted: after a break thousands of live streams come back at once, and whoever
/// finds no room tries again only a second later. The system may allow fewer.
const BACKLOG: u32 = 4096;

/// Binds a listener; says which setting to change when the port is taken.
///
/// # Errors
/// When it cannot be bound.
///
/// # Panics
/// When called outside of the runtime.
pub fn bind(setting: &str, address: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listen = || {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)?.into_std()
    };
    let listener = listen().map_err(|error: std::io::Error| {
        let hint = if error.kind() == std::io::ErrorKind::AddrInUse {
            format!("is in use by another program; stop it, or set {setting} to another address")
        } else {
            format!("cannot be listened on ({error}); set {setting} to another address")
        };
        anyhow::anyhow!("{address} {hint}")
    })?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}

/// Says where the program listens, whatever the log settings.
pub fn announce(bound: SocketAddr) {
    say(&format!("listening on http://{bound}"));
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    // Nobody may be reading.
    _ = writeln!(out, "{line}");
    _ = out.flush();
}

/// Cancelled by SIGTERM or SIGINT.
///
/// # Errors
/// When the signals cannot be listened to.
pub fn shutdown_signal() -> anyhow::Result<CancellationToken> {
    let shutdown = CancellationToken::new();
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    let cancelled = shutdown.clone();
    tokio_util::task::TaskTracker::new().spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        cancelled.cancel();
    });
    Ok(shutdown)
}
