//! The task of one reader: opens the stream, reads it by its bytes, and opens it again.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Semaphore;

use super::{Reader, Sent};
use crate::http::chunks::Chunks;
use crate::http::{Connection, bearer, get};
use crate::sse::Blocks;

/// Pause before a stream is opened again.
const AGAIN: Duration = Duration::from_millis(20);
/// Connections are spread over so many source addresses, as one has about 28,000 ports.
const SOURCES: usize = 8;
/// Receive buffer of a reader that stops reading, so that the server soon feels it.
const SMALL_BUFFER_BYTES: u32 = 4096;
/// What the task of a reader needs.
pub(super) struct Follow {
    pub(super) address: SocketAddr,
    pub(super) token: Arc<str>,
    pub(super) sent: Arc<Sent>,
    pub(super) reader: Arc<Reader>,
    pub(super) doors: Arc<Semaphore>,
}

impl Follow {
    /// Reads until it is aborted.
    pub(super) async fn run(self) {
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
        self.reader.seen().ended += u32::from(chunks.is_done());
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
