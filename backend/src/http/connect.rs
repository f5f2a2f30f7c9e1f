//! "Connect my channel": a signed-in streamer allows more, step by step, sees what came of it, and undoes it.

use actix_session::Session;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use wire::{ChannelStep, OwnChannel};

use super::access::{self, Caller, SessionCaller};
use super::login::{give_back, is_lesser, redeem};
use crate::app::App;
use crate::error::Error;
use crate::ids::UserId;
use crate::live::Entry;
use crate::topics::own_channel::{self, STEPS, Step};

/// What a login attempt is to add, and to whose login.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Connecting {
    viewer: String,
    steps: Vec<String>,
}

impl Connecting {
    fn steps(&self) -> impl Iterator<Item = &'static Step> {
        self.steps.iter().filter_map(|name| own_channel::step(name))
    }
}

/// What a login is asked to add: `connect=` and names of steps with commas between them.
pub(super) async fn asked(
    app: &App,
    session: &Session,
    query: &[(String, String)],
) -> Result<Option<Connecting>, Error> {
    let Some((_, names)) = query.iter().find(|(name, _)| name == "connect") else {
        return Ok(None);
    };
    let viewer = access::signed_in(app, session).await?;
    let mut steps: Vec<String> = Vec::new();
    for name in names.split(',') {
        let step = own_channel::step(name)
            .ok_or_else(|| Error::query("connect", format!("there is no step {name:?}")))?;
        if !steps.iter().any(|known| known == step.name) {
            steps.push(step.name.to_owned());
        }
    }
    Ok(Some(Connecting {
        viewer: viewer.id.to_string(),
        steps,
    }))
}

/// What Twitch is asked for besides what every login asks: for the steps, and again for those taken before, since what
/// Twitch grants takes the place of what it granted.
pub(super) async fn scopes(app: &App, connecting: &Connecting) -> Result<Vec<&'static str>, Error> {
    let viewer = UserId::new(connecting.viewer.as_str());
    let mut steps = app.store.chosen_steps(&viewer).await?;
    steps.extend(connecting.steps.iter().cloned());
    Ok(own_channel::scopes_of(&steps))
}

/// Takes what Twitch granted; answers the notice for the page.
pub(super) async fn finish(
    app: &App,
    session: &Session,
    connecting: &Connecting,
    code: &str,
) -> Result<&'static str, Error> {
    let (viewer, epoch) = match access::signed_in(app, session).await {
        Ok(viewer) => (viewer.id, viewer.session_epoch),
        // Signed out meanwhile: there is nobody to add anything to.
        Err(Error::Unauthenticated) => return Ok("connect-failed"),
        Err(error) => return Err(error),
    };
    if viewer.as_str() != connecting.viewer {
        return Ok("connect-failed");
    }
    let (tokens, user) = redeem(app, code).await?;
    if user.id != viewer {
        give_back(app, &tokens).await;
        return Ok("connect-other-account");
    }
    if is_lesser(app, &viewer, &tokens).await? {
        give_back(app, &tokens).await;
    } else {
        app.tokens.store_grant(&viewer, &tokens).await?;
    }
    // The grant that there was may have turned out to have ended, and with it the session of somebody who has just
    // shown who they are.
    if let Some(viewer) = app.store.viewer(&viewer).await?
        && viewer.session_epoch != epoch
    {
        access::start_session(app, session, &viewer)?;
    }
    let is_granted = |step: &&Step| step.is_granted_by(&tokens.scopes);
    let granted = connecting.steps().filter(is_granted);
    let granted: Vec<&str> = granted.map(|step| step.name).collect();
    app.store.choose_steps(&viewer, &granted).await?;
    tracing::info!(viewer_id = %viewer, steps = ?granted, "connected a channel");
    app.live.append(Entry::ViewerChanged(viewer));
    Ok(if granted.len() == connecting.steps.len() {
        "connected"
    } else {
        "connect-withheld"
    })
}

/// What the caller's own channel tells this server.
pub(super) async fn show(
    app: web::Data<App>,
    caller: Caller,
) -> Result<web::Json<OwnChannel>, Error> {
    let viewer = caller.viewer.id;
    let known = app.store.topics_of(std::slice::from_ref(&viewer)).await?;
    let chosen = app.store.chosen_steps(&viewer).await?;
    let scopes = app.store.granted_scopes(&viewer).await?;
    let step = |step: &Step| {
        let state = step.state(&chosen, &scopes);
        ChannelStep {
            name: step.name.to_owned(),
            title: step.title.to_owned(),
            unlocks: step.unlocks.to_owned(),
            scopes: step.scopes.iter().map(|&scope| scope.to_owned()).collect(),
            state,
            topics: step.topics(state, &known),
        }
    };
    Ok(web::Json(OwnChannel {
        steps: STEPS.iter().map(step).collect(),
        others: own_channel::never(),
    }))
}

/// Undoes one step. Twitch takes no single permission back: it is no longer used.
pub(super) async fn undo(
    app: web::Data<App>,
    caller: SessionCaller,
    step: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let step = own_channel::step(&step).ok_or(Error::NotFound)?;
    undo_steps(&app, caller, Some(step.name)).await
}

/// Undoes all of it.
pub(super) async fn undo_all(
    app: web::Data<App>,
    caller: SessionCaller,
) -> Result<HttpResponse, Error> {
    undo_steps(&app, caller, None).await
}

async fn undo_steps(
    app: &App,
    caller: SessionCaller,
    step: Option<&str>,
) -> Result<HttpResponse, Error> {
    let viewer = caller.viewer.id;
    if app.store.undo_steps(&viewer, step).await? {
        app.live.append(Entry::ViewerChanged(viewer));
    }
    Ok(HttpResponse::NoContent().finish())
}
