//! Which lines of a long list are in the page, and how tall the others are taken
//! to be. Pure; `virtual_rows` measures and scrolls.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::entries::Entry;

/// What is beyond the edges of the screen and in the page all the same.
const BEYOND_PX: f64 = 700.0;
/// When less than this is, more comes into the page.
const NEAR_PX: f64 = 300.0;
/// Lines that come into the page at once, beside those in sight: more would
/// keep the page from answering for longer than one notices.
const GROW: usize = 12;
/// Lines in the page, at most, however tall the screen is.
const MOST: usize = 160;

/// Heights of lines until they are measured.
const DAY_PX: f64 = 41.0;
const GAP_PX: f64 = 38.0;
const ROW_PX: f64 = 51.0;
const ROW_WITH_TEXT_PX: f64 = 62.0;

/// The lines, their heights, and which of them are in the page.
#[derive(Default)]
pub(super) struct Layout {
    entries: Rc<Vec<Entry>>,
    /// Heights of lines that are no events; there are few of them.
    measured: HashMap<String, f64>,
    /// Where each line begins, and where the last one ends.
    tops: Vec<f64>,
    window: Range<usize>,
    /// The line the reader looks at, and where it was: whatever comes above it,
    /// it stays.
    anchor: Option<(String, f64)>,
}

/// Lines that belong in the page now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Next {
    pub window: Range<usize>,
    /// Some of them are in sight.
    pub is_urgent: bool,
}

impl Layout {
    /// The lines in the page.
    pub(super) fn window(&self) -> Range<usize> {
        self.window.clone()
    }

    /// The height of all lines.
    pub(super) fn height(&self) -> f64 {
        self.tops.last().copied().unwrap_or_default()
    }

    /// The height of the lines above those in the page, and of those below.
    pub(super) fn spaces(&self) -> (f64, f64) {
        let above = self.top(self.window.start);
        (above, self.height() - self.top(self.window.end))
    }

    fn top(&self, at: usize) -> f64 {
        self.tops.get(at).copied().unwrap_or_else(|| self.height())
    }

    /// Other lines. Those in the page stay in it, wherever they are now.
    pub(super) fn replace(&mut self, entries: &Rc<Vec<Entry>>) {
        if Rc::ptr_eq(&self.entries, entries) {
            return;
        }
        let first = self
            .entries
            .get(self.window.start)
            .map(|entry| entry.key().to_owned());
        let length = self.window.len();
        self.entries = Rc::clone(entries);
        let at = first.and_then(|key| self.find(&key)).unwrap_or_default();
        self.window = at..(at + length.max(GROW)).min(self.entries.len());
        self.lay();
    }

    /// Lines have another width now.
    pub(super) fn forget_heights(&mut self) {
        self.measured.clear();
        for entry in self.entries.iter() {
            if let Entry::Event(item) = entry {
                item.height.set(None);
            }
        }
    }

    fn find(&self, key: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key() == key)
    }

    fn lay(&mut self) {
        let mut top = 0.0;
        self.tops.clear();
        self.tops.reserve(self.entries.len() + 1);
        self.tops.push(top);
        for entry in self.entries.iter() {
            top += self.height_of(entry);
            self.tops.push(top);
        }
    }

    fn height_of(&self, entry: &Entry) -> f64 {
        let known = match entry {
            Entry::Event(item) => item.height.get(),
            Entry::Day { key, .. } | Entry::Gaps { key, .. } => self.measured.get(key).copied(),
        };
        known.unwrap_or_else(|| guess(entry))
    }

    /// The lines in the page are this tall.
    pub(super) fn measure(&mut self, heights: &[f64]) {
        let entries = Rc::clone(&self.entries);
        let mut is_news = false;
        for (entry, height) in entries.iter().skip(self.window.start).zip(heights) {
            is_news |= (self.height_of(entry) - height).abs() > 0.01;
            match entry {
                Entry::Event(item) => item.height.set(Some(*height)),
                Entry::Day { key, .. } | Entry::Gaps { key, .. } => {
                    self.measured.insert(key.clone(), *height);
                }
            }
        }
        if is_news {
            self.lay();
        }
    }

    /// How far the page has to be scrolled so that the line the reader looks at
    /// stays where it is.
    pub(super) fn shift(&mut self) -> f64 {
        let Some((key, before)) = self.anchor.take() else {
            return 0.0;
        };
        self.find(&key).map_or(0.0, |at| self.top(at) - before)
    }

    /// The reader sees this part of the list, in pixels from its top. Tells
    /// which other lines belong in the page, if any; there may be more after them.
    pub(super) fn look(&mut self, from: f64, to: f64) -> Option<Next> {
        let last = self.entries.len().checked_sub(1)?;
        let visible = self.between(from, to);
        let anchor = visible.start.min(last);
        let key = self.entries.get(anchor)?.key().to_owned();
        self.anchor = Some((key, self.top(anchor)));
        let held = &self.window;
        if !covers(held, &visible) {
            return Some(Next {
                window: visible,
                is_urgent: true,
            });
        }
        if covers(held, &self.between(from - NEAR_PX, to + NEAR_PX)) && held.len() <= MOST {
            return None;
        }
        let wanted = capped(self.between(from - BEYOND_PX, to + BEYOND_PX), &visible);
        let kept = held.start.max(wanted.start)..held.end.min(wanted.end);
        // What is missing below comes first.
        let end = (kept.end + GROW).min(wanted.end);
        let rest = GROW.saturating_sub(end - kept.end);
        let window = kept.start.saturating_sub(rest).max(wanted.start)..end;
        (window != *held).then_some(Next {
            window,
            is_urgent: false,
        })
    }

    /// These lines are in the page.
    pub(super) fn show(&mut self, window: Range<usize>) {
        self.window = window;
    }

    /// The lines of a part of the list.
    fn between(&self, from: f64, to: f64) -> Range<usize> {
        let count = self.entries.len();
        let start = self
            .tops
            .partition_point(|top| *top <= from.max(0.0))
            .saturating_sub(1);
        let end = self.tops.partition_point(|top| *top < to.max(0.0));
        let start = start.min(count);
        start..end.clamp(start, count)
    }
}

