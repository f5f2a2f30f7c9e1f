//! P2: one streamer, thousands of live readers: each gets every event, in order, once, and soon.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::seconds;
use crate::figure::Figure;
use crate::latency::Summary;
use crate::options::Options;
use crate::publisher::Publisher;
use crate::readers::{Crowd, Sent, Wish};
use crate::report::{Report, say};
use crate::rig::{self, Rig};
use crate::script::{PUBLIC, Script, channels};
use crate::sequence::{Differences, compare};

/// Readers that connect at the same time.
pub(crate) const AT_ONCE: usize = 64;
/// All readers must be connected, or have caught up, within this.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);
/// Memory and CPU settle before they are read.
const SETTLE: Duration = Duration::from_secs(2);

/// How many, how fast, how long.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// Live readers of the streamer
    #[arg(long, default_value_t = 5_000)]
    pub(crate) readers: usize,
    /// Events per second
    #[arg(long, default_value_t = 10.0)]
    pub(crate) rate: f64,
    /// Seconds of events
    #[arg(long, default_value = "30", value_parser = seconds)]
    pub(crate) seconds: Duration,
    /// Seconds without events in which the idle CPU is measured
    #[arg(long, default_value = "5", value_parser = seconds)]
    pub(crate) idle: Duration,
    /// Further readers that stop reading for a while
    #[arg(long, default_value_t = 0)]
    pub(crate) stalled: usize,
    /// Seconds for which they do
    #[arg(long, default_value = "60", value_parser = seconds)]
    pub(crate) stall: Duration,
}

/// What a crowd costs.
#[derive(Debug)]
pub(crate) struct Cost {
    /// Server CPU for each delivery, in microseconds.
    pub(crate) cpu_us: f64,
    /// Server memory for each idle connection.
    pub(crate) idle_kib: f64,
    /// From the sending of a message to each reader.
    pub(crate) latency: Summary,
    deliveries: usize,
    differences: Differences,
}

/// The server with its crowd.
struct Stage {
    rig: Rig,
    crowd: Crowd,
    publisher: Publisher,
    channel: String,
    /// The newest event when the crowd joined.
    joined_at: i64,
}

impl Plan {
    async fn stage(&self, options: &Options) -> anyhow::Result<Stage> {
        let rig = Rig::start(options, 1).await?;
        let script = Arc::new(Script {
            seed: options.seed,
            channels: channels(1),
            kinds: PUBLIC,
        });
        let channel = script.channels[0].id.clone();
        let messages = self.rate * (self.seconds + self.stall).as_secs_f64() * 2.0 + 100.0;
        let sent = Arc::new(Sent::new(0, messages as usize));
        let crowd = Crowd::new(rig.address, &rig.viewer.token, Arc::clone(&sent));
        let publisher = Publisher::new(rig.address, script, sent);
        Ok(Stage {
            rig,
            crowd,
            publisher,
            channel,
            joined_at: 0,
        })
    }

    /// Measures the crowd alone.
    ///
    /// # Errors
    /// When it cannot be measured.
    pub(crate) async fn cost(
        &self,
        options: &Options,
        report: &mut Report,
    ) -> anyhow::Result<Cost> {
        let mut stage = self.stage(options).await?;
        let cost = self.measure(&mut stage, report).await?;
        stage.crowd.cut().await;
        stage.rig.end().await?;
        Ok(cost)
    }

    async fn measure(&self, stage: &mut Stage, report: &mut Report) -> anyhow::Result<Cost> {
        let Stage {
            rig,
            crowd,
            publisher,
            channel,
            joined_at,
        } = stage;
        // The first event and its work are not of this figure.
        publisher.one().await?;
        tokio::time::sleep(SETTLE).await;
        *joined_at = newest(rig).await?;
        let before = rig.usage()?.resident_kib;
        let wishes = vec![wish(channel, None); self.readers];
        crowd.join(wishes, AT_ONCE, DEADLINE).await?;
        tokio::time::sleep(SETTLE).await;
        let with_crowd = rig.usage()?;
        tokio::time::sleep(self.idle).await;
        let idle = rig.usage()?.cpu - with_crowd.cpu;
        let idle_share = idle.as_secs_f64() / self.idle.as_secs_f64().max(0.001);

        let (begin, cpu) = (Instant::now(), rig.usage()?.cpu);
        publisher.publish(self.rate, self.seconds).await?;
        let differences = check(rig, crowd, channel, |_| *joined_at, report).await?;
        let busy = (rig.usage()?.cpu - cpu).as_secs_f64();
        let busy = busy - idle_share * begin.elapsed().as_secs_f64();
        let deliveries = crowd.deliveries();
        report.require(crowd.reconnects() == 0, "streams ended by themselves");
        Ok(Cost {
            cpu_us: busy * 1e6 / deliveries.max(1) as f64,
            idle_kib: with_crowd.resident_kib.saturating_sub(before) as f64
                / self.readers.max(1) as f64,
            latency: crowd.take_latencies(|_| true).summary(),
            deliveries,
            differences,
        })
    }

