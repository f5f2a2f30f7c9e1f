//! Twitch's delivery protocol, pure: no I/O, no SQL.
pub mod describe;
