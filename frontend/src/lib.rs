//! The single-page app.
//!
//! `app` holds the routes and the shell, `pages` fetch, `components` render
//! what they are given. `api` is the only way to the server, `session` knows
//! who is signed in, `live` holds the open event stream and `feed` what has
//! arrived over it.

pub mod api;
pub mod app;
pub mod clock;
pub mod cursor;
pub mod feed;
pub mod format;
pub mod live;
pub mod remote;
pub mod session;
pub mod task;

pub use app::App;
