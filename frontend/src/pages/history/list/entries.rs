//! What stands in the list, line by line: events, the days between them, and
//! spans in which nothing could be received. Pure.

use std::cell::Cell;
use std::rc::Rc;

use wire::{BroadcasterGap, Event};

/// An event and what is worked out of it once.
#[derive(Debug, Clone)]
pub(in crate::pages::history) struct Item {
    pub event: Rc<Event>,
    /// When it happened, unix milliseconds.
    pub at: f64,
    /// The day that was by the reader's calendar, counted from 1970 on.
    pub day: i64,
    /// How tall its row is, once that was measured; kept here, where it is
    /// found without looking for it, as there are thousands.
    pub height: Rc<Cell<Option<f64>>>,
}

/// A line.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    /// From here on down everything happened on this day.
    Day {
        /// Some moment of it.
        at: f64,
        key: String,
    },
    /// Spans between the event above and the one below, the newest first.
    Gaps {
        gaps: Vec<Rc<BroadcasterGap>>,
        key: String,
    },
    Event(Item),
}

impl Item {
    /// The cursor at which it stands in the list: where a happening is told by
    /// several events, that of the first of them.
    pub(super) fn place(&self) -> &str {
        self.event.place()
    }
}

impl Entry {
    /// What identifies it among its siblings.
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Day { key, .. } | Self::Gaps { key, .. } => key,
            Self::Event(item) => item.place(),
        }
    }
}

/// Which ends of the list are ends of what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::pages::history) struct Ends {
    pub has_newer: bool,
    pub has_older: bool,
}

/// The lines for events that are sorted newest first. A span beyond an end that
/// is not one of what there is belongs among events that are not here.
pub(super) fn entries(items: &[Item], gaps: &[Rc<BroadcasterGap>], ends: Ends) -> Vec<Entry> {
    let is_elsewhere = |at: usize| at == 0 && ends.has_newer || at == items.len() && ends.has_older;
    let mut placed: Vec<(usize, &Rc<BroadcasterGap>)> = gaps
        .iter()
        .map(|gap| (place(items, gap), gap))
        .filter(|(at, _)| !is_elsewhere(*at))
        .collect();
    placed.sort_by(|(left, one), (right, other)| {
        left.cmp(right).then(moment(other).cmp(moment(one)))
    });
    let mut placed = placed.into_iter().peekable();
    let mut lines = Vec::with_capacity(items.len() + items.len() / 20 + 8);
    let mut day = None;
    for at in 0..=items.len() {
        let mut here = Vec::new();
        while let Some((_, gap)) = placed.next_if(|(place, _)| *place == at) {
            here.push(Rc::clone(gap));
        }
        if let Some(first) = here.first() {
            let key = format!("gaps-{}-{}", first.broadcaster_id, first.from);
            lines.push(Entry::Gaps { gaps: here, key });
        }
        let Some(item) = items.get(at) else { break };
        if day != Some(item.day) {
            day = Some(item.day);
            let key = format!("day-{}-{}", item.day, item.place());
            lines.push(Entry::Day { at: item.at, key });
        }
        lines.push(Entry::Event(item.clone()));
    }
    lines
}

/// Right above the newest event that arrived before it was over; one that
/// lasts stands where it began. Times of this server sort as text.
fn place(items: &[Item], gap: &BroadcasterGap) -> usize {
    items.partition_point(|item| *item.event.received_at > *moment(gap))
}

fn moment(gap: &BroadcasterGap) -> &str {
    gap.to.as_deref().unwrap_or(&gap.from)
}

#[cfg(test)]
mod tests {
    use wire::Kind;

    use super::*;
    use crate::feed::test_event;

    fn item(id: u32, day: i64) -> Item {
        let mut event = test_event(&id.to_string(), Kind::Raid);
        event.received_at = format!("2026-11-01T18:{id:02}:00.000Z");
        Item {
            event: Rc::new(event),
            at: 0.0,
            day,
            height: Rc::default(),
        }
    }

    fn gap(from: u32, to: Option<u32>) -> Rc<BroadcasterGap> {
        let time = |minute: u32| format!("2026-11-01T18:{minute:02}:30.000Z");
        Rc::new(BroadcasterGap {
            broadcaster_id: "1".into(),
            from: time(from),
            to: to.map(time),
            reason: "not-received".into(),
        })
    }

    const WHOLE: Ends = Ends {
        has_newer: false,
        has_older: false,
    };

    fn told(items: &[Item], gaps: &[Rc<BroadcasterGap>], ends: Ends) -> Vec<String> {
        entries(items, gaps, ends)
            .iter()
            .map(|entry| match entry {
                Entry::Day { key, .. } => key.split('-').take(2).collect::<Vec<_>>().join(" "),
                Entry::Gaps { gaps, .. } => format!("{} gaps", gaps.len()),
                Entry::Event(item) => item.event.id.clone(),
            })
            .collect()
    }

    #[test]
    fn each_day_has_a_heading() {
        let items = [item(9, 3), item(8, 3), item(7, 1)];
        assert_eq!(told(&items, &[], WHOLE), ["day 3", "9", "8", "day 1", "7"]);
        assert!(told(&[], &[], WHOLE).is_empty());
    }

    #[test]
    fn spans_stand_at_their_time_and_several_are_one_line() {
        let items = [item(20, 1), item(10, 1)];
        let gaps = [
            gap(12, Some(14)),
            gap(15, Some(16)),
            gap(25, None),
            gap(2, Some(4)),
        ];
        assert_eq!(
            told(&items, &gaps, WHOLE),
            ["1 gaps", "day 1", "20", "2 gaps", "10", "1 gaps"]
        );
    }

    #[test]
    fn one_that_lasts_stands_where_it_began() {
        let items = [item(20, 1), item(10, 1)];
        assert_eq!(
            told(&items, &[gap(12, None)], WHOLE),
            ["day 1", "20", "1 gaps", "10"]
        );
    }

    #[test]
    fn spans_among_events_that_are_not_here_are_left_out() {
        let items = [item(20, 1), item(10, 1)];
        let gaps = [gap(25, Some(26)), gap(2, Some(4))];
        let inside = Ends {
            has_newer: true,
            has_older: true,
        };
        assert_eq!(told(&items, &gaps, inside), ["day 1", "20", "10"]);
    }

    #[test]
    fn keys_are_unlike_even_when_days_alternate() {
        let items = [item(9, 3), item(8, 2), item(7, 3)];
        let entries = entries(&items, &[], WHOLE);
        let mut keys: Vec<&str> = entries.iter().map(Entry::key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), entries.len());
    }
}
