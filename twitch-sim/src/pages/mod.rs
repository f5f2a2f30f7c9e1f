//! What a browser sees of the simulated Twitch: consent, player, chat, pictures.
//!
//! Self-contained: nothing here asks the world or any other server, so a page
//! needs no more than its own address.

mod art;
mod authorize;
mod chat;
mod embed;
mod html;
mod images;
mod player;

use actix_web::web;

pub use authorize::authorize_page;

/// Adds the player, the chat and the pictures.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/player", web::get().to(player::page))
        .route("/player/", web::get().to(player::page))
        .route("/embed/{login}/chat", web::get().to(chat::page))
        .route("/images/avatars/{login}.svg", web::get().to(images::avatar))
        .route(
            r"/images/previews/{login}-{width:\d{1,5}}x{height:\d{1,5}}.svg",
            web::get().to(images::preview),
        );
}

/// Where the picture of a person is.
pub fn avatar_url(public_url: &str, login: &str) -> String {
    format!("{}/images/avatars/{login}.svg", root(public_url))
}

/// Where the picture of a stream is; as on Twitch with `{width}` and
/// `{height}` for the reader to fill in.
pub fn preview_url(public_url: &str, login: &str) -> String {
    format!(
        "{}/images/previews/{login}-{{width}}x{{height}}.svg",
        root(public_url)
    )
}

fn root(public_url: &str) -> &str {
    public_url.trim_end_matches('/')
}

#[cfg(test)]
mod tests;
