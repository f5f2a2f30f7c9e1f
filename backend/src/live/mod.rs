//! The ordered log of commits of this process, and its readers.
//!
//! The pipeline appends; live streams, the reconciler and the live-state watcher read. The events of one commit are
//! appended together and in order of id. Each reader has an inbox of its own, which gets what the reader follows and
//! nothing else, so an event costs as much as it has readers. A reader that lags is told so and drops out; it never
//! holds others up. The newest events stay in memory, so that readers who come back need not ask the store.

mod inbox;
mod published;
mod recent;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wire::Connection;

use self::inbox::{Inbox, Wakers};
use self::recent::Recent;
use crate::ids::UserId;

pub use inbox::Lagged;
pub use published::Published;

/// Signs of life are spread over so many moments, so that they never all fall on one.
pub const BEATS: u64 = 16;

/// One entry of the log.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A new event.
    Committed(Arc<Published>),
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
    /// The viewer who is told this has read these streamers' events up to other cursors: read the marks anew.
    MarksMoved(Arc<[UserId]>),
    /// A streamer went live or offline.
    LiveChanged {
        /// Who.
        broadcaster_id: UserId,
        /// Is live now.
        live: bool,
    },
    /// A sign of life for those who follow channels: all events up to this cursor are in the log before it.
    Beat(i64),
    /// The server takes no new work.
    Draining,
}

/// Which events a reader gets. All else that is appended goes to every reader, but for signs of life and what one
/// viewer alone is told.
#[derive(Debug, Clone)]
pub enum Interest {
    /// None.
    Nothing,
    /// Those of these Twitch types.
    Types(&'static [&'static str]),
    /// Those of these channels.
    Channels {
        /// Who reads.
        viewer: UserId,
        /// Which.
        channels: HashSet<UserId>,
    },
}

/// The log; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Live(Arc<Mutex<Log>>);

/// The inboxes of some readers, by the reader's number.
type Inboxes = HashMap<u64, Arc<Inbox>>;

#[derive(Debug, Default)]
struct Log {
    /// The newest event appended; all up to it are in the store.
    newest: i64,
    recent: Recent,
    next_reader: u64,
    readers: Inboxes,
    of_channel: HashMap<UserId, Inboxes>,
    of_viewer: HashMap<UserId, Inboxes>,
    of_types: Vec<(u64, &'static [&'static str], Arc<Inbox>)>,
}

impl Live {
    /// A log that goes on behind the events that are stored.
    pub fn behind(newest: i64) -> Self {
        let log = Log {
            newest,
            recent: Recent::behind(newest),
            ..Log::default()
        };
        Self(Arc::new(Mutex::new(log)))
    }

    /// Appends an entry that is no event; with no readers it is dropped.
    pub fn append(&self, entry: Entry) {
        let mut wakers = Wakers::default();
        let log = self.lock();
        let mut inboxes = log.readers.values();
        let first = inboxes.next();
        for inbox in inboxes {
            inbox.push(entry.clone(), &mut wakers);
        }
        if let Some(inbox) = first {
            inbox.push(entry, &mut wakers);
        }
        drop(log);
        wakers.wake();
    }

    /// Appends an entry that one viewer's readers of channels alone get: others are not even woken.
    pub fn append_for(&self, viewer: &UserId, entry: &Entry) {
        let mut wakers = Wakers::default();
        let log = self.lock();
        let readers = log.of_viewer.get(viewer);
        for inbox in readers.into_iter().flat_map(HashMap::values) {
            inbox.push(entry.clone(), &mut wakers);
        }
        drop(log);
        wakers.wake();
    }

    /// Appends the events of one commit, in order of id.
    pub fn append_events(&self, events: impl IntoIterator<Item = Published>) {
        let mut wakers = Wakers::default();
        let mut log = self.lock();
        for event in events {
            let event = Arc::new(event);
            log.newest = event.id;
            let channel = log.of_channel.get(&event.broadcaster_id);
            for inbox in channel.into_iter().flat_map(HashMap::values) {
                inbox.push(Entry::Committed(event.clone()), &mut wakers);
            }
            for (_, types, inbox) in &log.of_types {
                if types.contains(&event.event_type()) {
                    inbox.push(Entry::Committed(event.clone()), &mut wakers);
                }
            }
            log.recent.push(event);
        }
        drop(log);
        wakers.wake();
    }

