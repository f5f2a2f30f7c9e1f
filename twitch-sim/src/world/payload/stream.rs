//! `stream.*`

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BROADCASTER, Person, whole_second, with};

/// `stream.online`
pub(crate) fn online(broadcaster: &Person, stream_id: &str, started_at: Timestamp) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster))],
        json!({"id": stream_id, "type": "live", "started_at": whole_second(started_at)}),
    )
}

/// `stream.offline`
pub(crate) fn offline(broadcaster: &Person, stream_id: &str) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster))],
        json!({"id": stream_id}),
    )
}
