//! `channel.chat.notification`: what Twitch announces in a chat, by its notice type.
//!
//! A new notice is one row in [`NOTICES`]. Until it has one, Twitch's own sentence
//! about it is shown.

use wire::GroupKind::GiftBomb;
use wire::Kind;

use super::Notification;
use super::charity::donated;
use super::chat::labelled;
use super::draft::{Draft, Part, step};
use super::fields::Fields;
use super::gifts::{gifted, gifted_to};
use super::numbers::{many, phrase, thousands};
use super::person::{ANONYMOUS, Person};
use super::raids;
use super::role::Role;
use super::subs::{Plan, in_advance, resubscribed};
use super::twins;
use super::words::clip;

/// Reads a notice: who chatted, the notice's object, and the whole event.
type Read = fn(&Person, Fields<'_>, Fields<'_>) -> Draft;

/// Every notice type; `shared_chat_` before one means another channel's chat.
pub(super) static NOTICES: &[(&str, Kind, Read)] = &[
    ("sub", Kind::Sub, sub),
    ("resub", Kind::Sub, resub),
    ("sub_gift", Kind::Gift, sub_gift),
    ("community_sub_gift", Kind::Gift, community_sub_gift),
    ("gift_paid_upgrade", Kind::Sub, gift_paid_upgrade),
    ("prime_paid_upgrade", Kind::Sub, prime_paid_upgrade),
    ("pay_it_forward", Kind::Gift, pay_it_forward),
    ("raid", Kind::Raid, raid),
    ("unraid", Kind::Raid, unraid),
    ("announcement", Kind::Chat, announcement),
    ("bits_badge_tier", Kind::Cheer, bits_badge_tier),
    ("charity_donation", Kind::Charity, charity_donation),
    ("watch_streak", Kind::Chat, watch_streak),
    ("modiversary", Kind::Chat, modiversary),
    // Seen, but not documented
    ("subsidized_sub", Kind::Sub, as_twitch_says),
    ("subsidized_community_sub_gift", Kind::Gift, as_twitch_says),
    ("gift_sub_base_match", Kind::Gift, as_twitch_says),
    ("gift_sub_bonus_match", Kind::Gift, as_twitch_says),
    ("gift_sub_bonus_match_summary", Kind::Gift, as_twitch_says),
    ("sponsored_shopping_purchase", Kind::Chat, as_twitch_says),
];

/// Longest sentence of Twitch's that is shown, in characters; leaves room for a label.
const SENTENCE_CHARS: usize = 240;

/// `channel.chat.notification`
pub(super) fn notification(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let notice_type = event.token("notice_type");
    let shared = notice_type.strip_prefix("shared_chat_");
    let name = shared.unwrap_or(notice_type);
    let chatter = event.person_unless("chatter_is_anonymous", Role::CHATTER);
    let notice = if event.has(notice_type) {
        event.object(notice_type)
    } else {
        event.object(name)
    };
    let known = NOTICES.iter().find(|row| row.0 == name);
    let mut draft = match known {
        Some((_, kind, read)) => read(&chatter, notice, event).kind(*kind),
        None => as_twitch_says(&chatter, notice, event),
    };
    let actor = draft.actor.take().unwrap_or(chatter);
    labelled(draft, notification, shared.is_some())
        .text(event.text("message"))
        .key(event.id("message_id"))
        .by(actor)
}

fn sub(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let plan = Plan::of(notice, "sub_tier").adverb();
    let advance = in_advance(notice.count("duration_months"));
    let who = chatter.or_someone();
    Draft::new(format!("{who} subscribed{plan}{advance}")).twin(twins::once(
        "sub",
        chatter,
        &tier(notice),
    ))
}

fn resub(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let plan = Plan::of(notice, "sub_tier");
    let mut draft = resubscribed(chatter.or_someone(), plan, notice).twin(twins::once(
        "resub",
        chatter,
        &tier(notice),
    ));
    if notice.flag("is_gift") {
        let from = giver(notice).map_or_else(String::new, |name| format!(" from {name}"));
        draft.summary.push_str(&format!(", a gift{from}"));
    }
    draft
}

