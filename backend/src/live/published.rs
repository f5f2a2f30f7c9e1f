//! A committed event, as live streams filter and send it.

use std::sync::OnceLock;

use bytes::{BufMut as _, Bytes, BytesMut};
use wire::Event;

use crate::ids::UserId;

/// A committed event. How it goes over a live stream is written once, for the first who reads it;
/// once more for its broadcaster, if only that one may know what tells the same.
#[derive(Debug)]
pub struct Published {
    /// The cursor.
    pub id: i64,
    /// Whose channel it happened in.
    pub broadcaster_id: UserId,
    /// When it happened, unix milliseconds.
    pub occurred_at: i64,
    /// The event itself, as everybody may see it.
    pub event: Event,
    /// What tells the same and is the broadcaster's alone to know of.
    private_twin: Option<i64>,
    block: OnceLock<Bytes>,
    block_of_broadcaster: OnceLock<Bytes>,
}

impl Published {
    /// The event under its cursor.
    pub fn new(id: i64, occurred_at: i64, event: Event, private_twin: Option<i64>) -> Self {
        Self {
            id,
            broadcaster_id: UserId::new(event.broadcaster.id.clone()),
            occurred_at,
            event,
            private_twin,
            block: OnceLock::new(),
            block_of_broadcaster: OnceLock::new(),
        }
    }

    /// Twitch's subscription type.
    pub fn event_type(&self) -> &str {
        &self.event.event_type
    }

    /// The event for a viewer, as a block of server-sent events: its cursor as the id, its JSON on one line.
    pub fn block_for(&self, viewer: &UserId) -> &Bytes {
        match self.private_twin {
            Some(twin) if *viewer == self.broadcaster_id => {
                self.block_of_broadcaster.get_or_init(|| {
                    let event = Event {
                        same_as: Some(twin.to_string()),
                        ..self.event.clone()
                    };
                    block(self.id, &event)
                })
            }
            Some(_) | None => self.block.get_or_init(|| block(self.id, &self.event)),
        }
    }

    /// About how much memory it takes, bytes.
    pub(super) fn size(&self) -> usize {
        // The payload, the same again in the block, and the rest of both.
        2 * self.event.payload.get().len() + 1500
    }
}

fn block(id: i64, event: &Event) -> Bytes {
    let mut block = BytesMut::with_capacity(event.payload.get().len() + 1024);
    block.put_slice(format!("id: {id}\nevent: event\ndata: ").as_bytes());
    let mut writer = block.writer();
    // Writing an event to memory cannot fail.
    if serde_json::to_writer(&mut writer, event).is_err() {
        return Bytes::new();
    }
    let mut block = writer.into_inner();
    block.put_slice(b"\n\n");
    block.freeze()
}
