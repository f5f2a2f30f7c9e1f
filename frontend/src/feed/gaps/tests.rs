//! Where listed spans stand, and what they are to those told live.

use wire::{EventPage, Kind};

use super::super::{Step, test_event};
use super::*;

/// `18:00` as the server writes it.
fn at(clock: &str) -> String {
    format!("2026-11-01T{clock}:00.000Z")
}

/// Rows received at these times, the newest with id 9, each older one less.
fn feed(received: &[&str], has_older: bool) -> Feed {
    let events: Vec<_> = received
        .iter()
        .zip((1..=9).rev())
        .map(|(clock, id)| {
            let mut event = test_event(&id.to_string(), Kind::Raid);
            event.received_at = at(clock);
            event
        })
        .collect();
    let mut feed = Feed::default();
    let page = EventPage {
        next_before: has_older.then(|| "1".into()),
        next_after: None,
        events,
    };
    feed.apply(Step::Newest(feed.question(), Ok(page)));
    feed
}

fn list(feed: &mut Feed, gaps: &[(&str, Option<&str>)]) {
    let gaps = gaps.iter().map(|(from, to)| BroadcasterGap {
        broadcaster_id: "1".into(),
        from: at(from),
        to: to.map(at),
        reason: Gap::NOT_RECEIVED.into(),
    });
    feed.apply(Step::Gaps(feed.question(), gaps.collect()));
}

fn tell(feed: &mut Feed, from: &str, to: &str) {
    feed.apply(Step::Missed(Rc::new(Gap {
        from: at(from),
        to: at(to),
        reason: Gap::NOT_RECEIVED.into(),
        broadcaster_id: Some("1".into()),
    })));
}

/// Ids of events, times of gaps.
fn shown(feed: &Feed) -> Vec<String> {
    let clock = |time: &str| time.get(11..16).unwrap_or("now").to_owned();
    let of = |row: &Row| match row {
        Row::Event { event, .. } => event.id.clone(),
        Row::Gap { gap, .. } => format!("{}-{}", clock(&gap.from), clock(&gap.to)),
    };
    feed.rows().iter().map(of).collect()
}

#[test]
fn listed_spans_stand_at_their_time() {
    let mut feed = feed(&["18:30", "18:20", "18:10"], true);
    list(
        &mut feed,
        &[("18:22", Some("18:25")), ("18:12", Some("18:15"))],
    );
    assert_eq!(shown(&feed), ["9", "18:22-18:25", "8", "18:12-18:15", "7"]);
}

#[test]
fn a_span_older_than_the_rows_waits_for_older_ones() {
    let mut later = feed(&["18:30"], true);
    list(&mut later, &[("17:00", Some("17:30"))]);
    assert_eq!(shown(&later), ["9"]);
    let mut whole = feed(&["18:30"], false);
    list(&mut whole, &[("17:00", Some("17:30"))]);
    assert_eq!(shown(&whole), ["9", "17:00-17:30"]);
}

#[test]
fn a_span_told_live_and_listed_is_one_row() {
    let mut feed = feed(&["18:30", "18:10"], true);
    tell(&mut feed, "18:31", "18:33");
    list(&mut feed, &[("18:31", Some("18:33"))]);
    assert_eq!(shown(&feed), ["18:31-18:33", "9", "8"]);
    // Listed as a whole of which the stream told a part.
    list(&mut feed, &[("18:30", Some("18:34"))]);
    assert_eq!(shown(&feed), ["18:30-18:34", "9", "8"]);
    tell(&mut feed, "18:31", "18:33");
    assert_eq!(shown(&feed), ["18:30-18:34", "9", "8"]);
}

#[test]
fn a_span_that_lasts_stands_where_it_began_until_it_ends() {
    let mut feed = feed(&["18:30", "18:10"], true);
    list(&mut feed, &[("18:15", None)]);
    assert_eq!(shown(&feed), ["9", "18:15-now", "8"]);
    tell(&mut feed, "18:20", "18:40");
    assert_eq!(shown(&feed), ["18:15-18:40", "9", "8"]);
}

#[test]
fn an_answer_to_an_earlier_question_is_ignored() {
    let mut feed = feed(&["18:30", "18:10"], true);
    feed.apply(Step::AskedNewest);
    let gap = BroadcasterGap {
        broadcaster_id: "1".into(),
        from: at("18:15"),
        to: None,
        reason: Gap::NOT_RECEIVED.into(),
    };
    feed.apply(Step::Gaps(0, vec![gap]));
    assert_eq!(shown(&feed), ["9", "8"]);
}
