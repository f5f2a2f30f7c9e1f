//! Channel points: rewards and their redemptions.

use super::Notification;
use super::draft::{Draft, key_with_status};
use super::fields::Fields;
use super::numbers::phrase;
use super::role::Role;
use super::twins;
use super::words::{excerpt, readable};

/// `channel.channel_points_custom_reward_redemption.add`
pub(super) fn redemption_add(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person(Role::USER);
    let reward = event.object("reward");
    let cost = reward.count("cost");
    let title = title(reward).unwrap_or_else(|| "a reward".to_owned());
    let price = phrase("for", cost, "point");
    // A reward that asks for text comes with a line in the chat.
    let id = reward.id("id").unwrap_or_default();
    let line = twins::again("reward", &user, &id, event.text("user_input"));
    Draft::new(format!("{} redeemed {title}{price}", user.or_someone()))
        .twin(line)
        .amount(cost, "points")
        .text(event.text("user_input"))
        .at(event.time("redeemed_at"))
        .key(event.id("id"))
        .by(user)
}

/// `channel.channel_points_custom_reward_redemption.update`. Its `redeemed_at` is
/// the time of the redemption, not of this change.
pub(super) fn redemption_update(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person(Role::USER);
    let reward = event.object("reward");
    let status = event.token("status");
    let outcome = match status {
        "fulfilled" => "was fulfilled".to_owned(),
        "canceled" => "was cancelled and refunded".to_owned(),
        "unfulfilled" => "is waiting".to_owned(),
        "" | "unknown" => "changed".to_owned(),
        other => format!("is now {}", readable(other)),
    };
    let of = title(reward).map_or_else(String::new, |title| format!(" of {title}"));
    Draft::new(format!("{}'s redemption{of} {outcome}", user.or_someone()))
        .amount(reward.count("cost"), "points")
        .text(event.text("user_input"))
        .key(event.id("id").map(|id| key_with_status(id, status)))
        .by(user)
}

/// `channel.channel_points_automatic_reward_redemption.add`; version 1 calls the
/// price `cost` and has power-ups, which are paid in bits.
pub(super) fn automatic_redemption(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person(Role::USER);
    let reward = event.object("reward");
    let cost = reward
        .count("channel_points")
        .or_else(|| reward.count("cost"));
    let emote = reward
        .object("emote")
        .line("name")
        .or_else(|| reward.object("unlocked_emote").line("name"));
    let drawn = emote
        .as_deref()
        .map_or_else(String::new, |name| format!(" ({name})"));
    let emote = emote.map_or_else(|| "an emote".to_owned(), |name| format!("the emote {name}"));
    let (done, unit) = match reward.token("type") {
        "send_highlighted_message" => ("highlighted a message".to_owned(), "point"),
        "single_message_bypass_sub_mode" => ("sent a message in sub-only mode".to_owned(), "point"),
        "random_sub_emote_unlock" => (format!("unlocked a random emote{drawn}"), "point"),
        "chosen_sub_emote_unlock" => (format!("unlocked {emote}"), "point"),
        "chosen_modified_sub_emote_unlock" => (format!("modified {emote}"), "point"),
        "message_effect" => ("used a message effect".to_owned(), "bit"),
        "gigantify_an_emote" => (format!("gigantified {emote}"), "bit"),
        "celebration" => ("used an on-screen celebration".to_owned(), "bit"),
        "" => ("redeemed a reward".to_owned(), "point"),
        other => (format!("redeemed {}", readable(other)), "point"),
    };
    let price = phrase("for", cost, unit);
    Draft::new(format!("{} {done}{price}", user.or_someone()))
        .amount(cost, if unit == "bit" { "bits" } else { "points" })
        .text(event.text("message").or_else(|| event.text("user_input")))
        .at(event.time("redeemed_at"))
        .key(event.id("id"))
        .by(user)
}

/// `channel.channel_points_custom_reward.add`
pub(super) fn reward_add(notification: &Notification<'_>) -> Draft {
    reward(notification.event, "New reward", "A reward was added")
}

/// `channel.channel_points_custom_reward.update`
pub(super) fn reward_update(notification: &Notification<'_>) -> Draft {
    reward(notification.event, "Reward changed", "A reward was changed")
}

/// `channel.channel_points_custom_reward.remove`
pub(super) fn reward_remove(notification: &Notification<'_>) -> Draft {
    reward(notification.event, "Reward removed", "A reward was removed")
}

/// The price of a reward is no amount: nobody spent it.
fn reward(reward: Fields<'_>, what: &str, untitled: &str) -> Draft {
    let Some(title) = title(reward) else {
        return Draft::new(untitled).text(reward.text("prompt"));
    };
    let price = phrase("for", reward.count("cost"), "point");
    let state = if reward.denies("is_enabled") {
        " (disabled)"
    } else if reward.flag("is_paused") {
        " (paused)"
    } else {
        ""
    };
    Draft::new(format!("{what}: {title}{price}{state}")).text(reward.text("prompt"))
}

fn title(reward: Fields<'_>) -> Option<String> {
    reward.line("title").map(excerpt)
}
