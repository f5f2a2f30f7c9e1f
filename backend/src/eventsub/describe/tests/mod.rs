//! Every type and notice, told as a person would: a table of payloads with what is
//! expected of each, Twitch's own samples, and odd input of all sorts.

mod acts;
mod case;
mod chat;
mod community;
mod documented;
mod elsewhere;
mod groups;
mod invariants;
mod moderation;
mod money;
mod mutations;
mod notices;
mod odd;
mod other_notices;
mod points;
mod samples;
mod sentence;
mod shared_notices;
mod stream;
mod votes;

use self::case::Case;
use super::notices::NOTICES;
use super::types::{Reader, TYPES};
use super::{Reading, describe};
use wire::Visibility;

/// What anyone may see, copied by hand from Twitch's documentation of who must agree.
const PUBLIC: &[&str] = &[
    "stream.online",
    "stream.offline",
    "channel.update",
    "channel.raid",
    "channel.shared_chat.begin",
    "channel.shared_chat.update",
    "channel.shared_chat.end",
    "channel.chat.message",
    "channel.chat.notification",
    "channel.chat.message_delete",
    "channel.chat.clear_user_messages",
    "channel.chat.clear",
    "channel.chat_settings.update",
];

/// Every type that becomes an event and the versions Twitch has of it, copied by hand.
#[rustfmt::skip] // one type a line reads as a table
const VERSIONS: &[(&str, &[&str])] = &[
    ("stream.online", &["1"]),
    ("stream.offline", &["1"]),
    ("channel.update", &["2"]),
    ("channel.raid", &["1"]),
    ("channel.shared_chat.begin", &["1"]),
    ("channel.shared_chat.update", &["1"]),
    ("channel.shared_chat.end", &["1"]),
    ("channel.chat.message", &["1"]),
    ("channel.chat.notification", &["1"]),
    ("channel.chat.message_delete", &["1"]),
    ("channel.chat.clear_user_messages", &["1"]),
    ("channel.chat.clear", &["1"]),
    ("channel.chat_settings.update", &["1"]),
    ("channel.follow", &["2"]),
    ("channel.subscribe", &["1"]),
    ("channel.subscription.end", &["1"]),
    ("channel.subscription.gift", &["1"]),
    ("channel.subscription.message", &["1"]),
    ("channel.cheer", &["1"]),
    ("channel.bits.use", &["1"]),
    ("channel.custom_power_up_redemption.add", &["1"]),
    ("channel.channel_points_custom_reward.add", &["1"]),
    ("channel.channel_points_custom_reward.update", &["1"]),
    ("channel.channel_points_custom_reward.remove", &["1"]),
    ("channel.channel_points_custom_reward_redemption.add", &["1"]),
    ("channel.channel_points_custom_reward_redemption.update", &["1"]),
    ("channel.channel_points_automatic_reward_redemption.add", &["1", "2"]),
    ("channel.poll.begin", &["1"]),
    ("channel.poll.progress", &["1"]),
    ("channel.poll.end", &["1"]),
    ("channel.prediction.begin", &["1"]),
    ("channel.prediction.progress", &["1"]),
    ("channel.prediction.lock", &["1"]),
    ("channel.prediction.end", &["1"]),
    ("channel.hype_train.begin", &["2"]),
    ("channel.hype_train.progress", &["2"]),
    ("channel.hype_train.end", &["2"]),
    ("channel.goal.begin", &["1"]),
    ("channel.goal.progress", &["1"]),
    ("channel.goal.end", &["1"]),
    ("channel.charity_campaign.donate", &["1"]),
    ("channel.charity_campaign.start", &["1"]),
    ("channel.charity_campaign.progress", &["1"]),
    ("channel.charity_campaign.stop", &["1"]),
    ("channel.ad_break.begin", &["1"]),
    ("channel.ban", &["1"]),
    ("channel.unban", &["1"]),
    ("channel.moderate", &["1", "2"]),
    ("channel.moderator.add", &["1"]),
    ("channel.moderator.remove", &["1"]),
    ("channel.vip.add", &["1"]),
    ("channel.vip.remove", &["1"]),
    ("channel.unban_request.create", &["1"]),
    ("channel.unban_request.resolve", &["1"]),
    ("channel.warning.send", &["1"]),
    ("channel.warning.acknowledge", &["1"]),
    ("channel.suspicious_user.message", &["1"]),
    ("channel.suspicious_user.update", &["1"]),
    ("channel.shield_mode.begin", &["1"]),
    ("channel.shield_mode.end", &["1"]),
    ("channel.shoutout.create", &["1"]),
    ("channel.shoutout.receive", &["1"]),
    ("automod.message.hold", &["1", "2"]),
    ("automod.message.update", &["1", "2"]),
    ("automod.settings.update", &["1"]),
    ("automod.terms.update", &["1"]),
];

