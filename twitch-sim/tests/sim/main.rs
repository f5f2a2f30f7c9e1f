//! The simulator over real sockets, against what Twitch is known to do.
//!
//! `oauth` logins and tokens · `helix` users, streams, follows, search, rate limit · `subscriptions` costs,
//! permissions and refusals · `limits` how much of it · `webhook` challenge, signature, retries · `sockets` welcome to close codes ·
//! `conduits` shards and routing · `control` events on demand, faults, activity · `program` the binary.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod client_socket;
mod conduits;
mod control;
mod helix;
mod limits;
mod oauth;
mod program;
mod receiver;
mod sockets;
mod subscriptions;
mod support;
mod webhook;
