//! What moderators do, and what is held back without them.

use serde_json::{Value, json};
use wire::Kind::Moderation;

use super::case::{Case, MOLLY, PIP, case};

fn told(event_type: &'static str, event: Value, summary: &str) -> Case {
    case(event_type, event, Moderation, summary)
}

pub(super) fn cases() -> Vec<Case> {
    [bans(), people(), suspicion(), automod()].concat()
}

fn bans() -> Vec<Case> {
    let at = "2026-11-01T18:19:00Z";
    let ban = |event, summary: &str| told("channel.ban", event, summary);
    let resolve = |event, summary: &str| told("channel.unban_request.resolve", event, summary);
    let warn = |event, summary: &str| told("channel.warning.send", event, summary);
    vec![
        ban(json!({"reason": "spam", "banned_at": at, "ends_at": null, "is_permanent": true}), "Mod_Molly banned Pip")
            .by("moderator_user", MOLLY).with("user", PIP).text("spam").at(at),
        ban(json!({"reason": "", "banned_at": at, "ends_at": "2026-11-01T18:29:00Z", "is_permanent": false}),
            "Mod_Molly timed out Pip for 10 minutes").by("moderator_user", MOLLY).with("user", PIP).at(at),
        ban(json!({"ends_at": "later"}), "Someone banned someone"),
        told("channel.unban", json!({}), "Mod_Molly unbanned Pip").by("moderator_user", MOLLY).with("user", PIP),
        told("channel.unban", json!({"user_name": 5}), "Someone unbanned someone"),
        told("channel.unban_request.create", json!({"id": "u1", "text": "sorry", "created_at": at}), "Pip asked to be unbanned")
            .by("user", PIP).text("sorry").at(at),
        told("channel.unban_request.create", json!({"text": null}), "Someone asked to be unbanned"),
        resolve(json!({"id": "u1", "resolution_text": "welcome back", "status": "approved"}),
            "Mod_Molly approved the unban request of Pip")
            .by("moderator_user", MOLLY).with("user", PIP).text("welcome back"),
        resolve(json!({"id": "u1", "resolution_text": null, "status": "denied"}), "Mod_Molly denied the unban request of Pip")
            .by("moderator_user", MOLLY).with("user", PIP),
        resolve(json!({"moderator_user_id": null, "status": "canceled"}), "The unban request of Pip was cancelled").with("user", PIP),
        resolve(json!({"status": "put_off"}), "The unban request of Pip was resolved (put off)").with("user", PIP),
        warn(json!({"reason": "be kind", "chat_rules_cited": ["kindness"]}), "Mod_Molly warned Pip")
            .by("moderator_user", MOLLY).with("user", PIP).text("be kind"),
        warn(json!({"reason": null, "chat_rules_cited": null}), "Someone warned Pip").with("user", PIP),
        told("channel.warning.acknowledge", json!({}), "Pip acknowledged a warning").by("user", PIP),
        told("channel.warning.acknowledge", json!({"user_id": null}), "Someone acknowledged a warning"),
        told("channel.shield_mode.begin", json!({"started_at": at}), "Mod_Molly turned on shield mode").by("moderator_user", MOLLY).at(at),
        told("channel.shield_mode.begin", json!({}), "Someone turned on shield mode"),
        told("channel.shield_mode.end", json!({"ended_at": at}), "Mod_Molly turned off shield mode").by("moderator_user", MOLLY).at(at),
        told("channel.shield_mode.end", json!({"ended_at": 5}), "Someone turned off shield mode"),
    ]
}

fn people() -> Vec<Case> {
    let roles = [
        ("channel.moderator.add", "became a moderator"),
        ("channel.moderator.remove", "is no longer a moderator"),
        ("channel.vip.add", "became a VIP"),
        ("channel.vip.remove", "is no longer a VIP"),
    ];
    let both = roles.map(|(event_type, happened)| {
        [
            told(event_type, json!({}), &format!("Pip {happened}")).by("user", PIP),
            told(
                event_type,
                json!({"user_id": ""}),
                &format!("Someone {happened}"),
            ),
        ]
    });
    both.concat()
}

