//! Why a topic does not arrive, in words for viewers.

use crate::twitch;

/// The connection over which events come is not open.
pub(super) const NO_CONNECTION: &str = "Waiting for the connection to Twitch.";

/// Twitch has not asked our webhook yet, or not got its answer.
pub(super) const UNCONFIRMED: &str = "Twitch is checking that it can reach this server.";

/// Only a viewer's own WebSocket is left, which these topics do not use.
pub(super) const NEEDS_CONDUIT: &str = "This server can receive events neither over a webhook (its address is not \
     https on port 443) nor over a conduit, which Twitch does not offer here.";

/// The operator has chosen the viewer's WebSocket, whose budget is too small for these topics.
pub(super) const WEBSOCKET_CHOSEN: &str =
    "This server is set to EVENTSUB_TRANSPORT=websocket, which does not carry this type of event.";

/// Something else was the trouble.
pub(super) const NOT_ASKED_YET: &str = "Twitch has not been asked yet.";

/// An app may have five conduits; another one is refused.
pub(super) const NO_MORE_CONDUITS: &str = "All five conduits of this Twitch app are in use by other installations. Delete one, or use \
     another client id.";

/// Twitch's answer to a creation.
pub(super) fn of_error(error: &twitch::Error) -> String {
    match error {
        twitch::Error::Forbidden(message) => with_words("Twitch does not allow it", message),
        twitch::Error::Gone => "Twitch no longer offers this type of event.".to_owned(),
        twitch::Error::LimitReached(message) => {
            with_words("This server has reached Twitch's limit of topics", message)
        }
        twitch::Error::Conflict { .. } => {
            "Another installation with the same Twitch client id receives it.".to_owned()
        }
        twitch::Error::Rejected { message, .. } => with_words("Twitch refuses it", message),
        twitch::Error::NotFound => "Twitch does not know what it is asked for.".to_owned(),
        twitch::Error::Unauthorized => "Twitch does not accept this server's login.".to_owned(),
        twitch::Error::RateLimited { .. } | twitch::Error::Unavailable { .. } => {
            "Twitch cannot be asked at the moment; trying again.".to_owned()
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
