//! Reads a live stream: server-sent events, block by block.

use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use super::wait::within;

/// A stream must end within a second; what a busy machine takes comes on top.
const PROMPT: Duration = Duration::from_secs(4);

/// One block of the stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    pub(crate) id: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) data: Option<Value>,
}

impl Block {
    /// Whether it is of this event type.
    pub(crate) fn is(&self, event: &str) -> bool {
        self.event.as_deref() == Some(event)
    }
}

/// An open stream; dropping it cuts it.
pub(crate) struct LiveReader {
    answer: reqwest::Response,
    buffer: Vec<u8>,
}

impl LiveReader {
    pub(super) fn new(answer: reqwest::Response) -> Self {
        Self {
            answer,
            buffer: Vec::new(),
        }
    }

    /// A header of the answer, empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.answer
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// The next block; the stream must not end before.
    pub(crate) async fn next(&mut self) -> Block {
        let block = within("a block of the live stream", self.read()).await;
        block.expect("the live stream ended")
    }

    /// The next block of this event type; others are skipped.
    pub(crate) async fn next_of(&mut self, event: &str) -> Block {
        let find = async {
            loop {
                let block = self.read().await.expect("the live stream ended");
                if block.is(event) {
                    return block;
                }
            }
        };
        within(event, find).await
    }

    /// The next event's JSON; other blocks are skipped.
    pub(crate) async fn next_event(&mut self) -> Value {
        self.next_of("event").await.data.unwrap()
    }

    /// A block, if one comes within this time; none also at the end.
    pub(crate) async fn next_within(&mut self, time: Duration) -> Option<Block> {
        timeout(time, self.read()).await.ok().flatten()
    }

    /// The server ends it within the second that the contract gives it.
    pub(crate) async fn ends(self) {
        let ended = timeout(PROMPT, self.rest()).await;
        assert!(ended.is_ok(), "the live stream goes on");
    }

    /// Reads to the end, which the server must make; answers what came before.
    pub(crate) async fn rest(mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let read = async {
            while let Some(block) = self.read().await {
                blocks.push(block);
            }
        };
        within("the end of the live stream", read).await;
        blocks
    }

    /// Cuts the connection.
    pub(crate) fn cut(self) {
        drop(self);
    }

    /// The next block, or none when the stream is over.
    ///
    /// # Cancel safety
    /// What was read stays in the buffer.
    async fn read(&mut self) -> Option<Block> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
                return Some(parse(std::str::from_utf8(&block).unwrap()));
            }
            // A connection that breaks is a stream that ends.
            let chunk = self.answer.chunk().await.ok().flatten()?;
            self.buffer.extend_from_slice(&chunk);
        }
    }
}

fn parse(text: &str) -> Block {
    let mut block = Block {
        id: None,
        event: None,
        data: None,
    };
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(':'))
    {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        match name {
            "id" => block.id = Some(value.to_owned()),
            "event" => block.event = Some(value.to_owned()),
            // One line each, as the contract says.
            "data" => {
                assert!(block.data.is_none(), "data on two lines: {text}");
                block.data = Some(serde_json::from_str(value).unwrap());
            }
            _ => panic!("an unknown field in the live stream: {line}"),
        }
    }
    block
}
