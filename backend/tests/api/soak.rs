//! An hour of Twitch's time with everything going wrong: nothing is lost without being known, nothing is doubled.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backend::clock::Clock;
use backend::timings::Timings;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::support::{Browser, PATIENCE, Sim, World, brisk, eventually};

/// Twitch's clocks (keepalives, time limits, lifetimes) go so many times as fast: an hour is a bit over a minute.
const TIME_SCALE: f64 = 48.0;
const HOUR: Duration = Duration::from_secs(75);

/// Longer than a socket is believed to be alive: shorter than that nobody can know.
const SILENCE: Duration = Duration::from_millis(1200);

const STREAMERS: [&str; 5] = [
    "mira_plays",
    "kiteflyer",
    "deepseadana",
    "late_owl",
    "pixel_baker",
];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// The faults, of every kind the simulator has.
fn fault(dice: &mut Dice) -> Value {
    let prefixes = [
        "/helix",
        "/helix/eventsub",
        "/oauth2",
        "/helix/eventsub/subscriptions",
    ];
    let codes = [401, 403, 404, 409, 410, 429, 500, 503];
    match dice.below(17) {
        0 => json!({ "fault": "drop_sockets", "count": 1 }),
        1 => json!({ "fault": "drop_sockets", "seconds": 0.4 }),
        2 => json!({ "fault": "drop_sockets", "target": "viewer_vera" }),
        3 => json!({ "fault": "reconnect_sockets" }),
        4 => json!({ "fault": "close_code", "code": 4000 + dice.below(8), "count": 1 }),
        5 => json!({ "fault": "close_code", "code": 4000 + dice.below(8) }),
        6 => json!({ "fault": "delay", "seconds": 0.3, "count": 3 }),
        7 => json!({ "fault": "duplicate", "count": 5 }),
        8 => json!({ "fault": "same_happening_new_id", "count": 5 }),
        9 => json!({ "fault": "revoke_token", "target": "viewer_vera" }),
        10 => json!({ "fault": "expire_token" }),
        11 => json!({ "fault": "rotate_refresh", "target": "viewer_vera" }),
        12 => {
            let target = prefixes[usize::try_from(dice.below(4)).unwrap()];
            let code = codes[usize::try_from(dice.below(8)).unwrap()];
            json!({ "fault": "http_status", "target": target, "code": code, "seconds": 0.5 })
        }
        13 => json!({ "fault": "disable_shard", "count": 1 + dice.below(2) }),
        14 => json!({ "fault": "leftover_subscriptions", "seconds": 0.5 }),
        15 => json!({ "fault": "silence", "seconds": SILENCE.as_secs_f64() }),
        _ => json!({ "fault": "clock_skew", "seconds": i64::try_from(dice.below(5)).unwrap() - 2 }),
    }
}

/// Something that happens in a channel, told by a number of its own.
fn happening(dice: &mut Dice, number: usize, login: &str) -> Value {
    let line = format!("line-{number}");
    let (event_type, event) = match dice.below(4) {
        0 => ("channel.raid", json!({ "viewers": 100_000 + number })),
        1 => ("channel.update", json!({ "title": line })),
        2 => (
            "channel.chat.notification",
            json!({ "notice_type": "resub", "message_id": line }),
        ),
        _ => (
            "channel.chat.message",
            json!({ "message_id": line, "cheer": { "bits": 100 }, "message": { "text": "Cheer100", "fragments": [] } }),
        ),
    };
    json!({ "type": event_type, "broadcaster": login, "event": event })
}

/// The number by which an event was told.
fn number_of(event: &Value) -> Option<usize> {
    let payload = &event["payload"];
    let line = [&payload["title"], &payload["message_id"]];
    let line = line
        .into_iter()
        .find_map(|text| text.as_str()?.strip_prefix("line-"));
    match line {
        Some(number) => number.parse().ok(),
        None => usize::try_from(payload["viewers"].as_u64()?.checked_sub(100_000)?).ok(),
    }
}

