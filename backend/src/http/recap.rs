//! `GET /api/v1/streams/{broadcaster_id}/recap`: a stream in figures.

use std::collections::HashSet;

use actix_web::{HttpRequest, web};
use wire::{Recap, RecapAnswer};

use super::access::Caller;
use super::query::{Once, cursor, pairs, unknown};
use crate::app::App;
use crate::clock::rfc3339;
use crate::error::Error;
use crate::eventsub::recap;
use crate::ids::UserId;
use crate::store::events::Span;
use crate::store::filter::{Criteria, Filter};

/// Events read at a time.
const PAGE: u32 = 500;

/// The stream that the event `event` ended; without it the running one, else the last one.
pub(super) async fn show(
    app: web::Data<App>,
    caller: Caller,
    broadcaster_id: web::Path<String>,
    request: HttpRequest,
) -> Result<web::Json<RecapAnswer>, Error> {
    let mut once = Once::default();
    let mut ended_by = None;
    for (name, value) in pairs(request.query_string()) {
        match name.as_str() {
            "event" => {
                once.check(&name)?;
                ended_by = Some(cursor(&name, &value)?);
            }
            _ => return Err(unknown(&name)),
        }
    }
    let broadcaster = UserId::new(broadcaster_id.into_inner());
    let stream = app.store.stream(&broadcaster, ended_by).await?;
    let Some(stream) = stream else {
        return Ok(web::Json(RecapAnswer { recap: None }));
    };
    let filter = Filter {
        viewer: caller.viewer.id,
        broadcasters: HashSet::from([broadcaster]),
        criteria: Criteria {
            kinds: recap::KINDS.to_vec(),
            since: Some(stream.started_at),
            // What happened as it ended belongs to it.
            until: stream.ended_at.map(|ended_at| ended_at + 1),
            ..Criteria::default()
        },
    };
    let mut figures = recap::Recap::default();
    let (mut after, up_to) = stream.cursors;
    loop {
        let page = app.store.events(&filter, Span::After(after, up_to), PAGE);
        let page = page.await?;
        page.iter().for_each(|stored| figures.note(&stored.event));
        match page.last() {
            Some(last) if page.len() == PAGE as usize => after = last.id,
            _ => break,
        }
    }
    let figures = figures.figures();
    let recap = Recap {
        stream_id: stream.id,
        started_at: rfc3339(stream.started_at),
        ended_at: stream.ended_at.map(rfc3339),
        peak_viewers: stream.peak_viewers,
        raids_in: figures.raids_in,
        raids_out: figures.raids_out,
        subs: figures.subs,
        resubs: figures.resubs,
        gifts: figures.gifts,
        cheers: figures.cheers,
        bits: figures.bits,
        top_gifters: figures.top_gifters,
    };
    Ok(web::Json(RecapAnswer { recap: Some(recap) }))
}
