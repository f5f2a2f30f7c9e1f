//! The table of faults and what each does when it is ordered.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde_json::json;

use super::{Fault, Order};
use crate::eventsub::revoke;
use crate::eventsub::sessions::Session;
use crate::eventsub::subscriptions::{Status, Subscription, Transport};
use crate::eventsub::{conduits::ShardKey, socket};
use crate::state::{Sim, State};

/// Every fault there is.
#[rustfmt::skip]
pub(crate) const TABLE: &[Fault] = &[
    Fault { name: "drop_sockets", does: "cuts sockets off without a close frame: `count` of them (all), of `target` (session id or login); for `seconds` new ones are refused", apply: drop_sockets },
    Fault { name: "reconnect_sockets", does: "asks the clients of `count` sockets (all), of `target`, to move to a new URL", apply: reconnect_sockets },
    Fault { name: "close_code", does: "closes `count` sockets (all), of `target`, with `code` (4000)", apply: close_code },
    Fault { name: "silence", does: "for `seconds` (60) nothing is sent on any socket; what should have been is lost", apply: silence },
    Fault { name: "delay", does: "holds each of the next `count` messages (1) back for `seconds` (5)", apply: delay },
    Fault { name: "duplicate", does: "sends each of the next `count` messages (1) twice, under the same id", apply: duplicate },
    Fault { name: "same_happening_new_id", does: "sends each of the next `count` messages (1) again under a new id", apply: same_happening_new_id },
    Fault { name: "revoke_token", does: "`target` (a login, `app`; everybody) disconnects: tokens, consent and subscriptions end", apply: revoke_token },
    Fault { name: "expire_token", does: "access tokens of `target` (a login, `app`; all) expire now", apply: expire_token },
    Fault { name: "rotate_refresh", does: "refresh tokens of `target` (a login; all) are replaced and no longer taken", apply: rotate_refresh },
    Fault { name: "http_status", does: "answers paths that begin with `target` (/) with `code` (503), `count` times (1) or for `seconds`", apply: http_status },
    Fault { name: "disable_shard", does: "takes `count` shards (1) out of service, of `target` (a shard or conduit id), leaving their sockets open", apply: disable_shard },
    Fault { name: "leftover_subscriptions", does: "makes `count` subscriptions (3) nobody asked for, on the app's newest transport or on `target` (a callback, or `foreign`); with `seconds` instead: lost sockets are not noticed for so long and their subscriptions stay", apply: leftover_subscriptions },
    Fault { name: "clock_skew", does: "message timestamps are off by `seconds` (0), forward or back", apply: clock_skew },
];

fn drop_sockets(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let refused = order.seconds.map(positive).transpose()?;
    let mut state = sim.state();
    if let Some(refused) = refused {
        state.faults.refuse_sockets_until = Some(Instant::now() + refused);
    }
    let ids = sockets(&state, order);
    ids.iter()
        .filter_map(|id| state.sessions.find(id))
        .for_each(Session::cut);
    Ok(ids.len())
}

fn close_code(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let code = order.code.unwrap_or(4000);
    if !(1000..5000).contains(&code) {
        return Err("code must be a WebSocket close code".to_owned());
    }
    let mut state = sim.state();
    let ids = sockets(&state, order);
    for id in &ids {
        socket::close_session(sim, &mut state, id, code);
    }
    Ok(ids.len())
}

fn reconnect_sockets(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let ids = sockets(&sim.state(), order);
    ids.iter().for_each(|id| socket::ask_to_move(sim, id));
    Ok(ids.len())
}

/// The sessions an order is about.
fn sockets(state: &State, order: &Order) -> Vec<String> {
    let target = order.target.as_deref();
    let user_id = target
        .and_then(|login| state.world.person_by_login(login))
        .map(|person| person.id.as_str());
    let is_meant = |id: &str| match target {
        None => true,
        Some(target) if target == id => true,
        Some(_) => {
            let session = state.sessions.find(id);
            user_id.is_some() && session.and_then(|session| session.user_id.as_deref()) == user_id
        }
    };
    let most = order.count.map_or(usize::MAX, |count| count as usize);
    state
        .sessions
        .ids()
        .into_iter()
        .filter(|id| is_meant(id))
        .take(most)
        .collect()
}

fn silence(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let lasting = positive(order.seconds.unwrap_or(60.0))?;
    sim.state().faults.silent_until = Some(Instant::now() + lasting);
    Ok(1)
}

fn delay(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let by = positive(order.seconds.unwrap_or(5.0))?;
    sim.state().faults.delay = Some((by, times(order, 1)?));
    Ok(1)
}

fn duplicate(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    sim.state().faults.duplicate = times(order, 1)?;
    Ok(1)
}

fn same_happening_new_id(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    sim.state().faults.new_id = times(order, 1)?;
    Ok(1)
}

