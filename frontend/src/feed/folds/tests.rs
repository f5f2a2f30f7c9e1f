//! Whatever comes live and whatever is listed, in whatever order: the rows are the same.

use std::collections::HashSet;

use wire::{EventPage, Group, GroupKind, Kind, UserRef};

use super::super::{Step, test_event};
use super::*;
use crate::kinds::Kinds;

/// An event without an id: what it says, and its link to another one by that one's words.
#[derive(Clone)]
struct Draft {
    says: String,
    event_type: &'static str,
    group: Option<Group>,
    twin: Option<String>,
}

fn draft(says: &str, event_type: &'static str) -> Draft {
    Draft {
        says: says.into(),
        event_type,
        group: None,
        twin: None,
    }
}

const NOTICE: &str = "channel.chat.notification";

fn part(says: &str, kind: GroupKind, id: &str, step: u8, total: Option<i64>) -> Draft {
    Draft {
        group: Some(Group {
            id: id.into(),
            kind,
            total,
            broadcaster_id: "1".into(),
            step,
            recipient: None,
        }),
        ..draft(says, NOTICE)
    }
}

/// A bomb, and for the first recipients what their broadcaster is told besides.
fn bomb(id: &str, size: i64, twins: i64) -> Vec<Draft> {
    let mut all = vec![part(
        &format!("bomb {id}"),
        GroupKind::GiftBomb,
        id,
        4,
        Some(size),
    )];
    for number in 0..size {
        let mut one = part(
            &format!("{id} to {number}"),
            GroupKind::GiftBomb,
            id,
            0,
            None,
        );
        if let Some(group) = &mut one.group {
            group.recipient = Some(UserRef {
                id: number.to_string(),
                login: format!("fan_{number}"),
                display_name: format!("Fan_{number}"),
            });
        }
        if number < twins {
            all.push(Draft {
                twin: Some(one.says.clone()),
                ..draft(&format!("{number} got one of {id}"), "channel.subscribe")
            });
        }
        all.push(one);
    }
    all
}

fn happenings() -> Vec<Draft> {
    let mut all = [bomb("a", 7, 3), bomb("b", 3, 0)].concat();
    for (step, total) in [(0, 100), (1, 200), (1, 700), (4, 900)] {
        all.push(part(
            &format!("train at {total}"),
            GroupKind::HypeTrain,
            "t",
            step,
            Some(total),
        ));
    }
    all.push(draft("sub notice", NOTICE));
    all.push(Draft {
        twin: Some("sub notice".into()),
        ..draft("sub", "channel.subscribe")
    });
    all.extend((0..4).map(|number| draft(&format!("raid {number}"), "channel.raid")));
    all
}

/// Some other order of these, for each seed the same.
fn shuffled<T>(mut items: Vec<T>, seed: u64) -> Vec<T> {
    let mut dice = seed;
    for at in (1..items.len()).rev() {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        items.swap(at, usize::try_from(dice >> 33).unwrap() % (at + 1));
    }
    items
}

/// Gives ids in this order; of two that are linked, the second names the first and shares its group.
fn recorded(drafts: &[Draft]) -> Vec<Rc<Event>> {
    let mut events: Vec<Rc<Event>> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let mut event = test_event(&(100 + at).to_string(), Kind::Gift);
        event.summary.clone_from(&draft.says);
        event.event_type = draft.event_type.into();
        event.group = draft.group.clone().map(Box::new);
        let is_twin = |other: &&Draft| {
            other.twin.as_ref() == Some(&draft.says) || draft.twin.as_ref() == Some(&other.says)
        };
        if let Some(before) = drafts[..at].iter().position(|other| is_twin(&other)) {
            event.same_as = Some(events[before].id.clone());
            if event.group.is_none() {
                event.group.clone_from(&events[before].group);
            }
        }
        events.push(Rc::new(event));
    }
    events
}

