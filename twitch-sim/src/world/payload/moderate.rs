//! `channel.moderate`: one envelope, one object per action, the others null.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BROADCASTER, MODERATOR, Person, USER, stamp, with};

/// Keys both versions have; an action without data has no key.
const KEYS: [&str; 17] = [
    "followers",
    "slow",
    "vip",
    "unvip",
    "mod",
    "unmod",
    "ban",
    "unban",
    "timeout",
    "untimeout",
    "raid",
    "unraid",
    "delete",
    "automod_terms",
    "unban_request",
    "shared_chat_ban",
    "shared_chat_timeout",
];

/// Further keys of both versions.
const SHARED_KEYS: [&str; 3] = [
    "shared_chat_unban",
    "shared_chat_untimeout",
    "shared_chat_delete",
];

/// What a moderator did, with the action's own object where it has one.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub(crate) name: &'static str,
    pub(crate) object: Option<Value>,
}

impl Action {
    pub(crate) fn ban(user: &Person, reason: &str) -> Self {
        Self::new(
            "ban",
            with(&[(USER, Some(user))], json!({"reason": reason})),
        )
    }

    pub(crate) fn timeout(user: &Person, reason: &str, expires_at: Timestamp) -> Self {
        let fields = json!({"reason": reason, "expires_at": stamp(expires_at)});
        Self::new("timeout", with(&[(USER, Some(user))], fields))
    }

    /// `unban`, `untimeout`, `mod`, `unmod`, `vip`, `unvip`, `unraid`
    pub(crate) fn person(name: &'static str, user: &Person) -> Self {
        Self::new(name, with(&[(USER, Some(user))], json!({})))
    }

    pub(crate) fn raid(target: &Person, viewer_count: i64) -> Self {
        let fields = json!({"viewer_count": viewer_count});
        Self::new("raid", with(&[(USER, Some(target))], fields))
    }

    pub(crate) fn delete(user: &Person, message_id: &str, body: &str) -> Self {
        let fields = json!({"message_id": message_id, "message_body": body});
        Self::new("delete", with(&[(USER, Some(user))], fields))
    }

    pub(crate) fn slow(wait_time_seconds: i64) -> Self {
        Self::new("slow", json!({"wait_time_seconds": wait_time_seconds}))
    }

    pub(crate) fn followers(minutes: i64) -> Self {
        Self::new("followers", json!({"follow_duration_minutes": minutes}))
    }

    pub(crate) fn warn(user: &Person, reason: Option<&str>, rules: Option<&[&str]>) -> Self {
        let fields = json!({"reason": reason, "chat_rules_cited": rules});
        Self::new("warn", with(&[(USER, Some(user))], fields))
    }

    pub(crate) fn unban_request(user: &Person, approved: bool, message: &str) -> Self {
        let name = if approved {
            "approve_unban_request"
        } else {
            "deny_unban_request"
        };
        let fields = json!({"is_approved": approved, "moderator_message": message});
        Self::new(name, with(&[(USER, Some(user))], fields))
    }

    /// `clear`, `slowoff`, `emoteonly` and the like.
    pub(crate) fn plain(name: &'static str) -> Self {
        Self { name, object: None }
    }

    fn new(name: &'static str, object: Value) -> Self {
        Self {
            name,
            object: Some(object),
        }
    }

    /// Both answers to a request lie under one key.
    fn key(&self) -> &'static str {
        match self.name {
            "approve_unban_request" | "deny_unban_request" => "unban_request",
            name => name,
        }
    }
}

/// `channel.moderate`, versions 1 and 2 (which adds `warn`).
pub(crate) fn moderate(
    broadcaster: &Person,
    moderator: &Person,
    action: &Action,
    version: &str,
) -> Value {
    let mut event = with(
        &[
            (BROADCASTER, Some(broadcaster)),
            ("source_broadcaster_user", None),
            (MODERATOR, Some(moderator)),
        ],
        json!({"action": action.name}),
    );
    for key in KEYS.iter().chain(&SHARED_KEYS) {
        event[*key] = Value::Null;
    }
    if version != "1" {
        event["warn"] = Value::Null;
    }
    if let Some(object) = &action.object {
        event[action.key()] = object.clone();
    }
    event
}
