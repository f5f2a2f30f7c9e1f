//! `/sim/*`: what tests and curious people do to the simulator; nothing here exists at Twitch.

mod events;

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::eventsub::shards_http;
use crate::faults::{self, Order, TABLE};
use crate::state::Sim;

/// The paths below `/sim`.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/events", web::post().to(events::happen))
        .route("/log", web::get().to(log))
        .route("/subscriptions", web::get().to(subscriptions))
        .service(
            web::resource("/faults")
                .route(web::get().to(list_faults))
                .route(web::post().to(fault))
                .route(web::delete().to(clear_faults)),
        );
}

async fn log(sim: web::Data<Sim>) -> HttpResponse {
    HttpResponse::Ok().json(&sim.state().journal)
}

/// All of them, whoever made them, dead ones too; and what the conduits lead to.
async fn subscriptions(sim: web::Data<Sim>) -> HttpResponse {
    let state = sim.state();
    let all: Vec<Value> = state
        .subscriptions
        .iter()
        .map(|one| {
            let mut shown = one.to_json(&sim.clock);
            shown["client_id"] = json!(crate::CLIENT_ID);
            shown["user_id"] = json!(one.owner);
            shown
        })
        .collect();
    let conduits: Vec<Value> = state
        .conduits
        .iter()
        .map(|(id, conduit)| {
            let bound = conduit.shards.iter().enumerate();
            let shards: Vec<Value> = bound
                .filter_map(|(index, shard)| Some(shards_http::shown(&sim, index, shard.as_ref()?)))
                .collect();
            json!({ "id": id, "shard_count": conduit.shards.len(), "shards": shards })
        })
        .collect();
    HttpResponse::Ok().json(json!({ "subscriptions": all, "conduits": conduits }))
}

async fn fault(sim: web::Data<Sim>, body: web::Bytes) -> Result<HttpResponse, ApiError> {
    let order: Order = serde_json::from_slice(&body)
        .map_err(|error| ApiError::bad_request(format!("invalid body: {error}")))?;
    let affected = faults::carry_out(&sim, &order).map_err(ApiError::bad_request)?;
    tracing::info!(fault = order.fault, affected, "fault");
    Ok(HttpResponse::Ok().json(json!({ "fault": order.fault, "affected": affected })))
}

async fn list_faults() -> HttpResponse {
    let faults: Vec<Value> = TABLE
        .iter()
        .map(|fault| json!({ "fault": fault.name, "does": fault.does }))
        .collect();
    HttpResponse::Ok().json(json!({ "faults": faults }))
}

async fn clear_faults(sim: web::Data<Sim>) -> HttpResponse {
    sim.state().faults.clear();
    HttpResponse::NoContent().finish()
}
