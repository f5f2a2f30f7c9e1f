use serde_json::value::RawValue;
use wire::{Event, Kind, UserRef, Visibility};

use super::*;

fn event(id: i64, channel: &str) -> Published {
    let broadcaster = UserRef {
        id: channel.to_owned(),
        login: "login".to_owned(),
        display_name: "Name".to_owned(),
    };
    let event = Event {
        id: id.to_string(),
        message_id: None,
        event_type: "channel.raid".to_owned(),
        version: "1".to_owned(),
        kind: Kind::Raid,
        broadcaster,
        actor: None,
        summary: "Somebody raided".to_owned(),
        amount: None,
        text: None,
        occurred_at: String::new(),
        received_at: String::new(),
        visibility: Visibility::Public,
        group: None,
        same_as: None,
        fold: None,
        recovered: false,
        payload: RawValue::from_string("{}".to_owned()).unwrap(),
    };
    Published::new(id, 0, event, None)
}

fn channels(ids: &[&str]) -> HashSet<UserId> {
    ids.iter().map(|id| UserId::new(*id)).collect()
}

fn follow(live: &Live, ids: &[&str]) -> (Receiver, i64) {
    follow_as(live, "viewer", ids)
}

fn follow_as(live: &Live, viewer: &str, ids: &[&str]) -> (Receiver, i64) {
    live.follow(interest(viewer, ids))
}

fn interest(viewer: &str, ids: &[&str]) -> Interest {
    Interest::Channels {
        viewer: UserId::new(viewer),
        channels: channels(ids),
    }
}

/// The cursors of all that waits.
fn cursors(receiver: &mut Receiver) -> Vec<i64> {
    let mut cursors = Vec::new();
    while let Some(entry) = receiver.try_recv().unwrap() {
        if let Entry::Committed(event) = entry {
            cursors.push(event.id);
        }
    }
    cursors
}

#[test]
fn a_reader_gets_what_it_follows_in_order_and_from_the_cursor_it_was_told() {
    let live = Live::behind(6);
    live.append_events([event(7, "a")]);
    let (mut receiver, newest) = follow(&live, &["a", "c"]);
    assert_eq!(newest, 7);
    live.append_events([event(8, "a"), event(9, "b"), event(10, "c")]);
    live.append_events([event(11, "a")]);
    assert_eq!(cursors(&mut receiver), [8, 10, 11]);
    receiver.turn_to(interest("viewer", &["b"]));
    live.append_events([event(12, "a"), event(13, "b")]);
    assert_eq!(cursors(&mut receiver), [13]);
}

#[test]
fn who_does_not_read_has_lagged_and_keeps_nothing_waiting() {
    let live = Live::behind(0);
    let (mut slow, _) = follow(&live, &["a"]);
    let (mut quick, _) = follow(&live, &["a"]);
    for id in 1..=2000 {
        live.append_events([event(id, "a")]);
        assert_eq!(cursors(&mut quick), [id]);
    }
    assert_eq!(slow.try_recv().err(), Some(Lagged));
    slow.start_over();
    live.append_events([event(2001, "a")]);
    assert_eq!(cursors(&mut slow), [2001]);
}

#[test]
fn who_is_gone_leaves_nothing_behind() {
    let live = Live::behind(0);
    let (receiver, _) = follow(&live, &["a", "b"]);
    let (types, _) = live.follow(Interest::Types(&["x"]));
    drop((receiver, types));
    let log = live.lock();
    assert!(log.readers.is_empty() && log.of_channel.is_empty() && log.of_types.is_empty());
}

#[test]
fn signs_of_life_reach_each_follower_once_a_round_and_nobody_else() {
    let live = Live::behind(41);
    live.append_events([event(42, "z")]);
    let (mut followers, mut others): (Vec<_>, Vec<_>) = (0..40)
        .map(|_| (follow(&live, &["a"]).0, live.follow(Interest::Nothing).0))
        .unzip();
    (0..BEATS).for_each(|nth| live.beat(nth));
    for follower in &mut followers {
        let beat = follower.try_recv().unwrap();
        assert!(matches!(beat, Some(Entry::Beat(42))), "{beat:?}");
        assert!(follower.try_recv().unwrap().is_none());
    }
    for other in &mut others {
        assert!(other.try_recv().unwrap().is_none());
    }
}

