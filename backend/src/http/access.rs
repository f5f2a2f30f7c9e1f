//! Who calls: a login session by cookie or an API token by header; and the cross-site rule.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_session::{Session, SessionExt as _};
use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpRequest, web};

use crate::app::App;
use crate::error::Error;
use crate::ids::UserId;
use crate::live::Entry;
use crate::store::viewers;

/// Absolute lifetime of a login session.
const SESSION_ABSOLUTE_MS: i64 = 180 * DAY_MS;
/// How often a session in use is written anew, so that its idle time starts over.
const SESSION_TOUCH_MS: i64 = DAY_MS;
const DAY_MS: i64 = 24 * 3600 * 1000;

const VIEWER: &str = "viewer";
const EPOCH: &str = "epoch";
const SESSION_ID: &str = "id";
const CREATED_AT: &str = "created_at";
const TOUCHED_AT: &str = "touched_at";

/// What proves who calls.
#[derive(Debug, Clone)]
pub(super) enum Credential {
    /// A login session.
    Session {
        /// Names it in the live log; it is not the cookie's value.
        id: Arc<str>,
        /// Over when the viewer's epoch is above it.
        epoch: i64,
    },
    /// An API token.
    Token {
        /// Its public id.
        id: Arc<str>,
    },
}

/// The viewer who calls, by session or token.
#[derive(Debug)]
pub(super) struct Caller {
    /// Who.
    pub(super) viewer: viewers::Viewer,
    /// By which proof.
    pub(super) credential: Credential,
}

/// The viewer who calls, by session; a token is refused.
pub(super) struct SessionCaller {
    /// Who.
    pub(super) viewer: viewers::Viewer,
    /// Names the session in the live log.
    pub(super) session_id: Arc<str>,
    /// The session itself.
    pub(super) session: Session,
}

/// Name of the session cookie.
pub(super) fn session_cookie_name(app: &App) -> &'static str {
    if app.config.public_url.is_https() {
        "__Host-ses"
    } else {
        "ses"
    }
}

/// Starts a session for a viewer who just logged in, under a new id.
pub(super) fn start_session(
    app: &App,
    session: &Session,
    viewer: &viewers::Viewer,
) -> Result<(), Error> {
    let now = app.clock.now_ms();
    if let Ok(Some(replaced)) = session.get::<String>(SESSION_ID) {
        app.live.append(Entry::SessionEnded(replaced.into()));
    }
    session.clear();
    session.renew();
    let id = crate::crypto::random_text()?;
    let internal = |error| Error::Internal(Box::new(error));
    session
        .insert(VIEWER, viewer.id.as_str())
        .map_err(internal)?;
    session
        .insert(EPOCH, viewer.session_epoch)
        .map_err(internal)?;
    session.insert(SESSION_ID, id).map_err(internal)?;
    session.insert(CREATED_AT, now).map_err(internal)?;
    session.insert(TOUCHED_AT, now).map_err(internal)?;
    Ok(())
}

/// Who is signed in in this browser.
pub(super) async fn signed_in(app: &App, session: &Session) -> Result<viewers::Viewer, Error> {
    let (viewer, ..) = by_session(app, session).await?;
    Ok(viewer)
}

/// The caller's session, when there is one that is not over.
async fn by_session(
    app: &App,
    session: &Session,
) -> Result<(viewers::Viewer, Arc<str>, i64), Error> {
    fn read<T: serde::de::DeserializeOwned>(session: &Session, key: &str) -> Result<T, Error> {
        // A value of another version of this program is as good as none.
        session
            .get(key)
            .ok()
            .flatten()
            .ok_or(Error::Unauthenticated)
    }
    let viewer_id: String = read(session, VIEWER)?;
    let epoch: i64 = read(session, EPOCH)?;
    let session_id: String = read(session, SESSION_ID)?;
    let created_at: i64 = read(session, CREATED_AT)?;
    let touched_at: i64 = read(session, TOUCHED_AT)?;
    let viewer = app
        .store
        .viewer(&UserId::new(viewer_id))
        .await?
        .ok_or(Error::Unauthenticated)?;
    let now = app.clock.now_ms();
    if viewer.session_epoch != epoch || now - created_at > SESSION_ABSOLUTE_MS {
        session.purge();
        return Err(Error::Unauthenticated);
    }
    if now - touched_at > SESSION_TOUCH_MS && session.insert(TOUCHED_AT, now).is_err() {
        tracing::debug!("the session's idle time could not be renewed");
    }
    Ok((viewer, session_id.into(), epoch))
}

async fn by_token(app: &App, token: &str) -> Result<(viewers::Viewer, Arc<str>), Error> {
    let (viewer_id, token_id) = app
        .store
        .api_token_owner(token)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let viewer = app
        .store
        .viewer(&viewer_id)
        .await?
        .ok_or(Error::Unauthenticated)?;
    Ok((viewer, token_id.into()))
}

/// The Bearer credential of a request, if it sends one; one that cannot be read is still one.
fn bearer(headers: &header::HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked("bearer".len())?;
    let is_bearer =
        scheme.eq_ignore_ascii_case(b"bearer") && token.first().is_none_or(u8::is_ascii_whitespace);
    is_bearer.then(|| String::from_utf8_lossy(token.trim_ascii()).into_owned())
}

fn app_of(request: &HttpRequest) -> Result<web::Data<App>, Error> {
    let missing = || Error::Internal("the application is not attached".into());
    request
        .app_data::<web::Data<App>>()
        .cloned()
        .ok_or_else(missing)
}

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, Error>>>>;

impl FromRequest for Caller {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = app_of(&request)?;
            if let Some(token) = bearer(request.headers()) {
                let (viewer, id) = by_token(&app, &token).await?;
                return Ok(Self {
                    viewer,
                    credential: Credential::Token { id },
                });
            }
            let (viewer, id, epoch) = by_session(&app, &request.get_session()).await?;
            Ok(Self {
                viewer,
                credential: Credential::Session { id, epoch },
            })
        })
    }
}

impl FromRequest for SessionCaller {
    type Error = Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = app_of(&request)?;
            if let Some(token) = bearer(request.headers()) {
                by_token(&app, &token).await?;
                return Err(Error::SessionRequired);
            }
            let session = request.get_session();
            let (viewer, session_id, _) = by_session(&app, &session).await?;
            Ok(Self {
                viewer,
                session_id,
                session,
            })
        })
    }
}

/// Refuses a changing request that a foreign page makes with the viewer's cookie.
///
/// Browsers send `Origin` or `Sec-Fetch-Site` with these; programs such as curl send neither.
pub(super) async fn refuse_cross_site(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let is_safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if !is_safe && bearer(request.headers()).is_none() {
        let app = app_of(request.request())?;
        let has_cookie = request.cookie(session_cookie_name(&app)).is_some();
        if has_cookie && is_foreign(&app, request.headers()) {
            return Err(Error::CrossSite.into());
        }
    }
    next.call(request).await
}

fn is_foreign(app: &App, headers: &header::HeaderMap) -> bool {
    if let Some(origin) = headers.get(header::ORIGIN) {
        let is_own = origin
            .to_str()
            .is_ok_and(|origin| app.config.is_own_origin(origin));
        if !is_own {
            return true;
        }
    }
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site")
}
