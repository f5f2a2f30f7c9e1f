//! All other chat notices of the channel itself, and those that nobody documents.

use serde_json::json;
use wire::Kind::{Charity, Chat, Cheer, Gift, Raid, Sub};

use super::case::{Case, OWL};
use super::notices::{anonymous, by_pip, notice};

pub(super) fn cases() -> Vec<Case> {
    [others(), undocumented()].concat()
}

fn others() -> Vec<Case> {
    let usd = |key: &str| json!({"charity_name": "Quiet Harbour", "amount": {"value": 2500, key: 2, "currency": "USD"}});
    let with_text = |mut case: Case, text: &str| {
        case.event["message"] = json!({"text": text, "fragments": []});
        case.text(text)
    };
    vec![
        notice(
            "raid",
            json!({"viewer_count": 318, "profile_image_url": "https://img.example/owl.png"}),
            Raid,
            "Late_Owl raided with 318 viewers",
        )
        .with("chatter_user", OWL)
        .with_in("raid", "user", OWL)
        .actor(OWL)
        .amount(318, "viewers"),
        notice("raid", json!(null), Raid, "Late_Owl raided").by("chatter_user", OWL),
        notice("raid", json!({"viewer_count": "many"}), Raid, "Someone raided"),
        by_pip("unraid", json!({}), Raid, "Pip cancelled the raid"),
        notice("unraid", json!(null), Raid, "The raid was cancelled"),
        with_text(
            by_pip(
                "announcement",
                json!({"color": "PRIMARY"}),
                Chat,
                "Pip made an announcement",
            ),
            "Start in five!",
        ),
        with_text(
            by_pip(
                "announcement",
                json!({"color": "deep_red"}),
                Chat,
                "Pip made an announcement",
            ),
            "two\nlines",
        ),
        notice(
            "announcement",
            json!({"color": null}),
            Chat,
            "Someone made an announcement",
        ),
        by_pip(
            "bits_badge_tier",
            json!({"tier": 10_000}),
            Cheer,
            "Pip earned the 10,000 bits badge",
        ),
        by_pip(
            "bits_badge_tier",
            json!({"tier": null}),
            Cheer,
            "Pip earned a new bits badge",
        ),
        by_pip(
            "charity_donation",
            usd("decimal_places"),
            Charity,
            "Pip donated 25.00 USD to Quiet Harbour",
        )
        .money(2500, 2, "USD"),
        by_pip(
            "charity_donation",
            usd("decimal_place"),
            Charity,
            "Pip donated 25.00 USD to Quiet Harbour",
        )
        .money(2500, 2, "USD"),
        by_pip(
            "charity_donation",
            json!({"charity_name": null, "amount": null}),
            Charity,
            "Pip donated to charity",
        ),
        anonymous(
            "charity_donation",
            json!({"charity_name": "Quiet Harbour", "amount": {"value": 500, "decimal_places": 0, "currency": "jpy"}}),
            Charity,
            "An anonymous viewer donated 500 JPY to Quiet Harbour",
        )
        .money(500, 0, "JPY"),
        with_text(
            by_pip(
                "watch_streak",
                json!({"streak_count": 5, "channel_points_awarded": 450}),
                Chat,
                "Pip watched 5 streams in a row and earned 450 points",
            )
            .amount(450, "points"),
            "five!",
        ),
        by_pip(
            "watch_streak",
            json!({"streak_count": 1}),
            Chat,
            "Pip watched 1 stream in a row",
        ),
        by_pip("watch_streak", json!([]), Chat, "Pip kept a watch streak"),
        by_pip(
            "modiversary",
            json!({"months": 12}),
            Chat,
            "Pip has been a moderator for 12 months",
        )
        .amount(12, "months"),
        by_pip(
            "modiversary",
            json!({"months": 0}),
            Chat,
            "Pip celebrates being a moderator",
        ),
    ]
}

/// Told in Twitch's words, for their objects are not known.
fn undocumented() -> Vec<Case> {
    let kinds = [
        ("subsidized_sub", Sub),
        ("subsidized_community_sub_gift", Gift),
        ("gift_sub_base_match", Gift),
        ("gift_sub_bonus_match", Gift),
        ("gift_sub_bonus_match_summary", Gift),
        ("sponsored_shopping_purchase", Chat),
        // Documented as what stands for none of the others
        ("unknown", Chat),
        // Not seen yet
        ("confetti_cannon", Chat),
        ("", Chat),
    ];
    let both = kinds.map(|(name, kind)| {
        let mut silent = anonymous(name, json!(null), kind, "Something happened in chat");
        silent.event["system_message"] = json!("");
        [
            by_pip(name, json!({"any": "thing"}), kind, "Pip did something!"),
            silent,
        ]
    });
    both.concat()
}
