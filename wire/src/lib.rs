//! What both ends of the JSON API agree on: shapes only, no I/O.
//!
//! The server serialises these types and the single-page app reads them. Every
//! field name, unit and code here is part of the public contract.
#![warn(missing_docs)]

mod account;
mod event;
mod fold;
mod live;
mod problem;
mod recap;
mod stats;
mod streamer;

pub use account::{
    ApiToken, ApiTokenList, Config, CreateToken, CreatedToken, Me, UpdateMe, UserRef,
};
pub use event::{Amount, Event, EventPage, Kind, Visibility};
pub use fold::{Fold, Group, GroupKind};
pub use live::{BroadcasterGap, Connection, Gap, GapList, ReadMark, Status};
pub use problem::{Code, Problem};
pub use recap::{Gifter, Raids, Recap, RecapAnswer};
pub use stats::{Stats, StatsBucket};
pub use streamer::{
    Broadcaster, ChannelStep, CreateSubscription, Direction, LiveState, MarkRead, OwnChannel,
    StepState, Streamer, StreamerList, Subscription, SubscriptionList, Topic, TopicStatus,
};
