//! `POST /sim/events`: makes something happen now.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::eventsub::delivery::{self, Choice};
use crate::state::Sim;

const MAX_COUNT: u32 = 10_000;
/// Happenings made under one lock; others get their turn in between.
const PORTION: u32 = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    #[serde(rename = "type")]
    event_type: String,
    version: Option<String>,
    /// Login or id.
    broadcaster: String,
    /// Members that replace those of the usual payload.
    event: Option<Value>,
    /// How often it happens.
    #[serde(default = "once")]
    count: u32,
    /// Every message gets this id.
    message_id: Option<String>,
    /// This subscription gets it, whatever it is for; others do not.
    subscription_id: Option<String>,
}

fn once() -> u32 {
    1
}

pub(super) async fn happen(
    sim: web::Data<Sim>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    let wanted: Wanted = serde_json::from_slice(&body)
        .map_err(|error| ApiError::bad_request(format!("invalid body: {error}")))?;
    if !(1..=MAX_COUNT).contains(&wanted.count) {
        return Err(ApiError::bad_request(format!(
            "count must be between 1 and {MAX_COUNT}"
        )));
    }
    let mut message_ids = Vec::new();
    let mut left = wanted.count;
    while left > 0 {
        let portion = left.min(PORTION);
        message_ids.extend(make(&sim, &wanted, portion)?);
        left -= portion;
        tokio::task::yield_now().await;
    }
    sim.stirred.notify_one();
    Ok(HttpResponse::Ok().json(json!({ "message_ids": message_ids })))
}

fn make(sim: &Arc<Sim>, wanted: &Wanted, count: u32) -> Result<Vec<String>, ApiError> {
    let choice = Choice {
        message_id: wanted.message_id.as_deref(),
        subscription_id: wanted.subscription_id.as_deref(),
    };
    let mut state = sim.state();
    let mut message_ids = Vec::new();
    for _ in 0..count {
        let mut happening = state
            .world
            .happen(
                &wanted.event_type,
                wanted.version.as_deref(),
                &wanted.broadcaster,
                wanted.event.clone(),
                sim.clock.now(),
            )
            .map_err(ApiError::bad_request)?;
        sim.clock.make_real(&mut happening.event);
        keep_given_times(&mut happening.event, wanted.event.as_ref());
        message_ids.extend(delivery::deliver(sim, &mut state, &happening, choice));
    }
    Ok(message_ids)
}

/// Times that were given are sent as given, however fast the clock.
fn keep_given_times(event: &mut Value, given: Option<&Value>) {
    let (Some(event), Some(given)) = (event.as_object_mut(), given.and_then(Value::as_object))
    else {
        return;
    };
    for (name, time) in given.iter().filter(|(name, _)| name.ends_with("_at")) {
        event.insert(name.clone(), time.clone());
    }
}
