//! A crowd of live readers over raw sockets. Each goes on from its cursor when its stream ends, as a browser does.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::ensure;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::http::chunks::Chunks;
use crate::http::{Connection, bearer, get};
use crate::latency::Latencies;
use crate::sse::Blocks;

/// Pause before a stream is opened again.
const AGAIN: Duration = Duration::from_millis(20);
/// Connections are spread over so many source addresses, as one has about 28,000 ports.
const SOURCES: usize = 8;
/// Receive buffer of a reader that stops reading, so that the server soon feels it.
const SMALL_BUFFER_BYTES: u32 = 4096;
/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(20);

/// When each message was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    base: Instant,
    first: u64,
    us: Vec<AtomicU64>,
}

impl Sent {
    /// For this many messages from a number on.
    pub(crate) fn new(first: u64, count: usize) -> Self {
        Self {
            base: Instant::now(),
            first,
            us: (0..count).map(|_| AtomicU64::new(u64::MAX)).collect(),
        }
    }

    /// Notes that a message is sent now.
    pub(crate) fn now(&self, number: u64) {
        if let Some(slot) = self.slot(number) {
            let us = self.base.elapsed().as_micros();
            slot.store(u64::try_from(us).unwrap_or(u64::MAX), Ordering::Release);
        }
    }

    fn slot(&self, number: u64) -> Option<&AtomicU64> {
        let at = number.checked_sub(self.first)?;
        self.us.get(usize::try_from(at).ok()?)
    }

    fn since(&self, number: u64) -> Option<Duration> {
        let us = self.slot(number)?.load(Ordering::Acquire);
        self.base.elapsed().checked_sub(Duration::from_micros(us))
    }
}

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

/// What the task of a reader needs.
struct Follow {
    address: SocketAddr,
    token: Arc<str>,
    sent: Arc<Sent>,
    reader: Arc<Reader>,
    doors: Arc<Semaphore>,
}

impl Follow {
    async fn run(self) {
        let mut buffer = vec![0; 4096];
        loop {
            // An error is a stream that ended; what matters is what was read.
            drop(self.read_one(&mut buffer).await);
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Opens a stream and reads it to its end.
    async fn read_one(&self, buffer: &mut [u8]) -> std::io::Result<()> {
        let door = self.doors.acquire().await;
        let stream = self.connect().await?;
        let (head, mut stream, beyond) = Connection::over(stream)
            .open_stream(&self.request())
            .await?;
        if head.status != 200 {
            return Err(std::io::ErrorKind::ConnectionRefused.into());
        }
        drop(door);
        self.reader.seen().opened += 1;
        let (mut chunks, mut blocks) = (Chunks::default(), Blocks::default());
        self.take(&beyond, &mut chunks, &mut blocks)?;
        while !chunks.is_done() {
            if let Some(stall) = &self.reader.wish.stall {
                // Whoever said so may be gone: then it is over.
                drop(stall.clone().wait_for(|stalled| !stalled).await);
            }
            let count = stream.read(buffer).await?;
            if count == 0 {
                break;
            }
            self.take(&buffer[..count], &mut chunks, &mut blocks)?;
        }
        Ok(())
    }

    async fn connect(&self) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if self.reader.wish.stall.is_some() {
            socket.set_recv_buffer_size(SMALL_BUFFER_BYTES)?;
        }
        let last = 2 + u8::try_from(self.reader.number % SOURCES).unwrap_or_default();
        socket.bind((Ipv4Addr::new(127, 0, 0, last), 0).into())?;
        socket.connect(self.address).await
    }

    fn request(&self) -> Vec<u8> {
        let mut headers = bearer(&self.token);
        if let Some(cursor) = self.reader.seen().cursor {
            headers.push_str(&format!("Last-Event-ID: {cursor}\r\n"));
        }
        let path = format!("/api/v1/events/live?{}", self.reader.wish.query);
        get(self.address, &path, &headers)
    }

    fn take(&self, bytes: &[u8], chunks: &mut Chunks, blocks: &mut Blocks) -> std::io::Result<()> {
        let mut seen = self.reader.seen();
        let fed = chunks.feed(bytes, |content| {
            blocks.feed(content, |block| {
                seen.cursor = block.cursor.or(seen.cursor);
                let (Some(told), Some(id)) = (block.event, block.cursor) else {
                    return;
                };
                seen.events.push(id);
                seen.last_event = Some(Instant::now());
                if let Some(time) = told.number.and_then(|number| self.sent.since(number)) {
                    seen.latencies.push(time);
                }
            });
        });
        fed.or(Err(std::io::ErrorKind::InvalidData.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sent_has_an_age() {
        let sent = Sent::new(10, 2);
        sent.now(11);
        assert!(sent.since(11).is_some());
        for number in [9, 10, 12] {
            assert!(sent.since(number).is_none(), "{number}");
        }
    }
}
