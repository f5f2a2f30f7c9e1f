//! Bans, roles, unban requests, warnings, suspicious users, shield mode.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::text::Message;
use super::{BROADCASTER, MODERATOR, Person, USER, stamp, with};

/// `channel.ban`; an end makes it a timeout.
pub(crate) fn ban(
    broadcaster: &Person,
    moderator: &Person,
    user: &Person,
    reason: &str,
    banned_at: Timestamp,
    ends_at: Option<Timestamp>,
) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (MODERATOR, Some(moderator)),
            (USER, Some(user)),
        ],
        json!({
            "reason": reason,
            "banned_at": stamp(banned_at),
            "ends_at": ends_at.map(stamp),
            "is_permanent": ends_at.is_none(),
        }),
    )
}

/// `channel.unban`
pub(crate) fn unban(broadcaster: &Person, moderator: &Person, user: &Person) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (MODERATOR, Some(moderator)),
            (USER, Some(user)),
        ],
        json!({}),
    )
}

/// `channel.moderator.add`, `.remove`, `channel.vip.add`, `.remove`,
/// `channel.warning.acknowledge`
pub(crate) fn role(broadcaster: &Person, user: &Person) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        json!({}),
    )
}

/// `channel.unban_request.create`
pub(crate) fn unban_request_create(
    broadcaster: &Person,
    user: &Person,
    request_id: &str,
    text: &str,
    at: Timestamp,
) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        json!({"id": request_id, "text": text, "created_at": stamp(at)}),
    )
}

/// `channel.unban_request.resolve`
pub(crate) fn unban_request_resolve(
    broadcaster: &Person,
    moderator: Option<&Person>,
    user: &Person,
    request_id: &str,
    resolution_text: Option<&str>,
    status: &str,
) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (MODERATOR, moderator),
            (USER, Some(user)),
        ],
        json!({"id": request_id, "resolution_text": resolution_text, "status": status}),
    )
}

/// `channel.warning.send`
pub(crate) fn warning_send(
    broadcaster: &Person,
    moderator: &Person,
    user: &Person,
    reason: Option<&str>,
    rules: Option<&[&str]>,
) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (MODERATOR, Some(moderator)),
            (USER, Some(user)),
        ],
        json!({"reason": reason, "chat_rules_cited": rules}),
    )
}

/// `channel.suspicious_user.message`
pub(crate) fn suspicious_message(
    broadcaster: &Person,
    user: &Person,
    message_id: &str,
    message: &Message,
) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        json!({
            "low_trust_status": "active_monitoring",
            "shared_ban_channel_ids": Value::Null,
            "types": ["ban_evader"],
            "ban_evasion_evaluation": "likely",
            "message": {
                "message_id": message_id,
                "text": message.text(),
                "fragments": message.fragments(),
            },
        }),
    )
}

/// `channel.suspicious_user.update`
pub(crate) fn suspicious_update(
    broadcaster: &Person,
    moderator: &Person,
    user: &Person,
    status: &str,
) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (MODERATOR, Some(moderator)),
            (USER, Some(user)),
        ],
        json!({"low_trust_status": status}),
    )
}

/// `channel.shield_mode.begin`
pub(crate) fn shield_begin(broadcaster: &Person, moderator: &Person, at: Timestamp) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (MODERATOR, Some(moderator)),
        ],
        json!({"started_at": stamp(at)}),
    )
}

/// `channel.shield_mode.end`
pub(crate) fn shield_end(broadcaster: &Person, moderator: &Person, at: Timestamp) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (MODERATOR, Some(moderator)),
        ],
        json!({"ended_at": stamp(at)}),
    )
}
