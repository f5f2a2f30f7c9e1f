//! The server: receives Twitch's events, keeps them, and serves them to their viewers.
//!
//! ```text
//! Twitch ──webhook──► http/webhook ───► eventsub (verify, parse) ─┐
//! Twitch ──WebSocket► listener ───────► eventsub (frames, parse) ─┤
//!                                                                 ▼
//!    pipeline ─► store (insert = dedupe) ─► live (one ordered log) ─► http/live ─SSE─► browser
//!    topics: what we want (store) ⇄ what Twitch has (twitch) ─► listener / webhook
//! ```

pub mod app;
pub mod carriers;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod error;
pub mod eventsub;
pub mod health;
pub mod http;
pub mod ids;
pub mod listener;
pub mod live;
pub mod pipeline;
pub mod program;
pub mod retention;
pub mod shards;
pub mod store;
pub mod timings;
pub mod tokens;
pub mod topics;
pub mod twitch;
pub mod upkeep;
