//! Streamers, and a viewer's subscriptions to them.

use serde::{Deserialize, Serialize};

use crate::Event;

/// A streamer as found by search or among the viewer's follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Streamer {
    /// Twitch's user id.
    pub id: String,
    /// Lower-case login name.
    pub login: String,
    /// The name as its owner writes it.
    pub display_name: String,
    /// Address of the avatar, may be empty.
    pub profile_image_url: String,
    /// Is streaming now.
    pub live: bool,
    /// The viewer is subscribed.
    pub subscribed: bool,
}

/// Answer of `GET /api/v1/streamers` and `/followed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamerList {
    /// Best match first.
    pub streamers: Vec<Streamer>,
}

/// Body of `POST /api/v1/subscriptions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateSubscription {
    /// A login name; case, a leading `@` and a pasted channel address are accepted.
    pub login: String,
}

/// Body of `PUT /api/v1/subscriptions/{broadcaster_id}/read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkRead {
    /// Id of the newest event that is read; the mark may also move back, `"0"` makes everything unread. One beyond the
    /// newest event is taken as the newest.
    pub cursor: String,
}

/// Answer of `GET /api/v1/subscriptions`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubscriptionList {
    /// The viewer's subscriptions, live ones first.
    pub subscriptions: Vec<Subscription>,
}

/// A viewer's subscription to a broadcaster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subscription {
    /// Whom.
    pub broadcaster: Broadcaster,
    /// The current stream; null when offline.
    pub live: Option<LiveState>,
    /// Which event types arrive, and why others do not.
    pub topics: Vec<Topic>,
    /// Visible events after the read mark; 1000 stands for that many or more.
    pub unread: u32,
    /// The read mark, a cursor: events above it are unread.
    pub read_cursor: String,
    /// The newest visible event.
    pub last_event: Option<Event>,
    /// RFC 3339, UTC.
    pub created_at: String,
}

/// The broadcaster of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broadcaster {
    /// Twitch's user id.
    pub id: String,
    /// Lower-case login name.
    pub login: String,
    /// The name as its owner writes it.
    pub display_name: String,
    /// Address of the avatar, may be empty.
    pub profile_image_url: String,
}

/// A running stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveState {
    /// Its title.
    pub title: String,
    /// Its category, may be empty.
    pub category: String,
    /// Viewers at the last look.
    pub viewers: i64,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// Address of the preview image with `{width}` and `{height}` filled in.
    pub thumbnail_url: String,
}

/// One of Twitch's event types of a streamer, and whether it arrives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Twitch's subscription type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// For raids: into or out of the channel.
    pub direction: Option<Direction>,
    /// Whether it arrives.
    pub status: TopicStatus,
    /// Why it does not, for people.
    pub reason: Option<String>,
}

/// Answer of `GET /api/v1/me/channel`: what the viewer's own channel tells this server, to the viewer alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnChannel {
    /// What can be connected, step by step.
    pub steps: Vec<ChannelStep>,
    /// Private types that no step brings, and why.
    pub others: Vec<Topic>,
}

/// Something a streamer can allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelStep {
    /// In addresses: `GET /auth/login?connect={name}` takes it, `DELETE /api/v1/me/channel/{name}` undoes it.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it brings, for people.
    pub unlocks: String,
    /// What Twitch is asked for.
    pub scopes: Vec<String>,
    /// Whether it is connected.
    pub state: StepState,
    /// Its types, and whether they arrive.
    pub topics: Vec<Topic>,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Not taken, or undone.
    Off,
    /// Taken, and Twitch allows it.
    Connected,
    /// Taken, and Twitch no longer allows all it needs.
    Missing,
}

/// Direction of a raid as seen from the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Others raid this channel.
    In,
    /// This channel raids others.
    Out,
}

/// Whether a topic arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicStatus {
    /// Twitch delivers it.
    Enabled,
    /// Asked for, not confirmed yet.
    Pending,
    /// Not delivered; the state is polled instead.
    Polling,
    /// Cannot be had.
    Unavailable,
    /// Was refused or taken away; tried again.
    Failed,
}
