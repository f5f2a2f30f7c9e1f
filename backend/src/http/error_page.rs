//! Errors of the login as pages, for people whose browser was sent there.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::error::Error;

const STYLE: &str = ":root{color-scheme:dark light;--ground:#0d0d11;--text:#ececf2;--soft:#a0a0b0;--accent:#a78bfa;--on:#14101f}\
    @media(prefers-color-scheme:light){:root{--ground:#f6f6f9;--text:#16161d;--soft:#55555f;--accent:#6d3fee;--on:#fff}}\
    body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-content:center;\
    padding:0 24px;background:var(--ground);color:var(--text)}main{max-width:34rem}h1{font-size:1.5rem;margin:0 0 .5rem}\
    p,small{color:var(--soft)}a{display:inline-block;margin-top:1rem;padding:12px 20px;border-radius:10px;\
    background:var(--accent);color:var(--on);font-weight:600;text-decoration:none}\
    a:focus-visible{outline:2px solid var(--text);outline-offset:2px}small{display:block;margin-top:2rem}";

static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// Whether a person looks at the answer.
pub(super) fn is_wanted(request: &HttpRequest) -> bool {
    let accepts_html = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    accepts_html && request.path().starts_with("/auth/")
}

/// The page for an error.
pub(super) fn response(error: &Error, request_id: &str) -> HttpResponse {
    let (status, _, title) = error.parts();
    let detail = escape(&sentence(&error.to_string()));
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title} – Streamer Events</title>\
         <style>{STYLE}</style></head><body><main><h1>{title}</h1><p>{detail}</p>\
         <a href=\"/\">Back to the start</a><small>Request {request_id}</small></main></body></html>"
    );
    HttpResponse::build(status)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY.as_str()))
        .content_type("text/html; charset=utf-8")
        .body(page)
}

/// With a capital and a full stop: errors are written for the middle of a line.
fn sentence(error: &str) -> String {
    let mut letters = error.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
