//! The ordered log of commits of this process, and its readers.
//!
//! The pipeline appends; live streams, the reconciler and the live-state watcher read. The ids of one commit
//! are appended together and in order. A reader that lags is told so and drops out; it never holds others up.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::broadcast;
use wire::{Connection, Kind, UserRef, Visibility};

use crate::ids::UserId;

/// Entries a reader may lag behind before it is dropped to resume from the store. One commit is one entry.
const LOG_CAPACITY: usize = 4096;

/// A committed event: what readers filter by, and the JSON they send, serialised once.
#[derive(Debug)]
pub struct Published {
    /// The cursor.
    pub id: i64,
    /// Twitch's subscription type.
    pub event_type: String,
    /// What sort of happening it is.
    pub kind: Kind,
    /// Whose channel it happened in.
    pub broadcaster_id: UserId,
    /// Who did it.
    pub actor: Option<UserRef>,
    /// How much.
    pub amount_value: Option<i64>,
    /// When it happened, unix milliseconds.
    pub occurred_at: i64,
    /// Who may see it.
    pub visibility: Visibility,
    /// The event as JSON on one line.
    pub json: Bytes,
}

/// One entry of the log.
#[derive(Debug, Clone)]
pub enum Entry {
    /// The new events of one commit, in order of id.
    Committed(Arc<[Published]>),
    /// A viewer's subscriptions, tokens or rights changed: read them anew.
    ViewerChanged(UserId),
    /// A login session ended.
    SessionEnded(Arc<str>),
    /// An API token was deleted.
    TokenDeleted(Arc<str>),
    /// Twitch took a topic away, or one became wanted or unwanted: compare again.
    TopicsChanged,
    /// The connection to Twitch changed.
    Connection(Connection),
    /// A streamer's events could not arrive for a while, and do again.
    NotReceived {
        /// Whose.
        broadcaster_id: UserId,
        /// The last moment at which they are known to have arrived, unix milliseconds.
        began_at: i64,
        /// From here on they do again, unix milliseconds.
        ended_at: i64,
    },
    /// A streamer went live or offline.
    LiveChanged {
        /// Who.
        broadcaster_id: UserId,
        /// Is live now.
        live: bool,
    },
}

/// A reader lagged too far behind and must resume from the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lagged;

/// The log; cheap to clone.
#[derive(Debug, Clone)]
pub struct Live {
    sender: broadcast::Sender<Entry>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(LOG_CAPACITY),
        }
    }
}

impl Live {
    /// Appends an entry. With no readers it is dropped.
    pub fn append(&self, entry: Entry) {
        // An error only says that nobody reads.
        drop(self.sender.send(entry));
    }

    /// Reads from here on.
    pub fn subscribe(&self) -> Receiver {
        Receiver {
            receiver: self.sender.subscribe(),
        }
    }
}

/// A reading end of the log.
#[derive(Debug)]
pub struct Receiver {
    receiver: broadcast::Receiver<Entry>,
}

impl Receiver {
    /// The next entry, in order; `Ok(None)` when the log is closed.
    ///
    /// # Errors
    /// [`Lagged`] when entries were missed.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn recv(&mut self) -> Result<Option<Entry>, Lagged> {
        match self.receiver.recv().await {
            Ok(entry) => Ok(Some(entry)),
            Err(broadcast::error::RecvError::Closed) => Ok(None),
            Err(broadcast::error::RecvError::Lagged(_)) => Err(Lagged),
        }
    }
}
