//! The rows of one streamer's feed. Pure; the page asks and listens, this decides.
//!
//! The list that was loaded and the events that arrive become one sequence, by
//! id: nothing twice, nothing missing, and nothing moved under the reader.

mod folds;
mod gaps;
mod pretty;
mod row;
mod words;

use std::rc::Rc;

use wire::{BroadcasterGap, Event, EventPage, Gap, Kind};
use yew::Reducible;

use crate::api::Error;
use crate::cursor;
use crate::kinds::Kinds;
pub use pretty::pretty_json;
pub use row::Row;
pub use words::{Part, amount_words, fold_words, gap_words, summary_parts};

/// How many rows stay on the page while events arrive; older ones are loaded
/// again on demand.
pub const MAX_ROWS: usize = 500;
/// How far back the page goes by loading older rows.
pub const MAX_LOADED_ROWS: usize = 2_000;

/// One page of the list, asked for from either end.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Load {
    /// Nothing is under way.
    #[default]
    Idle,
    /// Asked for.
    Loading,
    /// No usable answer.
    Failed(Error),
}

/// The feed as the page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Newest first.
    rows: Vec<Row>,
    /// What arrived while the reader was away from the top; newest first.
    waiting: Vec<Row>,
    /// Rows of events among `waiting`, those too many to be kept included.
    waiting_events: usize,
    /// Only these kinds are shown; none means all.
    kinds: Kinds,
    /// Kinds this streamer is known to have.
    seen_kinds: Kinds,
    newest: Load,
    older: Load,
    /// The oldest row held is the first there is.
    reached_start: bool,
    /// The rows held do not cover their span: they are what another filter left.
    is_sparse: bool,
    is_at_top: bool,
    /// Names the question; an answer to an earlier one is ignored.
    question: u32,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            waiting: Vec::new(),
            waiting_events: 0,
            kinds: Kinds::NONE,
            seen_kinds: Kinds::NONE,
            newest: Load::Loading,
            older: Load::Idle,
            reached_start: false,
            is_sparse: false,
            is_at_top: true,
            question: 0,
        }
    }
}

/// What happens to a feed.
#[derive(Debug, Clone)]
pub enum Step {
    /// An event arrived live.
    Arrived(Rc<Event>),
    /// A span cannot be had.
    Missed(Rc<Gap>),
    /// The spans that could not be received while the rows of a page were,
    /// with the number of its question.
    Gaps(u32, Vec<BroadcasterGap>),
    /// The newest page is asked for (again).
    AskedNewest,
    /// Its answer, with the number of the question.
    Newest(u32, Result<EventPage, Error>),
    /// The page before the oldest row is asked for.
    AskedOlder,
    /// Its answer, with the number of the question.
    Older(u32, Result<EventPage, Error>),
    /// Only these kinds are to be shown; none means all.
    Show(Kinds),
    /// The reader reached the top, or left it.
    AtTop(bool),
    /// The reader wants what is waiting.
    Reveal,
}

impl Reducible for Feed {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut next = Rc::unwrap_or_clone(self);
        next.apply(step);
        Rc::new(next)
    }
}

impl Feed {
    /// An empty feed that shows these kinds; none means all.
    pub fn showing(kinds: Kinds) -> Self {
        Self {
            kinds,
            ..Self::default()
        }
    }

    /// The rows to show, newest first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many rows of events wait for the reader to return to the top.
    pub fn waiting(&self) -> usize {
        self.waiting_events
    }

    /// The kinds shown; none means all.
    pub fn kinds(&self) -> Kinds {
        self.kinds
    }

    /// Kinds this streamer is known to have.
    pub fn seen_kinds(&self) -> Kinds {
        self.seen_kinds
    }

    /// The state of the newest page.
    pub fn newest(&self) -> &Load {
        &self.newest
    }

    /// The state of the next older page.
    pub fn older(&self) -> &Load {
        &self.older
    }

    /// The number a question asked now must bring back with its answer.
    pub fn question(&self) -> u32 {
        self.question
    }

