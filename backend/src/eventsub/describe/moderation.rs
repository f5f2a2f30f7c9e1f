//! Bans, unban requests, warnings and shield mode. The actor is who acted: the
//! moderator, if one did.

use super::Notification;
use super::draft::Draft;
use super::numbers::span;
use super::role::Role;
use super::words::readable;

/// `channel.ban`: a ban or, with an end, a timeout.
pub(super) fn ban(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let moderator = event.person(Role::MODERATOR);
    let user = event.person(Role::USER);
    let banned_at = event.time("banned_at");
    let ends_at = event.time("ends_at");
    let (who, whom) = (moderator.or_someone(), user.whom());
    let from = banned_at.unwrap_or(notification.subject.message_timestamp);
    let summary = match ends_at.filter(|_| !event.flag("is_permanent")) {
        Some(end) => {
            let length = span(end.as_second().saturating_sub(from.as_second()));
            format!("{who} timed out {whom} for {length}")
        }
        None => format!("{who} banned {whom}"),
    };
    Draft::new(summary)
        .text(event.text("reason"))
        .at(banned_at)
        .by(moderator)
}

/// `channel.unban`
pub(super) fn unban(notification: &Notification<'_>) -> Draft {
    let moderator = notification.event.person(Role::MODERATOR);
    let whom = notification.event.person(Role::USER);
    Draft::new(format!(
        "{} unbanned {}",
        moderator.or_someone(),
        whom.whom()
    ))
    .by(moderator)
}

/// `channel.unban_request.create`
pub(super) fn unban_request_create(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person(Role::USER);
    Draft::new(format!("{} asked to be unbanned", user.or_someone()))
        .text(event.text("text"))
        .at(event.time("created_at"))
        .by(user)
}

/// `channel.unban_request.resolve`
pub(super) fn unban_request_resolve(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let moderator = event.person(Role::MODERATOR);
    let user = event.person(Role::USER);
    let did = match event.token("status") {
        "approved" => "approved".to_owned(),
        "denied" => "denied".to_owned(),
        "canceled" => "cancelled".to_owned(),
        "" => "resolved".to_owned(),
        other => format!("resolved ({})", readable(other)),
    };
    let summary = match moderator.called() {
        Some(name) => format!("{name} {did} the unban request of {}", user.whom()),
        None => format!("The unban request of {} was {did}", user.whom()),
    };
    Draft::new(summary)
        .text(event.text("resolution_text"))
        .by(moderator)
}

/// `channel.warning.send`
pub(super) fn warning_send(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let moderator = event.person(Role::MODERATOR);
    let user = event.person(Role::USER);
    Draft::new(format!("{} warned {}", moderator.or_someone(), user.whom()))
        .text(event.text("reason"))
        .by(moderator)
}

/// `channel.warning.acknowledge`
pub(super) fn warning_acknowledge(notification: &Notification<'_>) -> Draft {
    let user = notification.event.person(Role::USER);
    Draft::new(format!("{} acknowledged a warning", user.or_someone())).by(user)
}

/// `channel.shield_mode.begin`
pub(super) fn shield_mode_begin(notification: &Notification<'_>) -> Draft {
    shield_mode(notification, "on").at(notification.event.time("started_at"))
}

/// `channel.shield_mode.end`
pub(super) fn shield_mode_end(notification: &Notification<'_>) -> Draft {
    shield_mode(notification, "off").at(notification.event.time("ended_at"))
}

fn shield_mode(notification: &Notification<'_>, switched: &str) -> Draft {
    let moderator = notification.event.person(Role::MODERATOR);
    Draft::new(format!(
        "{} turned {switched} shield mode",
        moderator.or_someone()
    ))
    .by(moderator)
}
