//! How far the viewer has read: `PUT /api/v1/subscriptions/{broadcaster_id}/read` for one streamer,
//! `POST /api/v1/read-all` for all. The viewer's open live streams are told.

use actix_web::{HttpResponse, web};
use wire::MarkRead;

use super::access::Caller;
use super::body::SentBy;
use super::query::parse_cursor;
use crate::app::App;
use crate::error::Error;
use crate::ids::UserId;
use crate::live::Entry;
use crate::store::read_marks::Marked;

/// Moves the mark of one streamer, forward or back.
pub(super) async fn mark(
    app: web::Data<App>,
    sent: SentBy<Caller, MarkRead>,
    broadcaster_id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let viewer = sent.caller.viewer.id;
    let broadcaster = UserId::new(broadcaster_id.into_inner());
    let cursor = parse_cursor(&sent.body.cursor).ok_or_else(malformed_cursor)?;
    match app.store.mark_read(&viewer, &broadcaster, cursor).await? {
        Marked::NotSubscribed => return Err(Error::NotFound),
        Marked::AsBefore => {}
        Marked::Moved => tell(&app, &viewer, vec![broadcaster]),
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Marks everything as read that is stored by now.
pub(super) async fn mark_all(app: web::Data<App>, caller: Caller) -> Result<HttpResponse, Error> {
    let viewer = caller.viewer.id;
    let moved = app.store.mark_all_read(&viewer).await?;
    if !moved.is_empty() {
        tell(&app, &viewer, moved);
    }
    Ok(HttpResponse::NoContent().finish())
}

fn tell(app: &App, viewer: &UserId, moved: Vec<UserId>) {
    app.live
        .append_for(viewer, &Entry::MarksMoved(moved.into()));
}

fn malformed_cursor() -> Error {
    Error::InvalidBody("cursor: expected a cursor as this server hands them out".to_owned())
}
