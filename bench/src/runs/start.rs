//! P7: how soon the server is ready over a large database, and what it needs while nothing happens.

use std::time::Duration;

use super::seconds;
use crate::figure::Figure;
use crate::latency::median;
use crate::options::Options;
use crate::report::{Report, say};
use crate::rig::{self, Rig};
use crate::rows::{Rows, require_room};

/// How large, how often.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// Events in the database
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// Starts of which the median is told
    #[arg(long, default_value_t = 9)]
    starts: usize,
    /// Seconds until the idle memory is read
    #[arg(long, default_value = "3", value_parser = seconds)]
    settle: Duration,
}

/// Measures with an empty database, then with a large one.
///
/// # Errors
/// When it cannot be measured.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let mut report = Report::default();
    require_room(&options.folder()?, plan.rows)?;
    let mut rig = Rig::start(options, 1).await?;
    say("P7: an empty database …");
    rig.stop_server().await?;
    let (ready, resident) = measure(&mut rig, plan).await?;
    report.figures = vec![
        Figure::new("P7", "start to ready, empty database", ready, "ms").bar(500.0, 200.0),
        Figure::new("P7", "idle memory, empty database", resident, "MiB").bar(60.0, 30.0),
    ];
    say(format!("P7: {} events …", plan.rows));
    let mut rows = Rows::first(&rig, options.seed).await?;
    rig.stop_server().await?;
    rows.grow(&rig.database(), plan.rows).await?;
    let (ready, resident) = measure(&mut rig, plan).await?;
    let count = rows.count();
    report.figures.extend([
        Figure::new("P7", format!("start to ready, {count} events"), ready, "ms").bar(500.0, 200.0),
        Figure::new(
            "P7",
            format!("idle memory, {count} events"),
            resident,
            "MiB",
        )
        .bar(60.0, 30.0),
    ]);
    rig.end().await?;
    report.condition("starts", plan.starts);
    report.condition("file cache", "warm");
    report.condition("server settings", rig::settings());
    Ok(report)
}

/// The median time to ready in milliseconds, and the memory in MiB of the last start; the server stays.
async fn measure(rig: &mut Rig, plan: &Plan) -> anyhow::Result<(f64, f64)> {
    let mut times = Vec::with_capacity(plan.starts);
    loop {
        times.push(rig.time_to_ready().await?.as_secs_f64() * 1e3);
        if times.len() >= plan.starts {
            break;
        }
        rig.stop_server().await?;
    }
    tokio::time::sleep(plan.settle).await;
    Ok((median(&times), rig.usage()?.resident_mib()))
}
