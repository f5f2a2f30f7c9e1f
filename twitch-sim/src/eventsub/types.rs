//! The subscription types: versions, conditions, and whose permission each needs.
//! <https://dev.twitch.tv/docs/eventsub/eventsub-subscription-types/>

/// Scopes of which all groups are needed, one of each group.
pub(super) type Scopes = &'static [&'static [&'static str]];

/// Whose permission a type needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Nobody,
    /// The reading user's `user:read:chat`; app tokens need more.
    ChatReader,
    Broadcaster(Scopes),
    /// The moderator in the condition, who must moderate that channel.
    Moderator(Scopes),
    /// The user in the condition.
    User(Scopes),
    /// An app token, about the client itself.
    OwnClient,
    /// An extension or organization of the client's; the one client here has none.
    Unobtainable,
}

/// The members a condition must and may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) required: &'static [&'static str],
    pub(super) optional: &'static [&'static str],
}

/// One line of Twitch's table.
#[derive(Debug)]
pub(super) struct EventType {
    pub(super) name: &'static str,
    pub(super) versions: &'static [&'static str],
    pub(super) condition: Condition,
    pub(super) need: Need,
    /// `channel.raid` alone: exactly one of the two broadcasters.
    pub(super) either: bool,
}

/// Why a name and version cannot be subscribed to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// Never existed.
    Type,
    /// Removed; answered with 410.
    Gone,
    /// Removed; answered with 400.
    Deprecated,
}

pub(super) fn find(name: &str, version: &str) -> Result<&'static EventType, Unknown> {
    if GONE.contains(&(name, version)) {
        return Err(Unknown::Gone);
    }
    if DEPRECATED.contains(&(name, version)) {
        return Err(Unknown::Deprecated);
    }
    TYPES
        .iter()
        .find(|row| row.name == name && row.versions.contains(&version))
        .ok_or(Unknown::Type)
}

const GONE: &[(&str, &str)] = &[("channel.follow", "1"), ("channel.update", "1")];
const DEPRECATED: &[(&str, &str)] = &[
    ("channel.hype_train.begin", "1"),
    ("channel.hype_train.progress", "1"),
    ("channel.hype_train.end", "1"),
];

const B: Condition = Condition {
    required: &["broadcaster_user_id"],
    optional: &[],
};
const BM: Condition = Condition {
    required: &["broadcaster_user_id", "moderator_user_id"],
    optional: &[],
};
const BU: Condition = Condition {
    required: &["broadcaster_user_id", "user_id"],
    optional: &[],
};
const REWARD: Condition = Condition {
    required: &["broadcaster_user_id"],
    optional: &["reward_id"],
};
const RAID: Condition = Condition {
    required: &[],
    optional: &["from_broadcaster_user_id", "to_broadcaster_user_id"],
};
const USER: Condition = Condition {
    required: &["user_id"],
    optional: &[],
};
const CLIENT: Condition = Condition {
    required: &["client_id"],
    optional: &[],
};
const CONDUIT: Condition = Condition {
    required: &["client_id"],
    optional: &["conduit_id"],
};
const EXTENSION: Condition = Condition {
    required: &["extension_client_id"],
    optional: &[],
};
const ORGANIZATION: Condition = Condition {
    required: &["organization_id"],
    optional: &["category_id", "campaign_id"],
};

const SUBSCRIPTIONS: Need = Need::Broadcaster(&[&["channel:read:subscriptions"]]);
const BITS: Need = Need::Broadcaster(&[&["bits:read"]]);
const REDEMPTIONS: Need =
    Need::Broadcaster(&[&["channel:read:redemptions", "channel:manage:redemptions"]]);
const POLLS: Need = Need::Broadcaster(&[&["channel:read:polls", "channel:manage:polls"]]);
const PREDICTIONS: Need =
    Need::Broadcaster(&[&["channel:read:predictions", "channel:manage:predictions"]]);
const HYPE_TRAIN: Need = Need::Broadcaster(&[&["channel:read:hype_train"]]);
const GOALS: Need = Need::Broadcaster(&[&["channel:read:goals"]]);
const CHARITY: Need = Need::Broadcaster(&[&["channel:read:charity"]]);
const MODERATE: Need = Need::Broadcaster(&[&["channel:moderate"]]);
const MODERATION: Need = Need::Broadcaster(&[&["moderation:read"]]);
const VIPS: Need = Need::Broadcaster(&[&["channel:read:vips", "channel:manage:vips"]]);
const UNBAN_REQUESTS: Need = Need::Moderator(&[&[
    "moderator:read:unban_requests",
    "moderator:manage:unban_requests",
]]);
const WARNINGS: Need =
    Need::Moderator(&[&["moderator:read:warnings", "moderator:manage:warnings"]]);
