//! Twitch's delivery protocol, pure: signature, messages, frames, and what an event says.
//!
//! No I/O and no SQL; receivers hand raw bytes in and pass typed messages on.

pub mod describe;
pub mod frame;
pub mod lenient;
pub mod message;
pub mod recap;
pub mod revocation;
pub mod signature;

pub use message::{Challenge, EventsubSubscription, Message, Notification, Revocation};
