//! What there is to record, and what became of it.

use serde_json::value::RawValue;
use wire::{Amount, Event, Group, Kind, UserRef, Visibility};

use crate::clock::rfc3339;
use crate::ids::UserId;

/// An event that was received and has no cursor yet.
#[derive(Debug)]
pub struct NewEvent {
    /// Twitch's message id; none of an event that was recovered after an outage.
    pub message_id: Option<String>,
    /// Twitch's type.
    pub event_type: String,
    /// Twitch's version of it.
    pub version: String,
    /// What sort of happening.
    pub kind: Kind,
    /// Whose channel.
    pub broadcaster: UserRef,
    /// Who did it.
    pub actor: Option<UserRef>,
    /// In one line.
    pub summary: String,
    /// How much.
    pub amount: Option<Amount>,
    /// What was written.
    pub text: Option<String>,
    /// Unix milliseconds.
    pub occurred_at: i64,
    /// Unix milliseconds.
    pub received_at: i64,
    /// Who may see it.
    pub visibility: Visibility,
    /// What names the happening within its type and broadcaster.
    pub natural_key: Option<String>,
    /// The happening it is a part of.
    pub group: Option<Box<Group>>,
    /// By what others that tell the same happening are found.
    pub twins: Vec<Twin>,
    /// What tells the same happening; whoever records finds it.
    pub same_as: Option<SameAs>,
    /// Twitch's `event` object, unchanged.
    pub payload: Box<RawValue>,
}

/// What a telling of a happening has in common with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// All tellings have the same.
    pub key: String,
    /// Two tellings that both have one have the same.
    pub detail: Option<String>,
    /// How far apart the tellings are at most, milliseconds.
    pub within_ms: i64,
}

/// An event that tells the same happening and was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SameAs {
    /// Its cursor.
    pub id: i64,
    /// Who may know of it.
    pub visibility: Visibility,
}

impl NewEvent {
    /// The event under its cursor, as it goes over the wire to everybody.
    pub fn into_wire(self, id: i64) -> Event {
        Event {
            id: id.to_string(),
            recovered: self.message_id.is_none(),
            message_id: self.message_id,
            event_type: self.event_type,
            version: self.version,
            kind: self.kind,
            broadcaster: self.broadcaster,
            actor: self.actor,
            summary: self.summary,
            amount: self.amount,
            text: self.text,
            occurred_at: rfc3339(self.occurred_at),
            received_at: rfc3339(self.received_at),
            visibility: self.visibility,
            group: self.group,
            same_as: self
                .same_as
                .filter(SameAs::is_for_all)
                .map(|twin| twin.id.to_string()),
            fold: None,
            payload: self.payload,
        }
    }

    /// What tells the same and is the broadcaster's alone to know of.
    pub fn private_twin(&self) -> Option<i64> {
        let twin = self.same_as.filter(|twin| !twin.is_for_all())?;
        Some(twin.id)
    }
}

impl SameAs {
    /// Everybody may know of it, and not its broadcaster alone.
    pub(super) fn is_for_all(&self) -> bool {
        self.visibility == Visibility::Public
    }
}

/// Something to keep or to apply, once per message id.
#[derive(Debug)]
pub enum Record {
    /// An event.
    Event(Box<NewEvent>),
    /// Twitch ended one of its subscriptions.
    TopicRevoked {
        /// Of the message that said so.
        message_id: String,
        /// Twitch's id of the subscription.
        eventsub_id: String,
        /// When Twitch said so, unix milliseconds.
        said_at: i64,
        /// Twitch's word for why.
        reason: String,
    },
    /// A viewer took the grant back at Twitch.
    GrantRevoked {
        /// Of the message that said so.
        message_id: String,
        /// Who.
        viewer_id: UserId,
        /// When Twitch said so, unix milliseconds; a grant made later stands.
        said_at: i64,
    },
}

impl Record {
    /// About how much memory it takes, bytes.
    pub fn size(&self) -> usize {
        let payload = match self {
            Self::Event(event) => event.payload.get().len(),
            Self::TopicRevoked { .. } | Self::GrantRevoked { .. } => 0,
        };
        payload + 1024
    }

    pub(super) fn message_id(&self) -> Option<&str> {
        match self {
            Self::Event(event) => event.message_id.as_deref(),
            Self::TopicRevoked { message_id, .. } | Self::GrantRevoked { message_id, .. } => {
                Some(message_id)
            }
        }
    }
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// Stored under this cursor.
    New(i64),
    /// Applied; there is no event.
    Applied,
    /// The message, or the happening it tells, was held already.
    Duplicate,
}
