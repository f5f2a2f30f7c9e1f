//! P4: repeats, forgeries and `kill -9` under load. What was acknowledged is stored, once; what was forged is not;
//! every live reader gets exactly what is stored.

mod senders;
mod verdict;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;

use crate::figure::Figure;
use crate::options::Options;
use crate::readers::{Crowd, Sent, Wish};
use crate::report::{Report, say};
use crate::rig::{self, Rig};
use crate::script::{ALL, CAST, Script, channels};
use senders::{Senders, Tally};

/// Streamers that the notifications are of; the viewer is subscribed to those of the cast.
const STREAMERS: usize = 12;
/// A run that takes longer than this times its expected time is stuck.
const STUCK: u32 = 10;
const READERS_DEADLINE: Duration = Duration::from_secs(60);

/// How much is sent, and how often the server is killed.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// Messages, those that repeat others and forged ones included
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) messages: u64,
    /// Seconds between two kills, at random from this range
    #[arg(long, default_value = "2..5", value_parser = range)]
    pub(crate) kill_every: (f64, f64),
    /// Messages a second at most; 0 is as many as it takes
    #[arg(long, default_value_t = 0.0)]
    pub(crate) rate: f64,
    /// Connections at once
    #[arg(long, default_value_t = 64)]
    pub(crate) connections: usize,
    /// The form for every day: 20,000 messages at 4,000 a second, a kill about every 0.7 seconds
    #[arg(long)]
    pub(crate) quick: bool,
}

fn range(text: &str) -> Result<(f64, f64), String> {
    let parse = |text: &str| text.parse::<f64>().ok().filter(|value| *value > 0.0);
    let (from, to) = text.split_once("..").ok_or("not of the form 2..5")?;
    match (parse(from), parse(to)) {
        (Some(from), Some(to)) if from <= to => Ok((from, to)),
        _ => Err("not of the form 2..5".to_owned()),
    }
}

impl Plan {
    fn effective(&self) -> Self {
        if !self.quick {
            return self.clone();
        }
        Self {
            messages: self.messages.min(20_000),
            kill_every: (0.4, 1.0),
            rate: 4_000.0,
            ..self.clone()
        }
    }

    /// Longest time that this may take.
    fn deadline(&self) -> Duration {
        let slowest = if self.rate > 0.0 { self.rate } else { 5_000.0 };
        Duration::from_secs_f64(self.messages as f64 / slowest) * STUCK
    }
}

/// What each live reader asks for: one streamer, some, or all that the viewer is subscribed to.
fn readers() -> Vec<(String, Vec<&'static str>)> {
    let of = |some: &[usize]| {
        let ids: Vec<&str> = some.iter().map(|n| CAST[*n].0).collect();
        let query: Vec<String> = ids
            .iter()
            .map(|id| format!("broadcaster_id={id}"))
            .collect();
        (query.join("&"), ids)
    };
    let all = CAST.iter().map(|(id, ..)| *id).collect();
    vec![
        of(&[0]),
        of(&[1]),
        of(&[2, 3]),
        of(&[0, 4, 5]),
        (String::new(), all),
    ]
}

/// Sends, kills and compares.
///
/// # Errors
/// When it cannot be done, or is stuck.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let plan = plan.effective();
    say(format!("P4: {} messages …", plan.messages));
    let mut rig = Rig::start(options, CAST.len()).await?;
    let script = Arc::new(Script {
        seed: options.seed,
        channels: channels(STREAMERS),
        kinds: ALL,
    });
    let mut crowd = Crowd::new(rig.address, &rig.viewer.token, Arc::new(Sent::new(0, 0)));
    let wishes = readers().into_iter().map(|(query, _)| Wish {
        query,
        ..Wish::default()
    });
    crowd.join(wishes, CAST.len(), READERS_DEADLINE).await?;

    let begin = Instant::now();
    let senders = Senders::new(rig.address, Arc::clone(&script), &plan);
    let mut killer = Killer::new(options.seed, plan.kill_every);
    let sending = senders.run();
    let limit = tokio::time::sleep(plan.deadline());
    tokio::pin!(sending, limit);
    let tally = loop {
        tokio::select! {
            tally = &mut sending => break tally?,
            () = &mut limit => bail!("not done within {:?}", plan.deadline()),
            () = tokio::time::sleep(killer.pause) => {
                rig.kill_server()?;
                rig.start_server().await?;
                killer.killed();
            }
        }
    };
    // Whatever the machine's pace, the end is one that nothing announced.
    rig.kill_server()?;
    rig.start_server().await?;
    killer.killed();
    let elapsed = begin.elapsed();
    say(format!("P4: {} kills, comparing …", killer.kills));

    let mut report = Report::default();
    verdict::compare(&rig, &crowd, &readers(), &tally, &mut report).await?;
    crowd.cut().await;
    rig.end().await?;
    report.figures.push(
        Figure::new(
            "P4",
            "messages a second, kills included",
            tally.sent as f64 / elapsed.as_secs_f64(),
            "/s",
        )
        .more_is_better(),
    );
    conditions(&mut report, &plan, &tally, &killer);
    Ok(report)
}

/// Decides when the server is killed.
struct Killer {
    dice: StdRng,
    every: (f64, f64),
    pause: Duration,
    kills: u32,
}

impl Killer {
    fn new(seed: u64, every: (f64, f64)) -> Self {
        let mut killer = Self {
            dice: StdRng::seed_from_u64(seed),
            every,
            pause: Duration::ZERO,
            kills: 0,
        };
        killer.rest();
        killer
    }

    fn killed(&mut self) {
        self.kills += 1;
        self.rest();
    }

    fn rest(&mut self) {
        let (from, to) = self.every;
        self.pause = Duration::from_secs_f64(self.dice.random_range(from..=to));
    }
}

fn conditions(report: &mut Report, plan: &Plan, tally: &Tally, killer: &Killer) {
    report.condition("messages", plan.messages);
    report.condition("repeats", tally.repeats);
    report.condition("forged", tally.forged);
    report.condition("sent again after a broken connection", tally.again);
    report.condition("answered 503 and sent again", tally.refused);
    report.condition("kills", killer.kills);
    report.condition(
        "seconds between kills",
        json!([plan.kill_every.0, plan.kill_every.1]),
    );
    report.condition("messages a second at most", plan.rate);
    report.condition("connections", plan.connections);
    report.condition("server settings", rig::settings());
    report.condition("rate limits", "off");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_between_kills_is_a_range() {
        assert_eq!(range("2..5"), Ok((2.0, 5.0)));
        assert_eq!(range("0.7..0.7"), Ok((0.7, 0.7)));
        for text in ["2", "5..2", "0..1", "a..b", "-1..2"] {
            assert!(range(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_killer_keeps_within_its_range() {
        let mut killer = Killer::new(3, (2.0, 5.0));
        for _ in 0..100 {
            assert!((2.0..=5.0).contains(&killer.pause.as_secs_f64()));
            killer.killed();
        }
        assert_eq!(killer.kills, 100);
    }
}
