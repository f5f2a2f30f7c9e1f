//! `channel.chat.*` except notifications, and `channel.chat_settings.update`.

use serde_json::{Value, json};

use super::text::Message;
use super::{BROADCASTER, Person, USER, with};

/// A badge worn in chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Badge {
    pub(crate) set_id: &'static str,
    pub(crate) id: String,
    /// Months for `subscriber`, else empty.
    pub(crate) info: String,
}

/// Badges as JSON.
pub(crate) fn badges(badges: &[Badge]) -> Value {
    badges
        .iter()
        .map(|badge| json!({"set_id": badge.set_id, "id": badge.id, "info": badge.info}))
        .collect()
}

/// Who speaks, as chat shows them.
#[derive(Debug, Clone)]
pub(crate) struct Speaker<'a> {
    pub(crate) person: &'a Person,
    pub(crate) color: &'a str,
    pub(crate) badges: Vec<Badge>,
}

/// The channel in which a line of a shared chat was written.
#[derive(Debug, Clone)]
pub(crate) struct Source<'a> {
    pub(crate) broadcaster: &'a Person,
    pub(crate) message_id: &'a str,
    pub(crate) badges: &'a [Badge],
}

/// Adds the five `source_*` keys and `is_source_only`.
pub(crate) fn add_source(event: Value, source: Option<&Source<'_>>) -> Value {
    let mut event = with(
        &[("source_broadcaster_user", source.map(|s| s.broadcaster))],
        event,
    );
    event["source_message_id"] = source.map(|s| s.message_id).into();
    event["source_badges"] = source.map_or(Value::Null, |s| badges(s.badges));
    event["is_source_only"] = source.map(|_| false).into();
    event
}

/// What a chat line carries besides its text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extras<'a> {
    pub(crate) cheer_bits: Option<i64>,
    pub(crate) reward_id: Option<&'a str>,
    pub(crate) animation_id: Option<&'a str>,
    /// `text` when absent.
    pub(crate) message_type: Option<&'static str>,
    /// Parent's message id, text and author.
    pub(crate) reply_to: Option<(&'a str, &'a str, &'a Person)>,
}

/// `channel.chat.message`
pub(crate) fn message(
    broadcaster: &Person,
    speaker: &Speaker<'_>,
    message_id: &str,
    message: &Message,
    extras: &Extras<'_>,
    source: Option<&Source<'_>>,
) -> Value {
    let event = with(
        &[
            (BROADCASTER, Some(broadcaster)),
            ("chatter_user", Some(speaker.person)),
        ],
        json!({
            "message_id": message_id,
            "message": message.json(),
            "color": speaker.color,
            "badges": badges(&speaker.badges),
            "message_type": extras.message_type.unwrap_or("text"),
            "cheer": extras.cheer_bits.map(|bits| json!({"bits": bits})),
            "reply": extras.reply_to.map(|(id, body, person)| with(
                &[("parent_user", Some(person)), ("thread_user", Some(person))],
                json!({
                    "parent_message_id": id,
                    "parent_message_body": body,
                    "thread_message_id": id,
                }),
            )),
            "channel_points_custom_reward_id": extras.reward_id,
            "channel_points_animation_id": extras.animation_id,
        }),
    );
    add_source(event, source)
}

/// `channel.chat.message_delete`
pub(crate) fn message_delete(broadcaster: &Person, target: &Person, message_id: &str) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            ("target_user", Some(target)),
        ],
        json!({"message_id": message_id}),
    )
}

/// `channel.chat.clear_user_messages`
pub(crate) fn clear_user_messages(broadcaster: &Person, target: &Person) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            ("target_user", Some(target)),
        ],
        json!({}),
    )
}

/// `channel.chat.clear`
pub(crate) fn clear(broadcaster: &Person) -> Value {
    with(&[(BROADCASTER, Some(broadcaster))], json!({}))
}

/// The modes a chat can be in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) emote_mode: bool,
    pub(crate) follower_minutes: Option<i64>,
    pub(crate) slow_seconds: Option<i64>,
    pub(crate) subscriber_mode: bool,
    pub(crate) unique_chat_mode: bool,
}

/// `channel.chat_settings.update`
pub(crate) fn settings_update(broadcaster: &Person, settings: &Settings) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster))],
        json!({
            "emote_mode": settings.emote_mode,
            "follower_mode": settings.follower_minutes.is_some(),
            "follower_mode_duration_minutes": settings.follower_minutes,
            "slow_mode": settings.slow_seconds.is_some(),
            "slow_mode_wait_time_seconds": settings.slow_seconds,
            "subscriber_mode": settings.subscriber_mode,
            "unique_chat_mode": settings.unique_chat_mode,
        }),
    )
}

/// `channel.chat.user_message_hold`, and `_update` when a status is given.
pub(crate) fn user_message(
    broadcaster: &Person,
    user: &Person,
    message_id: &str,
    message: &Message,
    status: Option<&str>,
) -> Value {
    let mut event = with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        json!({"message_id": message_id, "message": message.json()}),
    );
    if let Some(status) = status {
        event["status"] = status.into();
    }
    event
}
