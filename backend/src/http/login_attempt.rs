//! A login attempt while its person is at Twitch: sealed in a cookie of this browser, so that nothing is stored before
//! login. Its `state` is 256 random bits and works once.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use super::connect::Connecting;
use crate::app::App;
use crate::crypto;
use crate::error::Error;

/// How long a login attempt may take.
const ATTEMPT_MINUTES: i64 = 15;
/// Within twice this time an attempt has ended, used or not.
pub(super) const ATTEMPT_IS_OVER_MS: i64 = 2 * ATTEMPT_MINUTES * 60_000;
/// Attempts a browser may have open; beyond it the others are forgotten.
const OPEN_ATTEMPTS: usize = 5;
/// Where the sealed attempt may be opened.
const ATTEMPT_PLACE: &str = "login attempt";
const COOKIE_PATH: &str = "/auth";
const COOKIE_PREFIX: &str = "login_";

/// A login attempt.
#[derive(Serialize, Deserialize)]
pub(super) struct Attempt {
    /// Names it to Twitch.
    pub(super) state: String,
    /// Where the browser goes afterwards.
    pub(super) return_to: String,
    expires_at: i64,
    /// It is to add to a login that there is.
    #[serde(default)]
    pub(super) connecting: Option<Connecting>,
}

impl Attempt {
    /// A new one.
    pub(super) fn new(
        app: &App,
        return_to: String,
        connecting: Option<Connecting>,
    ) -> Result<Self, Error> {
        Ok(Self {
            state: crypto::random_text()?,
            return_to,
            expires_at: app.clock.now_ms() + ATTEMPT_MINUTES * 60_000,
            connecting,
        })
    }

    /// The cookie that keeps it.
    pub(super) fn cookie(&self, app: &App) -> Result<Cookie<'static>, Error> {
        let text = serde_json::to_string(self).map_err(|error| Error::Internal(Box::new(error)))?;
        let sealed = app.cipher.seal(ATTEMPT_PLACE, &text)?;
        let lifetime = Duration::minutes(ATTEMPT_MINUTES);
        Ok(cookie(app, &self.state, sealed, lifetime))
    }

    /// The cookie that ends it.
    pub(super) fn used(&self, app: &App) -> Cookie<'static> {
        cookie(app, &self.state, String::new(), Duration::ZERO)
    }

    /// The attempt of this browser that has this state.
    pub(super) fn of(app: &App, request: &HttpRequest, state: &str) -> Result<Self, Error> {
        let cookie = request
            .cookie(&cookie_name(state))
            .ok_or(Error::OauthState)?;
        let opened = app
            .cipher
            .open(ATTEMPT_PLACE, cookie.value())
            .ok()
            .ok_or(Error::OauthState)?;
        let attempt: Option<Self> = serde_json::from_str(opened.expose_secret()).ok();
        attempt
            .filter(|attempt| attempt.state == state && attempt.expires_at >= app.clock.now_ms())
            .ok_or(Error::OauthState)
    }
}

/// Each attempt has a cookie of its own, so that two tabs can log in at once.
fn cookie_name(state: &str) -> String {
    let letters: String = state
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(8)
        .collect();
    format!("{COOKIE_PREFIX}{letters}")
}

fn cookie(app: &App, state: &str, value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build(cookie_name(state), value)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.public_url.is_https())
        .max_age(max_age)
        .finish()
}

/// Ends the attempts of a browser that has too many open, before their cookies fill its requests.
pub(super) fn abandoned(request: &HttpRequest) -> Vec<Cookie<'static>> {
    let Ok(cookies) = request.cookies() else {
        return Vec::new();
    };
    let attempts = cookies
        .iter()
        .filter(|cookie| cookie.name().starts_with(COOKIE_PREFIX));
    let end = |cookie: &Cookie<'static>| {
        let mut ended = Cookie::build(cookie.name().to_owned(), "")
            .path(COOKIE_PATH)
            .finish();
        ended.make_removal();
        ended
    };
    if attempts.clone().count() < OPEN_ATTEMPTS {
        Vec::new()
    } else {
        attempts.map(end).collect()
    }
}
