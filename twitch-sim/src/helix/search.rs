//! `GET /helix/search/channels`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::caller::Caller;
use crate::error::ApiError;
use crate::pages;
use crate::query::Query;
use crate::state::Sim;

pub(super) async fn channels(
    sim: web::Data<Sim>,
    _caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query::parse(request.query_string().as_bytes());
    let Some(words) = query.one("query") else {
        return Err(ApiError::bad_request(
            "Missing required parameter \"query\"",
        ));
    };
    let live_only = match query.one("live_only") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => {
            return Err(ApiError::bad_request(
                "The parameter \"live_only\" was malformed",
            ));
        }
    };
    let state = sim.state();
    let page = query.page(state.world.search(words, live_only), 20)?;
    let data: Vec<Value> = page
        .items
        .iter()
        .filter_map(|person| {
            let channel = state.world.channel(&person.id)?;
            let started_at = channel
                .stream
                .as_ref()
                .map(|stream| super::whole_seconds(sim.clock.to_real(stream.started_at)));
            Some(json!({
                "broadcaster_language": channel.language,
                "broadcaster_login": person.login,
                "display_name": person.display_name,
                "game_id": channel.category_id,
                "game_name": channel.category_name,
                "id": person.id,
                "is_live": channel.stream.is_some(),
                "tag_ids": [],
                "tags": channel.tags,
                "thumbnail_url": pages::avatar_url(&sim.public_url, &person.login),
                "title": channel.title,
                "started_at": started_at.unwrap_or_default(),
            }))
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "data": data, "pagination": page.pagination() })))
}
