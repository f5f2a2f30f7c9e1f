//! The yardstick: a bare tokio loop that reads each request with its body and answers 204. It checks and keeps nothing.

use std::io::Write as _;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::http::head::{find, header};

const ANSWER: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

/// Listens on a free port, says where, and answers until it is ended.
pub(crate) async fn run() -> anyhow::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    writeln!(
        std::io::stdout(),
        "listening on http://{}",
        listener.local_addr()?
    )?;
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        connections.spawn(answer_all(stream));
        while connections.try_join_next().is_some() {}
    }
}

async fn answer_all(mut stream: TcpStream) -> std::io::Result<()> {
    let mut buffer = Vec::with_capacity(4096);
    loop {
        while let Some(request) = length(&buffer) {
            if buffer.len() < request {
                break;
            }
            stream.write_all(ANSWER).await?;
            buffer.drain(..request);
        }
        if stream.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
}

/// Bytes of the request at the beginning, once its head is complete.
fn length(bytes: &[u8]) -> Option<usize> {
    let head = find(bytes, b"\r\n\r\n")?;
    let body = header(&bytes[..head], "content-length")
        .and_then(|value| value.parse::<usize>().ok())
        .unwrap_or(0);
    Some(head + 4 + body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_ends_after_its_body() {
        let request = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET";
        assert_eq!(length(request), Some(request.len() - 3));
        assert_eq!(length(b"POST / HTTP/1.1\r\nContent"), None);
    }
}
