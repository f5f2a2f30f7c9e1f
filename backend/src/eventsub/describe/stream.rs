//! The stream itself: live, ended, title and category, ad breaks.

use wire::GroupKind::Stream;

use super::Notification;
use super::draft::{Draft, step};
use super::numbers::span;
use super::role::Role;
use super::words::{clip, excerpt, readable};

/// Longest category inside a summary, in characters.
const CATEGORY_CHARS: usize = 80;

/// `stream.online`
pub(super) fn online(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let who = notification.broadcaster.or_someone();
    let summary = match event.token("type") {
        "" | "live" => format!("{who} went live"),
        "playlist" => format!("{who} started a playlist"),
        "watch_party" => format!("{who} started a watch party"),
        "premiere" => format!("{who} started a premiere"),
        "rerun" => format!("{who} started a rerun"),
        other => format!("{who} went live ({})", readable(other)),
    };
    // Of a start and an end close together the start is shown: the stream goes on, or it says more.
    Draft::new(summary)
        .part_of(Stream, event.id("id"), step::END)
        .at(event.time("started_at"))
        .key(event.id("id"))
}

/// `stream.offline`
pub(super) fn offline(notification: &Notification<'_>) -> Draft {
    let id = notification.event.id("id");
    Draft::new("Stream ended")
        .part_of(Stream, id.clone(), step::BEGIN)
        .key(id)
}

/// `channel.update`: tells the new state; what changed is not said.
pub(super) fn update(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let title = event.line("title");
    let category = event.line("category_name");
    let category = category.map(|name| clip(name, CATEGORY_CHARS));
    let summary = match (title.map(excerpt), category) {
        (Some(title), Some(category)) if category == "Just Chatting" => {
            format!("Now in {category}: {title}")
        }
        (Some(title), Some(category)) => format!("Now playing {category}: {title}"),
        (Some(title), None) => format!("Title changed to {title}"),
        (None, Some(category)) => format!("Category changed to {category}"),
        (None, None) => "Stream information changed".to_owned(),
    };
    Draft::new(summary).text(event.text("title"))
}

/// `channel.ad_break.begin`
pub(super) fn ad_break_begin(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let length = event.positive("duration_seconds").map(span);
    let automatic = event.flag("is_automatic");
    // Twitch names the broadcaster as the requester of automatic breaks.
    let requester = event.person_unless("is_automatic", Role::REQUESTER);
    let length = length.map_or_else(String::new, |length| format!(" of {length}"));
    let summary = match requester.called() {
        Some(name) => format!("{name} started an ad break{length}"),
        None if automatic => format!("An ad break{length} started automatically"),
        None => format!("An ad break{length} started"),
    };
    Draft::new(summary)
        .by(requester)
        .at(event.time("started_at"))
}
