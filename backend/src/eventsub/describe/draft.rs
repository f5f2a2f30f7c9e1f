//! What a reader says about a notification, before the common parts are added.

use jiff::Timestamp;
use wire::{Amount, Kind};

use super::fields::Fields;
use super::numbers::Money;
use super::person::Person;
use super::words::{clip_exactly, one_line};

/// A summary and, where the notification has them, the rest.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) summary: String,
    /// Overrides the kind of the type's row.
    pub(super) kind: Option<Kind>,
    pub(super) actor: Option<Person>,
    pub(super) amount: Option<Amount>,
    pub(super) text: Option<String>,
    pub(super) occurred_at: Option<Timestamp>,
    pub(super) natural_key: Option<String>,
}

impl Draft {
    pub(super) fn new(summary: impl Into<String>) -> Self {
        Self {
            summary: summary.into(),
            ..Self::default()
        }
    }

    /// Who did it.
    pub(super) fn by(mut self, actor: Person) -> Self {
        self.actor = Some(actor);
        self
    }

    pub(super) fn kind(mut self, kind: Kind) -> Self {
        self.kind = Some(kind);
        self
    }

    pub(super) fn amount(mut self, value: Option<i64>, unit: &str) -> Self {
        self.amount = value.map(|value| Amount {
            value,
            unit: unit.to_owned(),
            decimals: None,
        });
        self
    }

    pub(super) fn money(mut self, money: Option<&Money>) -> Self {
        self.amount = money.map(Money::amount);
        self
    }

    /// What the person wrote.
    pub(super) fn text(mut self, text: Option<String>) -> Self {
        self.text = text;
        self
    }

    /// The event's own time.
    pub(super) fn at(mut self, occurred_at: Option<Timestamp>) -> Self {
        self.occurred_at = occurred_at;
        self
    }

    pub(super) fn key(mut self, natural_key: Option<String>) -> Self {
        self.natural_key = natural_key;
        self
    }
}

/// The key of a thing's end: its id, and how it ended where Twitch says so.
pub(super) fn end_key(event: Fields<'_>) -> Option<String> {
    let status = event.token("status");
    event.id("id").map(|id| key_with_status(id, status))
}

/// The key of a thing and the state it went into: one for each state.
pub(super) fn key_with_status(id: String, status: &str) -> String {
    /// Twitch's longest state has eleven characters.
    const STATUS_CHARS: usize = 32;
    let status = clip_exactly(one_line(status), STATUS_CHARS);
    if status.is_empty() {
        id
    } else {
        format!("{id}:{status}")
    }
}
