//! The feed step by step: joining, order, waiting rows, filters, limits.

use wire::{Event, EventPage, Gap, Kind};

use super::*;

fn page(ids: &[u32], has_older: bool) -> EventPage {
    let events: Vec<Event> = ids
        .iter()
        .map(|id| test_event(&id.to_string(), Kind::Raid))
        .collect();
    EventPage {
        next_before: events
            .last()
            .filter(|_| has_older)
            .map(|event| event.id.clone()),
        next_after: events.first().map(|event| event.id.clone()),
        events,
    }
}

fn arrive(feed: &mut Feed, id: u32) {
    arrive_as(feed, id, Kind::Raid);
}

fn arrive_as(feed: &mut Feed, id: u32, kind: Kind) {
    feed.apply(Step::Arrived(Rc::new(test_event(&id.to_string(), kind))));
}

fn answer(feed: &mut Feed, page: EventPage) {
    let question = feed.question();
    feed.apply(Step::Newest(question, Ok(page)));
}

fn answer_older(feed: &mut Feed, page: EventPage) {
    feed.apply(Step::AskedOlder);
    let question = feed.question();
    feed.apply(Step::Older(question, Ok(page)));
}

fn gap(reason: &str, from: &str, to: &str) -> Step {
    Step::Missed(Rc::new(Gap {
        from: from.into(),
        to: to.into(),
        reason: reason.into(),
        broadcaster_id: None,
    }))
}

fn ids(rows: &[Row]) -> Vec<String> {
    rows.iter().map(Row::key).collect()
}

fn shown(feed: &Feed) -> Vec<String> {
    ids(feed.rows())
}

fn loaded(newest_first: &[u32], has_older: bool) -> Feed {
    let mut feed = Feed::default();
    answer(&mut feed, page(newest_first, has_older));
    feed
}

#[test]
fn list_and_stream_join_without_hole_or_repeat() {
    let mut feed = Feed::default();
    for id in [8, 9, 10, 11] {
        arrive(&mut feed, id);
    }
    // The list was read after 9 was committed and before 10.
    answer(&mut feed, page(&[9, 8, 7, 6], true));
    assert_eq!(shown(&feed), ["11", "10", "9", "8", "7", "6"]);
    arrive(&mut feed, 12);
    arrive(&mut feed, 11);
    assert_eq!(shown(&feed), ["12", "11", "10", "9", "8", "7", "6"]);
    assert_eq!(feed.older_than(), Some("6"));
}

#[test]
fn every_moment_of_reading_the_list_gives_the_same_rows() {
    let all: Vec<u32> = (1..=12).collect();
    for read_at in 4..=12_u32 {
        for arrived_before_answer in read_at..=12 {
            let mut feed = Feed::default();
            // The stream was open from 4 on; the list holds the newest three.
            for id in 5..=arrived_before_answer {
                arrive(&mut feed, id);
            }
            let listed: Vec<u32> = all
                .iter()
                .copied()
                .filter(|id| *id <= read_at)
                .rev()
                .take(3)
                .collect();
            answer(&mut feed, page(&listed, true));
            for id in arrived_before_answer + 1..=12 {
                arrive(&mut feed, id);
            }
            let oldest: u32 = feed.older_than().unwrap().parse().unwrap();
            let expected: Vec<String> = (oldest..=12).rev().map(|id| id.to_string()).collect();
            assert_eq!(shown(&feed), expected, "read at {read_at}");
            assert!(oldest <= listed.last().copied().unwrap());
        }
    }
}

#[test]
fn ten_comes_after_nine() {
    let mut feed = loaded(&[9], false);
    arrive(&mut feed, 10);
    assert_eq!(shown(&feed), ["10", "9"]);
}

#[test]
fn a_second_list_that_joins_keeps_the_rows_below() {
    let mut feed = loaded(&[5, 4], true);
    answer_older(&mut feed, page(&[3, 2], true));
    feed.apply(Step::AskedNewest);
    answer(&mut feed, page(&[7, 6, 5], true));
    assert_eq!(shown(&feed), ["7", "6", "5", "4", "3", "2"]);
}

#[test]
fn a_second_list_that_does_not_join_replaces_the_rows_below() {
    let mut feed = loaded(&[5, 4], true);
    feed.apply(Step::AskedNewest);
    answer(&mut feed, page(&[20, 19], true));
    assert_eq!(shown(&feed), ["20", "19"]);
    assert_eq!(feed.older_than(), Some("19"));
}

