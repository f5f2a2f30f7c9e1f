//! Receives, keeps and serves the events of Twitch streamers.
pub mod eventsub;
