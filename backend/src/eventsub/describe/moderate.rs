//! `channel.moderate`: every act of a moderator under one type. What was done is
//! in `action`; its details are in an object named like it.

use super::Notification;
use super::automod;
use super::draft::Draft;
use super::fields::Fields;
use super::numbers::{many, span};
use super::role::Role;
use super::words::readable;

/// Acts on somebody: what stands before and after the name.
const ON_SOMEBODY: &[(&str, &str, &str)] = &[
    ("ban", "banned", ""),
    ("unban", "unbanned", ""),
    ("timeout", "timed out", ""),
    ("untimeout", "ended the timeout of", ""),
    ("delete", "deleted a message from", ""),
    ("warn", "warned", ""),
    ("mod", "made", " a moderator"),
    ("unmod", "removed", " as a moderator"),
    ("vip", "made", " a VIP"),
    ("unvip", "removed", " as a VIP"),
    ("raid", "started a raid on", ""),
    ("unraid", "cancelled the raid on", ""),
    ("approve_unban_request", "approved the unban request of", ""),
    ("deny_unban_request", "denied the unban request of", ""),
];

/// Acts on the whole chat.
const ON_CHAT: &[(&str, &str)] = &[
    ("clear", "cleared the chat"),
    ("emoteonly", "turned on emote-only mode"),
    ("emoteonlyoff", "turned off emote-only mode"),
    ("followers", "turned on followers-only mode"),
    ("followersoff", "turned off followers-only mode"),
    ("slow", "turned on slow mode"),
    ("slowoff", "turned off slow mode"),
    ("subscribers", "turned on subscribers-only mode"),
    ("subscribersoff", "turned off subscribers-only mode"),
    ("uniquechat", "turned on unique-chat mode"),
    ("uniquechatoff", "turned off unique-chat mode"),
];

/// Acts on automod terms: what was done, to which list.
const ON_TERMS: &[(&str, &str, &str)] = &[
    ("add_blocked_term", "added", "blocked term"),
    ("remove_blocked_term", "removed", "blocked term"),
    ("add_permitted_term", "added", "permitted term"),
    ("remove_permitted_term", "removed", "permitted term"),
];

/// `channel.moderate`
pub(super) fn moderate(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let moderator = event.person(Role::MODERATOR);
    let who = moderator.or_someone();
    let action = event.token("action");
    let shared = action.strip_prefix("shared_chat_");
    let act = shared.unwrap_or(action);
    let details = details(event, action, act);

    let mut viewers = None;
    let mut summary = if let Some((_, before, after)) = ON_SOMEBODY.iter().find(|a| a.0 == act) {
        if act == "raid" {
            viewers = details.count("viewer_count");
        }
        let whom = details.person(Role::USER);
        let measure = measure(notification, act, details);
        format!("{who} {before} {}{after}{measure}", whom.whom())
    } else if let Some((_, did)) = ON_CHAT.iter().find(|a| a.0 == act) {
        format!("{who} {did}{}", measure(notification, act, details))
    } else if let Some((_, did, list)) = ON_TERMS.iter().find(|a| a.0 == act) {
        automod::terms(who, did, list, details)
    } else if act.is_empty() {
        format!("{who} moderated the chat")
    } else {
        format!("{who} moderated the chat: {}", readable(act))
    };
    summary.push_str(&elsewhere(notification, shared.is_some()));

    let text = details
        .text("reason")
        .or_else(|| details.text("message_body"))
        .or_else(|| details.text("moderator_message"));
    Draft::new(summary)
        .amount(viewers, "viewers")
        .text(text)
        .by(moderator)
}

fn details<'a>(event: Fields<'a>, action: &str, act: &str) -> Fields<'a> {
    let key = match act {
        "approve_unban_request" | "deny_unban_request" => "unban_request",
        _ if act.ends_with("_term") => "automod_terms",
        _ if event.has(action) => action,
        _ => act,
    };
    event.object(key)
}

/// How long or how many: " for 10 minutes", " with 42 viewers".
fn measure(notification: &Notification<'_>, act: &str, details: Fields<'_>) -> String {
    match act {
        "timeout" => details.time("expires_at").map_or_else(String::new, |end| {
            let start = notification.subject.message_timestamp.as_second();
            format!(" for {}", span(end.as_second().saturating_sub(start)))
        }),
        "slow" => details
            .positive("wait_time_seconds")
            .map_or_else(String::new, |seconds| format!(" ({})", span(seconds))),
        "followers" => details
            .positive("follow_duration_minutes")
            .map_or_else(String::new, |minutes| {
                format!(" ({})", span(minutes.saturating_mul(60)))
            }),
        "raid" => details
            .count("viewer_count")
            .map_or_else(String::new, |count| {
                format!(" with {}", many(count, "viewer"))
            }),
        _ => String::new(),
    }
}

/// A label for what happened in another channel of a shared chat.
pub(super) fn elsewhere(notification: &Notification<'_>, shared: bool) -> String {
    let source = notification.event.person(Role::SOURCE);
    if source.is_same_as(notification.broadcaster) || (source.is_nobody() && !shared) {
        return String::new();
    }
    let whose = source.called().unwrap_or("another channel");
    format!(" (in {whose}'s chat)")
}
