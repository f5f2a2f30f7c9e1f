//! `POST /webhooks/twitch`: verify the raw bytes, then parse, then hand to the pipeline.
//!
//! The checks stand in the order of the contract's table. A 2xx means committed.

use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;

use super::body;
use crate::app::App;
use crate::error::Error;
use crate::eventsub::{Message, signature};

/// Largest body of a message.
const MAX_BYTES: usize = 256 * 1024;
/// Oldest message taken, as Twitch advises against replays.
const OLDEST: SignedDuration = SignedDuration::from_mins(10);
/// Clocks differ by this much at most.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

const ID: &str = "twitch-eventsub-message-id";
const TIMESTAMP: &str = "twitch-eventsub-message-timestamp";
const TYPE: &str = "twitch-eventsub-message-type";
const SIGNATURE: &str = "twitch-eventsub-message-signature";

/// Takes a message of Twitch.
pub(super) async fn receive(
    app: web::Data<App>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let headers = request.headers();
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Error::UnsupportedMediaType(
            "send the body without encoding",
        ));
    }
    let bytes = body::read(payload.into_inner(), MAX_BYTES).await?;
    let message_id = text(headers, ID)?;
    let timestamp_text = text(headers, TIMESTAMP)?;
    let message_type = text(headers, TYPE)?;
    let timestamp: Timestamp = match timestamp_text.parse() {
        Ok(timestamp) => timestamp,
        Err(_) => return Err(Error::MalformedMessage("its timestamp is not RFC 3339")),
    };
    let sent_signature = headers.get(SIGNATURE).ok_or(Error::BadSignature)?;
    let secret = app.eventsub_secret.expose_secret().as_bytes();
    let is_signed = signature::is_valid(
        secret,
        message_id.as_bytes(),
        timestamp_text.as_bytes(),
        &bytes,
        sent_signature.as_bytes(),
    );
    if !is_signed {
        return Err(Error::BadSignature);
    }
    let age = app.clock.now().duration_since(timestamp);
    if age > OLDEST || age < -AHEAD {
        return Err(Error::StaleMessage);
    }
    let Ok(message) = Message::parse(message_id, timestamp, &bytes) else {
        return Err(Error::MalformedMessage("its body is not of a known shape"));
    };
    // The header is not signed, so the body decides and the header must agree.
    if message.type_name() != message_type {
        return Err(Error::MalformedMessage(
            "its body is not what the type header says",
        ));
    }
    if let Message::Challenge(challenge) = message {
        return Ok(HttpResponse::Ok()
            .content_type("text/plain")
            .body(challenge.challenge));
    }
    app.pipeline.accept(message).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Error> {
    let missing = Error::MalformedMessage("its id, timestamp or type header is missing");
    match headers.get(name).map(|value| value.to_str()) {
        Some(Ok(text)) if !text.is_empty() => Ok(text),
        _ => Err(missing),
    }
}
