//! Followers, subs, gifts and bits, as the broadcaster's grant tells them.

use serde_json::{Value, json};
use wire::Kind::{Cheer, Follow, Gift, Sub};

use super::case::{Case, PIP, TIM, case};

pub(super) fn cases() -> Vec<Case> {
    [subs(), gifts(), bits()].concat()
}

fn subs() -> Vec<Case> {
    let subscribe = |event, summary: &str| case("channel.subscribe", event, Sub, summary);
    let ended = |event, summary: &str| case("channel.subscription.end", event, Sub, summary);
    let resub = |event, summary: &str| case("channel.subscription.message", event, Sub, summary);
    let emotes = json!([{"begin": 11, "end": 13, "id": "425618"}]);
    vec![
        case(
            "channel.follow",
            json!({"followed_at": "2026-11-01T18:16:11.17106713Z"}),
            Follow,
            "Teapot_Tim followed",
        )
        .version("2")
        .by("user", TIM)
        .at("2026-11-01T18:16:11.17106713Z"),
        case(
            "channel.follow",
            json!({"user_id": null, "followed_at": null}),
            Follow,
            "Someone followed",
        )
        .version("2"),
        subscribe(
            json!({"tier": "1000", "is_gift": false}),
            "Teapot_Tim subscribed at Tier 1",
        )
        .by("user", TIM),
        subscribe(
            json!({"tier": "1000", "is_gift": true}),
            "Pip received a gifted Tier 1 sub",
        )
        .by("user", PIP),
        subscribe(json!({"tier": "gold_plus"}), "Pip subscribed").by("user", PIP),
        subscribe(
            json!({"tier": 3000, "is_gift": null}),
            "Someone subscribed at Tier 3",
        ),
        ended(
            json!({"tier": "2000", "is_gift": false}),
            "Pip's Tier 2 sub ended",
        )
        .by("user", PIP),
        ended(
            json!({"tier": null, "is_gift": true}),
            "Pip's gifted sub ended",
        )
        .by("user", PIP),
        resub(
            json!({"tier": "2000", "message": {"text": "Still here LUL", "emotes": emotes},
            "cumulative_months": 15, "streak_months": null, "duration_months": 1}),
            "Teapot_Tim resubscribed for 15 months at Tier 2",
        )
        .by("user", TIM)
        .amount(15, "months")
        .text("Still here LUL"),
        resub(
            json!({"tier": "1000", "message": {"text": "", "emotes": null}, "cumulative_months": 44,
            "streak_months": 36, "duration_months": 6}),
            "Pip resubscribed for 44 months at Tier 1, 36 in a row",
        )
        .by("user", PIP)
        .amount(44, "months"),
        resub(
            json!({"tier": "4000", "message": null, "cumulative_months": 0, "streak_months": 0}),
            "Pip resubscribed",
        )
        .by("user", PIP),
        resub(
            json!({"tier": "1000", "cumulative_months": 1.0, "streak_months": 1, "message": "hi"}),
            "Pip resubscribed for 1 month at Tier 1",
        )
        .by("user", PIP)
        .amount(1, "months")
        .text("hi"),
    ]
}