#[test]
fn what_is_held_is_told_page_by_page_and_what_is_not_is_not() {
    let live = Live::behind(100);
    live.append_events((101..=3000).map(|id| event(id, if id % 3 == 0 { "a" } else { "b" })));
    let wanted = channels(&["a"]);
    assert!(live.recent(&wanted, 99, 3000).is_none(), "100 is not held");
    let (mut after, mut all) = (100, Vec::new());
    while after < 2500 {
        let (page, reached) = live.recent(&wanted, after, 2500).unwrap();
        assert!(reached > after);
        all.extend(page.iter().map(|event| event.id));
        after = reached;
    }
    let expected: Vec<i64> = (101..=2500).filter(|id| id % 3 == 0).collect();
    assert_eq!(all, expected);
}

#[test]
fn older_events_are_held_when_somebody_reads_them_for_all() {
    let live = Live::behind(10);
    live.append_events([event(11, "a")]);
    live.hold_older(7, vec![event(8, "a"), event(10, "a")]);
    assert_eq!(live.held_from(), 7);
    let (page, reached) = live.recent(&channels(&["a"]), 7, 11).unwrap();
    let ids: Vec<i64> = page.iter().map(|event| event.id).collect();
    assert_eq!((ids, reached), (vec![8, 10, 11], 11));
    live.hold_older(9, vec![event(10, "a")]);
    assert_eq!(live.held_from(), 7, "it is held already");
}

#[test]
fn memory_is_bounded_and_what_made_room_is_no_longer_held() {
    let live = Live::behind(0);
    live.append_events((1..=40_000).map(|id| event(id, "a")));
    let from = live.held_from();
    assert!(from > 0 && from < 40_000, "{from}");
    assert!(live.recent(&channels(&["a"]), from - 1, 40_000).is_none());
    assert!(live.recent(&channels(&["a"]), from, 40_000).is_some());
}

#[test]
fn older_events_are_held_as_far_as_there_is_room() {
    let live = Live::behind(50_000);
    live.append_events([event(50_001, "a")]);
    live.hold_older(0, (1..=50_000).map(|id| event(id, "a")).collect());
    let from = live.held_from();
    assert!(from > 0 && from < 50_000, "{from}");
    let all = channels(&["a"]);
    assert!(live.recent(&all, from - 1, 50_001).is_none());
    let (page, _) = live.recent(&all, from, from + 10).unwrap();
    let ids: Vec<i64> = page.iter().map(|event| event.id).collect();
    assert_eq!(ids, (from + 1..=from + 10).collect::<Vec<_>>());
    assert!(live.room() < event(1, "a").size());
}

#[tokio::test]
async fn a_waiting_reader_is_woken() {
    let live = Live::behind(0);
    let (mut receiver, _) = follow(&live, &["a"]);
    let waiting = tokio_util::task::TaskTracker::new().spawn(async move { receiver.recv().await });
    tokio::task::yield_now().await;
    live.append_events([event(1, "a")]);
    assert!(matches!(waiting.await.unwrap(), Ok(Entry::Committed(_))));
}

#[test]
fn what_a_viewer_is_told_reaches_that_viewers_readers_alone() {
    let live = Live::default();
    let (mut phone, _) = follow_as(&live, "vera", &["a"]);
    let (mut other, _) = follow_as(&live, "omar", &["a"]);
    let (mut topics, _) = live.follow(Interest::Nothing);
    let told = |receiver: &mut Receiver| receiver.try_recv().unwrap().is_some();
    let tell = || live.append_for(&UserId::new("vera"), &Entry::TopicsChanged);
    {
        let (mut desk, _) = follow_as(&live, "vera", &["b"]);
        phone.turn_to(interest("vera", &["b", "c"]));
        tell();
        assert!(told(&mut phone) && !told(&mut phone), "once");
        assert!(told(&mut desk));
    }
    tell();
    assert!(told(&mut phone), "also when the other one is gone");
    assert!(!told(&mut other) && !told(&mut topics));
    drop(phone);
    assert_eq!(live.lock().of_viewer.len(), 1);
}
