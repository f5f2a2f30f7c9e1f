//! Chat: the lines that carry bits or a reward, shared sessions, clearing, settings.

use wire::Kind;

use super::Notification;
use super::cheers::{cheer_twin, cheered};
use super::draft::Draft;
use super::fields::Fields;
use super::moderate::elsewhere;
use super::numbers::span;
use super::role::Role;
use super::twins;
use super::words::listed;

/// Only lines with a cheer or a reward are events.
///
/// # Errors
/// Any other line is refused.
pub(super) fn is_told(event: Fields<'_>) -> Result<(), &'static str> {
    if event.has("cheer") || event.id("channel_points_custom_reward_id").is_some() {
        Ok(())
    } else {
        Err("chat-line")
    }
}

/// `channel.chat.message`: a cheer, or a reward that came with a line.
pub(super) fn message(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let chatter = event.person_unless("chatter_is_anonymous", Role::CHATTER);
    let draft = if event.has("cheer") {
        let bits = event.object("cheer").positive("bits");
        cheered(&chatter, bits)
            .twin(cheer_twin(&chatter, bits, event))
            .kind(Kind::Cheer)
    } else {
        // Its title and price are not readable without the broadcaster's grant.
        let reward = event.id("channel_points_custom_reward_id");
        let twin = twins::again(
            "reward",
            &chatter,
            &reward.unwrap_or_default(),
            event.text("message"),
        );
        Draft::new(format!("{} redeemed a reward", chatter.or_someone()))
            .twin(twin)
            .kind(Kind::Points)
    };
    labelled(draft, notification, false)
        .text(event.text("message"))
        .key(event.id("message_id"))
        .by(chatter)
}

/// Says so if it happened in another channel of a shared chat, in whose name it has happened then.
pub(super) fn labelled(mut draft: Draft, notification: &Notification<'_>, shared: bool) -> Draft {
    let label = elsewhere(notification, shared);
    if !label.is_empty() {
        draft.summary.push_str(&label);
        // The other telling is in that channel.
        draft.twins.clear();
        if let Some(part) = &mut draft.part {
            part.broadcaster_id = notification.event.person(Role::SOURCE).id;
        }
    }
    // First, since everybody who sees two channels may see both.
    draft.twins.splice(0..0, twins::line(notification.event));
    draft
}

/// `channel.shared_chat.begin`
pub(super) fn shared_begin(notification: &Notification<'_>) -> Draft {
    let with = participants(notification).map_or_else(String::new, |with| format!(" with {with}"));
    let host = notification.event.person(Role::HOST);
    let hosted = match host.called() {
        Some(name) if !host.is_same_as(notification.broadcaster) => format!(", hosted by {name}"),
        _ => String::new(),
    };
    Draft::new(format!("Shared chat started{with}{hosted}"))
}

/// `channel.shared_chat.update`
pub(super) fn shared_update(notification: &Notification<'_>) -> Draft {
    Draft::new(participants(notification).map_or_else(
        || "Shared chat changed".to_owned(),
        |with| format!("Shared chat is now with {with}"),
    ))
}

/// `channel.shared_chat.end`
pub(super) fn shared_end(_: &Notification<'_>) -> Draft {
    Draft::new("Shared chat ended")
}

fn participants(notification: &Notification<'_>) -> Option<String> {
    let others: Vec<String> = notification
        .event
        .list("participants")
        .map(|participant| participant.person(Role::BROADCASTER))
        .filter(|channel| !channel.is_same_as(notification.broadcaster))
        .filter_map(|channel| Some(channel.called()?.to_owned()))
        .collect();
    listed(&others)
}

/// `channel.chat.message_delete`: who deleted it is not told.
pub(super) fn message_delete(notification: &Notification<'_>) -> Draft {
    let whose = notification.event.person(Role::TARGET);
    Draft::new(format!("A message from {} was deleted", whose.whom()))
}

/// `channel.chat.clear_user_messages`
pub(super) fn clear_user_messages(notification: &Notification<'_>) -> Draft {
    let whose = notification.event.person(Role::TARGET);
    Draft::new(format!("All messages from {} were removed", whose.whom()))
}

/// `channel.chat.clear`
pub(super) fn clear(_: &Notification<'_>) -> Draft {
    Draft::new("Chat was cleared")
}

/// `channel.chat_settings.update`: tells the new state; what changed is not said.
pub(super) fn settings_update(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let wait = event.positive("slow_mode_wait_time_seconds");
    let age = event.positive("follower_mode_duration_minutes");
    let age = age.map(|minutes| minutes.saturating_mul(60));
    let all = [
        ("emote_mode", "emotes only", None),
        ("follower_mode", "followers only", age),
        ("subscriber_mode", "subscribers only", None),
        ("slow_mode", "slow mode", wait),
        ("unique_chat_mode", "unique messages", None),
    ];
    let all_off = all.iter().all(|(key, ..)| event.denies(key));
    let on = all.into_iter().filter(|(key, ..)| event.flag(key));
    let modes: Vec<String> = on.map(|(_, name, seconds)| mode(name, seconds)).collect();
    Draft::new(match listed(&modes) {
        Some(modes) => format!("Chat settings changed: {modes}"),
        None if all_off => "Chat settings changed: no restrictions".to_owned(),
        None => "Chat settings changed".to_owned(),
    })
}

fn mode(name: &str, seconds: Option<i64>) -> String {
    match seconds {
        Some(seconds) => format!("{name} ({})", span(seconds)),
        None => name.to_owned(),
    }
}
