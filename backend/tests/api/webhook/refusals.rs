//! What the webhook refuses, in the order of the contract's table: each earlier check wins over every later one.
//! Nothing that is refused leaves a trace.

use jiff::SignedDuration;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Inbox, signed};
use crate::messages::{ID, Request, SIGNATURE, TIMESTAMP, TYPE, at, raid_into};
use crate::support::{Message, PATIENCE};

const LIMIT: usize = 256 * 1024;

#[tokio::test]
async fn each_earlier_check_wins_over_every_later_one() {
    let inbox = Inbox::open().await;
    let old = inbox.now() - SignedDuration::from_mins(11);
    let no_json = Message {
        body: "no JSON".to_owned(),
        ..Message::new("notification", &json!({}))
    };
    let stale = at(&no_json, old);
    let bad_time = Message {
        timestamp: "yesterday".to_owned(),
        ..stale.clone()
    };

    let hopeless = Request {
        headers: Vec::new(),
        body: vec![b'x'; LIMIT + 1],
    };
    inbox
        .refuses("all is wrong", hopeless, 413, "too-large")
        .await;
    let encoded = signed(&stale)
        .without(ID)
        .without(SIGNATURE)
        .with("content-encoding", "gzip");
    inbox
        .refuses(
            "encoded, and the rest is wrong",
            encoded,
            415,
            "unsupported-media-type",
        )
        .await;
    let unreadable = signed(&bad_time).with(SIGNATURE, "sha256=00");
    inbox
        .refuses(
            "an unreadable time, and the rest is wrong",
            unreadable,
            400,
            "malformed-message",
        )
        .await;
    let forged = Request::signed(&stale, "another secret");
    inbox
        .refuses(
            "a forged signature, and the rest is wrong",
            forged,
            403,
            "bad-signature",
        )
        .await;
    inbox
        .refuses("too old, and no JSON", signed(&stale), 403, "stale-message")
        .await;
    inbox
        .refuses("no JSON", signed(&no_json), 400, "malformed-message")
        .await;
    inbox.holds_nothing().await;
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not() {
    let inbox = Inbox::open().await;
    let mut message = raid_into(inbox.channel, 7);
    message.body += &" ".repeat(LIMIT - message.body.len());
    inbox.takes(&message).await;
    assert_eq!(inbox.events().await.len(), 1);

    let mut message = raid_into(inbox.channel, 8);
    message.body += &" ".repeat(LIMIT + 1 - message.body.len());
    inbox
        .refuses("one byte too many", signed(&message), 413, "too-large")
        .await;
    assert_eq!(inbox.events().await.len(), 1);
}

/// Without a length in advance only counting helps; an answer before the end shows that it was counted.
#[tokio::test]
async fn an_endless_body_is_answered_when_it_passes_the_limit() {
    let inbox = Inbox::open().await;
    let head =
        "POST /webhooks/twitch HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let answer = inbox
        .raw(head.as_bytes(), chunk.as_bytes(), "too-large")
        .await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_content_encoding_is_refused_whatever_it_is() {
    let inbox = Inbox::open().await;
    for encoding in ["gzip", "br", "deflate", "identity", "nonsense"] {
        let request = signed(&raid_into(inbox.channel, 1)).with("content-encoding", encoding);
        inbox
            .refuses(encoding, request, 415, "unsupported-media-type")
            .await;
    }
    inbox.holds_nothing().await;
}

#[tokio::test]
async fn missing_and_odd_headers_are_malformed_even_without_a_signature() {
    let inbox = Inbox::open().await;
    let request = signed(&raid_into(inbox.channel, 1));
    for header in [ID, TIMESTAMP, TYPE] {
        inbox
            .refuses(
                header,
                request.clone().without(header),
                400,
                "malformed-message",
            )
            .await;
        inbox
            .refuses(
                header,
                request.clone().without(header).without(SIGNATURE),
                400,
                "malformed-message",
            )
            .await;
        inbox
            .refuses(
                header,
                request.clone().with(header, ""),
                400,
                "malformed-message",
            )
            .await;
    }
    for time in [
        "yesterday",
        "1793556005",
        "2026-11-01",
        "2026-11-01T18:00:05",
        "2026-13-01T18:00:05Z",
        "0x10",
    ] {
        let message = Message {
            timestamp: time.to_owned(),
            ..raid_into(inbox.channel, 1)
        };
        inbox
            .refuses(time, signed(&message), 400, "malformed-message")
            .await;
    }
    let head = b"POST /webhooks/twitch HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\
        twitch-eventsub-message-id: \xff\xfe\r\ntwitch-eventsub-message-timestamp: \xe9t\xe9\r\n\
        twitch-eventsub-message-type: notification\r\n\r\n";
    let answer = inbox.raw(head, b"", "malformed-message").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    inbox.holds_nothing().await;
}

#[tokio::test]
async fn a_second_id_beside_the_signed_one_never_names_the_event() {
    let inbox = Inbox::open().await;
    for is_first in [false, true] {
        let mut request = signed(&raid_into(inbox.channel, 1));
        let place = if is_first { 0 } else { request.headers.len() };
        request.headers.insert(place, (ID, "not-signed".to_owned()));
        request.post(&inbox.world.server).await;
    }
    for event in inbox.events().await {
        assert_ne!(event.message_id.as_deref(), Some("not-signed"));
    }
}

#[tokio::test]
async fn a_missing_or_wrong_signature_is_refused() {
    let inbox = Inbox::open().await;
    let message = raid_into(inbox.channel, 1);
    let right = message.signature();
    let request = signed(&message);
    inbox
        .refuses(
            "missing",
            request.clone().without(SIGNATURE),
            403,
            "bad-signature",
        )
        .await;
    let digits = right.strip_prefix("sha256=").unwrap();
    for wrong in [
        String::new(),
        "sha256=".to_owned(),
        digits.to_owned(),
        format!("sha1={digits}"),
        format!("sha256={digits}00"),
        format!("sha256=00{digits}"),
        right.chars().take(60).collect(),
        format!("sha256={}", "0".repeat(64)),
        format!("sha256={}", "x".repeat(64)),
    ] {
        inbox
            .refuses(
                &wrong,
                request.clone().with(SIGNATURE, &wrong),
                403,
                "bad-signature",
            )
            .await;
    }
    let mut other_body = request.clone();
    *other_body.body.last_mut().unwrap() = b' ';
    inbox
        .refuses("another body", other_body, 403, "bad-signature")
        .await;
    inbox
        .refuses(
            "another id",
            request.clone().with(ID, "another"),
            403,
            "bad-signature",
        )
        .await;
    let later = format!("{:.9}", inbox.now() + SignedDuration::from_secs(1));
    inbox
        .refuses(
            "another time",
            request.with(TIMESTAMP, &later),
            403,
            "bad-signature",
        )
        .await;
    let other_secret = Request::signed(&message, "another secret");
    inbox
        .refuses("another secret", other_secret, 403, "bad-signature")
        .await;
    inbox.holds_nothing().await;
}

/// Where the id ends and the time begins is not signed: moving it must not make another message of it.
#[tokio::test]
async fn letters_moved_between_id_and_time_are_refused() {
    let inbox = Inbox::open().await;
    let message = Message {
        id: "a-1".to_owned(),
        ..raid_into(inbox.channel, 1)
    };
    let moved = format!("1{}", message.timestamp);
    let shifted = signed(&message).with(ID, "a-").with(TIMESTAMP, &moved);
    inbox
        .refuses("from the id to the time", shifted, 400, "malformed-message")
        .await;
    let (first, rest) = message.timestamp.split_at(1);
    let shifted = signed(&message)
        .with(ID, &format!("a-1{first}"))
        .with(TIMESTAMP, rest);
    inbox
        .refuses("from the time to the id", shifted, 400, "malformed-message")
        .await;
    inbox.holds_nothing().await;
}

#[tokio::test]
async fn the_time_may_be_ten_minutes_old_or_five_ahead_and_no_more() {
    let inbox = Inbox::open().await;
    let now = inbox.now();
    let moment = SignedDuration::from_nanos(1);
    let (oldest, newest) = (
        now - SignedDuration::from_mins(10),
        now + SignedDuration::from_mins(5),
    );
    for time in [
        oldest - moment,
        newest + moment,
        now - SignedDuration::from_hours(24),
    ] {
        let message = at(&raid_into(inbox.channel, 1), time);
        inbox
            .refuses(&time.to_string(), signed(&message), 403, "stale-message")
            .await;
    }
    inbox.holds_nothing().await;
    for time in [oldest, newest, now] {
        inbox.takes(&at(&raid_into(inbox.channel, 1), time)).await;
    }
    let local = jiff::tz::Offset::constant(2).to_datetime(now);
    inbox
        .takes(&Message {
            timestamp: format!("{local}+02:00"),
            ..raid_into(inbox.channel, 1)
        })
        .await;
    assert_eq!(inbox.events().await.len(), 4);
}

/// What is refused before it was read is still on its way: it must not be taken for the next request.
#[tokio::test]
async fn the_unread_rest_of_a_refused_body_is_never_another_request() {
    let inbox = Inbox::open().await;
    let smuggled = "GET /api/v1/config HTTP/1.1\r\nhost: localhost\r\nx-smuggled: 1\r\n\r\n";
    let long = format!("{}{}", "x".repeat(LIMIT + 1), smuggled.repeat(20));
    let encoded = smuggled.repeat(20);
    for (header, body, status) in [
        ("x-none: 1", long.as_str(), "413"),
        ("content-encoding: gzip", encoded.as_str(), "415"),
        ("content-encoding: gzip", long.as_str(), "41"),
        ("x-none: 1", encoded.as_str(), "400"),
    ] {
        let head = format!(
            "POST /webhooks/twitch HTTP/1.1\r\nhost: localhost\r\n{header}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let after = "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        let all = format!("{head}{body}{after}");
        let answer = inbox
            .raw(all.as_bytes(), b"", "the end of the connection")
            .await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
        assert!(
            !answer.contains("player_url"),
            "the body was taken for a request: {answer}"
        );
    }
}

impl Inbox {
    /// Sends bytes as they are, then `more` again and again, until the answer contains a word.
    async fn raw(&self, head: &[u8], more: &[u8], word: &str) -> String {
        let mut socket = TcpStream::connect(self.world.server.address())
            .await
            .unwrap();
        let (mut reader, mut writer) = socket.split();
        let sending = async {
            // The server may have answered and closed before all is sent.
            if writer.write_all(head).await.is_err() {
                std::future::pending::<()>().await;
            }
            // Ends with the connection, which the server may close after its answer.
            while !more.is_empty() && writer.write_all(more).await.is_ok() {}
            std::future::pending::<()>().await;
        };
        let mut answer = String::new();
        let receiving = async {
            let mut buffer = [0; 4096];
            while !answer.contains(word) {
                match reader.read(&mut buffer).await {
                    Ok(0) | Err(_) => break,
                    Ok(count) => answer.push_str(&String::from_utf8_lossy(&buffer[..count])),
                }
            }
        };
        let answered = async {
            tokio::select! {
                () = sending => {}
                () = receiving => {}
            }
        };
        timeout(PATIENCE, answered)
            .await
            .expect("an answer while the request goes on");
        answer
    }
}
