//! Around every request: a request id, security headers, errors as problems, one log line.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web;
use tokio::time::Instant;

use super::error_page;
use crate::app::App;
use crate::error::Error;
use crate::pipeline::error_chain;

const REQUEST_ID: header::HeaderName = header::HeaderName::from_static("x-request-id");

/// The outermost layer.
pub async fn edge(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let request_id = uuid::Uuid::new_v4().simple().to_string();
    let http_request = request.request().clone();
    let answered = match next.call(request).await {
        Ok(response) => response.map_into_boxed_body(),
        Err(error) => ServiceResponse::from_err(error, http_request.clone()),
    };
    let mut response = as_problem(answered, &request_id);
    let is_https = http_request
        .app_data::<web::Data<App>>()
        .is_some_and(|app| app.config.public_url.is_https());
    add_headers(&mut response, &request_id, is_https);
    let status = response.status().as_u16();
    let duration_ms = started.elapsed().as_millis();
    tracing::debug!(method = %http_request.method(), path = http_request.path(), status, duration_ms, request_id, "answered");
    Ok(response)
}

/// An error answer as a problem, or as a page for a person; any other answer as it is.
fn as_problem(response: ServiceResponse<BoxBody>, request_id: &str) -> ServiceResponse<BoxBody> {
    let (request, old) = response.into_parts();
    let translated;
    let error = match old.error() {
        None => return ServiceResponse::new(request, old),
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
        let path = request.path();
        tracing::error!(
            path,
            status = status.as_u16(),
            request_id,
            error = error_chain(error),
            "request failed"
        );
    }
    let mut new = if error_page::is_wanted(&request) {
        error_page::response(error, request_id)
    } else {
        error.to_response(request_id)
    };
    // Cookies and CORS headers set on the way stay.
    for (name, value) in old.headers() {
        if !new.headers().contains_key(name) {
            new.headers_mut().append(name.clone(), value.clone());
        }
    }
    ServiceResponse::new(request, new)
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

fn add_headers(response: &mut ServiceResponse<BoxBody>, request_id: &str, is_https: bool) {
    let headers = response.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (
            header::HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            header::HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            header::PERMISSIONS_POLICY,
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    if is_https {
        let year = header::HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(
            header::CACHE_CONTROL,
            header::HeaderValue::from_static("no-store"),
        );
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let nothing =
            header::HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    }
    if let Ok(id) = header::HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
}
