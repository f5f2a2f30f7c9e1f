use std::collections::BTreeSet;

use serde_json::json;

use super::*;

/// `bc`, `u` and `mod` stand for three keys each.
const TYPES: &[(&str, &str, &str)] = &[
    ("stream.online", "1", "bc id type started_at"),
    ("stream.offline", "1", "bc id"),
    (
        "channel.update",
        "2",
        "bc title language category_id category_name content_classification_labels",
    ),
    (
        "channel.update",
        "1",
        "bc title language category_id category_name is_mature",
    ),
    (
        "channel.raid",
        "1",
        "from_broadcaster_user_* to_broadcaster_user_* viewers",
    ),
    (
        "channel.shared_chat.begin",
        "1",
        "bc session_id host_broadcaster_user_* participants",
    ),
    (
        "channel.shared_chat.update",
        "1",
        "bc session_id host_broadcaster_user_* participants",
    ),
    (
        "channel.shared_chat.end",
        "1",
        "bc session_id host_broadcaster_user_*",
    ),
    ("user.update", "1", "u email_verified description"),
    (
        "channel.chat.message",
        "1",
        "bc chatter_user_* message_id message color badges message_type cheer reply channel_points_custom_reward_id channel_points_animation_id source_broadcaster_user_* source_message_id source_badges is_source_only",
    ),
    (
        "channel.chat.notification",
        "1",
        "bc chatter_user_* chatter_is_anonymous color badges system_message message_id message notice_type sub resub sub_gift community_sub_gift gift_paid_upgrade prime_paid_upgrade pay_it_forward raid unraid announcement bits_badge_tier charity_donation watch_streak modiversary shared_chat_sub shared_chat_resub shared_chat_sub_gift shared_chat_community_sub_gift shared_chat_gift_paid_upgrade shared_chat_prime_paid_upgrade shared_chat_pay_it_forward shared_chat_raid shared_chat_announcement shared_chat_modiversary source_broadcaster_user_* source_message_id source_badges is_source_only",
    ),
    (
        "channel.chat.message_delete",
        "1",
        "bc target_user_* message_id",
    ),
    ("channel.chat.clear_user_messages", "1", "bc target_user_*"),
    ("channel.chat.clear", "1", "bc"),
    (
        "channel.chat_settings.update",
        "1",
        "bc emote_mode follower_mode follower_mode_duration_minutes slow_mode slow_mode_wait_time_seconds subscriber_mode unique_chat_mode",
    ),
    (
        "channel.chat.user_message_hold",
        "1",
        "bc u message_id message",
    ),
    (
        "channel.chat.user_message_update",
        "1",
        "bc u message_id message status",
    ),
    ("channel.follow", "2", "bc u followed_at"),
    ("channel.subscribe", "1", "bc u tier is_gift"),
    ("channel.subscription.end", "1", "bc u tier is_gift"),
    (
        "channel.subscription.gift",
        "1",
        "bc u total tier cumulative_total is_anonymous",
    ),
    (
        "channel.subscription.message",
        "1",
        "bc u tier message cumulative_months streak_months duration_months",
    ),
    ("channel.cheer", "1", "bc u is_anonymous message bits"),
    (
        "channel.bits.use",
        "1",
        "bc u bits type power_up custom_power_up message",
    ),
    (
        "channel.custom_power_up_redemption.add",
        "1",
        "id bc u user_input status custom_power_up redeemed_at",
    ),
    ("channel.channel_points_custom_reward.add", "1", REWARD),
    ("channel.channel_points_custom_reward.update", "1", REWARD),
    ("channel.channel_points_custom_reward.remove", "1", REWARD),
    (
        "channel.channel_points_custom_reward_redemption.add",
        "1",
        "id bc u user_input status reward redeemed_at",
    ),
    (
        "channel.channel_points_custom_reward_redemption.update",
        "1",
        "id bc u user_input status reward redeemed_at",
    ),
    (
        "channel.channel_points_automatic_reward_redemption.add",
        "2",
        "bc u id reward message redeemed_at",
    ),
    (
        "channel.channel_points_automatic_reward_redemption.add",
        "1",
        "bc u id reward message user_input redeemed_at",
    ),
    (
        "channel.poll.begin",
        "1",
        "id bc title choices bits_voting channel_points_voting started_at ends_at",
    ),
    (
        "channel.poll.progress",
        "1",
        "id bc title choices bits_voting channel_points_voting started_at ends_at",
    ),
    (
        "channel.poll.end",
        "1",
        "id bc title choices bits_voting channel_points_voting status started_at ended_at",
    ),
    (
        "channel.prediction.begin",
        "1",
        "id bc title outcomes started_at locks_at",
    ),
    (
        "channel.prediction.progress",
        "1",
        "id bc title outcomes started_at locks_at",
    ),
    (
        "channel.prediction.lock",
        "1",
        "id bc title outcomes started_at locked_at",
    ),
    (
        "channel.prediction.end",
        "1",
        "id bc title winning_outcome_id outcomes status started_at ended_at",
    ),
    (
        "channel.hype_train.begin",
        "2",
        "id bc total progress goal top_contributions level all_time_high_level all_time_high_total shared_train_participants started_at expires_at type is_shared_train",
    ),
    (
        "channel.hype_train.progress",
        "2",
        "id bc total progress goal top_contributions level shared_train_participants started_at expires_at type is_shared_train",
    ),
    (
        "channel.hype_train.end",
        "2",
        "id bc total top_contributions level shared_train_participants started_at ended_at cooldown_ends_at type is_shared_train",
    ),
    (
        "channel.goal.begin",
        "1",
        "id bc type description current_amount target_amount started_at",
    ),
    (
        "channel.goal.progress",
        "1",
        "id bc type description current_amount target_amount started_at",
    ),
    (
        "channel.goal.end",
        "1",
        "id bc type description current_amount target_amount started_at is_achieved ended_at",
    ),
    (
        "channel.charity_campaign.donate",
        "1",
        "id campaign_id bc u charity_name charity_description charity_logo charity_website amount",
    ),
    (
        "channel.charity_campaign.start",
        "1",
        "id broadcaster_* charity_name charity_description charity_logo charity_website current_amount target_amount started_at",
    ),
    (
        "channel.charity_campaign.progress",
        "1",
        "id broadcaster_* charity_name charity_description charity_logo charity_website current_amount target_amount",
    ),
    (
        "channel.charity_campaign.stop",
        "1",
        "id broadcaster_* charity_name charity_description charity_logo charity_website current_amount target_amount stopped_at",
    ),
    (
        "channel.ad_break.begin",
        "1",
        "duration_seconds started_at is_automatic bc requester_user_*",
    ),
    (
        "channel.ban",
        "1",
        "u bc mod reason banned_at ends_at is_permanent",
    ),
    ("channel.unban", "1", "u bc mod"),
    (
        "channel.moderate",
        "2",
        "bc source_broadcaster_user_* mod action followers slow vip unvip mod.. unmod ban unban timeout untimeout raid unraid delete automod_terms unban_request warn shared_chat_ban shared_chat_timeout shared_chat_unban shared_chat_untimeout shared_chat_delete",
    ),
    (
        "channel.moderate",
        "1",
        "bc source_broadcaster_user_* mod action followers slow vip unvip mod.. unmod ban unban timeout untimeout raid unraid delete automod_terms unban_request shared_chat_ban shared_chat_timeout shared_chat_unban shared_chat_untimeout shared_chat_delete",
    ),
    ("channel.moderator.add", "1", "bc u"),
    ("channel.moderator.remove", "1", "bc u"),
    ("channel.vip.add", "1", "bc u"),
    ("channel.vip.remove", "1", "bc u"),
    (
        "channel.unban_request.create",
        "1",
        "id bc u text created_at",
    ),
    (
        "channel.unban_request.resolve",
        "1",
        "id bc mod u resolution_text status",
    ),
    (
        "channel.warning.send",
        "1",
        "bc u mod reason chat_rules_cited",
    ),
    ("channel.warning.acknowledge", "1", "bc u"),
    (
        "channel.suspicious_user.message",
        "1",
        "bc u low_trust_status shared_ban_channel_ids types ban_evasion_evaluation message",
    ),
    (
        "channel.suspicious_user.update",
        "1",
        "bc mod u low_trust_status",
    ),
    ("channel.shield_mode.begin", "1", "bc mod started_at"),
    ("channel.shield_mode.end", "1", "bc mod ended_at"),
    (
        "channel.shoutout.create",
        "1",
        "bc to_broadcaster_user_* mod viewer_count started_at cooldown_ends_at target_cooldown_ends_at",
    ),
    (
        "channel.shoutout.receive",
        "1",
        "bc from_broadcaster_user_* viewer_count started_at",
    ),
    (
        "automod.message.hold",
        "2",
        "bc u message_id message held_at reason automod blocked_term",
    ),
    (
        "automod.message.hold",
        "1",
        "bc u message_id message held_at category level",
    ),
    (
        "automod.message.update",
        "2",
        "bc u mod message_id message held_at reason automod blocked_term status",
    ),
    (
        "automod.message.update",
        "1",
        "bc u mod message_id message held_at category level status",
    ),
    (
        "automod.settings.update",
        "1",
        "bc mod overall_level disability aggression sexuality_sex_or_gender misogyny bullying swearing race_ethnicity_or_religion sex_based_terms",
    ),
    (
        "automod.terms.update",
        "1",
        "bc mod action from_automod terms",
    ),
    (
        "user.whisper.message",
        "1",
        "from_user_* to_user_* whisper_id whisper",
    ),
    ("user.authorization.grant", "1", "client_id u"),
    ("user.authorization.revoke", "1", "client_id u"),
    (
        "conduit.shard.disabled",
        "1",
        "conduit_id shard_id status transport",
    ),
    (
        "extension.bits_transaction.create",
        "1",
        "id bc u extension_client_id product",
    ),
    ("drop.entitlement.grant", "1", "id data"),
];

