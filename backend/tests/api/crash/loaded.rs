//! SIGTERM under full load: connections that are kept and never idle, and many live readers.

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::{Installation, all_messages, connect};
use crate::messages::raid_into;
use crate::support::{LiveReader, Message, PATIENCE, Sim, eventually};

const WRITERS: u64 = 64;
const READERS: usize = 64;

/// What became of all messages.
#[derive(Default)]
struct Books {
    acknowledged: HashSet<String>,
    /// Connections that an answer said were over.
    told: usize,
    /// When those were sent that got no answer.
    unanswered: Vec<Instant>,
}

/// A connection that is kept, as Twitch's own are.
struct Kept(TcpStream);

impl Kept {
    async fn send(&mut self, message: &Message) -> std::io::Result<()> {
        let request = message.on_the_wire("");
        self.0.write_all(request.as_bytes()).await
    }

    /// The head of the answer, whose body is read, too; none when the connection ends before.
    async fn answer(&mut self) -> Option<String> {
        let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            let text = String::from_utf8_lossy(&bytes);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                    return Some(head.to_owned());
                }
            }
            match self.0.read(&mut buffer).await {
                Ok(0) | Err(_) => return None,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            }
        }
    }
}

/// Sends one message after the other until nobody listens any more.
async fn write(port: u16, writer: u64, books: &Mutex<Books>) {
    let mut number = writer * 1_000_000;
    while let Ok(socket) = connect(port).await {
        let mut kept = Kept(socket);
        loop {
            number += 1;
            let message = raid_into(Sim::id("viewer_vera"), number);
            let sent = Instant::now();
            let is_sent = kept.send(&message).await.is_ok();
            let head = kept.answer().await;
            let mut books = books.lock().unwrap();
            let Some(head) = head else {
                if is_sent {
                    books.unanswered.push(sent);
                }
                break;
            };
            if head.starts_with("HTTP/1.1 204 ") {
                books.acknowledged.insert(message.id);
            } else {
                assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
            }
            if head.contains("connection: close") {
                books.told += 1;
                break;
            }
        }
    }
}

#[tokio::test]
async fn sigterm_under_full_load_answers_all_ends_streams_and_loses_nothing() {
    let installation = Installation::new("conduit").await;
    let mut program = installation.start().await;
    let vera = program.browser().await;
    vera.log_in("viewer_vera").await;
    let readers = join_all((0..READERS).map(|_| vera.live(""))).await;
    let books = Mutex::new(Books::default());
    let acknowledged = || books.lock().unwrap().acknowledged.len();
    let stop = async {
        eventually("the load to be there", PATIENCE, async || {
            (acknowledged() > 600).then_some(())
        })
        .await;
        let asked = Instant::now();
        let exit = program.terminate().await;
        (asked, exit, asked.elapsed())
    };
    let writers = join_all((0..WRITERS).map(|writer| write(installation.port, writer, &books)));
    let reading = join_all(readers.into_iter().map(LiveReader::rest));
    let ((asked, exit, took), _, read) = tokio::join!(stop, writers, reading);

    assert_eq!(exit.code, Some(0), "{}", exit.stderr);
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(
        !exit.stderr.to_lowercase().contains("panic"),
        "{}",
        exit.stderr
    );
    let books = books.into_inner().unwrap();
    assert!(
        books.told > 0,
        "connections in use are told that they are over"
    );
    let early = books
        .unanswered
        .iter()
        .filter(|sent| **sent < asked)
        .count();
    assert_eq!(early, 0, "messages sent before the signal have no answer");

    let program = installation.start().await;
    let all = all_messages(&vera, "").await;
    let stored: HashSet<&String> = all.iter().collect();
    assert_eq!(all.len(), stored.len(), "nothing twice");
    assert!(books.acknowledged.iter().all(|id| stored.contains(id)));
    for blocks in read {
        let delivered = blocks.iter().filter(|block| block.is("event"));
        let ids: Vec<&str> = delivered
            .map(|block| block.data.as_ref().unwrap()["message_id"].as_str().unwrap())
            .collect();
        assert!(ids.len() > 50, "a reader was held up");
        assert!(
            all.iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .starts_with(&ids),
            "in order, none missing"
        );
    }
    drop(program);
}
