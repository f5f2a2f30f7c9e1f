//! `/helix/eventsub/conduits`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::conduits::{MAX_CONDUITS, MAX_SHARDS};
use super::message::new_id;
use super::revoke;
use crate::error::ApiError;
use crate::helix::caller::Caller;
use crate::query::Query;
use crate::state::Sim;

#[derive(Deserialize)]
struct Wanted {
    id: Option<String>,
    shard_count: usize,
}

pub(super) async fn list(sim: web::Data<Sim>, caller: Caller) -> Result<HttpResponse, ApiError> {
    caller.app()?;
    let state = sim.state();
    let data: Vec<Value> = state
        .conduits
        .iter()
        .map(|(id, conduit)| shown(id, conduit.shards.len()))
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "data": data })))
}

pub(super) async fn create(
    sim: web::Data<Sim>,
    caller: Caller,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    caller.app()?;
    let wanted = parse(&body)?;
    let mut state = sim.state();
    if state.conduits.iter().count() >= MAX_CONDUITS {
        return Err(ApiError::too_many(format!(
            "maximum number of conduits is {MAX_CONDUITS}"
        )));
    }
    let id = new_id();
    state
        .conduits
        .insert(id.clone(), wanted.shard_count, sim.clock.now());
    Ok(HttpResponse::Ok().json(json!({ "data": [shown(&id, wanted.shard_count)] })))
}

pub(super) async fn resize(
    sim: web::Data<Sim>,
    caller: Caller,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    caller.app()?;
    let wanted = parse(&body)?;
    let id = wanted
        .id
        .ok_or_else(|| ApiError::bad_request("Missing required parameter \"id\""))?;
    match sim.state().conduits.resize(&id, wanted.shard_count) {
        true => Ok(HttpResponse::Ok().json(json!({ "data": [shown(&id, wanted.shard_count)] }))),
        false => Err(ApiError::not_found("conduit not found")),
    }
}

pub(super) async fn delete(
    sim: web::Data<Sim>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    caller.app()?;
    let query = Query::parse(request.query_string().as_bytes());
    let id = query
        .one("id")
        .ok_or_else(|| ApiError::bad_request("Missing required parameter \"id\""))?;
    let mut state = sim.state();
    if !state.conduits.remove(id) {
        return Err(ApiError::not_found("conduit not found"));
    }
    revoke::conduit_deleted(&sim, &mut state, id);
    Ok(HttpResponse::NoContent().finish())
}

fn parse(body: &[u8]) -> Result<Wanted, ApiError> {
    let wanted: Wanted = serde_json::from_slice(body)
        .map_err(|error| ApiError::bad_request(format!("invalid body: {error}")))?;
    if !(1..=MAX_SHARDS).contains(&wanted.shard_count) {
        return Err(ApiError::bad_request(format!(
            "shard_count must be between 1 and {MAX_SHARDS}"
        )));
    }
    Ok(wanted)
}

fn shown(id: &str, shard_count: usize) -> Value {
    json!({ "id": id, "shard_count": shard_count })
}
