//! What the page can honestly say about its live stream. Pure.

use wire::Connection;

/// Where the stream from this server stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// Being opened, for the first time or again after a break.
    #[default]
    Opening,
    /// Open; everything committed since is delivered.
    Open,
    /// An attempt to open it failed, the next one is being waited for.
    Lost,
    /// The server no longer knows the session; nothing is tried again.
    Ended,
}

/// The live stream as pages see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveState {
    pub phase: Phase,
    /// The server's connection to Twitch as it last reported it.
    pub twitch: Option<Connection>,
    /// The browser believes it has a network.
    pub online: bool,
    /// Counts the times the stream began without resuming. Whoever joins a
    /// list with the stream must load the list again when this changes.
    pub generation: u32,
    /// Counts the times the stream was opened, resuming or not. What the
    /// stream does not repeat must be asked for when this changes.
    pub openings: u32,
}

impl Default for LiveState {
    fn default() -> Self {
        Self {
            phase: Phase::Opening,
            twitch: None,
            online: true,
            generation: 0,
            openings: 0,
        }
    }
}

/// What the badge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Connected,
    CatchingUp,
    Disconnected,
}

impl Level {
    /// The words on the badge.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Connected => "Connected",
            Self::CatchingUp => "Catching up",
            Self::Disconnected => "Disconnected",
        }
    }

    /// The badge's modifier class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Connected => "is-connected",
            Self::CatchingUp => "is-catching-up",
            Self::Disconnected => "is-disconnected",
        }
    }
}

impl LiveState {
    /// The stream is in this phase now.
    pub(super) fn turn(&mut self, phase: Phase) {
        if phase == Phase::Open && self.phase != Phase::Open {
            self.openings = self.openings.wrapping_add(1);
        }
        self.phase = phase;
    }

    /// Why nothing arrives, unless the whole page says it already.
    pub fn trouble(self) -> Option<&'static str> {
        let (level, why) = self.level();
        let is_news = self.phase != Phase::Ended || !self.online;
        (level == Level::Disconnected && is_news).then_some(why)
    }

    /// The badge, and the sentence that explains it.
    pub const fn level(self) -> (Level, &'static str) {
        if !self.online {
            return (
                Level::Disconnected,
                "Your browser is offline. The feed resumes where it was when the network is back.",
            );
        }
        match (self.phase, self.twitch) {
            (Phase::Ended, _) => (Level::Disconnected, "Your session has ended."),
            (Phase::Lost, _) => (
                Level::Disconnected,
                "This server does not answer. Trying again; the feed resumes where it was.",
            ),
            (Phase::Opening, _) | (Phase::Open, None) => {
                (Level::CatchingUp, "Connecting to this server.")
            }
            (Phase::Open, Some(Connection::Down)) => (
                Level::Disconnected,
                "This server has no connection to Twitch. It keeps trying.",
            ),
            (Phase::Open, Some(Connection::Degraded)) => (
                Level::CatchingUp,
                "Some events do not arrive from Twitch at the moment.",
            ),
            (Phase::Open, Some(Connection::Up)) => {
                (Level::Connected, "Events arrive as they happen.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(phase: Phase, twitch: Option<Connection>, online: bool) -> Level {
        let state = LiveState {
            phase,
            twitch,
            online,
            generation: 1,
            openings: 1,
        };
        state.level().0
    }

    #[test]
    fn connected_needs_the_whole_way_to_twitch() {
        assert_eq!(
            level(Phase::Open, Some(Connection::Up), true),
            Level::Connected
        );
        assert_eq!(
            level(Phase::Open, Some(Connection::Degraded), true),
            Level::CatchingUp
        );
        assert_eq!(
            level(Phase::Open, Some(Connection::Down), true),
            Level::Disconnected
        );
    }

    #[test]
    fn opening_is_catching_up_until_an_attempt_fails() {
        assert_eq!(level(Phase::Opening, None, true), Level::CatchingUp);
        assert_eq!(
            level(Phase::Opening, Some(Connection::Up), true),
            Level::CatchingUp
        );
        assert_eq!(level(Phase::Open, None, true), Level::CatchingUp);
        assert_eq!(
            level(Phase::Lost, Some(Connection::Up), true),
            Level::Disconnected
        );
    }

    #[test]
    fn offline_beats_everything() {
        assert_eq!(
            level(Phase::Open, Some(Connection::Up), false),
            Level::Disconnected
        );
    }

    #[test]
    fn an_ended_session_is_disconnected() {
        assert_eq!(
            level(Phase::Ended, Some(Connection::Up), true),
            Level::Disconnected
        );
    }

    #[test]
    fn trouble_is_told_unless_the_page_says_it_already() {
        let trouble = |phase, online| {
            let state = LiveState {
                phase,
                online,
                twitch: Some(Connection::Up),
                ..LiveState::default()
            };
            state.trouble().is_some()
        };
        assert!(trouble(Phase::Lost, true));
        assert!(trouble(Phase::Open, false));
        assert!(!trouble(Phase::Open, true));
        assert!(!trouble(Phase::Opening, true));
        assert!(!trouble(Phase::Ended, true), "a banner says it");
    }

    #[test]
    fn each_opening_is_counted_once() {
        let mut state = LiveState::default();
        for phase in [Phase::Open, Phase::Open, Phase::Lost, Phase::Opening] {
            state.turn(phase);
        }
        assert_eq!(state.openings, 1);
        state.turn(Phase::Open);
        assert_eq!(state.openings, 2);
    }
}
