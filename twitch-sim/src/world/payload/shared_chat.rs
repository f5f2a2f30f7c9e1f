//! `channel.shared_chat.*`

use serde_json::{Value, json};

use super::{BROADCASTER, Person, with};

/// `channel.shared_chat.begin` and `.update`, as one participant sees them.
pub(crate) fn session(
    broadcaster: &Person,
    host: &Person,
    session_id: &str,
    participants: &[&Person],
) -> Value {
    let mut event = end(broadcaster, host, session_id);
    event["participants"] = participants
        .iter()
        .map(|person| with(&[(BROADCASTER, Some(person))], json!({})))
        .collect();
    event
}

/// `channel.shared_chat.end`
pub(crate) fn end(broadcaster: &Person, host: &Person, session_id: &str) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            ("host_broadcaster_user", Some(host)),
        ],
        json!({"session_id": session_id}),
    )
}
