//! One reader of a live stream.

use actix_web::web::{self, Bytes, BytesMut};
use wire::{Connection, Status};

use super::super::access::Credential;
use super::super::events::broadcasters;
use super::super::subscriptions::MAX_UNREAD;
use super::backlog;
use super::blocks::{
    Outgoing, broken, not_received, read_mark, write_aside, write_block, write_id,
};
use crate::app::App;
use crate::eventsub::describe;
use crate::ids::UserId;
use crate::live::{Entry, Interest, Published, Receiver};
use crate::pipeline::error_chain;
use crate::store;
use crate::store::filter::{Facts, Filter};

/// What waits is sent together, up to about so many bytes.
const BLOCK_BYTES: usize = 16 * 1024;

/// Where a stream begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resume {
    /// The last one the caller has.
    pub(super) cursor: Option<i64>,
    /// The newest one when the stream was opened.
    pub(super) newest: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Hello,
    CatchingUp,
    Live,
}

pub(super) struct Reader {
    pub(super) app: web::Data<App>,
    pub(super) filter: Filter,
    log: Receiver,
    credential: Credential,
    /// The caller named the channels; else they follow the subscriptions.
    is_fixed_set: bool,
    resume: Resume,
    /// All that the reader may see up to this cursor was sent.
    sent: i64,
    phase: Phase,
}

impl Reader {
    pub(super) fn new(
        app: web::Data<App>,
        log: Receiver,
        filter: Filter,
        credential: Credential,
        is_fixed_set: bool,
        resume: Resume,
    ) -> Self {
        Self {
            app,
            filter,
            log,
            credential,
            is_fixed_set,
            resume,
            sent: resume.cursor.unwrap_or(resume.newest).min(resume.newest),
            phase: Phase::Hello,
        }
    }

    /// Whether the caller asked for this event and may see it.
    pub(super) fn wants(&self, event: &Published) -> bool {
        let facts = Facts::of(&event.event, &event.broadcaster_id, event.occurred_at);
        self.filter.matches(&facts)
    }

    /// The next bytes to send; none when the stream is over.
    pub(super) async fn next_block(&mut self) -> Option<Bytes> {
        // What is not done for every event is boxed, so that a waiting stream takes little room.
        let outcome = match self.phase {
            Phase::Hello => Box::pin(self.hello()).await,
            Phase::CatchingUp => Box::pin(self.catch_up()).await,
            Phase::Live => return self.next_live_block().await,
        };
        match outcome {
            Ok(block) => Some(block),
            Err(error) => {
                let error = error_chain(&error);
                tracing::warn!(error, "a live stream could not begin");
                None
            }
        }
    }

    async fn hello(&mut self) -> Result<Bytes, store::Error> {
        let mut block = BytesMut::new();
        // The id must not run ahead of what is still to be caught up.
        self.write_status(None, &mut block);
        match self.resume.cursor {
            Some(cursor) if cursor > self.resume.newest => {
                let gap = broken(cursor, self.sent, "reset");
                write_block(&mut block, self.sent, "gap", &gap);
            }
            Some(cursor) if cursor > 0 => {
                let (viewer, broadcasters) = (&self.filter.viewer, &self.filter.broadcasters);
                let public = describe::public_types();
                let store = &self.app.store;
                let ended = store
                    .gaps_after(viewer, broadcasters, public, self.sent)
                    .await?;
                for (broadcaster_id, span) in ended {
                    let gap = not_received(&broadcaster_id, span.began_at, span.ended_at);
                    write_block(&mut block, self.sent, "gap", &gap);
                }
            }
            Some(_) | None => {}
        }
        self.phase = match self.sent < self.resume.newest {
            true => Phase::CatchingUp,
            false => Phase::Live,
        };
        Ok(block.freeze())
    }

    async fn catch_up(&mut self) -> Result<Bytes, store::Error> {
        let up_to = self.resume.newest;
        let (events, reached) = backlog::next_page(self, self.sent, up_to).await?;
        let mut block = BytesMut::new();
        if self.sent > 0 && self.sent < self.app.live.held_from() {
            // Asked after the events were read, so that what was deleted meanwhile is told, too.
            let oldest = self.app.store.oldest_cursor().await?;
            if oldest > self.sent + 1 {
                let gap = broken(self.sent, oldest - 1, "expired");
                self.sent = oldest - 1;
                write_block(&mut block, self.sent, "gap", &gap);
            }
        }
        for event in &events {
            block.extend_from_slice(event.block_for(&self.filter.viewer));
        }
        self.sent = self.sent.max(reached);
        if self.sent >= up_to {
            self.phase = Phase::Live;
        }
        write_id(&mut block, self.sent);
        Ok(block.freeze())
    }

