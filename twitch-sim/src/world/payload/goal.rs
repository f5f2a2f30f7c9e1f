//! `channel.goal.*`

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BROADCASTER, Person, stamp, with};

#[derive(Debug, Clone)]
pub(crate) struct Goal {
    pub(crate) id: String,
    /// `follow`, `subscription_count`, `new_subscription`, `new_bit` …
    pub(crate) kind: &'static str,
    pub(crate) description: &'static str,
    pub(crate) current: i64,
    pub(crate) target: i64,
    pub(crate) started_at: Timestamp,
}

/// `channel.goal.begin` and `.progress`
pub(crate) fn progress(broadcaster: &Person, goal: &Goal) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster))],
        json!({
            "id": goal.id,
            "type": goal.kind,
            "description": goal.description,
            "current_amount": goal.current,
            "target_amount": goal.target,
            "started_at": stamp(goal.started_at),
        }),
    )
}

/// `channel.goal.end`
pub(crate) fn end(broadcaster: &Person, goal: &Goal, at: Timestamp) -> Value {
    let mut event = progress(broadcaster, goal);
    event["is_achieved"] = (goal.current >= goal.target).into();
    event["ended_at"] = stamp(at).into();
    event
}
