//! `GET /api/v1/events/live`: events as server-sent events, resumed exactly.
//!
//! The reader subscribes to the log first, then reads what it missed from the store, then goes on with the log
//! and skips what it has sent. It lags only by its own slowness, and then ends: the browser resumes by cursor.

use std::fmt::Write as _;
use std::time::Duration;

use actix_web::web::{Bytes, BytesMut};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use wire::{Connection, Gap, Status};

use super::access::{Caller, Credential};
use super::events::broadcasters;
use super::query::{LiveQuery, parse_cursor};
use crate::app::App;
use crate::clock::rfc3339;
use crate::error::Error;
use crate::ids::UserId;
use crate::live::{Entry, Published, Receiver};
use crate::pipeline::error_chain;
use crate::store::events::Span;
use crate::store::filter::{Facts, Filter};

/// Events read from the store at once while catching up.
const CATCH_UP_PAGE: u32 = 200;

/// Opens the stream.
pub(super) async fn stream(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let asked = LiveQuery::parse(request.query_string())?;
    if app.draining.is_cancelled() {
        return Err(Error::Draining);
    }
    let last_event_id = request
        .headers()
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(parse_cursor);
    let log = app.live.subscribe();
    let newest = app.store.newest_cursor().await?;
    let is_fixed_set = !asked.broadcasters.is_empty();
    let viewer = caller.viewer.id;
    let broadcasters = broadcasters(&app.store, &viewer, asked.broadcasters).await?;
    let resume = last_event_id.or(asked.after);
    let mut heartbeat = tokio::time::interval_at(
        Instant::now() + app.timings.heartbeat_every,
        app.timings.heartbeat_every.max(Duration::from_millis(1)),
    );
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let reader = Reader {
        draining: app.draining.clone(),
        sent: resume.unwrap_or(newest).min(newest),
        reset_from: resume.filter(|cursor| *cursor > newest),
        is_resumed: resume.is_some_and(|cursor| cursor > 0),
        catch_up_to: newest,
        phase: Phase::Hello,
        filter: Filter {
            viewer,
            broadcasters,
            criteria: asked.criteria,
        },
        credential: caller.credential,
        is_fixed_set,
        log,
        heartbeat,
        app,
    };
    let body = stream::unfold(reader, |mut reader| async move {
        let block = reader.next_block().await?;
        Some((Ok::<_, std::convert::Infallible>(block), reader))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(body))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Hello,
    CatchingUp,
    Live,
}

struct Reader {
    app: web::Data<App>,
    log: Receiver,
    filter: Filter,
    credential: Credential,
    /// The caller named the channels; else they follow the subscriptions.
    is_fixed_set: bool,
    /// All that the reader may see up to this cursor was sent.
    sent: i64,
    /// The caller's cursor is newer than anything we have.
    reset_from: Option<i64>,
    /// The caller goes on where an earlier stream ended.
    is_resumed: bool,
    /// What was stored when the stream opened.
    catch_up_to: i64,
    phase: Phase,
    heartbeat: tokio::time::Interval,
    draining: CancellationToken,
}

impl Reader {
    /// The next bytes to send; none when the stream is over.
    async fn next_block(&mut self) -> Option<Bytes> {
        match self.phase {
            Phase::Hello => {
                self.phase = if self.sent < self.catch_up_to {
                    Phase::CatchingUp
                } else {
                    Phase::Live
                };
                match self.hello().await {
                    Ok(block) => Some(block),
                    Err(error) => {
                        tracing::warn!(
                            error = error_chain(&error),
                            "a live stream could not begin"
                        );
                        None
                    }
                }
            }
            Phase::CatchingUp => match self.catch_up().await {
                Ok(block) => Some(block),
                Err(error) => {
                    tracing::warn!(
                        error = error_chain(&error),
                        "a live stream could not catch up"
                    );
                    None
                }
            },
            Phase::Live => self.next_live_block().await,
        }
    }

    async fn hello(&self) -> Result<Bytes, crate::store::Error> {
        let connection = *self.app.health.connection().borrow();
        let mut block = BytesMut::new();
        let status = Status {
            connection,
            broadcaster_id: None,
            live: None,
        };
        // The id must not run ahead of what is still to be caught up.
        write_block(&mut block, self.sent, "status", &status);
        if let Some(from) = self.reset_from {
            let gap = Gap {
                from: from.to_string(),
                to: self.sent.to_string(),
                reason: "reset".to_owned(),
                broadcaster_id: None,
            };
            write_block(&mut block, self.sent, "gap", &gap);
        } else if self.is_resumed {
            let broadcasters = &self.filter.broadcasters;
            let ended = self.app.store.gaps_after(broadcasters, self.sent).await?;
            for (broadcaster_id, span) in ended {
                let gap = not_received(&broadcaster_id, span.began_at, span.ended_at);
                write_block(&mut block, self.sent, "gap", &gap);
            }
        }
        Ok(block.freeze())
    }

    async fn catch_up(&mut self) -> Result<Bytes, crate::store::Error> {
        let span = Span::After(self.sent, self.catch_up_to);
        let events = self
            .app
            .store
            .events(&self.filter, span, CATCH_UP_PAGE)
            .await?;
        let mut block = BytesMut::new();
        // Asked after the events were read, so that what was deleted meanwhile is told, too.
        let oldest = self.app.store.oldest_cursor().await?;
        if self.sent > 0 && oldest > self.sent + 1 {
            let gap = Gap {
                from: self.sent.to_string(),
                to: (oldest - 1).to_string(),
                reason: "expired".to_owned(),
                broadcaster_id: None,
            };
            self.sent = oldest - 1;
            write_block(&mut block, self.sent, "gap", &gap);
        }
        for event in &events {
            let cursor = parse_cursor(&event.id).unwrap_or(self.sent);
            self.sent = cursor.max(self.sent);
            write_block(&mut block, self.sent, "event", event);
        }
        if events.len() < CATCH_UP_PAGE as usize {
            self.sent = self.catch_up_to;
            self.phase = Phase::Live;
            write_id(&mut block, self.sent);
        }
        Ok(block.freeze())
    }

    async fn next_live_block(&mut self) -> Option<Bytes> {
        loop {
            tokio::select! {
                biased;
                () = self.draining.cancelled() => return None,
                entry = self.log.recv() => {
                    // A reader that lagged resumes from the store with its cursor.
                    let entry = entry.ok().flatten()?;
                    let mut block = BytesMut::new();
                    self.take(entry, &mut block).await?;
                    if !block.is_empty() {
                        self.heartbeat.reset();
                        return Some(block.freeze());
                    }
                }
                _ = self.heartbeat.tick() => {
                    let mut block = BytesMut::new();
                    write_id(&mut block, self.sent);
                    return Some(block.freeze());
                }
            }
        }
    }

    /// Takes one entry of the log; none ends the stream.
    async fn take(&mut self, entry: Entry, block: &mut BytesMut) -> Option<()> {
        match entry {
            Entry::Committed(events) => self.take_events(&events, block),
            Entry::ViewerChanged(viewer) if viewer == self.filter.viewer => {
                self.rights_hold().await?
            }
            Entry::SessionEnded(id) if self.is_session(&id) => return None,
            Entry::TokenDeleted(id) if self.is_token(&id) => return None,
            Entry::Connection(connection) => self.write_status(connection, None, block),
            Entry::LiveChanged {
                broadcaster_id,
                live,
            } if self.filter.broadcasters.contains(&broadcaster_id) => {
                let connection = *self.app.health.connection().borrow();
                self.write_status(connection, Some((broadcaster_id, live)), block);
            }
            Entry::NotReceived {
                broadcaster_id,
                began_at,
                ended_at,
            } if self.filter.broadcasters.contains(&broadcaster_id) => {
                let gap = not_received(&broadcaster_id, began_at, ended_at);
                write_block(block, self.sent, "gap", &gap);
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

    fn take_events(&mut self, events: &[Published], block: &mut BytesMut) {
        for event in events {
            if event.id <= self.sent {
                continue;
            }
            self.sent = event.id;
            if self.filter.matches(&facts(event)) {
                write_json(block, event.id, "event", &event.json);
            }
        }
    }

    fn write_status(
        &self,
        connection: Connection,
        live: Option<(UserId, bool)>,
        block: &mut BytesMut,
    ) {
        let (broadcaster_id, live) = live.map(|(id, live)| (id.to_string(), live)).unzip();
        write_block(
            block,
            self.sent,
            "status",
            &Status {
                connection,
                broadcaster_id,
                live,
            },
        );
    }

    fn is_session(&self, ended: &str) -> bool {
        matches!(&self.credential, Credential::Session { id, .. } if **id == *ended)
    }

    fn is_token(&self, deleted: &str) -> bool {
        matches!(&self.credential, Credential::Token { id } if **id == *deleted)
    }

    /// Reads the viewer's rights anew after a change; none when they are gone.
    async fn rights_hold(&mut self) -> Option<()> {
        let viewer = self
            .app
            .store
            .viewer(&self.filter.viewer)
            .await
            .ok()
            .flatten()?;
        if let Credential::Session { epoch, .. } = &self.credential
            && viewer.session_epoch != *epoch
        {
            return None;
        }
        if let Credential::Token { id } = &self.credential {
            let tokens = self.app.store.api_tokens(&self.filter.viewer).await.ok()?;
            if !tokens.iter().any(|token| *token.id == **id) {
                return None;
            }
        }
        if !self.is_fixed_set {
            self.filter.broadcasters =
                broadcasters(&self.app.store, &self.filter.viewer, Vec::new())
                    .await
                    .ok()?;
        }
        Some(())
    }
}

fn not_received(broadcaster_id: &UserId, began_at: i64, ended_at: i64) -> Gap {
    Gap {
        from: rfc3339(began_at),
        to: rfc3339(ended_at),
        reason: "not-received".to_owned(),
        broadcaster_id: Some(broadcaster_id.to_string()),
    }
}

fn facts(event: &Published) -> Facts<'_> {
    Facts {
        broadcaster_id: &event.broadcaster_id,
        visibility: event.visibility,
        kind: event.kind,
        event_type: &event.event_type,
        actor: event.actor.as_ref(),
        amount_value: event.amount_value,
        occurred_at: event.occurred_at,
    }
}

fn write_block<T: serde::Serialize>(block: &mut BytesMut, id: i64, event: &str, data: &T) {
    let json = serde_json::to_vec(data).unwrap_or_default();
    write_json(block, id, event, &json);
}

fn write_json(block: &mut BytesMut, id: i64, event: &str, json: &[u8]) {
    // Writing to memory cannot fail.
    _ = write!(block, "id: {id}\nevent: {event}\ndata: ");
    block.extend_from_slice(json);
    block.extend_from_slice(b"\n\n");
}

fn write_id(block: &mut BytesMut, id: i64) {
    _ = write!(block, "id: {id}\n\n");
}
