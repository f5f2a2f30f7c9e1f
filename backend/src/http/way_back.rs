//! Where browsers are sent: after login to our own pages alone, and before it to the name that cookies and Twitch know.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use url::Url;

use crate::app::App;

/// Longest address to come back to, bytes; the cookie that holds it has room for 4,096 in all.
const RETURN_TO_BYTES: usize = 2000;

/// Where a browser may be sent after login: a path of ours, or a page of an allowed origin; as a header holds it.
pub(super) fn way_back(app: &App, to: &str) -> Option<String> {
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

/// That address with a word for the page.
pub(super) fn with_notice(to: &str, notice: &str) -> String {
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
