//! `channel.moderate`: each act, with its details and without.

use serde_json::{Value, json};
use wire::Kind::Moderation;

use super::case::{Case, MIRA, MOLLY, OWL, PIP, case};

/// An act of Molly's; the objects of the others are there and null.
fn act(action: &str, key: &str, details: Value, summary: &str) -> Case {
    let mut event = json!({"source_broadcaster_user_id": null, "action": action, "ban": null, "timeout": null,
        "slow": null, "raid": null, "warn": null, "unban_request": null, "automod_terms": null});
    event[key] = details;
    case("channel.moderate", event, Moderation, summary)
        .version("2")
        .by("moderator_user", MOLLY)
}

fn on_pip(action: &str, details: Value, summary: &str) -> Case {
    act(action, action, details, summary).with_in(action, "user", PIP)
}

pub(super) fn cases() -> Vec<Case> {
    [on_somebody(), on_chat(), on_terms(), elsewhere(), odd()].concat()
}

fn on_somebody() -> Vec<Case> {
    let request = |approved: bool| json!({"is_approved": approved, "moderator_message": "ok"});
    let on_request = |action, approved, summary: &str| {
        act(action, "unban_request", request(approved), summary)
            .with_in("unban_request", "user", PIP)
            .text("ok")
    };
    vec![
        on_pip("ban", json!({"reason": "spam"}), "Mod_Molly banned Pip").text("spam"),
        on_pip("ban", json!({"reason": null}), "Mod_Molly banned Pip").version("1"),
        on_pip("unban", json!({}), "Mod_Molly unbanned Pip"),
        on_pip(
            "timeout",
            json!({"reason": null, "expires_at": "2026-11-01T18:30:00Z"}),
            "Mod_Molly timed out Pip for 10 minutes",
        ),
        on_pip(
            "timeout",
            json!({"reason": "calm down", "expires_at": null}),
            "Mod_Molly timed out Pip",
        )
        .text("calm down"),
        on_pip("untimeout", json!({}), "Mod_Molly ended the timeout of Pip"),
        on_pip(
            "delete",
            json!({"message_id": "m1", "message_body": "oops"}),
            "Mod_Molly deleted a message from Pip",
        )
        .text("oops"),
        on_pip("mod", json!({}), "Mod_Molly made Pip a moderator"),
        on_pip("unmod", json!({}), "Mod_Molly removed Pip as a moderator"),
        on_pip("vip", json!({}), "Mod_Molly made Pip a VIP"),
        on_pip("unvip", json!({}), "Mod_Molly removed Pip as a VIP"),
        on_pip(
            "warn",
            json!({"reason": "be kind", "chat_rules_cited": null}),
            "Mod_Molly warned Pip",
        )
        .text("be kind"),
        on_pip(
            "raid",
            json!({"viewer_count": 1042}),
            "Mod_Molly started a raid on Pip with 1,042 viewers",
        )
        .amount(1042, "viewers"),
        on_pip(
            "raid",
            json!({"viewer_count": null}),
            "Mod_Molly started a raid on Pip",
        ),
        on_pip("unraid", json!({}), "Mod_Molly cancelled the raid on Pip"),
        on_request(
            "approve_unban_request",
            true,
            "Mod_Molly approved the unban request of Pip",
        ),
        on_request(
            "deny_unban_request",
            false,
            "Mod_Molly denied the unban request of Pip",
        ),
    ]
}

fn on_chat() -> Vec<Case> {
    let plain = [
        ("clear", "cleared the chat"),
        ("emoteonly", "turned on emote-only mode"),
        ("emoteonlyoff", "turned off emote-only mode"),
        ("followersoff", "turned off followers-only mode"),
        ("slowoff", "turned off slow mode"),
        ("subscribers", "turned on subscribers-only mode"),
        ("subscribersoff", "turned off subscribers-only mode"),
        ("uniquechat", "turned on unique-chat mode"),
        ("uniquechatoff", "turned off unique-chat mode"),
    ];
    let plain =
        plain.map(|(action, did)| act(action, action, json!(null), &format!("Mod_Molly {did}")));
    let slow = |details, summary: &str| act("slow", "slow", details, summary);
    let followers = |details, summary: &str| act("followers", "followers", details, summary);
    let measured = [
        slow(
            json!({"wait_time_seconds": 30}),
            "Mod_Molly turned on slow mode (30 seconds)",
        ),
        slow(json!(null), "Mod_Molly turned on slow mode"),
        followers(
            json!({"follow_duration_minutes": 0}),
            "Mod_Molly turned on followers-only mode",
        ),
        followers(
            json!({"follow_duration_minutes": 90}),
            "Mod_Molly turned on followers-only mode (90 minutes)",
        ),
    ];
    plain.into_iter().chain(measured).collect()
}

fn on_terms() -> Vec<Case> {
    let terms = |action: &str, terms: Value, from_automod: bool, summary: &str| {
        let details = json!({"action": "add", "list": "blocked", "terms": terms, "from_automod": from_automod});
        act(action, "automod_terms", details, summary)
    };
    vec![
        terms(
            "add_blocked_term",
            json!(["x", "y", "z"]),
            false,
            "Mod_Molly added 3 blocked terms",
        ),
        terms(
            "remove_blocked_term",
            json!(["x"]),
            false,
            "Mod_Molly removed 1 blocked term",
        ),
        terms(
            "add_permitted_term",
            json!(["x"]),
            true,
            "Mod_Molly added 1 permitted term from a held message",
        ),
        terms(
            "remove_permitted_term",
            json!(null),
            false,
            "Mod_Molly removed permitted terms",
        ),
    ]
}

fn elsewhere() -> Vec<Case> {
    let shared = |action: &str, details, did: &str| {
        on_pip(
            action,
            details,
            &format!("Mod_Molly {did} (in Late_Owl's chat)"),
        )
        .with("source_broadcaster_user", OWL)
    };
    let until = json!({"expires_at": "2026-11-01T19:20:00.5Z"});
    vec![
        shared("shared_chat_ban", json!({"reason": "spam"}), "banned Pip").text("spam"),
        shared("shared_chat_unban", json!({}), "unbanned Pip"),
        shared("shared_chat_timeout", until, "timed out Pip for 1 hour"),
        shared(
            "shared_chat_untimeout",
            json!({}),
            "ended the timeout of Pip",
        ),
        shared(
            "shared_chat_delete",
            json!({"message_body": "oops"}),
            "deleted a message from Pip",
        )
        .text("oops"),
        act("ban", "ban", json!(null), "Mod_Molly banned someone")
            .with("source_broadcaster_user", MIRA),
    ]
}

fn odd() -> Vec<Case> {
    let nobody = json!({"action": null, "moderator_user_id": null});
    vec![
        act(
            "freeze_time",
            "freeze_time",
            json!({}),
            "Mod_Molly moderated the chat: freeze time",
        )
        .version("1"),
        case(
            "channel.moderate",
            nobody,
            Moderation,
            "Someone moderated the chat",
        )
        .version("1"),
    ]
}
