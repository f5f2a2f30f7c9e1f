//! Chat notices of subs and gifts in the channel itself.

use serde_json::{Value, json};
use wire::Kind::{self, Gift, Sub};

use super::case::{Case, OWL, PIP, TIM, case};

/// A notice with its object, as Twitch sends it: the others are there and null.
pub(super) fn notice(name: &str, object: Value, kind: Kind, summary: &str) -> Case {
    let mut event = json!({"chatter_is_anonymous": false, "color": "", "badges": [], "message_id": "aaa15585",
        "system_message": "Pip did something!", "message": {"text": "", "fragments": null}, "notice_type": name,
        "sub": null, "resub": null, "sub_gift": null, "raid": null, "shared_chat_sub": null,
        "source_broadcaster_user_id": null, "source_message_id": null});
    event[name] = object;
    case("channel.chat.notification", event, kind, summary).key("aaa15585")
}

pub(super) fn by_pip(name: &str, object: Value, kind: Kind, summary: &str) -> Case {
    notice(name, object, kind, summary).by("chatter_user", PIP)
}

pub(super) fn anonymous(name: &str, object: Value, kind: Kind, summary: &str) -> Case {
    let mut case = notice(name, object, kind, summary);
    case.event["chatter_is_anonymous"] = json!(true);
    for part in ["id", "login", "name"] {
        case.event[format!("chatter_user_{part}")] = json!(null);
    }
    case
}

pub(super) fn cases() -> Vec<Case> {
    [subs(), gifts()].concat()
}

fn subs() -> Vec<Case> {
    let resub = |months: i64, streak: Value, gift: Value| {
        json!({"cumulative_months": months, "duration_months": 0, "streak_months": streak, "sub_tier": "1000",
            "is_prime": false, "is_gift": gift, "gifter_is_anonymous": null, "gifter_user_id": null})
    };
    vec![
        by_pip(
            "sub",
            json!({"sub_tier": "1000", "is_prime": false, "duration_months": 1}),
            Sub,
            "Pip subscribed at Tier 1",
        ),
        by_pip(
            "sub",
            json!({"sub_tier": "1000", "is_prime": true, "duration_months": 1}),
            Sub,
            "Pip subscribed with Prime",
        ),
        by_pip(
            "sub",
            json!({"sub_tier": "9000", "duration_months": 6}),
            Sub,
            "Pip subscribed, 6 months in advance",
        ),
        by_pip(
            "resub",
            resub(58, json!(null), json!(false)),
            Sub,
            "Pip resubscribed for 58 months at Tier 1",
        )
        .amount(58, "months"),
        by_pip(
            "resub",
            resub(58, json!(12), json!(true)),
            Sub,
            "Pip resubscribed for 58 months at Tier 1, 12 in a row, a gift from Late_Owl",
        )
        .with_in("resub", "gifter_user", OWL)
        .amount(58, "months"),
        by_pip(
            "resub",
            json!({"is_gift": true, "gifter_is_anonymous": true, "is_prime": null}),
            Sub,
            "Pip resubscribed, a gift from an anonymous viewer",
        ),
        by_pip("resub", json!(null), Sub, "Pip resubscribed"),
        notice(
            "resub",
            json!({"cumulative_months": 3, "sub_tier": "3000", "is_prime": true, "streak_months": 0}),
            Sub,
            "Someone resubscribed for 3 months with Prime",
        )
        .amount(3, "months"),
        by_pip(
            "gift_paid_upgrade",
            json!({"gifter_is_anonymous": false}),
            Sub,
            "Pip is keeping the gifted sub from Late_Owl",
        )
        .with_in("gift_paid_upgrade", "gifter_user", OWL),
        by_pip(
            "gift_paid_upgrade",
            json!({"gifter_is_anonymous": true, "gifter_user_id": null}),
            Sub,
            "Pip is keeping the gifted sub from an anonymous viewer",
        ),
        by_pip(
            "gift_paid_upgrade",
            json!(null),
            Sub,
            "Pip is keeping the gifted sub",
        ),
        by_pip(
            "prime_paid_upgrade",
            json!({"sub_tier": "2000"}),
            Sub,
            "Pip turned a Prime sub into a Tier 2 sub",
        ),
        by_pip(
            "prime_paid_upgrade",
            json!({"sub_tier": null}),
            Sub,
            "Pip turned a Prime sub into a paid sub",
        ),
    ]
}

fn gifts() -> Vec<Case> {
    let single = |months: i64, total: Value| json!({"duration_months": months, "cumulative_total": total, "sub_tier": "1000", "community_gift_id": null});
    let community = |total: i64, so_far: Value| json!({"id": "12111455614691086753", "total": total, "sub_tier": "1000", "cumulative_total": so_far});
    vec![
        by_pip(
            "sub_gift",
            single(1, json!(0)),
            Gift,
            "Pip gifted a Tier 1 sub to Late_Owl",
        )
        .with_in("sub_gift", "recipient_user", OWL)
        .amount(1, "subs"),
        by_pip(
            "sub_gift",
            single(3, json!(27)),
            Gift,
            "Pip gifted a 3-month Tier 1 sub to Late_Owl (27 in total)",
        )
        .with_in("sub_gift", "recipient_user", OWL)
        .amount(1, "subs"),
        anonymous(
            "sub_gift",
            json!({"sub_tier": "x"}),
            Gift,
            "An anonymous viewer gifted a sub",
        )
        .amount(1, "subs"),
        anonymous(
            "community_sub_gift",
            community(5, json!(null)),
            Gift,
            "An anonymous viewer gifted 5 Tier 1 subs",
        )
        .amount(5, "subs"),
        notice(
            "community_sub_gift",
            community(50, json!(120)),
            Gift,
            "Late_Owl gifted 50 Tier 1 subs (120 in total)",
        )
        .by("chatter_user", OWL)
        .amount(50, "subs"),
        by_pip("community_sub_gift", json!("?"), Gift, "Pip gifted subs"),
        // A gift to one of many names the gift it is part of
        anonymous(
            "sub_gift",
            json!({"duration_months": 1, "cumulative_total": null, "sub_tier": "1000", "community_gift_id": "12111455614691086753"}),
            Gift,
            "An anonymous viewer gifted a Tier 1 sub to Late_Owl",
        )
        .with_in("sub_gift", "recipient_user", OWL)
        .amount(1, "subs"),
        by_pip(
            "pay_it_forward",
            json!({"gifter_is_anonymous": false}),
            Gift,
            "Pip is paying the gift from Teapot_Tim forward to Late_Owl",
        )
        .with_in("pay_it_forward", "gifter_user", TIM)
        .with_in("pay_it_forward", "recipient_user", OWL),
        by_pip(
            "pay_it_forward",
            json!({"gifter_is_anonymous": true, "recipient_user_id": null}),
            Gift,
            "Pip is paying the gift from an anonymous viewer forward to the community",
        ),
        by_pip(
            "pay_it_forward",
            json!(null),
            Gift,
            "Pip is paying the gift forward to the community",
        ),
    ]
}
