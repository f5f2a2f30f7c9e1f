//! What a reader who comes back has missed: from memory where it is held, else from the store. When many come back at
//! once, the first of them has what is missing in memory read for all.

use std::sync::Arc;

use super::reader::Reader;
use crate::app::App;
use crate::live::Published;
use crate::store;
use crate::store::events::{Span, Stored};

/// Events read from the store at once for one reader.
const PAGE: u32 = 200;

/// About what an event takes in memory, bytes. A backlog for which there is no room is read by each for itself.
const EVENT_BYTES: usize = 2048;

/// The next events a reader has missed, and the cursor up to which there are no others.
pub(super) async fn next_page(
    reader: &Reader,
    after: i64,
    up_to: i64,
) -> Result<(Vec<Arc<Published>>, i64), store::Error> {
    let (app, filter) = (&reader.app, &reader.filter);
    let held = |app: &App| app.live.recent(&filter.broadcasters, after, up_to);
    let mut page = held(app);
    if page.is_none() && may_share(app, after) {
        share(app, after).await?;
        page = held(app);
    }
    if let Some((events, reached)) = page {
        let wanted = events.into_iter().filter(|event| reader.wants(event));
        return Ok((wanted.collect(), reached));
    }
    let events = app
        .store
        .events(filter, Span::After(after, up_to), PAGE)
        .await?;
    let is_last = events.len() < PAGE as usize;
    let events: Vec<_> = events
        .into_iter()
        .map(|one| Arc::new(published(one)))
        .collect();
    let last = events.last().map(|event| event.id);
    Ok((events, last.filter(|_| !is_last).unwrap_or(up_to)))
}

fn published(stored: Stored) -> Published {
    Published::new(
        stored.id,
        stored.occurred_at,
        stored.event,
        stored.private_twin,
    )
}

fn may_share(app: &App, after: i64) -> bool {
    let span = usize::try_from(app.live.held_from() - after).unwrap_or_default();
    span.saturating_mul(EVENT_BYTES) <= app.live.room()
}

/// Reads the events between a cursor and those that are held, unless somebody else just has.
async fn share(app: &App, after: i64) -> Result<(), store::Error> {
    let _only_one = app.sharing_backlog.lock().await;
    let held_from = app.live.held_from();
    if after < held_from && may_share(app, after) {
        let events = app.store.events_between(after, held_from).await?;
        // What was deleted is not held, and whoever misses it is to be told.
        let from = after.max(app.store.oldest_cursor().await? - 1);
        let events = events.into_iter().map(published).collect();
        app.live.hold_older(from, events);
    }
    Ok(())
}
