//! The runs: one module a figure.

mod all;
mod browser;
mod chaos;
mod check;
mod fanout;
mod history;
mod ingest;
mod list;
mod memory;
mod page;
mod reconnect;
mod start;
mod stop;

use std::time::Duration;

use crate::bare;
use crate::options::Options;
use crate::report::Report;

/// What can be measured.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Run {
    /// P1: signed notifications a second, against a bare loop
    Ingest(ingest::Plan),
    /// P2: one streamer, thousands of live readers
    Fanout(fanout::Plan),
    /// P3: the list of a streamer's events, as the database grows
    List(list::Plan),
    /// P4: repeats, forgeries and kill -9; nothing is lost or doubled
    Chaos(chaos::Plan),
    /// P5: all live readers are cut off and come back at once
    Reconnect(reconnect::Plan),
    /// P6: bytes of the page's first load
    Page,
    /// P7: start to ready, idle memory
    Start(start::Plan),
    /// P8: from an event's arrival to its row in a browser
    Browser(browser::Plan),
    /// C3: a year of 1,000 streamers listed, filtered, searched and charted
    History(history::Plan),
    /// SIGTERM under load
    Stop(stop::Plan),
    /// Memory under a steady load with readers coming and going
    Memory(memory::Plan),
    /// The cheap figures against the baseline kept with the code
    Check(check::Plan),
    /// All figures
    All(all::Plan),
    /// The bare loop alone, until it is ended
    #[command(hide = true)]
    Bare,
}

impl Run {
    /// Its name in results.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Ingest(_) => "ingest",
            Self::Fanout(_) => "fanout",
            Self::Chaos(_) => "chaos",
            Self::List(_) => "list",
            Self::Reconnect(_) => "reconnect",
            Self::Page => "page",
            Self::Start(_) => "start",
            Self::History(_) => "history",
            Self::Stop(_) => "stop",
            Self::Memory(_) => "memory",
            Self::Browser(_) => "browser",
            Self::Check(_) => "check",
            Self::All(_) => "all",
            Self::Bare => "bare",
        }
    }

    /// Does it; nothing is reported of the bare loop.
    ///
    /// # Errors
    /// When it cannot be done.
    pub(crate) async fn execute(&self, options: &Options) -> anyhow::Result<Option<Report>> {
        let report = match self {
            Self::Ingest(plan) => ingest::run(options, plan).await?,
            Self::Fanout(plan) => fanout::run(options, plan).await?,
            Self::Chaos(plan) => chaos::run(options, plan).await?,
            Self::List(plan) => list::run(options, plan).await?,
            Self::Reconnect(plan) => reconnect::run(options, plan).await?,
            Self::Page => page::run(options).await?,
            Self::Start(plan) => start::run(options, plan).await?,
            Self::History(plan) => history::run(options, plan).await?,
            Self::Stop(plan) => stop::run(options, plan).await?,
            Self::Memory(plan) => memory::run(options, plan).await?,
            Self::Browser(plan) => browser::run(options, plan).await?,
            Self::Check(plan) => check::run(options, plan).await?,
            Self::All(plan) => all::run(options, plan).await?,
            Self::Bare => {
                bare::run().await?;
                return Ok(None);
            }
        };
        Ok(Some(report))
    }
}

/// What a run does when nothing is said.
fn defaults<P: clap::Args>() -> anyhow::Result<P> {
    let command = P::augment_args(clap::Command::new("defaults"));
    Ok(P::from_arg_matches(
        &command.try_get_matches_from(["defaults"])?,
    )?)
}

/// A time given in seconds on the command line.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().or(Err("not a number of seconds"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
