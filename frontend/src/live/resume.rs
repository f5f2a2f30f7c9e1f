//! Where the stream is taken up again after a break. Pure.

use std::cmp::Ordering;

use super::sse::{Block, Message};
use crate::cursor;

/// The cursor up to which everything has been handed on.
#[derive(Debug, Default)]
pub(super) struct ResumePoint {
    seen: Option<String>,
    /// No block of the present connection has been read yet.
    at_start: bool,
}

/// What a block means for the page.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Effect {
    /// Hand it on.
    Pass,
    /// Already handed on, or nothing to tell.
    Drop,
    /// Hand it on; what was listed before may not join up with what follows.
    Fresh,
}

impl ResumePoint {
    /// A connection is about to be opened; returns the cursor to resume after.
    pub(super) fn begin(&mut self) -> Option<&str> {
        self.at_start = true;
        self.seen.as_deref()
    }

    /// Takes note of a block.
    pub(super) fn take(&mut self, block: &Block) -> Effect {
        let is_first = std::mem::take(&mut self.at_start);
        let id = block.id.as_deref();
        match &block.message {
            Message::Event(event) => {
                if self.is_seen(&event.id) {
                    return Effect::Drop;
                }
                self.seen = Some(event.id.clone());
                Effect::Pass
            }
            Message::Heartbeat => {
                self.advance(id);
                Effect::Drop
            }
            Message::Status(_) if is_first => match (&self.seen, id) {
                (None, Some(id)) => {
                    self.seen = Some(id.to_owned());
                    Effect::Fresh
                }
                (None, None) => Effect::Fresh,
                // The first block names the newest cursor of the server, which
                // is ahead of the backlog that follows: taking it would lose
                // the backlog if the connection broke in between.
                (Some(_), _) => Effect::Pass,
            },
            Message::Status(_) => {
                self.advance(id);
                Effect::Pass
            }
            Message::Gap(gap) if gap.reason == "reset" => {
                // Our cursor belongs to a history the server no longer has.
                let to = Some(gap.to.as_str()).filter(|to| cursor::is_cursor(to));
                self.seen = to.or(id).map(str::to_owned);
                Effect::Fresh
            }
            Message::Gap(_) | Message::Read(_) => Effect::Pass,
        }
    }

    fn is_seen(&self, id: &str) -> bool {
        self.seen
            .as_deref()
            .is_some_and(|seen| cursor::compare(id, seen) != Ordering::Greater)
    }

    fn advance(&mut self, id: Option<&str>) {
        if let Some(id) = id
            && !self.is_seen(id)
        {
            self.seen = Some(id.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use wire::{Connection, Gap, Status};

    use super::*;
    use crate::feed::test_event;

    fn status(id: Option<&str>) -> Block {
        Block {
            id: id.map(str::to_owned),
            message: Message::Status(Rc::new(Status {
                connection: Connection::Up,
                broadcaster_id: None,
                live: None,
            })),
        }
    }

    fn event(id: &str) -> Block {
        Block {
            id: Some(id.to_owned()),
            message: Message::Event(Rc::new(test_event(id, wire::Kind::Raid))),
        }
    }

    fn heartbeat(id: &str) -> Block {
        Block {
            id: Some(id.to_owned()),
            message: Message::Heartbeat,
        }
    }

    #[test]
    fn the_first_connection_starts_at_the_newest_cursor() {
        let mut point = ResumePoint::default();
        assert_eq!(point.begin(), None);
        assert_eq!(point.take(&status(Some("41"))), Effect::Fresh);
        assert_eq!(point.begin(), Some("41"));
    }

    #[test]
    fn a_break_between_the_first_block_and_the_backlog_loses_nothing() {
        let mut point = ResumePoint::default();
        point.begin();
        point.take(&status(Some("41")));
        point.take(&event("42"));
        assert_eq!(point.begin(), Some("42"));
        assert_eq!(point.take(&status(Some("90"))), Effect::Pass);
        assert_eq!(point.begin(), Some("42"));
        point.take(&status(Some("90")));
        assert_eq!(point.take(&event("60")), Effect::Pass);
        assert_eq!(point.begin(), Some("60"));
    }

    #[test]
    fn heartbeats_move_the_resume_point_forward_only() {
        let mut point = ResumePoint::default();
        point.begin();
        point.take(&status(Some("5")));
        assert_eq!(point.take(&heartbeat("12")), Effect::Drop);
        point.take(&heartbeat("7"));
        assert_eq!(point.begin(), Some("12"));
    }

    #[test]
    fn an_event_is_handed_on_once() {
        let mut point = ResumePoint::default();
        point.begin();
        point.take(&status(Some("5")));
        assert_eq!(point.take(&event("6")), Effect::Pass);
        assert_eq!(point.take(&event("6")), Effect::Drop);
    }

    #[test]
    fn a_reset_starts_over_from_the_new_history() {
        let mut point = ResumePoint::default();
        point.begin();
        point.take(&status(Some("500")));
        point.begin();
        point.take(&status(Some("3")));
        let gap = Block {
            id: None,
            message: Message::Gap(Rc::new(Gap {
                from: "500".into(),
                to: "3".into(),
                reason: "reset".into(),
                broadcaster_id: None,
            })),
        };
        assert_eq!(point.take(&gap), Effect::Fresh);
        assert_eq!(point.take(&event("4")), Effect::Pass);
        assert_eq!(point.begin(), Some("4"));
    }
}