/// What the server lists of these, newest first.
fn listed(events: &[Rc<Event>]) -> Vec<Event> {
    let mut sets: Vec<Vec<Rc<Event>>> = Vec::new();
    for event in events {
        let is_one = |set: &mut Vec<Rc<Event>>| set.iter().any(|held| held.is_one_with(event));
        let mut set: Vec<_> = sets.extract_if(.., is_one).flatten().collect();
        set.push(Rc::clone(event));
        set.sort_by(|one, other| compare(&one.id, &other.id));
        sets.push(set);
    }
    let mut rows: Vec<Event> = sets.iter().map(|set| told_as_one(set)).collect();
    rows.sort_by(|one, other| compare(other.place(), one.place()));
    rows
}

fn told_as_one(set: &[Rc<Event>]) -> Event {
    let mut tells = &set[0];
    for event in set {
        if event.tells_more_than(tells) {
            tells = event;
        }
    }
    let recipients: HashSet<_> = set
        .iter()
        .filter_map(|event| event.group.as_ref()?.recipient.as_ref().map(|who| &who.id))
        .collect();
    let is_bomb = tells
        .group
        .as_ref()
        .is_some_and(|group| group.kind == GroupKind::GiftBomb);
    let parts = if is_bomb { recipients.len() } else { set.len() };
    let fold = Fold {
        first: set[0].id.clone(),
        last: set[set.len() - 1].id.clone(),
        parts: u32::try_from(parts).unwrap(),
    };
    Event {
        fold: (set.len() > 1).then(|| Box::new(fold)),
        ..Event::clone(tells)
    }
}

fn page(events: &[Event], has_older: bool) -> EventPage {
    EventPage {
        next_before: events
            .last()
            .filter(|_| has_older)
            .map(|event| event.place().to_owned()),
        next_after: None,
        events: events.to_vec(),
    }
}

fn list(feed: &mut Feed, page: EventPage) {
    feed.apply(Step::Newest(feed.question(), Ok(page)));
}

/// Place, words and number of parts of each row; two tellings of one have no parts.
fn shown(feed: &Feed) -> Vec<(String, String, u32)> {
    let rows = feed.rows().iter().filter_map(Row::event);
    rows.map(|event| {
        let parts = event.fold.as_ref().filter(|_| event.group.is_some());
        (
            event.place().to_owned(),
            event.summary.clone(),
            parts.map_or(0, |fold| fold.parts),
        )
    })
    .collect()
}

fn arrive(feed: &mut Feed, events: &[Rc<Event>]) {
    for event in events {
        feed.apply(Step::Arrived(Rc::clone(event)));
    }
}

/// The feed when all of these were listed at once.
fn whole(events: &[Rc<Event>]) -> Feed {
    let mut feed = Feed::default();
    list(&mut feed, page(&listed(events), false));
    feed
}

#[test]
fn any_order_of_arrival_gives_the_same_rows() {
    let words = |feed: &Feed| {
        let mut rows: Vec<_> = shown(feed)
            .into_iter()
            .map(|(_, says, parts)| (says, parts))
            .collect();
        rows.sort();
        rows
    };
    let expected = words(&whole(&recorded(&happenings())));
    assert_eq!(expected.len(), 8);
    assert!(
        expected.contains(&("bomb a".into(), 7)) && expected.contains(&("train at 900".into(), 4))
    );
    for seed in 0..200 {
        let events = recorded(&shuffled(happenings(), seed));
        let mut feed = Feed::default();
        arrive(&mut feed, &events);
        list(&mut feed, page(&[], false));
        assert_eq!(words(&feed), expected, "order {seed}");
        assert_eq!(shown(&feed), shown(&whole(&events)), "order {seed}");
    }
}

#[test]
fn a_list_at_any_moment_and_the_stream_join_to_the_same_rows() {
    for seed in 0..20 {
        let events = recorded(&shuffled(happenings(), seed));
        for read_at in 0..=events.len() {
            for opened_at in (0..=read_at).step_by(5) {
                let mut feed = Feed::default();
                // The stream is open from then on; the list is read later, and answered in between.
                let answered_at = (read_at + 3).min(events.len());
                arrive(&mut feed, &events[opened_at..answered_at]);
                list(&mut feed, page(&listed(&events[..read_at]), false));
                arrive(&mut feed, &events[answered_at..]);
                let moment = format!("order {seed}, read at {read_at}, open from {opened_at}");
                assert_eq!(shown(&feed), shown(&whole(&events)), "{moment}");
            }
        }
    }
}

