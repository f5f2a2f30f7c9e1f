//! `channel.subscribe` and `channel.subscription.*`

use serde_json::{Value, json};

use super::text::Message;
use super::{BROADCASTER, Person, USER, with};

/// `channel.subscribe` and `channel.subscription.end`
pub(crate) fn subscribe(broadcaster: &Person, user: &Person, tier: &str, is_gift: bool) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        json!({"tier": tier, "is_gift": is_gift}),
    )
}

/// `channel.subscription.gift`: one per purchase; nobody = anonymous.
pub(crate) fn gift(
    broadcaster: &Person,
    gifter: Option<&Person>,
    total: i64,
    tier: &str,
    cumulative_total: Option<i64>,
) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, gifter)],
        json!({
            "total": total,
            "tier": tier,
            "cumulative_total": gifter.and(cumulative_total),
            "is_anonymous": gifter.is_none(),
        }),
    )
}

/// A resubscription that is shared in chat.
#[derive(Debug, Clone)]
pub(crate) struct Resub {
    pub(crate) tier: &'static str,
    pub(crate) is_prime: bool,
    pub(crate) cumulative_months: i64,
    pub(crate) streak_months: Option<i64>,
    pub(crate) duration_months: i64,
}

/// `channel.subscription.message`
pub(crate) fn message(
    broadcaster: &Person,
    user: &Person,
    resub: &Resub,
    message: &Message,
) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(user))],
        json!({
            "tier": resub.tier,
            "message": {"text": message.text(), "emotes": message.emote_ranges()},
            "cumulative_months": resub.cumulative_months,
            "streak_months": resub.streak_months,
            "duration_months": resub.duration_months,
        }),
    )
}
