//! `GET` and `DELETE /helix/eventsub/subscriptions`: an app sees its own, a user token that user's.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::subscriptions::Subscription;
use crate::error::ApiError;
use crate::helix::caller::Caller;
use crate::query::Query;
use crate::state::Sim;

const PAGE: usize = 100;
const FILTERS: [&str; 5] = ["status", "type", "user_id", "subscription_id", "conduit_id"];

pub(super) async fn list(
    sim: web::Data<Sim>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query::parse(request.query_string().as_bytes());
    let filters: Vec<(&str, &str)> = FILTERS
        .iter()
        .filter_map(|name| Some((*name, query.one(name)?)))
        .collect();
    if filters.len() > 1 {
        return Err(ApiError::bad_request(
            "filters are mutually exclusive: use one of them",
        ));
    }
    if query.one("first").is_some() {
        return Err(ApiError::bad_request("unknown parameter \"first\""));
    }
    let owner = caller.token.user_id.as_deref();
    let state = sim.state();
    let found: Vec<&Subscription> = state
        .subscriptions
        .iter()
        .filter(|one| one.owner.as_deref() == owner)
        .filter(|one| filters.iter().all(|(name, value)| passes(one, name, value)))
        .collect();
    let totals = state.subscriptions.totals(owner);
    let page = query.page(found, PAGE)?;
    let data: Vec<Value> = page
        .items
        .iter()
        .map(|one| one.to_json(&sim.clock))
        .collect();
    Ok(HttpResponse::Ok().json(json!({
        "total": totals.total,
        "data": data,
        "total_cost": totals.total_cost,
        "max_total_cost": totals.max_total_cost,
        "pagination": page.pagination(),
    })))
}

fn passes(subscription: &Subscription, filter: &str, value: &str) -> bool {
    match filter {
        "status" => subscription.status.name() == value,
        "type" => subscription.event_type == value,
        "user_id" => subscription
            .condition
            .iter()
            .any(|(name, member)| name.ends_with("user_id") && member.as_str() == Some(value)),
        "subscription_id" => subscription.id == value,
        _ => subscription.is_on_conduit(value),
    }
}

pub(super) async fn delete(
    sim: web::Data<Sim>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query::parse(request.query_string().as_bytes());
    let id = query
        .one("id")
        .ok_or_else(|| ApiError::bad_request("Missing required parameter \"id\""))?;
    match sim
        .state()
        .subscriptions
        .remove(id, caller.token.user_id.as_deref())
    {
        true => Ok(HttpResponse::NoContent().finish()),
        false => Err(ApiError::not_found("subscription not found")),
    }
}
