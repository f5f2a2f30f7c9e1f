//! Settings, read once: flag over environment over `.env`, then typed and validated.
//!
//! Nothing else in the program reads the environment. Secrets are no flags, and never shown in `Debug`.

mod settings;
mod table;
mod typed;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::ids::Login;

pub use settings::{Command, Invocation, Settings, SettingsError};

/// Real Twitch, or a simulated one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Twitch, or whatever the settings put in its place.
    Real,
    /// An in-process simulator; told to everyone who looks.
    Demo,
}

impl Mode {
    /// As stamped into the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Demo => "demo",
        }
    }
}

/// How browsers and Twitch reach us: scheme, host and port, no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// The address, when it has neither path, query nor fragment.
    pub fn new(url: Url) -> Option<Self> {
        let is_plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        is_plain.then_some(Self(url))
    }

    /// As browsers send it in `Origin`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Host name without port.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether browsers reach us over TLS.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether only this machine's browsers reach us.
    pub fn is_localhost(&self) -> bool {
        match self.0.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// Twitch delivers webhooks to HTTPS on port 443 alone.
    pub fn can_receive_webhooks(&self) -> bool {
        self.is_https() && self.0.port_or_known_default() == Some(443)
    }

    /// The address of a path of ours.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// Where Twitch sends browsers after login; to be registered in its console.
    pub fn redirect_uri(&self) -> String {
        self.join("/auth/callback")
    }

    /// Where Twitch delivers webhooks.
    pub fn webhook_callback(&self) -> String {
        self.join("/webhooks/twitch")
    }
}

/// Where Twitch is, and who we are to it.
#[derive(Debug, Clone)]
pub struct TwitchConfig {
    /// The app's id from Twitch's developer console.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: SecretString,
    /// `/token`, `/validate` and `/revoke` are below it.
    pub id_url: Url,
    /// Where browsers are sent to log in.
    pub authorize_url: Url,
    /// Helix.
    pub api_url: Url,
    /// `/subscriptions`, `/conduits` and `/conduits/shards` are below it.
    pub eventsub_url: Url,
    /// The WebSocket.
    pub eventsub_ws_url: Url,
}

/// The frames and images of Twitch that pages show.
#[derive(Debug, Clone)]
pub struct EmbedConfig {
    /// The player's frame.
    pub player_url: Url,
    /// `/{login}/chat` below it is the chat's frame.
    pub chat_url: Url,
    /// Host of avatars and previews.
    pub image_url: Url,
}

/// Which way events come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportSetting {
    /// Webhook where Twitch can reach us, else a conduit, else a viewer's WebSocket.
    Auto,
    /// Signed requests to our public address.
    Webhook,
    /// A conduit with WebSocket shards: needs no address at all.
    Conduit,
    /// A viewer's own WebSocket.
    Websocket,
}

/// Who may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedLogins {
    /// Anyone with a Twitch account.
    Anyone,
    /// These alone.
    Only(Vec<Login>),
}

impl AllowedLogins {
    /// Whether this login may.
    pub fn allows(&self, login: &Login) -> bool {
        match self {
            Self::Anyone => true,
            Self::Only(logins) => logins.contains(login),
        }
    }
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors.
    Json,
}

/// Everything `serve` needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Real or demo.
    pub mode: Mode,
    /// HTTP listener.
    pub bind_addr: SocketAddr,
    /// How browsers reach us.
    pub public_url: PublicUrl,
    /// Further exact origins that may call the API with a session.
    pub allowed_origins: Vec<String>,
    /// Who may log in.
    pub allowed_logins: AllowedLogins,
    /// Subscriptions one viewer may have.
    pub max_subscriptions_per_viewer: u32,
    /// Where the embedded default keeps its files.
    pub data_dir: PathBuf,
    /// The database file.
    pub database: PathBuf,
    /// Where login sessions are kept instead of the database.
    pub redis_url: Option<SecretString>,
    /// Base64 of the key that protects what is secret at rest; made once when absent.
    pub secret_key: Option<SecretString>,
    /// Twitch.
    pub twitch: TwitchConfig,
    /// Twitch's frames and images.
    pub embeds: EmbedConfig,
    /// Which way events come.
    pub transport: TransportSetting,
    /// Signs webhooks; made once when absent.
    pub eventsub_secret: Option<SecretString>,
    /// How long events are kept; `None` for ever.
    pub retention: Option<Duration>,
    /// Files of the single-page app instead of those built in.
    pub static_dir: Option<PathBuf>,
}

impl Config {
    /// The host that a database belongs to.
    pub fn twitch_host(&self) -> &str {
        self.twitch.api_url.host_str().unwrap_or_default()
    }

    /// Whether a browser page of this origin may call us with its cookie.
    pub fn is_own_origin(&self, origin: &str) -> bool {
        origin == self.public_url.origin() || self.allowed_origins.iter().any(|o| o == origin)
    }
}
