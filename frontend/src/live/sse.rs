//! Server-sent events from bytes to messages. Pure: no browser, no time.
//!
//! The stream is read by hand rather than with `EventSource` because a
//! heartbeat is a block without data, which `EventSource` swallows: with it a
//! dead connection and a quiet streamer look the same, and so do a lost
//! network and an ended session.

use std::rc::Rc;

use wire::{Event, Gap, ReadMark, Status};

use crate::json;

/// A line may hold one event with its whole payload (at most 256 KiB as
/// received, more once escaped); anything longer is not our server.
const MAX_LINE_BYTES: usize = 4 * 1024 * 1024;

/// What a block of the stream says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Message {
    Event(Rc<Event>),
    Status(Rc<Status>),
    Gap(Rc<Gap>),
    Read(Rc<ReadMark>),
    /// Only moves the resume point.
    Heartbeat,
}

/// A message with the cursor its block carried.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    pub id: Option<String>,
    pub message: Message,
}

/// The line is longer than any our server writes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// Splits the bytes of one connection into blocks.
#[derive(Debug, Default)]
pub(super) struct Parser {
    line: Vec<u8>,
    id: Option<String>,
    event: String,
    data: String,
}

impl Parser {
    /// Takes the next bytes and returns the blocks they complete.
    ///
    /// # Errors
    /// [`TooLong`] when a line exceeds what the server ever sends; the
    /// connection is of no further use then.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<Vec<Block>, TooLong> {
        let mut blocks = Vec::new();
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end);
            self.line.extend_from_slice(line);
            rest = after.get(1..).unwrap_or_default();
            let line = std::mem::take(&mut self.line);
            // Decoded by line, so that a character cut by a chunk is whole again.
            let text = String::from_utf8_lossy(&line);
            blocks.extend(self.take_line(text.trim_end_matches('\r')));
        }
        self.line.extend_from_slice(rest);
        if self.line.len() > MAX_LINE_BYTES {
            return Err(TooLong);
        }
        Ok(blocks)
    }

    fn take_line(&mut self, line: &str) -> Option<Block> {
        if line.is_empty() {
            return self.finish_block();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => self.id = Some(value.to_owned()),
            "event" => value.clone_into(&mut self.event),
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            // A comment (empty field name), `retry`, or a field not known yet.
            _ => {}
        }
        None
    }

    fn finish_block(&mut self) -> Option<Block> {
        let id = self.id.take().filter(|id| !id.is_empty());
        let event = std::mem::take(&mut self.event);
        let data = std::mem::take(&mut self.data);
        let message = if data.is_empty() {
            Some(Message::Heartbeat)
        } else {
            read_message(&event, &data)
        };
        // What cannot be read was written by a newer server than this page; the
        // stream goes on, and the list shows it once the page is loaded anew.
        message
            .filter(|message| id.is_some() || *message != Message::Heartbeat)
            .map(|message| Block { id, message })
    }
}

fn read_message(event: &str, data: &str) -> Option<Message> {
    match event {
        "event" => json::read(data)
            .ok()
            .map(|event| Message::Event(Rc::new(event))),
        "status" => json::read(data)
            .ok()
            .map(|status| Message::Status(Rc::new(status))),
        "gap" => json::read(data).ok().map(|gap| Message::Gap(Rc::new(gap))),
        "read" => json::read(data)
            .ok()
            .map(|mark| Message::Read(Rc::new(mark))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use wire::Connection;

    use super::*;

    fn status(connection: Connection) -> Message {
        Message::Status(Rc::new(Status {
            connection,
            broadcaster_id: None,
            live: None,
        }))
    }

    #[test]
    fn a_stream_reads_the_same_however_it_is_cut() {
        let stream = "id: 7\nevent: status\ndata: {\"connection\":\"up\",\"broadcaster_id\":null,\"live\":null}\n\n\
                      : über\nid: 9\n\n\
                      event: gap\ndata: {\"from\":\"1\",\"to\":\"5\",\"reason\":\"expired–\"}\n\n";
        let expected = vec![
            Block {
                id: Some("7".into()),
                message: status(Connection::Up),
            },
            Block {
                id: Some("9".into()),
                message: Message::Heartbeat,
            },
            Block {
                id: None,
                message: Message::Gap(Rc::new(Gap {
                    from: "1".into(),
                    to: "5".into(),
                    reason: "expired–".into(),
                    broadcaster_id: None,
                })),
            },
        ];
        for size in 1..stream.len() {
            let mut parser = Parser::default();
            let blocks: Vec<Block> = stream
                .as_bytes()
                .chunks(size)
                .flat_map(|chunk| parser.push(chunk).unwrap())
                .collect();
            assert_eq!(blocks, expected, "in chunks of {size}");
        }
    }

    #[test]
    fn carriage_returns_and_missing_spaces_are_accepted() {
        let mut parser = Parser::default();
        let blocks = parser
            .push(b"event:status\r\ndata:{\"connection\":\"down\"}\r\n\r\n")
            .unwrap();
        assert_eq!(
            blocks,
            [Block {
                id: None,
                message: status(Connection::Down)
            }]
        );
    }

    #[test]
    fn unknown_and_unreadable_blocks_are_skipped() {
        let mut parser = Parser::default();
        let blocks = parser
            .push(b"event: news\ndata: {}\n\nevent: status\ndata: {\n\nretry: 10\n\nid: 4\n\n")
            .unwrap();
        assert_eq!(
            blocks,
            [Block {
                id: Some("4".into()),
                message: Message::Heartbeat
            }]
        );
    }

    #[test]
    fn a_read_mark_needs_no_id() {
        let mut parser = Parser::default();
        let blocks = parser
            .push(
                b"event: read\ndata: {\"broadcaster_id\":\"1\",\"cursor\":\"42\",\"unread\":3}\n\n",
            )
            .unwrap();
        assert_eq!(
            blocks,
            [Block {
                id: None,
                message: Message::Read(Rc::new(ReadMark {
                    broadcaster_id: "1".into(),
                    cursor: "42".into(),
                    unread: 3,
                })),
            }]
        );
    }

    #[test]
    fn an_event_keeps_its_payload_unchanged() {
        let json = r#"{"id":"5","message_id":null,"type":"channel.raid","version":"1","kind":"raid","broadcaster":{"id":"1","login":"a","display_name":"A"},"actor":null,"summary":"s","amount":null,"text":null,"occurred_at":"2026-11-01T18:00:05.123Z","received_at":"2026-11-01T18:00:05.321Z","visibility":"public","payload":{"b":1.0,"a":[ 2 ]}}"#;
        let mut parser = Parser::default();
        let blocks = parser
            .push(format!("id: 5\nevent: event\ndata: {json}\n\n").as_bytes())
            .unwrap();
        let Some(Block {
            id: Some(id),
            message: Message::Event(event),
        }) = blocks.first()
        else {
            panic!("no event in {blocks:?}");
        };
        assert_eq!(id, "5");
        assert_eq!(event.payload.get(), r#"{"b":1.0,"a":[ 2 ]}"#);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut parser = Parser::default();
        assert_eq!(parser.push(&vec![b'x'; MAX_LINE_BYTES + 1]), Err(TooLong));
    }
}