    /// Some stop reading: what that costs the server and the others.
    async fn stall(&self, stage: &mut Stage, report: &mut Report) -> anyhow::Result<()> {
        let Stage {
            rig,
            crowd,
            publisher,
            channel,
            joined_at,
        } = stage;
        let stopped_at = newest(rig).await?;
        let (stalled, stall) = watch::channel(false);
        let wishes = vec![wish(channel, Some(stall)); self.stalled];
        crowd.join(wishes, AT_ONCE, DEADLINE).await?;
        let before = rig.usage()?.resident_mib();
        stalled.send_replace(true);
        publisher.publish(self.rate, self.stall).await?;
        let growth = rig.usage()?.resident_mib() - before;
        stalled.send_replace(false);
        let is_old = |number: usize| number < self.readers;
        let joined_at = |number: usize| {
            if is_old(number) {
                *joined_at
            } else {
                stopped_at
            }
        };
        let differences = check(rig, crowd, channel, joined_at, report).await?;
        let latency = crowd.take_latencies(is_old).summary();
        report.figures.extend([
            Figure::new(
                "P2",
                format!("p99 beside {} that do not read", self.stalled),
                latency.p99_ms,
                "ms",
            )
            .bar(150.0, 150.0)
            .times(&latency),
            none_differ("the same beside them, theirs included", &differences),
            Figure::new("P2", "memory growth beside them", growth, "MiB"),
        ]);
        report.condition("streams ended for being slow", crowd.reconnects());
        Ok(())
    }
}

fn wish(channel: &str, stall: Option<watch::Receiver<bool>>) -> Wish {
    Wish {
        query: format!("broadcaster_id={channel}"),
        stall,
    }
}

fn none_differ(what: &str, differences: &Differences) -> Figure {
    Figure::new("P2", what, differences.total() as f64, "").bar(0.0, 0.0)
}

/// The newest event so far.
async fn newest(rig: &Rig) -> anyhow::Result<i64> {
    let store = rig.store().await?;
    let newest = store.newest().await?;
    store.close().await;
    Ok(newest)
}

/// Waits until all readers have all there is, and compares. Each joined after a certain event.
async fn check(
    rig: &Rig,
    crowd: &Crowd,
    channel: &str,
    joined_at: impl Fn(usize) -> i64,
    report: &mut Report,
) -> anyhow::Result<Differences> {
    let store = rig.store().await?;
    let stored = store.visible(&rig.viewer.id, &[channel]).await?;
    store.close().await;
    let newest = stored.last().copied().unwrap_or_default();
    let all = crowd
        .wait(DEADLINE, |seen, _| seen.cursor >= Some(newest))
        .await;
    report.require(all, "not all readers got the last event");
    let mut all = Differences::default();
    for (number, reader) in crowd.readers().iter().enumerate() {
        let after = joined_at(number);
        let from = stored.partition_point(|id| *id <= after);
        all.add(&compare(&stored[from..], &reader.seen().events));
    }
    report.require(all.is_none(), format!("the readers' events: {all:?}"));
    Ok(all)
}

/// Measures the crowd, and with `--stalled` also the slow ones.
///
/// # Errors
/// When it cannot be measured.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let mut report = Report::default();
    say(format!("P2: {} readers …", plan.readers));
    let mut stage = plan.stage(options).await?;
    let cost = plan.measure(&mut stage, &mut report).await?;
    report.figures = vec![
        Figure::new("P2", "publish to read, p99", cost.latency.p99_ms, "ms")
            .bar(150.0, 150.0)
            .times(&cost.latency),
        none_differ(
            "events missing, repeated or out of order",
            &cost.differences,
        ),
        Figure::new("P2", "server CPU per delivery", cost.cpu_us, "µs").bar(14.0, 8.0),
        Figure::new("P2", "memory per idle connection", cost.idle_kib, "KiB").bar(20.0, 10.0),
    ];
    if plan.stalled > 0 {
        say(format!("P2: {} of them stop reading …", plan.stalled));
        plan.stall(&mut stage, &mut report).await?;
    }
    stage.crowd.cut().await;
    stage.rig.end().await?;
    report.condition("readers", plan.readers);
    report.condition("events per second", plan.rate);
    report.condition("seconds", plan.seconds.as_secs_f64());
    report.condition("deliveries", cost.deliveries);
    report.condition("stalled readers", plan.stalled);
    report.condition("server settings", rig::settings());
    report.condition("rate limits", "off");
    Ok(report)
}
