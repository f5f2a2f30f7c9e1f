//! Why Twitch did not do what it was asked, as far as callers act differently on it.

use std::time::Duration;

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Twitch refused, or could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The token is expired, revoked, or of the wrong kind.
    #[error("Twitch does not accept the token")]
    Unauthorized,
    /// The token lacks a right.
    #[error("Twitch forbids it: {0}")]
    Forbidden(String),
    /// No such thing, or no such function.
    #[error("Twitch does not know it")]
    NotFound,
    /// It exists already.
    #[error("it exists already")]
    Conflict {
        /// The one that exists, where Twitch names it.
        existing_id: Option<String>,
    },
    /// Twitch has withdrawn the function.
    #[error("Twitch no longer offers it")]
    Gone,
    /// Too many calls; none is let through before the pause is over.
    #[error("Twitch's rate limit is used up for {} s", retry_after.as_secs())]
    RateLimited {
        /// How long to wait.
        retry_after: Duration,
    },
    /// A limit on how many there may be, which waiting does not lift.
    #[error("a limit of Twitch is reached: {0}")]
    LimitReached(String),
    /// Refused for another reason.
    #[error("Twitch refuses with status {status}: {message}")]
    Rejected {
        /// HTTP status.
        status: u16,
        /// Twitch's words.
        message: String,
    },
    /// No answer, a failure of Twitch, or an answer nobody can read.
    #[error("Twitch does not answer: {what}")]
    Unavailable {
        /// What happened, without addresses.
        what: String,
        /// The cause.
        #[source]
        source: Option<Source>,
    },
}

impl Error {
    /// Why a topic does not arrive, in words for viewers.
    pub fn reason(&self) -> String {
        match self {
            Self::Forbidden(message) => with_words("Twitch does not allow it", message),
            Self::Gone => "Twitch no longer offers this type of event.".to_owned(),
            Self::LimitReached(message) => {
                with_words("This server has reached Twitch's limit of topics", message)
            }
            Self::Conflict { .. } => {
                "Another installation with the same Twitch client id receives it.".to_owned()
            }
            Self::Rejected { message, .. } => with_words("Twitch refuses it", message),
            Self::NotFound => "Twitch does not know what it is asked for.".to_owned(),
            Self::Unauthorized => "Twitch does not accept this server's login.".to_owned(),
            Self::RateLimited { .. } | Self::Unavailable { .. } => {
                "Twitch cannot be asked at the moment; trying again.".to_owned()
            }
        }
    }

    /// The request failed on its way. The address is dropped: it may hold a secret.
    pub(super) fn unreachable(error: reqwest::Error) -> Self {
        let what = if error.is_timeout() {
            "timed out"
        } else if error.is_connect() {
            "no connection"
        } else {
            "the connection broke"
        };
        Self::Unavailable {
            what: what.to_owned(),
            source: Some(Box::new(error.without_url())),
        }
    }

    /// Twitch answered with a failure of its own.
    pub(super) fn failing(status: u16) -> Self {
        Self::Unavailable {
            what: format!("it answers with status {status}"),
            source: None,
        }
    }

    /// The answer cannot be read.
    pub(super) fn unreadable(source: impl Into<Source>) -> Self {
        Self::Unavailable {
            what: "its answer cannot be read".to_owned(),
            source: Some(source.into()),
        }
    }

    /// Whether the same call may succeed later without anything else changing.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::RateLimited { .. } | Self::Unavailable { .. } => true,
            Self::Unauthorized
            | Self::Forbidden(_)
            | Self::NotFound
            | Self::Conflict { .. }
            | Self::Gone
            | Self::LimitReached(_)
            | Self::Rejected { .. } => false,
        }
    }
}

fn with_words(what: &str, message: &str) -> String {
    if message.is_empty() {
        format!("{what}.")
    } else {
        format!("{what}: {message}.")
    }
}
