//! P8: from an event's arrival to its row in a real browser. The browser's side is `bench/browser.mjs`.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::figure::Figure;
use crate::latency::Latencies;
use crate::options::Options;
use crate::report::{Report, say};
use crate::rig::program::Owned;
use crate::rig::{self, Rig, VIEWER};
use crate::script::channels;
use crate::sender::SECRET;

/// A browser that takes longer than this is stuck.
const DEADLINE: Duration = Duration::from_secs(300);
/// Events before the first one that counts.
const WARM_UP: usize = 20;

/// How many events.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// Events, one after the other
    #[arg(long, default_value_t = 200)]
    events: usize,
    /// The browser's side
    #[arg(long, default_value = "bench/browser.mjs")]
    script: PathBuf,
}

#[derive(Deserialize)]
struct Seen {
    times_ms: Vec<f64>,
    browser: String,
}

/// Lets the browser watch.
///
/// # Errors
/// When there is none, or it does not show an event.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let rig = Rig::start(options, 1).await?;
    say(format!("P8: {} events in a browser …", plan.events));
    let channel = &channels(1)[0];
    let asked = json!({
        "url": format!("http://localhost:{}", rig.address.port()),
        "viewer": VIEWER,
        "streamer": {"id": channel.id, "login": channel.login, "name": channel.name},
        "secret": SECRET,
        "events": plan.events,
        "warmUp": WARM_UP,
    });
    let (said, complaints) = (
        rig.folder().join("browser.json"),
        rig.folder().join("browser.log"),
    );
    let mut command = Command::new("node");
    command
        .arg(&plan.script)
        .arg(asked.to_string())
        .stdin(Stdio::null())
        .stdout(File::create(&said)?)
        .stderr(File::create(&complaints)?);
    let mut node = Owned::start(&mut command).context("node cannot be started")?;
    let status = node.exit(DEADLINE).await.context("the browser's side")?;
    ensure!(
        status.success(),
        "the browser's side ended with {status}; scripts/setup.sh test installs what it needs\n{}",
        std::fs::read_to_string(&complaints)?
    );
    let seen: Seen = serde_json::from_slice(&std::fs::read(&said)?)?;
    let mut latencies = Latencies::default();
    for ms in &seen.times_ms {
        latencies.push(Duration::try_from_secs_f64(ms / 1e3)?);
    }
    let summary = latencies.summary();
    let figures = vec![
        Figure::new("P8", "received to visible, p50", summary.p50_ms, "ms").bar(50.0, 50.0),
        Figure::new("P8", "received to visible, p99", summary.p99_ms, "ms")
            .bar(200.0, 50.0)
            .times(&summary),
    ];
    let mut report = Report {
        figures,
        ..Report::default()
    };
    report.condition("events", summary.count);
    report.condition("browser", seen.browser);
    report.condition("server settings", rig::settings());
    rig.end().await?;
    Ok(report)
}
