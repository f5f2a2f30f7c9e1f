//! From flags, environment and `.env` to settings as text.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Mode;
use super::table::{SETTINGS, Setting};

/// What the program was asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Serve until a signal.
    Serve,
    /// Bring the database to this version and stop.
    Migrate,
    /// Copy all that is kept into a new folder, also while a server writes.
    Backup(PathBuf),
    /// Look for damage in the database.
    Check,
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

    pub(super) fn read(
        mode: Mode,
        args: Vec<OsString>,
        environment: &HashMap<String, OsString>,
        dotenv: &Path,
    ) -> Result<Self, SettingsError> {
        let matches = cli(mode).get_matches_from(args);
        let command = match matches.subcommand() {
            Some(("migrate", _)) => Command::Migrate,
            Some(("backup", given)) => {
                let target = given.get_one::<PathBuf>("TARGET");
                Command::Backup(target.cloned().unwrap_or_default())
            }
            Some(("check", _)) => Command::Check,
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
            .subcommand(clap::Command::new("migrate").about("Bring the database to this version"))
            .subcommand(
                clap::Command::new("backup")
                    .about("Copy the database and its key into a new folder, also while the server runs")
                    .arg(
                        clap::Arg::new("TARGET")
                            .required(true)
                            .value_parser(clap::value_parser!(PathBuf))
                            .help("The folder to make; started with it as DATA_DIR, the server goes on from there"),
                    ),
            )
            .subcommand(
                clap::Command::new("check")
                    .about("Look for damage in the database, also while the server runs"),
            ),
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
}