fn revoke_token(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let mut state = sim.state();
    if order.target.as_deref() == Some("app") {
        return Ok(state.accounts.expire(Some("app")));
    }
    let users = match whose(&state, order)? {
        Some(user_id) => vec![user_id],
        None => state.accounts.connected(),
    };
    Ok(users
        .iter()
        .filter(|user_id| revoke::disconnect_user(sim, &mut state, user_id))
        .count())
}

fn expire_token(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let mut state = sim.state();
    if order.target.as_deref() == Some("app") {
        return Ok(state.accounts.expire(Some("app")));
    }
    let whose = whose(&state, order)?;
    Ok(state.accounts.expire(whose.as_deref()))
}

fn rotate_refresh(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let mut state = sim.state();
    let whose = whose(&state, order)?;
    Ok(state.accounts.rotate_refresh(whose.as_deref()))
}

/// The user an order is about; `None`: all.
fn whose(state: &State, order: &Order) -> Result<Option<String>, String> {
    let Some(target) = order.target.as_deref() else {
        return Ok(None);
    };
    let person = state
        .world
        .person_by_login(target)
        .or_else(|| state.world.person_by_id(target));
    person
        .map(|person| Some(person.id.clone()))
        .ok_or_else(|| format!("target {target:?} is nobody"))
}

fn http_status(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let code = order.code.unwrap_or(503);
    if !(400..600).contains(&code) {
        return Err("code must be between 400 and 599".to_owned());
    }
    let lasting = order.seconds.map(positive).transpose()?;
    let prefix = order.target.as_deref().unwrap_or("/");
    sim.state().faults.answer_with(
        prefix,
        code,
        order.count.filter(|count| *count > 0),
        lasting,
    );
    Ok(1)
}

fn disable_shard(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let mut state = sim.state();
    let is_meant = |key: &ShardKey| {
        let target = order.target.as_deref();
        target.is_none_or(|target| target == key.conduit_id || target == key.index.to_string())
    };
    let mut keys = state.conduits.alive(|key, _| is_meant(key));
    keys.truncate(times(order, 1)? as usize);
    for key in &keys {
        revoke::disable_shard(sim, &mut state, key, Status::NetworkError);
    }
    Ok(keys.len())
}

fn clock_skew(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    sim.state().faults.skew = SignedDuration::from_secs_f64(order.seconds.unwrap_or(0.0));
    Ok(1)
}

fn leftover_subscriptions(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let mut state = sim.state();
    if let Some(seconds) = order.seconds {
        state.faults.late_until = Some(Instant::now() + positive(seconds)?);
        return Ok(1);
    }
    let transport = leftover_transport(&state, order.target.as_deref())?;
    let wanted = times(order, 3)? as usize;
    let people: Vec<String> = state
        .world
        .people()
        .iter()
        .map(|person| person.id.clone())
        .collect();
    let types = [
        ("stream.online", "1"),
        ("stream.offline", "1"),
        ("channel.update", "2"),
    ];
    let mut made = 0;
    for (id, (event_type, version)) in people.iter().flat_map(|id| types.map(|one| (id, one))) {
        let leftover = Subscription {
            id: uuid::Uuid::new_v4().to_string(),
            status: Status::Enabled,
            event_type: event_type.to_owned(),
            version: version.to_owned(),
            condition: [("broadcaster_user_id".to_owned(), json!(id))]
                .into_iter()
                .collect(),
            cost: u32::from(state.accounts.granted(id).is_empty()),
            transport: transport.clone(),
            created_at: sim.clock.now(),
            owner: None,
            leans_on: Vec::new(),
            disabled_at: None,
            failures: 0,
        };
        if made < wanted && state.subscriptions.conflict(&leftover).is_none() {
            state.subscriptions.insert(leftover);
            made += 1;
        }
    }
    Ok(made)
}

fn leftover_transport(state: &State, target: Option<&str>) -> Result<Transport, String> {
    let callback = match target {
        Some("foreign") => "https://another-install.example/webhooks/twitch",
        Some(callback) if callback.starts_with("http") => callback,
        Some(other) => {
            return Err(format!(
                "target {other:?} is neither a callback nor \"foreign\""
            ));
        }
        None => {
            let newest = state
                .subscriptions
                .iter()
                .filter(|one| one.owner.is_none())
                .last();
            return newest
                .map(|one| one.transport.clone())
                .or_else(|| {
                    let (conduit_id, _) = state.conduits.iter().next()?;
                    Some(Transport::Conduit {
                        conduit_id: conduit_id.clone(),
                    })
                })
                .ok_or_else(|| "the app has no transport yet".to_owned());
        }
    };
    Ok(Transport::Webhook {
        callback: callback.to_owned(),
        secret: "left-over-secret".to_owned(),
    })
}

fn positive(seconds: f64) -> Result<Duration, String> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_negative| "seconds must not be negative".to_owned())
}

fn times(order: &Order, default: u32) -> Result<u32, String> {
    match order.count.unwrap_or(default) {
        0 => Err("count must not be 0".to_owned()),
        count => Ok(count),
    }
}
