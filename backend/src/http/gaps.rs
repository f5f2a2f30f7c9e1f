//! `GET /api/v1/gaps`: when the viewer's streamers' events could not be received.

use actix_web::{HttpRequest, web};
use wire::{BroadcasterGap, Gap, GapList};

use super::access::Caller;
use super::query::{Once, pairs, text, time, unknown};
use crate::app::App;
use crate::clock::rfc3339;
use crate::error::Error;
use crate::eventsub::describe;
use crate::ids::UserId;
use crate::store::gap_list::{GapFilter, GapSpan};

/// Gaps of one answer; the newest are told.
const MOST: u32 = 500;

/// The gaps the caller asks for and may know of.
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<web::Json<GapList>, Error> {
    let filter = parse(caller.viewer.id, request.query_string())?;
    let spans = app.store.gaps(&filter, describe::public_types(), MOST);
    let gaps = spans.await?.iter().map(gap).collect();
    Ok(web::Json(GapList { gaps }))
}

fn parse(viewer: UserId, query: &str) -> Result<GapFilter, Error> {
    let mut filter = GapFilter {
        viewer,
        named: Vec::new(),
        since: None,
        until: None,
    };
    let mut once = Once::default();
    for (name, value) in pairs(query) {
        match name.as_str() {
            "broadcaster_id" => filter.named.push(UserId::new(text(&name, &value)?)),
            "since" => {
                once.check(&name)?;
                filter.since = Some(time(&name, &value)?);
            }
            "until" => {
                once.check(&name)?;
                filter.until = Some(time(&name, &value)?);
            }
            _ => return Err(unknown(&name)),
        }
    }
    Ok(filter)
}

fn gap(span: &GapSpan) -> BroadcasterGap {
    BroadcasterGap {
        broadcaster_id: span.broadcaster_id.to_string(),
        from: rfc3339(span.began_at),
        to: span.ended_at.map(rfc3339),
        reason: Gap::NOT_RECEIVED.to_owned(),
    }
}
