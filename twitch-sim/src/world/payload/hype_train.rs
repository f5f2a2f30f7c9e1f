//! `channel.hype_train.*`, version 2

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{BROADCASTER, Person, USER, stamp, with};
use crate::world::later;

#[derive(Debug, Clone)]
pub(crate) struct Train {
    pub(crate) id: String,
    /// `regular`, `golden_kappa`, `treasure`
    pub(crate) kind: &'static str,
    pub(crate) level: i64,
    pub(crate) total: i64,
    /// Within the level, of `goal`.
    pub(crate) progress: i64,
    pub(crate) goal: i64,
    pub(crate) top: Vec<Contribution>,
    /// The channels that ride together, when it is shared.
    pub(crate) shared_with: Vec<Person>,
    pub(crate) started_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) all_time_high_level: i64,
    pub(crate) all_time_high_total: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Contribution {
    pub(crate) person: Person,
    /// `bits`, `subscription`, `other`
    pub(crate) kind: &'static str,
    pub(crate) total: i64,
}

/// How long until the next train can start.
pub(crate) const COOLDOWN: SignedDuration = SignedDuration::from_mins(20);

/// `channel.hype_train.begin`
pub(crate) fn begin(broadcaster: &Person, train: &Train) -> Value {
    let mut event = progress(broadcaster, train);
    event["all_time_high_level"] = train.all_time_high_level.into();
    event["all_time_high_total"] = train.all_time_high_total.into();
    event
}

/// `channel.hype_train.progress`
pub(crate) fn progress(broadcaster: &Person, train: &Train) -> Value {
    let mut event = common(broadcaster, train);
    event["progress"] = train.progress.into();
    event["goal"] = train.goal.into();
    event["expires_at"] = stamp(train.expires_at).into();
    event
}

/// `channel.hype_train.end`
pub(crate) fn end(broadcaster: &Person, train: &Train, at: Timestamp) -> Value {
    let mut event = common(broadcaster, train);
    event["ended_at"] = stamp(at).into();
    event["cooldown_ends_at"] = stamp(later(at, COOLDOWN)).into();
    event
}

fn common(broadcaster: &Person, train: &Train) -> Value {
    let top: Value = train
        .top
        .iter()
        .map(|one| {
            with(
                &[(USER, Some(&one.person))],
                json!({"type": one.kind, "total": one.total}),
            )
        })
        .collect();
    let shared: Value = if train.shared_with.is_empty() {
        Value::Null
    } else {
        train
            .shared_with
            .iter()
            .map(|person| with(&[(BROADCASTER, Some(person))], json!({})))
            .collect()
    };
    with(
        &[(BROADCASTER, Some(broadcaster))],
        json!({
            "id": train.id,
            "total": train.total,
            "top_contributions": top,
            "level": train.level,
            "is_shared_train": !train.shared_with.is_empty(),
            "shared_train_participants": shared,
            "started_at": stamp(train.started_at),
            "type": train.kind,
        }),
    )
}
