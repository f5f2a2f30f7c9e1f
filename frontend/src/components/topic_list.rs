//! What arrives from a streamer, and why the rest does not.

use wire::{Direction, Topic, TopicStatus};
use yew::prelude::*;

use super::icon::{Glyph, icon};
use super::link::PageLink;
use crate::route::Route;

/// Only the own channel's topics have it.
const A_PRIVATE_TYPE: &str = "channel.follow";

/// The topics of a channel, and what is not among them.
pub fn channel_topics(topics: &[Topic]) -> Html {
    let is_own = topics
        .iter()
        .any(|topic| topic.event_type == A_PRIVATE_TYPE);
    lines(
        topics,
        if is_own {
            way_to_connect()
        } else {
            private_line()
        },
    )
}

/// Some topics of a channel.
pub fn topic_list(topics: &[Topic]) -> Html {
    lines(topics, Html::default())
}

/// One line a topic: name, state, reason.
fn lines(topics: &[Topic], rest: Html) -> Html {
    if topics.is_empty() {
        return html! {
            <p class="topics muted small">{ "Nothing has been asked of Twitch yet." }</p>
        };
    }
    // Those in a row that are not to be had for one reason are one line.
    let lines: Vec<&[Topic]> = topics.chunk_by(is_same_lack).collect();
    let next = lines.iter().skip(1).map(|next| next.first()).chain([None]);
    let lines = lines.iter().zip(next).map(|(line, next)| {
        // Lines in a row that share a reason say it once, below the last of them.
        let is_shared = next.is_some_and(|next| next.reason == line[0].reason);
        topic_line(line, !is_shared)
    });
    html! {
        <ul class="topics small">
            { for lines }
            { rest }
        </ul>
    }
}

fn way_to_connect() -> Html {
    html! {
        <li key="connect">
            <span class="reason">
                <PageLink class="text-link" to={Route::Settings}>{ "Connect my channel" }</PageLink>
            </span>
        </li>
    }
}

/// Of other people's channels: what never arrives, and why.
fn private_line() -> Html {
    html! {
        <li key="private" class="none">
            { icon(Glyph::Dash) }
            <span>{ "Followers, channel points, polls, predictions, hype trains, goals, ads" }</span>
            <span class="state">{ "not available" }</span>
            <span class="reason">
                { "Told to the streamer alone, who can connect the channel to this server." }
            </span>
        </li>
    }
}

fn is_same_lack(one: &Topic, other: &Topic) -> bool {
    let is_lack = |topic: &Topic| topic.status == TopicStatus::Unavailable;
    is_lack(one) && is_lack(other) && one.reason.is_some() && one.reason == other.reason
}

/// Topics that stand alike.
fn topic_line(topics: &[Topic], says_why: bool) -> Html {
    let Some(topic) = topics.first() else {
        return Html::default();
    };
    let (glyph, class, state) = match topic.status {
        TopicStatus::Enabled => (Glyph::Check, "ok", "arrives"),
        TopicStatus::Pending => (Glyph::Clock, "waiting", "being set up"),
        TopicStatus::Polling => (Glyph::Clock, "waiting", "looked up from time to time"),
        TopicStatus::Unavailable => (Glyph::Dash, "none", "not available"),
        TopicStatus::Failed => (Glyph::Alert, "failed", "does not arrive"),
    };
    let direction = match topic.direction {
        Some(Direction::In) => "in",
        Some(Direction::Out) => "out",
        None => "",
    };
    html! {
        <li key={format!("{}{direction}", topic.event_type)} class={class}>
            { icon(glyph) }
            <span title={listed(topics, |topic| topic.event_type.clone())}>
                { listed(topics, |topic| topic_name(&topic.event_type, topic.direction)) }
            </span>
            <span class="state">{ state }</span>
            if let Some(reason) = topic.reason.as_ref().filter(|_| says_why) {
                <span class="reason">{ reason }</span>
            }
        </li>
    }
}

