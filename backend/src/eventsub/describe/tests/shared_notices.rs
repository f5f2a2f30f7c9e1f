//! Notices of another channel in a shared chat: the same, and where it happened.

use serde_json::{Value, json};
use wire::Kind::{self, Chat, Gift, Raid, Sub};

use super::case::{Case, MIRA, OWL, PIP, TIM};
use super::notices::notice;

fn shared(name: &str, object: Value, kind: Kind, summary: &str) -> Case {
    notice(name, object, kind, summary)
        .by("chatter_user", PIP)
        .with("source_broadcaster_user", OWL)
}

pub(super) fn cases() -> Vec<Case> {
    [told(), bare(), labels()].concat()
}

fn told() -> Vec<Case> {
    let gift = json!({"duration_months": 1, "sub_tier": "2000", "community_gift_id": "7"});
    vec![
        shared(
            "shared_chat_sub",
            json!({"sub_tier": "1000", "is_prime": false}),
            Sub,
            "Pip subscribed at Tier 1 (in Late_Owl's chat)",
        ),
        shared(
            "shared_chat_resub",
            json!({"cumulative_months": 2, "sub_tier": "1000"}),
            Sub,
            "Pip resubscribed for 2 months at Tier 1 (in Late_Owl's chat)",
        )
        .amount(2, "months"),
        shared(
            "shared_chat_sub_gift",
            gift,
            Gift,
            "Pip gifted a Tier 2 sub to Teapot_Tim (in Late_Owl's chat)",
        )
        .with_in("shared_chat_sub_gift", "recipient_user", TIM)
        .amount(1, "subs"),
        shared(
            "shared_chat_community_sub_gift",
            json!({"id": "7", "total": 5, "sub_tier": "2000"}),
            Gift,
            "Pip gifted 5 Tier 2 subs (in Late_Owl's chat)",
        )
        .amount(5, "subs"),
        shared(
            "shared_chat_gift_paid_upgrade",
            json!({}),
            Sub,
            "Pip is keeping the gifted sub (in Late_Owl's chat)",
        ),
        shared(
            "shared_chat_prime_paid_upgrade",
            json!({"sub_tier": "1000"}),
            Sub,
            "Pip turned a Prime sub into a Tier 1 sub (in Late_Owl's chat)",
        ),
        shared(
            "shared_chat_pay_it_forward",
            json!({}),
            Gift,
            "Pip is paying the gift forward to the community (in Late_Owl's chat)",
        ),
        shared(
            "shared_chat_raid",
            json!({"viewer_count": 10}),
            Raid,
            "Teapot_Tim raided with 10 viewers (in Late_Owl's chat)",
        )
        .with_in("shared_chat_raid", "user", TIM)
        .actor(TIM)
        .amount(10, "viewers"),
        shared(
            "shared_chat_announcement",
            json!({"color": "blue"}),
            Chat,
            "Pip made an announcement (in Late_Owl's chat)",
        ),
        shared(
            "shared_chat_modiversary",
            json!({"months": 1}),
            Chat,
            "Pip has been a moderator for 1 month (in Late_Owl's chat)",
        )
        .amount(1, "months"),
    ]
}

/// The same without any detail: nobody named, the object null.
fn bare() -> Vec<Case> {
    let bare = |name: &str, kind: Kind, summary: &str| {
        let summary = format!("{summary} (in Late_Owl's chat)");
        notice(name, json!(null), kind, &summary).with("source_broadcaster_user", OWL)
    };
    vec![
        bare("shared_chat_sub", Sub, "Someone subscribed"),
        bare("shared_chat_resub", Sub, "Someone resubscribed"),
        bare(
            "shared_chat_sub_gift",
            Gift,
            "An anonymous viewer gifted a sub",
        )
        .amount(1, "subs"),
        bare(
            "shared_chat_community_sub_gift",
            Gift,
            "An anonymous viewer gifted subs",
        ),
        bare(
            "shared_chat_gift_paid_upgrade",
            Sub,
            "Someone is keeping the gifted sub",
        ),
        bare(
            "shared_chat_prime_paid_upgrade",
            Sub,
            "Someone turned a Prime sub into a paid sub",
        ),
        bare(
            "shared_chat_pay_it_forward",
            Gift,
            "An anonymous viewer is paying the gift forward to the community",
        ),
        bare("shared_chat_raid", Raid, "Someone raided"),
        bare(
            "shared_chat_announcement",
            Chat,
            "Someone made an announcement",
        ),
        bare(
            "shared_chat_modiversary",
            Chat,
            "Someone celebrates being a moderator",
        ),
    ]
}

/// When and how the other channel is named.
fn labels() -> Vec<Case> {
    let undocumented = [
        ("shared_chat_subsidized_sub", Sub),
        ("shared_chat_subsidized_community_sub_gift", Gift),
        ("shared_chat_gift_sub_base_match", Gift),
        ("shared_chat_gift_sub_bonus_match", Gift),
        ("shared_chat_gift_sub_bonus_match_summary", Gift),
        ("shared_chat_confetti_cannon", Chat),
    ];
    let mut cases = Vec::from(undocumented.map(|(name, kind)| {
        shared(
            name,
            json!({}),
            kind,
            "Pip did something! (in Late_Owl's chat)",
        )
    }));
    cases.extend([
        // A copy of a notice that has no name of its own for it
        shared(
            "watch_streak",
            json!({"streak_count": 3}),
            Chat,
            "Pip watched 3 streams in a row (in Late_Owl's chat)",
        ),
        // The object under the plain name
        shared_under_the_plain_name(),
        // No word of where it came from
        notice(
            "shared_chat_sub",
            json!(null),
            Sub,
            "Pip subscribed (in another channel's chat)",
        )
        .by("chatter_user", PIP),
        // The original, in its own channel
        notice(
            "sub",
            json!({"sub_tier": "1000"}),
            Sub,
            "Pip subscribed at Tier 1",
        )
        .by("chatter_user", PIP)
        .with("source_broadcaster_user", MIRA),
    ]);
    cases
}

fn shared_under_the_plain_name() -> Case {
    let summary = "Pip subscribed at Tier 2 (in Late_Owl's chat)";
    let mut case = shared("shared_chat_sub", json!(null), Sub, summary);
    case.event["sub"] = json!({"sub_tier": "2000"});
    case
}
