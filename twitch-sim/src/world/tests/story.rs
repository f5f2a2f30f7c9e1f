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
fn raids_name_both_ends_and_the_raided_chat_tells() {
    let mut world = World::new(1, noon(), false);
    let happenings = live(&mut world, 1800);
    let mut raids = 0;
    for (now, raid) in happenings
        .iter()
        .filter(|(_, one)| one.event_type == "channel.raid")
    {
        raids += 1;
        let (from, to) = (
            &raid.event["from_broadcaster_user_id"],
            &raid.event["to_broadcaster_user_id"],
        );
        assert_eq!(to, raid.broadcaster_id.as_str());
        assert_ne!(from, to);
        assert!(world.person_by_id(from.as_str().unwrap()).is_some());
        let notices: Vec<_> = happenings
            .iter()
            .filter(|(at, one)| {
                at == now
                    && one.broadcaster_id == raid.broadcaster_id
                    && one.event["notice_type"] == "raid"
            })
            .collect();
        assert_eq!(notices.len(), 1);
        let notice = &notices[0].1.event;
        assert_eq!(&notice["raid"]["user_id"], from);
        assert_eq!(notice["raid"]["viewer_count"], raid.event["viewers"]);
    }
    assert!(raids >= 5, "{raids} raids in half an hour");
}

#[test]
fn somebody_raids_mira_in_the_first_two_minutes() {
    for seed in 0..6 {
        let mut world = World::new(seed, noon(), false);
        assert!(live(&mut world, 120).iter().any(|(_, one)| {
            one.event_type == "channel.raid" && one.broadcaster_id == "700100200"
        }));
    }
}

#[test]
fn gift_bombs_add_up() {
    let mut world = World::new(1, noon(), false);
    let mut totals: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut parts: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut count: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut part_before_whole = false;
    for (_, happening) in live(&mut world, 2400) {
        let host = happening.broadcaster_id;
        let event = happening.event;
        for prefix in ["", "shared_chat_"] {
            let whole = &event[format!("{prefix}community_sub_gift")];
            if let Some(id) = whole["id"].as_str() {
                let key = (host.clone(), id.to_owned());
                part_before_whole |= parts.contains_key(&key);
                totals.insert(key, whole["total"].as_i64().unwrap());
            }
            let part = &event[format!("{prefix}sub_gift")];
            if let Some(id) = part["community_gift_id"].as_str() {
                let key = (host.clone(), id.to_owned());
                *count.entry(key.clone()).or_default() += 1;
                let to = part["recipient_user_id"].as_str().unwrap();
                parts.entry(key).or_default().insert(to.to_owned());
            }
        }
    }
    // The last one may be cut short by the end of the time.
    let complete = totals
        .iter()
        .filter(|(key, total)| count.get(*key) == Some(total))
        .count();
    assert!(totals.len() > 15);
    assert!(complete + 1 >= totals.len());
    assert!(count.iter().all(|(key, n)| {
        totals.get(key).is_none_or(|total| n <= total)
            && parts[key].len() == usize::try_from(*n).unwrap()
    }));
    assert!(part_before_whole, "order is not certain, as on Twitch");
}

