//! The table of Twitch's subscription types: kind, audience and reader of each.
//!
//! A new type is one row here, and two cases in the tests, which insist on them.
//! Until it has one it is told in plain words, to its broadcaster alone.

use wire::{Kind, Visibility};

use super::draft::Draft;
use super::fields::Fields;
use super::role::Role;
use super::{
    Notification, automod, charity, chat, cheers, follows, gifts, goals, hype_train, moderate,
    moderation, notices, people, points, polls, predictions, raids, shoutouts, stream, subs,
    suspicion, words,
};

/// Tells a notification.
type Read = fn(&Notification<'_>) -> Draft;
/// Lets an event pass, or says why it is not told.
type IsTold = fn(Fields<'_>) -> Result<(), &'static str>;

/// How a type becomes an event.
#[derive(Clone, Copy)]
pub(super) enum Reader {
    Always(Read),
    /// Asks before anything else is read: most of a busy type may be passed over.
    Sometimes(IsTold, Read),
    /// Handled elsewhere or of no interest; says why.
    Never(&'static str),
}

/// One subscription type. Versions of a type differ in fields alone, and readers
/// go by the fields that are there.
pub(super) struct Row {
    pub(super) event_type: &'static str,
    pub(super) kind: Kind,
    pub(super) visibility: Visibility,
    pub(super) reader: Reader,
}

/// Needs nobody's grant but that of whoever reads: everyone may see it.
const fn public(event_type: &'static str, kind: Kind, read: Read) -> Row {
    row(event_type, kind, Visibility::Public, Reader::Always(read))
}

/// Needs the broadcaster's or a moderator's grant: the broadcaster alone sees it.
const fn private(event_type: &'static str, kind: Kind, read: Read) -> Row {
    row(
        event_type,
        kind,
        Visibility::Broadcaster,
        Reader::Always(read),
    )
}

const fn row(event_type: &'static str, kind: Kind, visibility: Visibility, reader: Reader) -> Row {
    Row {
        event_type,
        kind,
        visibility,
        reader,
    }
}

/// Every type that Twitch documents and that concerns a channel (guest star aside,
/// which is unstable), the busy ones first within reach of a short scan.
#[rustfmt::skip] // one row a line reads as a table
pub(super) static TYPES: &[Row] = &[
    row("channel.chat.message", Kind::Chat, Visibility::Public, Reader::Sometimes(chat::is_told, chat::message)),
    public("channel.chat.notification", Kind::Chat, notices::notification),
    public("stream.online", Kind::Stream, stream::online),
    public("stream.offline", Kind::Stream, stream::offline),
    public("channel.update", Kind::Stream, stream::update),
    public(raids::TYPE, Kind::Raid, raids::raid),
    // Shared chat, and what moderators do to a chat in public
    public("channel.shared_chat.begin", Kind::Chat, chat::shared_begin),
    public("channel.shared_chat.update", Kind::Chat, chat::shared_update),
    public("channel.shared_chat.end", Kind::Chat, chat::shared_end),
    public("channel.chat.message_delete", Kind::Chat, chat::message_delete),
    public("channel.chat.clear_user_messages", Kind::Chat, chat::clear_user_messages),
    public("channel.chat.clear", Kind::Chat, chat::clear),
    public("channel.chat_settings.update", Kind::Chat, chat::settings_update),
    // The reader's own held lines concern that viewer, not the channel
    row("channel.chat.user_message_hold", Kind::Chat, Visibility::Broadcaster, Reader::Never("held-chat-line")),
    row("channel.chat.user_message_update", Kind::Chat, Visibility::Broadcaster, Reader::Never("held-chat-line")),
    // Followers, subs, bits
    private("channel.follow", Kind::Follow, follows::follow),
    private("channel.subscribe", Kind::Sub, subs::subscribe),
    private("channel.subscription.message", Kind::Sub, subs::message),
    private("channel.subscription.end", Kind::Sub, subs::end),
    private("channel.subscription.gift", Kind::Gift, gifts::gift),
    private("channel.cheer", Kind::Cheer, cheers::cheer),
    private("channel.bits.use", Kind::Cheer, cheers::bits_use),
    private("channel.custom_power_up_redemption.add", Kind::Cheer, cheers::power_up_redemption),
    // Channel points
    private("channel.channel_points_custom_reward_redemption.add", Kind::Points, points::redemption_add),
    private("channel.channel_points_custom_reward_redemption.update", Kind::Points, points::redemption_update),
    private("channel.channel_points_automatic_reward_redemption.add", Kind::Points, points::automatic_redemption),
    private("channel.channel_points_custom_reward.add", Kind::Points, points::reward_add),
    private("channel.channel_points_custom_reward.update", Kind::Points, points::reward_update),
    private("channel.channel_points_custom_reward.remove", Kind::Points, points::reward_remove),
    // What viewers take part in
    private("channel.poll.begin", Kind::Poll, polls::begin),
    private("channel.poll.progress", Kind::Poll, polls::progress),
    private("channel.poll.end", Kind::Poll, polls::end),
    private("channel.prediction.begin", Kind::Prediction, predictions::begin),
    private("channel.prediction.progress", Kind::Prediction, predictions::progress),
    private("channel.prediction.lock", Kind::Prediction, predictions::lock),
    private("channel.prediction.end", Kind::Prediction, predictions::end),
    private("channel.hype_train.begin", Kind::HypeTrain, hype_train::begin),
    private("channel.hype_train.progress", Kind::HypeTrain, hype_train::progress),
    private("channel.hype_train.end", Kind::HypeTrain, hype_train::end),
    private("channel.goal.begin", Kind::Goal, goals::begin),
    private("channel.goal.progress", Kind::Goal, goals::progress),
    private("channel.goal.end", Kind::Goal, goals::end),
    private("channel.charity_campaign.donate", Kind::Charity, charity::donate),
    private("channel.charity_campaign.start", Kind::Charity, charity::start),
    private("channel.charity_campaign.progress", Kind::Charity, charity::progress),
    private("channel.charity_campaign.stop", Kind::Charity, charity::stop),
    // Moderation
    private("channel.ban", Kind::Moderation, moderation::ban),
    private("channel.unban", Kind::Moderation, moderation::unban),
    private("channel.moderate", Kind::Moderation, moderate::moderate),
    private("channel.moderator.add", Kind::Moderation, people::moderator_add),
    private("channel.moderator.remove", Kind::Moderation, people::moderator_remove),
    private("channel.vip.add", Kind::Moderation, people::vip_add),
    private("channel.vip.remove", Kind::Moderation, people::vip_remove),
    private("channel.unban_request.create", Kind::Moderation, moderation::unban_request_create),
    private("channel.unban_request.resolve", Kind::Moderation, moderation::unban_request_resolve),
    private("channel.warning.send", Kind::Moderation, moderation::warning_send),
    private("channel.warning.acknowledge", Kind::Moderation, moderation::warning_acknowledge),
    private("channel.suspicious_user.message", Kind::Moderation, suspicion::message),
    private("channel.suspicious_user.update", Kind::Moderation, suspicion::update),
    private("channel.shield_mode.begin", Kind::Moderation, moderation::shield_mode_begin),
    private("channel.shield_mode.end", Kind::Moderation, moderation::shield_mode_end),
    private("automod.message.hold", Kind::Moderation, automod::message_hold),
    private("automod.message.update", Kind::Moderation, automod::message_update),
    private("automod.settings.update", Kind::Moderation, automod::settings_update),
    private("automod.terms.update", Kind::Moderation, automod::terms_update),
    // The rest
    private("channel.shoutout.create", Kind::Chat, shoutouts::create),
    private("channel.shoutout.receive", Kind::Chat, shoutouts::receive),
    private("channel.ad_break.begin", Kind::System, stream::ad_break_begin),
];

/// Types about users, conduits, drops and extensions: handled, never in a feed.
const NO_CHANNEL: [&str; 4] = ["user.", "conduit.", "drop.", "extension."];

/// What stands for a type that has no row.
static UNKNOWN: Row = private("", Kind::System, unknown);

pub(super) fn concerns_no_channel(event_type: &str) -> bool {
    NO_CHANNEL
        .iter()
        .any(|prefix| event_type.starts_with(prefix))
}

/// The row of a type; a stand-in for types that came after this program.
pub(super) fn find(event_type: &str) -> &'static Row {
    TYPES
        .iter()
        .find(|row| row.event_type == event_type)
        .unwrap_or(&UNKNOWN)
}

fn unknown(notification: &Notification<'_>) -> Draft {
    let actor = notification.event.person_unless("is_anonymous", Role::USER);
    Draft::new(something_happened(notification.subject.event_type)).by(actor)
}

/// The plainest telling there is, made of the type's name.
pub(super) fn something_happened(event_type: &str) -> String {
    let name = words::readable(event_type);
    if name.is_empty() {
        "Something happened".to_owned()
    } else {
        format!("Something happened: {name}")
    }
}
