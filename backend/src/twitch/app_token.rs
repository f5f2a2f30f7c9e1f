//! The app's own token: one for the whole process, asked for when first needed and when it ends.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Client, Error};

/// Held during the request for a new token on purpose: who needs one meanwhile waits for that one.
#[derive(Default)]
pub(super) struct AppToken(Mutex<Option<Held>>);

struct Held {
    token: SecretString,
    ends_at: Instant,
}

/// A token is not used in its last moments, when it may end on the way.
const MARGIN: Duration = Duration::from_secs(60);

/// The lifetime to count on when Twitch names none, or an absurd one.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// What fails when Twitch gives none.
const WHAT: &str = "the app's token";

/// Why there is none, so that whoever runs the server knows what to mend.
fn reason(error: &Error) -> String {
    match error {
        Error::Unauthorized | Error::Forbidden(_) | Error::Rejected { status: 400, .. } => {
            "Twitch refuses TWITCH_CLIENT_ID or TWITCH_CLIENT_SECRET".to_owned()
        }
        Error::NotFound
        | Error::Conflict { .. }
        | Error::Gone
        | Error::RateLimited { .. }
        | Error::LimitReached(_)
        | Error::Rejected { .. }
        | Error::Unavailable { .. } => format!("Twitch gives the app no token: {error}"),
    }
}

impl Client {
    /// The app's token; a new one when it has ended or is the one that was refused.
    pub(super) async fn app_token(
        &self,
        refused: Option<&SecretString>,
    ) -> Result<SecretString, Error> {
        let mut held = self.0.app_token.0.lock().await;
        if let Some(held) = held.as_ref()
            && held.ends_at > Instant::now()
            && refused.is_none_or(|r| r.expose_secret() != held.token.expose_secret())
        {
            return Ok(held.token.clone());
        }
        let (token, lifetime) = match self.request_app_token().await {
            Ok(granted) => {
                self.is_working(WHAT);
                granted
            }
            Err(error) => {
                self.is_failing(WHAT.to_owned(), reason(&error));
                return Err(error);
            }
        };
        let lifetime = lifetime.unwrap_or(LONGEST).min(LONGEST);
        *held = Some(Held {
            token: token.clone(),
            ends_at: Instant::now() + lifetime.saturating_sub(MARGIN),
        });
        Ok(token)
    }
}
