//! A client's end of an EventSub WebSocket, which fails rather than waits for ever.

use futures_util::StreamExt;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::{DEADLINE, text};

/// A client's end of an EventSub WebSocket.
pub(crate) struct Socket(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub(crate) async fn connect(url: &str) -> Self {
        Self(connect_async(url).await.unwrap().0)
    }

    /// The next message; pings are answered underneath.
    pub(crate) async fn next(&mut self) -> Value {
        match self.frame().await {
            Ok(message) => message,
            Err(code) => panic!("closed with {code:?}"),
        }
    }

    /// The next message that is no keepalive.
    pub(crate) async fn news(&mut self) -> Value {
        loop {
            let message = self.next().await;
            if message["metadata"]["message_type"] != "session_keepalive" {
                return message;
            }
        }
    }

    /// Reads up to the close and tells its code; `None` if there was no close frame.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.frame().await {
                return code;
            }
        }
    }

    /// Reads the welcome and tells the session's id.
    pub(crate) async fn welcome(&mut self) -> String {
        let message = self.next().await;
        assert_eq!(message["metadata"]["message_type"], "session_welcome");
        text(&message["payload"]["session"]["id"])
    }

    async fn frame(&mut self) -> Result<Value, Option<u16>> {
        loop {
            let message = timeout(DEADLINE, self.0.next())
                .await
                .expect("nothing was sent");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }
}
