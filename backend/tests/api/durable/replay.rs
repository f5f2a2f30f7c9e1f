//! A folder as a loss of power leaves it: what was synced, and of the rest nothing or any part.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tempfile::TempDir;

use super::trace::Call;

/// A change of a file's bytes.
#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Truncate(length) => bytes.resize(*length, 0),
            Self::Write(at, new) => {
                let end = at + new.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes[*at..end].copy_from_slice(new);
            }
        }
    }
}

#[derive(Debug, Default)]
struct File {
    /// The folder was synced since it was made.
    is_named: bool,
    is_removed: bool,
    synced: Vec<u8>,
    /// Since then, in order.
    changes: Vec<Change>,
    length: usize,
    /// Syncs that have begun, and how many of the changes they cover.
    syncing: BTreeMap<usize, usize>,
}

impl File {
    fn change(&mut self, change: Change) {
        self.length = match &change {
            Change::Truncate(length) => *length,
            Change::Write(at, bytes) => self.length.max(at + bytes.len()),
        };
        self.changes.push(change);
    }

    fn sync_ends(&mut self, number: usize) {
        let covered = self.syncing.remove(&number).unwrap();
        for change in self.changes.drain(..covered) {
            change.apply(&mut self.synced);
        }
        for other in self.syncing.values_mut() {
            *other -= covered.min(*other);
        }
    }
}

/// The files of one folder.
pub(super) struct Disk {
    folder: PathBuf,
    files: BTreeMap<PathBuf, File>,
    dice: StdRng,
}

impl Disk {
    /// Watches this folder, empty so far.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            files: BTreeMap::new(),
            dice: StdRng::seed_from_u64(7),
        }
    }

    fn file(&mut self, path: &str) -> Option<&mut File> {
        let path = Path::new(path);
        let is_inside = path.parent() == Some(&self.folder);
        is_inside.then(|| self.files.entry(path.to_owned()).or_default())
    }

    pub(super) fn apply(&mut self, call: &Call) {
        match call {
            Call::Makes { path } => {
                // What had the name before is another file.
                if let Some(file) = self.file(path).filter(|file| file.is_removed) {
                    *file = File::default();
                }
            }
            Call::Removes { path } => {
                if let Some(file) = self.file(path) {
                    file.is_removed = true;
                }
            }
            Call::Writes { path, at, bytes } => {
                if let Some(file) = self.file(path) {
                    let at = at.unwrap_or(file.length);
                    file.change(Change::Write(at, bytes.clone()));
                }
            }
            Call::Truncates { path, length } => {
                if let Some(file) = self.file(path) {
                    file.change(Change::Truncate(*length));
                }
            }
            Call::SyncBegins { path, number } => {
                if let Some(file) = self.file(path) {
                    file.syncing.insert(*number, file.changes.len());
                }
            }
            Call::SyncEnds { path, .. } if Path::new(path) == self.folder => {
                self.files.retain(|_, file| !file.is_removed);
                for file in self.files.values_mut() {
                    file.is_named = true;
                }
            }
            Call::SyncEnds { path, number } => {
                if let Some(file) = self.file(path) {
                    file.sync_ends(*number);
                }
            }
            Call::Acknowledges => {}
        }
    }

    /// A folder with what is left when the power goes now; of each change that was not synced, with this probability.
    pub(super) fn after_power_loss(&mut self, part: f64) -> TempDir {
        let left = tempfile::tempdir().unwrap();
        for (path, file) in self.files.iter().filter(|(_, file)| file.is_named) {
            let name = path.file_name().unwrap();
            // Only an index into the log, which is made anew.
            if name == "events.db-shm" {
                continue;
            }
            let mut bytes = file.synced.clone();
            for change in &file.changes {
                if self.dice.random_bool(part) {
                    change.apply(&mut bytes);
                }
            }
            std::fs::write(left.path().join(name), bytes).unwrap();
        }
        left
    }
}
