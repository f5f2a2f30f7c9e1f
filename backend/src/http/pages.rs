//! The pages: files of the single-page app, and the app itself for every other address.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::assets::Asset;
use super::way_back::to_public_host;
use crate::app::App;
use crate::error::Error;

/// Answers what no route took: a file, a page, or that there is nothing.
pub(super) async fn page(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let path = request.path();
    let is_api = ["/api", "/auth", "/webhooks"].iter().any(|prefix| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    if is_api {
        return Err(Error::NotFound);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(if is_page(path) {
            Error::MethodNotAllowed("GET, HEAD")
        } else {
            Error::NotFound
        });
    }
    if let Some(file) = app.assets.file(path.trim_start_matches('/')) {
        return Ok(send(file, StatusCode::OK, None, &request));
    }
    if path == "/"
        && let Some(redirect) = to_public_host(&app, &request)
    {
        return Ok(redirect);
    }
    let Some(index) = app.assets.index() else {
        return Ok(HttpResponse::ServiceUnavailable()
            .insert_header((header::RETRY_AFTER, "60"))
            .content_type("text/plain; charset=utf-8")
            .body(
                "This program was built without its pages. Run `make build` and start it again.\n",
            ));
    };
    let status = if is_page(path) {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    Ok(send(index, status, Some(app.assets.policy()), &request))
}

/// Whether the app has a page there.
fn is_page(path: &str) -> bool {
    let is_streamer = |rest: &str| !rest.is_empty() && !rest.contains('/');
    matches!(path, "/" | "/livestream" | "/history" | "/settings")
        || path.strip_prefix("/livestream/").is_some_and(is_streamer)
}

fn send(
    asset: &Asset,
    status: StatusCode,
    policy: Option<&str>,
    request: &HttpRequest,
) -> HttpResponse {
    let header_text = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let cache = if asset.is_immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::ETAG, asset.etag.as_str()))
        .insert_header((header::VARY, "Accept-Encoding"));
    if let Some(policy) = policy {
        response.insert_header((header::CONTENT_SECURITY_POLICY, policy));
    }
    let known = header_text(header::IF_NONE_MATCH);
    if status == StatusCode::OK && is_known(known, &asset.etag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    let (encoding, body) = asset.body(header_text(header::ACCEPT_ENCODING));
    if let Some(encoding) = encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    response
        .content_type(asset.content_type.as_str())
        .body(body)
}

/// Whether a browser's `If-None-Match` names this tag; a proxy that compresses makes tags weak.
fn is_known(known: &str, etag: &str) -> bool {
    known
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}
