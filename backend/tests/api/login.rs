//! Login, logout, and what a session is worth in between.

/// The way to Twitch and back: `state`, refusals, where the browser is sent.
mod attempt;
/// The ends of sessions and grants: logout, disconnecting, Twitch's own revocation.
mod ends;
/// What is written nowhere: tokens, secrets, cookies.
mod secrets;
/// The session itself: its cookie, its id, its age.
mod sessions;
/// Where login leads to.
mod way_back;
