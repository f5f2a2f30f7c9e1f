//! Senders that behave as Twitch does: what is not acknowledged comes again, some comes twice anyway, and somebody
//! else sends forgeries.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::bail;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Plan;
use crate::message_id::mix;
use crate::script::Script;
use crate::sender::{Letter, Sender, Signature};

/// One in so many is forged.
const FORGED: u64 = 100;
/// One in so many repeats another one.
const REPEATS: u64 = 10;
/// A repeat is of one of so many messages before it; some of these are still being sent.
const LOOK_BACK: u64 = 500;
/// Pause before a message is sent again.
const AGAIN: Duration = Duration::from_millis(5);

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Numbers that were acknowledged, each once however often it was sent.
    pub(crate) acknowledged: Vec<u64>,
    /// Forged messages that were acknowledged all the same.
    pub(crate) believed: Vec<u64>,
    /// Messages sent, whatever they were.
    pub(crate) sent: u64,
    /// Of them repeats.
    pub(crate) repeats: u64,
    /// Of them forged.
    pub(crate) forged: u64,
    /// Times that one was sent again because the connection broke.
    pub(crate) again: u64,
    /// Times that one was sent again because the server said 503.
    pub(crate) refused: u64,
}

/// What the message of a place in the order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    New(u64),
    Repeat(u64),
    Forged(u64),
}

/// The parts are decided by the seed alone, so that two runs send the same.
fn part(seed: u64, place: u64) -> Part {
    let dice = mix(seed ^ mix(place ^ 0xC0FF_EE00));
    if dice.is_multiple_of(FORGED) {
        return Part::Forged(place);
    }
    if (dice >> 20).is_multiple_of(REPEATS) {
        let back = (dice >> 40) % LOOK_BACK + 1;
        if let Some(earlier) = place.checked_sub(back)
            && let Part::New(number) = part(seed, earlier)
        {
            return Part::Repeat(number);
        }
    }
    Part::New(place)
}

/// All senders.
#[derive(Debug, Clone)]
pub(crate) struct Senders {
    address: SocketAddr,
    script: Arc<Script>,
    connections: usize,
    messages: u64,
    rate: f64,
    next: Arc<AtomicU64>,
}

impl Senders {
    /// To this server.
    pub(crate) fn new(address: SocketAddr, script: Arc<Script>, plan: &Plan) -> Self {
        Self {
            address,
            script,
            connections: plan.connections,
            messages: plan.messages,
            rate: plan.rate,
            next: Arc::default(),
        }
    }

    /// Sends everything; ends when all is acknowledged, or refused as forged.
    ///
    /// # Errors
    /// When the server gives an answer that it must not give.
    pub(crate) async fn run(self) -> anyhow::Result<Tally> {
        let begin = Instant::now();
        let mut tasks = JoinSet::new();
        for _ in 0..self.connections {
            let letter = Letter::new(self.address)?;
            tasks.spawn(self.clone().send_all(begin, letter));
        }
        let mut whole = Tally::default();
        while let Some(part) = tasks.join_next().await {
            whole.absorb(part??);
        }
        Ok(whole)
    }

    async fn send_all(self, begin: Instant, letter: Letter) -> anyhow::Result<Tally> {
        let mut tally = Tally::default();
        let mut line = Line::Cut(letter);
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            if place >= self.messages {
                return Ok(tally);
            }
            if self.rate > 0.0 {
                let due = begin + Duration::from_secs_f64(place as f64 / self.rate);
                tokio::time::sleep_until(due).await;
            }
            tally.sent += 1;
            line = match part(self.script.seed, place) {
                Part::New(number) => self.deliver(line, number, &mut tally).await?,
                Part::Repeat(number) => {
                    tally.repeats += 1;
                    self.deliver(line, number, &mut tally).await?
                }
                Part::Forged(number) => {
                    tally.forged += 1;
                    self.forge(line, number, &mut tally).await?
                }
            };
        }
    }

    /// Sends a message until it is acknowledged.
    async fn deliver(
        &self,
        mut line: Line,
        number: u64,
        tally: &mut Tally,
    ) -> anyhow::Result<Line> {
        loop {
            let status;
            (line, status) = self.try_once(line, number, Signature::Valid).await;
            match status {
                Some(204) => {
                    tally.acknowledged.push(number);
                    return Ok(line);
                }
                Some(503) => tally.refused += 1,
                None => tally.again += 1,
                Some(other) => bail!("message {number} was answered {other}"),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Sends a forged message until the server says something.
    async fn forge(&self, mut line: Line, number: u64, tally: &mut Tally) -> anyhow::Result<Line> {
        loop {
            let status;
            (line, status) = self.try_once(line, number, Signature::Forged).await;
            match status {
                Some(403) => return Ok(line),
                Some(204) => {
                    tally.believed.push(number);
                    return Ok(line);
                }
                Some(503) => tally.refused += 1,
                None => tally.again += 1,
                Some(other) => bail!("forged message {number} was answered {other}"),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn try_once(&self, line: Line, number: u64, signature: Signature) -> (Line, Option<u16>) {
        let mut sender = match line {
            Line::Open(sender) => sender,
            Line::Cut(letter) => match Sender::open(self.address, letter).await {
                Ok(sender) => sender,
                Err(letter) => return (Line::Cut(letter), None),
            },
        };
        match sender.send(&self.script.notice(number), signature).await {
            Ok(status) => (Line::Open(sender), Some(status)),
            Err(_) => (Line::Cut(sender.into_letter()), None),
        }
    }
}

/// A connection, or what is needed for a new one.
enum Line {
    Open(Sender),
    Cut(Letter),
}

impl Tally {
    fn absorb(&mut self, mut other: Self) {
        self.acknowledged.append(&mut other.acknowledged);
        self.believed.append(&mut other.believed);
        self.sent += other.sent;
        self.repeats += other.repeats;
        self.forged += other.forged;
        self.again += other.again;
        self.refused += other.refused;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_ten_repeats_an_earlier_one_and_one_in_a_hundred_is_forged() {
        let parts: Vec<Part> = (0..50_000).map(|place| part(1, place)).collect();
        let forged = parts.iter().filter(|p| matches!(p, Part::Forged(_)));
        let share = forged.count() as f64 / 50_000.0;
        assert!((0.008..0.012).contains(&share), "{share} forged");
        let mut repeats = 0;
        for (place, part) in parts.iter().enumerate() {
            if let Part::Repeat(number) = part {
                let earlier = usize::try_from(*number).unwrap();
                assert!(earlier < place && parts[earlier] == Part::New(*number));
                repeats += 1;
            }
        }
        assert!((3_900..5_500).contains(&repeats), "{repeats} repeats");
    }
}
