//! Subs given to others.

use super::Notification;
use super::draft::Draft;
use super::fields::Fields;
use super::numbers::{many, thousands};
use super::person::{ANONYMOUS, Person};
use super::role::Role;
use super::subs::Plan;
use super::twins;

/// `channel.subscription.gift`: one for each purchase, however many subs.
pub(super) fn gift(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let giver = event.person_unless("is_anonymous", Role::USER);
    let tier = event.id("tier").unwrap_or_default();
    let twin = event
        .positive("total")
        .and_then(|total| twins::given(&giver, &tier, total, event));
    gifted(&giver, event, Plan::of(event, "tier"))
        .twin(twin)
        .by(giver)
}

/// A gift to the community; `gift` has `total` and `cumulative_total`.
pub(super) fn gifted(giver: &Person, gift: Fields<'_>, plan: Plan) -> Draft {
    let who = giver.or(ANONYMOUS);
    let total = gift.positive("total");
    let subs = match total {
        Some(total) => many(total, &format!("{}sub", plan.adjective())),
        None => format!("{}subs", plan.adjective()),
    };
    let so_far = so_far(gift, total);
    Draft::new(format!("{who} gifted {subs}{so_far}")).amount(total, "subs")
}

/// A gift to one person; `gift` has the recipient.
pub(super) fn gifted_to(giver: &Person, gift: Fields<'_>, plan: Plan) -> Draft {
    let who = giver.or(ANONYMOUS);
    let recipient = gift.person(Role::RECIPIENT);
    let length = gift.count("duration_months").filter(|months| *months > 1);
    let length = length.map_or_else(String::new, |months| {
        format!("{}-month ", thousands(months))
    });
    let to = recipient
        .called()
        .map_or_else(String::new, |name| format!(" to {name}"));
    let so_far = so_far(gift, Some(1));
    Draft::new(format!(
        "{who} gifted a {length}{}sub{to}{so_far}",
        plan.adjective()
    ))
    .amount(Some(1), "subs")
}

/// What the giver gave in this channel all told. 0 and null mean not shared, and a
/// first gift needs no total.
fn so_far(gift: Fields<'_>, now: Option<i64>) -> String {
    let total = gift.positive("cumulative_total");
    match total.filter(|total| now.is_none_or(|now| *total > now)) {
        Some(total) => format!(" ({} in total)", thousands(total)),
        None => String::new(),
    }
}