fn covers(whole: &Range<usize>, part: &Range<usize>) -> bool {
    whole.start <= part.start && part.end <= whole.end
}

/// Not more than may be in the page, with what is in sight in it.
fn capped(wanted: Range<usize>, visible: &Range<usize>) -> Range<usize> {
    if wanted.len() <= MOST {
        return wanted;
    }
    let spare = MOST.saturating_sub(visible.len()) / 2;
    let start = visible.start.saturating_sub(spare).max(wanted.start);
    start..(start + MOST).min(wanted.end)
}

fn guess(entry: &Entry) -> f64 {
    match entry {
        Entry::Day { .. } => DAY_PX,
        Entry::Gaps { .. } => GAP_PX,
        Entry::Event(item) if item.event.text.is_some() => ROW_WITH_TEXT_PX,
        Entry::Event(_) => ROW_PX,
    }
}

#[cfg(test)]
mod tests {
    use wire::Kind;

    use super::super::entries::Item;
    use super::*;
    use crate::feed::test_event;

    fn rows(ids: Range<u32>) -> Rc<Vec<Entry>> {
        let row = |id: u32| {
            Entry::Event(Item {
                event: Rc::new(test_event(&id.to_string(), Kind::Raid)),
                at: 0.0,
                day: 0,
                height: Rc::default(),
            })
        };
        Rc::new(ids.rev().map(row).collect())
    }

    fn laid(ids: Range<u32>) -> Layout {
        let mut layout = Layout::default();
        layout.replace(&rows(ids));
        layout
    }

    /// Looks until all that is wanted is in the page; how many came at once.
    fn settle(layout: &mut Layout, from: f64, to: f64) -> usize {
        let mut most = 0;
        for _ in 0..50 {
            let before = layout.window();
            let Some(next) = layout.look(from, to) else {
                return most;
            };
            layout.show(next.window);
            let added = layout.window().filter(|at| !before.contains(at));
            most = most.max(added.count());
        }
        panic!("it does not come to rest");
    }

    #[test]
    fn what_is_in_sight_is_in_the_page_and_not_much_else() {
        let mut layout = laid(0..10_000);
        for from in [0.0, 40.0, 700.0, 250_000.0, 509_000.0, 0.0] {
            let added = settle(&mut layout, from, from + 900.0);
            let window = layout.window();
            let (above, below) = layout.spaces();
            assert!(above <= from && layout.height() - below >= (from + 900.0).min(510_000.0));
            assert!(window.len() <= 50, "{window:?}");
            assert!(added <= 20, "{added} lines at once");
        }
    }

    #[test]
    fn a_screen_taller_than_any_has_what_may_be_in_the_page() {
        let mut layout = laid(0..10_000);
        settle(&mut layout, 100_000.0, 107_000.0);
        assert!(layout.window().len() <= MOST);
    }

    #[test]
    fn what_comes_above_moves_the_page_along() {
        let mut layout = laid(100..200);
        settle(&mut layout, 510.0, 1_410.0);
        let held = layout.window();
        layout.replace(&rows(100..300));
        assert_eq!(layout.window(), held.start + 100..held.end + 100);
        assert!((layout.shift() - 5_100.0).abs() < 0.001);
        assert!(layout.shift().abs() < 0.001, "once");
    }

    #[test]
    fn measured_heights_above_the_reader_move_the_page_along() {
        let mut layout = laid(0..100);
        settle(&mut layout, 510.0, 1_410.0);
        assert_eq!(layout.window().start, 0);
        layout.measure(&[60.0; 5]);
        assert!((layout.shift() - 45.0).abs() < 0.001);
        assert!((layout.height() - 5_145.0).abs() < 0.001);
    }

    #[test]
    fn an_empty_list_has_nothing() {
        let mut layout = laid(0..0);
        assert_eq!(layout.look(0.0, 900.0), None);
        assert!(layout.height().abs() < 0.001);
    }
}
