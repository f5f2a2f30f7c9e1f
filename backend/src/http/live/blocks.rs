//! Blocks of server-sent events. <https://html.spec.whatwg.org/multipage/server-sent-events.html>

use std::fmt::Write as _;

use actix_web::web::{Bytes, BytesMut};
use wire::{Gap, ReadMark};

use crate::clock::rfc3339;
use crate::ids::UserId;
use crate::store::read_marks;

/// Blocks on their way to one reader. A single event goes out as the very bytes that all its readers share.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    shared: Option<Bytes>,
    own: BytesMut,
}

impl Outgoing {
    pub(super) fn share(&mut self, block: &Bytes) {
        if self.is_empty() {
            self.shared = Some(block.clone());
        } else {
            self.own().extend_from_slice(block);
        }
    }

    /// Where the reader's own blocks are written, behind what is there.
    pub(super) fn own(&mut self) -> &mut BytesMut {
        if let Some(shared) = self.shared.take() {
            self.own.extend_from_slice(&shared);
        }
        &mut self.own
    }

    pub(super) fn len(&self) -> usize {
        self.own.len() + self.shared.as_ref().map_or(0, Bytes::len)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn finish(self) -> Bytes {
        self.shared.unwrap_or_else(|| self.own.freeze())
    }
}

pub(super) fn write_block<T: serde::Serialize>(
    block: &mut BytesMut,
    id: i64,
    event: &str,
    data: &T,
) {
    // Writing to memory cannot fail.
    _ = writeln!(block, "id: {id}");
    write_aside(block, event, data);
}

/// A block that leaves the resume point where it is.
pub(super) fn write_aside<T: serde::Serialize>(block: &mut BytesMut, event: &str, data: &T) {
    let json = serde_json::to_vec(data).unwrap_or_default();
    _ = write!(block, "event: {event}\ndata: ");
    block.extend_from_slice(&json);
    block.extend_from_slice(b"\n\n");
}

/// Moves the resume point, and is a sign of life.
pub(super) fn write_id(block: &mut BytesMut, id: i64) {
    _ = write!(block, "id: {id}\n\n");
}

pub(super) fn not_received(broadcaster_id: &UserId, began_at: i64, ended_at: i64) -> Gap {
    Gap {
        from: rfc3339(began_at),
        to: rfc3339(ended_at),
        reason: Gap::NOT_RECEIVED.to_owned(),
        broadcaster_id: Some(broadcaster_id.to_string()),
    }
}

pub(super) fn read_mark(mark: &read_marks::ReadMark) -> ReadMark {
    ReadMark {
        broadcaster_id: mark.broadcaster_id.to_string(),
        cursor: mark.cursor.to_string(),
        unread: mark.unread,
    }
}

/// What the reader's cursor cannot be resumed from exactly; both ends are cursors.
pub(super) fn broken(from: i64, to: i64, reason: &str) -> Gap {
    Gap {
        from: from.to_string(),
        to: to.to_string(),
        reason: reason.to_owned(),
        broadcaster_id: None,
    }
}
