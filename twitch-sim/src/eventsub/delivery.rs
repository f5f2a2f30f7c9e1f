//! From something that happened to the messages that tell it: whom it concerns, one message each.

use std::sync::Arc;

use serde_json::{Value, json};

use super::message::{Message, new_id, timestamp};
use super::subscriptions::{Status, Subscription};
use super::transport::dispatch;
use crate::CLIENT_ID;
use crate::state::{Sim, State};
use crate::world::Happening;

/// Narrows a delivery; by default every matching subscription gets a message with an id of its own.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Choice<'a> {
    /// Every message gets this id.
    pub(crate) message_id: Option<&'a str>,
    /// This subscription alone gets it, whatever its type and condition.
    pub(crate) subscription_id: Option<&'a str>,
}

/// Sends what happened to whom it concerns; the ids of the messages that went out.
pub(crate) fn deliver(
    sim: &Arc<Sim>,
    state: &mut State,
    happening: &Happening,
    choice: Choice<'_>,
) -> Vec<String> {
    let skew = state.faults.clock_skew();
    let messages: Vec<Message> = state
        .subscriptions
        .iter()
        .filter(|subscription| match choice.subscription_id {
            Some(id) => subscription.id == id && subscription.status == Status::Enabled,
            None => concerns(subscription, happening),
        })
        .map(|subscription| {
            let id = choice.message_id.map_or_else(new_id, str::to_owned);
            Message::notification(id, timestamp(skew), subscription, happening, &sim.clock)
        })
        .collect();
    let mut sent = Vec::with_capacity(messages.len());
    for message in messages {
        let repeat = state.faults.repeat();
        let again = repeat.as_it_is.then(|| message.clone());
        let anew = repeat.with_new_id.then(|| Message {
            id: new_id(),
            ..message.clone()
        });
        for message in [Some(message), again, anew].into_iter().flatten() {
            let id = message.id.clone();
            if dispatch(sim, state, message) {
                sent.push(id);
            }
        }
    }
    sent
}

/// Tells of a consent that was given or withdrawn.
pub(crate) fn user_authorization(
    sim: &Arc<Sim>,
    state: &mut State,
    event_type: &str,
    user_id: &str,
) {
    let Some(person) = state.world.person_by_id(user_id) else {
        return;
    };
    let happening = Happening {
        event_type: event_type.to_owned(),
        version: "1".to_owned(),
        broadcaster_id: person.id.clone(),
        event: json!({
            "client_id": CLIENT_ID,
            "user_id": person.id,
            "user_login": person.login,
            "user_name": person.display_name,
        }),
    };
    deliver(sim, state, &happening, Choice::default());
}

/// The subscription is for this type, and its condition names this event.
fn concerns(subscription: &Subscription, happening: &Happening) -> bool {
    subscription.status == Status::Enabled
        && subscription.event_type == happening.event_type
        && subscription.version == happening.version
        && subscription
            .condition
            .iter()
            .filter_map(|(name, value)| {
                Some((
                    name.as_str(),
                    value.as_str().filter(|value| !value.is_empty())?,
                ))
            })
            .all(|(name, wanted)| is_met(name, wanted, happening))
}

fn is_met(name: &str, wanted: &str, happening: &Happening) -> bool {
    let event = &happening.event;
    let is = |member: &Value| member.as_str() == Some(wanted);
    match name {
        "broadcaster_user_id" => happening.broadcaster_id == wanted,
        // Who reads, not what happened; but a held message is shown to its author alone.
        "user_id" if happening.event_type.starts_with("channel.") => {
            !happening
                .event_type
                .starts_with("channel.chat.user_message_")
                || is(&event["user_id"])
        }
        "moderator_user_id" => true,
        "client_id" => wanted == CLIENT_ID,
        "user_id" => is(&event["user_id"]) || is(&event["to_user_id"]),
        "reward_id" => {
            is(&event["reward"]["id"]) || is(&event["custom_power_up"]["id"]) || is(&event["id"])
        }
        other => is(&event[other]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raid() -> Happening {
        Happening {
            event_type: "channel.raid".to_owned(),
            version: "1".to_owned(),
            broadcaster_id: "2".to_owned(),
            event: json!({ "from_broadcaster_user_id": "1", "to_broadcaster_user_id": "2", "viewers": 3 }),
        }
    }

    #[test]
    fn a_raid_concerns_the_side_named_in_the_condition() {
        assert!(is_met("from_broadcaster_user_id", "1", &raid()));
        assert!(is_met("to_broadcaster_user_id", "2", &raid()));
        assert!(!is_met("to_broadcaster_user_id", "1", &raid()));
    }

    #[test]
    fn a_chat_reader_gets_the_chat_of_others_but_only_the_own_held_messages() {
        let mut line = Happening {
            event_type: "channel.chat.message".to_owned(),
            version: "1".to_owned(),
            broadcaster_id: "2".to_owned(),
            event: json!({ "chatter_user_id": "9" }),
        };
        assert!(is_met("user_id", "7", &line));
        line.event_type = "channel.chat.user_message_hold".to_owned();
        line.event = json!({ "user_id": "9" });
        assert!(!is_met("user_id", "7", &line));
        assert!(is_met("user_id", "9", &line));
    }
}