#[test]
fn pages_of_rows_give_the_same_rows_wherever_they_end() {
    let events = recorded(&shuffled(happenings(), 5));
    let rows = listed(&events);
    for size in 1..rows.len() {
        let mut feed = Feed::default();
        let mut pages = rows.chunks(size).peekable();
        list(&mut feed, page(pages.next().unwrap(), true));
        while let Some(next) = pages.next() {
            assert!(feed.older_than().is_some());
            feed.apply(Step::AskedOlder);
            let page = page(next, pages.peek().is_some());
            feed.apply(Step::Older(feed.question(), Ok(page)));
        }
        assert_eq!(feed.older_than(), None);
        assert_eq!(shown(&feed), shown(&whole(&events)), "pages of {size}");
    }
}

#[test]
fn parts_fold_in_place_while_the_reader_is_elsewhere() {
    let events = recorded(&bomb("a", 9, 0));
    let mut feed = whole(&events[..3]);
    feed.apply(Step::AtTop(false));
    arrive(&mut feed, &events[3..]);
    assert_eq!(shown(&feed), [("100".into(), "bomb a".into(), 9)]);
    assert_eq!(feed.waiting(), 0);
    // Another one waits, as one.
    let mut others = recorded(&[bomb("a", 9, 0), bomb("b", 4, 0)].concat());
    arrive(&mut feed, &others.split_off(10));
    assert_eq!(feed.waiting(), 1);
    feed.apply(Step::Reveal);
    assert_eq!(shown(&feed)[0], ("110".into(), "bomb b".into(), 4));
    assert_eq!(feed.rows().len(), 2);
}

#[test]
fn the_first_row_is_read_up_to_the_newest_part_of_any() {
    let events = recorded(
        &[
            bomb("a", 2, 0),
            vec![draft("raid", "channel.raid")],
            bomb("a", 1, 0),
        ]
        .concat(),
    );
    let feed = whole(&events);
    assert_eq!(feed.top_in_view(), Some(("103", "105")));
}

#[test]
fn a_list_of_other_kinds_replaces_what_was_folded() {
    let mut events = recorded(&bomb("a", 3, 1));
    for event in &mut events {
        if event.event_type == "channel.subscribe" {
            Rc::make_mut(event).kind = Kind::Sub;
        }
    }
    let mut feed = whole(&events);
    let subs: Vec<_> = events
        .iter()
        .filter(|event| event.kind == Kind::Sub)
        .cloned()
        .collect();
    feed.apply(Step::Show(Kinds::from_iter([Kind::Sub])));
    list(&mut feed, page(&listed(&subs), false));
    assert_eq!(shown(&feed).len(), 1);
    feed.apply(Step::Show(Kinds::NONE));
    list(&mut feed, page(&listed(&events), false));
    assert_eq!(shown(&feed), [("100".into(), "bomb a".into(), 3)]);
}

#[test]
fn a_broadcast_is_one_row_only_while_it_flaps() {
    let at = |says: &str, step, time: &str| {
        let events = recorded(&[part(says, GroupKind::Stream, "s", step, None)]);
        Event {
            occurred_at: format!("2026-11-01T18:{time}.000Z"),
            ..Event::clone(&events[0])
        }
    };
    for (ended, rows) in [("01:59", 1), ("02:01", 2)] {
        let mut feed = Feed::default();
        list(&mut feed, page(&[], false));
        let mut end = at("ended", 0, ended);
        end.id = "101".into();
        arrive(&mut feed, &[Rc::new(at("live", 4, "00:00")), Rc::new(end)]);
        assert_eq!(feed.rows().len(), rows, "{ended}");
    }
}
