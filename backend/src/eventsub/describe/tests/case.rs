//! One payload and what is expected of it. The channel is Mira's unless the
//! payload says otherwise; the message was sent at [`SENT`].

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use wire::{Amount, Kind, UserRef, Visibility};

use super::super::{Described, Subject};

/// Id, login and display name.
pub(super) type Who = (&'static str, &'static str, &'static str);

pub(super) const MIRA: Who = ("700100200", "mira_plays", "Mira_Plays");
pub(super) const OWL: Who = ("555000111", "late_owl", "Late_Owl");
pub(super) const TIM: Who = ("810020030", "teapot_tim", "Teapot_Tim");
pub(super) const PIP: Who = ("990011333", "pip", "Pip");
pub(super) const MOLLY: Who = ("660044222", "mod_molly", "Mod_Molly");

/// When the messages of all cases were sent.
pub(super) const SENT: &str = "2026-11-01T18:20:00.5Z";

pub(super) fn sent() -> Timestamp {
    SENT.parse().expect("a timestamp")
}

#[derive(Clone)]
pub(super) struct Case {
    pub(super) event_type: &'static str,
    pub(super) version: &'static str,
    pub(super) condition: Value,
    pub(super) event: Value,
    expected: Described,
}

pub(super) fn user(who: Who) -> UserRef {
    UserRef {
        id: who.0.to_owned(),
        login: who.1.to_owned(),
        display_name: who.2.to_owned(),
    }
}

/// A notification of a type, its event without people, its kind and summary.
pub(super) fn case(event_type: &'static str, event: Value, kind: Kind, summary: &str) -> Case {
    let public = super::PUBLIC.contains(&event_type);
    let case = Case {
        event_type,
        version: "1",
        condition: json!({"broadcaster_user_id": MIRA.0}),
        event,
        expected: Described {
            broadcaster: user(MIRA),
            kind,
            actor: None,
            summary: summary.to_owned(),
            amount: None,
            text: None,
            occurred_at: sent(),
            visibility: if public {
                Visibility::Public
            } else {
                Visibility::Broadcaster
            },
            natural_key: None,
            group: None,
            twins: Vec::new(),
        },
    };
    // A raid names two channels, neither of them so.
    if event_type == "channel.raid" {
        return case;
    }
    case.with("broadcaster_user", MIRA)
}

impl Case {
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject {
            event_type: self.event_type,
            version: self.version,
            condition: (&self.condition).into(),
            event: (&self.event).into(),
            message_timestamp: sent(),
        }
    }

    pub(super) fn expected(&self) -> Described {
        self.expected.clone()
    }

    pub(super) fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    pub(super) fn condition(mut self, condition: Value) -> Self {
        self.condition = condition;
        self
    }

    /// Adds a person to the event.
    pub(super) fn with(mut self, prefix: &str, who: Who) -> Self {
        let fields = self.event.as_object_mut().expect("an object");
        put(fields, prefix, who);
        self
    }

    /// Adds a person to an object in the event.
    pub(super) fn with_in(mut self, object: &str, prefix: &str, who: Who) -> Self {
        let fields = self.event[object].as_object_mut().expect("an object");
        put(fields, prefix, who);
        self
    }

    /// Adds the person who did it.
    pub(super) fn by(self, prefix: &str, who: Who) -> Self {
        self.with(prefix, who).actor(who)
    }

    pub(super) fn actor(mut self, who: Who) -> Self {
        self.expected.actor = Some(user(who));
        self
    }

    /// Expects another channel than Mira's.
    pub(super) fn in_channel(mut self, who: Who) -> Self {
        self.expected.broadcaster = user(who);
        self
    }

    pub(super) fn amount(mut self, value: i64, unit: &str) -> Self {
        self.expected.amount = Some(Amount {
            value,
            unit: unit.to_owned(),
            decimals: None,
        });
        self
    }

    pub(super) fn money(mut self, value: i64, decimals: u8, unit: &str) -> Self {
        self = self.amount(value, unit);
        if let Some(amount) = &mut self.expected.amount {
            amount.decimals = Some(decimals);
        }
        self
    }

    pub(super) fn text(mut self, text: &str) -> Self {
        self.expected.text = Some(text.to_owned());
        self
    }

    pub(super) fn at(mut self, time: &str) -> Self {
        self.expected.occurred_at = time.parse().expect("a timestamp");
        self
    }

    pub(super) fn key(mut self, key: &str) -> Self {
        self.expected.natural_key = Some(key.to_owned());
        self
    }
}

fn put(fields: &mut Map<String, Value>, prefix: &str, who: Who) {
    let parts = [("id", who.0), ("login", who.1), ("name", who.2)];
    for (part, value) in parts {
        fields.insert(format!("{prefix}_{part}"), json!(value));
    }
}
