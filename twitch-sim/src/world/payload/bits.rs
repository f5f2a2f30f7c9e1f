//! `channel.bits.use`, `channel.custom_power_up_redemption.add`

use jiff::Timestamp;
use serde_json::{Value, json};

use super::text::Message;
use super::{BROADCASTER, Person, USER, stamp, with};

/// What bits were spent on.
#[derive(Debug, Clone)]
pub(crate) enum Use<'a> {
    Cheer,
    /// A built-in effect on a message, by type.
    PowerUp(&'static str),
    /// One the broadcaster made: title, id.
    CustomPowerUp(&'a str, &'a str),
}

/// `channel.bits.use`
pub(crate) fn spend(
    broadcaster: &Person,
    user: &Person,
    bits: i64,
    what: &Use<'_>,
    message: Option<&Message>,
) -> Value {
    let (kind, power_up, custom) = match what {
        Use::Cheer => ("cheer", Value::Null, Value::Null),
        Use::PowerUp(kind) => {
            let (emote, effect) = match *kind {
                "message_effect" => (Value::Null, json!("simmer")),
                _ => (json!({"id": "425618", "name": "LUL"}), Value::Null),
            };
            let up = json!({"type": kind, "emote": emote, "message_effect_id": effect});
            ("power_up", up, Value::Null)
        }
        Use::CustomPowerUp(title, id) => (
            "custom_power_up",
            Value::Null,
            json!({"title": title, "reward_id": id}),
        ),
    };
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        json!({
            "bits": bits,
            "type": kind,
            "power_up": power_up,
            "custom_power_up": custom,
            "message": message.map(Message::json),
        }),
    )
}

/// A power-up the broadcaster made.
#[derive(Debug, Clone)]
pub(crate) struct CustomPowerUp {
    pub(crate) id: String,
    pub(crate) title: &'static str,
    pub(crate) bits: i64,
    pub(crate) prompt: &'static str,
}

/// `channel.custom_power_up_redemption.add`
pub(crate) fn custom_power_up_redemption(
    broadcaster: &Person,
    user: &Person,
    redemption_id: &str,
    power_up: &CustomPowerUp,
    user_input: &str,
    at: Timestamp,
) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        json!({
            "id": redemption_id,
            "user_input": user_input,
            "status": "unfulfilled",
            "custom_power_up": {
                "id": power_up.id,
                "title": power_up.title,
                "bits": power_up.bits,
                "prompt": power_up.prompt,
            },
            "redeemed_at": stamp(at),
        }),
    )
}