fn gifts() -> Vec<Case> {
    let gift = |total: Value, tier: &str, cumulative: Value, anonymous: Value, summary: &str| {
        let event = json!({"total": total, "tier": tier, "cumulative_total": cumulative, "is_anonymous": anonymous});
        case("channel.subscription.gift", event, Gift, summary)
    };
    let no = json!(false);
    vec![
        gift(
            json!(5),
            "1000",
            json!(42),
            no.clone(),
            "Teapot_Tim gifted 5 Tier 1 subs (42 in total)",
        )
        .by("user", TIM)
        .amount(5, "subs"),
        gift(
            json!(50),
            "1000",
            json!(0),
            no.clone(),
            "Pip gifted 50 Tier 1 subs",
        )
        .by("user", PIP)
        .amount(50, "subs"),
        gift(
            json!(1),
            "3000",
            json!(1),
            no.clone(),
            "Pip gifted 1 Tier 3 sub",
        )
        .by("user", PIP)
        .amount(1, "subs"),
        gift(
            json!(1200),
            "1000",
            json!("13,0"),
            no,
            "Pip gifted 1,200 Tier 1 subs",
        )
        .by("user", PIP)
        .amount(1200, "subs"),
        gift(
            json!(5),
            "",
            json!(null),
            json!(true),
            "An anonymous viewer gifted 5 subs",
        )
        .amount(5, "subs"),
        gift(
            json!(null),
            "2000",
            json!(null),
            json!(null),
            "An anonymous viewer gifted Tier 2 subs",
        ),
        // Named by mistake, still anonymous
        gift(
            json!(5),
            "1000",
            json!(42),
            json!(true),
            "An anonymous viewer gifted 5 Tier 1 subs (42 in total)",
        )
        .with("user", TIM)
        .amount(5, "subs"),
    ]
}

fn bits() -> Vec<Case> {
    let cheer = |event, summary: &str| case("channel.cheer", event, Cheer, summary);
    let used = |event, summary: &str| case("channel.bits.use", event, Cheer, summary);
    let power_up = |event, summary: &str| {
        case(
            "channel.custom_power_up_redemption.add",
            event,
            Cheer,
            summary,
        )
    };
    let message = json!({"text": "Cheer100 hi", "fragments": null});
    vec![
        cheer(json!({"is_anonymous": false, "message": "Cheer1000 nice run", "bits": 1000}), "Pip cheered 1,000 bits")
            .by("user", PIP).amount(1000, "bits").text("Cheer1000 nice run"),
        cheer(json!({"is_anonymous": true, "user_id": null, "user_login": null, "user_name": null, "message": "", "bits": 1}),
            "An anonymous viewer cheered 1 bit").amount(1, "bits"),
        cheer(json!({"bits": [], "message": null}), "Pip cheered").by("user", PIP),
        used(json!({"bits": 100, "type": "cheer", "power_up": null, "message": message}), "Pip cheered 100 bits")
            .by("user", PIP).amount(100, "bits").text("Cheer100 hi"),
        used(json!({"bits": 50, "type": "power_up", "power_up": {"type": "message_effect", "emote": null,
            "message_effect_id": "cosmic-abyss"}, "message": null}), "Pip used a message effect for 50 bits")
            .by("user", PIP).amount(50, "bits"),
        used(json!({"bits": 50, "type": "power_up", "power_up": {"type": "confetti_rain"}}),
            "Pip used the confetti rain power-up for 50 bits").by("user", PIP).amount(50, "bits"),
        used(json!({"bits": 50, "type": "power_up", "power_up": null}), "Pip used a power-up for 50 bits")
            .by("user", PIP).amount(50, "bits"),
        used(json!({"bits": 200, "type": "custom_power_up", "custom_power_up": {"title": "Confetti", "reward_id": "r1"}}),
            "Pip used the power-up Confetti for 200 bits").by("user", PIP).amount(200, "bits"),
        used(json!({"bits": 7, "type": "bits_jar"}), "Pip used 7 bits (bits jar)").by("user", PIP).amount(7, "bits"),
        used(json!({"type": null}), "An anonymous viewer used bits"),
        power_up(json!({"id": "17fa", "user_input": "now", "status": "unfulfilled", "redeemed_at": "2026-11-01T18:19:00Z",
            "custom_power_up": {"id": "c1", "title": "Confetti", "bits": 300, "prompt": "When?"}}),
            "Pip redeemed the power-up Confetti for 300 bits")
            .by("user", PIP).amount(300, "bits").text("now").at("2026-11-01T18:19:00Z").key("17fa"),
        power_up(json!({"id": null, "user_input": "", "custom_power_up": null}), "Someone redeemed a power-up"),
    ]
}
