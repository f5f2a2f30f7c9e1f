//! A crowd of live readers over raw sockets. Each goes on from its cursor when its stream ends, as a browser does.

mod follow;
mod sent;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::ensure;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::latency::Latencies;
use follow::Follow;

pub(crate) use sent::Sent;

/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(20);

/// What a reader asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// Query string of the stream.
    pub(crate) query: String,
    /// Stops reading while this says so.
    pub(crate) stall: Option<watch::Receiver<bool>>,
}

/// What a reader has got.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Where it would resume.
    pub(crate) cursor: Option<i64>,
    /// Ids of its events, as they came.
    pub(crate) events: Vec<i64>,
    /// From the sending of a message to here.
    pub(crate) latencies: Latencies,
    /// How often a stream was opened.
    pub(crate) opened: u32,
    /// When the newest event came.
    pub(crate) last_event: Option<Instant>,
    /// How many streams the server ended in order.
    pub(crate) ended: u32,
}

/// One reader.
#[derive(Debug)]
pub(crate) struct Reader {
    number: usize,
    wish: Wish,
    seen: Mutex<Seen>,
}

impl Reader {
    /// What it has got so far.
    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Many readers.
#[derive(Debug)]
pub(crate) struct Crowd {
    address: SocketAddr,
    token: Arc<str>,
    sent: Arc<Sent>,
    readers: Vec<Arc<Reader>>,
    tasks: JoinSet<()>,
}

impl Crowd {
    /// Of nobody yet, with this viewer's token.
    pub(crate) fn new(address: SocketAddr, token: &str, sent: Arc<Sent>) -> Self {
        Self {
            address,
            token: token.into(),
            sent,
            readers: Vec::new(),
            tasks: JoinSet::new(),
        }
    }

    /// All readers, in the order in which they joined.
    pub(crate) fn readers(&self) -> &[Arc<Reader>] {
        &self.readers
    }

    /// More readers, no more than `at_once` of them connecting at a time; waits until each has its first block.
    ///
    /// # Errors
    /// When that takes too long.
    pub(crate) async fn join(
        &mut self,
        wishes: impl IntoIterator<Item = Wish>,
        at_once: usize,
        deadline: Duration,
    ) -> anyhow::Result<()> {
        let first = self.readers.len();
        for wish in wishes {
            self.readers.push(Arc::new(Reader {
                number: self.readers.len(),
                wish,
                seen: Mutex::default(),
            }));
        }
        self.begin(first, at_once);
        let all = self.wait(deadline, |seen, _| seen.cursor.is_some()).await;
        ensure!(all, "not all live streams opened within {deadline:?}");
        Ok(())
    }

    /// Cuts all connections.
    pub(crate) async fn cut(&mut self) {
        self.tasks.shutdown().await;
    }

    /// All come back at once, each with its cursor.
    pub(crate) fn come_back(&mut self) {
        self.begin(0, self.readers.len().max(1));
    }

    fn begin(&mut self, first: usize, at_once: usize) {
        let doors = Arc::new(Semaphore::new(at_once));
        for reader in &self.readers[first..] {
            let follow = Follow {
                address: self.address,
                token: Arc::clone(&self.token),
                sent: Arc::clone(&self.sent),
                reader: Arc::clone(reader),
                doors: Arc::clone(&doors),
            };
            self.tasks.spawn(follow.run());
        }
    }

    /// Waits until a condition holds for each reader; false when the deadline comes first.
    pub(crate) async fn wait(
        &self,
        deadline: Duration,
        holds: impl Fn(&Seen, usize) -> bool,
    ) -> bool {
        let begin = Instant::now();
        let mut done = 0;
        loop {
            while self
                .readers
                .get(done)
                .is_some_and(|reader| holds(&reader.seen(), done))
            {
                done += 1;
            }
            if done == self.readers.len() {
                return true;
            }
            if begin.elapsed() > deadline {
                return false;
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// The times noted since the last call, of the readers that are wanted.
    pub(crate) fn take_latencies(&self, wanted: impl Fn(usize) -> bool) -> Latencies {
        let mut all = Latencies::default();
        for (number, reader) in self.readers.iter().enumerate() {
            let own = std::mem::take(&mut reader.seen().latencies);
            if wanted(number) {
                all.append(own);
            }
        }
        all
    }

    /// Events read by all together.
    pub(crate) fn deliveries(&self) -> usize {
        self.readers
            .iter()
            .map(|reader| reader.seen().events.len())
            .sum()
    }

    /// Streams opened by all together, beyond one each.
    pub(crate) fn reconnects(&self) -> u64 {
        let extra = |reader: &Arc<Reader>| u64::from(reader.seen().opened.saturating_sub(1));
        self.readers.iter().map(extra).sum()
    }
}
