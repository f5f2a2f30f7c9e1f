//! Hype trains. Their points count bits and subs together; they are not channel points.

use wire::GroupKind::HypeTrain;

use super::Notification;
use super::draft::{Draft, end_key, step};
use super::fields::Fields;
use super::numbers::{phrase, thousands};
use super::role::Role;
use super::words::{capitalised, listed, readable};

/// `channel.hype_train.begin`
pub(super) fn begin(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let level = level(event);
    Draft::new(format!("{} started{level}", name(notification)))
        .amount(event.count("total"), "points")
        .part_of(HypeTrain, event.id("id"), step::BEGIN)
        .at(event.time("started_at"))
        .key(event.id("id"))
}

/// `channel.hype_train.progress`
pub(super) fn progress(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let name = name(notification);
    let next = match (event.count("progress"), event.positive("goal")) {
        (Some(progress), Some(goal)) => format!(
            ", {} of {} points to the next",
            thousands(progress),
            thousands(goal)
        ),
        _ => String::new(),
    };
    let summary = match event.positive("level") {
        Some(level) => format!("{name} is at level {}{next}", thousands(level)),
        None => format!("{name} is rolling{next}"),
    };
    Draft::new(summary)
        .amount(event.count("total"), "points")
        .part_of(HypeTrain, event.id("id"), step::PROGRESS)
}

/// `channel.hype_train.end`
pub(super) fn end(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let total = event.count("total");
    let with = phrase("with", total, "point");
    let first = event.list("top_contributions").next();
    let first = first.and_then(|first| Some(first.person(Role::USER).called()?.to_owned()));
    let led = first.map_or_else(String::new, |name| format!(", led by {name}"));
    let level = level(event);
    Draft::new(format!("{} ended{level}{with}{led}", name(notification)))
        .amount(total, "points")
        .part_of(HypeTrain, event.id("id"), step::END)
        .at(event.time("ended_at"))
        .key(end_key(event))
}

/// "Hype train", "Golden Kappa hype train", "Hype train shared with Pip".
fn name(notification: &Notification<'_>) -> String {
    let event = notification.event;
    let sort = match event.token("type") {
        "regular" => String::new(),
        "golden_kappa" => "Golden Kappa".to_owned(),
        other => capitalised(&readable(other)),
    };
    let sort = if event.flag("is_golden_kappa_train") && sort.is_empty() {
        "Golden Kappa".to_owned()
    } else {
        sort
    };
    let train = if sort.is_empty() {
        "Hype train".to_owned()
    } else {
        format!("{sort} hype train")
    };
    let others: Vec<String> = event
        .list("shared_train_participants")
        .map(|participant| participant.person(Role::BROADCASTER))
        .filter(|channel| !channel.is_same_as(notification.broadcaster))
        .filter_map(|channel| Some(channel.called()?.to_owned()))
        .collect();
    match listed(&others) {
        Some(others) => format!("{train} shared with {others}"),
        None if event.flag("is_shared_train") => format!("{train} shared with other channels"),
        None => train,
    }
}

fn level(event: Fields<'_>) -> String {
    let level = event.positive("level");
    level.map_or_else(String::new, |level| {
        format!(" at level {}", thousands(level))
    })
}
