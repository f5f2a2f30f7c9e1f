//! What happened in one stream.

use serde::{Deserialize, Serialize};

use crate::UserRef;

/// Answer of `GET /api/v1/streams/{broadcaster_id}/recap`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecapAnswer {
    /// Null when there is no such stream, or nobody saw it begin.
    pub recap: Option<Recap>,
}

/// A stream in figures, of the events the viewer may see. What two events tell of one happening counts once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recap {
    /// Twitch's id of the stream.
    pub stream_id: String,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// RFC 3339, UTC; null while the stream goes on.
    pub ended_at: Option<String>,
    /// The most viewers at any of this server's looks; null when it had none.
    pub peak_viewers: Option<i64>,
    /// Raids into the channel.
    pub raids_in: Raids,
    /// Raids out of it.
    pub raids_out: Raids,
    /// People who began to pay for a sub of their own.
    pub subs: i64,
    /// Subs renewed, as far as their owners told.
    pub resubs: i64,
    /// Subs given to others.
    pub gifts: i64,
    /// Times that somebody spent bits.
    pub cheers: i64,
    /// Bits, all told.
    pub bits: i64,
    /// Who gave most subs, most first; at most five, nobody anonymous.
    pub top_gifters: Vec<Gifter>,
}

/// Raids in one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raids {
    /// How many.
    pub count: i64,
    /// Viewers of all of them.
    pub viewers: i64,
}

/// Somebody who gave subs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gifter {
    /// Who.
    pub user: UserRef,
    /// How many.
    pub gifts: i64,
}
