//! Spans without events, between the rows: as the live stream tells them and as
//! the server lists them. The two may tell one span in parts or as a whole.

use std::rc::Rc;

use wire::{BroadcasterGap, Gap};

use super::{Feed, Row};
use crate::cursor;

impl Feed {
    /// A span the live stream tells of.
    pub(super) fn miss(&mut self, gap: Rc<Gap>) {
        // A stream that is opened again tells what an earlier one may have told.
        if self
            .gaps()
            .any(|known| *known == gap || covers(known, &gap))
        {
            return;
        }
        let gap = self.ended(gap);
        // Told before it was over: now it lasts longer.
        self.remove_gaps(|known| covers(&gap, known));
        if gap.reason == "reset" {
            // The server's history is another one now: ids held here may
            // stand for other events, so nothing of it can stay.
            self.rows.clear();
            self.waiting.clear();
            self.waiting_events = 0;
            self.reached_start = false;
            self.ask_newest();
        }
        let newest = self.waiting.iter().chain(&self.rows).find_map(Row::event);
        let newest = newest.map(|event| event.place().to_owned());
        let below = match gap.reason.as_str() {
            "expired" => Some(&gap.from),
            "reset" => Some(&gap.to),
            _ => None,
        }
        .filter(|id| cursor::is_cursor(id))
        .cloned()
        .or(newest);
        self.insert(Row::Gap {
            above: below.unwrap_or_else(|| "0".into()),
            gap,
        });
    }

    /// The spans the server lists for the time of the rows.
    pub(super) fn list_gaps(&mut self, gaps: Vec<BroadcasterGap>) {
        for gap in gaps {
            let gap = Rc::new(Gap {
                from: gap.from,
                to: gap.to.unwrap_or_default(),
                reason: gap.reason,
                broadcaster_id: Some(gap.broadcaster_id),
            });
            // One that lasts stands where it began, as its end is not known.
            let moment = if lasts(&gap) { &gap.from } else { &gap.to };
            let before = self.waiting.iter().chain(&self.rows);
            let below = before
                .filter_map(Row::event)
                .find(|event| event.received_at <= *moment);
            let above = match below {
                Some(event) => event.place().to_owned(),
                None if self.reached_start => "0".to_owned(),
                // It belongs among rows that are not loaded yet.
                None => continue,
            };
            if self.gaps().any(|known| covers(known, &gap)) {
                continue;
            }
            self.remove_gaps(|known| covers(&gap, known));
            self.insert(Row::Gap { gap, above });
        }
    }

    /// With the end of a span that lasted, the whole of it is known.
    fn ended(&self, gap: Rc<Gap>) -> Rc<Gap> {
        let begun = self.gaps().find(|known| {
            lasts(known) && !lasts(&gap) && is_of_same(known, &gap) && known.from <= gap.to
        });
        match begun {
            Some(begun) if begun.from < gap.from => Rc::new(Gap {
                from: begun.from.clone(),
                ..Gap::clone(&gap)
            }),
            Some(_) | None => gap,
        }
    }

    fn gaps(&self) -> impl Iterator<Item = &Rc<Gap>> {
        let rows = self.waiting.iter().chain(&self.rows);
        rows.filter_map(Row::gap)
    }

    fn remove_gaps(&mut self, is_gone: impl Fn(&Gap) -> bool) {
        let stays = |row: &Row| !row.gap().is_some_and(|gap| is_gone(gap));
        self.waiting.retain(stays);
        self.rows.retain(stays);
    }
}

/// Nothing arrives yet. Only listed spans can be of that sort.
fn lasts(gap: &Gap) -> bool {
    gap.to.is_empty()
}

/// Both are times in which the same streamer's events could not be received.
fn is_of_same(one: &Gap, other: &Gap) -> bool {
    let are_times = [one, other]
        .iter()
        .all(|gap| gap.reason == Gap::NOT_RECEIVED);
    are_times && one.broadcaster_id == other.broadcaster_id
}

/// The one is told with the other. Times of this server sort as text.
fn covers(whole: &Gap, part: &Gap) -> bool {
    let ends_later = match (lasts(whole), lasts(part)) {
        // A span that lasted is over: the news is the end.
        (true, false) => false,
        (false, true) => true,
        _ => part.to <= whole.to,
    };
    is_of_same(whole, part) && whole.from <= part.from && ends_later
}

#[cfg(test)]
mod tests;
