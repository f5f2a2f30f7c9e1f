//! Outbound HTTP to Twitch: one client with timeouts, typed errors and retry; login, Helix and EventSub calls.
//!
//! Knows the app's own token; those of viewers are handed in ([`crate::tokens`] keeps them). Neither tokens nor
//! query strings are ever logged.

mod app_token;
mod backoff;
mod conduits;
mod error;
pub mod eventsub;
mod helix;
mod lenient;
mod oauth;
mod transfer;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::time::Instant;
use url::Url;

use crate::config::TwitchConfig;
use crate::health::Health;
use crate::timings::Timings;

pub use backoff::Backoff;
pub use conduits::Shard;
pub use error::Error;
pub use helix::{Channel, FollowedChannel, FoundChannel, Stream, User};
pub use oauth::{TokenSet, Validation};
pub use transfer::Auth;

/// Our way to Twitch; cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    config: TwitchConfig,
    timings: Timings,
    health: Health,
    oauth: oauth::OauthClient,
    app_token: app_token::AppToken,
    /// Until when the app's rate limit is used up; asking sooner would only prolong it.
    app_paused_until: Mutex<Option<Instant>>,
    /// What of Twitch did not work when it was last tried, and since when: paths, as many as there are functions
    /// we use, and the app's token.
    failing: Mutex<HashMap<String, Instant>>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("twitch::Client")
            .field(&self.0.config.api_url.as_str())
            .finish()
    }
}

impl Client {
    /// A client with connect and total timeouts that follows no redirects.
    ///
    /// # Errors
    /// When the machine's TLS roots cannot be loaded.
    pub fn new(config: &TwitchConfig, timings: &Timings, health: Health) -> Result<Self, Error> {
        install_tls();
        let http = reqwest::Client::builder()
            .connect_timeout(timings.twitch_timeout / 2)
            .timeout(timings.twitch_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("streamer-event-server/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(Error::unreachable)?;
        Ok(Self(Arc::new(Inner {
            http,
            oauth: oauth::client(config),
            config: config.clone(),
            timings: timings.clone(),
            health,
            app_token: app_token::AppToken::default(),
            app_paused_until: Mutex::default(),
            failing: Mutex::default(),
        })))
    }

    /// The id under which Twitch knows this app.
    pub fn client_id(&self) -> &str {
        &self.0.config.client_id
    }

    /// Where EventSub's WebSocket is.
    pub fn eventsub_ws_url(&self) -> &Url {
        &self.0.config.eventsub_ws_url
    }
}

/// Makes ring the TLS implementation of the whole process; later calls change nothing.
pub fn install_tls() {
    // An error says that one is installed already, which is all we want.
    drop(rustls::crypto::ring::default_provider().install_default());
}
