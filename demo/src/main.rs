//! The demo: the same server as always, beside a simulator of Twitch in the same process.
//!
//! It needs no credentials and keeps its data apart from a real server's.

use std::process::ExitCode;

use anyhow::Context as _;
use backend::app::{self, Surroundings};
use backend::config::{Invocation, Mode, Settings, SettingsError};
use backend::program::{self, Failure};
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> ExitCode {
    match demo().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn demo() -> Result<(), Failure> {
    let Invocation {
        mut settings,
        allow_remote_demo,
        ..
    } = Invocation::from_process(Mode::Demo)?;
    program::start_logging(&settings)?;
    let wanted = settings.bind_addr()?;
    let sim_wanted = settings.address("SIM_BIND_ADDR", 7002)?;
    for (name, address) in [("BIND_ADDR", wanted), ("SIM_BIND_ADDR", sim_wanted)] {
        if !address.ip().is_loopback() && !allow_remote_demo {
            return Err(Failure::Settings(SettingsError::new(format!(
                "{name}: {address} can be reached from other machines, and in the demo anyone can log in as anyone. \
                 Use a loopback address, or start it with --allow-remote-demo."
            ))));
        }
    }
    let (sim_listener, sim_bound) = program::bind("SIM_BIND_ADDR", sim_wanted)?;
    let sim_url = settings.text("SIM_PUBLIC_URL").map_or_else(
        || format!("http://localhost:{}", sim_bound.port()),
        |url| url.trim_end_matches('/').to_owned(),
    );
    point_at_simulator(&mut settings, &sim_url);
    let (listener, bound) = program::bind("BIND_ADDR", wanted)?;
    let config = settings.config(Mode::Demo, bound)?;

    tracing::warn!(
        simulator = sim_url,
        "DEMO: Twitch is simulated; nothing leaves this machine"
    );
    let shutdown = program::shutdown_signal()?;
    let sim_stop = CancellationToken::new();
    let options = twitch_sim::Options {
        public_url: Some(sim_url),
        ..twitch_sim::Options::default()
    };
    let simulator = async {
        let ended = twitch_sim::run(options, sim_listener, sim_stop.clone()).await;
        // Without its Twitch the server is of no use.
        shutdown.cancel();
        ended.context("the simulator failed")
    };
    let server = async {
        let ended = async {
            let server = app::Server::build(config, Surroundings::default()).await?;
            program::announce(bound);
            server.run(listener, shutdown.clone()).await
        };
        let ended = ended.await;
        sim_stop.cancel();
        ended
    };
    let (simulator, server) = tokio::join!(simulator, server);
    server?;
    simulator?;
    Ok(())
}

/// Whatever real installation the environment describes, the demo is another one.
fn point_at_simulator(settings: &mut Settings, sim: &str) {
    let data_dir = settings.data_dir().join("demo");
    settings.set("DATA_DIR", data_dir.display().to_string());
    for name in [
        "DATABASE_URL",
        "TWITCH_AUTHORIZE_URL",
        "TWITCH_EVENTSUB_URL",
        "EVENTSUB_TRANSPORT",
    ] {
        settings.unset(name);
    }
    settings.set("TWITCH_CLIENT_ID", twitch_sim::CLIENT_ID);
    settings.set("TWITCH_CLIENT_SECRET", twitch_sim::CLIENT_SECRET);
    let websocket = sim.replacen("http", "ws", 1);
    for (name, address) in [
        ("TWITCH_ID_URL", format!("{sim}/oauth2")),
        ("TWITCH_API_URL", format!("{sim}/helix")),
        ("TWITCH_EVENTSUB_WS_URL", format!("{websocket}/eventsub/ws")),
        ("TWITCH_PLAYER_URL", format!("{sim}/player")),
        ("TWITCH_CHAT_URL", format!("{sim}/embed")),
        ("TWITCH_IMAGE_URL", sim.to_owned()),
    ] {
        settings.set(name, address);
    }
}
