//! Builds the `event` objects of EventSub, one function per subscription type,
//! in modules named after the types; all keys Twitch sends are there, nulls
//! included. Decides nothing: who does what is the life of the world.
//!
//! <https://dev.twitch.tv/docs/eventsub/eventsub-reference/>

pub(crate) mod app;
pub(crate) mod automod;
pub(crate) mod bits;
pub(crate) mod channel;
pub(crate) mod charity;
pub(crate) mod chat;
pub(crate) mod goal;
pub(crate) mod hype_train;
pub(crate) mod moderate;
pub(crate) mod moderation;
pub(crate) mod notice;
pub(crate) mod points;
pub(crate) mod poll;
pub(crate) mod prediction;
pub(crate) mod shared_chat;
pub(crate) mod stream;
pub(crate) mod subscription;
pub(crate) mod text;
pub(crate) mod user;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Person;

/// The channel an event is about.
pub(crate) const BROADCASTER: &str = "broadcaster_user";
/// Who did it, or to whom it was done.
pub(crate) const USER: &str = "user";
/// The moderator who acted.
pub(crate) const MODERATOR: &str = "moderator_user";

/// Adds each person to `fields` as `{role}_id`, `{role}_login` and
/// `{role}_name`; nobody is three nulls.
pub(crate) fn with(people: &[(&str, Option<&Person>)], fields: Value) -> Value {
    let mut map = match fields {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    };
    for (role, person) in people {
        name(&mut map, role, *person);
    }
    Value::Object(map)
}

/// Writes the three keys of one person.
pub(crate) fn name(map: &mut Map<String, Value>, role: &str, person: Option<&Person>) {
    map.insert(format!("{role}_id"), person.map(|p| p.id.as_str()).into());
    map.insert(
        format!("{role}_login"),
        person.map(|p| p.login.as_str()).into(),
    );
    map.insert(
        format!("{role}_name"),
        person.map(|p| p.display_name.as_str()).into(),
    );
}

/// A time as EventSub writes it: UTC with nine decimals.
pub(crate) fn stamp(at: Timestamp) -> String {
    format!("{at:.9}")
}

/// A time as Helix and `stream.online` write it: whole seconds.
pub(crate) fn whole_second(at: Timestamp) -> String {
    format!("{at:.0}")
}

/// "Tier 1" for "1000".
pub(crate) fn tier_name(tier: &str) -> &'static str {
    match tier {
        "2000" => "Tier 2",
        "3000" => "Tier 3",
        _ => "Tier 1",
    }
}

/// An amount of money in minor units.
#[derive(Debug, Clone)]
pub(crate) struct Money {
    pub(crate) value: i64,
    pub(crate) currency: &'static str,
}

impl Money {
    /// As `channel.charity_campaign.*` writes it.
    pub(crate) fn json(&self) -> Value {
        serde_json::json!({"value": self.value, "decimal_places": 2, "currency": self.currency})
    }
}
