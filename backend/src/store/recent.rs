//! What was seen so recently that it is not in the tree of `seen` yet.
//!
//! The tree is in the order of hashes, so keys that come together lie far apart in it. They are held here until there
//! are many, and then put in part by part: neighbours share a page. The rows of their events hold them meanwhile, so
//! nothing is lost with this memory: when the database is opened, what is missing is read from there.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use rusqlite::Connection;

use super::seen::{self, Key, Seen};

/// Events after which a part of the keys is put into the tree.
pub(super) const STEP: usize = 1_024;

/// Parts into which keys are dealt. One is put into the tree at each filing, so each has gathered keys of so many
/// filings, some 100,000 of 65,536 events in all: 5 MB of memory.
const PARTS: usize = 64;

/// With fewer keys than this in all, they are put in at once.
const FEW: usize = 2_048;

/// The keys, and up to which event each part is in the tree.
#[derive(Debug)]
pub(super) struct Recent {
    parts: [HashMap<Key, i64, BuildHasherDefault<OfHash>>; PARTS],
    noted: [i64; PARTS],
    /// The part whose turn it is; it was put in longest ago.
    next: usize,
    /// Keys of the transaction that runs.
    added: Vec<Key>,
}

/// Takes of a key, which is a hash itself, what a table needs of one; nobody can choose keys that meet there.
#[derive(Debug, Default)]
struct OfHash(u64);

impl Hasher for OfHash {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(last) = bytes.last_chunk() {
            self.0 = u64::from_ne_bytes(*last);
        }
    }
}

/// What the transaction that runs puts into the tree: so many parts, with all keys up to this event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noted {
    parts: usize,
    up_to: i64,
}

impl Recent {
    /// With nothing in it: all keys of events up to this one are in the tree.
    pub(super) fn after(newest: i64) -> Self {
        Self {
            parts: std::array::from_fn(|_| HashMap::default()),
            noted: [newest; PARTS],
            next: 0,
            added: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.iter().all(HashMap::is_empty)
    }

    pub(super) fn holds(&self, key: Key) -> bool {
        self.parts[key.part(PARTS)].contains_key(&key)
    }

    /// Holds a key of an event that the transaction inserts.
    pub(super) fn add(&mut self, seen: Seen) {
        self.parts[seen.key.part(PARTS)].insert(seen.key, seen.generation);
        self.added.push(seen.key);
    }

    /// Puts some keys into the tree; they are held until [`Self::committed`]. Belongs into a transaction, behind its
    /// events.
    pub(super) fn file_some(&self, connection: &Connection) -> rusqlite::Result<Noted> {
        let all: usize = self.parts.iter().map(HashMap::len).sum();
        let noted = Noted {
            parts: if all < FEW { PARTS } else { 1 },
            up_to: seen::newest(connection)?,
        };
        let mut some = Vec::new();
        for part in self.order().take(noted.parts) {
            let keys = self.parts[part].iter();
            some.extend(keys.map(|(key, generation)| Seen {
                key: *key,
                generation: *generation,
            }));
        }
        seen::note(connection, some)?;
        // Of the others, the one that was put in longest ago says up to which event all are.
        let rest = self.order().nth(noted.parts);
        seen::set_noted(
            connection,
            rest.map_or(noted.up_to, |part| self.noted[part]),
        )?;
        Ok(noted)
    }

    /// The transaction is committed, with what it put into the tree.
    pub(super) fn committed(&mut self, noted: Option<Noted>) {
        self.added.clear();
        let Some(Noted { parts, up_to }) = noted else {
            return;
        };
        for _ in 0..parts {
            self.parts[self.next].clear();
            self.noted[self.next] = up_to;
            self.next = (self.next + 1) % PARTS;
        }
    }

    /// The transaction came to nothing.
    pub(super) fn rolled_back(&mut self) {
        for key in self.added.drain(..) {
            self.parts[key.part(PARTS)].remove(&key);
        }
    }

    /// All parts, from the one whose turn it is.
    fn order(&self) -> impl Iterator<Item = usize> {
        (self.next..PARTS).chain(0..self.next)
    }
}
