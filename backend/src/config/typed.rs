//! From settings as text to a typed, validated [`Config`]; every error names its setting.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use base64::Engine as _;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{
    AllowedLogins, Config, EmbedConfig, LogFormat, Mode, PublicUrl, Settings, SettingsError,
    TransportSetting, TwitchConfig,
};
use crate::ids::Login;

impl Settings {
    /// A setting of a type, or its default.
    ///
    /// # Errors
    /// When it cannot be read; the message names it.
    pub fn parse<T: FromStr>(
        &self,
        name: &'static str,
        expected: &str,
        default: T,
    ) -> Result<T, SettingsError> {
        match self.text(name) {
            None => Ok(default),
            Some(text) => match text.trim().parse() {
                Ok(value) => Ok(value),
                Err(_) => Err(malformed(name, text, expected)),
            },
        }
    }

    /// The HTTP listener's address.
    ///
    /// # Errors
    /// When it is no address.
    pub fn bind_addr(&self) -> Result<SocketAddr, SettingsError> {
        self.address("BIND_ADDR", 7001)
    }

    /// A listener's address; a bare `:PORT` is one of this machine alone.
    ///
    /// # Errors
    /// When it is no address.
    pub fn address(
        &self,
        name: &'static str,
        default_port: u16,
    ) -> Result<SocketAddr, SettingsError> {
        let on_this_machine = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let Some(text) = self.text(name).map(str::trim) else {
            return Ok(on_this_machine(default_port));
        };
        let bare = text
            .strip_prefix(':')
            .and_then(|port| port.parse().ok())
            .map(on_this_machine);
        bare.or_else(|| text.parse().ok())
            .ok_or_else(|| malformed(name, text, "an address and port such as 127.0.0.1:7001"))
    }

    /// The form of log lines.
    ///
    /// # Errors
    /// When it is neither.
    pub fn log_format(&self) -> Result<LogFormat, SettingsError> {
        match self.text("LOG_FORMAT") {
            None | Some("text") => Ok(LogFormat::Text),
            Some("json") => Ok(LogFormat::Json),
            Some(other) => Err(malformed("LOG_FORMAT", other, "text or json")),
        }
    }

    /// Which log lines are wanted.
    pub fn log_filter(&self) -> &str {
        self.text("RUST_LOG").unwrap_or("info,actix_server=warn")
    }

    /// Where the embedded default keeps its files.
    pub fn data_dir(&self) -> PathBuf {
        PathBuf::from(self.text("DATA_DIR").unwrap_or("./data"))
    }

    /// The database file.
    ///
    /// # Errors
    /// When the address is of an engine this version does not speak.
    pub fn database(&self) -> Result<PathBuf, SettingsError> {
        let Some(url) = self.text("DATABASE_URL") else {
            return Ok(self.data_dir().join("events.db"));
        };
        let path = url
            .strip_prefix("sqlite:")
            .map(|path| path.strip_prefix("//").unwrap_or(path));
        match path.filter(|path| !path.is_empty()) {
            Some(path) => Ok(PathBuf::from(path)),
            None => Err(SettingsError::new(
                "DATABASE_URL: expected sqlite:PATH".to_owned(),
            )),
        }
    }

    /// The host of Twitch's API, which a database is stamped with.
    ///
    /// # Errors
    /// When the address is malformed.
    pub fn twitch_api_url(&self) -> Result<Url, SettingsError> {
        self.url(
            "TWITCH_API_URL",
            "https://api.twitch.tv/helix",
            &["http", "https"],
        )
    }

    /// The key that protects what is secret at rest, when it is set.
    ///
    /// # Errors
    /// When it is not base64 of at least 32 bytes.
    pub fn secret_key(&self) -> Result<Option<SecretString>, SettingsError> {
        let Some(key) = self.secret("SECRET_KEY") else {
            return Ok(None);
        };
        let bytes = base64::engine::general_purpose::STANDARD.decode(key.expose_secret().trim());
        match bytes {
            Ok(bytes) if bytes.len() >= 32 => Ok(Some(key)),
            _ => Err(SettingsError::new(
                "SECRET_KEY: expected base64 of at least 32 bytes".to_owned(),
            )),
        }
    }

    /// Everything `serve` needs, for a listener that is bound to `bound`.
    ///
    /// # Errors
    /// When a setting is missing or malformed; the message names it.
    pub fn config(&self, mode: Mode, bound: SocketAddr) -> Result<Config, SettingsError> {
        let default_public_url = format!("http://localhost:{}", bound.port());
        let public_url = self.url("PUBLIC_URL", &default_public_url, &["http", "https"])?;
        let public_url = PublicUrl::new(public_url).ok_or_else(|| {
            let text = self.text("PUBLIC_URL").unwrap_or_default();
            malformed(
                "PUBLIC_URL",
                text,
                "scheme, host and port without path or query",
            )
        })?;
        let (client_id, client_secret) = self.credentials(&public_url)?;
        let id_url = self.url(
            "TWITCH_ID_URL",
            "https://id.twitch.tv/oauth2",
            &["http", "https"],
        )?;
        let api_url = self.twitch_api_url()?;
        let below =
            |base: &Url, path: &str| format!("{}/{path}", base.as_str().trim_end_matches('/'));
        let http = &["http", "https"];
        Ok(Config {
            mode,
            bind_addr: bound,
            allowed_origins: self.allowed_origins()?,
            allowed_logins: self.allowed_logins(&public_url)?,
            max_subscriptions_per_viewer: self.parse(
                "MAX_SUBSCRIPTIONS_PER_VIEWER",
                "a whole number",
                200,
            )?,
            data_dir: self.data_dir(),
            database: self.database()?,
            redis_url: self.secret("REDIS_URL"),
            secret_key: self.secret_key()?,
            twitch: TwitchConfig {
                client_id,
                client_secret,
                authorize_url: self.url(
                    "TWITCH_AUTHORIZE_URL",
                    &below(&id_url, "authorize"),
                    http,
                )?,
                eventsub_url: self.url(
                    "TWITCH_EVENTSUB_URL",
                    &below(&api_url, "eventsub"),
                    http,
                )?,
                eventsub_ws_url: self.url(
                    "TWITCH_EVENTSUB_WS_URL",
                    "wss://eventsub.wss.twitch.tv/ws",
                    &["ws", "wss"],
                )?,
                id_url,
                api_url,
            },
            embeds: EmbedConfig {
                player_url: self.url("TWITCH_PLAYER_URL", "https://player.twitch.tv", http)?,
                chat_url: self.url("TWITCH_CHAT_URL", "https://www.twitch.tv/embed", http)?,
                image_url: self.url("TWITCH_IMAGE_URL", "https://static-cdn.jtvnw.net", http)?,
            },
            transport: self.transport()?,
            eventsub_secret: self.eventsub_secret()?,
            retention: self.retention()?,
            static_dir: self.text("STATIC_DIR").map(PathBuf::from),
            public_url,
        })
    }

