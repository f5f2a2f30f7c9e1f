//! `/auth/*`: to Twitch and back, and out again.
//!
//! The login attempt lives in a sealed cookie of this browser until it comes back; nothing is stored before.
//! Its `state` is 256 random bits and works once.

use actix_session::Session;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use url::Url;

use super::access::{self, SessionCaller};
use super::query::pairs;
use crate::app::App;
use crate::crypto;
use crate::error::Error;
use crate::ids::UserId;
use crate::live::Entry;
use crate::twitch;

/// What every viewer's login asks for.
const SCOPES: &[&str] = &["user:read:chat", "user:read:follows"];
/// How long a login attempt may take.
const ATTEMPT_MINUTES: i64 = 15;
/// Longest address to come back to, bytes; the cookie that holds it has room for 4,096 in all.
const RETURN_TO_BYTES: usize = 2000;
/// Attempts a browser may have open; beyond it the others are forgotten.
const OPEN_ATTEMPTS: usize = 5;
/// Where the sealed attempt may be opened.
const ATTEMPT_PLACE: &str = "login attempt";
const COOKIE_PATH: &str = "/auth";
const COOKIE_PREFIX: &str = "login_";

/// A login attempt, sealed in a cookie.
#[derive(Serialize, Deserialize)]
struct Attempt {
    state: String,
    return_to: String,
    expires_at: i64,
}

/// Sends the browser to Twitch.
pub(super) async fn start(
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    if let Some(redirect) = to_public_host(&app, &request) {
        return Ok(redirect);
    }
    let asked = pairs(request.query_string());
    let return_to = asked.iter().find(|(name, _)| name == "return_to");
    let attempt = Attempt {
        state: crypto::random_text()?,
        return_to: return_to
            .and_then(|(_, to)| way_back(&app, to))
            .unwrap_or_else(|| "/".to_owned()),
        expires_at: app.clock.now_ms() + ATTEMPT_MINUTES * 60_000,
    };
    let sealed =
        serde_json::to_string(&attempt).map_err(|error| Error::Internal(Box::new(error)))?;
    let sealed = app.cipher.seal(ATTEMPT_PLACE, &sealed)?;
    let redirect_uri = app.config.public_url.redirect_uri();
    let url = app
        .twitch
        .authorize_url(&attempt.state, &redirect_uri, SCOPES, false)
        .map_err(|error| Error::Internal(Box::new(error)))?;
    let cookie = attempt_cookie(
        &app,
        &attempt.state,
        sealed,
        Duration::minutes(ATTEMPT_MINUTES),
    );
    let mut response = HttpResponse::Found();
    response
        .cookie(cookie)
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
    let attempt = attempt(&app, &request, answer.state.as_deref().unwrap_or_default())?;
    let lifetime_ms = 2 * ATTEMPT_MINUTES * 60_000;
    if !app
        .store
        .use_oauth_state(&attempt.state, lifetime_ms)
        .await?
    {
        return Err(Error::OauthState);
    }
    let used = attempt_cookie(&app, &attempt.state, String::new(), Duration::ZERO);
    let back = |to: &str| {
        HttpResponse::Found()
            .cookie(used.clone())
            .insert_header((header::LOCATION, to))
            .finish()
    };
    if let Some(error) = &answer.error {
        let denied = error == "access_denied";
        return Ok(back(if denied {
            "/?notice=login-denied"
        } else {
            "/?notice=login-failed"
        }));
    }
    let code = answer.code.as_deref().ok_or(Error::OauthState)?;
    let is_first = log_in(&app, &session, code).await?;
    Ok(back(&if is_first {
        with_notice(&attempt.return_to, "welcome")
    } else {
        attempt.return_to
    }))
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
    if !app.config.allowed_logins.allows(&user.login) {
        // Nothing of this person is wanted here, least of all a token.
        if let Err(error) = app.twitch.revoke(&tokens.access_token).await {
            tracing::warn!(%error, "the token of a refused login could not be revoked");
        }
        return Err(Error::NotAllowed);
    }
    let (viewer, is_first) = app
        .store
        .viewer_logged_in(
            &user.id,
            &user.login,
            &user.display_name,
            &user.profile_image_url,
        )
        .await?;
    app.tokens.store_grant(&viewer.id, &tokens).await?;
    access::start_session(app, session, &viewer)?;
    app.live.append(Entry::ViewerChanged(viewer.id.clone()));
    tracing::info!(viewer_id = %viewer.id, is_first, "logged in");
    Ok(is_first)
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

/// The attempt of this browser that has this state.
fn attempt(app: &App, request: &HttpRequest, state: &str) -> Result<Attempt, Error> {
    let cookie = request
        .cookie(&cookie_name(state))
        .ok_or(Error::OauthState)?;
    let opened = app
        .cipher
        .open(ATTEMPT_PLACE, cookie.value())
        .ok()
        .ok_or(Error::OauthState)?;
    let attempt: Option<Attempt> = serde_json::from_str(opened.expose_secret()).ok();
    attempt
        .filter(|attempt| attempt.state == state && attempt.expires_at >= app.clock.now_ms())
        .ok_or(Error::OauthState)
}

/// Each attempt has a cookie of its own, so that two tabs can log in at once.
fn cookie_name(state: &str) -> String {
    let letters: String = state
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(8)
        .collect();
    format!("{COOKIE_PREFIX}{letters}")
}

fn attempt_cookie(app: &App, state: &str, value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build(cookie_name(state), value)
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.public_url.is_https())
        .max_age(max_age)
        .finish()
}

