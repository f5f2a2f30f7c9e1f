//! Twitch's signature of webhook messages, checked over the raw bytes before anything is parsed.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PREFIX: &[u8] = b"sha256=";

/// Whether `signature` is the HMAC-SHA256 of id, timestamp and body under `secret`, in constant time.
///
/// The header strings must be those received, the body the bytes received.
pub fn is_valid(
    secret: &[u8],
    message_id: &[u8],
    timestamp: &[u8],
    body: &[u8],
    signature: &[u8],
) -> bool {
    let Some(digits) = signature.strip_prefix(PREFIX) else {
        return false;
    };
    let mut expected = [0_u8; 32];
    if hex::decode_to_slice(digits, &mut expected).is_err() {
        return false;
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        return false;
    };
    mac.update(message_id);
    mac.update(timestamp);
    mac.update(body);
    mac.verify_slice(&expected).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    // A message of Twitch's own developer tool, signed with this secret.
    const SECRET: &[u8] = b"s3cre7s3cre7";
    const ID: &[u8] = b"6bd42148-b960-2c83-ff21-a80c6a38cca2";
    const TIME: &[u8] = b"2026-11-23T08:58:06.709297907Z";
    const BODY: &str = r#"{"subscription":{"id":"8c7aa77d-b3b4-dac6-f6b7-968618f254d3","status":"enabled","type":"channel.cheer","version":"1","condition":{"broadcaster_user_id":"22736234"},"transport":{"method":"webhook","callback":"null"},"created_at":"2026-11-23T08:58:06.709297907Z","cost":0},"event":{"user_id":"21002848","user_login":"testFromUser","user_name":"testFromUser","broadcaster_user_id":"22736234","broadcaster_user_login":"testBroadcaster","broadcaster_user_name":"testBroadcaster","is_anonymous":false,"message":"This is a test event.","bits":100}}"#;
    const SIGNATURE: &[u8] =
        b"sha256=17134e0a3690c677969715acb3ffee5ee84c728c369cdea306b74a796e389369";

    #[test]
    fn twitchs_own_signature_is_accepted() {
        assert!(is_valid(SECRET, ID, TIME, BODY.as_bytes(), SIGNATURE));
    }

    #[test]
    fn any_change_is_refused() {
        let body = BODY.as_bytes();
        assert!(!is_valid(b"other secret", ID, TIME, body, SIGNATURE));
        assert!(!is_valid(SECRET, b"other", TIME, body, SIGNATURE));
        assert!(!is_valid(SECRET, ID, b"other", body, SIGNATURE));
        assert!(!is_valid(SECRET, ID, TIME, &body[1..], SIGNATURE));
        assert!(!is_valid(SECRET, ID, TIME, body, &SIGNATURE[7..]));
        assert!(!is_valid(SECRET, ID, TIME, body, &SIGNATURE[..20]));
        assert!(!is_valid(SECRET, ID, TIME, body, b""));
    }
}
