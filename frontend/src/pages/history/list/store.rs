//! The events that are loaded, from wherever the list was opened, growing at
//! both of its ends. Pure; `source` asks, this decides.

use std::cmp::Ordering;
use std::rc::Rc;

use wire::BroadcasterGap;
use yew::Reducible;

use super::entries::{Ends, Entry, Item, entries};
use crate::api::Error;
use crate::cursor;
use crate::feed::Load;

/// Events held at most; from there on a day further back is to be opened.
pub(super) const MOST_HELD: usize = 20_000;

/// Rows that are told again with what arrives.
const TOLD_AGAIN: usize = 20;

/// A part of the list.
#[derive(Debug, Clone, Default)]
pub(in crate::pages::history) struct Part {
    /// Newest first.
    pub items: Vec<Item>,
    pub ends: Ends,
}

/// The list.
#[derive(Debug, Clone)]
pub(in crate::pages::history) struct Loaded {
    /// Newest first.
    items: Vec<Item>,
    /// Arrived above them, to be shown when the reader asks.
    waiting: Vec<Item>,
    /// More than these arrived.
    is_more_waiting: bool,
    gaps: Vec<Rc<BroadcasterGap>>,
    ends: Ends,
    entries: Rc<Vec<Entry>>,
    first: Load,
    newer: Load,
    older: Load,
    /// Names the question; an answer to an earlier one is ignored.
    question: u32,
}

impl Default for Loaded {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            waiting: Vec::new(),
            is_more_waiting: false,
            gaps: Vec::new(),
            ends: Ends::default(),
            entries: Rc::default(),
            first: Load::Loading,
            newer: Load::Idle,
            older: Load::Idle,
            question: 0,
        }
    }
}

/// What happens to the list. Answers bring the number of their question.
#[derive(Debug)]
pub(in crate::pages::history) enum Step {
    /// Another filter, or the same from anew.
    Asked(u32),
    First(u32, Result<Part, Error>),
    AskedOlder,
    Older(u32, Result<Part, Error>),
    AskedNewer,
    Newer(u32, Result<Part, Error>),
    /// What there is above the list while the reader is in it.
    Arrived(u32, Part),
    /// The reader wants what is waiting.
    Reveal,
    Gaps(u32, Vec<BroadcasterGap>),
}

impl Reducible for Loaded {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        next.apply(step);
        Rc::new(next)
    }
}

impl Loaded {
    /// What stands in the list.
    pub(super) fn entries(&self) -> &Rc<Vec<Entry>> {
        &self.entries
    }

