//! Charity campaigns and donations.

use super::Notification;
use super::draft::{Draft, end_key};
use super::fields::Fields;
use super::numbers::Money;
use super::person::{ANONYMOUS, Person};
use super::role::Role;
use super::twins;
use super::words::clip;

/// Longest name of a charity inside a summary, in characters.
const CHARITY_CHARS: usize = 80;

/// `channel.charity_campaign.donate`
pub(super) fn donate(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person_unless("is_anonymous", Role::USER);
    donated(&user, event).by(user)
}

/// A donation of any telling; `donation` has `charity_name` and `amount`.
pub(super) fn donated(user: &Person, donation: Fields<'_>) -> Draft {
    let money = Money::of(donation.object("amount"));
    let sum = money.as_ref();
    let sum = sum.map_or_else(String::new, |money| format!(" {money}"));
    let to = match charity(donation) {
        Some(name) => format!(" to {name}"),
        None => " to charity".to_owned(),
    };
    let twin = money.as_ref().map(Money::amount).and_then(|amount| {
        let sum = format!("{} {}", amount.value, amount.unit);
        twins::again("donation", user, &sum, None)
    });
    Draft::new(format!("{} donated{sum}{to}", user.or(ANONYMOUS)))
        .twin(twin)
        .money(money.as_ref())
}

/// `channel.charity_campaign.start`
pub(super) fn start(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let target = Money::of(event.object("target_amount"));
    let target = target.map_or_else(String::new, |money| format!(", {money} to raise"));
    Draft::new(format!("{} started{target}", campaign(event)))
        .money(raised(event).as_ref())
        .at(event.time("started_at"))
        .key(event.id("id"))
}

/// `channel.charity_campaign.progress`
pub(super) fn progress(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let so_far = so_far(event).map_or_else(
        || "moved on".to_owned(),
        |so_far| format!("has raised {so_far}"),
    );
    Draft::new(format!("{} {so_far}", campaign(event))).money(raised(event).as_ref())
}

/// `channel.charity_campaign.stop`
pub(super) fn stop(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let so_far = so_far(event).map_or_else(String::new, |so_far| format!(" with {so_far} raised"));
    Draft::new(format!("{} ended{so_far}", campaign(event)))
        .money(raised(event).as_ref())
        .at(event.time("stopped_at"))
        .key(end_key(event))
}

fn charity(event: Fields<'_>) -> Option<String> {
    Some(clip(event.line("charity_name")?, CHARITY_CHARS))
}

fn campaign(event: Fields<'_>) -> String {
    charity(event).map_or_else(
        || "The charity campaign".to_owned(),
        |name| format!("Charity campaign for {name}"),
    )
}

fn raised(event: Fields<'_>) -> Option<Money> {
    Money::of(event.object("current_amount"))
}

fn so_far(event: Fields<'_>) -> Option<String> {
    let raised = raised(event)?;
    Some(match Money::of(event.object("target_amount")) {
        Some(target) => format!("{raised} of {target}"),
        None => raised.to_string(),
    })
}
