//! The load of P1: many connections, each sending the next message as soon as the last one was answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::task::JoinSet;

use crate::latency::Latencies;
use crate::script::Script;
use crate::sender::{Letter, Sender, Signature};

/// How long a load goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Span {
    /// For this time.
    For(Duration),
    /// Until so many messages were sent.
    Count(u64),
}

/// A load.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    /// To whom.
    pub(crate) address: SocketAddr,
    /// What is sent.
    pub(crate) script: Arc<Script>,
    /// Connections at once.
    pub(crate) connections: usize,
    /// Number of the next message; goes on where an earlier load ended.
    pub(crate) next: Arc<AtomicU64>,
    /// Messages a second at most; none is as many as it takes.
    pub(crate) rate: Option<f64>,
}

/// What came of a load.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Numbers of the messages that were acknowledged.
    pub(crate) acknowledged: Vec<u64>,
    /// Other answers: number and status.
    pub(crate) refused: Vec<(u64, u16)>,
    /// Time of each acknowledgement.
    pub(crate) latencies: Latencies,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
}

impl Outcome {
    /// Acknowledgements per second.
    pub(crate) fn rate(&self) -> f64 {
        self.acknowledged.len() as f64 / self.elapsed.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    fn absorb(&mut self, mut other: Self) {
        self.acknowledged.append(&mut other.acknowledged);
        self.refused.append(&mut other.refused);
        self.latencies.append(other.latencies);
    }
}

impl Load {
    /// Sends for so long; an answer other than 204 is noted and the next message follows.
    ///
    /// # Errors
    /// When a connection breaks.
    pub(crate) async fn run(&self, span: Span) -> anyhow::Result<Outcome> {
        let first = self.next.load(Ordering::SeqCst);
        let mut senders = Vec::with_capacity(self.connections);
        for _ in 0..self.connections {
            let letter = Letter::new(self.address)?;
            let sender = Sender::open(self.address, letter).await;
            senders.push(sender.ok().context("cannot connect")?);
        }
        let begin = Instant::now();
        let end = match span {
            Span::For(time) => End::At(begin + time),
            Span::Count(count) => End::Before(first + count),
        };
        let mut tasks = JoinSet::new();
        for sender in senders {
            let pace = self.rate.map(|rate| Pace {
                begin: begin.into(),
                first,
                rate,
            });
            tasks.spawn(send_all(sender, self.clone(), end, pace));
        }
        let mut whole = Outcome::default();
        while let Some(part) = tasks.join_next().await {
            whole.absorb(part?.context("a connection of the load broke")?);
        }
        whole.elapsed = begin.elapsed();
        Ok(whole)
    }
}

#[derive(Debug, Clone, Copy)]
enum End {
    At(Instant),
    Before(u64),
}

/// When each message is due.
#[derive(Debug, Clone, Copy)]
struct Pace {
    begin: tokio::time::Instant,
    first: u64,
    rate: f64,
}

impl Pace {
    async fn wait(self, number: u64) {
        let after = (number - self.first) as f64 / self.rate;
        tokio::time::sleep_until(self.begin + Duration::from_secs_f64(after)).await;
    }
}

async fn send_all(
    mut sender: Sender,
    load: Load,
    end: End,
    pace: Option<Pace>,
) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    loop {
        let mut begin = Instant::now();
        if matches!(end, End::At(time) if begin >= time) {
            return Ok(outcome);
        }
        let number = load.next.fetch_add(1, Ordering::Relaxed);
        if matches!(end, End::Before(most) if number >= most) {
            // The number belongs to whoever comes next.
            load.next.fetch_sub(1, Ordering::Relaxed);
            return Ok(outcome);
        }
        if let Some(pace) = pace {
            pace.wait(number).await;
            begin = Instant::now();
        }
        let status = sender
            .send(&load.script.notice(number), Signature::Valid)
            .await?;
        if status == 204 {
            outcome.latencies.push(begin.elapsed());
            outcome.acknowledged.push(number);
        } else {
            outcome.refused.push((number, status));
        }
    }
}