/// The notices that Twitch also announces to the other channels of a shared chat.
const SHARED: &[&str] = &[
    "sub",
    "resub",
    "sub_gift",
    "community_sub_gift",
    "gift_paid_upgrade",
    "prime_paid_upgrade",
    "pay_it_forward",
    "raid",
    "announcement",
    "modiversary",
];

fn all_cases() -> Vec<Case> {
    [
        stream::cases(),
        community::cases(),
        money::cases(),
        points::cases(),
        votes::cases(),
        moderation::cases(),
        acts::cases(),
        chat::cases(),
        notices::cases(),
        other_notices::cases(),
        shared_notices::cases(),
        elsewhere::cases(),
        documented::cases(),
    ]
    .concat()
}

/// What an event has to do with others is tested apart, see `groups`.
fn without_links(mut reading: Reading) -> Reading {
    if let Reading::Event(told) = &mut reading {
        told.group = None;
        told.twins.clear();
    }
    reading
}

#[test]
fn every_case_is_told_as_expected() {
    let mut wrong = Vec::new();
    for case in all_cases() {
        let expected = Reading::Event(case.expected());
        let told = without_links(describe(&case.subject()));
        if told != expected {
            let event_type = case.event_type;
            wrong.push(format!(
                "{event_type}\n  told     {told:?}\n  expected {expected:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_type_and_version_has_two_cases() {
    let cases = all_cases();
    let count = |event_type: &str, version: &str| {
        let of_it = |case: &&Case| case.event_type == event_type && case.version == version;
        cases.iter().filter(of_it).count()
    };
    for (event_type, versions) in VERSIONS {
        for version in *versions {
            let told = count(event_type, version);
            assert!(told >= 2, "{event_type} {version} has {told} cases");
        }
    }
}

#[test]
fn every_notice_has_two_cases() {
    let cases = all_cases();
    let count = |name: &str| {
        let of_it = |case: &&Case| case.event["notice_type"] == name;
        cases.iter().filter(of_it).count()
    };
    let names = NOTICES.iter().map(|row| row.0.to_owned());
    let shared = SHARED.iter().map(|name| format!("shared_chat_{name}"));
    for name in names.chain(shared) {
        let told = count(&name);
        assert!(told >= 2, "{name} has {told} cases");
    }
}

/// A row of the table without a line here, and the other way round, is a mistake.
#[test]
fn the_table_holds_what_twitch_documents() {
    for row in TYPES {
        let event_type = row.event_type;
        let is_told = !matches!(row.reader, Reader::Never(_));
        let is_here = VERSIONS.iter().any(|line| line.0 == event_type);
        assert_eq!(is_told, is_here, "{event_type}");
    }
    for (event_type, _) in VERSIONS {
        let row = TYPES.iter().find(|row| row.event_type == *event_type);
        assert!(row.is_some(), "{event_type}");
    }
    for name in SHARED {
        assert!(NOTICES.iter().any(|row| row.0 == *name), "{name}");
    }
}

#[test]
fn the_table_names_each_type_once_and_shows_to_everyone_only_what_is_public() {
    for (index, row) in TYPES.iter().enumerate() {
        let again = TYPES.iter().skip(index + 1);
        assert!(
            !again
                .into_iter()
                .any(|other| other.event_type == row.event_type)
        );
        let public = PUBLIC.contains(&row.event_type);
        assert_eq!(
            row.visibility == Visibility::Public,
            public,
            "{}",
            row.event_type
        );
    }
    for public in PUBLIC {
        assert!(
            TYPES.iter().any(|row| row.event_type == *public),
            "{public}"
        );
    }
}
