//! JSON bodies: type and size checked first, then malformed JSON told from JSON of another shape.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::error::Error;

/// Largest body of the API.
pub(super) const MAX_BYTES: usize = 64 * 1024;

/// A JSON body.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let is_encoded = request.headers().contains_key(header::CONTENT_ENCODING);
        let payload = payload.take();
        Box::pin(async move {
            if !is_json || is_encoded {
                return Err(Error::UnsupportedMediaType(
                    "send the body as application/json, without encoding",
                ));
            }
            let bytes = read(payload, MAX_BYTES).await?;
            // Whether it is JSON at all comes first: a wrong member may stand before the malformed place.
            let text = std::str::from_utf8(&bytes)
                .map_err(|error| Error::MalformedJson(error.to_string()))?;
            serde_json::from_str::<IgnoredAny>(text)
                .map_err(|error| Error::MalformedJson(error.to_string()))?;
            serde_json::from_str(text)
                .map(Self)
                .map_err(|error| Error::InvalidBody(error.to_string()))
        })
    }
}

/// A JSON body from a caller who may send one: who may not is told so whatever the body is.
pub(super) struct SentBy<C, T> {
    /// Who sent it.
    pub(super) caller: C,
    /// What.
    pub(super) body: T,
}

impl<C, T> FromRequest for SentBy<C, T>
where
    C: FromRequest<Error = Error> + 'static,
    T: DeserializeOwned + 'static,
{
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = C::from_request(request, &mut Payload::None);
        let body = Json::<T>::from_request(request, payload);
        Box::pin(async move {
            let caller = caller.await?;
            let Json(body) = body.await?;
            Ok(Self { caller, body })
        })
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Reads a body, counting as it comes.
pub(super) async fn read(mut payload: Payload, most: usize) -> Result<Bytes, Error> {
    let mut whole = Bytes::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Error::MalformedJson(error.to_string()))?;
        if whole.len() + chunk.len() > most {
            return Err(Error::TooLarge(most));
        }
        // Most come in one piece, which needs no copy.
        whole = if whole.is_empty() {
            chunk
        } else {
            let mut longer = whole
                .try_into_mut()
                .unwrap_or_else(|shared| BytesMut::from(&*shared));
            longer.extend_from_slice(&chunk);
            longer.freeze()
        };
    }
    Ok(whole)
}
