//! `channel.poll.*`

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BROADCASTER, Person, stamp, with};

#[derive(Debug, Clone)]
pub(crate) struct Poll {
    pub(crate) id: String,
    pub(crate) title: &'static str,
    pub(crate) choices: Vec<Choice>,
    pub(crate) started_at: Timestamp,
    pub(crate) ends_at: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) id: String,
    pub(crate) title: &'static str,
    pub(crate) votes: i64,
    /// How many of the votes were bought with points.
    pub(crate) points_votes: i64,
}

/// `channel.poll.begin`: the choices without counts.
pub(crate) fn begin(broadcaster: &Person, poll: &Poll) -> Value {
    let choices: Value = poll
        .choices
        .iter()
        .map(|choice| json!({"id": choice.id, "title": choice.title}))
        .collect();
    let mut event = common(broadcaster, poll, &choices);
    event["ends_at"] = stamp(poll.ends_at).into();
    event
}

/// `channel.poll.progress`
pub(crate) fn progress(broadcaster: &Person, poll: &Poll) -> Value {
    let mut event = common(broadcaster, poll, &counted(poll));
    event["ends_at"] = stamp(poll.ends_at).into();
    event
}

/// `channel.poll.end` with `completed`, `archived` or `terminated`.
pub(crate) fn end(broadcaster: &Person, poll: &Poll, status: &str, ended_at: Timestamp) -> Value {
    let mut event = common(broadcaster, poll, &counted(poll));
    event["status"] = status.into();
    event["ended_at"] = stamp(ended_at).into();
    event
}

fn counted(poll: &Poll) -> Value {
    poll.choices
        .iter()
        .map(|choice| {
            json!({
                "id": choice.id,
                "title": choice.title,
                "bits_votes": 0,
                "channel_points_votes": choice.points_votes,
                "votes": choice.votes,
            })
        })
        .collect()
}

fn common(broadcaster: &Person, poll: &Poll, choices: &Value) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster))],
        json!({
            "id": poll.id,
            "title": poll.title,
            "choices": choices,
            "bits_voting": {"is_enabled": false, "amount_per_vote": 0},
            "channel_points_voting": {"is_enabled": true, "amount_per_vote": 10},
            "started_at": stamp(poll.started_at),
        }),
    )
}
