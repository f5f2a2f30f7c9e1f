//! `POST /helix/eventsub/subscriptions`, with all the reasons to refuse.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::message::{Message, new_id, timestamp};
use super::permission;
use super::subscriptions::{Status, Subscription, Transport};
use super::types::{self, EventType, Need, Unknown};
use super::webhook::{self, Job, Via};
use crate::error::ApiError;
use crate::helix::caller::Caller;
use crate::oauth::Token;
use crate::state::{Sim, State};

/// Connections with enabled subscriptions of one user; enabled subscriptions on one connection.
const MAX_CONNECTIONS: usize = 3;
const MAX_PER_CONNECTION: usize = 300;
/// Living subscriptions with the same type and condition, on different transports.
const MAX_TWINS: usize = 3;

#[derive(Deserialize)]
struct Wanted {
    #[serde(rename = "type")]
    event_type: String,
    version: String,
    condition: Map<String, Value>,
    transport: WantedTransport,
}

/// As sent; also for shards.
#[derive(Deserialize)]
pub(super) struct WantedTransport {
    pub(super) method: String,
    pub(super) callback: Option<String>,
    pub(super) secret: Option<String>,
    pub(super) session_id: Option<String>,
    pub(super) conduit_id: Option<String>,
}

pub(super) async fn create(
    sim: web::Data<Sim>,
    caller: Caller,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    let wanted: Wanted = serde_json::from_slice(&body)
        .map_err(|error| ApiError::bad_request(format!("invalid body: {error}")))?;
    let now = sim.clock.now();
    let mut state = sim.state();
    let transport = transport(&sim, &state, &caller.token, &wanted.transport)?;
    let event_type = known_type(&wanted, &transport)?;
    check_condition(&state, event_type, &wanted.condition)?;
    let permit = permission::permit(&state, &caller.token, event_type, &wanted.condition)?;
    let verified = !matches!(transport, Transport::Webhook { .. });
    let subscription = Subscription {
        id: new_id(),
        status: if verified {
            Status::Enabled
        } else {
            Status::VerificationPending
        },
        event_type: wanted.event_type,
        version: wanted.version,
        condition: wanted.condition,
        cost: permit.cost,
        transport,
        created_at: now,
        owner: caller.token.user_id,
        leans_on: permit.leans_on,
        disabled_at: None,
        failures: 0,
    };
    check_limits(&state, &subscription)?;
    if let Transport::WebSocket { session_id, .. } = &subscription.transport
        && let Some(session) = state.sessions.find_mut(session_id)
    {
        session.used = true;
        session.user_id.clone_from(&subscription.owner);
    }
    let shown = subscription.to_json(&sim.clock);
    state.subscriptions.insert(subscription.clone());
    let totals = state.subscriptions.totals(subscription.owner.as_deref());
    if !verified {
        verify(&sim, &mut state, &subscription);
    }
    Ok(HttpResponse::Accepted().json(json!({
        "data": [shown],
        "total": totals.total,
        "total_cost": totals.total_cost,
        "max_total_cost": totals.max_total_cost,
    })))
}

/// The transport that is asked for, if this token may use it.
fn transport(
    sim: &Sim,
    state: &State,
    token: &Token,
    wanted: &WantedTransport,
) -> Result<Transport, ApiError> {
    let missing =
        |member: &str| ApiError::bad_request(format!("missing transport field: {member}"));
    let method = wanted.method.as_str();
    match (method, &token.user_id) {
        ("webhook" | "conduit", Some(_)) => {
            let why = format!("auth must use app access token to create {method} subscription");
            Err(ApiError::bad_request(why))
        }
        ("webhook", None) => {
            let callback = wanted
                .callback
                .as_deref()
                .ok_or_else(|| missing("callback"))?;
            let secret = wanted.secret.as_deref().ok_or_else(|| missing("secret"))?;
            webhook::check_callback(sim, callback, secret).map_err(ApiError::bad_request)?;
            Ok(webhook::webhook(callback, secret))
        }
        ("conduit", None) => {
            let conduit_id = wanted
                .conduit_id
                .as_deref()
                .ok_or_else(|| missing("conduit_id"))?;
            if state.conduits.find(conduit_id).is_none() {
                return Err(ApiError::bad_request("conduit does not exist"));
            }
            Ok(Transport::Conduit {
                conduit_id: conduit_id.to_owned(),
            })
        }
        ("websocket", None) => Err(ApiError::unauthorized(
            "auth must use user access token to create websocket subscription",
        )),
        ("websocket", Some(user_id)) => {
            let session_id = wanted
                .session_id
                .as_deref()
                .ok_or_else(|| missing("session_id"))?;
            let session = state.sessions.find(session_id).ok_or_else(|| {
                ApiError::bad_request(
                    "websocket transport session does not exist or has already disconnected",
                )
            })?;
            if session
                .user_id
                .as_ref()
                .is_some_and(|other| other != user_id)
            {
                return Err(ApiError::bad_request(
                    "websocket transport cannot have subscriptions created by different users",
                ));
            }
            Ok(Transport::WebSocket {
                session_id: session_id.to_owned(),
                connected_at: session.connected_at,
            })
        }
        _ => Err(ApiError::bad_request("unsupported transport method")),
    }
}

