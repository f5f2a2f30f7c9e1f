//! A small HTTP/1.1 client over one kept connection, so that the generator of the load costs little itself.
//!
//! It speaks to our own programs only: requests come as bytes, one at a time, and answers have a length or chunks.

pub(crate) mod chunks;
pub(crate) mod head;

use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
use std::ops::Range;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use chunks::Chunks;
use head::{Framing, Head};

/// A kept connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    /// Such as 200.
    pub(crate) status: u16,
    /// Status line and headers.
    pub(crate) head: &'a [u8],
    /// The body without its chunks.
    pub(crate) body: Cow<'a, [u8]>,
}

impl Answer<'_> {
    /// The value of a header, empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        head::header(self.head, name).unwrap_or_default()
    }

    /// The body as JSON; another status than the one expected is an error that shows it.
    pub(crate) fn json(&self, expected: u16) -> anyhow::Result<serde_json::Value> {
        anyhow::ensure!(
            self.status == expected,
            "{expected} was expected: {} {}",
            self.status,
            String::from_utf8_lossy(&self.body)
        );
        Ok(serde_json::from_slice(&self.body)?)
    }
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self::over(stream))
    }

    /// Speaks over a connection made elsewhere.
    pub(crate) fn over(stream: TcpStream) -> Self {
        Self {
            stream,
            buffer: Vec::with_capacity(2048),
        }
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        let (head, body) = self.exchange(request).await?;
        let bytes = &self.buffer[body];
        let body = match head.framing {
            Framing::Length(_) => Cow::Borrowed(bytes),
            Framing::Chunked => {
                let mut whole = Vec::with_capacity(bytes.len());
                Chunks::default()
                    .feed(bytes, |content| whole.extend_from_slice(content))
                    .or(Err(malformed()))?;
                Cow::Owned(whole)
            }
        };
        Ok(Answer {
            status: head.status,
            head: &self.buffer[..head.bytes],
            body,
        })
    }

    /// Sends a request; only the status of the answer is of interest.
    pub(crate) async fn status(&mut self, request: &[u8]) -> io::Result<u16> {
        Ok(self.exchange(request).await?.0.status)
    }

    /// Sends a request and reads only the head of the answer; gives back the connection and what was read beyond it.
    pub(crate) async fn open_stream(
        mut self,
        request: &[u8],
    ) -> io::Result<(Head, TcpStream, Vec<u8>)> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let head = self.head().await?;
        let beyond = self.buffer.split_off(head.bytes);
        Ok((head, self.stream, beyond))
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<(Head, Range<usize>)> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let head = self.head().await?;
        match head.framing {
            Framing::Length(length) => {
                while self.buffer.len() < head.bytes + length {
                    self.more().await?;
                }
            }
            Framing::Chunked => {
                let (mut chunks, mut taken) = (Chunks::default(), head.bytes);
                loop {
                    let fed = chunks.feed(&self.buffer[taken..], |_| {});
                    fed.or(Err(malformed()))?;
                    taken = self.buffer.len();
                    if chunks.is_done() {
                        break;
                    }
                    self.more().await?;
                }
            }
        }
        let body = head.bytes..self.buffer.len();
        Ok((head, body))
    }

    async fn head(&mut self) -> io::Result<Head> {
        loop {
            match Head::parse(&self.buffer) {
                Ok(Some(head)) => return Ok(head),
                Ok(None) => self.more().await?,
                Err(head::Malformed) => return Err(malformed()),
            }
        }
    }

    async fn more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the answer is no HTTP/1.1")
}

/// A request without a body; `headers` are whole lines with their ends.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &str) -> Vec<u8> {
    let port = address.port();
    format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{headers}\r\n").into_bytes()
}

/// A request that posts JSON.
pub(crate) fn post(address: SocketAddr, path: &str, headers: &str, json: &str) -> Vec<u8> {
    let (port, length) = (address.port(), json.len());
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{headers}Content-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{json}"
    )
    .into_bytes()
}

/// The header that carries an API token.
pub(crate) fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}