    fn secret(&self, name: &'static str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    fn credentials(&self, public_url: &PublicUrl) -> Result<(String, SecretString), SettingsError> {
        match (
            self.text("TWITCH_CLIENT_ID"),
            self.secret("TWITCH_CLIENT_SECRET"),
        ) {
            (Some(id), Some(secret)) => Ok((id.to_owned(), secret)),
            _ => Err(SettingsError::new(format!(
                "TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET are not set.\n\
                 Register an app in the Twitch developer console, https://dev.twitch.tv/console/apps,\n\
                 as a confidential client with the OAuth redirect URL\n\n    {}\n\n\
                 and set both, in the environment or in a file named .env.\n\
                 To try the server without a Twitch app, run `make demo`: it needs none of this.",
                public_url.redirect_uri()
            ))),
        }
    }

    fn url(
        &self,
        name: &'static str,
        default: &str,
        schemes: &[&str],
    ) -> Result<Url, SettingsError> {
        let text = self.text(name).unwrap_or(default).trim();
        match Url::parse(text) {
            Ok(url) if schemes.contains(&url.scheme()) && url.has_host() => Ok(url),
            _ => Err(malformed(
                name,
                text,
                &format!("an address starting with {}://", schemes.join(":// or ")),
            )),
        }
    }

    fn allowed_origins(&self) -> Result<Vec<String>, SettingsError> {
        let text = self.text("ALLOWED_ORIGINS").unwrap_or_default();
        text.split(',')
            .map(str::trim)
            .filter(|origin| !origin.is_empty())
            .map(|origin| {
                let url = Url::parse(origin).ok().and_then(PublicUrl::new);
                match url {
                    Some(url) => Ok(url.origin()),
                    None => Err(malformed(
                        "ALLOWED_ORIGINS",
                        origin,
                        "exact origins such as http://localhost:8080",
                    )),
                }
            })
            .collect()
    }

    fn allowed_logins(&self, public_url: &PublicUrl) -> Result<AllowedLogins, SettingsError> {
        match self.text("ALLOWED_LOGINS").map(str::trim) {
            Some("*") => Ok(AllowedLogins::Anyone),
            None if public_url.is_localhost() => Ok(AllowedLogins::Anyone),
            None => Err(SettingsError::new(
                "ALLOWED_LOGINS is not set: PUBLIC_URL is reachable by others, so say who may log in \
                 (comma separated logins, or * for anyone)"
                    .to_owned(),
            )),
            Some(text) => {
                let logins = text.split(',').filter(|login| !login.trim().is_empty());
                let parsed = logins.map(|login| {
                    Login::parse(login).ok_or_else(|| malformed("ALLOWED_LOGINS", login, "login names or *"))
                });
                Ok(AllowedLogins::Only(parsed.collect::<Result<_, _>>()?))
            }
        }
    }

    fn transport(&self) -> Result<TransportSetting, SettingsError> {
        match self.text("EVENTSUB_TRANSPORT").map(str::trim) {
            None | Some("auto") => Ok(TransportSetting::Auto),
            Some("webhook") => Ok(TransportSetting::Webhook),
            Some("conduit") => Ok(TransportSetting::Conduit),
            Some("websocket") => Ok(TransportSetting::Websocket),
            Some(other) => Err(malformed(
                "EVENTSUB_TRANSPORT",
                other,
                "auto, webhook, conduit or websocket",
            )),
        }
    }

    fn retention(&self) -> Result<Option<Duration>, SettingsError> {
        let days: u32 = self.parse("RETENTION_DAYS", "a whole number of days", 0)?;
        let keep = Duration::from_secs(u64::from(days) * 24 * 3600);
        Ok(Some(keep).filter(|keep| !keep.is_zero()))
    }

    fn eventsub_secret(&self) -> Result<Option<SecretString>, SettingsError> {
        match self.text("EVENTSUB_SECRET") {
            None => Ok(None),
            Some(text) if text.is_ascii() && (10..=100).contains(&text.len()) => {
                Ok(Some(SecretString::from(text)))
            }
            Some(_) => Err(SettingsError::new(
                "EVENTSUB_SECRET: expected 10 to 100 ASCII characters".to_owned(),
            )),
        }
    }
}

fn malformed(name: &str, text: &str, expected: &str) -> SettingsError {
    SettingsError::new(format!("{name}: {text:?} is not {expected}"))
}

#[cfg(test)]
mod tests;