    /// The page holds as much history as it may.
    pub fn is_full(&self) -> bool {
        self.rows.len() >= MAX_LOADED_ROWS
    }

    /// The cursor to load older rows before, if there are any to load.
    pub fn older_than(&self) -> Option<&str> {
        let oldest = self.oldest()?;
        let has_older = !self.reached_start && self.newest != Load::Loading;
        (has_older && !self.is_full()).then_some(oldest.place())
    }

    /// The oldest event held.
    pub fn oldest(&self) -> Option<&Rc<Event>> {
        self.rows.iter().rev().find_map(Row::event)
    }

    /// The place of the first row, and the newest event in any row: who has
    /// read the first row has read up to there.
    pub fn top(&self) -> Option<(&str, &str)> {
        let first = self.rows.iter().find_map(Row::event)?;
        let newest = self.rows.iter().filter_map(Row::newest);
        Some((first.place(), newest.max_by(|a, b| cursor::compare(a, b))?))
    }

    /// The [`top`](Self::top), when it is the first thing the reader sees:
    /// nothing waits or is left out above it.
    pub fn top_in_view(&self) -> Option<(&str, &str)> {
        let shows_all = self.kinds.is_empty() && self.newest == Load::Idle;
        let in_view = shows_all && self.is_at_top && self.waiting.is_empty();
        self.top().filter(|_| in_view)
    }

    /// Before which row the line stands that parts unread rows from those read
    /// up to this event. None when there is nothing on one of its sides, save
    /// for the beginning of history.
    pub fn line_before(&self, read_to: &str) -> Option<usize> {
        let at = self
            .rows
            .partition_point(|row| row.is_newer_than_event(read_to));
        let has_unread = self.rows.get(..at)?.iter().any(|row| row.event().is_some());
        let has_end = at < self.rows.len() || self.reached_start;
        (has_unread && has_end).then_some(at)
    }

    /// Takes one step.
    pub fn apply(&mut self, step: Step) {
        match step {
            Step::Arrived(event) => {
                self.seen_kinds.insert(event.kind);
                if self.shows(event.kind) {
                    self.insert(Row::arrived(event));
                }
            }
            Step::Missed(gap) => self.miss(gap),
            Step::AskedNewest => self.ask_newest(),
            Step::Newest(question, answer) if question == self.question => match answer {
                Ok(page) => self.merge_newest(page),
                Err(error) => self.newest = Load::Failed(error),
            },
            Step::AskedOlder => self.older = Load::Loading,
            Step::Older(question, answer) if question == self.question => match answer {
                Ok(page) => self.append_older(page),
                Err(error) => self.older = Load::Failed(error),
            },
            Step::Gaps(question, gaps) if question == self.question => self.list_gaps(gaps),
            Step::Newest(..) | Step::Older(..) | Step::Gaps(..) => {}
            Step::Show(kinds) => self.show(kinds),
            Step::AtTop(is_at_top) => {
                self.is_at_top = is_at_top;
                if is_at_top {
                    self.reveal();
                }
            }
            Step::Reveal => {
                self.is_at_top = true;
                self.reveal();
            }
        }
    }

    fn shows(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(kind)
    }

    fn holds(&self, event: &Event) -> bool {
        let mut rows = self.rows.iter().chain(&self.waiting);
        rows.any(|row| row.holds(event))
    }

    /// Puts a row where its cursor belongs; what is newer than all that is
    /// shown waits while the reader is elsewhere.
    fn insert(&mut self, row: Row) {
        // A row that the server folded may have more in it than before.
        if row
            .event()
            .is_some_and(|event| event.fold.is_none() && self.holds(event))
        {
            return;
        }
        let Some(row) = self.fold_in(row) else {
            return;
        };
        let is_newest = self.rows.first().is_some_and(|top| row.is_newer_than(top));
        if is_newest && !self.is_at_top {
            self.waiting_events += usize::from(row.event().is_some());
            insert_sorted(&mut self.waiting, row);
            self.waiting.truncate(MAX_ROWS);
        } else {
            insert_sorted(&mut self.rows, row);
            if self.is_at_top && self.older != Load::Loading {
                self.trim();
            }
        }
    }

