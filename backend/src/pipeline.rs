//! ★ Read first: accept (hand off) → record (store, dedupe) → publish (fan out).

use crate::eventsub::Message;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// New, and committed.
    Recorded,
    /// Held already, or the same happening as one that is.
    Duplicate,
    /// Understood, and nothing to keep.
    Ignored,
}

/// Why a message was not accepted; it must not be acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed; nothing was kept.
    #[error("the event could not be stored")]
    Store(#[from] std::sync::Arc<crate::store::Error>),
    /// The server is stopping, or more waits than it will hold.
    #[error("the server takes no more events now")]
    Busy,
}

/// The way in for messages of every transport; cheap to clone.
#[derive(Debug, Clone)]
pub struct Pipeline;

impl Pipeline {
    /// Takes a verified message; answers when what it says is committed.
    ///
    /// # Errors
    /// When it is not; Twitch must deliver it again.
    #[expect(clippy::unused_async, clippy::unused_self, clippy::needless_pass_by_value, reason = "replaced by the recording pipeline")]
    pub async fn accept(&self, message: Message) -> Result<Accepted, Error> {
        drop(message);
        Err(Error::Busy)
    }
}
