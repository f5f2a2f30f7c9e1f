//! The URL table as the contract has it, a row a line, and the answer each owes.

use reqwest::Method;
use serde_json::{Value, json};

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Anybody.
    All,
    /// A login session alone.
    Session,
    /// A login session or an API token.
    Viewer,
    /// Whoever signs as Twitch does.
    Twitch,
}

/// What a good call gets.
#[derive(Debug, Clone)]
pub(super) enum Gets {
    /// JSON of this shape.
    Json(u16, Value),
    /// Nothing but the status.
    Nothing(u16),
    /// A stream of server-sent events.
    Stream,
    /// A file of this content type.
    File(&'static str),
    /// A problem, since the bare call lacks what only its own tests give.
    Problem(u16, &'static str),
}

/// A row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) method: Method,
    /// As in the program's own table.
    pub(super) pattern: &'static str,
    /// As called; `{token}` stands for the id of a token of the caller.
    pub(super) path: &'static str,
    pub(super) who: Who,
    /// A body that fits.
    pub(super) body: Option<Value>,
    pub(super) gets: Gets,
}

fn row(
    method: Method,
    pattern: &'static str,
    path: &'static str,
    who: Who,
    body: Option<Value>,
    gets: Gets,
) -> Row {
    Row {
        method,
        pattern,
        path,
        who,
        body,
        gets,
    }
}

/// Every row that is owed now.
#[rustfmt::skip]
pub(super) fn rows() -> Vec<Row> {
    use Gets::{File, Json, Nothing, Problem, Stream};
    use Who::{All, Session, Twitch, Viewer};
    let (get, post, put) = (|| Method::GET, || Method::POST, || Method::PUT);
    let (patch, delete) = (|| Method::PATCH, || Method::DELETE);
    let same = |method, path, who, body, gets| row(method, path, path, who, body, gets);
    let subscription = "/api/v1/subscriptions/{broadcaster_id}";
    vec![
        same(get(), "/auth/login", All, None, Nothing(302)),
        same(get(), "/auth/callback", All, None, Problem(400, "oauth-state")),
        same(post(), "/auth/logout", Session, None, Nothing(204)),
        same(get(), "/api/v1/config", All, None, Json(200, config())),
        same(get(), "/api/v1/me", Viewer, None, Json(200, me())),
        same(patch(), "/api/v1/me", Session, Some(json!({"keep_collecting": true})), Json(200, me())),
        row(get(), "/api/v1/streamers", "/api/v1/streamers?query=mira", Viewer, None, Json(200, streamers())),
        same(get(), "/api/v1/streamers/followed", Viewer, None, Json(200, streamers())),
        same(get(), "/api/v1/subscriptions", Viewer, None, Json(200, json!({"subscriptions": [entry()]}))),
        same(post(), "/api/v1/subscriptions", Viewer, Some(json!({"login": "mira_plays"})), Json(200, entry())),
        row(delete(), subscription, "/api/v1/subscriptions/431904427", Viewer, None, Nothing(204)),
        row(put(), "/api/v1/subscriptions/{broadcaster_id}/read", "/api/v1/subscriptions/700100200/read", Viewer, Some(json!({"cursor": "1"})), Nothing(204)),
        same(post(), "/api/v1/read-all", Viewer, None, Nothing(204)),
        same(get(), "/api/v1/events", Viewer, None, Json(200, page())),
        same(get(), "/api/v1/events/live", Viewer, None, Stream),
        row(get(), "/api/v1/events/export", "/api/v1/events/export?format=ndjson", Viewer, None, File("application/x-ndjson")),
        row(get(), "/api/v1/stats", "/api/v1/stats?bucket=hour&tz=Europe/Berlin", Viewer, None, Json(200, stats())),
        same(get(), "/api/v1/gaps", Viewer, None, Json(200, gaps())),
        row(get(), "/api/v1/streams/{broadcaster_id}/recap", "/api/v1/streams/700100200/recap", Viewer, None, Json(200, json!({"recap": recap()}))),
        same(get(), "/api/v1/tokens", Session, None, Json(200, json!({"tokens": [{"id": "text", "name": "text", "created_at": "time"}]}))),
        same(post(), "/api/v1/tokens", Session, Some(json!({"name": "my script"})), Json(201, token())),
        row(delete(), "/api/v1/tokens/{id}", "/api/v1/tokens/{token}", Session, None, Nothing(204)),
        same(post(), "/webhooks/twitch", Twitch, None, Problem(400, "malformed-message")),
        same(get(), "/api/v1/me/channel", Viewer, None, Json(200, own_channel())),
        row(delete(), "/api/v1/me/channel/{step}", "/api/v1/me/channel/polls", Session, None, Nothing(204)),
        same(delete(), "/api/v1/me/channel", Session, None, Nothing(204)),
        same(get(), "/healthz", All, None, Json(200, json!({}))),
        same(get(), "/readyz", All, None, Json(200, json!({}))),
        // Last, since it ends all that the other rows speak of.
        same(delete(), "/api/v1/me/grant", Session, None, Nothing(204)),
    ]
}

fn config() -> Value {
    json!({"demo": "flag", "version": "text", "player_url": "address", "chat_url": "address", "image_url": "address"})
}

fn me() -> Value {
    json!({
        "id": "text", "login": "text", "display_name": "text", "profile_image_url": "address", "scopes": "texts",
        "keep_collecting": "flag", "admin": "flag",
    })
}

fn streamers() -> Value {
    json!({"streamers": [{
        "id": "text", "login": "text", "display_name": "text", "profile_image_url": "address", "live": "flag",
        "subscribed": "flag",
    }]})
}

fn entry() -> Value {
    json!({
        "broadcaster": {"id": "text", "login": "text", "display_name": "text", "profile_image_url": "address"},
        "live": {"title": "text", "category": "text", "viewers": "count", "started_at": "time", "thumbnail_url": "address"},
        "topics": [{"type": "text", "direction": "direction?", "status": "status", "reason": "text?"}],
        "unread": "count",
        "read_cursor": "mark",
        "last_event": event(),
        "created_at": "time",
    })
}

fn page() -> Value {
    json!({"events": [event()], "next_before": "cursor?", "next_after": "cursor?"})
}

/// A raid has all that an event can have, but a text.
fn event() -> Value {
    let person = json!({"id": "text", "login": "text", "display_name": "text"});
    json!({
        "id": "cursor", "message_id": "text", "type": "text", "version": "text", "kind": "text", "broadcaster": person,
        "actor": person, "summary": "text", "amount": {"value": "count", "unit": "text"}, "text": "text?",
        "occurred_at": "time", "received_at": "time", "visibility": "text", "group": "object?", "same_as": "text?",
        "recovered": "flag", "payload": "object",
    })
}

fn stats() -> Value {
    json!({"buckets": [{"start": "time", "counts": {"raid": "count"}}], "totals": {"raid": "count"}})
}

fn gaps() -> Value {
    json!({"gaps": [{"broadcaster_id": "text", "from": "time", "to": "time?", "reason": "text"}]})
}

fn own_channel() -> Value {
    let topic = json!({"type": "text", "direction": "text?", "status": "text", "reason": "text?"});
    json!({
        "steps": [{
            "name": "text", "title": "text", "unlocks": "text", "scopes": ["text"], "state": "text", "topics": [topic],
        }],
        "others": [topic],
    })
}

/// Of a stream that goes on; who gave subs is the recap's own to test.
fn recap() -> Value {
    let raids = json!({"count": "count", "viewers": "count"});
    json!({
        "stream_id": "text", "started_at": "time", "ended_at": "time?", "peak_viewers": "count", "raids_in": raids,
        "raids_out": raids, "subs": "count", "resubs": "count", "gifts": "count", "cheers": "count", "bits": "count",
    })
}

fn token() -> Value {
    json!({"id": "text", "name": "text", "token": "token", "created_at": "time"})
}

/// What later versions owe: nothing is there yet.
pub(super) const LATER: &[(Method, &str)] = &[
    (Method::GET, "/api/v1/sessions"),
    (Method::DELETE, "/api/v1/sessions/1"),
    (Method::GET, "/api/v1/me/export"),
    (Method::GET, "/api/openapi.json"),
    (Method::GET, "/api/docs"),
];

/// What nobody will ever owe.
pub(super) const NEVER: &[(Method, &str)] = &[
    (Method::GET, "/api"),
    (Method::GET, "/api/"),
    (Method::GET, "/api/v1"),
    (Method::GET, "/api/v1/"),
    (Method::GET, "/api/v1/nothing"),
    (Method::DELETE, "/api/v1/nothing/at/all"),
    (Method::GET, "/api/v1/me/"),
    (Method::GET, "/api/v2/me"),
    (Method::POST, "/api/v2/tokens"),
    (Method::GET, "/auth"),
    (Method::GET, "/auth/nothing"),
    (Method::POST, "/auth/nothing"),
    (Method::GET, "/webhooks"),
    (Method::GET, "/webhooks/nothing"),
    (Method::POST, "/webhooks/nothing"),
    (Method::POST, "/webhooks/twitch/"),
];