const REWARD: &str = "id bc is_enabled is_paused is_in_stock title cost prompt is_user_input_required should_redemptions_skip_request_queue max_per_stream max_per_user_per_stream global_cooldown background_color image default_image cooldown_expires_at redemptions_redeemed_current_stream";

pub(super) fn is_known(event_type: &str) -> bool {
    TYPES.iter().any(|(one, ..)| *one == event_type)
}

fn expected_keys(spec: &str) -> BTreeSet<String> {
    let person = |role: &str| {
        ["id", "login", "name"]
            .map(|part| format!("{role}_{part}"))
            .to_vec()
    };
    spec.split(' ')
        .flat_map(|word| match word {
            "bc" => person("broadcaster_user"),
            "u" => person("user"),
            "mod" => person("moderator_user"),
            // The action of that name, not the person.
            "mod.." => vec!["mod".to_owned()],
            _ => word
                .strip_suffix("_*")
                .map_or_else(|| vec![word.to_owned()], person),
        })
        .collect()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_type_and_version_has_twitchs_fields() {
    let mut world = World::new(1, noon(), true);
    for (event_type, version, spec) in TYPES {
        let happening = world
            .happen(event_type, Some(version), "mira_plays", None, noon())
            .unwrap();
        assert_eq!(
            keys(&happening.event),
            expected_keys(spec),
            "{event_type} {version}"
        );
        assert_eq!(happening.version, *version);
        assert_eq!(happening.broadcaster_id, "700100200");
    }
}

#[test]
fn newest_version_is_the_default() {
    let mut world = World::new(1, noon(), true);
    for (event_type, version, _) in TYPES {
        let happening = world
            .happen(event_type, None, "mira_plays", None, noon())
            .unwrap();
        assert!(happening.version.as_str() >= *version, "{event_type}");
        assert!(
            TYPES
                .iter()
                .any(|(one, two, _)| { one == event_type && *two == happening.version })
        );
    }
}

#[test]
fn what_happens_by_itself_has_the_same_fields() {
    let mut world = World::new(9, noon(), false);
    for (_, happening) in live(&mut world, 1200) {
        let (_, _, spec) = TYPES
            .iter()
            .find(|(one, two, _)| *one == happening.event_type && *two == happening.version)
            .unwrap();
        assert_eq!(
            keys(&happening.event),
            expected_keys(spec),
            "{}",
            happening.event_type
        );
    }
}

#[test]
fn every_notice_type_fills_its_own_object_only() {
    let mut world = World::new(1, noon(), true);
    let shared = payload::notice::SHARED.map(|kind| format!("shared_chat_{kind}"));
    let plain = payload::notice::NOTICES.map(str::to_owned);
    for kind in plain.iter().chain(&shared) {
        let order = json!({"notice_type": kind});
        let event = world
            .happen(
                "channel.chat.notification",
                None,
                "mira_plays",
                Some(order),
                noon(),
            )
            .unwrap()
            .event;
        let filled: Vec<&String> = plain
            .iter()
            .chain(&shared)
            .filter(|key| event[key.as_str()].is_object())
            .collect();
        assert_eq!(filled, [kind]);
        assert_eq!(
            event["source_message_id"].is_string(),
            kind.starts_with("shared_chat_")
        );
    }
    let order = json!({"notice_type": "subsidized_sub"});
    let event = world
        .happen(
            "channel.chat.notification",
            None,
            "mira_plays",
            Some(order),
            noon(),
        )
        .unwrap()
        .event;
    assert_eq!(event["notice_type"], "subsidized_sub");
}

#[test]
fn moderation_actions_have_one_object_at_most() {
    let mut world = World::new(1, noon(), true);
    for (action, key) in [
        ("ban", Some("ban")),
        ("timeout", Some("timeout")),
        ("delete", Some("delete")),
        ("vip", Some("vip")),
        ("warn", Some("warn")),
        ("raid", Some("raid")),
        ("slow", Some("slow")),
        ("approve_unban_request", Some("unban_request")),
        ("clear", None),
        ("emoteonly", None),
    ] {
        let order = json!({"action": action});
        let event = world
            .happen("channel.moderate", None, "mira_plays", Some(order), noon())
            .unwrap()
            .event;
        assert_eq!(event["action"], action);
        let filled: Vec<&String> = event
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, value)| value.is_object())
            .map(|(key, _)| key)
            .collect();
        assert_eq!(filled, key.into_iter().collect::<Vec<_>>(), "{action}");
    }
}

#[test]
fn times_have_nine_decimals_but_those_of_streams() {
    let mut world = World::new(1, noon(), true);
    let follow = world
        .happen("channel.follow", None, "mira_plays", None, noon())
        .unwrap();
    assert_eq!(
        follow.event["followed_at"],
        "2026-11-01T12:00:00.123456789Z"
    );
    let whole: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
    let follow = world
        .happen("channel.follow", None, "mira_plays", None, whole)
        .unwrap();
    assert_eq!(
        follow.event["followed_at"],
        "2026-11-01T12:00:00.000000000Z"
    );
}
