//! The single-page app.
//!
//! `bundle` starts `app`, which holds the shell; `pages` fetch, `components` render
//! what they are given. `api` is the only way to the server, `session` knows
//! who is signed in, `live` holds the open event stream and `feed` what has
//! arrived over it.

pub mod action;
pub mod api;
pub mod app;
pub mod browser;
pub mod bundle;
pub mod clock;
pub mod components;
pub mod cursor;
pub mod embed;
pub mod feed;
pub mod format;
pub mod hooks;
pub mod json;
pub mod kinds;
pub mod live;
pub mod local_time;
pub mod media;
pub mod page_notice;
pub mod pages;
pub mod reading;
pub mod remote;
pub mod route;
pub mod router;
pub mod session;
pub mod shared;
pub mod sign_out;
pub mod subscriptions;
pub mod task;
pub mod theme;
pub mod toasts;
pub mod unread;

pub use bundle::start;
