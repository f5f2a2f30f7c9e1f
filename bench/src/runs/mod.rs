//! The runs: one module a figure.

mod chaos;
mod fanout;
mod ingest;

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
    /// P4: repeats, forgeries and kill -9; nothing is lost or doubled
    Chaos(chaos::Plan),
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
            Self::Bare => {
                bare::run().await?;
                return Ok(None);
            }
        };
        Ok(Some(report))
    }
}

/// A time given in seconds on the command line.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().or(Err("not a number of seconds"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