fn listed(topics: &[Topic], name: impl Fn(&Topic) -> String) -> String {
    topics.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// How many of the topics arrive, and how many there are.
pub fn arriving(topics: &[Topic]) -> (usize, usize) {
    let arrive = topics
        .iter()
        .filter(|topic| matches!(topic.status, TopicStatus::Enabled | TopicStatus::Polling))
        .count();
    (arrive, topics.len())
}

/// Twitch's type in a person's words.
fn topic_name(event_type: &str, direction: Option<Direction>) -> String {
    let name = match (event_type, direction) {
        ("stream.online", _) => "Stream starts",
        ("stream.offline", _) => "Stream ends",
        ("channel.update", _) => "Title and category changes",
        ("channel.raid", Some(Direction::Out)) => "Raids to other channels",
        ("channel.raid", _) => "Raids from other channels",
        ("channel.chat.notification", _) => "Subs, gifts and announcements",
        ("channel.chat.message", _) => "Cheers and rewards in chat",
        ("channel.chat.clear", _) => "Chat cleared",
        ("channel.chat.clear_user_messages", _) => "Messages of a person removed",
        ("channel.chat.message_delete", _) => "Messages removed",
        ("channel.chat_settings.update", _) => "Chat settings",
        ("channel.follow", _) => "New followers",
        ("channel.subscribe", _) => "New subs",
        ("channel.subscription.end", _) => "Ended subs",
        ("channel.subscription.gift", _) => "Gifted subs",
        ("channel.subscription.message", _) => "Resub messages",
        ("channel.cheer", _) => "Cheers",
        ("channel.bits.use", _) => "Bits and power-ups",
        ("channel.custom_power_up_redemption.add", _) => "Power-ups of your own",
        ("channel.channel_points_custom_reward_redemption.add", _) => "Redemptions",
        ("channel.channel_points_custom_reward_redemption.update", _) => {
            "Redemptions fulfilled or refunded"
        }
        ("channel.channel_points_automatic_reward_redemption.add", _) => {
            "Redemptions of Twitch's rewards"
        }
        ("channel.channel_points_custom_reward.add", _) => "New rewards",
        ("channel.channel_points_custom_reward.update", _) => "Changed rewards",
        ("channel.channel_points_custom_reward.remove", _) => "Removed rewards",
        ("channel.charity_campaign.donate", _) => "Charity donations",
        ("channel.shoutout.create", _) => "Shoutouts given",
        ("channel.shoutout.receive", _) => "Shoutouts received",
        ("channel.moderate", _) => "What moderators do",
        ("channel.unban_request.create", _) => "Unban requests",
        ("channel.unban_request.resolve", _) => "Decisions on unban requests",
        ("channel.warning.send", _) => "Warnings",
        ("channel.warning.acknowledge", _) => "Acknowledged warnings",
        ("channel.moderator.add", _) => "New moderators",
        ("channel.moderator.remove", _) => "Removed moderators",
        ("channel.vip.add", _) => "New VIPs",
        ("channel.vip.remove", _) => "Removed VIPs",
        ("channel.suspicious_user.message", _) => "Messages of suspicious people",
        ("channel.suspicious_user.update", _) => "Who is suspicious",
        ("automod.settings.update", _) => "AutoMod's settings",
        ("automod.terms.update", _) => "AutoMod's terms",
        ("automod.message.hold", _) => "Messages AutoMod holds",
        ("automod.message.update", _) => "Decisions on held messages",
        ("channel.ban", _) => "Bans",
        ("channel.unban", _) => "Unbans",
        ("channel.ad_break.begin", _) => "Ad breaks",
        _ => return words(event_type),
    };
    name.into()
}

/// `channel.hype_train.begin` → `Hype train begins`: for types this page has no
/// name for.
fn words(event_type: &str) -> String {
    let short = event_type.strip_prefix("channel.").unwrap_or(event_type);
    let does = [".begin", ".end", ".start", ".stop"]
        .iter()
        .any(|end| short.ends_with(end));
    let ending = does.then_some('s');
    let letters = short.chars().chain(ending);
    let mut letters = letters.map(|letter| {
        if matches!(letter, '.' | '_') {
            ' '
        } else {
            letter
        }
    });
    letters
        .next()
        .map(|first| {
            std::iter::once(first.to_ascii_uppercase())
                .chain(letters)
                .collect()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raids_say_their_direction() {
        assert_eq!(
            topic_name("channel.raid", Some(Direction::Out)),
            "Raids to other channels"
        );
        assert_eq!(
            topic_name("channel.raid", Some(Direction::In)),
            "Raids from other channels"
        );
    }

    #[test]
    fn what_is_not_to_be_had_for_one_reason_is_told_together() {
        let topic = |status: TopicStatus, reason: Option<&str>| Topic {
            event_type: "x".into(),
            direction: None,
            status,
            reason: reason.map(str::to_owned),
        };
        let lack = topic(TopicStatus::Unavailable, Some("no room"));
        assert!(is_same_lack(&lack, &lack.clone()));
        assert!(!is_same_lack(
            &lack,
            &topic(TopicStatus::Unavailable, Some("no scope"))
        ));
        assert!(!is_same_lack(
            &lack,
            &topic(TopicStatus::Failed, Some("no room"))
        ));
        let arrives = topic(TopicStatus::Enabled, None);
        assert!(!is_same_lack(&arrives, &arrives.clone()));
    }

    #[test]
    fn an_unknown_type_is_read_as_words() {
        assert_eq!(
            topic_name("channel.hype_train.begin", None),
            "Hype train begins"
        );
        assert_eq!(topic_name("", None), "");
    }
}
