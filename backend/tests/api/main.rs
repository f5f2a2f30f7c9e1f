//! API tests: the real server over real sockets, with a simulated Twitch beside it.
//!
//! One binary. Each test has its own folder, ports, server and simulator, so all run at once; none sleeps.
#![expect(
    clippy::unwrap_used,
    reason = "a test ends where something is not as it must be"
)]

/// Another program under the same Twitch client id.
mod app;
/// The database file, opened by another program.
mod database;
/// Twitch's messages, whole and bent.
mod messages;
/// The harness.
mod support;

/// Copies of a database in use, what they are restored to, and looks for damage.
mod backup;
/// A clock that is set back while the server runs.
mod clock;
/// "Connect my channel": what streamers allow to be told of their own channels, and undo.
mod connect;
/// Every row of the URL table: who may call, answers, refusals, limits, the cross-site rule, CORS.
mod contract;
/// The real program as a process, killed and stopped in its work.
mod crash;
/// What is acknowledged is on the disk.
mod durable;
/// Listing, searching, counting and exporting events: filters, cursors, who may see what.
mod events;
/// Every trouble that Twitch and networks make.
mod faults;
/// Spans in which events could not be received, listed.
mod gaps;
/// The live stream: order, resuming, rights, cuts.
mod live;
/// Login and logout, sessions and their ends, what is kept and what is not.
mod login;
/// Files and pages of the single-page app.
mod pages;
/// How far a viewer has read, on every device.
mod read_marks;
/// Streams in figures.
mod recap;
/// Login sessions in Redis.
mod redis;
/// Events that become too old.
mod retention;
/// Twitch's own sample messages.
mod samples;
/// The program itself: settings, exit codes, databases it refuses.
mod settings;
/// Everything going wrong for an hour of Twitch's time.
mod soak;
/// Storage that fails: full, read-only, held by another program.
mod storage;
/// Finding streamers, subscribing and unsubscribing.
mod subscriptions;
/// API tokens.
mod tokens;
/// What the server has of Twitch, and what arrives.
mod topics;
/// Every row of the webhook receiver's table; what is stored, and what is stored once.
mod webhook;
