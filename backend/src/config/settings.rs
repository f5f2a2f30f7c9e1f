//! From flags, environment and `.env` to a typed [`Config`]. One table names every setting.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use base64::Engine as _;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{
    AllowedLogins, Config, EmbedConfig, LogFormat, Mode, PublicUrl, TransportSetting, TwitchConfig,
};
use crate::ids::Login;

/// A setting: its name and what it means. Secrets are no flags and also take `NAME_FILE`.
struct Setting {
    name: &'static str,
    is_secret: bool,
    help: &'static str,
}

const fn plain(name: &'static str, help: &'static str) -> Setting {
    Setting {
        name,
        is_secret: false,
        help,
    }
}

const fn secret(name: &'static str, help: &'static str) -> Setting {
    Setting {
        name,
        is_secret: true,
        help,
    }
}

/// Every setting of the contract; those of later issues are accepted and not read yet.
const SETTINGS: &[Setting] = &[
    plain("BIND_ADDR", "HTTP listener [default: 127.0.0.1:7001]"),
    plain("OPS_BIND_ADDR", "Second listener for health and metrics"),
    plain(
        "PUBLIC_URL",
        "How browsers and Twitch reach us [default: http://localhost:PORT]",
    ),
    plain(
        "ALLOWED_ORIGINS",
        "Further origins that may call the API, comma separated",
    ),
    plain(
        "ALLOWED_LOGINS",
        "Who may log in: comma separated logins, or *",
    ),
    plain(
        "MAX_SUBSCRIPTIONS_PER_VIEWER",
        "Subscriptions one viewer may have [default: 200]",
    ),
    plain(
        "DATA_DIR",
        "Where the embedded default keeps its files [default: ./data]",
    ),
    secret(
        "DATABASE_URL",
        "Database [default: sqlite:{DATA_DIR}/events.db]",
    ),
    secret("REDIS_URL", "Keeps login sessions in Redis"),
    secret("AMQP_URL", "RabbitMQ between receivers and workers"),
    plain("ROLES", "What this process does: web,worker,listener"),
    secret(
        "SECRET_KEY",
        "Base64 of at least 32 bytes; made once in DATA_DIR when absent",
    ),
    secret(
        "SECRET_KEY_PREVIOUS",
        "Key that is still accepted for reading",
    ),
    plain(
        "TWITCH_CLIENT_ID",
        "The app's id from Twitch's developer console",
    ),
    secret("TWITCH_CLIENT_SECRET", "The app's secret"),
    plain(
        "TWITCH_ID_URL",
        "Twitch's login host [default: https://id.twitch.tv/oauth2]",
    ),
    plain(
        "TWITCH_AUTHORIZE_URL",
        "Where browsers log in [default: {TWITCH_ID_URL}/authorize]",
    ),
    plain(
        "TWITCH_API_URL",
        "Helix [default: https://api.twitch.tv/helix]",
    ),
    plain(
        "TWITCH_EVENTSUB_URL",
        "EventSub's API [default: {TWITCH_API_URL}/eventsub]",
    ),
    plain(
        "TWITCH_EVENTSUB_WS_URL",
        "EventSub's WebSocket [default: wss://eventsub.wss.twitch.tv/ws]",
    ),
    plain(
        "TWITCH_PLAYER_URL",
        "Player frame [default: https://player.twitch.tv]",
    ),
    plain(
        "TWITCH_CHAT_URL",
        "Chat frame [default: https://www.twitch.tv/embed]",
    ),
    plain(
        "TWITCH_IMAGE_URL",
        "Images [default: https://static-cdn.jtvnw.net]",
    ),
    plain(
        "EVENTSUB_TRANSPORT",
        "auto, webhook, conduit or websocket [default: auto]",
    ),
    secret(
        "EVENTSUB_SECRET",
        "Signs webhooks, 10 to 100 ASCII characters; made once when absent",
    ),
    secret(
        "EVENTSUB_SECRET_PREVIOUS",
        "Webhook secret that is still accepted",
    ),
    plain("STATIC_DIR", "Files of the page instead of those built in"),
    plain("RETENTION_DAYS", "Days events are kept; 0 keeps all"),
    plain(
        "RATE_LIMIT_PER_MINUTE",
        "API requests per account and minute",
    ),
    plain(
        "LIVE_CONNECTIONS_PER_CLIENT",
        "Open live streams per client",
    ),
    plain(
        "TRUSTED_PROXIES",
        "Networks whose X-Forwarded headers are believed",
    ),
    plain("ADMIN_LOGINS", "Who may administer this server"),
    plain("OTEL_EXPORTER_OTLP_ENDPOINT", "Where traces go"),
    plain("LOG_FORMAT", "text or json [default: text]"),
    plain("RUST_LOG", "What is logged [default: info]"),
    plain(
        "SIM_BIND_ADDR",
        "Simulator's listener, demo only [default: 127.0.0.1:7002]",
    ),
    plain(
        "SIM_PUBLIC_URL",
        "How browsers reach the simulator [default: http://localhost:PORT]",
    ),
];

