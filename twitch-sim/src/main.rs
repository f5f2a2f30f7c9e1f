//! The simulator as a program of its own: settings, log, listener, signals, exit code.

mod settings;

use std::io::{IsTerminal, Write};
use std::net::TcpListener;
use std::process::ExitCode;

use anyhow::{Context, bail};
use settings::Settings;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

const BAD_SETTINGS: u8 = 2;

fn main() -> ExitCode {
    let settings = match Settings::read() {
        Ok(settings) => settings,
        Err(error) => {
            complain(&error);
            return ExitCode::from(BAD_SETTINGS);
        }
    };
    log(&settings);
    match serve(settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn log(settings: &Settings) {
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::builder().parse_lossy(&settings.log_filter))
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match settings.log_as_json {
        true => subscriber.json().init(),
        false => subscriber.init(),
    }
}

#[tokio::main]
async fn serve(settings: Settings) -> anyhow::Result<()> {
    let address = settings.bind_addr;
    let listener = match TcpListener::bind(address) {
        Ok(listener) => listener,
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!(
                "{address} is in use; set SIM_BIND_ADDR (--sim-bind-addr) to another one, or to {}:0",
                address.ip()
            );
        }
        Err(error) => {
            return Err(error)
                .with_context(|| format!("cannot listen on {address} (SIM_BIND_ADDR)"));
        }
    };
    let bound = listener
        .local_addr()
        .context("the listener has no address")?;
    let public_url = settings
        .options
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://localhost:{}", bound.port()));
    // Whoever reads the announcement may stop us at once, so the signals are caught before it.
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    announce(&format!(
        "listening on http://{bound}\n{}",
        twitch_sim::settings_block(&public_url)
    ))?;

    let shutdown = CancellationToken::new();
    let served = twitch_sim::run(settings.options, listener, shutdown.clone());
    tokio::pin!(served);
    tokio::select! {
        served = &mut served => return served,
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    shutdown.cancel();
    served.await
}

/// Standard output is for what scripts read: the address and the settings block.
fn announce(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")
}

/// With a closed standard error there is nobody left to tell; the exit code says it as well.
fn complain(error: &anyhow::Error) {
    writeln!(std::io::stderr(), "twitch-sim: {error:#}").unwrap_or_default();
}
