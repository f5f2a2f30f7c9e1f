use std::collections::{BTreeMap, BTreeSet};

use super::*;

const BIG: [&str; 3] = ["mira_plays", "kiteflyer", "deepseadana"];

#[test]
fn one_seed_tells_one_story_however_often_it_is_asked() {
    let mut patient = World::new(7, noon(), false);
    let mut hasty = World::new(7, noon(), false);
    let mut other = World::new(8, noon(), false);
    let once = patient.advance(later(noon(), SignedDuration::from_secs(120)));
    let often: Vec<Happening> = live(&mut hasty, 120)
        .into_iter()
        .map(|(_, happening)| happening)
        .collect();
    assert!(once.len() > 100);
    assert_eq!(once, often);
    assert_ne!(
        once,
        other.advance(later(noon(), SignedDuration::from_secs(120)))
    );
}

#[test]
fn ordered_events_do_not_change_the_story() {
    let mut left_alone = World::new(7, noon(), false);
    let mut disturbed = World::new(7, noon(), false);
    for event_type in ["channel.follow", "channel.raid", "channel.poll.end"] {
        disturbed
            .happen(event_type, None, "mira_plays", None, noon())
            .unwrap();
    }
    assert_eq!(live(&mut left_alone, 60), live(&mut disturbed, 60));
}

#[test]
fn quiet_world_is_the_same_place_without_events() {
    let mut quiet = World::new(3, noon(), true);
    let busy = World::new(3, noon(), false);
    assert_eq!(quiet.people(), busy.people());
    assert_eq!(quiet.channels, busy.channels);
    assert_eq!(quiet.next_due(), None);
    assert_eq!(live(&mut quiet, 600), []);
    let live_now: Vec<&str> = quiet
        .people()
        .iter()
        .filter(|person| quiet.channel(&person.id).unwrap().stream.is_some())
        .map(|person| person.login.as_str())
        .collect();
    assert!(live_now.len() >= 4);
    assert!(BIG.iter().all(|login| live_now.contains(login)));
    assert!(!live_now.contains(&"late_owl"));
}

#[test]
fn big_channels_show_something_to_anybody_every_40_seconds() {
    for seed in 0..3 {
        let mut world = World::new(seed, noon(), false);
        let mut last: BTreeMap<String, Timestamp> = BIG
            .iter()
            .map(|login| (world.person_by_login(login).unwrap().id.clone(), noon()))
            .collect();
        for (now, happening) in live(&mut world, 2400) {
            let public = matches!(
                happening.event_type.as_str(),
                "stream.online" | "stream.offline" | "channel.update" | "channel.raid"
            );
            if public && let Some(before) = last.get_mut(&happening.broadcaster_id) {
                let gap = now.duration_since(*before);
                assert!(gap <= SignedDuration::from_secs(40), "seed {seed}: {gap:?}");
                *before = now;
            }
        }
        for (id, before) in last {
            assert!(world.channel(&id).unwrap().stream.is_some());
            let gap = world.told.duration_since(before);
            assert!(gap <= SignedDuration::from_secs(40), "seed {seed}: {gap:?}");
        }
    }
}

#[test]
fn updates_in_a_row_differ() {
    let mut world = World::new(2, noon(), false);
    let mut last: BTreeMap<String, Value> = BTreeMap::new();
    for (_, happening) in live(&mut world, 900) {
        if happening.event_type == "channel.update" {
            let before = last.insert(happening.broadcaster_id, happening.event.clone());
            assert_ne!(before, Some(happening.event));
        }
    }
}

#[test]
fn an_hour_shows_every_notice_and_most_types() {
    let mut types = BTreeSet::new();
    let mut notices = BTreeSet::new();
    for seed in 0..2 {
        let mut world = World::new(seed, noon(), false);
        for (_, happening) in live(&mut world, 3600) {
            if let Some(notice) = happening.event["notice_type"].as_str() {
                notices.insert(notice.to_owned());
            }
            types.insert(happening.event_type);
        }
    }
    for notice in payload::notice::NOTICES {
        assert!(notices.contains(notice), "{notice}");
    }
    assert!(notices.iter().any(|one| one.starts_with("shared_chat_")));
    assert!(types.len() >= 60, "{} types", types.len());
    assert!(types.iter().all(|one| shapes::is_known(one)));
}

#[test]
fn slept_through_time_is_skipped() {
    let mut world = World::new(1, noon(), false);
    let morning = later(noon(), SignedDuration::from_hours(9));
    let mut told = 0;
    for _ in 0..10 {
        let portion = world.advance(morning).len();
        assert!(portion <= MAX_PER_ADVANCE + 200);
        told += portion;
    }
    assert!((500..6000).contains(&told), "{told}");
    assert!(world.next_due().unwrap() > morning);
    // The floor holds from there on.
    let more = live(&mut world, 45);
    assert!(more.iter().any(|(_, one)| {
        one.broadcaster_id == "700100200"
            && ["channel.update", "channel.raid"].contains(&one.event_type.as_str())
    }));
}

#[test]
fn clock_that_goes_back_tells_nothing_twice() {
    let mut world = World::new(1, noon(), false);
    let first = world.advance(later(noon(), SignedDuration::from_secs(60)));
    assert!(!first.is_empty());
    assert_eq!(world.advance(noon()), []);
}
