//! P5: thousands of live readers are cut off while events arrive, and all come back at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::fanout::{AT_ONCE, DEADLINE};
use super::seconds;
use crate::figure::Figure;
use crate::options::Options;
use crate::publisher::Publisher;
use crate::readers::{Crowd, Sent, Wish};
use crate::report::{Report, say};
use crate::rig::{self, Rig};
use crate::script::{PUBLIC, Script, channels};
use crate::sequence::{Differences, compare};

/// Events before the cut, so that every reader has a cursor of its own.
const BEFORE: Duration = Duration::from_secs(2);
/// Events go on while the readers come back, for at most so long.
const MEANWHILE: Duration = Duration::from_secs(300);

/// How many, for how long.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// Live readers
    #[arg(long, default_value_t = 5_000)]
    readers: usize,
    /// Streamers they are spread over
    #[arg(long, default_value_t = 1)]
    streamers: usize,
    /// Events per second, of all streamers together
    #[arg(long, default_value_t = 10.0)]
    rate: f64,
    /// Seconds for which they are cut off
    #[arg(long, default_value = "30", value_parser = seconds)]
    away: Duration,
}

/// Cuts, lets events arrive, and measures the coming back.
///
/// # Errors
/// When it cannot be measured.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let rig = Rig::start(options, 1).await?;
    let script = Arc::new(Script {
        seed: options.seed,
        channels: channels(plan.streamers.max(1)),
        kinds: PUBLIC,
    });
    let messages = plan.rate * (BEFORE + plan.away + MEANWHILE).as_secs_f64() + 100.0;
    let sent = Arc::new(Sent::new(0, messages as usize));
    let mut crowd = Crowd::new(rig.address, &rig.viewer.token, Arc::clone(&sent));
    let mut publisher = Publisher::new(rig.address, Arc::clone(&script), sent);
    say(format!("P5: {} readers …", plan.readers));
    let wishes = (0..plan.readers).map(|reader| Wish {
        query: format!("broadcaster_id={}", channel(&script, reader)),
        ..Wish::default()
    });
    crowd.join(wishes, AT_ONCE, DEADLINE).await?;
    publisher.publish(plan.rate, BEFORE).await?;
    crowd.cut().await;
    say(format!("P5: all are cut off for {:?} …", plan.away));
    publisher.publish(plan.rate, plan.away).await?;

    let newest: Vec<Option<i64>> = stored(&rig, &script)
        .await?
        .iter()
        .map(|ids| ids.last().copied())
        .collect();
    let (begin, cpu) = (Instant::now(), rig.usage()?.cpu);
    crowd.come_back();
    let caught_up = crowd.wait(DEADLINE, |seen, reader| {
        seen.cursor >= newest[reader % newest.len()]
    });
    let all = tokio::select! {
        all = caught_up => all,
        // What is still on its way is of no more interest; the store tells what arrived.
        ended = publisher.publish(plan.rate, MEANWHILE) => { ended?; false }
    };
    let took = begin.elapsed();
    let cpu = (rig.usage()?.cpu - cpu).as_secs_f64();
    report.require(all, format!("not all had caught up within {DEADLINE:?}"));

    let differences = differences(&rig, &crowd, &script).await?;
    report.require(
        differences.is_none(),
        format!("the readers' events: {differences:?}"),
    );
    report.figures = vec![
        Figure::new("P5", "all caught up after", took.as_secs_f64(), "s").bar(10.0, 10.0),
        Figure::new(
            "P5",
            "events missing, repeated or out of order",
            differences.total() as f64,
            "",
        )
        .bar(0.0, 0.0),
        Figure::new(
            "P5",
            "server CPU per reader that comes back",
            cpu * 1e3 / plan.readers.max(1) as f64,
            "ms",
        ),
        Figure::new("P5", "memory then", rig.usage()?.resident_mib(), "MiB"),
    ];
    report.condition("readers", plan.readers);
    report.condition("streamers", plan.streamers);
    report.condition("events per second", plan.rate);
    report.condition("seconds away", plan.away.as_secs_f64());
    report.condition("streams opened again", crowd.reconnects());
    report.condition("server settings", rig::settings());
    report.condition("rate limits", "off");
    crowd.cut().await;
    rig.end().await?;
    Ok(report)
}

fn channel(script: &Script, reader: usize) -> &str {
    &script.channels[reader % script.channels.len()].id
}

/// The visible events of each streamer.
async fn stored(rig: &Rig, script: &Script) -> anyhow::Result<Vec<Vec<i64>>> {
    let store = rig.store().await?;
    let mut all = Vec::with_capacity(script.channels.len());
    for channel in &script.channels {
        all.push(store.visible(&rig.viewer.id, &[&channel.id]).await?);
    }
    store.close().await;
    Ok(all)
}

/// Waits until all have everything, and compares.
async fn differences(rig: &Rig, crowd: &Crowd, script: &Script) -> anyhow::Result<Differences> {
    let stored = stored(rig, script).await?;
    let of = |reader: usize| &stored[reader % stored.len()];
    // Readers that miss the last one are told apart by the comparison.
    crowd
        .wait(DEADLINE, |seen, reader| {
            of(reader).last() <= seen.events.last()
        })
        .await;
    let mut all = Differences::default();
    for (number, reader) in crowd.readers().iter().enumerate() {
        all.add(&compare(of(number), &reader.seen().events));
    }
    Ok(all)
}
