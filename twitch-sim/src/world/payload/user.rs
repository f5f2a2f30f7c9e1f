//! `user.*`

use serde_json::{Value, json};

use super::{Person, USER, with};

/// `user.update`, without the address, as for an app that has no scope for it.
pub(crate) fn update(user: &Person) -> Value {
    with(
        &[(USER, Some(user))],
        json!({"email_verified": true, "description": user.description}),
    )
}

/// `user.whisper.message`
pub(crate) fn whisper(from: &Person, to: &Person, whisper_id: &str, text: &str) -> Value {
    with(
        &[("from_user", Some(from)), ("to_user", Some(to))],
        json!({"whisper_id": whisper_id, "whisper": {"text": text}}),
    )
}

/// `user.authorization.grant` and `.revoke`
pub(crate) fn authorization(user: &Person, client_id: &str) -> Value {
    with(&[(USER, Some(user))], json!({"client_id": client_id}))
}
