//! Answers with pictures.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::art;
use super::embed::is_login;

/// The largest picture that is drawn.
const MAX_SIDE: u32 = 3840;

pub(crate) async fn avatar(login: web::Path<String>) -> HttpResponse {
    if !is_login(&login) {
        return HttpResponse::NotFound().finish();
    }
    svg(art::avatar(&login))
}

pub(crate) async fn preview(path: web::Path<(String, u32, u32)>) -> HttpResponse {
    let (login, width, height) = path.into_inner();
    if !is_login(&login) || !(1..=MAX_SIDE).contains(&width) || !(1..=MAX_SIDE).contains(&height) {
        return HttpResponse::NotFound().finish();
    }
    svg(art::preview(&login, width, height))
}

fn svg(picture: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ))
        .body(picture)
}