    /// No event matches, as far as is known.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Events loaded.
    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }

    /// How many wait, and whether there are more of them.
    pub(super) fn waiting(&self) -> (usize, bool) {
        (self.waiting.len(), self.is_more_waiting)
    }

    pub(super) fn first(&self) -> &Load {
        &self.first
    }

    pub(super) fn newer(&self) -> &Load {
        &self.newer
    }

    pub(super) fn older(&self) -> &Load {
        &self.older
    }

    pub(super) fn ends(&self) -> Ends {
        self.ends
    }

    pub(super) fn question(&self) -> u32 {
        self.question
    }

    /// As much is loaded as may be.
    pub(super) fn is_full(&self) -> bool {
        self.items.len() >= MOST_HELD
    }

    /// The cursor to load older events before, if there is reason to.
    pub(super) fn older_than(&self) -> Option<String> {
        let may_ask = self.first == Load::Idle && self.ends.has_older && !self.is_full();
        let oldest = self.items.last().filter(|_| may_ask)?;
        Some(oldest.place().to_owned())
    }

    /// The cursor to load newer events after, if there is reason to.
    pub(super) fn newer_than(&self) -> Option<String> {
        let may_ask = self.first == Load::Idle && self.ends.has_newer && !self.is_full();
        let newest = self.items.first().filter(|_| may_ask)?;
        Some(newest.place().to_owned())
    }

    /// The cursor after which something may have arrived, while the list reaches
    /// up to what was newest. Some rows before that are told again, as parts of
    /// what they tell may have arrived. Nothing is older than `0`.
    pub(super) fn arriving_after(&self) -> Option<String> {
        let may_ask = self.first == Load::Idle && !self.ends.has_newer && !self.is_more_waiting;
        let mut newest = self.waiting.iter().chain(&self.items);
        may_ask.then(|| match newest.nth(TOLD_AGAIN) {
            Some(item) => item.place().to_owned(),
            None => "0".into(),
        })
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::Asked(question) => {
                *self = Self {
                    question,
                    ..Self::default()
                };
            }
            Step::AskedOlder => self.older = Load::Loading,
            Step::AskedNewer => self.newer = Load::Loading,
            Step::Reveal => self.reveal(),
            Step::First(question, answer) if question == self.question => match answer {
                Ok(part) => {
                    self.items = part.items;
                    self.ends = part.ends;
                    self.first = Load::Idle;
                    self.write();
                }
                Err(error) => self.first = Load::Failed(error),
            },
            Step::Older(question, answer) if question == self.question => match answer {
                Ok(part) => {
                    self.ends.has_older = part.ends.has_older;
                    self.older = Load::Idle;
                    let oldest = self.items.last().map(|item| item.place().to_owned());
                    let is_older = |item: &Item| {
                        oldest.as_deref().is_none_or(|oldest| {
                            cursor::compare(item.place(), oldest) == Ordering::Less
                        })
                    };
                    self.items.extend(part.items.into_iter().filter(is_older));
                    self.write();
                }
                Err(error) => self.older = Load::Failed(error),
            },
            Step::Newer(question, answer) if question == self.question => match answer {
                Ok(part) => {
                    self.ends.has_newer = part.ends.has_newer;
                    self.newer = Load::Idle;
                    self.put_above(part.items);
                    self.write();
                }
                Err(error) => self.newer = Load::Failed(error),
            },
            Step::Arrived(question, part) if question == self.question => {
                self.is_more_waiting |= part.ends.has_newer;
                self.tell_again(&part.items);
                let mut waiting = self.newer_than_all(part.items);
                waiting.append(&mut self.waiting);
                self.waiting = waiting;
                self.write();
            }
            Step::Gaps(question, gaps) if question == self.question => self.take_gaps(gaps),
            Step::First(..)
            | Step::Older(..)
            | Step::Newer(..)
            | Step::Arrived(..)
            | Step::Gaps(..) => {}
        }
    }

    /// Those that are newer than what is loaded and what waits.
    fn newer_than_all(&self, items: Vec<Item>) -> Vec<Item> {
        let newest = self.waiting.first().or(self.items.first());
        let is_newer = |item: &Item| {
            newest.is_none_or(|newest| {
                cursor::compare(item.place(), newest.place()) == Ordering::Greater
            })
        };
        items.into_iter().filter(is_newer).collect()
    }

    /// Rows that tell more of their happening now.
    fn tell_again(&mut self, told: &[Item]) {
        let newest = self.items.iter_mut().take(TOLD_AGAIN + 1);
        for held in self.waiting.iter_mut().chain(newest) {
            if let Some(now) = told.iter().find(|item| item.place() == held.place()) {
                *held = Item {
                    height: Rc::clone(&held.height),
                    ..now.clone()
                };
            }
        }
    }

    fn put_above(&mut self, items: Vec<Item>) {
        let mut above = self.newer_than_all(items);
        above.append(&mut self.items);
        self.items = above;
    }

    fn reveal(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        self.put_above(waiting);
        self.write();
    }

    /// What is told again may have ended meanwhile.
    fn take_gaps(&mut self, gaps: Vec<BroadcasterGap>) {
        for gap in gaps {
            self.gaps
                .retain(|held| held.broadcaster_id != gap.broadcaster_id || held.from != gap.from);
            self.gaps.push(Rc::new(gap));
        }
        self.write();
    }

    fn write(&mut self) {
        self.entries = Rc::new(entries(&self.items, &self.gaps, self.ends));
    }
}

#[cfg(test)]
mod tests {
    use std::ops::RangeInclusive;

    use wire::{Fold, Kind};

    use super::*;
    use crate::feed::test_event;

    fn part(ids: RangeInclusive<u32>, has_newer: bool, has_older: bool) -> Part {
        let item = |id: u32| Item {
            event: Rc::new(test_event(&id.to_string(), Kind::Raid)),
            at: 0.0,
            day: 1,
            height: Rc::default(),
        };
        Part {
            items: ids.rev().map(item).collect(),
            ends: Ends {
                has_newer,
                has_older,
            },
        }
    }

    fn opened(ids: RangeInclusive<u32>, has_newer: bool, has_older: bool) -> Loaded {
        let mut loaded = Loaded::default();
        loaded.apply(Step::Asked(1));
        loaded.apply(Step::First(1, Ok(part(ids, has_newer, has_older))));
        loaded
    }

    fn ids(loaded: &Loaded) -> Vec<u32> {
        let ids = loaded.items.iter();
        ids.filter_map(|item| item.event.id.parse().ok()).collect()
    }