/// What the program was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Serve until a signal.
    Serve,
    /// Bring the database to this version and stop.
    Migrate,
}

/// The command line, read.
#[derive(Debug)]
pub struct Invocation {
    /// What to do.
    pub command: Command,
    /// With which settings.
    pub settings: Settings,
    /// Demo only: listen beyond this machine.
    pub allow_remote_demo: bool,
}

/// A setting that cannot be used; the message names it and says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

impl SettingsError {
    /// A message that names the setting.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// Settings as given, before they are understood.
#[derive(Clone)]
pub struct Settings {
    values: HashMap<&'static str, String>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut names: Vec<_> = self.values.keys().collect();
        names.sort_unstable();
        f.debug_struct("Settings").field("names", &names).finish()
    }
}

impl Invocation {
    /// Reads the process's own command line, environment and `.env`.
    ///
    /// Exits with 2 after a message on a wrong flag, with 0 after `--help` or `--version`.
    ///
    /// # Errors
    /// When `.env` or a secret's file cannot be read or names an unknown setting.
    pub fn from_process(mode: Mode) -> Result<Self, SettingsError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .collect();
        Self::read(
            mode,
            std::env::args_os().collect(),
            &environment,
            Path::new(".env"),
        )
    }

    fn read(
        mode: Mode,
        args: Vec<OsString>,
        environment: &HashMap<String, OsString>,
        dotenv: &Path,
    ) -> Result<Self, SettingsError> {
        let matches = cli(mode).get_matches_from(args);
        let command = match matches.subcommand_name() {
            Some("migrate") => Command::Migrate,
            _ => Command::Serve,
        };
        let allow_remote_demo = mode == Mode::Demo && matches.get_flag("allow-remote-demo");
        let dotenv = read_dotenv(dotenv)?;
        let mut values = HashMap::new();
        for setting in SETTINGS {
            let flag = if setting.is_secret {
                None
            } else {
                matches.get_one::<String>(setting.name).cloned()
            };
            let given = match flag {
                Some(value) => Some(value),
                None => from_environment(setting, environment, &dotenv)?,
            };
            if let Some(value) = given.filter(|value| !value.trim().is_empty()) {
                values.insert(setting.name, value);
            }
        }
        Ok(Self {
            command,
            settings: Settings { values },
            allow_remote_demo,
        })
    }
}

fn cli(mode: Mode) -> clap::Command {
    let (name, about) = match mode {
        Mode::Real => (
            "streamer-event-server",
            "Receives, keeps and serves the events of Twitch streamers",
        ),
        Mode::Demo => (
            "streamer-event-demo",
            "The server beside a simulated Twitch; needs no credentials",
        ),
    };
    let mut cli = clap::Command::new(name)
        .version(env!("CARGO_PKG_VERSION"))
        .about(about)
        .after_help("Each setting is a flag, an environment variable or a line of .env, in this order; secrets are no flags and also take NAME_FILE.");
    for setting in SETTINGS.iter().filter(|setting| !setting.is_secret) {
        cli = cli.arg(
            clap::Arg::new(setting.name)
                .long(setting.name.to_ascii_lowercase().replace('_', "-"))
                .value_name("VALUE")
                .global(true)
                .help(setting.help),
        );
    }
    match mode {
        Mode::Real => cli
            .subcommand(clap::Command::new("serve").about("Serve until a signal (the default)"))
            .subcommand(clap::Command::new("migrate").about("Bring the database to this version")),
        Mode::Demo => cli.arg(
            clap::Arg::new("allow-remote-demo")
                .long("allow-remote-demo")
                .action(clap::ArgAction::SetTrue)
                .help("Listen beyond this machine"),
        ),
    }
}

