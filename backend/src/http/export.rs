//! `GET /api/v1/events/export`: all stored events the caller asks for, as a file. Page after page is read and sent, so
//! that it takes no more memory however many there are; one that fails on the way breaks off without its end.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use wire::Event;

use super::access::Caller;
use super::csv;
use super::events::broadcasters;
use super::query::{Start, page_size, place, read};
use super::trailers::Framing;
use crate::app::App;
use crate::error::Error;
use crate::pipeline::error_chain;
use crate::store::events::Span;
use crate::store::filter::Filter;

/// Events read at once.
const PAGE: u32 = 200;

/// How many events a complete CSV has.
const COUNT: &str = "x-export-count";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Ndjson,
}

/// What is left to be sent.
struct Export {
    app: web::Data<App>,
    filter: Filter,
    format: Format,
    framing: Framing,
    /// All up to this cursor are sent.
    sent: i64,
    /// The newest one when it began: it ends, however many come.
    up_to: i64,
    /// How many more are wanted.
    left: u64,
    count: u64,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Head,
    Events,
    End,
    Over,
}

/// Sends the file.
pub(super) async fn stream(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (mut start, mut format, mut limit) = (Start::Newest, None, None);
    let (named, criteria) = read(request.query_string(), |criteria, name, value| {
        match name {
            "format" => format = Some(format_of(value)?),
            "limit" => limit = Some(page_size(value)?),
            _ => place(criteria, &mut start, name, value)?,
        }
        Ok(())
    })?;
    let format = format.ok_or_else(|| Error::query("format", "expected csv or ndjson"))?;
    let viewer = caller.viewer.id;
    let broadcasters = broadcasters(&app.store, &viewer, named).await?;
    let newest = app.store.newest_cursor().await?;
    let (sent, up_to) = match start {
        Start::Newest => (0, newest),
        Start::Before(cursor) => (0, newest.min(cursor.saturating_sub(1))),
        Start::After(cursor) => (cursor, newest),
    };
    let trailer = (format == Format::Csv).then_some(COUNT);
    let framing = Framing::of(request.version(), trailer);
    let now = app.clock.now();
    let export = Export {
        app,
        filter: Filter {
            viewer,
            broadcasters,
            criteria,
        },
        format,
        framing,
        sent,
        up_to,
        left: limit.map_or(u64::MAX, u64::from),
        count: 0,
        phase: Phase::Head,
    };
    let body = stream::try_unfold(Box::new(export), |mut export| async move {
        let part = export.next_part().await.inspect_err(|error| {
            tracing::warn!(error = error_chain(error), "an export broke off");
        })?;
        Ok::<_, Error>(part.map(|part| (part, export)))
    });
    let (extension, content_type) = match format {
        Format::Csv => ("csv", "text/csv; charset=utf-8; header=present"),
        Format::Ndjson => ("ndjson", "application/x-ndjson"),
    };
    let name = now.strftime("streamer-events-%Y%m%dT%H%M%SZ");
    let disposition = format!("attachment; filename=\"{name}.{extension}\"");
    let mut response = HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .streaming(body);
    framing.announce(&mut response);
    Ok(response)
}

fn format_of(value: &str) -> Result<Format, Error> {
    match value {
        "csv" => Ok(Format::Csv),
        "ndjson" => Ok(Format::Ndjson),
        _ => Err(Error::query("format", "expected csv or ndjson")),
    }
}

impl Export {
    /// The next bytes; none when all are sent. An error breaks the body off.
    async fn next_part(&mut self) -> Result<Option<web::Bytes>, Error> {
        loop {
            match self.phase {
                Phase::Head => {
                    self.phase = Phase::Events;
                    if self.format == Format::Csv {
                        return Ok(Some(self.framing.part(csv::HEAD.into())));
                    }
                }
                Phase::Events => {
                    let part = self.next_events().await?;
                    if !part.is_empty() {
                        return Ok(Some(self.framing.part(part)));
                    }
                    if !self.skip_what_is_gone().await? {
                        self.phase = Phase::End;
                    }
                }
                Phase::End => {
                    self.phase = Phase::Over;
                    let count = self.count;
                    return Ok(Some(match self.format {
                        Format::Csv => self.framing.end(&count.to_string()),
                        Format::Ndjson => format!("{{\"end\":{{\"count\":{count}}}}}\n").into(),
                    }));
                }
                Phase::Over => return Ok(None),
            }
        }
    }

    /// The next page; empty when there are no more.
    async fn next_events(&mut self) -> Result<Vec<u8>, Error> {
        // A stop does not wait for somebody who takes all night to read it.
        if self.app.draining.is_cancelled() {
            return Err(Error::Draining);
        }
        let limit = u32::try_from(self.left).unwrap_or(PAGE).min(PAGE);
        if limit == 0 || self.sent >= self.up_to {
            return Ok(Vec::new());
        }
        let span = Span::After(self.sent, self.up_to);
        let page = self.app.store.events(&self.filter, span, limit).await?;
        let mut part = Vec::with_capacity(page.len() * 1024);
        for stored in &page {
            self.write(&mut part, &stored.event)?;
            self.sent = stored.id;
        }
        self.count += page.len() as u64;
        self.left -= page.len() as u64;
        Ok(part)
    }

    /// A page may be empty because its events became too old while it was read; answers whether that may be so.
    async fn skip_what_is_gone(&mut self) -> Result<bool, Error> {
        let gone = self.app.store.oldest_cursor().await? - 1;
        let may_be_gone = gone > self.sent && self.left > 0;
        self.sent = self.sent.max(gone);
        Ok(may_be_gone)
    }

    fn write(&self, part: &mut Vec<u8>, event: &Event) -> Result<(), Error> {
        match self.format {
            Format::Csv => csv::write(part, event),
            Format::Ndjson => {
                let internal = |error| Error::Internal(Box::new(error));
                serde_json::to_writer(&mut *part, event).map_err(internal)?;
                part.push(b'\n');
            }
        }
        Ok(())
    }
}