const SUSPICIOUS: Need = Need::Moderator(&[&["moderator:read:suspicious_users"]]);
const SHIELD_MODE: Need =
    Need::Moderator(&[&["moderator:read:shield_mode", "moderator:manage:shield_mode"]]);
const SHOUTOUTS: Need =
    Need::Moderator(&[&["moderator:read:shoutouts", "moderator:manage:shoutouts"]]);
const AUTOMOD: Need = Need::Moderator(&[&["moderator:manage:automod"]]);
const GUEST_STAR: Need = Need::Moderator(&[&[
    "channel:read:guest_star",
    "channel:manage:guest_star",
    "moderator:read:guest_star",
    "moderator:manage:guest_star",
]]);
macro_rules! moderate {
    ($($more:expr),*) => {
        Need::Moderator(&[
            &["moderator:read:blocked_terms", "moderator:manage:blocked_terms"],
            &["moderator:read:chat_settings", "moderator:manage:chat_settings"],
            &["moderator:read:unban_requests", "moderator:manage:unban_requests"],
            &["moderator:read:banned_users", "moderator:manage:banned_users"],
            &["moderator:read:chat_messages", "moderator:manage:chat_messages"],
            &["moderator:read:moderators"],
            &["moderator:read:vips"],
            $($more),*
        ])
    };
}
const MODERATE_1: Need = moderate!();
const MODERATE_2: Need = moderate!(&["moderator:read:warnings", "moderator:manage:warnings"]);
const WHISPERS: Need = Need::User(&[&["user:read:whispers", "user:manage:whispers"]]);

const V1: &[&str] = &["1"];
const V2: &[&str] = &["2"];
const V1_AND_2: &[&str] = &["1", "2"];
const BETA: &[&str] = &["beta"];

const fn row(
    name: &'static str,
    versions: &'static [&'static str],
    condition: Condition,
    need: Need,
) -> EventType {
    EventType {
        name,
        versions,
        condition,
        need,
        either: false,
    }
}

