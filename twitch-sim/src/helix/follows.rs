//! `GET /helix/channels/followed` and `/streams/followed`: what the token's user follows.

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::caller::Caller;
use super::streams::{live, stream};
use crate::error::ApiError;
use crate::query::Query;
use crate::state::Sim;

const SCOPE: &str = "user:read:follows";

pub(super) async fn channels(
    sim: web::Data<Sim>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query::parse(request.query_string().as_bytes());
    let user_id = caller.user(&query, SCOPE)?;
    let state = sim.state();
    let follows = state.world.follows(user_id);
    let total = follows.len();
    let asked = query.one("broadcaster_id");
    let wanted = follows
        .into_iter()
        .filter(|(id, _)| asked.is_none_or(|asked| asked == id))
        .collect();
    let page = query.page(wanted, 20)?;
    let data: Vec<Value> = page
        .items
        .iter()
        .filter_map(|(id, since)| {
            let person = state.world.person_by_id(id)?;
            Some(json!({
                "broadcaster_id": person.id,
                "broadcaster_login": person.login,
                "broadcaster_name": person.display_name,
                "followed_at": super::whole_seconds(*since),
            }))
        })
        .collect();
    Ok(HttpResponse::Ok()
        .json(json!({ "total": total, "data": data, "pagination": page.pagination() })))
}

pub(super) async fn streams(
    sim: web::Data<Sim>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query::parse(request.query_string().as_bytes());
    let user_id = caller.user(&query, SCOPE)?;
    let state = sim.state();
    let followed: HashSet<String> = state
        .world
        .follows(user_id)
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    let page = query.page(live(&state, |person, _| followed.contains(&person.id)), 100)?;
    let data: Vec<Value> = page.items.iter().map(|live| stream(&sim, live)).collect();
    Ok(HttpResponse::Ok().json(json!({ "data": data, "pagination": page.pagination() })))
}
