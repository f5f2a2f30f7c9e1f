//! What Twitch's API tells of a happening, in the shape of the event that Twitch would have sent: with what is known.

use jiff::Timestamp;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use crate::pipeline::Proven;
use crate::store::broadcasters::Broadcaster;
use crate::twitch::Channel;

pub(super) fn began(broadcaster: &Broadcaster, stream_id: &str, started_at: i64) -> Option<Proven> {
    let at = Timestamp::from_millisecond(started_at).ok()?;
    // Get Streams lists live streams alone.
    let event = json!({ "id": stream_id, "type": "live", "started_at": at.to_string() });
    proven("stream.online", "1", broadcaster, event, started_at, None)
}

pub(super) fn ended(broadcaster: &Broadcaster, stream_id: &str, at: i64) -> Option<Proven> {
    let event = json!({ "id": stream_id });
    let summary = "Stream ended while nothing could be received";
    proven("stream.offline", "1", broadcaster, event, at, Some(summary))
}

pub(super) fn changed(broadcaster: &Broadcaster, channel: &Channel, at: i64) -> Option<Proven> {
    let event = json!({
        "title": channel.title, "language": channel.language, "category_id": channel.category_id,
        "category_name": channel.category, "content_classification_labels": channel.labels,
    });
    proven("channel.update", "2", broadcaster, event, at, None)
}

/// An event in the shape of Twitch's, with these members.
fn proven(
    event_type: &'static str,
    version: &'static str,
    broadcaster: &Broadcaster,
    mut event: Value,
    at: i64,
    summary: Option<&'static str>,
) -> Option<Proven> {
    event["broadcaster_user_id"] = json!(broadcaster.id.as_str());
    event["broadcaster_user_login"] = json!(broadcaster.login.as_str());
    event["broadcaster_user_name"] = json!(broadcaster.display_name);
    Some(Proven {
        event_type,
        version,
        event: to_raw_value(&event).ok()?,
        at: Timestamp::from_millisecond(at).ok()?,
        summary,
    })
}

pub(super) fn title_and_category(payload: &str) -> Option<(String, String)> {
    let payload: Value = serde_json::from_str(payload).ok()?;
    let text = |name: &str| Some(payload.get(name)?.as_str()?.to_owned());
    Some((text("title")?, text("category_name")?))
}