    /// Gives every [`BEATS`]th follower of channels a sign of life.
    pub fn beat(&self, nth: u64) {
        let mut wakers = Wakers::default();
        let log = self.lock();
        let due = log.readers.iter().filter(|(id, _)| *id % BEATS == nth);
        for (_, inbox) in due {
            if inbox.wants_beats {
                inbox.push(Entry::Beat(log.newest), &mut wakers);
            }
        }
        drop(log);
        wakers.wake();
    }

    /// Reads from here on: what comes is above the cursor answered, and all up to it is in the store.
    pub fn follow(&self, interest: Interest) -> (Receiver, i64) {
        let mut log = self.lock();
        let id = log.next_reader;
        log.next_reader += 1;
        let inbox = Arc::new(Inbox::new(matches!(interest, Interest::Channels { .. })));
        log.readers.insert(id, inbox.clone());
        log.register(id, &inbox, &interest);
        let newest = log.newest;
        drop(log);
        let live = self.clone();
        let receiver = Receiver {
            live,
            id,
            inbox,
            interest,
        };
        (receiver, newest)
    }

    /// The events of these channels above a cursor and up to another, oldest first, as many as are looked at at once;
    /// with the cursor up to which there are no others. `None` when some of them are no longer, or not yet, held here.
    pub fn recent(
        &self,
        channels: &HashSet<UserId>,
        after: i64,
        up_to: i64,
    ) -> Option<(Vec<Arc<Published>>, i64)> {
        self.lock().recent.page(channels, after, up_to)
    }

    /// Above which cursor all events are held here.
    pub fn held_from(&self) -> i64 {
        self.lock().recent.from()
    }

    /// How much more may be held here, bytes.
    pub fn room(&self) -> usize {
        self.lock().recent.room()
    }

    /// Puts older events before those that are held, as far as there is room; they must be all between a cursor and
    /// the oldest one held.
    pub fn hold_older(&self, from: i64, events: Vec<Published>) {
        self.lock().recent.prepend(from, events);
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn register(&mut self, id: u64, inbox: &Arc<Inbox>, interest: &Interest) {
        match interest {
            Interest::Nothing => {}
            Interest::Types(types) => self.of_types.push((id, types, inbox.clone())),
            Interest::Channels { viewer, channels } => {
                let readers = self.of_viewer.entry(viewer.clone()).or_default();
                readers.insert(id, inbox.clone());
                for channel in channels {
                    let readers = self.of_channel.entry(channel.clone()).or_default();
                    readers.insert(id, inbox.clone());
                }
            }
        }
    }

    fn unregister(&mut self, id: u64, interest: &Interest) {
        match interest {
            Interest::Nothing => {}
            Interest::Types(_) => self.of_types.retain(|(other, ..)| *other != id),
            Interest::Channels { viewer, channels } => {
                take_out(&mut self.of_viewer, viewer, id);
                for channel in channels {
                    take_out(&mut self.of_channel, channel, id);
                }
            }
        }
    }
}

fn take_out(index: &mut HashMap<UserId, Inboxes>, of: &UserId, id: u64) {
    if let Some(readers) = index.get_mut(of) {
        readers.remove(&id);
        if readers.is_empty() {
            index.remove(of);
        }
    }
}

/// A reading end of the log.
#[derive(Debug)]
pub struct Receiver {
    live: Live,
    id: u64,
    inbox: Arc<Inbox>,
    interest: Interest,
}

impl Receiver {
    /// The next entry, in order.
    ///
    /// # Errors
    /// [`Lagged`] when entries were missed.
    ///
    /// # Cancel safety
    /// Dropping the future loses nothing.
    pub async fn recv(&mut self) -> Result<Entry, Lagged> {
        std::future::poll_fn(|context| self.inbox.poll(context)).await
    }

    /// The next entry, if there is one already.
    ///
    /// # Errors
    /// [`Lagged`] when entries were missed.
    pub fn try_recv(&mut self) -> Result<Option<Entry>, Lagged> {
        self.inbox.take()
    }

    /// Reads on from here after entries were missed.
    pub fn start_over(&mut self) {
        self.inbox.start_over();
    }

    /// From here on, what comes is of this interest.
    pub fn turn_to(&mut self, interest: Interest) {
        let mut log = self.live.lock();
        log.unregister(self.id, &self.interest);
        log.register(self.id, &self.inbox, &interest);
        drop(log);
        self.interest = interest;
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let mut log = self.live.lock();
        log.readers.remove(&self.id);
        log.unregister(self.id, &self.interest);
    }
}
