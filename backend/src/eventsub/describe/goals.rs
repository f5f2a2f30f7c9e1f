//! Creator goals: followers, subs or bits to reach.

use super::Notification;
use super::draft::{Draft, end_key};
use super::fields::Fields;
use super::numbers::thousands;
use super::words::{capitalised, clip, readable};

/// Longest description inside a summary, in characters; Twitch allows 40.
const DESCRIPTION_CHARS: usize = 60;

/// `channel.goal.begin`
pub(super) fn begin(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let so_far = so_far(event).map_or_else(String::new, |so_far| format!(": {so_far}"));
    goal(event, &format!("started{so_far}"))
        .at(event.time("started_at"))
        .key(event.id("id"))
}

/// `channel.goal.progress`
pub(super) fn progress(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let so_far = so_far(event);
    goal(
        event,
        &so_far.map_or_else(|| "moved on".to_owned(), |so_far| format!("is at {so_far}")),
    )
}

/// `channel.goal.end`
pub(super) fn end(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let so_far = so_far(event);
    let end = match (event.flag("is_achieved"), so_far) {
        (true, Some(so_far)) => format!("was reached: {so_far}"),
        (true, None) => "was reached".to_owned(),
        (false, Some(so_far)) => format!("ended at {so_far}"),
        (false, None) => "ended".to_owned(),
    };
    goal(event, &end)
        .at(event.time("ended_at"))
        .key(end_key(event))
}

fn goal(event: Fields<'_>, happened: &str) -> Draft {
    let (name, unit) = match event.token("type") {
        "follow" | "follower" => ("Follower goal".to_owned(), None),
        "subscription" | "subscription_count" => ("Sub goal".to_owned(), Some("subs")),
        "new_subscription" | "new_subscription_count" => ("New sub goal".to_owned(), Some("subs")),
        "new_bit" => ("Bits goal".to_owned(), Some("bits")),
        "new_cheerer" => ("New cheerer goal".to_owned(), None),
        other => {
            let name = format!("{} goal", readable(other));
            (capitalised(name.trim()), None)
        }
    };
    let description = event.line("description").map_or_else(String::new, |text| {
        format!(" “{}”", clip(text, DESCRIPTION_CHARS))
    });
    let draft = Draft::new(format!("{name}{description} {happened}"));
    match unit {
        Some(unit) => draft.amount(event.count("current_amount"), unit),
        None => draft,
    }
}

fn so_far(event: Fields<'_>) -> Option<String> {
    let current = thousands(event.count("current_amount")?);
    Some(match event.count("target_amount") {
        Some(target) => format!("{current} of {}", thousands(target)),
        None => current,
    })
}
