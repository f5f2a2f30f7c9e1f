//! Bits: cheers and power-ups.

use super::Notification;
use super::draft::Draft;
use super::fields::Fields;
use super::numbers::{many, phrase};
use super::person::{ANONYMOUS, Person};
use super::role::Role;
use super::twins::{self, Twin};
use super::words::{excerpt, readable};

/// `channel.cheer`
pub(super) fn cheer(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person_unless("is_anonymous", Role::USER);
    let bits = event.positive("bits");
    cheered(&user, bits)
        .twin(cheer_twin(&user, bits, event))
        .text(event.text("message"))
        .by(user)
}

/// Told by `channel.cheer`, by `channel.bits.use` and by the line in the chat.
pub(super) fn cheer_twin(user: &Person, bits: Option<i64>, event: Fields<'_>) -> Option<Twin> {
    twins::again("cheer", user, &bits?.to_string(), event.text("message"))
}

/// A cheer of any telling.
pub(super) fn cheered(user: &Person, bits: Option<i64>) -> Draft {
    let who = user.or(ANONYMOUS);
    let bits_words = bits.map_or_else(String::new, |bits| format!(" {}", many(bits, "bit")));
    Draft::new(format!("{who} cheered{bits_words}")).amount(bits, "bits")
}

/// `channel.bits.use`
pub(super) fn bits_use(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person_unless("is_anonymous", Role::USER);
    let bits = event.positive("bits");
    let who = user.or(ANONYMOUS);
    let cost = phrase("for", bits, "bit");
    let draft = match event.token("type") {
        "cheer" => cheered(&user, bits).twin(cheer_twin(&user, bits, event)),
        "power_up" => {
            let used = power_up(event.object("power_up").token("type"));
            Draft::new(format!("{who} used {used}{cost}"))
        }
        "custom_power_up" => {
            let title = event.object("custom_power_up").line("title");
            Draft::new(format!("{who} used {}{cost}", custom(title)))
        }
        other => {
            let used = bits.map_or_else(|| "bits".to_owned(), |bits| many(bits, "bit"));
            let how = match other {
                "" => String::new(),
                other => format!(" ({})", readable(other)),
            };
            Draft::new(format!("{who} used {used}{how}"))
        }
    };
    draft
        .amount(bits, "bits")
        .text(event.text("message"))
        .by(user)
}

/// `channel.custom_power_up_redemption.add`
pub(super) fn power_up_redemption(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let user = event.person(Role::USER);
    let power_up = event.object("custom_power_up");
    let bits = power_up.positive("bits");
    let cost = phrase("for", bits, "bit");
    let title = power_up.line("title");
    Draft::new(format!(
        "{} redeemed {}{cost}",
        user.or_someone(),
        custom(title)
    ))
    .amount(bits, "bits")
    .text(event.text("user_input"))
    .at(event.time("redeemed_at"))
    .key(event.id("id"))
    .by(user)
}

/// A power-up of Twitch's own.
fn power_up(kind: &str) -> String {
    match kind {
        "message_effect" => "a message effect".to_owned(),
        "celebration" => "an on-screen celebration".to_owned(),
        "gigantify_an_emote" => "a gigantified emote".to_owned(),
        "" => "a power-up".to_owned(),
        other => format!("the {} power-up", readable(other)),
    }
}

/// A power-up of the broadcaster's own.
fn custom(title: Option<String>) -> String {
    title.map_or_else(
        || "a power-up".to_owned(),
        |title| format!("the power-up {}", excerpt(title)),
    )
}
