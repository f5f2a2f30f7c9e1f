//! What a reader says about a notification, before the common parts are added.

use jiff::Timestamp;
use wire::{Amount, GroupKind, Kind};

use super::fields::Fields;
use super::numbers::Money;
use super::person::Person;
use super::twins::Twin;
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
    pub(super) part: Option<Part>,
    pub(super) twins: Vec<Twin>,
}

/// A part of a happening that has several.
pub(super) struct Part {
    pub(super) kind: GroupKind,
    pub(super) id: String,
    pub(super) step: u8,
    pub(super) total: Option<i64>,
    /// In whose channel, if not in the event's.
    pub(super) broadcaster_id: Option<String>,
    pub(super) recipient: Option<Person>,
}

/// How far a happening is when its parts are told: a later one knows more.
pub(super) mod step {
    pub(crate) const BEGIN: u8 = 0;
    pub(crate) const PROGRESS: u8 = 1;
    pub(crate) const LOCK: u8 = 2;
    /// Tells the end once more.
    pub(crate) const ARCHIVED: u8 = 3;
    pub(crate) const END: u8 = 4;
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

    /// A part of the happening with this id; its amount is what the whole has come to.
    pub(super) fn part_of(mut self, kind: GroupKind, id: Option<String>, step: u8) -> Self {
        self.part = id.map(|id| Part {
            kind,
            id,
            step,
            total: self.amount.as_ref().map(|amount| amount.value),
            broadcaster_id: None,
            recipient: None,
        });
        self
    }

    /// Something else may tell the same happening.
    pub(super) fn twin(mut self, twin: Option<Twin>) -> Self {
        self.twins.extend(twin);
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
