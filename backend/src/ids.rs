//! Twitch's user ids and login names, as types so that they are not mixed up.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest login name Twitch gives out.
const LOGIN_MAX_CHARS: usize = 25;

/// Twitch's opaque user id; broadcasters and viewers are both users.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct UserId(String);

impl UserId {
    /// Takes an id as Twitch sent it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as Twitch writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A lower-case login name, as in the address of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Login(String);

impl Login {
    /// Takes a login that Twitch sent, which may have capitals.
    pub fn from_twitch(login: &str) -> Self {
        Self(login.to_lowercase())
    }

    /// Reads what a person typed or pasted: a name, `@name`, or the address of a channel.
    pub fn parse(input: &str) -> Option<Self> {
        let mut text = input.trim().to_ascii_lowercase();
        for scheme in ["https://", "http://"] {
            if let Some(rest) = text.strip_prefix(scheme) {
                text = rest.to_owned();
                break;
            }
        }
        let hosts = [
            "www.twitch.tv/",
            "m.twitch.tv/",
            "go.twitch.tv/",
            "twitch.tv/",
        ];
        let name = match hosts.iter().find_map(|host| text.strip_prefix(host)) {
            Some(path) => path.split(['/', '?', '#']).next().unwrap_or_default(),
            None => text.strip_prefix('@').unwrap_or(&text),
        };
        let valid = (1..=LOGIN_MAX_CHARS).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !name.starts_with('_');
        valid.then(|| Self(name.to_owned()))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Login;

    #[test]
    fn login_is_read_from_what_people_type() {
        for typed in [
            "mira_plays",
            " Mira_Plays ",
            "@MIRA_plays",
            "https://www.twitch.tv/Mira_Plays",
            "twitch.tv/mira_plays/videos?sort=time",
            "http://m.twitch.tv/mira_plays#about",
        ] {
            assert_eq!(
                Login::parse(typed).unwrap().as_str(),
                "mira_plays",
                "{typed}"
            );
        }
    }

    #[test]
    fn what_cannot_be_a_login_is_refused() {
        for typed in [
            "",
            "@",
            "mira plays",
            "mira-plays",
            "_mira",
            "https://example.org/mira_plays",
            "twitch.tv/",
            "a2345678901234567890123456",
            "míra",
            "../x",
            "@@mira",
        ] {
            assert_eq!(Login::parse(typed), None, "{typed}");
        }
    }
}