    fn trim(&mut self) {
        if self.rows.len() > MAX_ROWS {
            self.rows.truncate(MAX_ROWS);
            self.reached_start = false;
        }
    }

    fn reveal(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let arrived = self.waiting.iter().filter(|row| row.event().is_some());
        if arrived.count() < self.waiting_events {
            // More arrived than were kept: the rows below no longer join up.
            self.rows.clear();
            self.reached_start = false;
        }
        self.waiting.append(&mut self.rows);
        self.rows = std::mem::take(&mut self.waiting);
        self.waiting_events = 0;
        self.trim();
    }

    fn ask_newest(&mut self) {
        self.question = self.question.wrapping_add(1);
        self.newest = Load::Loading;
        self.older = Load::Idle;
    }

    fn merge_newest(&mut self, page: EventPage) {
        self.newest = Load::Idle;
        let reaches_start = page.next_before.is_none();
        let joins = !self.is_sparse && page.events.iter().any(|event| self.holds(event));
        self.is_sparse = false;
        self.drop_unlisted(&page.events);
        if reaches_start {
            self.reached_start = true;
        } else if !joins {
            // Between the page and older rows held there may be a hole.
            if let Some(oldest) = page.events.last() {
                let is_covered = |row: &Row| !row.is_older_than_event(oldest.place());
                self.rows.retain(is_covered);
                self.waiting.retain(is_covered);
            }
            self.reached_start = false;
        }
        for event in page.events.into_iter().rev() {
            self.seen_kinds.insert(event.kind);
            self.insert(Row::listed(Rc::new(event)));
        }
    }

    fn append_older(&mut self, page: EventPage) {
        self.older = Load::Idle;
        let place = |feed: &Self| feed.oldest().map(|event| event.place().to_owned());
        let before = place(self);
        for event in page.events {
            self.seen_kinds.insert(event.kind);
            if event.fold.is_some() || !self.holds(&event) {
                let row = self.fold_in(Row::listed(Rc::new(event)));
                if let Some(row) = row {
                    insert_sorted(&mut self.rows, row);
                }
            }
        }
        // A page that brings nothing would be asked for again and again.
        self.reached_start = page.next_before.is_none() || place(self) == before;
    }

    fn show(&mut self, kinds: Kinds) {
        if kinds == self.kinds {
            return;
        }
        self.kinds = kinds;
        // What fits stays in sight until the answer fills the holes.
        self.reveal();
        let shown = std::mem::take(&mut self.rows);
        self.rows = shown
            .into_iter()
            .filter(|row| row.event().is_none_or(|event| self.shows(event.kind)))
            .collect();
        self.is_sparse = true;
        self.ask_newest();
    }
}

/// Inserts into rows that are sorted newest first; mostly at the very front.
fn insert_sorted(rows: &mut Vec<Row>, row: Row) {
    let at = rows.partition_point(|held| held.is_newer_than(&row));
    rows.insert(at, row);
}

#[cfg(test)]
mod tests;

/// An event for tests, with little in it.
#[cfg(test)]
pub(crate) fn test_event(id: &str, kind: Kind) -> Event {
    let json = format!(
        r#"{{"id":"{id}","message_id":"m{id}","type":"channel.raid","version":"1","kind":"{}",
        "broadcaster":{{"id":"1","login":"mira_plays","display_name":"Mira_Plays"}},
        "actor":{{"id":"2","login":"late_owl","display_name":"Late_Owl"}},
        "summary":"Late_Owl raided with 318 viewers","amount":{{"value":318,"unit":"viewers"}},"text":null,
        "occurred_at":"2026-11-01T18:00:05.123Z","received_at":"2026-11-01T18:00:05.321Z",
        "visibility":"public","payload":{{}}}}"#,
        kind.as_str()
    );
    serde_json::from_str(&json).expect("the test event has the wire's shape")
}
