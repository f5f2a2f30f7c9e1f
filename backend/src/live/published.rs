//! A committed event, as live streams filter and send it.

use std::sync::OnceLock;

use bytes::{BufMut as _, Bytes, BytesMut};
use wire::Event;

use crate::ids::UserId;

/// A committed event. How it goes over a live stream is written once, for the first who reads it.
#[derive(Debug)]
pub struct Published {
    /// The cursor.
    pub id: i64,
    /// Whose channel it happened in.
    pub broadcaster_id: UserId,
    /// When it happened, unix milliseconds.
    pub occurred_at: i64,
    /// The event itself.
    pub event: Event,
    block: OnceLock<Bytes>,
}

impl Published {
    /// The event under its cursor.
    pub fn new(id: i64, occurred_at: i64, event: Event) -> Self {
        Self {
            id,
            broadcaster_id: UserId::new(event.broadcaster.id.clone()),
            occurred_at,
            event,
            block: OnceLock::new(),
        }
    }

    /// Twitch's subscription type.
    pub fn event_type(&self) -> &str {
        &self.event.event_type
    }

    /// The event as a block of server-sent events: its cursor as the id, its JSON on one line.
    pub fn block(&self) -> &Bytes {
        self.block.get_or_init(|| {
            let mut block = BytesMut::with_capacity(self.event.payload.get().len() + 1024);
            block.put_slice(format!("id: {}\nevent: event\ndata: ", self.id).as_bytes());
            let mut writer = block.writer();
            // Writing an event to memory cannot fail.
            if serde_json::to_writer(&mut writer, &self.event).is_err() {
                return Bytes::new();
            }
            let mut block = writer.into_inner();
            block.put_slice(b"\n\n");
            block.freeze()
        })
    }

    /// About how much memory it takes, bytes.
    pub(super) fn size(&self) -> usize {
        // The payload, the same again in the block, and the rest of both.
        2 * self.event.payload.get().len() + 1500
    }
}
