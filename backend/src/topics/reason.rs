//! Why a topic does not arrive, in words for viewers.

/// The connection over which events come is not open.
pub(super) const NO_CONNECTION: &str = "Waiting for the connection to Twitch.";

/// Twitch has not asked our webhook yet, or not got its answer.
pub(super) const UNCONFIRMED: &str = "Twitch is checking that it can reach this server.";

/// The operator insists on a conduit.
pub(super) const NEEDS_CONDUIT: &str =
    "This server is set to EVENTSUB_TRANSPORT=conduit, and Twitch offers no conduits here.";

/// Twitch allows ten points to each viewer's own WebSocket, and these topics cost one each.
pub(super) const NO_POINTS: &str = "Twitch gives a viewer's own connection ten points, two streamers' worth, and they are used \
     up. Streamers who are live come first; a conduit or a webhook would have room for all.";

/// The same, for what can be looked up instead.
pub(super) const NO_POINTS_POLLING: &str = "Looked up every minute: Twitch's ten points for a viewer's own connection are used up by other \
     streamers.";

/// Of the app's budget, which all streamers share.
pub(super) const NO_BUDGET: &str = "Twitch's budget for this server is used up by streamers who are live or have more subscribers here.";

/// The same, for what can be looked up instead.
pub(super) const NO_BUDGET_POLLING: &str =
    "Looked up every minute: Twitch's budget for this server is used up by other streamers.";

/// Chat is read as a person.
pub(super) const NEEDS_READER: &str = "Subs, gifts and cheers are read from the chat, as a subscriber of this streamer who allowed it at \
     login. Log in again and allow reading chat.";

/// Everybody who could read it reads a hundred others.
pub(super) const READERS_FULL: &str =
    "Twitch lets an account read a hundred chats, and those who could read this one do already.";

/// Something else was the trouble.
pub(super) const NOT_ASKED_YET: &str = "Twitch has not been asked yet.";

/// An app may have five conduits; another one is refused.
pub(super) const NO_MORE_CONDUITS: &str = "All five conduits of this Twitch app are in use by other installations. Delete one, or use \
     another client id.";

/// Twitch gives these types to moderators' tools, and another one tells the same.
pub(super) const TOLD_WITH_MODERATION: &str =
    "What it tells is told with the moderators' actions already.";

/// No scope of these reads alone.
pub(super) const NEEDS_RIGHT_TO_ACT: &str = "Twitch gives it only together with the right to moderate your channel, for which this server does \
     not ask.";

/// A step of "Connect my channel" that was not taken, or was undone.
pub(super) fn not_connected(step: &str) -> String {
    format!("Connect “{step}” in the settings to receive it.")
}

/// A step that was taken, and Twitch's latest answer lacks its scopes.
pub(super) fn not_granted(step: &str) -> String {
    format!("Twitch no longer has your permission for it. Connect “{step}” in the settings again.")
}
