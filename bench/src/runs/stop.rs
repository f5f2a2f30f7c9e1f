//! SIGTERM under full load: what is in flight is answered, live streams end in order, nothing acknowledged is lost.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::task::JoinSet;

use super::fanout::{AT_ONCE, DEADLINE};
use super::seconds;
use crate::figure::Figure;
use crate::options::Options;
use crate::readers::{Crowd, Sent, Wish};
use crate::report::{Report, say};
use crate::rig::{self, Rig};
use crate::script::{ALL, Script, channels};
use crate::sender::{Letter, Sender, Signature};

/// Many, so that the readers of one are not the load.
const STREAMERS: usize = 500;

/// What the server sent before it ended is read within this.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

/// How much is going on.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// Connections that send
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Live readers
    #[arg(long, default_value_t = 200)]
    readers: usize,
    /// Seconds of load before the signal
    #[arg(long, default_value = "5", value_parser = seconds)]
    seconds: Duration,
}

/// What a connection went through until it broke.
#[derive(Debug, Default)]
struct Fate {
    acknowledged: Vec<u64>,
    /// Answered 503.
    refused: u64,
    /// Sent, and the connection ended without a byte of an answer.
    unanswered: Vec<u64>,
    /// Answers that must not be.
    odd: Vec<(u64, u16)>,
}

impl Fate {
    fn absorb(&mut self, mut other: Self) {
        self.acknowledged.append(&mut other.acknowledged);
        self.refused += other.refused;
        self.unanswered.append(&mut other.unanswered);
        self.odd.append(&mut other.odd);
    }
}

/// Loads, stops, and compares.
///
/// # Errors
/// When it cannot be done.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut rig = Rig::start(options, 1).await?;
    let script = Arc::new(Script {
        seed: options.seed,
        channels: channels(STREAMERS),
        kinds: ALL,
    });
    let mut crowd = Crowd::new(rig.address, &rig.viewer.token, Arc::new(Sent::new(0, 0)));
    let query = format!("broadcaster_id={}", script.channels[0].id);
    let wishes = (0..plan.readers).map(|_| Wish {
        query: query.clone(),
        ..Wish::default()
    });
    crowd.join(wishes, AT_ONCE, DEADLINE).await?;
    say("stop: SIGTERM under load …");
    let (next, mut senders) = (Arc::new(AtomicU64::new(0)), JoinSet::new());
    for _ in 0..plan.connections {
        let (script, next) = (Arc::clone(&script), Arc::clone(&next));
        senders.spawn(send_until_cut(rig.address, script, next));
    }
    tokio::time::sleep(plan.seconds).await;

    let server = rig.give_server()?;
    let last_words = server.last_words();
    let begin = Instant::now();
    server.terminate()?;
    let status = server.exit().await?;
    let took = begin.elapsed();
    report.require(
        status.success(),
        format!("the server ended with {status}; {last_words}"),
    );
    let mut fate = Fate::default();
    while let Some(own) = senders.join_next().await {
        fate.absorb(own??);
    }
    // The end of a stream may still be on its way to its reader.
    let ended = crowd
        .wait(ENDS_WITHIN, |seen, _| seen.opened == seen.ended)
        .await;
    report.require(ended, "not all live streams were ended in order");
    crowd.cut().await;
    compare(&rig, &mut fate, &mut report).await?;
    report.figures.insert(
        0,
        Figure::new("stop", "SIGTERM to exit", took.as_secs_f64(), "s"),
    );
    report.condition("acknowledged before the end", fate.acknowledged.len());
    report.condition("answered 503", fate.refused);
    report.condition("cut before an answer", fate.unanswered.len());
    report.condition("connections", plan.connections);
    report.condition("live readers", plan.readers);
    report.condition("server settings", rig::settings());
    rig.end().await?;
    Ok(report)
}

/// Sends until the connection ends.
async fn send_until_cut(
    address: SocketAddr,
    script: Arc<Script>,
    next: Arc<AtomicU64>,
) -> anyhow::Result<Fate> {
    let sender = Sender::open(address, Letter::new(address)?).await;
    let mut sender = sender.ok().context("cannot connect")?;
    let mut fate = Fate::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        match sender.send(&script.notice(number), Signature::Valid).await {
            Ok(204) => fate.acknowledged.push(number),
            Ok(503) => fate.refused += 1,
            Ok(other) => fate.odd.push((number, other)),
            Err(_) => {
                fate.unanswered.push(number);
                return Ok(fate);
            }
        }
    }
}

/// Looks into the database that was left behind.
async fn compare(rig: &Rig, fate: &mut Fate, report: &mut Report) -> anyhow::Result<()> {
    let store = rig.store().await?;
    let stored = store.held().await?.numbers();
    store.close().await;
    let is_stored = |number: &&u64| stored.binary_search(number).is_ok();
    let lost = fate.acknowledged.iter().filter(|n| !is_stored(n)).count();
    let silent = fate.unanswered.iter().filter(is_stored).count();
    let twice = stored.windows(2).filter(|pair| pair[0] == pair[1]).count();
    for (what, count) in [
        ("acknowledged and lost", lost),
        ("stored and not answered", silent),
        ("stored twice", twice),
        ("answered other than 204 or 503", fate.odd.len()),
    ] {
        let figure = Figure::new("stop", what, count as f64, "");
        report.figures.push(figure.bar(0.0, 0.0));
        report.require(count == 0, format!("{what}: {count}"));
    }
    Ok(())
}
