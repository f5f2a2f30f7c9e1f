use std::collections::{BTreeMap, BTreeSet};

use super::*;

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
fn shared_chat_is_read_by_its_members_until_it_ends() {
    let mut world = World::new(3, noon(), false);
    let mut sessions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut begun, mut copies, mut third) = (0, 0, 0);
    for (_, happening) in live(&mut world, 3600) {
        let event = &happening.event;
        let session = event["session_id"].as_str().unwrap_or_default().to_owned();
        match happening.event_type.as_str() {
            "channel.shared_chat.begin" => {
                begun += 1;
                sessions
                    .entry(session)
                    .or_default()
                    .insert(happening.broadcaster_id);
            }
            "channel.shared_chat.update" => {
                third += 1;
                assert!(sessions[&session].contains(&happening.broadcaster_id));
            }
            "channel.shared_chat.end" => {
                let members = sessions.get_mut(&session).unwrap();
                assert!(members.remove(&happening.broadcaster_id));
                if members.is_empty() {
                    sessions.remove(&session);
                }
            }
            "channel.chat.message" => {
                let Some(source) = event["source_broadcaster_user_id"].as_str() else {
                    continue;
                };
                let own = source == happening.broadcaster_id;
                assert_eq!(own, event["source_message_id"] == event["message_id"]);
                copies += i32::from(!own);
            }
            _ => {}
        }
    }
    assert!(begun >= 6 && copies > 50 && third > 0);
    assert!(sessions.len() <= 1, "at most one is still going on");
}