fn read_dotenv(path: &Path) -> Result<BTreeMap<String, String>, SettingsError> {
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let unreadable = |error: dotenvy::Error| SettingsError(format!(".env cannot be read: {error}"));
    let mut values = BTreeMap::new();
    for line in dotenvy::from_path_iter(path).map_err(unreadable)? {
        let (name, value) = line.map_err(unreadable)?;
        let known = SETTINGS.iter().any(|setting| {
            name == setting.name
                || setting.is_secret && name.strip_suffix("_FILE") == Some(setting.name)
        });
        if !known {
            return Err(SettingsError(format!(".env: unknown setting {name}")));
        }
        values.insert(name, value);
    }
    Ok(values)
}

/// A setting from the environment, else from `.env`; a secret also from the file it names.
fn from_environment(
    setting: &Setting,
    environment: &HashMap<String, OsString>,
    dotenv: &BTreeMap<String, String>,
) -> Result<Option<String>, SettingsError> {
    let file_name = format!("{}_FILE", setting.name);
    let text = |name: &str| -> Result<Option<String>, SettingsError> {
        let Some(value) = environment.get(name).filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        match value.clone().into_string() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(SettingsError(format!("{name} is not valid UTF-8"))),
        }
    };
    let in_dotenv = |name: &str| dotenv.get(name).filter(|value| !value.is_empty()).cloned();
    let sources = [
        (
            text(setting.name)?,
            if setting.is_secret {
                text(&file_name)?
            } else {
                None
            },
        ),
        (
            in_dotenv(setting.name),
            if setting.is_secret {
                in_dotenv(&file_name)
            } else {
                None
            },
        ),
    ];
    for source in sources {
        match source {
            (Some(_), Some(_)) => {
                return Err(SettingsError(format!(
                    "{} and {file_name} are both set; keep one",
                    setting.name
                )));
            }
            (Some(value), None) => return Ok(Some(value)),
            (None, Some(file)) => {
                let value = std::fs::read_to_string(&file)
                    .map_err(|error| SettingsError(format!("{file_name}: {file}: {error}")))?;
                return Ok(Some(value.trim_end_matches(['\r', '\n']).to_owned()));
            }
            (None, None) => {}
        }
    }
    Ok(None)
}

impl Settings {
    /// Settings of a test or of the demo, over what was given.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.values.insert(name, value.into());
    }

    /// Forgets a setting, so that its default holds.
    pub fn unset(&mut self, name: &str) {
        self.values.remove(name);
    }

    /// No settings at all.
    pub fn empty() -> Self {
        Self {
            values: HashMap::new(),
        }
    }

    /// The text of a setting, for the programs that read one of their own.
    pub fn text(&self, name: &'static str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

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
        let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 7001));
        self.parse(
            "BIND_ADDR",
            "an address and port such as 127.0.0.1:7001",
            default,
        )
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
        self.text("RUST_LOG").unwrap_or("info")
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
            None => Err(SettingsError(
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
            _ => Err(SettingsError(
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
            _ => Err(SettingsError(format!(
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
            None => Err(SettingsError(
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

    fn eventsub_secret(&self) -> Result<Option<SecretString>, SettingsError> {
        match self.text("EVENTSUB_SECRET") {
            None => Ok(None),
            Some(text) if text.is_ascii() && (10..=100).contains(&text.len()) => {
                Ok(Some(SecretString::from(text)))
            }
            Some(_) => Err(SettingsError(
                "EVENTSUB_SECRET: expected 10 to 100 ASCII characters".to_owned(),
            )),
        }
    }
}

fn malformed(name: &str, text: &str, expected: &str) -> SettingsError {
    SettingsError(format!("{name}: {text:?} is not {expected}"))
}

#[cfg(test)]
mod tests;
