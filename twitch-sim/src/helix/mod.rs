//! `/helix/*` but EventSub: users, streams, channels, follows, search.
//! Who calls and how often is settled in [`caller`]; the answers are read off the world.

pub(crate) mod caller;
mod channels;
mod follows;
mod search;
mod streams;
mod users;

use actix_web::web;

/// The paths below `/helix`, without `/helix/eventsub`.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/users", web::get().to(users::users))
        .route("/streams", web::get().to(streams::streams))
        .route("/streams/followed", web::get().to(follows::streams))
        .route("/channels", web::get().to(channels::channels))
        .route("/channels/followed", web::get().to(follows::channels))
        .route("/search/channels", web::get().to(search::channels));
}

/// Times on Helix have whole seconds.
fn whole_seconds(time: jiff::Timestamp) -> String {
    format!("{time:.0}")
}
