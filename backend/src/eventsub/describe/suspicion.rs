//! Suspicious users: what they write, and how they are treated.

use super::Notification;
use super::draft::Draft;
use super::role::Role;
use super::words::readable;

/// `channel.suspicious_user.message`
pub(super) fn message(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person(Role::USER);
    let who = user.or_someone();
    let summary = match event.token("low_trust_status") {
        "active_monitoring" => format!("{who}, who is being monitored, wrote a message"),
        "restricted" => format!("{who}, who is restricted, tried to write a message"),
        _ => format!("{who}, a suspicious user, wrote a message"),
    };
    let evades = match event.token("ban_evasion_evaluation") {
        "likely" => " (likely evading a ban)",
        "possible" => " (possibly evading a ban)",
        _ => "",
    };
    Draft::new(format!("{summary}{evades}"))
        .text(event.text("message"))
        .by(user)
}

/// `channel.suspicious_user.update`
pub(super) fn update(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let moderator = event.person(Role::MODERATOR);
    let user = event.person(Role::USER);
    let (who, whom) = (moderator.or_someone(), user.whom());
    let summary = match event.token("low_trust_status") {
        "active_monitoring" => format!("{who} is monitoring {whom}"),
        "restricted" => format!("{who} restricted {whom}"),
        "none" => format!("{who} no longer treats {whom} as suspicious"),
        "" => format!("{who} changed how {whom} is treated"),
        other => format!("{who} changed how {whom} is treated: {}", readable(other)),
    };
    Draft::new(summary).by(moderator)
}
