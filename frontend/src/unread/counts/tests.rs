//! The counts through answers, events and marks, in any order they may come.

use serde_json::json;
use wire::Kind;

use super::*;
use crate::feed::test_event;

/// As listed: read up to `mark`, with so many unread events up to `newest`.
fn listed(id: &str, mark: &str, unread: u32, newest: &str) -> Subscription {
    let mut entry: Subscription = serde_json::from_value(json!({
        "broadcaster": {"id": id, "login": id, "display_name": id, "profile_image_url": ""},
        "live": null, "topics": [], "unread": unread, "read_cursor": mark, "last_event": null,
        "created_at": "2026-11-01T18:00:00Z"
    }))
    .expect("a subscription as the server sends it");
    entry.last_event = Some(test_event(newest, Kind::Raid));
    entry
}

/// The streamer of [`test_event`], read up to 10, with 12 being the newest.
fn counts() -> Counts {
    let mut counts = Counts::default();
    counts.list(0, &[listed("1", "10", 2, "12")]);
    counts
}

fn arrive(counts: &mut Counts, ids: &[u32]) {
    for id in ids {
        counts.arrive(&test_event(&id.to_string(), Kind::Raid));
    }
}

fn mark(cursor: &str, unread: u32) -> ReadMark {
    ReadMark {
        broadcaster_id: "1".into(),
        cursor: cursor.into(),
        unread,
    }
}

#[test]
fn events_are_counted_on_from_the_answer() {
    let mut counts = counts();
    // 12 is in the answer, whenever it arrives.
    arrive(&mut counts, &[12, 13, 14, 14]);
    assert_eq!(counts.unread("1"), Some(4));
    assert_eq!(counts.newest("1"), Some("14"));
    assert_eq!(counts.unread("2"), None);
}

#[test]
fn a_mark_at_the_newest_leaves_nothing_unread() {
    let mut counts = counts();
    arrive(&mut counts, &[13]);
    counts.mark(&mark("13", 0));
    assert_eq!(counts.unread("1"), Some(0));
    arrive(&mut counts, &[14]);
    assert_eq!(counts.unread("1"), Some(1));
}

#[test]
fn an_event_that_a_mark_counts_and_that_arrives_later_is_one() {
    let mut counts = counts();
    arrive(&mut counts, &[13]);
    counts.mark(&mark("13", 1));
    assert_eq!(counts.unread("1"), Some(0));
    arrive(&mut counts, &[14]);
    assert_eq!(counts.unread("1"), Some(1));
}

#[test]
fn a_mark_that_moves_back_counts_what_lies_before_the_answer() {
    let mut counts = counts();
    arrive(&mut counts, &[13]);
    counts.mark(&mark("13", 0));
    counts.mark(&mark("4", 6));
    assert_eq!(counts.unread("1"), Some(6));
    arrive(&mut counts, &[14]);
    assert_eq!(counts.unread("1"), Some(7));
    counts.mark(&mark("0", 1000));
    assert_eq!(counts.unread("1"), Some(1000));
}

#[test]
fn an_answer_that_is_behind_the_stream_loses_no_event() {
    let mut counts = counts();
    arrive(&mut counts, &[13, 14]);
    counts.list(counts.now(), &[listed("1", "10", 3, "13")]);
    assert_eq!(counts.unread("1"), Some(4));
}

#[test]
fn answers_that_overtake_each_other_count_the_same() {
    let mut counts = counts();
    arrive(&mut counts, &[13, 14]);
    counts.list(counts.now(), &[listed("1", "10", 4, "14")]);
    counts.list(counts.now(), &[listed("1", "10", 2, "12")]);
    assert_eq!(counts.unread("1"), Some(4));
}

#[test]
fn a_mark_that_moved_after_the_question_stays() {
    let mut counts = counts();
    let asked_at = counts.now();
    counts.mark(&mark("12", 0));
    counts.list(asked_at, &[listed("1", "10", 2, "12")]);
    assert_eq!(counts.unread("1"), Some(0));
    assert_eq!(counts.read_to("1"), Some("12"));
    counts.list(counts.now(), &[listed("1", "11", 1, "12")]);
    assert_eq!(counts.read_to("1"), Some("11"));
}

#[test]
fn the_total_is_of_those_subscribed_to() {
    let mut counts = counts();
    counts.add(&listed("2", "5", 7, "12"));
    assert_eq!(counts.total(), 9);
    counts.remove("2");
    assert_eq!(counts.total(), 2);
    counts.list(counts.now(), &[]);
    assert_eq!(counts.total(), 0);
}

#[test]
fn a_thousand_is_said_as_999_and_more() {
    assert_eq!(count_label(0), "0");
    assert_eq!(count_label(999), "999");
    assert_eq!(count_label(1_000), "999+");
    let mut counts = counts();
    counts.list(0, &[listed("1", "0", 1_000, "12")]);
    arrive(&mut counts, &[13]);
    assert_eq!(counts.unread("1"), Some(1_000));
}
