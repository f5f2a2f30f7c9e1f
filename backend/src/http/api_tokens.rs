//! `/api/v1/tokens`: a viewer's API tokens; the secret is shown once.

use actix_web::{HttpResponse, web};
use wire::{ApiTokenList, CreateToken, CreatedToken};

use super::access::SessionCaller;
use super::body::SentBy;
use crate::app::App;
use crate::crypto;
use crate::error::Error;
use crate::live::Entry;

/// Starts every token, so that one that leaked is recognised.
const PREFIX: &str = "sevt_";
/// Longest name, characters.
const MAX_NAME_CHARS: usize = 100;

/// The viewer's tokens.
pub(super) async fn list(
    app: web::Data<App>,
    caller: SessionCaller,
) -> Result<web::Json<ApiTokenList>, Error> {
    let tokens = app.store.api_tokens(&caller.viewer.id).await?;
    Ok(web::Json(ApiTokenList { tokens }))
}

/// Makes a token.
pub(super) async fn create(
    app: web::Data<App>,
    sent: SentBy<SessionCaller, CreateToken>,
) -> Result<HttpResponse, Error> {
    let name = sent.body.name.trim();
    if name.is_empty()
        || name.chars().count() > MAX_NAME_CHARS
        || name.chars().any(char::is_control)
    {
        return Err(Error::InvalidBody(
            "name: expected 1 to 100 characters".to_owned(),
        ));
    }
    let token = format!("{PREFIX}{}", crypto::random_text()?);
    let id = uuid::Uuid::new_v4().to_string();
    let kept = app
        .store
        .create_api_token(&sent.caller.viewer.id, &id, name, &token)
        .await?;
    Ok(HttpResponse::Created().json(CreatedToken {
        id: kept.id,
        name: kept.name,
        token,
        created_at: kept.created_at,
    }))
}

/// Deletes a token; streams opened with it end.
pub(super) async fn delete(
    app: web::Data<App>,
    caller: SessionCaller,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    if !app.store.delete_api_token(&caller.viewer.id, &id).await? {
        return Err(Error::NotFound);
    }
    app.live.append(Entry::TokenDeleted(id.into_inner().into()));
    Ok(HttpResponse::NoContent().finish())
}
