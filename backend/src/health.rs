//! What works and what does not: told by the parts, read by `/readyz`, the page's badge and the log.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use wire::Connection;

/// A part that can fail while the program goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The database.
    Store,
    /// Where login sessions are kept, when not in the database.
    Sessions,
    /// Twitch's API and login hosts.
    TwitchApi,
    /// The connection that delivers events.
    EventSub,
    /// What we want of Twitch against what it has.
    Topics,
}

impl Part {
    /// Its name in `/readyz` and the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Sessions => "sessions",
            Self::TwitchApi => "twitch-api",
            Self::EventSub => "eventsub",
            Self::Topics => "topics",
        }
    }

    /// Without it no request can be served.
    pub fn is_needed(self) -> bool {
        match self {
            Self::Store | Self::Sessions => true,
            Self::TwitchApi | Self::EventSub | Self::Topics => false,
        }
    }
}

#[derive(Debug)]
struct Failing {
    reason: String,
    is_starting: bool,
}

/// Shared state of the parts; cheap to clone.
#[derive(Debug, Clone)]
pub struct Health {
    failing: Arc<Mutex<BTreeMap<Part, Failing>>>,
    connection: watch::Sender<Connection>,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            failing: Arc::default(),
            connection: watch::Sender::new(Connection::Up),
        }
    }
}

impl Health {
    /// A part has not worked yet; nothing is wrong, so nothing is logged.
    pub fn starting(&self, part: Part) {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        failing.insert(
            part,
            Failing {
                reason: "not connected yet".to_owned(),
                is_starting: true,
            },
        );
        self.tell(&failing);
    }

    /// A part works, or says why not. A change is logged once, a repetition is not.
    pub fn report(&self, part: Part, outcome: Result<(), String>) {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(()) => {
                if failing.remove(&part).is_some() {
                    tracing::info!(part = part.name(), "works");
                }
            }
            Err(reason) => {
                let new = Failing {
                    reason: reason.clone(),
                    is_starting: false,
                };
                if failing.insert(part, new).is_none_or(|old| old.is_starting) {
                    tracing::warn!(
                        part = part.name(),
                        reason,
                        "fails; trying again with back-off"
                    );
                }
            }
        }
        self.tell(&failing);
    }

    fn tell(&self, failing: &BTreeMap<Part, Failing>) {
        let now = if failing.contains_key(&Part::EventSub) {
            Connection::Down
        } else if failing.contains_key(&Part::TwitchApi) || failing.contains_key(&Part::Topics) {
            Connection::Degraded
        } else {
            Connection::Up
        };
        self.connection
            .send_if_modified(|old| std::mem::replace(old, now) != now);
    }

    /// The failing parts and why.
    pub fn failing(&self) -> BTreeMap<Part, String> {
        let failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        failing
            .iter()
            .map(|(part, failing)| (*part, failing.reason.clone()))
            .collect()
    }

    /// State of the connection to Twitch, and its changes.
    pub fn connection(&self) -> watch::Receiver<Connection> {
        self.connection.subscribe()
    }
}
