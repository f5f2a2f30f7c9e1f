//! `GET /api/v1/events/live`: events as server-sent events, resumed exactly.
//!
//! The reader follows the log first, then gets what it missed up to there, then goes on with the log. It lags only
//! by its own slowness, and then ends: the browser resumes by cursor.

mod backlog;
mod blocks;
mod reader;

use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;

use self::reader::{Reader, Resume};
use super::access::Caller;
use super::events::broadcasters;
use super::query::{LiveQuery, parse_cursor};
use crate::app::App;
use crate::error::Error;
use crate::live::Interest;
use crate::store::filter::Filter;

/// Opens the stream.
pub(super) async fn stream(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let asked = LiveQuery::parse(request.query_string())?;
    let last_event_id = request
        .headers()
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(parse_cursor);
    let is_fixed_set = !asked.broadcasters.is_empty();
    let viewer = caller.viewer.id;
    let broadcasters = broadcasters(&app.store, &viewer, asked.broadcasters).await?;
    let (log, newest) = app.live.follow(Interest::Channels {
        viewer: viewer.clone(),
        channels: broadcasters.clone(),
    });
    // Whoever follows the log from here on is told of the end.
    if app.draining.is_cancelled() {
        return Err(Error::Draining);
    }
    let filter = Filter {
        viewer,
        broadcasters,
        criteria: asked.criteria,
    };
    let resume = Resume {
        cursor: last_event_id.or(asked.after),
        newest,
    };
    let reader = Reader::new(app, log, filter, caller.credential, is_fixed_set, resume);
    let body = stream::unfold(Box::new(reader), |mut reader| async move {
        let block = reader.next_block().await?;
        Some((Ok::<_, std::convert::Infallible>(block), reader))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(body))
}
