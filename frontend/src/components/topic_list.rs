//! What arrives from a streamer, and why the rest does not.

use wire::{Direction, Topic, TopicStatus};
use yew::prelude::*;

use super::icon::{Glyph, icon};

/// One line a topic: name, state, reason.
pub fn topic_list(topics: &[Topic]) -> Html {
    if topics.is_empty() {
        return html! {
            <p class="topics muted small">{ "Nothing has been asked of Twitch yet." }</p>
        };
    }
    let next = topics.iter().skip(1).map(Some).chain([None]);
    let lines = topics.iter().zip(next).map(|(topic, next)| {
        // Topics in a row that share a reason say it once, below the last of them.
        let is_shared = next.is_some_and(|next| next.reason == topic.reason);
        topic_line(topic, !is_shared)
    });
    html! { <ul class="topics small">{ for lines }</ul> }
}

fn topic_line(topic: &Topic, says_why: bool) -> Html {
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
            <span title={topic.event_type.clone()}>
                { topic_name(&topic.event_type, topic.direction) }
            </span>
            <span class="state">{ state }</span>
            if let Some(reason) = topic.reason.as_ref().filter(|_| says_why) {
                <span class="reason">{ reason }</span>
            }
        </li>
    }
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
        ("channel.bits.use", _) => "Bits",
        ("channel.ban", _) => "Bans",
        ("channel.unban", _) => "Unbans",
        ("channel.ad_break.begin", _) => "Ad breaks",
        _ => return words(event_type),
    };
    name.into()
}

/// `channel.hype_train.begin` → `Hype train begin`: for types this page has no
/// name for.
fn words(event_type: &str) -> String {
    let short = event_type.strip_prefix("channel.").unwrap_or(event_type);
    let mut letters = short.chars().map(|letter| {
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
    fn an_unknown_type_is_read_as_words() {
        assert_eq!(
            topic_name("channel.hype_train.begin", None),
            "Hype train begin"
        );
        assert_eq!(topic_name("", None), "");
    }
}
