//! The WebSocket sessions that are open, and the sockets that carry them: one each, two while moving.
//! What travels on a socket is decided elsewhere; the socket's own task is in `socket`.

use std::collections::HashMap;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::subscriptions::Status;
use crate::journal::DeliveryNo;

/// Frames that may wait for a slow reader; one who lets more pile up is cut off.
pub(super) const OUTBOX_FRAMES: usize = 16_384;

/// What a socket's task is told to do.
#[derive(Debug)]
pub(super) enum Command {
    Send {
        text: String,
        number: Option<DeliveryNo>,
    },
    /// Say `session_reconnect`, then close unless the client has moved in time.
    Move {
        text: String,
    },
    Close(u16),
}

/// One socket, as the rest sees it.
#[derive(Clone, Debug)]
pub(super) struct Socket {
    pub(super) number: u64,
    pub(super) outbox: mpsc::Sender<Command>,
    /// Cuts it off without a close frame.
    pub(super) cut: CancellationToken,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) connected_at: Timestamp,
    /// As announced in the welcome.
    pub(super) keepalive_secs: u64,
    /// Whose subscriptions it carries, once it carries any.
    pub(crate) user_id: Option<String>,
    /// A subscription was made on it or a shard bound to it.
    pub(super) used: bool,
    sockets: Vec<Socket>,
    /// The query string of the reconnect URL that was handed out and not yet used.
    reconnect: Option<String>,
}

/// The open sessions by id.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    open: HashMap<String, Session>,
    next_socket: u64,
    /// Sessions whose end has not been noticed yet, and how they ended.
    pub(super) unnoticed: Vec<(String, Status)>,
}

impl Sessions {
    pub(super) fn next_socket(&mut self) -> u64 {
        self.next_socket += 1;
        self.next_socket
    }

    pub(super) fn open(&mut self, id: &str, keepalive_secs: u64, socket: Socket, now: Timestamp) {
        let session = Session {
            id: id.to_owned(),
            connected_at: now,
            keepalive_secs,
            user_id: None,
            used: false,
            sockets: vec![socket],
            reconnect: None,
        };
        self.open.insert(id.to_owned(), session);
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Session> {
        self.open.get(id)
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Session> {
        self.open.get_mut(id)
    }

    /// Ids of the open sessions, the oldest first.
    pub(crate) fn ids(&self) -> Vec<String> {
        let mut sessions: Vec<&Session> = self.open.values().collect();
        sessions.sort_by_key(|session| (session.connected_at, session.id.clone()));
        sessions
            .into_iter()
            .map(|session| session.id.clone())
            .collect()
    }

    /// A second socket takes a session over, by the exact query of its reconnect URL, once,
    /// and only while the first is still there.
    pub(super) fn take_over(&mut self, query: &str, socket: Socket) -> Option<&Session> {
        let session = self
            .open
            .values_mut()
            .find(|session| session.reconnect.as_deref() == Some(query))?;
        session.reconnect = None;
        session.sockets.push(socket);
        Some(session)
    }

    /// Closes all sockets of a session, which is over with that. What was sent before still goes out.
    pub(super) fn close(&mut self, id: &str, code: u16) -> bool {
        let session = self.open.remove(id);
        if let Some(session) = &session {
            session.close(code);
        }
        session.is_some()
    }

    /// A socket is gone. True if the session is gone with it.
    pub(super) fn leave(&mut self, id: &str, socket: u64) -> bool {
        let Some(session) = self.open.get_mut(id) else {
            return false;
        };
        session.sockets.retain(|other| other.number != socket);
        let over = session.sockets.is_empty();
        if over {
            self.open.remove(id);
        }
        over
    }
}

impl Session {
    /// Sends a frame on every socket of the session; in the overlap of a move the client gets it twice.
    pub(super) fn send(&self, text: &str, number: Option<DeliveryNo>) {
        for socket in &self.sockets {
            socket.command(Command::Send {
                text: text.to_owned(),
                number,
            });
        }
    }

    /// Asks the client to move to a new socket, by a URL with this query string.
    pub(super) fn ask_to_move(&mut self, query: String, text: String) {
        self.reconnect = Some(query);
        if let Some(newest) = self.sockets.last() {
            newest.command(Command::Move { text });
        }
    }

    pub(crate) fn close(&self, code: u16) {
        self.sockets
            .iter()
            .for_each(|socket| socket.command(Command::Close(code)));
    }

    pub(crate) fn cut(&self) {
        self.sockets.iter().for_each(|socket| socket.cut.cancel());
    }
}

impl Socket {
    fn command(&self, command: Command) {
        if self.outbox.try_send(command).is_err() {
            self.cut.cancel();
        }
    }
}
