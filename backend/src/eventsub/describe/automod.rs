//! Messages held automatically, the settings for that, and its terms.

use super::Notification;
use super::draft::Draft;
use super::fields::Fields;
use super::numbers::{many, thousands};
use super::role::Role;
use super::words::readable;

/// `automod.message.hold`
pub(super) fn message_hold(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person(Role::USER);
    let why = reason(event);
    Draft::new(format!("AutoMod held a message from {}{why}", user.whom()))
        .text(event.text("message"))
        .at(event.time("held_at"))
        .by(user)
}

/// `automod.message.update`. Its `held_at` is the time of the hold, not of this.
pub(super) fn message_update(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let moderator = event.person(Role::MODERATOR);
    let user = event.person(Role::USER);
    let whom = user.whom();
    let status = event.token("status").to_ascii_lowercase();
    let did = match status.as_str() {
        "approved" | "denied" => status.clone(),
        "" => "resolved".to_owned(),
        other => format!("resolved ({})", readable(other)),
    };
    let summary = match moderator.called() {
        _ if status == "expired" => format!("A held message from {whom} expired"),
        Some(name) => format!("{name} {did} a held message from {whom}"),
        None => format!("A held message from {whom} was {did}"),
    };
    Draft::new(summary)
        .text(event.text("message"))
        .by(moderator)
}

/// Version 1 has the category itself, version 2 an object named by the reason.
fn reason(event: Fields<'_>) -> String {
    if event.token("reason") == "blocked_term" || event.has("blocked_term") {
        return " for a blocked term".to_owned();
    }
    let automod = if event.has("automod") {
        event.object("automod")
    } else {
        event
    };
    let category = readable(automod.token("category"));
    match automod.count("level") {
        _ if category.is_empty() => String::new(),
        Some(level) => format!(" for {category}, level {}", thousands(level)),
        None => format!(" for {category}"),
    }
}

/// `automod.settings.update`
pub(super) fn settings_update(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let moderator = event.person(Role::MODERATOR);
    let level = event
        .count("overall_level")
        .map_or_else(String::new, |level| {
            format!(" to overall level {}", thousands(level))
        });
    Draft::new(format!(
        "{} changed the AutoMod settings{level}",
        moderator.or_someone()
    ))
    .by(moderator)
}

/// `automod.terms.update`
pub(super) fn terms_update(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let moderator = event.person(Role::MODERATOR);
    let (did, list) = match event.token("action") {
        "add_permitted" => ("added", "permitted term"),
        "remove_permitted" => ("removed", "permitted term"),
        "add_blocked" => ("added", "blocked term"),
        "remove_blocked" => ("removed", "blocked term"),
        _ => ("changed", "AutoMod term"),
    };
    let summary = terms(moderator.or_someone(), did, list, event);
    Draft::new(summary).by(moderator)
}

/// "Molly added 2 blocked terms": the terms themselves stay in the payload.
pub(super) fn terms(who: &str, did: &str, list: &str, fields: Fields<'_>) -> String {
    let number = i64::try_from(fields.list("terms").count()).unwrap_or(i64::MAX);
    let terms = if number == 0 {
        format!("{list}s")
    } else {
        many(number, list)
    };
    let by_automod = if fields.flag("from_automod") {
        " from a held message"
    } else {
        ""
    };
    format!("{who} {did} {terms}{by_automod}")
}
