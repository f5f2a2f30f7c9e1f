//! The ways in which a host misbehaves.

/// How a host misbehaves.
#[derive(Debug, Clone)]
pub(in crate::faults) enum Fault {
    /// This status with these headers, and Twitch's words.
    Status(u16, Vec<(&'static str, String)>),
    /// 200 with this body instead of Twitch's.
    Says(String),
    /// Accepts and never answers.
    Nothing,
    /// Bytes that are no HTTP.
    Garbage,
    /// An answer that comes byte by byte and never ends.
    Slow,
    /// An answer that comes as fast as it can and never ends.
    Endless,
    /// Twitch is asked and does it; its answer is remembered and never comes back.
    Lost,
    /// The same, and the connection stays open.
    Swallowed,
    /// The answer that was remembered.
    Remembered,
    /// Twitch is asked once the faults have ended.
    Held,
    /// Twitch is asked for another query.
    Altered,
}

impl Fault {
    /// A status without headers.
    pub(in crate::faults) fn status(code: u16) -> Self {
        Self::Status(code, Vec::new())
    }
}
