//! Signed bodies that are no message, or not the one the header names.

use jiff::SignedDuration;
use serde_json::json;

use super::{Inbox, signed};
use crate::messages::{
    Request, SIGNATURE, TYPE, at, challenge, raid_into, revocation, with_raw_event,
};
use crate::support::Message;

#[tokio::test]
async fn a_forged_or_stale_challenge_is_not_answered() {
    let inbox = Inbox::open().await;
    let challenge = challenge("abc");
    inbox
        .refuses(
            "forged",
            Request::signed(&challenge, "another secret"),
            403,
            "bad-signature",
        )
        .await;
    let stale = at(&challenge, inbox.now() - SignedDuration::from_mins(11));
    inbox
        .refuses("stale", signed(&stale), 403, "stale-message")
        .await;
}

#[tokio::test]
async fn a_signed_body_of_no_known_shape_is_malformed() {
    let inbox = Inbox::open().await;
    for body in [
        "",
        "no JSON",
        "[]",
        "{}",
        "null",
        "\"text\"",
        "\u{feff}{}",
        r#"{"subscription":{"type":"channel.raid","status":"enabled"},"event":{}"#,
        r#"{"subscription":{"type":"channel.raid","status":"enabled"},"event":{}} more"#,
        r#"{"subscription":{"type":"channel.raid","status":"enabled"},"event":{"a":}}"#,
        r#"{"subscription":{"type":"channel.raid","status":"enabled"}}"#,
        r#"{"subscription":{"type":"channel.raid","status":"enabled"},"event":null}"#,
        r#"{"subscription":{"status":"enabled"},"event":{}}"#,
        r#"{"subscription":"channel.raid","event":{}}"#,
        r#"{"event":{}}"#,
        r#"{"challenge":"abc"}"#,
        r#"{"challenge":"abc","subscription":{"type":"channel.raid"},"event":{}}"#,
    ] {
        for kind in [
            "notification",
            "revocation",
            "webhook_callback_verification",
        ] {
            let message = Message {
                body: body.to_owned(),
                ..Message::new(kind, &json!({}))
            };
            inbox
                .refuses(
                    &format!("{kind} {body}"),
                    signed(&message),
                    400,
                    "malformed-message",
                )
                .await;
        }
    }
    inbox.holds_nothing().await;
}

#[tokio::test]
async fn a_body_that_is_no_utf_8_is_malformed_whoever_signed_it() {
    let inbox = Inbox::open().await;
    let condition = json!({ "to_broadcaster_user_id": inbox.channel });
    let message = with_raw_event("channel.raid", &condition, r#"{"viewers":1,"x":"?"}"#);
    let body: Vec<u8> = message
        .body
        .bytes()
        .map(|byte| if byte == b'?' { 0xff } else { byte })
        .collect();
    let mut request = signed(&message).with(SIGNATURE, &super::signature_of(&message, &body));
    request.body = body;
    inbox
        .refuses("no UTF-8", request, 400, "malformed-message")
        .await;
    inbox.holds_nothing().await;
}

/// The type header is not signed: a captured message sent again under another type must come to nothing.
#[tokio::test]
async fn a_body_that_is_not_what_the_header_says_is_malformed() {
    let inbox = Inbox::open().await;
    let notification = raid_into(inbox.channel, 1);
    let revocation = revocation("s1", "channel.raid", "user_removed");
    let challenge = challenge("abc");
    for (message, pretended) in [
        (&notification, "revocation"),
        (&notification, "webhook_callback_verification"),
        (&notification, "Notification"),
        (&notification, "session_welcome"),
        (&revocation, "notification"),
        (&revocation, "webhook_callback_verification"),
        (&challenge, "notification"),
        (&challenge, "revocation"),
    ] {
        let request = signed(message).with(TYPE, pretended);
        inbox
            .refuses(pretended, request, 400, "malformed-message")
            .await;
    }
    inbox.holds_nothing().await;
    inbox.takes(&notification).await;
    assert_eq!(
        inbox.events().await.len(),
        1,
        "a refusal must not use up the message's id"
    );
}
