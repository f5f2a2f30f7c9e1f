//! One sender of signed notifications over one kept connection, as Twitch's are.

use std::io::{self, Write as _};
use std::net::SocketAddr;

use anyhow::Context as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

use crate::http::Connection;
use crate::script::Notice;

/// What the server under measurement verifies with.
pub(crate) const SECRET: &str = "a-secret-for-measurements";

/// Whether a message is Twitch's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signature {
    /// It is.
    Valid,
    /// Somebody else made it.
    Forged,
}

/// Sends one message at a time.
#[derive(Debug)]
pub(crate) struct Sender {
    connection: Connection,
    letter: Letter,
}

/// The bytes of a request, made in buffers that are used again.
#[derive(Debug)]
pub(crate) struct Letter {
    host: String,
    mac: Hmac<Sha256>,
    body: Vec<u8>,
    request: Vec<u8>,
}

impl Sender {
    /// Connects; the buffers come back when that fails.
    pub(crate) async fn open(address: SocketAddr, letter: Letter) -> Result<Self, Letter> {
        match Connection::open(address).await {
            Ok(connection) => Ok(Self { connection, letter }),
            Err(_) => Err(letter),
        }
    }

    /// Sends a message and answers the status.
    pub(crate) async fn send(
        &mut self,
        notice: &Notice<'_>,
        signature: Signature,
    ) -> io::Result<u16> {
        let request = self.letter.write(notice, signature);
        self.connection.status(request).await
    }

    /// Gives up the connection; the buffers serve the next one.
    pub(crate) fn into_letter(self) -> Letter {
        self.letter
    }
}

impl Letter {
    /// To this server.
    pub(crate) fn new(address: SocketAddr) -> anyhow::Result<Self> {
        Ok(Self {
            host: format!("localhost:{}", address.port()),
            mac: Hmac::new_from_slice(SECRET.as_bytes()).context("the secret is no key")?,
            body: Vec::with_capacity(1024),
            request: Vec::with_capacity(2048),
        })
    }

    /// The request that brings a message, signed now.
    pub(crate) fn write(&mut self, notice: &Notice<'_>, signature: Signature) -> &[u8] {
        self.body.clear();
        notice.write_body(&mut self.body);
        let (id, now) = (notice.message_id(), Timestamp::now().to_string());
        let mut mac = self.mac.clone();
        mac.update(id.as_bytes());
        mac.update(now.as_bytes());
        mac.update(&self.body);
        let mut signed = mac.finalize().into_bytes();
        if signature == Signature::Forged {
            signed[0] ^= 1;
        }
        let mut digits = [0; 64];
        // The digest of SHA-256 has 32 bytes.
        _ = hex::encode_to_slice(signed, &mut digits);
        let (event_type, version) = notice.kind.type_name();
        self.request.clear();
        _ = write!(
            self.request,
            "POST /webhooks/twitch HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nTwitch-Eventsub-Message-Id: {id}\r\nTwitch-Eventsub-Message-Retry: 0\r\n\
             Twitch-Eventsub-Message-Type: notification\r\nTwitch-Eventsub-Message-Signature: sha256={}\r\n\
             Twitch-Eventsub-Message-Timestamp: {now}\r\nTwitch-Eventsub-Subscription-Type: {event_type}\r\n\
             Twitch-Eventsub-Subscription-Version: {version}\r\n\r\n",
            self.host,
            self.body.len(),
            std::str::from_utf8(&digits).unwrap_or_default(),
        );
        self.request.extend_from_slice(&self.body);
        &self.request
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{ALL, Script, channels};

    #[test]
    fn a_forged_request_differs_in_the_signature_alone() {
        let script = Script {
            seed: 1,
            channels: channels(1),
            kinds: ALL,
        };
        let mut letter = Letter::new(([127, 0, 0, 1], 7001).into()).unwrap();
        let lines = |bytes: &[u8]| -> Vec<String> {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            text.split("\r\n").map(str::to_owned).collect()
        };
        let valid = lines(letter.write(&script.notice(5), Signature::Valid));
        let forged = lines(letter.write(&script.notice(5), Signature::Forged));
        assert_eq!(valid[0], "POST /webhooks/twitch HTTP/1.1");
        assert_eq!(valid.len(), forged.len());
        for (one, other) in valid.iter().zip(&forged) {
            let may_differ = one.contains("Signature:") || one.contains("Timestamp:");
            assert!(one == other || may_differ, "{one} / {other}");
        }
        let length = valid
            .iter()
            .find_map(|l| l.strip_prefix("Content-Length: "));
        let body = valid.last().unwrap();
        assert_eq!(length.unwrap().parse::<usize>().unwrap(), body.len());
    }
}