    #[test]
    fn it_grows_at_both_ends_until_there_is_no_more() {
        let mut loaded = opened(10..=12, true, true);
        assert_eq!(loaded.older_than().as_deref(), Some("10"));
        assert_eq!(loaded.newer_than().as_deref(), Some("12"));
        assert_eq!(loaded.arriving_after(), None);
        loaded.apply(Step::AskedOlder);
        loaded.apply(Step::Older(1, Ok(part(8..=10, false, false))));
        loaded.apply(Step::Newer(1, Ok(part(12..=14, false, true))));
        assert_eq!(ids(&loaded), [14, 13, 12, 11, 10, 9, 8]);
        assert_eq!((loaded.older_than(), loaded.newer_than()), (None, None));
        assert_eq!(
            loaded.arriving_after().as_deref(),
            Some("0"),
            "all of few rows"
        );
        assert_eq!(loaded.entries().len(), 8, "and the heading of the day");
    }

    #[test]
    fn answers_to_an_earlier_question_are_ignored() {
        let mut loaded = opened(10..=12, false, true);
        loaded.apply(Step::Asked(2));
        loaded.apply(Step::Older(1, Ok(part(1..=2, false, false))));
        loaded.apply(Step::First(1, Ok(part(1..=2, false, false))));
        loaded.apply(Step::Arrived(1, part(20..=21, false, false)));
        assert!(loaded.is_empty());
        assert_eq!(*loaded.first(), Load::Loading);
    }

    #[test]
    fn what_arrives_waits_until_it_is_asked_for() {
        let mut loaded = opened(1..=2, false, false);
        loaded.apply(Step::Arrived(1, part(2..=3, false, false)));
        loaded.apply(Step::Arrived(1, part(3..=4, true, false)));
        assert_eq!(ids(&loaded), [2, 1]);
        assert_eq!(loaded.waiting(), (2, true));
        assert_eq!(loaded.arriving_after(), None, "enough is waiting");
        loaded.apply(Step::Reveal);
        assert_eq!(ids(&loaded), [4, 3, 2, 1]);
        assert_eq!(loaded.waiting().0, 0);
    }

    #[test]
    fn a_happening_that_goes_on_is_told_again_in_its_place() {
        let mut loaded = opened(1..=30, false, true);
        assert_eq!(loaded.arriving_after().as_deref(), Some("10"));
        let mut part = part(29..=31, false, false);
        let mut whole = test_event("31", Kind::Gift);
        whole.fold = Some(Box::new(Fold {
            first: "29".into(),
            last: "31".into(),
            parts: 3,
        }));
        part.items[2].event = Rc::new(whole);
        loaded.apply(Step::Arrived(1, part));
        assert_eq!(loaded.waiting().0, 1);
        let told: Vec<_> = loaded.items()[..2]
            .iter()
            .map(|item| (item.place(), item.event.id.as_str()))
            .collect();
        assert_eq!(told, [("30", "30"), ("29", "31")]);
    }

    #[test]
    fn the_first_event_of_all_can_arrive() {
        let mut loaded = Loaded::default();
        loaded.apply(Step::Asked(1));
        assert_eq!(loaded.arriving_after(), None, "not before the answer");
        loaded.apply(Step::First(1, Ok(Part::default())));
        assert_eq!(loaded.arriving_after().as_deref(), Some("0"));
    }

    #[test]
    fn a_part_that_fails_leaves_the_rest() {
        let mut loaded = opened(1..=2, false, true);
        loaded.apply(Step::Older(1, Err(Error::Unreachable)));
        assert_eq!(*loaded.older(), Load::Failed(Error::Unreachable));
        assert_eq!(ids(&loaded), [2, 1]);
        assert!(loaded.older_than().is_some(), "it can be asked for again");
    }

    #[test]
    fn a_span_that_is_over_is_told_once() {
        let mut loaded = opened(1..=2, false, false);
        let gap = |to: Option<&str>| BroadcasterGap {
            broadcaster_id: "1".into(),
            from: "2026-11-01T17:00:00.000Z".into(),
            to: to.map(str::to_owned),
            reason: "not-received".into(),
        };
        loaded.apply(Step::Gaps(1, vec![gap(None)]));
        loaded.apply(Step::Gaps(1, vec![gap(Some("2026-11-01T17:05:00.000Z"))]));
        let gaps = loaded
            .entries()
            .iter()
            .filter(|entry| matches!(entry, Entry::Gaps { .. }));
        assert_eq!(gaps.count(), 1);
    }
}
