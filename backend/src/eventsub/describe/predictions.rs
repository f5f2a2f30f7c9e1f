//! Predictions: viewers stake channel points on an outcome.

use wire::GroupKind::Prediction;

use super::Notification;
use super::draft::{Draft, key_with_status, step};
use super::fields::Fields;
use super::numbers::many;
use super::words::{clip, listed, quoted, readable};

/// Longest outcome inside a summary, in characters; Twitch allows 25.
const OUTCOME_CHARS: usize = 40;

/// `channel.prediction.begin`
pub(super) fn begin(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let outcomes: Vec<String> = event.list("outcomes").filter_map(title).collect();
    let question = event.line("title");
    let question = question.map_or_else(String::new, |title| format!(": {}", quoted(title)));
    let outcomes = listed(&outcomes).map_or_else(String::new, |list| format!(" ({list})"));
    Draft::new(format!("Prediction started{question}{outcomes}"))
        .part_of(Prediction, event.id("id"), step::BEGIN)
        .at(event.time("started_at"))
        .key(event.id("id"))
}

/// `channel.prediction.progress`
pub(super) fn progress(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let name = name(event);
    let total = total(event);
    let favourite = match favourite(event) {
        Some(title) => format!(", {title} is ahead"),
        None => String::new(),
    };
    let summary = match total {
        Some(points) => format!("{name}: {} staked{favourite}", many(points, "point")),
        None => format!("{name} is running"),
    };
    Draft::new(summary)
        .amount(total, "points")
        .part_of(Prediction, event.id("id"), step::PROGRESS)
}

/// `channel.prediction.lock`
pub(super) fn lock(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let total = total(event);
    let staked = total.map_or_else(String::new, |points| {
        format!(" with {} staked", many(points, "point"))
    });
    Draft::new(format!("{} locked{staked}", name(event)))
        .amount(total, "points")
        .part_of(Prediction, event.id("id"), step::LOCK)
        .at(event.time("locked_at"))
}

/// `channel.prediction.end`
pub(super) fn end(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let name = name(event);
    let status = event.token("status");
    let total = total(event);
    let staked = total.map_or_else(String::new, |points| {
        format!(", {} staked", many(points, "point"))
    });
    let summary = match (status, winner(event)) {
        ("canceled", _) => {
            let refunded = total.map_or_else(String::new, |points| {
                format!(", {} refunded", many(points, "point"))
            });
            format!("{name} cancelled{refunded}")
        }
        ("" | "resolved", Some(winner)) => format!("{name} ended: {winner} won{staked}"),
        ("" | "resolved", None) => format!("{name} ended{staked}"),
        (other, _) => format!("{name} ended ({}){staked}", readable(other)),
    };
    Draft::new(summary)
        .amount(total, "points")
        .part_of(Prediction, event.id("id"), step::END)
        .at(event.time("ended_at"))
        .key(event.id("id").map(|id| key_with_status(id, status)))
}

fn name(event: Fields<'_>) -> String {
    event.line("title").map_or_else(
        || "The prediction".to_owned(),
        |title| format!("Prediction {}", quoted(title)),
    )
}

fn title(outcome: Fields<'_>) -> Option<String> {
    Some(clip(outcome.line("title")?, OUTCOME_CHARS))
}

fn total(event: Fields<'_>) -> Option<i64> {
    let stakes = event
        .list("outcomes")
        .filter_map(|o| o.count("channel_points"));
    stakes.reduce(i64::saturating_add)
}

/// The outcome with the most points, if one has more than the others.
fn favourite(event: Fields<'_>) -> Option<String> {
    let mut stakes: Vec<_> = event
        .list("outcomes")
        .filter_map(|outcome| Some((outcome.positive("channel_points")?, outcome)))
        .collect();
    stakes.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    match stakes.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, outcome), ..] => title(*outcome),
        [] => None,
    }
}

fn winner(event: Fields<'_>) -> Option<String> {
    let id = event.id("winning_outcome_id")?;
    let mut outcomes = event.list("outcomes");
    title(outcomes.find(|outcome| outcome.id("id").as_ref() == Some(&id))?)
}