#[test]
fn an_answer_to_an_earlier_question_is_ignored() {
    let mut feed = Feed::default();
    let early = feed.question();
    feed.apply(Step::AskedNewest);
    feed.apply(Step::Newest(early, Ok(page(&[1], false))));
    assert!(feed.rows().is_empty());
    assert_eq!(feed.newest(), &Load::Loading);
}

#[test]
fn a_failed_load_keeps_what_is_shown() {
    let mut feed = loaded(&[2, 1], false);
    feed.apply(Step::AskedNewest);
    let question = feed.question();
    feed.apply(Step::Newest(question, Err(Error::Unreachable)));
    assert_eq!(feed.newest(), &Load::Failed(Error::Unreachable));
    assert_eq!(shown(&feed), ["2", "1"]);
}

#[test]
fn new_rows_wait_while_the_reader_is_elsewhere() {
    let mut feed = loaded(&[2, 1], false);
    feed.apply(Step::AtTop(false));
    for id in [3, 4, 5, 4] {
        arrive(&mut feed, id);
    }
    assert_eq!(shown(&feed), ["2", "1"]);
    assert_eq!(feed.waiting(), 3);
    feed.apply(Step::Reveal);
    assert_eq!(shown(&feed), ["5", "4", "3", "2", "1"]);
    assert_eq!(feed.waiting(), 0);
    arrive(&mut feed, 6);
    assert_eq!(feed.waiting(), 0);
}

#[test]
fn returning_to_the_top_shows_what_waits() {
    let mut feed = loaded(&[1], false);
    feed.apply(Step::AtTop(false));
    arrive(&mut feed, 2);
    feed.apply(Step::AtTop(true));
    assert_eq!(shown(&feed), ["2", "1"]);
}

#[test]
fn an_empty_feed_shows_its_first_event_wherever_the_reader_is() {
    let mut feed = loaded(&[], false);
    feed.apply(Step::AtTop(false));
    arrive(&mut feed, 1);
    assert_eq!(shown(&feed), ["1"]);
}

#[test]
fn rows_are_trimmed_at_the_old_end_and_can_be_loaded_again() {
    let mut feed = loaded(&[1], false);
    assert_eq!(feed.older_than(), None);
    for id in 2..=u32::try_from(MAX_ROWS).unwrap() + 5 {
        arrive(&mut feed, id);
    }
    assert_eq!(feed.rows().len(), MAX_ROWS);
    assert_eq!(feed.older_than(), Some("6"));
}

#[test]
fn rows_are_not_trimmed_under_a_reader_of_old_ones() {
    let newest_first: Vec<u32> = (1..=u32::try_from(MAX_ROWS).unwrap()).rev().collect();
    let mut feed = loaded(&newest_first, true);
    feed.apply(Step::AtTop(false));
    arrive(&mut feed, 1_000);
    assert_eq!(feed.rows().last().map(Row::key).as_deref(), Some("1"));
}

#[test]
fn more_waiting_rows_than_are_kept_are_counted_and_leave_no_hole() {
    let mut feed = loaded(&[2, 1], false);
    feed.apply(Step::AtTop(false));
    let arrived = u32::try_from(MAX_ROWS).unwrap() + 10;
    for id in 3..3 + arrived {
        arrive(&mut feed, id);
    }
    assert_eq!(feed.waiting(), MAX_ROWS + 10);
    feed.apply(Step::Reveal);
    assert_eq!(feed.rows().len(), MAX_ROWS);
    assert_eq!(feed.older_than(), Some("13"));
}

#[test]
fn older_rows_follow_until_there_are_none() {
    let mut feed = loaded(&[9, 8], true);
    answer_older(&mut feed, page(&[8, 7, 6], true));
    assert_eq!(shown(&feed), ["9", "8", "7", "6"]);
    assert_eq!(feed.older_than(), Some("6"));
    answer_older(&mut feed, page(&[5], false));
    assert_eq!(feed.older_than(), None);
    assert_eq!(feed.older(), &Load::Idle);
}

#[test]
fn a_filter_hides_at_once_and_fills_up_with_the_answer() {
    let mut feed = loaded(&[3, 2, 1], true);
    arrive_as(&mut feed, 4, Kind::Sub);
    feed.apply(Step::Show(Kinds::from_iter([Kind::Sub])));
    assert_eq!(shown(&feed), ["4"]);
    assert_eq!(feed.newest(), &Load::Loading);
    arrive_as(&mut feed, 5, Kind::Raid);
    arrive_as(&mut feed, 6, Kind::Sub);
    assert_eq!(shown(&feed), ["6", "4"]);
    assert!(feed.seen_kinds().contains(Kind::Raid));
}