fn known_type(wanted: &Wanted, transport: &Transport) -> Result<&'static EventType, ApiError> {
    let event_type =
        types::find(&wanted.event_type, &wanted.version).map_err(|unknown| match unknown {
            Unknown::Type => ApiError::bad_request("invalid subscription type and version"),
            Unknown::Deprecated => {
                ApiError::bad_request("cannot use deprecated subscription type and version")
            }
            Unknown::Gone => ApiError::new(
                actix_web::http::StatusCode::GONE,
                "subscription type and version was removed",
            ),
        })?;
    // What concerns the app alone is not told to a user's socket.
    if event_type.need == Need::OwnClient && matches!(transport, Transport::WebSocket { .. }) {
        return Err(ApiError::bad_request(
            "subscription type is not available over websocket",
        ));
    }
    Ok(event_type)
}

fn check_condition(
    state: &State,
    event_type: &EventType,
    condition: &Map<String, Value>,
) -> Result<(), ApiError> {
    let bad = |why: String| Err(ApiError::bad_request(format!("invalid condition: {why}")));
    let shape = event_type.condition;
    for (name, value) in condition {
        if !shape.required.contains(&name.as_str()) && !shape.optional.contains(&name.as_str()) {
            return bad(format!("{name} is unknown to {}", event_type.name));
        }
        let Some(value) = value.as_str() else {
            return bad(format!("{name} must be a string"));
        };
        if name.ends_with("user_id")
            && !value.is_empty()
            && state.world.person_by_id(value).is_none()
        {
            return bad(format!("{name} names no user"));
        }
    }
    let present = |name: &&&str| {
        condition
            .get(**name)
            .and_then(Value::as_str)
            .is_some_and(|value| !value.is_empty())
    };
    if let Some(name) = shape.required.iter().find(|name| !present(name)) {
        return bad(format!("{name} is missing"));
    }
    if event_type.either && shape.optional.iter().filter(present).count() != 1 {
        return bad("exactly one broadcaster must be given".to_owned());
    }
    Ok(())
}

fn check_limits(state: &State, wanted: &Subscription) -> Result<(), ApiError> {
    if let Some(existing) = state.subscriptions.conflict(wanted) {
        return Err(ApiError::conflict(&existing.id));
    }
    if let Transport::WebSocket { session_id, .. } = &wanted.transport {
        // A twin on a lost socket that nobody has noticed is in the way.
        let ghost = state
            .subscriptions
            .twins(wanted)
            .find(|twin| match &twin.transport {
                Transport::WebSocket { session_id, .. } => {
                    state.sessions.find(session_id).is_none()
                }
                Transport::Webhook { .. } | Transport::Conduit { .. } => false,
            });
        if let Some(ghost) = ghost {
            return Err(ApiError::conflict(&ghost.id));
        }
        let mut here = 0;
        let mut others = std::collections::HashSet::new();
        for one in state
            .subscriptions
            .iter()
            .filter(|one| one.owner == wanted.owner && one.status.is_alive())
        {
            match &one.transport {
                Transport::WebSocket {
                    session_id: other, ..
                } if other == session_id => here += 1,
                Transport::WebSocket {
                    session_id: other, ..
                } => {
                    others.insert(other);
                }
                Transport::Webhook { .. } | Transport::Conduit { .. } => {}
            }
        }
        if here == 0 && others.len() >= MAX_CONNECTIONS {
            return Err(ApiError::too_many(
                "number of websocket transports limit exceeded",
            ));
        }
        if here >= MAX_PER_CONNECTION {
            return Err(ApiError::too_many(
                "number of subscriptions on the websocket transport limit exceeded",
            ));
        }
    }
    if state.subscriptions.twins(wanted).count() >= MAX_TWINS {
        return Err(ApiError::too_many(
            "maximum subscriptions with type and condition exceeded",
        ));
    }
    let totals = state.subscriptions.totals(wanted.owner.as_deref());
    if totals.total_cost + wanted.cost > totals.max_total_cost {
        return Err(ApiError::too_many(
            "maximum total cost of subscriptions exceeded",
        ));
    }
    Ok(())
}

/// Asks the callback whether it wants this.
fn verify(sim: &Arc<Sim>, state: &mut State, subscription: &Subscription) {
    let Transport::Webhook { callback, secret } = subscription.transport.clone() else {
        return;
    };
    let challenge = webhook::new_challenge();
    let message = Message::about(
        subscription,
        Some(&challenge),
        timestamp(state.faults.clock_skew()),
        &sim.clock,
    );
    let mut entry = message.entry();
    entry.callback = Some(callback.clone());
    let number = state.journal.sending(entry);
    let id = subscription.id.clone();
    let job = Job {
        message,
        callback,
        secret,
        via: Via::Subscription,
        number,
    };
    webhook::challenge(sim, job, challenge, move |sim, proven| {
        let now = sim.clock.now();
        let mut state = sim.state();
        let pending = state
            .subscriptions
            .find_mut(&id)
            .filter(|one| one.status == Status::VerificationPending);
        if let Some(subscription) = pending {
            subscription.status = if proven {
                Status::Enabled
            } else {
                Status::VerificationFailed
            };
            subscription.disabled_at = (!proven).then_some(now);
        }
    });
}