    /// What waits in the log, together.
    async fn next_live_block(&mut self) -> Option<Bytes> {
        let mut outgoing = Outgoing::default();
        while outgoing.is_empty() {
            // A reader that lagged resumes from the store with its cursor.
            let mut next = Some(self.log.recv().await.ok()?);
            while let Some(entry) = next {
                self.take(entry, &mut outgoing).await?;
                if outgoing.len() > BLOCK_BYTES {
                    break;
                }
                next = self.log.try_recv().ok()?;
            }
        }
        Some(outgoing.finish())
    }

    fn take_event(&mut self, event: &Published, outgoing: &mut Outgoing) {
        if event.id > self.sent {
            self.sent = event.id;
            if self.wants(event) {
                outgoing.share(event.block_for(&self.filter.viewer));
            }
        }
    }

    /// Takes an entry of the log; none ends the stream.
    async fn take(&mut self, entry: Entry, outgoing: &mut Outgoing) -> Option<()> {
        match entry {
            Entry::Committed(event) => self.take_event(&event, outgoing),
            Entry::Beat(newest) => {
                self.sent = self.sent.max(newest);
                write_id(outgoing.own(), self.sent);
            }
            Entry::Draining => return None,
            Entry::ViewerChanged(viewer) if viewer == self.filter.viewer => {
                Box::pin(self.rights_hold()).await?;
            }
            Entry::SessionEnded(id) if self.is_session(&id) => return None,
            Entry::TokenDeleted(id) if self.is_token(&id) => return None,
            Entry::Connection(_) => self.write_status(None, outgoing.own()),
            Entry::MarksMoved(moved) => Box::pin(self.write_marks(&moved, outgoing)).await?,
            Entry::LiveChanged {
                broadcaster_id,
                live,
            } if self.filter.broadcasters.contains(&broadcaster_id) => {
                self.write_status(Some((broadcaster_id, live)), outgoing.own());
            }
            Entry::NotReceived {
                broadcaster_id,
                began_at,
                ended_at,
            } if self.filter.broadcasters.contains(&broadcaster_id) => {
                let gap = not_received(&broadcaster_id, began_at, ended_at);
                write_block(outgoing.own(), self.sent, "gap", &gap);
            }
            Entry::ViewerChanged(_)
            | Entry::SessionEnded(_)
            | Entry::TokenDeleted(_)
            | Entry::TopicsChanged
            | Entry::NotReceived { .. }
            | Entry::LiveChanged { .. } => {}
        }
        Some(())
    }

    fn write_status(&self, live: Option<(UserId, bool)>, block: &mut BytesMut) {
        let connection: Connection = *self.app.health.connection().borrow();
        let (broadcaster_id, live) = live.map(|(id, live)| (id.to_string(), live)).unzip();
        let status = Status {
            connection,
            broadcaster_id,
            live,
        };
        write_block(block, self.sent, "status", &status);
    }

    /// Tells how far the viewer has read, whatever the stream follows. The marks are read now and not with the change
    /// that moved them: of two changes at once, every stream tells last what the store has.
    async fn write_marks(&self, moved: &[UserId], outgoing: &mut Outgoing) -> Option<()> {
        let marks = self
            .app
            .store
            .read_marks(&self.filter.viewer, moved, MAX_UNREAD);
        for mark in marks.await.ok()? {
            write_aside(outgoing.own(), "read", &read_mark(&mark));
        }
        Some(())
    }

    fn is_session(&self, ended: &str) -> bool {
        matches!(&self.credential, Credential::Session { id, .. } if **id == *ended)
    }

    fn is_token(&self, deleted: &str) -> bool {
        matches!(&self.credential, Credential::Token { id } if **id == *deleted)
    }

    /// Reads the viewer's rights anew after a change; none when they are gone.
    async fn rights_hold(&mut self) -> Option<()> {
        let store = &self.app.store;
        let viewer = store.viewer(&self.filter.viewer).await.ok().flatten()?;
        match &self.credential {
            Credential::Session { epoch, .. } if viewer.session_epoch != *epoch => return None,
            Credential::Session { .. } => {}
            Credential::Token { id } => {
                let tokens = store.api_tokens(&self.filter.viewer).await.ok()?;
                tokens.iter().find(|token| *token.id == **id)?;
            }
        }
        if !self.is_fixed_set {
            let all = broadcasters(store, &self.filter.viewer, Vec::new()).await;
            let all = all.ok()?;
            self.log.turn_to(Interest::Channels {
                viewer: self.filter.viewer.clone(),
                channels: all.clone(),
            });
            self.filter.broadcasters = all;
        }
        Some(())
    }
}