/// Ends the attempts of a browser that has too many open, before their cookies fill its requests.
fn abandoned(request: &HttpRequest) -> Vec<Cookie<'static>> {
    let Ok(cookies) = request.cookies() else {
        return Vec::new();
    };
    let attempts = cookies
        .iter()
        .filter(|cookie| cookie.name().starts_with(COOKIE_PREFIX));
    let end = |cookie: &Cookie<'static>| {
        let mut ended = Cookie::build(cookie.name().to_owned(), "")
            .path(COOKIE_PATH)
            .finish();
        ended.make_removal();
        ended
    };
    if attempts.clone().count() < OPEN_ATTEMPTS {
        Vec::new()
    } else {
        attempts.map(end).collect()
    }
}

/// Where a browser may be sent after login: a path of ours, or a page of an allowed origin; as a header holds it.
fn way_back(app: &App, to: &str) -> Option<String> {
    if to.len() > RETURN_TO_BYTES || to.chars().any(|c| c.is_control() || c == '\\') {
        return None;
    }
    if to.starts_with('/') {
        let own = Url::parse(&app.config.public_url.origin()).ok()?;
        let url = own.join(to).ok()?;
        // Joined, dot segments are gone, behind which a second slash may have hidden.
        let path = &url[url::Position::BeforePath..];
        let is_ours = url.origin() == own.origin() && !path.starts_with("//");
        return is_ours.then(|| path.to_owned());
    }
    let url = Url::parse(to).ok()?;
    let is_allowed = app
        .config
        .allowed_origins
        .contains(&url.origin().ascii_serialization());
    is_allowed.then(|| url.into())
}

fn with_notice(to: &str, notice: &str) -> String {
    let (address, fragment) = to.split_once('#').map_or((to, None), |(a, f)| (a, Some(f)));
    let separator = if address.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|f| format!("#{f}")).unwrap_or_default();
    format!("{address}{separator}notice={notice}{fragment}")
}

/// A redirect to the address that cookies and Twitch know, when the browser came by another name.
pub(super) fn to_public_host(app: &App, request: &HttpRequest) -> Option<HttpResponse> {
    let host = request.headers().get(header::HOST)?.to_str().ok()?;
    let name = Url::parse(&format!("http://{host}"))
        .ok()?
        .host_str()?
        .to_owned();
    if name.eq_ignore_ascii_case(app.config.public_url.host()) {
        return None;
    }
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let to = app.config.public_url.join(path);
    Some(
        HttpResponse::Found()
            .insert_header((header::LOCATION, to))
            .finish(),
    )
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
