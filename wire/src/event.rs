//! One event of a streamer, as stored, listed and streamed.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{Fold, Group, UserRef};

/// What sort of happening an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Went live, ended, title or category changed.
    Stream,
    /// A paid subscription to the channel, new or renewed.
    Sub,
    /// Subscriptions given to others.
    Gift,
    /// Bits.
    Cheer,
    /// A raid, incoming or outgoing.
    Raid,
    /// A new follower.
    Follow,
    /// Channel points.
    Points,
    /// A poll.
    Poll,
    /// A prediction.
    Prediction,
    /// A hype train.
    HypeTrain,
    /// A creator goal.
    Goal,
    /// A charity campaign.
    Charity,
    /// Bans, moderators, warnings and the like.
    Moderation,
    /// Notices and changes of the chat.
    Chat,
    /// Everything else.
    System,
}

impl Kind {
    /// Every kind, in the order pages show them.
    pub const ALL: [Self; 15] = [
        Self::Stream,
        Self::Sub,
        Self::Gift,
        Self::Cheer,
        Self::Raid,
        Self::Follow,
        Self::Points,
        Self::Poll,
        Self::Prediction,
        Self::HypeTrain,
        Self::Goal,
        Self::Charity,
        Self::Moderation,
        Self::Chat,
        Self::System,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::Sub => "sub",
            Self::Gift => "gift",
            Self::Cheer => "cheer",
            Self::Raid => "raid",
            Self::Follow => "follow",
            Self::Points => "points",
            Self::Poll => "poll",
            Self::Prediction => "prediction",
            Self::HypeTrain => "hype_train",
            Self::Goal => "goal",
            Self::Charity => "charity",
            Self::Moderation => "moderation",
            Self::Chat => "chat",
            Self::System => "system",
        }
    }

    /// The kind with this name on the wire.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Who may see an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everyone.
    Public,
    /// The broadcaster it happened to, alone.
    Broadcaster,
}

/// How much: an integer and what it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// The count; of money, the minor units.
    pub value: i64,
    /// `viewers bits months subs points votes`, or a currency code.
    pub unit: String,
    /// With a currency: how many of the digits stand behind the point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
}

/// One event of a streamer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    /// The cursor: a growing decimal string, to be treated as opaque.
    pub id: String,
    /// Twitch's message id; null for an event recovered after an outage.
    pub message_id: Option<String>,
    /// Twitch's subscription type, such as `channel.raid`.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Twitch's version of that type.
    pub version: String,
    /// What sort of happening it is.
    pub kind: Kind,
    /// Whose channel it happened in.
    pub broadcaster: UserRef,
    /// Who did it; null when anonymous or nobody.
    pub actor: Option<UserRef>,
    /// The happening in one line, as a person would tell it.
    pub summary: String,
    /// How much.
    pub amount: Option<Amount>,
    /// What the person wrote, or the new title.
    pub text: Option<String>,
    /// RFC 3339, UTC, milliseconds: the event's own time, else the message's.
    pub occurred_at: String,
    /// RFC 3339, UTC, milliseconds: when this server received it.
    pub received_at: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// The happening this is a part of.
    #[serde(default)]
    pub group: Option<Box<Group>>,
    /// Id of an event that tells the same happening and was there before; null for those who may not see that one.
    #[serde(default)]
    pub same_as: Option<String>,
    /// In folded lists, of an event that stands for several: which these are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fold: Option<Box<Fold>>,
    /// Inserted from Twitch's API after an outage.
    #[serde(default)]
    pub recovered: bool,
    /// Twitch's `event` object, unchanged.
    pub payload: Box<RawValue>,
}

/// Events are the same when their cursor and their bytes are, and they stand for the same.
impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.message_id == other.message_id
            && self.fold == other.fold
            && self.payload.get() == other.payload.get()
    }
}

/// Answer of `GET /api/v1/events`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventPage {
    /// Newest first; with `after`, oldest first.
    pub events: Vec<Event>,
    /// Cursor for the next older page; null when there is none.
    pub next_before: Option<String>,
    /// Cursor for what is newer than this page.
    pub next_after: Option<String>,
}
