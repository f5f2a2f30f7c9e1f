//! C3: a year of many streamers' events: listed, filtered, searched and counted for a chart.

mod answer;
mod mix;
mod question;
mod sorts;
mod timed;
mod truth;

use std::time::{Duration, Instant};

use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::seconds;
use crate::figure::{Figure, rounded};
use crate::http::{Connection, bearer, get};
use crate::options::Options;
use crate::report::{Report, say};
use crate::rig::{self, Rig, VIEWER};
use crate::rows::spread::Spread;
use crate::rows::{FIRST, Rows, filing, require_room, subscribe};
use crate::script::{Channel, channels};
use answer::Answer;
use mix::{Mix, World};
use sorts::MIXES;
use timed::Timed;

/// Events whose content is compared with what was to be stored.
const SAMPLE: usize = 1_000;
/// The server is at rest when it used less CPU than this in a second.
const REST: Duration = Duration::from_millis(50);
const REST_LOOKS: usize = 60;

/// How large, how long it is measured.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// Events; about 1 KB of disk each
    #[arg(long, default_value = "10000000", value_parser = clap::value_parser!(u64).range(2 * FIRST..))]
    pub(crate) rows: u64,
    /// Streamers, few of them busy and many quiet
    #[arg(long, default_value = "1000", value_parser = clap::value_parser!(u32).range(10..))]
    streamers: u32,
    /// Over so many days until now
    #[arg(long, default_value = "365", value_parser = clap::value_parser!(u32).range(1..))]
    days: u32,
    /// Of these streamers the viewer is subscribed to so many
    #[arg(long, default_value_t = 50)]
    subscriptions: u32,
    /// Seconds of requests of each mix
    #[arg(long, default_value = "10", value_parser = seconds)]
    seconds: Duration,
    /// Connections at once
    #[arg(long, default_value_t = 4)]
    connections: usize,
}

/// Makes the year, looks at answers, and measures each mix of requests.
///
/// # Errors
/// When it cannot be measured, or the disk is too small.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let mut report = Report::default();
    require_room(&options.folder()?, plan.rows)?;
    let mut rig = Rig::start(options, 0).await?;
    let spread = Spread::new(options.seed, plan.rows, plan.channels(&rig), plan.days)?;
    let world = World::new(&spread, plan.subscriptions as usize);
    let rows = make(&mut rig, &world, options.seed, &mut report).await?;
    look(&rig, &world, options.seed, &mut report).await?;
    for mix in &MIXES {
        say(format!("C3: {}, {} events …", mix.name, rows.count()));
        let time = plan.seconds;
        let took = timed::measure(&rig, &world, mix, plan.connections, time, options.seed).await?;
        tell(mix, &took, rows.count(), &mut report);
    }
    let size = |path| std::fs::metadata(path).map(|file| file.len());
    report.condition("database, bytes", size(rig.database())?);
    report.condition("index, bytes", size(filing::index_of(&rig.database()))?);
    rig.end().await?;
    report.condition("rows", rows.count());
    report.condition("streamers", plan.streamers);
    report.condition("days", plan.days);
    report.condition("subscriptions", world.subscribed.len());
    report.condition("connections", plan.connections);
    report.condition("seconds of each mix", plan.seconds.as_secs_f64());
    report.condition("file cache", "warm");
    report.condition("server settings", rig::settings());
    report.condition("rate limits", "off");
    Ok(report)
}

impl Plan {
    /// The streamers, the busiest first. One of them is the viewer, who sees also what is the broadcaster's alone there.
    fn channels(&self, rig: &Rig) -> Vec<Channel> {
        let mut channels = channels(self.streamers as usize);
        let place = channels.len() / 10;
        if let Some(channel) = channels.get_mut(place) {
            *channel = Channel {
                id: rig.viewer.id.clone(),
                login: VIEWER.to_owned(),
                name: VIEWER.to_owned(),
            };
        }
        channels
    }
}

