//! P1: how many signed, distinct notifications a second are verified, deduplicated and committed, against a bare
//! loop that does nothing with them, in the same run.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use anyhow::Context as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::seconds;
use crate::figure::{Figure, rounded};
use crate::latency::Summary;
use crate::load::{Load, Outcome, Span};
use crate::options::Options;
use crate::report::{Report, say};
use crate::rig::program::{PATIENCE, Program, Start};
use crate::rig::usage::Usage;
use crate::rig::{self, Rig};
use crate::script::{ALL, Script, channels};

/// Events whose content is compared with what was sent.
const SAMPLE: usize = 1_000;
const WARM_UP: Duration = Duration::from_secs(1);

/// How much is sent.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// Seconds that each of the two is measured
    #[arg(long, default_value = "20", value_parser = seconds)]
    pub(crate) seconds: Duration,
    /// Messages to each of the two, instead of a time
    #[arg(long)]
    pub(crate) count: Option<u64>,
    /// Connections at once
    #[arg(long, default_value_t = 64)]
    pub(crate) connections: usize,
    /// Streamers that the notifications are of
    #[arg(long, default_value_t = 50)]
    pub(crate) streamers: usize,
}

/// A load that was measured.
#[derive(Debug)]
pub(crate) struct Measured {
    /// Acknowledgements per second.
    pub(crate) rate: f64,
    /// Time of each.
    pub(crate) latency: Summary,
    /// CPU time of the program for each, in microseconds.
    pub(crate) cpu_us: f64,
    acknowledged: Vec<u64>,
    refused: Vec<(u64, u16)>,
}

impl Measured {
    fn of(outcome: Outcome, before: Usage, after: Usage) -> Self {
        let count = outcome.acknowledged.len().max(1) as f64;
        Self {
            rate: outcome.rate(),
            cpu_us: (after.cpu - before.cpu).as_secs_f64() * 1e6 / count,
            latency: outcome.latencies.summary(),
            acknowledged: outcome.acknowledged,
            refused: outcome.refused,
        }
    }
}

impl Plan {
    fn span(&self) -> Span {
        self.count.map_or(Span::For(self.seconds), Span::Count)
    }

    fn load(&self, address: SocketAddr, seed: u64) -> Load {
        Load {
            address,
            script: Arc::new(Script {
                seed,
                channels: channels(self.streamers.max(1)),
                kinds: ALL,
            }),
            connections: self.connections,
            next: Arc::new(AtomicU64::new(0)),
            rate: None,
        }
    }

    /// The bare loop under this load.
    ///
    /// # Errors
    /// When it cannot be started or breaks.
    pub(crate) async fn bare(&self, options: &Options) -> anyhow::Result<Measured> {
        let folder = tempfile::tempdir_in(options.folder()?)?;
        let bare = Program::start(Start {
            path: std::env::current_exe()?,
            folder: folder.path(),
            args: &["bare"],
            settings: &[],
            patience: PATIENCE,
        })
        .await?;
        let load = self.load(bare.address, options.seed);
        load.run(Span::For(WARM_UP)).await?;
        let before = bare.usage()?;
        let outcome = load.run(self.span()).await?;
        let measured = Measured::of(outcome, before, bare.usage()?);
        bare.kill()?;
        Ok(measured)
    }

    /// The server under this load; faults are what it lost, doubled or changed.
    ///
    /// # Errors
    /// When it cannot be started or breaks.
    pub(crate) async fn server(
        &self,
        options: &Options,
        rig: &Rig,
        report: &mut Report,
    ) -> anyhow::Result<Measured> {
        let load = self.load(rig.address, options.seed);
        let warm_up = load.run(Span::For(WARM_UP)).await?;
        let before = rig.usage()?;
        let outcome = load.run(self.span()).await?;
        let measured = Measured::of(outcome, before, rig.usage()?);
        let acknowledged = [&warm_up.acknowledged[..], &measured.acknowledged].concat();
        check(options, rig, &load.script, acknowledged, report).await?;
        report.require(
            measured.refused.is_empty(),
            format!(
                "{} messages were not acknowledged, the first with {:?}",
                measured.refused.len(),
                measured.refused.first()
            ),
        );
        Ok(measured)
    }
}

/// Measures both.
///
/// # Errors
/// When one cannot be measured.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let mut report = Report::default();
    say("P1: the bare loop …");
    let bare = plan.bare(options).await?;
    say(format!("P1: {:.0} requests/s; the server …", bare.rate));
    let rig = Rig::start(options, 1).await?;
    let server = plan.server(options, &rig, &mut report).await?;
    let resident = rig.usage()?.resident_mib();
    rig.end().await?;

    let ratio = server.rate / bare.rate;
    report.figures = vec![
        Figure::new(
            "P1",
            "committed notifications, share of the bare loop",
            ratio,
            "",
        )
        .more_is_better()
        .bar(0.22, 0.46),
        Figure::new("P1", "committed notifications", server.rate, "/s")
            .more_is_better()
            .bar(25_000.0, 54_000.0)
            .times(&server.latency),
        Figure::new(
            "P1",
            "acknowledged within, p99",
            server.latency.p99_ms,
            "ms",
        )
        .bar(25.0, 25.0),
        Figure::new("P1", "server CPU per notification", server.cpu_us, "µs"),
        Figure::new("P1", "memory after the load", resident, "MiB"),
        Figure::new("P1", "the bare loop", bare.rate, "requests/s")
            .more_is_better()
            .times(&bare.latency),
    ];
    report.condition("connections", plan.connections);
    report.condition("streamers", plan.streamers);
    report.condition("seconds", plan.seconds.as_secs_f64());
    report.condition("count", plan.count);
    report.condition("bare loop CPU per request, µs", rounded(bare.cpu_us));
    report.condition("server settings", rig::settings());
    report.condition("rate limits", "off");
    Ok(report)
}

/// Compares the database with what was acknowledged.
async fn check(
    options: &Options,
    rig: &Rig,
    script: &Script,
    mut acknowledged: Vec<u64>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let store = rig.store().await?;
    let held = store.held().await?;
    acknowledged.sort_unstable();
    let numbers = held.numbers();
    report.require(
        numbers == acknowledged,
        format!(
            "{} messages are stored, {} were acknowledged",
            numbers.len(),
            acknowledged.len()
        ),
    );
    let mut dice = StdRng::seed_from_u64(options.seed);
    let compared = store.compare(&held, script, SAMPLE, &mut dice).await;
    report.condition("messages stored", numbers.len());
    match compared.context("an event differs from what was sent") {
        Ok(count) => report.condition("events compared field by field", count),
        Err(error) => report.faults.push(format!("{error:#}")),
    }
    store.close().await;
    Ok(())
}
