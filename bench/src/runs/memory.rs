//! Whether memory stays flat under a steady load with live readers coming and going.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use anyhow::ensure;
use tokio::time::{Instant, MissedTickBehavior};

use super::fanout::{AT_ONCE, DEADLINE};
use crate::figure::Figure;
use crate::load::{Load, Span};
use crate::options::{Options, free_bytes};
use crate::readers::{Crowd, Sent, Wish};
use crate::report::{Report, say};
use crate::rig::{self, Rig};
use crate::script::{ALL, Script, channels};

const SAMPLE_EVERY: Duration = Duration::from_secs(5);
/// The last third may need so much more than the middle one.
const FLAT: f64 = 1.10;
/// Many, so that the readers of one are not the load.
const STREAMERS: usize = 500;
/// Disk that a message takes, with its indexes.
const MESSAGE_BYTES: f64 = 1_500.0;

/// How long, how fast.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// Minutes of load
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Messages per second: half of what the server must take
    #[arg(long, default_value_t = 12_500.0)]
    rate: f64,
    /// Connections that send
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Live readers; all are replaced by others every five seconds
    #[arg(long, default_value_t = 200)]
    readers: usize,
}

/// Loads and looks.
///
/// # Errors
/// When it cannot be measured, or the disk is too small.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let time = Duration::try_from_secs_f64(plan.minutes * 60.0)?;
    let bytes = plan.rate * time.as_secs_f64() * MESSAGE_BYTES;
    ensure!(
        bytes < free_bytes(&options.folder()?)? as f64,
        "the disk has no room for {:.0} GB of events; ask for fewer --minutes",
        bytes / 1e9
    );
    let rig = Rig::start(options, 1).await?;
    let script = Arc::new(Script {
        seed: options.seed,
        channels: channels(STREAMERS),
        kinds: ALL,
    });
    let load = Load {
        address: rig.address,
        script: Arc::clone(&script),
        connections: plan.connections,
        next: Arc::new(AtomicU64::new(0)),
        rate: Some(plan.rate),
    };
    say(format!("memory: {} minutes …", plan.minutes));
    let (outcome, samples) = tokio::join!(
        load.run(Span::For(time)),
        sample(&rig, plan.readers, &script, time)
    );
    let (outcome, samples) = (outcome?, samples?);

    let mut report = Report::default();
    report.require(
        outcome.refused.is_empty(),
        format!("{} messages were refused", outcome.refused.len()),
    );
    let growth = last_to_middle_third(&samples);
    report.figures = vec![
        Figure::new("memory", "last third, times the middle third", growth, "×").bar(FLAT, 1.0),
        Figure::new("memory", "slope", slope(&samples) * 60.0, "MiB/min"),
        Figure::new("memory", "at the start", first(&samples), "MiB"),
        Figure::new("memory", "at the end", first(samples.iter().rev()), "MiB"),
        Figure::new("memory", "messages a second", outcome.rate(), "/s").more_is_better(),
    ];
    report.condition("minutes", plan.minutes);
    report.condition("messages a second wanted", plan.rate);
    report.condition("live readers, replaced every 5 s", plan.readers);
    report.condition("server settings", rig::settings());
    report.condition("rate limits", "off");
    rig.end().await?;
    Ok(report)
}

/// Seconds since the beginning, and resident MiB.
type Sample = (f64, f64);

async fn sample(
    rig: &Rig,
    readers: usize,
    script: &Script,
    time: Duration,
) -> anyhow::Result<Vec<Sample>> {
    let begin = Instant::now();
    let mut every = tokio::time::interval(SAMPLE_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut samples = Vec::new();
    let wishes: Vec<Wish> = (0..readers)
        .map(|reader| Wish {
            query: format!(
                "broadcaster_id={}",
                script.channels[reader % script.channels.len()].id
            ),
            ..Wish::default()
        })
        .collect();
    loop {
        every.tick().await;
        if begin.elapsed() >= time {
            return Ok(samples);
        }
        // New ones each time, so that nothing piles up on this side.
        let mut crowd = Crowd::new(rig.address, &rig.viewer.token, Arc::new(Sent::new(0, 0)));
        crowd.join(wishes.clone(), AT_ONCE, DEADLINE).await?;
        samples.push((begin.elapsed().as_secs_f64(), rig.usage()?.resident_mib()));
        every.tick().await;
        crowd.cut().await;
    }
}

fn first<'a>(samples: impl IntoIterator<Item = &'a Sample>) -> f64 {
    samples.into_iter().next().map_or(0.0, |(_, mib)| *mib)
}

/// The mean of the last third over that of the middle third; 1 when there is too little of both.
fn last_to_middle_third(samples: &[Sample]) -> f64 {
    let third = samples.len() / 3;
    let mean = |part: &[Sample]| part.iter().map(|(_, mib)| mib).sum::<f64>() / part.len() as f64;
    if third == 0 {
        return 1.0;
    }
    let (middle, last) = samples[third..].split_at(samples.len() - 2 * third);
    mean(last) / mean(middle)
}

/// Least squares, in MiB per second.
fn slope(samples: &[Sample]) -> f64 {
    let count = samples.len() as f64;
    let (sum_t, sum_m) = samples
        .iter()
        .fold((0.0, 0.0), |(t, m), sample| (t + sample.0, m + sample.1));
    let (mean_t, mean_m) = (sum_t / count, sum_m / count);
    let (mut up, mut down) = (0.0, 0.0);
    for (t, mib) in samples {
        up += (t - mean_t) * (mib - mean_m);
        down += (t - mean_t).powi(2);
    }
    if down > 0.0 { up / down } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rise_has_its_slope() {
        let samples: Vec<Sample> = (0..30)
            .map(|n| (f64::from(n), 10.0 + f64::from(n) * 0.5))
            .collect();
        assert!((slope(&samples) - 0.5).abs() < 1e-9);
        assert_eq!(slope(&[(1.0, 5.0)]), 0.0);
        assert_eq!(slope(&[]), 0.0);
    }

    #[test]
    fn the_last_third_is_compared_with_the_middle_one() {
        let of = |values: &[f64]| {
            let samples: Vec<Sample> = values.iter().map(|mib| (0.0, *mib)).collect();
            last_to_middle_third(&samples)
        };
        assert_eq!(of(&[1.0, 1.0, 10.0, 10.0, 12.0, 12.0]), 1.2);
        assert_eq!(of(&[5.0]), 1.0);
        assert_eq!(of(&[1.0, 2.0, 2.0, 2.0, 4.0]), 2.0);
    }
}
