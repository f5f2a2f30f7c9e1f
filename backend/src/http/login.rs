//! `/auth/*`: to Twitch and back, and out again. What a viewer adds to a login is [`super::connect`]'s.

use actix_session::Session;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::access::{self, SessionCaller};
use super::connect;
use super::login_attempt::{ATTEMPT_IS_OVER_MS, Attempt, abandoned};
use super::query::pairs;
use super::way_back::{to_public_host, way_back, with_notice};
use crate::app::App;
use crate::error::Error;
use crate::ids::UserId;
use crate::live::Entry;
use crate::topics::own_channel;
use crate::twitch::{self, TokenSet, User};

/// What every viewer's login asks for.
const SCOPES: &[&str] = &["user:read:chat", "user:read:follows"];

/// Sends the browser to Twitch.
pub(super) async fn start(
    app: web::Data<App>,
    session: Session,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    if let Some(redirect) = to_public_host(&app, &request) {
        return Ok(redirect);
    }
    let asked = pairs(request.query_string());
    let connecting = connect::asked(&app, &session, &asked).await?;
    let return_to = asked.iter().find(|(name, _)| name == "return_to");
    let return_to = return_to.and_then(|(_, to)| way_back(&app, to));
    let home = connecting.as_ref().map_or("/", |_| "/settings");
    let mut scopes = SCOPES.to_vec();
    if let Some(connecting) = &connecting {
        scopes.extend(connect::scopes(&app, connecting).await?);
    }
    let attempt = Attempt::new(
        &app,
        return_to.unwrap_or_else(|| home.to_owned()),
        connecting,
    )?;
    let redirect_uri = app.config.public_url.redirect_uri();
    // Whoever adds to a login is to see what is asked, also when Twitch knows the answer.
    let url = app
        .twitch
        .authorize_url(
            &attempt.state,
            &redirect_uri,
            &scopes,
            attempt.connecting.is_some(),
        )
        .map_err(|error| Error::Internal(Box::new(error)))?;
    let mut response = HttpResponse::Found();
    response
        .cookie(attempt.cookie(&app)?)
        .insert_header((header::LOCATION, url.as_str()));
    for forgotten in abandoned(&request) {
        response.cookie(forgotten);
    }
    Ok(response.finish())
}

/// Takes the browser back from Twitch.
pub(super) async fn callback(
    app: web::Data<App>,
    session: Session,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let answer = Answer::parse(request.query_string());
    let attempt = Attempt::of(&app, &request, answer.state.as_deref().unwrap_or_default())?;
    if !app
        .store
        .use_oauth_state(&attempt.state, ATTEMPT_IS_OVER_MS)
        .await?
    {
        return Err(Error::OauthState);
    }
    let to = match (answer.error.as_deref(), &attempt.connecting) {
        (Some("access_denied"), Some(_)) => with_notice(&attempt.return_to, "connect-denied"),
        (Some(_), Some(_)) => with_notice(&attempt.return_to, "connect-failed"),
        (Some("access_denied"), None) => "/?notice=login-denied".to_owned(),
        (Some(_), None) => "/?notice=login-failed".to_owned(),
        (None, connecting) => {
            let code = answer.code.as_deref().ok_or(Error::OauthState)?;
            let notice = match connecting {
                Some(connecting) => Some(connect::finish(&app, &session, connecting, code).await?),
                None => log_in(&app, &session, code).await?.then_some("welcome"),
            };
            let to = attempt.return_to.as_str();
            notice.map_or_else(|| to.to_owned(), |notice| with_notice(to, notice))
        }
    };
    Ok(HttpResponse::Found()
        .cookie(attempt.used(&app))
        .insert_header((header::LOCATION, to))
        .finish())
}

/// Ends the session. The grant stays while the viewer wants events collected, or a program uses a token.
pub(super) async fn logout(
    app: web::Data<App>,
    caller: SessionCaller,
) -> Result<HttpResponse, Error> {
    let viewer = &caller.viewer;
    let is_kept = viewer.keep_collecting || !app.store.api_tokens(&viewer.id).await?.is_empty();
    if !is_kept {
        give_back_grant(&app, &viewer.id).await?;
        app.store.end_sessions(&viewer.id, false).await?;
        app.live.append(Entry::ViewerChanged(viewer.id.clone()));
    }
    app.live.append(Entry::SessionEnded(caller.session_id));
    caller.session.purge();
    Ok(HttpResponse::NoContent().finish())
}