#[rustfmt::skip]
const TYPES: &[EventType] = &[
    row("stream.online", V1, B, Need::Nobody),
    row("stream.offline", V1, B, Need::Nobody),
    row("channel.update", V2, B, Need::Nobody),
    EventType { either: true, ..row("channel.raid", V1, RAID, Need::Nobody) },
    row("channel.shared_chat.begin", V1, B, Need::Nobody),
    row("channel.shared_chat.update", V1, B, Need::Nobody),
    row("channel.shared_chat.end", V1, B, Need::Nobody),
    row("user.update", V1, USER, Need::Nobody),
    row("channel.chat.message", V1, BU, Need::ChatReader),
    row("channel.chat.notification", V1, BU, Need::ChatReader),
    row("channel.chat.message_delete", V1, BU, Need::ChatReader),
    row("channel.chat.clear_user_messages", V1, BU, Need::ChatReader),
    row("channel.chat.clear", V1, BU, Need::ChatReader),
    row("channel.chat_settings.update", V1, BU, Need::ChatReader),
    row("channel.chat.user_message_hold", V1, BU, Need::ChatReader),
    row("channel.chat.user_message_update", V1, BU, Need::ChatReader),
    row("channel.follow", V2, BM, Need::Moderator(&[&["moderator:read:followers"]])),
    row("channel.subscribe", V1, B, SUBSCRIPTIONS),
    row("channel.subscription.end", V1, B, SUBSCRIPTIONS),
    row("channel.subscription.gift", V1, B, SUBSCRIPTIONS),
    row("channel.subscription.message", V1, B, SUBSCRIPTIONS),
    row("channel.cheer", V1, B, BITS),
    row("channel.bits.use", V1, B, BITS),
    row("channel.custom_power_up_redemption.add", V1, REWARD, BITS),
    row("channel.channel_points_custom_reward.add", V1, B, REDEMPTIONS),
    row("channel.channel_points_custom_reward.update", V1, REWARD, REDEMPTIONS),
    row("channel.channel_points_custom_reward.remove", V1, REWARD, REDEMPTIONS),
    row("channel.channel_points_custom_reward_redemption.add", V1, REWARD, REDEMPTIONS),
    row("channel.channel_points_custom_reward_redemption.update", V1, REWARD, REDEMPTIONS),
    row("channel.channel_points_automatic_reward_redemption.add", V1_AND_2, B, REDEMPTIONS),
    row("channel.poll.begin", V1, B, POLLS),
    row("channel.poll.progress", V1, B, POLLS),
    row("channel.poll.end", V1, B, POLLS),
    row("channel.prediction.begin", V1, B, PREDICTIONS),
    row("channel.prediction.progress", V1, B, PREDICTIONS),
    row("channel.prediction.lock", V1, B, PREDICTIONS),
    row("channel.prediction.end", V1, B, PREDICTIONS),
    row("channel.hype_train.begin", V2, B, HYPE_TRAIN),
    row("channel.hype_train.progress", V2, B, HYPE_TRAIN),
    row("channel.hype_train.end", V2, B, HYPE_TRAIN),
    row("channel.goal.begin", V1, B, GOALS),
    row("channel.goal.progress", V1, B, GOALS),
    row("channel.goal.end", V1, B, GOALS),
    row("channel.charity_campaign.donate", V1, B, CHARITY),
    row("channel.charity_campaign.start", V1, B, CHARITY),
    row("channel.charity_campaign.progress", V1, B, CHARITY),
    row("channel.charity_campaign.stop", V1, B, CHARITY),
    row("channel.ad_break.begin", V1, B, Need::Broadcaster(&[&["channel:read:ads"]])),
    row("channel.ban", V1, B, MODERATE),
    row("channel.unban", V1, B, MODERATE),
    row("channel.moderate", V1, BM, MODERATE_1),
    row("channel.moderate", V2, BM, MODERATE_2),
    row("channel.moderator.add", V1, B, MODERATION),
    row("channel.moderator.remove", V1, B, MODERATION),
    row("channel.vip.add", V1, B, VIPS),
    row("channel.vip.remove", V1, B, VIPS),
    row("channel.unban_request.create", V1, BM, UNBAN_REQUESTS),
    row("channel.unban_request.resolve", V1, BM, UNBAN_REQUESTS),
    row("channel.warning.send", V1, BM, WARNINGS),
    row("channel.warning.acknowledge", V1, BM, WARNINGS),
    row("channel.suspicious_user.message", V1, BM, SUSPICIOUS),
    row("channel.suspicious_user.update", V1, BM, SUSPICIOUS),
    row("channel.shield_mode.begin", V1, BM, SHIELD_MODE),
    row("channel.shield_mode.end", V1, BM, SHIELD_MODE),
    row("channel.shoutout.create", V1, BM, SHOUTOUTS),
    row("channel.shoutout.receive", V1, BM, SHOUTOUTS),
    row("automod.message.hold", V1_AND_2, BM, AUTOMOD),
    row("automod.message.update", V1_AND_2, BM, AUTOMOD),
    row("automod.settings.update", V1, BM, Need::Moderator(&[&["moderator:read:automod_settings"]])),
    row("automod.terms.update", V1, BM, AUTOMOD),
    row("channel.guest_star_session.begin", BETA, BM, GUEST_STAR),
    row("channel.guest_star_session.end", BETA, BM, GUEST_STAR),
    row("channel.guest_star_guest.update", BETA, BM, GUEST_STAR),
    row("channel.guest_star_settings.update", BETA, BM, GUEST_STAR),
    row("user.whisper.message", V1, USER, WHISPERS),
    row("user.authorization.grant", V1, CLIENT, Need::OwnClient),
    row("user.authorization.revoke", V1, CLIENT, Need::OwnClient),
    row("conduit.shard.disabled", V1, CONDUIT, Need::OwnClient),
    row("extension.bits_transaction.create", V1, EXTENSION, Need::Unobtainable),
    row("drop.entitlement.grant", V1, ORGANIZATION, Need::Unobtainable),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removed_versions_are_told_from_unknown_ones() {
        assert_eq!(
            find("channel.follow", "2").unwrap().need,
            Need::Moderator(&[&["moderator:read:followers"]])
        );
        assert_eq!(find("channel.follow", "1").unwrap_err(), Unknown::Gone);
        assert_eq!(
            find("channel.hype_train.begin", "1").unwrap_err(),
            Unknown::Deprecated
        );
        assert_eq!(find("channel.follow", "9").unwrap_err(), Unknown::Type);
        assert_eq!(find("channel.nonsense", "1").unwrap_err(), Unknown::Type);
    }

    #[test]
    fn each_version_of_a_type_has_one_row() {
        let mut rows: Vec<(&str, &str)> = TYPES
            .iter()
            .flat_map(|row| row.versions.iter().map(|version| (row.name, *version)))
            .collect();
        rows.sort_unstable();
        assert!(rows.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
