//! Finding streamers: by name, and among those the viewer follows on Twitch.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpRequest, web};
use wire::{Streamer, StreamerList};

use super::access::Caller;
use super::login::unavailable;
use super::query::pairs;
use crate::app::App;
use crate::error::Error;
use crate::ids::UserId;
use crate::tokens;

/// Longest search text, characters.
const MAX_QUERY_CHARS: usize = 100;

/// Streamers whose name matches.
pub(super) async fn search(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
) -> Result<web::Json<StreamerList>, Error> {
    let query = search_text(request.query_string())?;
    let found = app
        .twitch
        .search_channels(&query)
        .await
        .map_err(unavailable)?;
    let subscribed = app.store.subscribed_broadcasters(&caller.viewer.id).await?;
    let streamers = found
        .into_iter()
        .map(|channel| Streamer {
            subscribed: subscribed.contains(&channel.user.id),
            id: channel.user.id.to_string(),
            login: channel.user.login.to_string(),
            display_name: channel.user.display_name,
            profile_image_url: channel.user.profile_image_url,
            live: channel.live,
        })
        .collect();
    Ok(web::Json(StreamerList { streamers }))
}

/// The streamers the viewer follows on Twitch, live ones first.
pub(super) async fn followed(
    app: web::Data<App>,
    caller: Caller,
) -> Result<web::Json<StreamerList>, Error> {
    let viewer = &caller.viewer.id;
    let followed = app
        .tokens
        .with_viewer_token(viewer, |token| {
            let (twitch, viewer) = (app.twitch.clone(), viewer.clone());
            async move { twitch.followed_channels(&token, &viewer).await }
        })
        .await?;
    let ids: Vec<UserId> = followed.iter().map(|channel| channel.id.clone()).collect();
    let live = app.twitch.streams(&ids).await.map_err(unavailable)?;
    let live: HashSet<UserId> = live
        .into_iter()
        .map(|stream| stream.broadcaster_id)
        .collect();
    let users = app.twitch.users_by_id(&ids).await.map_err(unavailable)?;
    let images: HashMap<UserId, String> = users
        .into_iter()
        .map(|user| (user.id, user.profile_image_url))
        .collect();
    let subscribed = app.store.subscribed_broadcasters(viewer).await?;
    let mut streamers: Vec<Streamer> = followed
        .into_iter()
        .map(|channel| Streamer {
            profile_image_url: images.get(&channel.id).cloned().unwrap_or_default(),
            live: live.contains(&channel.id),
            subscribed: subscribed.contains(&channel.id),
            id: channel.id.to_string(),
            login: channel.login.to_string(),
            display_name: channel.display_name,
        })
        .collect();
    streamers.sort_by_key(|streamer| !streamer.live);
    Ok(web::Json(StreamerList { streamers }))
}

fn search_text(query: &str) -> Result<String, Error> {
    let mut text = None;
    for (name, value) in pairs(query) {
        if name != "query" || text.is_some() {
            return Err(Error::query(&name, "only query is taken, once"));
        }
        text = Some(value.trim().trim_start_matches('@').to_owned());
    }
    let text = text.unwrap_or_default();
    if text.is_empty() || text.chars().count() > MAX_QUERY_CHARS {
        return Err(Error::query(
            "query",
            format!("expected 1 to {MAX_QUERY_CHARS} characters"),
        ));
    }
    Ok(text)
}

impl From<tokens::Error> for Error {
    fn from(error: tokens::Error) -> Self {
        match error {
            tokens::Error::NoGrant => Self::Unauthenticated,
            tokens::Error::Twitch(error) => unavailable(error),
            tokens::Error::Store(error) => error.into(),
            tokens::Error::Stopping => Self::Draining,
        }
    }
}
