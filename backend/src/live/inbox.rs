//! What waits for one reader.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::Entry;

/// Entries that may wait for a reader; with more it has lagged, and resumes from the store. The events themselves are
/// shared by all whom they wait for.
const CAPACITY: usize = 1024;

/// An inbox that was fuller than this and is empty again gives its room back.
const KEPT: usize = 16;

/// A reader lagged too far behind and must resume from the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lagged;

#[derive(Debug)]
pub(super) struct Inbox {
    pub(super) wants_beats: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Entry>,
    waker: Option<Waker>,
    has_lagged: bool,
}

/// Readers to be woken when all is in their inboxes, each once.
#[derive(Debug, Default)]
pub(super) struct Wakers(Vec<Waker>);

impl Wakers {
    pub(super) fn wake(self) {
        self.0.into_iter().for_each(Waker::wake);
    }
}

impl Inbox {
    pub(super) fn new(wants_beats: bool) -> Self {
        Self {
            wants_beats,
            state: Mutex::default(),
        }
    }

    pub(super) fn push(&self, entry: Entry, wakers: &mut Wakers) {
        let mut state = self.lock();
        if state.waiting.len() == CAPACITY {
            state.has_lagged = true;
            state.waiting = VecDeque::new();
        }
        if !state.has_lagged {
            state.waiting.push_back(entry);
        }
        wakers.0.extend(state.waker.take());
    }

    /// Forgets that entries were missed.
    pub(super) fn start_over(&self) {
        self.lock().has_lagged = false;
    }

    pub(super) fn take(&self) -> Result<Option<Entry>, Lagged> {
        self.lock().take()
    }

    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Result<Entry, Lagged>> {
        let mut state = self.lock();
        match state.take() {
            Ok(Some(entry)) => Poll::Ready(Ok(entry)),
            Err(lagged) => Poll::Ready(Err(lagged)),
            Ok(None) => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self) -> Result<Option<Entry>, Lagged> {
        if self.has_lagged {
            return Err(Lagged);
        }
        let entry = self.waiting.pop_front();
        if self.waiting.is_empty() && self.waiting.capacity() > KEPT {
            self.waiting = VecDeque::new();
        }
        Ok(entry)
    }
}