/// Ends a viewer's grant, here and at Twitch; first others take over what comes with it.
pub(super) async fn give_back_grant(app: &App, viewer: &UserId) -> Result<(), Error> {
    let handed_over = app.topics.hand_over(viewer);
    if tokio::time::timeout(app.timings.hand_over, handed_over)
        .await
        .is_err()
    {
        tracing::warn!(%viewer, "nobody could take over what a leaving viewer carried");
    }
    Ok(app.tokens.revoke_grant(viewer).await?)
}

async fn log_in(app: &App, session: &Session, code: &str) -> Result<bool, Error> {
    let (tokens, user) = redeem(app, code).await?;
    if !app.config.allowed_logins.allows(&user.login) {
        // Nothing of this person is wanted here, least of all a token.
        give_back(app, &tokens).await;
        return Err(Error::NotAllowed);
    }
    // Before the viewer is read, whose sessions may end with it.
    let is_lesser = is_lesser(app, &user.id, &tokens).await?;
    let (viewer, is_first) = app
        .store
        .viewer_logged_in(
            &user.id,
            &user.login,
            &user.display_name,
            &user.profile_image_url,
        )
        .await?;
    if is_lesser {
        give_back(app, &tokens).await;
    } else {
        app.tokens.store_grant(&viewer.id, &tokens).await?;
    }
    access::start_session(app, session, &viewer)?;
    app.live.append(Entry::ViewerChanged(viewer.id.clone()));
    tracing::info!(viewer_id = %viewer.id, is_first, "logged in");
    Ok(is_first)
}

/// What Twitch gives for the code, and whose it is.
pub(super) async fn redeem(app: &App, code: &str) -> Result<(TokenSet, User), Error> {
    let redirect_uri = app.config.public_url.redirect_uri();
    let tokens = app
        .twitch
        .exchange_code(code, &redirect_uri)
        .await
        .map_err(refused_code)?;
    let user = app
        .twitch
        .own_user(&tokens.access_token)
        .await
        .map_err(unavailable)?;
    Ok((tokens, user))
}

/// Whether what the viewer connected needs more than this, and there is a grant that has it: every login asks for the
/// same. Finding that it has ended ends the viewer's sessions.
pub(super) async fn is_lesser(
    app: &App,
    viewer: &UserId,
    tokens: &TokenSet,
) -> Result<bool, Error> {
    let needed = own_channel::scopes_of(&app.store.chosen_steps(viewer).await?);
    Ok(app
        .tokens
        .has_better_grant(viewer, &tokens.scopes, &needed)
        .await?)
}

/// Ends a token that is not kept.
pub(super) async fn give_back(app: &App, tokens: &TokenSet) {
    if let Err(error) = app.twitch.revoke(&tokens.access_token).await {
        tracing::warn!(%error, "a token that is not kept could not be revoked; it ends by itself within hours");
    }
}

/// What Twitch sent the browser back with.
#[derive(Default)]
struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

impl Answer {
    fn parse(query: &str) -> Self {
        let mut answer = Self::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "state" => answer.state = Some(value),
                "code" => answer.code = Some(value),
                "error" => answer.error = Some(value),
                _ => {}
            }
        }
        answer
    }
}

/// Twitch failed, or cannot be reached.
pub(super) fn unavailable(error: twitch::Error) -> Error {
    Error::TwitchUnavailable(Box::new(error))
}

/// A code that Twitch does not take is as good as no login attempt.
fn refused_code(error: twitch::Error) -> Error {
    match error {
        twitch::Error::Rejected { status: 400, .. } | twitch::Error::Unauthorized => {
            Error::OauthState
        }
        // Twitch forbids it when our own secret is wrong, which no new attempt would change.
        twitch::Error::Forbidden(_)
        | twitch::Error::Rejected { .. }
        | twitch::Error::NotFound
        | twitch::Error::Conflict { .. }
        | twitch::Error::Gone
        | twitch::Error::RateLimited { .. }
        | twitch::Error::LimitReached(_)
        | twitch::Error::Unavailable { .. } => unavailable(error),
    }
}