/// Every event a viewer can see of these streamers.
async fn everything(viewer: &Browser) -> Vec<Value> {
    let mut all = Vec::new();
    let mut before = String::new();
    loop {
        let page = viewer
            .get(&format!("/api/v1/events?limit=500{before}"))
            .await
            .ok();
        all.extend(page["events"].as_array().unwrap().iter().cloned());
        match page["next_before"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => return all,
        }
    }
}

type Gaps = Arc<Mutex<BTreeMap<String, Vec<(Timestamp, Timestamp)>>>>;

/// Notes every gap a watching viewer is told.
async fn note_gaps(viewer: Browser, gaps: Gaps) {
    let mut live = viewer.live("").await;
    while let Some(block) = live.next_within(HOUR * 2).await {
        if !block.is("gap") {
            continue;
        }
        let gap = block.data.unwrap();
        let time = |name: &str| gap[name].as_str().unwrap().parse::<Timestamp>().unwrap();
        let of = gap["broadcaster_id"].as_str().unwrap().to_owned();
        let span = (time("from"), time("to"));
        gaps.lock().unwrap().entry(of).or_default().push(span);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_of_faults_loses_nothing_unknown_and_doubles_nothing() {
    let timings = Timings {
        eventsub_keepalive: Duration::from_secs(10),
        eventsub_second: Duration::from_secs_f64(1.0 / TIME_SCALE),
        eventsub_slack: Duration::from_millis(500),
        ..brisk()
    };
    let sim = Sim::with(twitch_sim::Options {
        quiet: true,
        time_scale: TIME_SCALE,
        ..twitch_sim::Options::default()
    })
    .await;
    let world = World::over(sim, &[], Clock::system(), timings);
    let omar = world.server.log_in("viewer_omar").await;
    let mut vera = world.server.log_in("viewer_vera").await;
    for login in STREAMERS {
        vera.subscribe(login).await;
        omar.subscribe(login).await;
    }
    all_arrive(&omar).await;
    let gaps = Gaps::default();
    let watching = TaskTracker::new().spawn(note_gaps(omar.copy(), gaps.clone()));

    let mut dice = Dice(7);
    let mut told: HashMap<usize, (Timestamp, &str)> = HashMap::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut faults: Vec<(Timestamp, String)> = Vec::new();
    let began = Instant::now();
    let mut next_fault = began + Duration::from_secs(1);
    let mut silent_until = began;
    let mut number = 0;
    let mut pace = tokio::time::interval(Duration::from_millis(25));
    // A silence that is ended early is too short to be noticed.
    while began.elapsed() < HOUR || Instant::now() < silent_until {
        if Instant::now() >= next_fault {
            let fault = fault(&mut dice);
            faults.push((Timestamp::now(), fault.to_string()));
            // Nobody can miss what was lost on a socket that is replaced before its silence is too long.
            let alone = match fault["fault"] == "silence" {
                true => SILENCE,
                false => Duration::ZERO,
            };
            world.sim.fault(fault).await;
            let pause = Duration::from_millis(500 + dice.below(1000));
            silent_until = Instant::now() + alone;
            next_fault = silent_until + pause;
        }
        let login = STREAMERS[usize::try_from(dice.below(5)).unwrap()];
        told.insert(number, (Timestamp::now(), login));
        let ids = world.sim.happen(happening(&mut dice, number, login)).await;
        numbers.extend(ids.into_iter().map(|id| (id, number)));
        number += 1;
        let may_clear = number % 100 == 0 && Instant::now() >= silent_until;
        if may_clear && vera.get("/api/v1/me").await.status == 401 {
            // The person comes back after Twitch has ended the grant.
            world.sim.clear_faults().await;
            vera = world.server.log_in("viewer_vera").await;
        }
        pace.tick().await;
    }
    world.sim.clear_faults().await;
    all_arrive(&omar).await;
    // Held back for longer than any other, it comes last.
    let delay = json!({ "fault": "delay", "seconds": 1, "count": 1 });
    world.sim.fault(delay).await;
    let last = happening(&mut Dice(1), number, "mira_plays");
    told.insert(number, (Timestamp::now(), "mira_plays"));
    world.sim.happen(last).await;
    let stored = eventually("the last event", PATIENCE, async || {
        let all = everything(&omar).await;
        all.iter()
            .any(|event| number_of(event) == Some(number))
            .then_some(all)
    })
    .await;
    watching.abort();

    // A raid has nothing but its message id: told under another one it is another event.
    let mut times: HashMap<usize, usize> = HashMap::new();
    let mut ids = HashSet::new();
    for event in &stored {
        // What was recovered has no message id; told once more by a message it would be doubled below.
        assert!(
            event["recovered"] == true || ids.insert(event["message_id"].to_string()),
            "twice: {event}"
        );
        let times = times.entry(number_of(event).unwrap()).or_default();
        *times += usize::from(event["type"] != "channel.raid" || *times == 0);
    }
    let doubled: Vec<_> = stored
        .iter()
        .filter(|event| times[&number_of(event).unwrap()] > 1)
        .collect();
    let delivered = delivered(&world.sim).await;
    let undone: Vec<_> = delivered
        .iter()
        .filter_map(|id| numbers.get(id))
        .filter(|number| !times.contains_key(number))
        .collect();
    let gaps = gaps.lock().unwrap();
    let unknown: Vec<String> = told
        .iter()
        .filter(|(number, _)| !times.contains_key(number))
        .filter(|(_, (at, login))| !is_in(&gaps, login, *at))
        .map(|(number, (at, login))| {
            let before = faults.iter().rev().filter(|(when, _)| when <= at);
            let before: Vec<_> = before.take(3).collect();
            format!("{number} of {login} at {at} after {before:?}")
        })
        .collect();
    let in_gaps = told
        .values()
        .filter(|(at, login)| is_in(&gaps, login, *at))
        .count();
    println!(
        "{} happenings, {} faults, {} delivered, {} stored, {} missed, {in_gaps} fell into {} gaps",
        told.len(),
        faults.len(),
        delivered.len(),
        times.len(),
        told.len() - times.len(),
        gaps.values().map(Vec::len).sum::<usize>()
    );
    assert!(
        in_gaps * 2 < told.len(),
        "gaps are no excuse for everything"
    );
    assert!(doubled.is_empty(), "{doubled:#?}");
    assert!(undone.is_empty(), "delivered, but not stored: {undone:?}");
    assert!(unknown.is_empty(), "{} lost: {unknown:#?}", unknown.len());
    assert!(times.len() * 2 > told.len(), "most of it arrives");
}

/// The ids of the notifications that the simulator managed to deliver.
async fn delivered(sim: &Sim) -> Vec<String> {
    let log = sim.log().await;
    assert_eq!(log["dropped"]["deliveries"], 0, "the log holds them all");
    let all = log["deliveries"].as_array().unwrap().iter();
    let sent = all.filter(|one| one["outcome"] == "sent");
    sent.map(|one| one["message_id"].as_str().unwrap().to_owned())
        .collect()
}

/// Whether a moment lies in a known gap of a streamer.
fn is_in(gaps: &BTreeMap<String, Vec<(Timestamp, Timestamp)>>, login: &str, at: Timestamp) -> bool {
    let mut known = gaps.get(Sim::id(login)).into_iter().flatten();
    known.any(|(from, to)| *from <= at && at <= *to)
}

/// Waits until all topics of all streamers arrive.
async fn all_arrive(viewer: &Browser) {
    eventually("all topics to arrive", PATIENCE, async || {
        let entries = viewer.subscriptions().await;
        let mut topics = entries
            .iter()
            .flat_map(|entry| entry["topics"].as_array().unwrap());
        (entries.len() == STREAMERS.len() && topics.all(|topic| topic["status"] == "enabled"))
            .then_some(())
    })
    .await;
}
