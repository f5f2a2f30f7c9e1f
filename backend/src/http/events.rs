//! `GET /api/v1/events`: stored events by cursor.

use std::collections::HashSet;

use actix_web::{HttpRequest, web};
use wire::EventPage;

use super::access::Caller;
use super::query::ListQuery;
use crate::app::App;
use crate::error::Error;
use crate::ids::UserId;
use crate::store::Store;
use crate::store::events::{Span, Stored};
use crate::store::filter::Filter;

/// The stored events the caller asks for and may see.
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<web::Json<EventPage>, Error> {
    let asked = ListQuery::parse(request.query_string())?;
    let viewer = caller.viewer.id;
    let broadcasters = broadcasters(&app.store, &viewer, asked.broadcasters).await?;
    let filter = Filter {
        viewer,
        broadcasters,
        criteria: asked.criteria,
    };
    let span = asked.start.span();
    // One more than asked tells whether there is a next page.
    let most = asked.limit + 1;
    let mut events = match asked.parts_of {
        Some(id) => cut(app.store.parts_of(&filter, id).await?, span),
        None if asked.is_folded => app.store.folded_events(&filter, span, most).await?,
        None => app.store.events(&filter, span, most).await?,
    };
    let has_more = events.len() > asked.limit as usize;
    events.truncate(asked.limit as usize);
    let first = events.first().map(|stored| stored.event.place().to_owned());
    let last = events.last().map(|stored| stored.event.place().to_owned());
    let (next_before, next_after) = match span {
        Span::Before(_) => (last.filter(|_| has_more), first),
        Span::After(..) => (first, last),
    };
    Ok(web::Json(EventPage {
        events: events.into_iter().map(|stored| stored.event).collect(),
        next_before,
        next_after,
    }))
}

/// Of all parts of a row, in order, those of the span in its order.
fn cut(mut parts: Vec<Stored>, span: Span) -> Vec<Stored> {
    match span {
        Span::Before(cursor) => {
            parts.retain(|part| part.id < cursor);
            parts.reverse();
        }
        Span::After(cursor, _) => parts.retain(|part| part.id > cursor),
    }
    parts
}

/// The channels asked for; when none are named, those subscribed to and the viewer's own.
pub(super) async fn broadcasters(
    store: &Store,
    viewer: &UserId,
    named: Vec<UserId>,
) -> Result<HashSet<UserId>, Error> {
    if !named.is_empty() {
        return Ok(named.into_iter().collect());
    }
    let mut all = store.subscribed_broadcasters(viewer).await?;
    all.insert(viewer.clone());
    Ok(all)
}
