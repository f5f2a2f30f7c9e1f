//! What the live stream says beside events.

use serde::{Deserialize, Serialize};

/// State of this server's connection to Twitch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connection {
    /// Everything wanted arrives.
    Up,
    /// Something does not arrive.
    Degraded,
    /// Nothing arrives.
    Down,
}

/// `event: status` of the live stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// State of the connection to Twitch.
    pub connection: Connection,
    /// The streamer whose live state changed; null for the connection alone.
    #[serde(default)]
    pub broadcaster_id: Option<String>,
    /// That streamer is live.
    #[serde(default)]
    pub live: Option<bool>,
}

/// `event: read` of the live stream: the viewer's read mark of a streamer stands elsewhere now.
///
/// It was moved on whichever device, and all streams of that viewer are told, whatever they follow. The block has no
/// `id:` line, so it does not move the resume point; it is not told again to a stream that is resumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// Whose events.
    pub broadcaster_id: String,
    /// Cursor: events above it are unread.
    pub cursor: String,
    /// Visible events above it when this was told; 1000 stands for that many or more.
    pub unread: u32,
}

/// `event: gap` of the live stream: a span that could not be delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// A cursor, or with reason `not-received` a time.
    pub from: String,
    /// A cursor, or with reason `not-received` a time.
    pub to: String,
    /// `expired`, `reset` or `not-received`.
    pub reason: String,
    /// The streamer whose events are missing; absent when it concerns all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broadcaster_id: Option<String>,
}

impl Gap {
    /// The reason of a span in which events could not be received, here and in [`GapList`].
    pub const NOT_RECEIVED: &str = "not-received";
}

/// Answer of `GET /api/v1/gaps`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapList {
    /// Newest first, by when they began: at most the 500 newest.
    pub gaps: Vec<BroadcasterGap>,
}

/// A span in which some of a streamer's events could not be received. Those of one streamer do not overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroadcasterGap {
    /// Whose events.
    pub broadcaster_id: String,
    /// RFC 3339, UTC: the last moment at which they are known to have arrived.
    pub from: String,
    /// RFC 3339, UTC: from here on they do again; null while they do not.
    pub to: Option<String>,
    /// [`Gap::NOT_RECEIVED`].
    pub reason: String,
}
