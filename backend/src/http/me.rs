//! The signed-in viewer, and what pages must know before anybody signs in.

use actix_web::{HttpResponse, web};
use wire::{Config, Me, UpdateMe};

use super::access::{Caller, SessionCaller};
use super::body::SentBy;
use super::login::give_back_grant;
use crate::app::App;
use crate::config::Mode;
use crate::error::Error;
use crate::live::Entry;
use crate::store::viewers::Viewer;

/// What pages must know before login.
pub(super) async fn config(app: web::Data<App>) -> web::Json<Config> {
    let embeds = &app.config.embeds;
    let address = |url: &url::Url| url.as_str().trim_end_matches('/').to_owned();
    web::Json(Config {
        demo: app.config.mode == Mode::Demo,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        player_url: address(&embeds.player_url),
        chat_url: address(&embeds.chat_url),
        image_url: address(&embeds.image_url),
    })
}

/// Who is signed in.
pub(super) async fn show(app: web::Data<App>, caller: Caller) -> Result<web::Json<Me>, Error> {
    Ok(web::Json(me(&app, caller.viewer).await?))
}

/// Changes the viewer's own switches.
pub(super) async fn update(
    app: web::Data<App>,
    sent: SentBy<SessionCaller, UpdateMe>,
) -> Result<web::Json<Me>, Error> {
    let (viewer, keep_collecting) = (sent.caller.viewer, sent.body.keep_collecting);
    app.store
        .set_keep_collecting(&viewer.id, keep_collecting)
        .await?;
    let viewer = Viewer {
        keep_collecting,
        ..viewer
    };
    Ok(web::Json(me(&app, viewer).await?))
}

/// Takes the grant back at Twitch and ends every session and token of the viewer.
pub(super) async fn disconnect(
    app: web::Data<App>,
    caller: SessionCaller,
) -> Result<HttpResponse, Error> {
    give_back_grant(&app, &caller.viewer.id).await?;
    app.store.end_sessions(&caller.viewer.id, true).await?;
    app.live.append(Entry::ViewerChanged(caller.viewer.id));
    caller.session.purge();
    Ok(HttpResponse::NoContent().finish())
}

async fn me(app: &App, viewer: Viewer) -> Result<Me, Error> {
    let scopes = app.store.granted_scopes(&viewer.id).await?;
    Ok(Me {
        id: viewer.id.to_string(),
        login: viewer.login,
        display_name: viewer.display_name,
        profile_image_url: viewer.profile_image_url,
        scopes,
        keep_collecting: viewer.keep_collecting,
        admin: false,
    })
}
