//! A reader that does not read: it holds nobody up, and misses nothing when it reads again.

use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::{each, open, take, whole_list};
use crate::messages::about;
use crate::support::{PATIENCE, Sim, World};

/// An event so large that a few of them fill every buffer on the way.
const LARGE_BYTES: usize = 200_000;

/// Opens a stream over a connection that holds little, and reads none of it.
async fn unread(world: &World, token: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(world.server.address()).await.unwrap();
    let request = format!(
        "GET /api/v1/events/live HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Reads until so many events have come, or the stream is over; answers their cursors.
async fn cursors(stream: TcpStream, count: usize) -> Vec<String> {
    let mut lines = BufReader::new(stream).lines();
    let mut id = String::new();
    let mut found = Vec::new();
    let reading = async {
        while found.len() < count
            && let Ok(Some(line)) = lines.next_line().await
        {
            if let Some(cursor) = line.strip_prefix("id: ") {
                cursor.clone_into(&mut id);
            } else if line == "event: event" {
                found.push(id.clone());
            }
        }
    };
    timeout(PATIENCE, reading).await.expect("the unread events");
    found
}

#[tokio::test]
async fn a_reader_that_does_not_read_holds_nobody_up_and_misses_nothing() {
    let (world, vera) = open().await;
    let token = vera.api_token().await;
    let unread = unread(&world, &token).await;
    let mut live = vera.live("").await;
    live.next().await;
    let text = "x".repeat(LARGE_BYTES);
    for n in 0..60 {
        let message = about(
            Sim::id("viewer_vera"),
            "channel.update",
            &json!({ "title": format!("{n}"), "filler": text }),
        );
        message.accepted(&world.server).await;
        assert_eq!(live.next_event().await["message_id"], message.id, "at once");
    }
    let listed = whole_list(&vera, "").await;
    assert_eq!(listed.len(), 60);
    assert_eq!(cursors(unread, 60).await, each(&listed, "id"));
    assert_eq!(take(&mut vera.live("after=0").await, 60).await, listed);
}