fn sub_gift(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let (tier, recipient) = (tier(notice), notice.person(Role::RECIPIENT));
    let bomb = notice.id("community_gift_id");
    let purchase = match bomb {
        None => twins::given(chatter, &tier, 1, notice),
        Some(_) => None,
    };
    let mut draft = gifted_to(chatter, notice, Plan::of(notice, "sub_tier"))
        .twin(purchase)
        .twin(twins::once("got", &recipient, &tier));
    draft.part = bomb.map(|id| Part {
        kind: GiftBomb,
        id,
        step: step::BEGIN,
        total: None,
        broadcaster_id: None,
        recipient: Some(recipient),
    });
    draft
}

fn community_sub_gift(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let total = notice.positive("total");
    let twin = total.and_then(|total| twins::given(chatter, &tier(notice), total, notice));
    gifted(chatter, notice, Plan::of(notice, "sub_tier"))
        .part_of(GiftBomb, notice.id("id"), step::END)
        .twin(twin)
}

fn tier(notice: Fields<'_>) -> String {
    notice.id("sub_tier").unwrap_or_default()
}

fn gift_paid_upgrade(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let from = giver(notice).map_or_else(String::new, |name| format!(" from {name}"));
    let who = chatter.or_someone();
    Draft::new(format!("{who} is keeping the gifted sub{from}"))
}

fn prime_paid_upgrade(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let plan = Plan::of(notice, "sub_tier").adjective();
    let paid = if plan.is_empty() { "paid " } else { plan };
    let who = chatter.or_someone();
    Draft::new(format!("{who} turned a Prime sub into a {paid}sub"))
}

fn pay_it_forward(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let from = giver(notice).map_or_else(String::new, |name| format!(" from {name}"));
    let recipient = notice.person(Role::RECIPIENT);
    let to = if recipient.is_nobody() {
        "the community"
    } else {
        recipient.whom()
    };
    let who = chatter.or(ANONYMOUS);
    Draft::new(format!("{who} is paying the gift{from} forward to {to}"))
}

/// Who gave the sub, as told inside a sentence.
fn giver(notice: Fields<'_>) -> Option<String> {
    if notice.flag("gifter_is_anonymous") {
        return Some("an anonymous viewer".to_owned());
    }
    notice.person(Role::GIFTER).called().map(str::to_owned)
}

fn raid(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let raider = notice.person(Role::USER).or_else(|| chatter.clone());
    raids::incoming(&raider, notice.count("viewer_count")).by(raider)
}

fn unraid(chatter: &Person, _: Fields<'_>, _: Fields<'_>) -> Draft {
    Draft::new(match chatter.called() {
        Some(name) => format!("{name} cancelled the raid"),
        None => "The raid was cancelled".to_owned(),
    })
}

fn announcement(chatter: &Person, _: Fields<'_>, _: Fields<'_>) -> Draft {
    Draft::new(format!("{} made an announcement", chatter.or_someone()))
}

/// The badge tells of bits spent before: they are no amount of this event.
fn bits_badge_tier(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let badge = match notice.positive("tier") {
        Some(tier) => format!("the {} bits badge", thousands(tier)),
        None => "a new bits badge".to_owned(),
    };
    Draft::new(format!("{} earned {badge}", chatter.or_someone()))
}

fn charity_donation(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    donated(chatter, notice)
}

fn watch_streak(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let who = chatter.or_someone();
    let points = notice.positive("channel_points_awarded");
    let earned = phrase("and earned", points, "point");
    let watched = match notice.positive("streak_count") {
        Some(streams) => format!("watched {} in a row", many(streams, "stream")),
        None => "kept a watch streak".to_owned(),
    };
    Draft::new(format!("{who} {watched}{earned}")).amount(points, "points")
}

fn modiversary(chatter: &Person, notice: Fields<'_>, _: Fields<'_>) -> Draft {
    let months = notice.positive("months");
    let who = chatter.or_someone();
    let summary = match months {
        Some(months) => format!("{who} has been a moderator for {}", many(months, "month")),
        None => format!("{who} celebrates being a moderator"),
    };
    Draft::new(summary).amount(months, "months")
}

fn as_twitch_says(chatter: &Person, _: Fields<'_>, event: Fields<'_>) -> Draft {
    Draft::new(match (event.line("system_message"), chatter.called()) {
        (Some(sentence), _) => clip(sentence, SENTENCE_CHARS),
        (None, Some(name)) => format!("Something happened in chat with {name}"),
        (None, None) => "Something happened in chat".to_owned(),
    })
}
