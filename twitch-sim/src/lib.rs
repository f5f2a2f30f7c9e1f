//! Stands for Twitch in tests and in the demo, as strict as Twitch itself.
//!
//! ```text
//! world (people, channels, seeded activity) ─► eventsub::delivery ─► webhook | socket | conduit shard
//!   ▲ activity (drives its clock)                  ▲ what is subscribed: eventsub::{subscriptions,conduits,sessions}
//!   └ control (/sim/*: events on demand, log, faults)
//! oauth (logins, tokens)   helix (users, streams, …)   pages (player, chat, images)
//! ```
//! It shares no code with the server it is used to test, so it cannot share its mistakes.
//! Everything is kept in memory; tokens alone outlive a restart (see the module `oauth`).

mod activity;
mod address;
mod clock;
mod control;
mod error;
mod eventsub;
mod faults;
mod helix;
mod journal;
mod limits;
mod oauth;
pub mod pages;
mod query;
mod server;
mod state;
pub mod world;

pub use server::run;

/// The one application that is registered here.
pub const CLIENT_ID: &str = "demo-client";
/// Its secret.
pub const CLIENT_SECRET: &str = "demo-secret";

/// How a simulator behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// How browsers and servers reach it; unset: `http://localhost:{bound port}`.
    pub public_url: Option<String>,
    /// What the people, their channels and their activity grow from.
    pub seed: u64,
    /// Nothing happens by itself; events come from `POST /sim/events` alone.
    pub quiet: bool,
    /// How many seconds of Twitch's clocks (activity, keepalives, time limits, lifetimes) go by in one.
    pub time_scale: f64,
    /// Webhook callbacks may be plain http on loopback addresses.
    pub allow_http_callbacks: bool,
    /// What the app's webhooks and conduits may cost together; Twitch raises it for large apps.
    pub app_max_total_cost: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            public_url: None,
            seed: 1,
            quiet: false,
            time_scale: 1.0,
            allow_http_callbacks: false,
            app_max_total_cost: eventsub::subscriptions::APP_MAX_TOTAL_COST,
        }
    }
}

/// The settings that point a server at a simulator, as `KEY=value` lines a shell can load.
pub fn settings_block(public_url: &str) -> String {
    let root = public_url.trim_end_matches('/');
    let sockets = root.replacen("http", "ws", 1);
    format!(
        "TWITCH_CLIENT_ID={CLIENT_ID}\n\
         TWITCH_CLIENT_SECRET={CLIENT_SECRET}\n\
         TWITCH_ID_URL={root}/oauth2\n\
         TWITCH_AUTHORIZE_URL={root}/oauth2/authorize\n\
         TWITCH_API_URL={root}/helix\n\
         TWITCH_EVENTSUB_WS_URL={sockets}/eventsub/ws\n\
         TWITCH_PLAYER_URL={root}/player\n\
         TWITCH_CHAT_URL={root}/embed\n\
         TWITCH_IMAGE_URL={root}\n"
    )
}
