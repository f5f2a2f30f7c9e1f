//! Types directly under `channel.`: update, raid, follow, cheer, ads, shoutouts.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{BROADCASTER, MODERATOR, Person, USER, stamp, with};
use crate::world::{Channel, later};

/// `channel.update`: version 1 says `is_mature`, version 2 the labels.
pub(crate) fn update(broadcaster: &Person, channel: &Channel, version: &str) -> Value {
    let mut event = with(
        &[(BROADCASTER, Some(broadcaster))],
        json!({
            "title": channel.title,
            "language": channel.language,
            "category_id": channel.category_id,
            "category_name": channel.category_name,
        }),
    );
    if version == "1" {
        event["is_mature"] = channel
            .content_classification_labels
            .iter()
            .any(|label| label == "MatureGame")
            .into();
    } else {
        event["content_classification_labels"] =
            channel.content_classification_labels.clone().into();
    }
    event
}

/// `channel.raid`
pub(crate) fn raid(from: &Person, to: &Person, viewers: i64) -> Value {
    with(
        &[
            ("from_broadcaster_user", Some(from)),
            ("to_broadcaster_user", Some(to)),
        ],
        json!({"viewers": viewers}),
    )
}

/// `channel.follow`
pub(crate) fn follow(broadcaster: &Person, user: &Person, at: Timestamp) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        json!({"followed_at": stamp(at)}),
    )
}

/// `channel.cheer`; nobody = anonymous.
pub(crate) fn cheer(
    broadcaster: &Person,
    user: Option<&Person>,
    bits: i64,
    message: &str,
) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, user)],
        json!({"is_anonymous": user.is_none(), "message": message, "bits": bits}),
    )
}

/// `channel.ad_break.begin`
pub(crate) fn ad_break(
    broadcaster: &Person,
    requester: &Person,
    duration_seconds: i64,
    is_automatic: bool,
    at: Timestamp,
) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            ("requester_user", Some(requester)),
        ],
        json!({
            "duration_seconds": duration_seconds,
            "started_at": stamp(at),
            "is_automatic": is_automatic,
        }),
    )
}

/// How long a broadcaster waits between two shoutouts.
const SHOUTOUT_COOLDOWN: SignedDuration = SignedDuration::from_secs(120);
/// How long before the same channel can be shouted out again.
const SHOUTOUT_TARGET_COOLDOWN: SignedDuration = SignedDuration::from_secs(3600);

/// `channel.shoutout.create`
pub(crate) fn shoutout_create(
    broadcaster: &Person,
    moderator: &Person,
    to: &Person,
    viewer_count: i64,
    at: Timestamp,
) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (MODERATOR, Some(moderator)),
            ("to_broadcaster_user", Some(to)),
        ],
        json!({
            "viewer_count": viewer_count,
            "started_at": stamp(at),
            "cooldown_ends_at": stamp(later(at, SHOUTOUT_COOLDOWN)),
            "target_cooldown_ends_at": stamp(later(at, SHOUTOUT_TARGET_COOLDOWN)),
        }),
    )
}

/// `channel.shoutout.receive`
pub(crate) fn shoutout_receive(
    broadcaster: &Person,
    from: &Person,
    viewer_count: i64,
    at: Timestamp,
) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            ("from_broadcaster_user", Some(from)),
        ],
        json!({"viewer_count": viewer_count, "started_at": stamp(at)}),
    )
}
