//! `/helix/eventsub/conduits/shards`: what a conduit's shards are bound to.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::conduits::{Shard, ShardKey, ShardTransport};
use super::create::WantedTransport;
use super::message::{Kind, Message, new_id, timestamp};
use super::subscriptions::Status;
use super::webhook::{self, Job, Via};
use crate::error::ApiError;
use crate::helix::caller::Caller;
use crate::query::Query;
use crate::state::{Sim, State};

const PAGE: usize = 100;
const MAX_SHARDS_PER_CALL: usize = 100;

#[derive(Deserialize)]
struct Wanted {
    conduit_id: String,
    shards: Vec<WantedShard>,
}

#[derive(Deserialize)]
struct WantedShard {
    id: String,
    transport: WantedTransport,
}

pub(super) async fn list(
    sim: web::Data<Sim>,
    caller: Caller,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    caller.app()?;
    let query = Query::parse(request.query_string().as_bytes());
    let conduit_id = query
        .one("conduit_id")
        .ok_or_else(|| ApiError::bad_request("Missing required parameter \"conduit_id\""))?;
    let state = sim.state();
    let conduit = state
        .conduits
        .find(conduit_id)
        .ok_or_else(|| ApiError::not_found("conduit not found"))?;
    let status = query.one("status");
    let found: Vec<(usize, &Shard)> = conduit
        .shards
        .iter()
        .enumerate()
        .filter_map(|(index, shard)| Some((index, shard.as_ref()?)))
        .filter(|(_, shard)| status.is_none_or(|status| shard.status.name() == status))
        .collect();
    let page = query.page(found, PAGE)?;
    let data: Vec<Value> = page
        .items
        .iter()
        .map(|(index, shard)| shown(&sim, *index, shard))
        .collect();
    Ok(HttpResponse::Ok().json(json!({ "data": data, "pagination": page.pagination() })))
}

/// Each shard is taken or refused by itself: the status is 202 even when all are refused.
pub(super) async fn bind(
    sim: web::Data<Sim>,
    caller: Caller,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    caller.app()?;
    let wanted: Wanted = serde_json::from_slice(&body)
        .map_err(|error| ApiError::bad_request(format!("invalid body: {error}")))?;
    if !(1..=MAX_SHARDS_PER_CALL).contains(&wanted.shards.len()) {
        return Err(ApiError::bad_request(format!(
            "between 1 and {MAX_SHARDS_PER_CALL} shards must be given"
        )));
    }
    let mut state = sim.state();
    if state.conduits.find(&wanted.conduit_id).is_none() {
        return Err(ApiError::not_found("conduit not found"));
    }
    let mut data: Vec<Value> = Vec::new();
    let mut errors: Vec<Value> = Vec::new();
    for shard in &wanted.shards {
        match bind_one(&sim, &mut state, &wanted.conduit_id, shard) {
            Ok(bound) => data.push(bound),
            Err(why) => {
                errors.push(json!({ "id": shard.id, "message": why, "code": "invalid_parameter" }))
            }
        }
    }
    Ok(HttpResponse::Accepted().json(json!({ "data": data, "errors": errors })))
}

fn bind_one(
    sim: &Arc<Sim>,
    state: &mut State,
    conduit_id: &str,
    wanted: &WantedShard,
) -> Result<Value, &'static str> {
    let shard_count = state
        .conduits
        .find(conduit_id)
        .map_or(0, |conduit| conduit.shards.len());
    let index = wanted
        .id
        .parse::<usize>()
        .ok()
        .filter(|index| *index < shard_count)
        .ok_or("The shard id is outside the conduit's range")?;
    let key = ShardKey {
        conduit_id: conduit_id.to_owned(),
        index,
    };
    let (transport, status) = match wanted.transport.method.as_str() {
        "websocket" => {
            let session_id = wanted
                .transport
                .session_id
                .as_deref()
                .ok_or("missing transport field: session_id")?;
            let taken = state
                .conduits
                .alive(|other, shard| *other != key && shard.is_on_session(session_id));
            if !taken.is_empty() {
                return Err("websocket transport session is already assigned to another shard");
            }
            let session = state
                .sessions
                .find_mut(session_id)
                .ok_or("websocket transport session does not exist or has already disconnected")?;
            session.used = true;
            let connected_at = session.connected_at;
            (
                ShardTransport::WebSocket {
                    session_id: session_id.to_owned(),
                    connected_at,
                },
                Status::Enabled,
            )
        }
        "webhook" => {
            let callback = wanted
                .transport
                .callback
                .as_deref()
                .ok_or("missing transport field: callback")?;
            let secret = wanted
                .transport
                .secret
                .as_deref()
                .ok_or("missing transport field: secret")?;
            webhook::check_callback(sim, callback, secret)?;
            let transport = ShardTransport::Webhook {
                callback: callback.to_owned(),
                secret: secret.to_owned(),
            };
            (transport, Status::VerificationPending)
        }
        _ => return Err("unsupported transport method"),
    };
    state.conduits.bind(&key, transport.clone(), status);
    if let ShardTransport::Webhook { callback, secret } = transport {
        verify(sim, state, &key, callback, secret);
    }
    let bound = state.conduits.shard_mut(&key).ok_or("conduit not found")?;
    Ok(shown(sim, index, bound))
}

/// A shard as the API shows it.
pub(crate) fn shown(sim: &Sim, index: usize, shard: &Shard) -> Value {
    json!({
        "id": index.to_string(),
        "status": shard.status.name(),
        "transport": shard.transport_json(&sim.clock),
    })
}

fn verify(sim: &Arc<Sim>, state: &mut State, key: &ShardKey, callback: String, secret: String) {
    let challenge = webhook::new_challenge();
    let message = Message {
        id: new_id(),
        kind: Kind::Verification,
        timestamp: timestamp(state.faults.clock_skew()),
        event_type: "conduit.shard".to_owned(),
        version: "1".to_owned(),
        subscription_id: String::new(),
        broadcaster_id: None,
        transport: webhook::webhook(&callback, &secret),
        body: json!({
            "challenge": challenge,
            "conduit_shard": { "conduit_id": key.conduit_id, "shard": key.index.to_string() },
        }),
    };
    let mut entry = message.entry();
    entry.conduit_id = Some(key.conduit_id.clone());
    entry.shard_id = Some(key.index.to_string());
    entry.callback = Some(callback.clone());
    let number = state.journal.sending(entry);
    let job = Job {
        message,
        callback,
        secret,
        via: Via::Shard(key.clone()),
        number,
    };
    let key = key.clone();
    webhook::challenge(sim, job, challenge, move |sim, proven| {
        let now = sim.clock.now();
        let mut state = sim.state();
        let pending = state
            .conduits
            .shard_mut(&key)
            .filter(|shard| shard.status == Status::VerificationPending);
        if let Some(shard) = pending {
            shard.status = if proven {
                Status::Enabled
            } else {
                Status::VerificationFailed
            };
            shard.disabled_at = (!proven).then_some(now);
        }
    });
}