#[test]
fn taking_a_filter_away_leaves_no_hole_below_the_answer() {
    let mut feed = loaded(&[9, 8, 7], true);
    feed.apply(Step::Show(Kinds::from_iter([Kind::Raid])));
    answer(&mut feed, page(&[9, 5, 2], true));
    feed.apply(Step::Show(Kinds::NONE));
    // Between 5 and 2 other kinds may lie, which this answer does not reach.
    answer(&mut feed, page(&[9, 8, 7], true));
    assert_eq!(shown(&feed), ["9", "8", "7"]);
    assert_eq!(feed.older_than(), Some("7"));
}

#[test]
fn an_expired_span_is_drawn_where_it_lies() {
    let mut feed = loaded(&[5, 4], true);
    feed.apply(gap("expired", "5", "80"));
    arrive(&mut feed, 81);
    assert_eq!(shown(&feed), ["81", "gap-5-80", "5", "4"]);
}

#[test]
fn a_span_not_received_stands_above_what_was_the_newest() {
    let mut feed = loaded(&[5], false);
    feed.apply(gap(
        "not-received",
        "2026-11-01T18:02:00Z",
        "2026-11-01T18:04:00Z",
    ));
    arrive(&mut feed, 6);
    let rows = shown(&feed);
    assert_eq!(rows.len(), 3);
    assert!(rows[1].starts_with("gap-"));
    assert_eq!(feed.waiting(), 0);
}

#[test]
fn a_span_told_again_as_a_longer_one_is_one_row() {
    let mut feed = loaded(&[5], false);
    let from = "2026-11-01T18:02:00Z";
    feed.apply(gap("not-received", from, "2026-11-01T18:04:00Z"));
    feed.apply(gap("not-received", from, "2026-11-01T18:05:00Z"));
    let row = "gap-2026-11-01T18:02:00Z-2026-11-01T18:05:00Z";
    assert_eq!(shown(&feed), [row, "5"]);
}

#[test]
fn a_reset_forgets_what_was_held() {
    let mut feed = loaded(&[500, 499], true);
    feed.apply(gap("reset", "500", "3"));
    assert_eq!(shown(&feed), ["gap-500-3"]);
    assert_eq!(feed.newest(), &Load::Loading);
    answer(&mut feed, page(&[3, 2, 1], false));
    arrive(&mut feed, 4);
    assert_eq!(shown(&feed), ["4", "gap-500-3", "3", "2", "1"]);
}

#[test]
fn an_empty_list_is_no_error() {
    let feed = loaded(&[], false);
    assert!(feed.rows().is_empty());
    assert_eq!(feed.newest(), &Load::Idle);
    assert_eq!(feed.older_than(), None);
}

#[test]
fn the_line_parts_what_is_read_from_what_is_not() {
    let feed = loaded(&[9, 8, 7, 6], true);
    assert_eq!(feed.line_before("7"), Some(2));
    assert_eq!(feed.line_before("6"), Some(3));
    // Everything is read, or nothing that is loaded.
    assert_eq!(feed.line_before("9"), None);
    assert_eq!(feed.line_before("5"), None);
    let whole = loaded(&[9, 8], false);
    assert_eq!(whole.line_before("0"), Some(2));
    assert_eq!(loaded(&[], false).line_before("0"), None);
}

#[test]
fn new_rows_leave_the_line_where_it_is() {
    let mut feed = loaded(&[9, 8], true);
    arrive(&mut feed, 10);
    assert_eq!(feed.line_before("8"), Some(2));
    feed.apply(gap("expired", "8", "9"));
    // A gap right above the last row that is read belongs to the unread ones.
    assert_eq!(feed.line_before("8"), Some(3));
}

#[test]
fn the_newest_event_is_in_view_while_nothing_is_left_out_above_it() {
    let mut feed = loaded(&[2, 1], false);
    assert_eq!(feed.top_in_view(), Some(("2", "2")));
    feed.apply(Step::AtTop(false));
    assert_eq!(feed.top_in_view(), None);
    arrive(&mut feed, 3);
    feed.apply(Step::AtTop(true));
    assert_eq!(feed.top_in_view(), Some(("3", "3")));
    feed.apply(Step::Show(Kinds::from_iter([Kind::Raid])));
    answer(&mut feed, page(&[3], false));
    assert_eq!(feed.top_in_view(), None);
}