#[test]
fn lifecycles_end_after_they_began() {
    let mut world = World::new(4, noon(), false);
    let mut begun: BTreeSet<(String, String)> = BTreeSet::new();
    let mut ended = BTreeMap::new();
    for (_, happening) in live(&mut world, 2400) {
        let Some((family, step)) = happening.event_type.rsplit_once('.') else {
            continue;
        };
        if !["poll", "prediction", "hype_train", "goal"]
            .iter()
            .any(|one| family.ends_with(one))
        {
            continue;
        }
        let id = happening.event["id"].as_str().unwrap().to_owned();
        let key = (family.to_owned(), id);
        match step {
            "begin" => assert!(begun.insert(key), "begins once"),
            "end" => {
                assert!(begun.contains(&key));
                *ended.entry(family.to_owned()).or_insert(0) += 1;
            }
            _ => assert!(begun.contains(&key)),
        }
    }
    assert_eq!(ended.len(), 4, "{ended:?}");
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
fn viewers_of_the_demo_act_for_themselves_only() {
    let mut world = World::new(5, noon(), false);
    for (_, happening) in live(&mut world, 900) {
        for role in ["user", "chatter_user"] {
            let login = &happening.event[format!("{role}_login")];
            assert!(
                !login
                    .as_str()
                    .is_some_and(|login| login.starts_with("viewer_"))
            );
        }
    }
}

#[test]
fn chat_ids_are_unique_and_deleted_lines_were_written() {
    let mut world = World::new(6, noon(), false);
    let mut written = BTreeSet::new();
    let mut deleted = 0;
    for (_, happening) in live(&mut world, 900) {
        let id = &happening.event["message_id"];
        match happening.event_type.as_str() {
            "channel.chat.message" | "channel.chat.notification" => {
                assert!(written.insert(id.as_str().unwrap().to_owned()));
            }
            "channel.chat.message_delete" => {
                assert!(written.contains(id.as_str().unwrap()));
                deleted += 1;
            }
            _ => {}
        }
    }
    assert!(deleted > 3);
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

#[test]
fn names_and_ids_are_like_twitchs() {
    let world = World::new(1, noon(), true);
    assert!((38..=60).contains(&world.people().len()));
    let mut ids = BTreeSet::new();
    let mut logins = BTreeSet::new();
    for person in world.people.iter() {
        assert!(person.id.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(person.login.len() <= 25);
        assert!(
            person
                .login
                .bytes()
                .all(|byte| { byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' })
        );
        assert!(ids.insert(&person.id) && logins.insert(&person.login));
        let ascii = person.display_name.is_ascii();
        assert!(!ascii || person.display_name.to_lowercase() == person.login);
    }
    for (login, name) in [
        ("viewer_vera", "Viewer_Vera"),
        ("deepseadana", "DeepSeaDana"),
        ("mira_plays", "Mira_Plays"),
    ] {
        assert_eq!(world.person_by_login(login).unwrap().display_name, name);
    }
    assert_eq!(world.person_by_login("LATE_owl").unwrap().id, "555000111");
}

#[test]
fn viewers_follow_enough_for_several_pages() {
    let world = World::new(1, noon(), true);
    for login in ["viewer_vera", "viewer_omar"] {
        let person = world.person_by_login(login).unwrap();
        let follows = world.follows(&person.id);
        assert!(follows.len() >= 25);
        let ids: BTreeSet<_> = follows.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids.len(), follows.len());
        assert!(!ids.contains(person.id.as_str()));
        assert!(ids.contains("700100200"));
        assert!(follows.is_sorted_by(|a, b| a.1 >= b.1));
        assert!(
            follows
                .iter()
                .all(|(_, since)| { *since < noon() && since.subsec_nanosecond() == 0 })
        );
    }
}

#[test]
fn search_goes_by_prefix_and_the_live_ones_come_first() {
    let world = World::new(1, noon(), true);
    let logins = |query: &str, live_only: bool| -> Vec<String> {
        world
            .search(query, live_only)
            .into_iter()
            .map(|person| person.login.clone())
            .collect()
    };
    assert_eq!(logins("MIRA", false), ["mira_plays"]);
    assert!(logins("late", true).is_empty());
    assert_eq!(logins("late", false), ["late_owl"]);
    assert!(logins("p", false).len() >= 4);
    assert_eq!(logins("p", false)[0], "pixel_baker");
    assert_eq!(logins("猫", false), ["neko_kissa"]);
    assert!(logins("", false).is_empty());
    assert!(logins("plays", false).is_empty());
}

#[test]
fn chat_speaks_the_language_of_its_channel() {
    let mut world = World::new(1, noon(), true);
    let layla = world.person_by_login("layla_draws").unwrap().id.clone();
    let host = world.index_of(&layla).unwrap();
    let arabic = (0..100)
        .filter(|_| {
            let who = world.anybody(host);
            let line = world.fresh_line(who, host);
            line.chars()
                .any(|letter| ('\u{600}'..'\u{700}').contains(&letter))
        })
        .count();
    assert!((40..95).contains(&arabic), "{arabic}");
}
