//! Who may subscribe to what, what it costs, and who can end it again.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::types::{EventType, Need, Scopes};
use crate::CLIENT_ID;
use crate::error::ApiError;
use crate::oauth::Token;
use crate::state::State;

/// Channels one user may read the chat of. <https://dev.twitch.tv/docs/chat/#join-limits>
const MAX_CHATS: usize = 100;

const MISSING: &str = "subscription missing proper authorization";

/// What a permitted subscription costs, and who must stay connected for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Permit {
    pub(super) cost: u32,
    pub(super) leans_on: Vec<String>,
}

/// Checks that the caller may have this type with this condition.
pub(super) fn permit(
    state: &State,
    token: &Token,
    event_type: &EventType,
    condition: &Map<String, Value>,
) -> Result<Permit, ApiError> {
    let person = |name: &str| {
        condition
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let refused = || Err(ApiError::forbidden(MISSING));
    let broadcaster = person("broadcaster_user_id");
    let mut leans_on: Vec<String> = token.user_id.iter().cloned().collect();
    match event_type.need {
        Need::Nobody => {
            let cost = u32::from(
                !condition
                    .values()
                    .filter_map(Value::as_str)
                    .any(|id| has_consented(state, id)),
            );
            return Ok(Permit { cost, leans_on });
        }
        Need::ChatReader => {
            let reader = person("user_id");
            let bot_allowed = match &token.user_id {
                Some(_) if !holds(state, token, reader, &[&["user:read:chat"]]) => {
                    return refused();
                }
                Some(_) => false,
                None => {
                    if !holds(state, token, reader, &[&["user:read:chat"], &["user:bot"]]) {
                        return refused();
                    }
                    let invited = state.accounts.granted(broadcaster).has("channel:bot");
                    if !invited && !moderates(broadcaster, reader) {
                        return refused();
                    }
                    leans_on.extend(invited.then(|| broadcaster.to_owned()));
                    invited
                }
            };
            let exempt = bot_allowed || moderates(broadcaster, reader);
            if !exempt && !may_join(state, broadcaster, reader) {
                return refused();
            }
            leans_on.push(reader.to_owned());
        }
        Need::Broadcaster(scopes) => {
            if !holds(state, token, broadcaster, scopes) {
                return refused();
            }
            leans_on.push(broadcaster.to_owned());
        }
        Need::Moderator(scopes) => {
            let moderator = person("moderator_user_id");
            if !holds(state, token, moderator, scopes) || !moderates(broadcaster, moderator) {
                return refused();
            }
            leans_on.push(moderator.to_owned());
        }
        Need::User(scopes) => {
            if !holds(state, token, person("user_id"), scopes) {
                return refused();
            }
            leans_on.push(person("user_id").to_owned());
        }
        Need::OwnClient => {
            if token.user_id.is_some() || person("client_id") != CLIENT_ID {
                return refused();
            }
        }
        Need::Unobtainable => return refused(),
    }
    leans_on.sort();
    leans_on.dedup();
    Ok(Permit { cost: 0, leans_on })
}

/// A user token must be this user's own and carry the scopes; for an app token the user must have granted them once.
fn holds(state: &State, token: &Token, user_id: &str, scopes: Scopes) -> bool {
    let carried = match &token.user_id {
        Some(own) if own != user_id => return false,
        Some(_) => token.scopes,
        None => state.accounts.granted(user_id),
    };
    scopes
        .iter()
        .all(|group| group.iter().any(|scope| carried.has(scope)))
}

/// A login without any scope does not count.
fn has_consented(state: &State, user_id: &str) -> bool {
    !state.accounts.granted(user_id).is_empty()
}

/// The broadcaster moderates the own channel; nobody else is known to.
fn moderates(broadcaster: &str, user_id: &str) -> bool {
    broadcaster == user_id
}

/// The reader is in this chat already, or in fewer than [`MAX_CHATS`] foreign ones.
fn may_join(state: &State, broadcaster: &str, reader: &str) -> bool {
    let joined: HashSet<&str> = state
        .subscriptions
        .iter()
        .filter(|subscription| subscription.status.is_alive())
        .filter_map(|subscription| subscription.chat_reader())
        .filter(|(channel, user)| *user == reader && !moderates(channel, user))
        .map(|(channel, _)| channel)
        .collect();
    joined.contains(broadcaster) || joined.len() < MAX_CHATS
}
