//! Paid subs that people take for themselves: new, renewed, ended.

use super::Notification;
use super::draft::Draft;
use super::fields::Fields;
use super::numbers::{many, phrase};
use super::role::Role;
use super::twins;

/// What a sub costs, as far as it is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    One,
    Two,
    Three,
    Prime,
    Untold,
}

impl Plan {
    pub(super) fn of(fields: Fields<'_>, tier: &str) -> Self {
        if fields.flag("is_prime") {
            return Self::Prime;
        }
        match fields.id(tier).unwrap_or_default().as_str() {
            "1000" => Self::One,
            "2000" => Self::Two,
            "3000" => Self::Three,
            "Prime" | "prime" => Self::Prime,
            _ => Self::Untold,
        }
    }

    /// After "subscribed".
    pub(super) fn adverb(self) -> &'static str {
        match self {
            Self::One => " at Tier 1",
            Self::Two => " at Tier 2",
            Self::Three => " at Tier 3",
            Self::Prime => " with Prime",
            Self::Untold => "",
        }
    }

    /// Before "sub".
    pub(super) fn adjective(self) -> &'static str {
        match self {
            Self::One => "Tier 1 ",
            Self::Two => "Tier 2 ",
            Self::Three => "Tier 3 ",
            Self::Prime => "Prime ",
            Self::Untold => "",
        }
    }
}

/// `channel.subscribe`: resubs are not told by it, gifted subs are.
pub(super) fn subscribe(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person(Role::USER);
    let who = user.or_someone();
    let plan = Plan::of(event, "tier");
    let summary = if event.flag("is_gift") {
        format!("{who} received a gifted {}sub", plan.adjective())
    } else {
        format!("{who} subscribed{}", plan.adverb())
    };
    let what = if event.flag("is_gift") { "got" } else { "sub" };
    let tier = event.id("tier").unwrap_or_default();
    Draft::new(summary)
        .twin(twins::once(what, &user, &tier))
        .by(user)
}

/// `channel.subscription.end`
pub(super) fn end(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person(Role::USER);
    let gifted = if event.flag("is_gift") { "gifted " } else { "" };
    let plan = Plan::of(event, "tier").adjective();
    Draft::new(format!("{}'s {gifted}{plan}sub ended", user.or_someone())).by(user)
}

/// `channel.subscription.message`: a resub that its owner shared.
pub(super) fn message(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person(Role::USER);
    let tier = event.id("tier").unwrap_or_default();
    resubscribed(user.or_someone(), Plan::of(event, "tier"), event)
        .twin(twins::once("resub", &user, &tier))
        .text(event.text("message"))
        .by(user)
}

/// A resub of either telling; months of 0 are months not told.
pub(super) fn resubscribed(who: &str, plan: Plan, months: Fields<'_>) -> Draft {
    let total = months.positive("cumulative_months");
    let streak = months.count("streak_months").filter(|streak| *streak > 1);
    let streak = streak.map_or_else(String::new, |streak| {
        format!(", {} in a row", super::numbers::thousands(streak))
    });
    let duration = phrase("for", total, "month");
    Draft::new(format!(
        "{who} resubscribed{duration}{}{streak}",
        plan.adverb()
    ))
    .amount(total, "months")
}

/// ", 6 months in advance" if a sub was paid for longer than one month.
pub(super) fn in_advance(duration_months: Option<i64>) -> String {
    duration_months
        .filter(|months| *months > 1)
        .map_or_else(String::new, |months| {
            format!(", {} in advance", many(months, "month"))
        })
}
