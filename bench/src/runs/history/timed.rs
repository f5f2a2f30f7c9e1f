//! Asks the questions of a mix for a while, and notes what each sort of them took.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::ensure;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::mix::{Mix, World};
use crate::figure::rounded;
use crate::http::{Connection, bearer, get};
use crate::latency::{Latencies, Summary};
use crate::rig::Rig;

/// Rounds of all sorts that each connection has different questions for.
const ROUNDS: usize = 100;

/// What the requests of a mix took.
#[derive(Debug)]
pub(super) struct Timed {
    /// Of all sorts together.
    pub(super) all: Summary,
    /// Of each sort.
    pub(super) by_sort: Vec<(String, Summary)>,
    /// Server CPU of each request, in microseconds.
    pub(super) cpu_us: f64,
}

impl Timed {
    /// The sorts, as conditions tell them.
    pub(super) fn sorts(&self) -> Value {
        let told = self.by_sort.iter().map(|(sort, times)| {
            let told = json!({
                "count": times.count,
                "p50_ms": rounded(times.p50_ms),
                "p99_ms": rounded(times.p99_ms),
                "max_ms": rounded(times.max_ms),
            });
            (sort.clone(), told)
        });
        told.collect()
    }
}

/// Asks over several connections for so long, and each sort at least once over each.
///
/// # Errors
/// When an answer is not 200.
pub(super) async fn measure(
    rig: &Rig,
    world: &World<'_>,
    mix: &Mix,
    connections: usize,
    time: Duration,
    seed: u64,
) -> anyhow::Result<Timed> {
    let sorts = mix.sorts();
    let all: Vec<Vec<Request>> = (0..connections)
        .map(|nth| {
            requests(
                rig,
                world,
                mix,
                nth * sorts / connections,
                seed + nth as u64,
            )
        })
        .collect();
    let mut tasks = JoinSet::new();
    let before = rig.usage()?.cpu;
    let end = Instant::now() + time;
    for requests in all {
        tasks.spawn(ask_all(rig.address, requests, sorts, end));
    }
    let mut by_sort: BTreeMap<usize, (String, Latencies)> = BTreeMap::new();
    while let Some(own) = tasks.join_next().await {
        for (nth, sort, latencies) in own?? {
            let entry = by_sort.entry(nth).or_default();
            entry.0 = sort;
            entry.1.append(latencies);
        }
    }
    let cpu = (rig.usage()?.cpu - before).as_secs_f64();
    let mut all = Latencies::default();
    for (_, latencies) in by_sort.values() {
        all.append(latencies.clone());
    }
    let all = all.summary();
    let by_sort = by_sort.into_values();
    Ok(Timed {
        all,
        by_sort: by_sort.map(|(sort, took)| (sort, took.summary())).collect(),
        cpu_us: cpu * 1e6 / all.count.max(1) as f64,
    })
}

/// A request, and the place and name of its sort.
#[derive(Debug)]
struct Request {
    nth: usize,
    sort: String,
    bytes: Vec<u8>,
}

/// Made beforehand. Connections begin with different sorts, so that they do not ask the same at once.
fn requests(rig: &Rig, world: &World<'_>, mix: &Mix, first: usize, seed: u64) -> Vec<Request> {
    let mut dice = StdRng::seed_from_u64(seed);
    let sorts = mix.sorts();
    let headers = bearer(&rig.viewer.token);
    (first..first + ROUNDS * sorts)
        .map(|nth| {
            let question = mix.question(world, nth, &mut dice);
            Request {
                nth: nth % sorts,
                bytes: get(rig.address, &question.path(), &headers),
                sort: question.sort,
            }
        })
        .collect()
}

async fn ask_all(
    address: SocketAddr,
    requests: Vec<Request>,
    at_least: usize,
    end: Instant,
) -> anyhow::Result<Vec<(usize, String, Latencies)>> {
    let mut connection = Connection::open(address).await?;
    let mut by_sort: BTreeMap<usize, (String, Latencies)> = BTreeMap::new();
    for (asked, request) in requests.iter().cycle().enumerate() {
        let begin = Instant::now();
        if begin >= end && asked >= at_least {
            break;
        }
        let status = connection.status(&request.bytes).await?;
        let took = begin.elapsed();
        ensure!(status == 200, "{} was answered {status}", request.sort);
        let entry = by_sort.entry(request.nth).or_default();
        if entry.0.is_empty() {
            entry.0.clone_from(&request.sort);
        }
        entry.1.push(took);
    }
    let by_sort = by_sort.into_iter();
    Ok(by_sort
        .map(|(nth, (sort, took))| (nth, sort, took))
        .collect())
}
