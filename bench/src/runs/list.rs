//! P3: the list of a streamer's events, however many events there are in all.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;
use tokio::task::JoinSet;

use super::seconds;
use crate::figure::{Figure, rounded};
use crate::http::{Connection, bearer, get};
use crate::latency::{Latencies, Summary};
use crate::options::Options;
use crate::report::{Report, say};
use crate::rig::{self, Rig};
use crate::rows::filing::start_and_file;
use crate::rows::{FIRST, Rows, require_room};

/// Events of a page.
const LIMIT: usize = 50;
/// Of so many pages the content is looked at, before anything is measured.
const LOOKED_AT: usize = 200;
/// Events whose content is compared with what was sent.
const SAMPLE: usize = 1_000;
/// Each further step of the growth curve has so many times the rows.
const STEP: u64 = 10;

/// How far it grows, how long it is measured.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// Events in the end; about 1.2 KB of disk each
    #[arg(long, default_value_t = 10_000_000)]
    pub(crate) rows: u64,
    /// Seconds of requests at each size
    #[arg(long, default_value = "5", value_parser = seconds)]
    pub(crate) seconds: Duration,
    /// Connections at once
    #[arg(long, default_value_t = 4)]
    pub(crate) connections: usize,
}

/// What lists cost at a size.
#[derive(Debug)]
pub(crate) struct Measured {
    /// Events in the database.
    pub(crate) rows: u64,
    /// Time of each request.
    pub(crate) latency: Summary,
    /// Server CPU of each, in microseconds.
    pub(crate) cpu_us: f64,
}

impl Plan {
    /// Sizes at which it is measured.
    fn sizes(&self) -> Vec<u64> {
        let mut sizes: Vec<u64> = std::iter::successors(Some(FIRST), |size| size.checked_mul(STEP))
            .take_while(|size| *size < self.rows)
            .collect();
        sizes.push(self.rows.max(FIRST) / FIRST * FIRST);
        sizes
    }

    /// Measures the running server.
    ///
    /// # Errors
    /// When a page is not as it must be.
    pub(crate) async fn measure(
        &self,
        rig: &Rig,
        rows: &Rows,
        seed: u64,
    ) -> anyhow::Result<Measured> {
        let newest = i64::try_from(rows.count())?;
        look_at_pages(rig, rows, newest, seed).await?;
        let mut tasks = JoinSet::new();
        let before = rig.usage()?.cpu;
        let end = Instant::now() + self.seconds;
        for connection in 0..self.connections {
            let mut dice = StdRng::seed_from_u64(seed + connection as u64);
            // Made beforehand: a generator of random numbers is nothing to share.
            let requests: Vec<Vec<u8>> = (0..5_000)
                .map(|_| request(rig, rows, newest, &mut dice).0)
                .collect();
            tasks.spawn(ask_all(rig.address, requests, end));
        }
        let mut latencies = Latencies::default();
        while let Some(own) = tasks.join_next().await {
            latencies.append(own??);
        }
        let latency = latencies.summary();
        let cpu = (rig.usage()?.cpu - before).as_secs_f64();
        Ok(Measured {
            rows: rows.count(),
            latency,
            cpu_us: cpu * 1e6 / latency.count.max(1) as f64,
        })
    }
}

/// A request for the newest page of a random streamer, or for one deep down; and of whom it is.
fn request(rig: &Rig, rows: &Rows, newest: i64, dice: &mut StdRng) -> (Vec<u8>, String) {
    let broadcaster = rows.broadcaster(dice.random());
    let mut path = format!("/api/v1/events?broadcaster_id={broadcaster}&limit={LIMIT}");
    if dice.random() {
        path.push_str(&format!("&before={}", dice.random_range(1..=newest)));
    }
    let asked = get(rig.address, &path, &bearer(&rig.viewer.token));
    (asked, broadcaster)
}

async fn ask_all(
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    end: Instant,
) -> anyhow::Result<Latencies> {
    let mut connection = Connection::open(address).await?;
    let mut latencies = Latencies::default();
    for request in requests.iter().cycle() {
        let begin = Instant::now();
        if begin >= end {
            break;
        }
        let status = connection.status(request).await?;
        ensure!(status == 200, "a list was answered {status}");
        latencies.push(begin.elapsed());
    }
    Ok(latencies)
}

