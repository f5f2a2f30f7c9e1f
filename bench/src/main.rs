//! Measures the release programs over real sockets, and says where we are and where we are going.
//!
//! One subcommand a figure; each prints a table and writes its figures to `bench/results/`. What must never
//! happen, such as an acknowledged message that is lost, ends it with exit code 1; a bar that is missed does not.

mod bare;
mod figure;
mod http;
mod latency;
mod load;
mod machine;
mod message_id;
mod options;
mod publisher;
mod readers;
mod report;
mod rig;
mod rows;
mod runs;
mod script;
mod sender;
mod sequence;
mod sse;
mod store;
mod work;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use options::Options;
use report::say;
use runs::Run;

/// Measures Streamer Event Server's release programs.
#[derive(Debug, Parser)]
#[command(name = "bench", version)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    run: Run,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match until_interrupted(arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nobody may be reading.
            _ = writeln!(std::io::stderr(), "bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs until it is done or a signal comes; then all that was started is dropped, and so ended.
async fn until_interrupted(arguments: Arguments) -> anyhow::Result<bool> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    raise_open_files()?;
    tokio::select! {
        done = run(arguments) => done,
        _ = terminate.recv() => anyhow::bail!("ended by SIGTERM"),
        _ = interrupt.recv() => anyhow::bail!("ended by SIGINT"),
    }
}

/// Thousands of readers need as many open files; the programs inherit the limit.
fn raise_open_files() -> anyhow::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised)?;
    Ok(())
}

/// Does what was asked; false when something happened that must not.
async fn run(arguments: Arguments) -> anyhow::Result<bool> {
    let Arguments { options, run } = arguments;
    let Some(report) = Box::pin(run.execute(&options)).await? else {
        return Ok(true);
    };
    say(format!("\n{}", report.table()));
    for fault in &report.faults {
        say(format!("FAULT: {fault}"));
    }
    if !options.no_results {
        let path = report.write(run.name(), &options.results)?;
        say(format!("written to {}", path.display()));
    }
    Ok(report.faults.is_empty())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