/// Stores the events, has the server file them, and waits until it is at rest.
async fn make(
    rig: &mut Rig,
    world: &World<'_>,
    seed: u64,
    report: &mut Report,
) -> anyhow::Result<Rows> {
    say(format!("C3: {} events are made …", world.spread.rows()));
    let mut rows = Rows::first(rig, seed).await?;
    rig.stop_server().await?;
    let database = rig.database();
    rows.spread(&database, world.spread).await?;
    let channels = &world.spread.channels;
    let subscribed: Vec<&Channel> = world.subscribed.iter().map(|n| &channels[*n]).collect();
    subscribe(&database, &rig.viewer, &subscribed).await?;
    say("C3: the server files them …");
    let filing = filing::start_and_file(rig, rows.count()).await?;
    report.condition("filing, seconds", rounded(filing.as_secs_f64()));
    let rate = rows.count() as f64 / filing.as_secs_f64();
    report.condition("filing, events/s", rounded(rate));
    say(format!("  filed within {filing:.1?}, {rate:.0} events/s"));
    rest(rig).await?;
    let store = rig.store().await?;
    let mut dice = StdRng::seed_from_u64(seed);
    match rows
        .compare_spread(&store, world.spread, SAMPLE, &mut dice)
        .await
    {
        Ok(count) => report.condition("events compared column by column", count),
        Err(error) => report.faults.push(format!("{error:#}")),
    }
    store.close().await;
    Ok(rows)
}

/// Waits until the server has done what a start brings with it, such as asking Twitch for the streamers' topics.
async fn rest(rig: &Rig) -> anyhow::Result<()> {
    for _ in 0..REST_LOOKS {
        let before = rig.usage()?.cpu;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if rig.usage()?.cpu - before < REST {
            return Ok(());
        }
    }
    anyhow::bail!("the server does not come to rest")
}

/// Compares answers of all sorts with what the stored events say.
async fn look(rig: &Rig, world: &World<'_>, seed: u64, report: &mut Report) -> anyhow::Result<()> {
    let questions = mix::to_look_at(world, &mut StdRng::seed_from_u64(seed ^ 0xFFFF));
    say(format!("C3: {} answers are looked at …", questions.len()));
    let begin = Instant::now();
    let store = rig.store().await?;
    let expected = truth::answers(&store, &rig.viewer.id, world, &questions).await?;
    store.close().await;
    say(format!(
        "  found in all events within {:.1?}",
        begin.elapsed()
    ));
    let mut connection = Connection::open(rig.address).await?;
    for (asked, expected) in questions.iter().zip(&expected) {
        let path = asked.path();
        let request = get(rig.address, &path, &bearer(&rig.viewer.token));
        let answer = connection.ask(&request).await?.json(200)?;
        if let Some(difference) = Answer::read(asked, &answer)?.difference(expected) {
            report.faults.push(format!("{path}: {difference}"));
        }
    }
    report.condition("answers compared with the stored events", questions.len());
    let filled = expected.iter().filter(|answer| !answer.is_empty()).count();
    report.condition("of these with anything in them", filled);
    Ok(())
}

fn tell(mix: &Mix, took: &Timed, rows: u64, report: &mut Report) {
    let Mix { name, bar_ms, .. } = mix;
    for (sort, times) in &took.by_sort {
        say(format!(
            "  {sort}: p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms of {}",
            times.p50_ms, times.p99_ms, times.max_ms, times.count
        ));
    }
    let what = format!("{name} at {rows} events, p99");
    let figure = Figure::new("C3", what, took.all.p99_ms, "ms");
    report
        .figures
        .push(figure.bar(*bar_ms, *bar_ms).times(&took.all));
    report.condition(&format!("{name}, by sort"), took.sorts());
    let cpu = format!("server CPU per {name}, µs");
    report.condition(&cpu, rounded(took.cpu_us));
}