/// Each page holds events of the streamer that was asked for, newest first; this also warms up.
async fn look_at_pages(rig: &Rig, rows: &Rows, newest: i64, seed: u64) -> anyhow::Result<()> {
    let mut dice = StdRng::seed_from_u64(seed ^ 0xFFFF);
    let mut connection = Connection::open(rig.address).await?;
    let mut full = 0;
    for _ in 0..LOOKED_AT {
        let (asked, broadcaster) = request(rig, rows, newest, &mut dice);
        let page = connection.ask(&asked).await?.json(200)?;
        let events = page["events"].as_array().context("no events")?;
        let id = |event: &Value| event["id"].as_str().and_then(|id| id.parse::<i64>().ok());
        ensure!(
            events.is_sorted_by(|one, next| id(one) > id(next)),
            "a page is not in order: {page}"
        );
        let is_own = |event: &Value| event["broadcaster"]["id"] == broadcaster.as_str();
        ensure!(events.iter().all(is_own), "events of others: {page}");
        full += usize::from(events.len() == LIMIT);
    }
    ensure!(full * 2 > LOOKED_AT, "only {full} pages are full");
    Ok(())
}

/// Measures at each size.
///
/// # Errors
/// When it cannot be measured, or the disk is too small.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let mut report = Report::default();
    require_room(&options.folder()?, plan.rows)?;
    let mut rig = Rig::start(options, 1).await?;
    let mut rows = Rows::first(&rig, options.seed).await?;
    let mut curve: Vec<Measured> = Vec::new();
    for size in plan.sizes() {
        say(format!("P3: {size} events …"));
        if size > rows.count() {
            rig.stop_server().await?;
            rows.grow(&rig.database(), size).await?;
            start_and_file(&mut rig, rows.count()).await?;
        }
        curve.push(plan.measure(&rig, &rows, options.seed).await?);
    }
    let store = rig.store().await?;
    let mut dice = StdRng::seed_from_u64(options.seed);
    match rows.compare(&store, SAMPLE, &mut dice).await {
        Ok(count) => report.condition("events compared field by field", count),
        Err(error) => report.faults.push(format!("{error:#}")),
    }
    store.close().await;
    let bytes = std::fs::metadata(rig.database())?.len();
    rig.end().await?;
    figures(&mut report, &curve);
    report.condition("rows", rows.count());
    report.condition("database, bytes", bytes);
    report.condition("connections", plan.connections);
    report.condition("seconds at each size", plan.seconds.as_secs_f64());
    report.condition("file cache", "warm");
    report.condition("server settings", rig::settings());
    report.condition("rate limits", "off");
    Ok(report)
}

fn figures(report: &mut Report, curve: &[Measured]) {
    for (at, point) in curve.iter().enumerate() {
        let what = format!("list at {} events, p99", point.rows);
        let figure = Figure::new("P3", what, point.latency.p99_ms, "ms").times(&point.latency);
        let is_last = at + 1 == curve.len();
        report.figures.push(if is_last {
            figure.bar(5.0, 5.0)
        } else {
            figure
        });
        let name = format!("server CPU per list at {} events, µs", point.rows);
        report.condition(&name, rounded(point.cpu_us));
    }
    if let [first, .., last] = curve {
        for (what, one, other) in [
            ("p50", first.latency.p50_ms, last.latency.p50_ms),
            ("p99", first.latency.p99_ms, last.latency.p99_ms),
        ] {
            let what = format!(
                "{what} at {} events, times that at {}",
                last.rows, first.rows
            );
            let ratio = other / one.max(0.001);
            report
                .figures
                .push(Figure::new("P3", what, ratio, "×").bar(1.5, 1.5));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_grow_tenfold_up_to_what_is_asked() {
        let sizes = |rows| {
            Plan {
                rows,
                seconds: Duration::ZERO,
                connections: 1,
            }
            .sizes()
        };
        assert_eq!(sizes(10_000), [10_000]);
        assert_eq!(sizes(1_000_000), [10_000, 100_000, 1_000_000]);
        assert_eq!(sizes(30_000_000).last(), Some(&30_000_000));
        assert_eq!(sizes(5), [10_000]);
        assert_eq!(sizes(123_456), [10_000, 100_000, 120_000]);
    }
}
