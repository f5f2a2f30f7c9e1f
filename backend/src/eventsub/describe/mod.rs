//! From a Twitch notification to what an event says: who, what, how much, when.
//!
//! Pure. Which types exist, of what kind they are and who may see them is one
//! table, `types::TYPES`; the chat notices have their own, `notices::NOTICES`.
//! A new type is one row there and one small reader in its family's file.
//!
//! Payloads are read leniently: a field that is missing, null or of another shape
//! costs a detail of the summary, never the event. Storing, deduplicating and the
//! sixty-second rule of `channel.update` belong to the store.

mod automod;
mod charity;
mod chat;
mod cheers;
mod draft;
mod fields;
mod follows;
mod gifts;
mod goals;
mod hype_train;
mod moderate;
mod moderation;
mod notices;
mod numbers;
mod people;
mod person;
mod points;
mod polls;
mod predictions;
mod raids;
mod role;
mod shoutouts;
mod stream;
mod subs;
mod suspicion;
#[cfg(test)]
mod tests;
mod twins;
mod types;
mod words;

use jiff::Timestamp;
use serde_json_borrow::Value;
use wire::{Amount, Group, Kind, UserRef, Visibility};

use self::draft::{Draft, Part};
use self::fields::Fields;
use self::person::Person;
use self::role::Role;
use self::types::{Reader, Row};

pub use self::twins::Twin;

/// A notification before it is read.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// Twitch's subscription type, such as `channel.raid`.
    pub event_type: &'a str,
    /// Twitch's version of that type.
    pub version: &'a str,
    /// The condition of the subscription it came by.
    pub condition: Value<'a>,
    /// Twitch's `event` object.
    pub event: Value<'a>,
    /// When Twitch sent the message.
    pub message_timestamp: Timestamp,
}

/// What a notification turned out to be.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every reading is an event; boxing it would cost each an allocation"
)]
pub enum Reading {
    /// Something that happened in a channel.
    Event(Described),
    /// Nothing for a feed; says why, as a label for metrics.
    Ignored(&'static str),
}

/// What an event says, ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    /// Whose channel it happened in.
    pub broadcaster: UserRef,
    /// What sort of happening it is.
    pub kind: Kind,
    /// Who did it; none when anonymous or nobody.
    pub actor: Option<UserRef>,
    /// The happening in one line, at most [`SUMMARY_CHARS`] characters.
    pub summary: String,
    /// How much.
    pub amount: Option<Amount>,
    /// What the person wrote, or the new title.
    pub text: Option<String>,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Who may see it.
    pub visibility: Visibility,
    /// Tells the same happening under another message id, within one type and
    /// one broadcaster.
    pub natural_key: Option<String>,
    /// The happening it is a part of.
    pub group: Option<Box<Group>>,
    /// By what others that tell the same happening are found.
    pub twins: Vec<Twin>,
}

/// The types whose events everyone may see, who subscribes here or not; all others are the broadcaster's alone.
pub fn public_types() -> impl Iterator<Item = &'static str> {
    let is_public = |row: &&types::Row| row.visibility == Visibility::Public;
    types::TYPES
        .iter()
        .filter(is_public)
        .map(|row| row.event_type)
}

/// The types whose events the broadcaster alone may see and that are told; the tests of the table of what a streamer
/// can connect hold against it.
#[cfg(test)]
pub(crate) fn owners_types() -> impl Iterator<Item = &'static str> {
    let is_private = |row: &&types::Row| {
        row.visibility == Visibility::Broadcaster && !matches!(row.reader, types::Reader::Never(_))
    };
    types::TYPES
        .iter()
        .filter(is_private)
        .map(|row| row.event_type)
}

/// Longest summary, in characters: what a feed shows in one or two lines.
pub const SUMMARY_CHARS: usize = 300;

/// A notification as the readers see it.
struct Notification<'a> {
    subject: &'a Subject<'a>,
    event: Fields<'a>,
    broadcaster: &'a Person,
}

/// Reads a notification.
#[must_use]
pub fn describe(subject: &Subject<'_>) -> Reading {
    if types::concerns_no_channel(subject.event_type) {
        return Reading::Ignored("no-channel-type");
    }
    let row = types::find(subject.event_type);
    let event = Fields::of(&subject.event);
    let read = match row.reader {
        Reader::Always(read) => read,
        Reader::Sometimes(is_told, read) => match is_told(event) {
            Ok(()) => read,
            Err(why) => return Reading::Ignored(why),
        },
        Reader::Never(why) => return Reading::Ignored(why),
    };
    let person = broadcaster(subject);
    let draft = read(&Notification {
        subject,
        event,
        broadcaster: &person,
    });
    match person.into_reference() {
        Some(broadcaster) => Reading::Event(finish(draft, subject, broadcaster, row)),
        None => Reading::Ignored("no-broadcaster"),
    }
}

/// The broadcaster is in the event, else in the condition; of a raid's two
/// channels it is the one the condition names.
fn broadcaster(subject: &Subject<'_>) -> Person {
    let event = Fields::of(&subject.event);
    let condition = Fields::of(&subject.condition);
    let raided = if subject.event_type == raids::TYPE {
        raids::broadcaster(subject)
    } else {
        Person::default()
    };
    raided
        .completed_by(|| event.person(Role::BROADCASTER))
        .completed_by(|| event.person(Role::BROADCASTER_IN_SHORT))
        .completed_by(|| condition.person(Role::BROADCASTER))
        .completed_by(|| condition.person(Role::BROADCASTER_IN_SHORT))
        .completed_by(|| condition.person(Role::TO))
        .completed_by(|| condition.person(Role::FROM))
}

fn finish(draft: Draft, subject: &Subject<'_>, broadcaster: UserRef, row: &Row) -> Described {
    let mut summary = words::clip(words::into_one_line(draft.summary), SUMMARY_CHARS);
    if summary.is_empty() {
        summary = types::something_happened(subject.event_type);
    }
    Described {
        group: draft.part.map(|part| Box::new(group(part, &broadcaster))),
        twins: twins::within(draft.twins, &broadcaster.id),
        broadcaster,
        kind: draft.kind.unwrap_or(row.kind),
        actor: draft.actor.and_then(Person::into_reference),
        summary,
        amount: draft.amount,
        text: draft.text,
        occurred_at: draft.occurred_at.unwrap_or(subject.message_timestamp),
        visibility: row.visibility,
        natural_key: draft.natural_key,
    }
}

fn group(part: Part, broadcaster: &UserRef) -> Group {
    Group {
        id: part.id,
        kind: part.kind,
        total: part.total,
        broadcaster_id: part
            .broadcaster_id
            .unwrap_or_else(|| broadcaster.id.clone()),
        step: part.step,
        recipient: part.recipient.and_then(Person::into_reference),
    }
}
