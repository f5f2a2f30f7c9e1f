//! Around every request: a request id, security headers, errors as problems, one log line.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, web};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::error_page;
use crate::app::App;
use crate::error::Error;
use crate::pipeline::error_chain;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const NO_SNIFFING: HeaderValue = HeaderValue::from_static("nosniff");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// What browsers are told of every answer, beside a policy of its own or [`NOTHING`].
const FOR_BROWSERS: [(HeaderName, HeaderValue); 5] = [
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("strict-origin-when-cross-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        header::PERMISSIONS_POLICY,
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// What is told of a request; the router needs the only reference to the request itself.
struct Asked {
    method: Method,
    path: String,
    is_page_wanted: bool,
    /// Twitch asks, no browser: of an acknowledgement nothing is shown, framed or linked.
    is_webhook: bool,
    is_https: bool,
    draining: Option<CancellationToken>,
    request_id: String,
    started: Instant,
}

/// The outermost layer.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let app = request.app_data::<web::Data<App>>();
    let asked = Asked {
        method: request.method().clone(),
        path: request.path().to_owned(),
        is_page_wanted: error_page::is_wanted(request.request()),
        is_webhook: request.path().starts_with("/webhooks/"),
        is_https: app.is_some_and(|app| app.config.public_url.is_https()),
        draining: app.map(|app| app.draining.clone()),
        request_id: uuid::Uuid::new_v4().simple().to_string(),
        started: Instant::now(),
    };
    match next.call(request).await {
        Ok(response) => {
            let (request, response) = response.map_into_boxed_body().into_parts();
            Ok(ServiceResponse::new(request, asked.finish(response)))
        }
        // The request is gone, so the answer travels as an error that carries it.
        Err(error) => {
            let response = asked.finish(error.into());
            Err(InternalError::from_response("refused", response).into())
        }
    }
}

impl Asked {
    fn finish(&self, response: HttpResponse) -> HttpResponse {
        let mut response = self.as_problem(response);
        self.add_headers(&mut response);
        let draining = self.draining.as_ref();
        if draining.is_some_and(CancellationToken::is_cancelled) {
            response
                .head_mut()
                .set_connection_type(ConnectionType::Close);
        }
        tracing::debug!(
            method = %self.method,
            path = self.path,
            status = response.status().as_u16(),
            duration_ms = self.started.elapsed().as_millis(),
            request_id = self.request_id,
            "answered"
        );
        response
    }

    /// An error answer as a problem, or as a page for a person; any other answer as it is.
    fn as_problem(&self, old: HttpResponse) -> HttpResponse {
        let translated;
        let error = match old.error() {
            None => return old,
            Some(error) => match error.as_error::<Error>() {
                Some(ours) => ours,
                None => {
                    translated = in_our_words(error, old.status());
                    &translated
                }
            },
        };
        let (status, ..) = error.parts();
        if status.is_server_error() {
            tracing::error!(
                path = self.path,
                status = status.as_u16(),
                request_id = self.request_id,
                error = error_chain(error),
                "request failed"
            );
        }
        let mut new = if self.is_page_wanted {
            error_page::response(error, &self.request_id)
        } else {
            error.to_response(&self.request_id)
        };
        // Cookies and CORS headers set on the way stay.
        for (name, value) in old.headers() {
            if !new.headers().contains_key(name) || name == header::SET_COOKIE {
                new.headers_mut().append(name.clone(), value.clone());
            }
        }
        new
    }

    fn add_headers(&self, response: &mut HttpResponse) {
        let is_empty = response.status() == StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFFING);
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, NO_STORE);
        }
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            headers.insert(REQUEST_ID, id);
        }
        if self.is_https {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, A_YEAR);
        }
        if self.is_webhook && is_empty {
            return;
        }
        for (name, value) in FOR_BROWSERS {
            headers.insert(name, value);
        }
        if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
            headers.insert(header::CONTENT_SECURITY_POLICY, NOTHING);
        }
    }
}

/// What an error of the server library means to the client.
fn in_our_words(error: &actix_web::Error, status: StatusCode) -> Error {
    if status.is_server_error() {
        // Only the session layer fails this way: its store does not answer.
        return Error::StoreUnavailable(error.to_string().into());
    }
    match status {
        StatusCode::NOT_FOUND => Error::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(super::body::MAX_BYTES),
        _ => Error::InvalidBody("the request cannot be read".to_owned()),
    }
}