fn suspicion() -> Vec<Case> {
    let message = |event, summary: &str| told("channel.suspicious_user.message", event, summary);
    let update = |status: Value, summary: &str| {
        told(
            "channel.suspicious_user.update",
            json!({"low_trust_status": status}),
            summary,
        )
        .by("moderator_user", MOLLY)
        .with("user", PIP)
    };
    vec![
        message(json!({"low_trust_status": "active_monitoring", "shared_ban_channel_ids": null, "types": ["ban_evader"],
            "ban_evasion_evaluation": "likely", "message": {"message_id": "m1", "text": "hi", "fragments": []}}),
            "Pip, who is being monitored, wrote a message (likely evading a ban)").by("user", PIP).text("hi"),
        message(json!({"low_trust_status": "restricted", "ban_evasion_evaluation": "unknown"}),
            "Pip, who is restricted, tried to write a message").by("user", PIP),
        message(json!({"low_trust_status": "watch_list", "types": null, "ban_evasion_evaluation": "possible"}),
            "Pip, a suspicious user, wrote a message (possibly evading a ban)").by("user", PIP),
        message(json!({"low_trust_status": null}), "Pip, a suspicious user, wrote a message").by("user", PIP),
        update(json!("restricted"), "Mod_Molly restricted Pip"),
        update(json!("active_monitoring"), "Mod_Molly is monitoring Pip"),
        update(json!("none"), "Mod_Molly no longer treats Pip as suspicious"),
        update(json!("watch_list"), "Mod_Molly changed how Pip is treated: watch list"),
        update(json!(null), "Mod_Molly changed how Pip is treated"),
    ]
}

fn automod() -> Vec<Case> {
    let at = "2026-11-01T18:19:00Z";
    let message = json!({"text": "bad word", "fragments": null});
    let hold = |event, summary: &str| told("automod.message.hold", event, summary).by("user", PIP);
    let update = |status: Value, summary: &str| {
        let event = json!({"message_id": "m1", "message": {"text": "bad word"}, "status": status, "held_at": at});
        told("automod.message.update", event, summary)
            .with("user", PIP)
            .text("bad word")
    };
    let terms = |action: Value, list: Value, automod: bool, summary: &str| {
        let event = json!({"action": action, "from_automod": automod, "terms": list});
        told("automod.terms.update", event, summary)
    };
    vec![
        hold(json!({"message_id": "m1", "message": message, "category": "aggressive", "level": 2, "held_at": at}),
            "AutoMod held a message from Pip for aggressive, level 2").text("bad word").at(at),
        hold(json!({"message": message, "held_at": at, "reason": "automod", "blocked_term": null,
            "automod": {"category": "sexual_words", "level": 1, "boundaries": [{"start_pos": 0, "end_pos": 3}]}}),
            "AutoMod held a message from Pip for sexual words, level 1").version("2").text("bad word").at(at),
        hold(json!({"message": message, "reason": "blocked_term", "automod": null, "blocked_term": {"terms_found": []}}),
            "AutoMod held a message from Pip for a blocked term").version("2").text("bad word"),
        hold(json!({"message": null}), "AutoMod held a message from Pip"),
        update(json!("approved"), "Mod_Molly approved a held message from Pip").by("moderator_user", MOLLY),
        update(json!("Denied"), "Mod_Molly denied a held message from Pip").version("2").by("moderator_user", MOLLY),
        update(json!(null), "A held message from Pip was resolved").version("2"),
        update(json!("expired"), "A held message from Pip expired").version("2"),
        update(json!("sent_back"), "A held message from Pip was resolved (sent back)"),
        told("automod.settings.update", json!({"overall_level": 3, "bullying": 2}),
            "Mod_Molly changed the AutoMod settings to overall level 3").by("moderator_user", MOLLY),
        told("automod.settings.update", json!({"overall_level": null}), "Someone changed the AutoMod settings"),
        terms(json!("add_blocked"), json!(["a", "b"]), true, "Mod_Molly added 2 blocked terms from a held message")
            .by("moderator_user", MOLLY),
        terms(json!("remove_permitted"), json!(["a"]), false, "Mod_Molly removed 1 permitted term").by("moderator_user", MOLLY),
        terms(json!("add_permitted"), json!([]), false, "Mod_Molly added permitted terms").by("moderator_user", MOLLY),
        terms(json!("remove_blocked"), json!(["a"]), false, "Mod_Molly removed 1 blocked term").by("moderator_user", MOLLY),
        terms(json!("shuffle_terms"), json!(null), false, "Someone changed AutoMod terms"),
    ]
}
