//! Login at Twitch: code exchange, refresh, the app's token, validate and revoke.
//!
//! The flows are the `oauth2` crate's; the shape of the answer and the way of sending are ours.

use std::borrow::Cow;
use std::pin::Pin;
use std::time::Duration;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AccessToken, AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret,
    CsrfToken, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, StandardRevocableToken, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::transfer::{Answer, Retry, below, json};
use super::{Client, Error, lenient};
use crate::config::TwitchConfig;
use crate::ids::{Login, UserId};

/// The crate's client for Twitch's two addresses.
pub(super) type OauthClient = oauth2::Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What Twitch grants a viewer.
#[derive(Debug, Clone)]
pub struct TokenSet {
    /// Goes with calls.
    pub access_token: SecretString,
    /// Buys the next access token.
    pub refresh_token: SecretString,
    /// What it allows; may be less than asked for.
    pub scopes: Vec<String>,
    /// How long the access token lives, where Twitch says so.
    pub expires_in: Option<Duration>,
}

/// What Twitch says of a token.
#[derive(Debug, Clone, Deserialize)]
pub struct Validation {
    /// The app it was made for.
    #[serde(default, deserialize_with = "lenient::text")]
    pub client_id: String,
    /// Whose it is; empty for an app's.
    #[serde(default, deserialize_with = "lenient::text")]
    user_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    login: String,
    /// What it allows.
    #[serde(default, deserialize_with = "lenient::scopes")]
    pub scopes: Vec<String>,
    #[serde(default, deserialize_with = "lenient::integer")]
    expires_in: i64,
}

impl Validation {
    /// Whose token it is.
    pub fn user_id(&self) -> UserId {
        UserId::new(self.user_id.as_str())
    }

    /// That person's login name.
    pub fn login(&self) -> Login {
        Login::from_twitch(&self.login)
    }

    /// How long it still lives; `None` for ever, as very old tokens do.
    pub fn expires_in(&self) -> Option<Duration> {
        u64::try_from(self.expires_in)
            .ok()
            .filter(|seconds| *seconds > 0)
            .map(Duration::from_secs)
    }
}

/// A token answer as Twitch sends it: `scope` as a list, where the standard has a text.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TokenAnswer {
    access_token: AccessToken,
    refresh_token: Option<RefreshToken>,
    #[serde(default, deserialize_with = "lenient::scopes")]
    scope: Vec<String>,
    #[serde(default, deserialize_with = "lenient::integer")]
    expires_in: i64,
}

impl TokenResponse for TokenAnswer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &BasicTokenType::Bearer
    }

    fn expires_in(&self) -> Option<Duration> {
        let seconds = u64::try_from(self.expires_in).ok();
        seconds.filter(|s| *s > 0).map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

impl TokenAnswer {
    fn into_token_set(self, old_refresh_token: Option<&SecretString>) -> Result<TokenSet, Error> {
        let refresh_token = match (&self.refresh_token, old_refresh_token) {
            (Some(new), _) => SecretString::from(new.secret().as_str()),
            (None, Some(old)) => old.clone(),
            (None, None) => return Err(Error::unreadable("no refresh token")),
        };
        Ok(TokenSet {
            access_token: SecretString::from(self.access_token.secret().as_str()),
            refresh_token,
            expires_in: self.expires_in(),
            scopes: self.scope,
        })
    }
}

pub(super) fn client(config: &TwitchConfig) -> OauthClient {
    oauth2::Client::new(ClientId::new(config.client_id.clone()))
        .set_client_secret(ClientSecret::new(
            config.client_secret.expose_secret().to_owned(),
        ))
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(AuthUrl::from_url(config.authorize_url.clone()))
        .set_token_uri(TokenUrl::from_url(below(&config.id_url, "token")))
}

impl Client {
    /// Where to send a browser to log in. With `force_verify` Twitch asks again even if it knows the answer.
    pub fn authorize_url(
        &self,
        state: &str,
        redirect_uri: &str,
        scopes: &[&str],
        force_verify: bool,
    ) -> Result<Url, Error> {
        let state = state.to_owned();
        let mut request = self
            .0
            .oauth
            .authorize_url(|| CsrfToken::new(state))
            .set_redirect_uri(redirect_url(redirect_uri)?)
            .add_scopes(scopes.iter().map(|scope| Scope::new((*scope).to_owned())));
        if force_verify {
            request = request.add_extra_param("force_verify", "true");
        }
        Ok(request.url().0)
    }

    /// Buys tokens for the code a browser came back with; a code works once.
    ///
    /// # Errors
    /// [`Error::Rejected`] when Twitch does not accept the code.
    pub async fn exchange_code(&self, code: &str, redirect_uri: &str) -> Result<TokenSet, Error> {
        let http = self.oauth_http(Retry::Never);
        self.0
            .oauth
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_redirect_uri(redirect_url(redirect_uri)?)
            .request_async(&http)
            .await
            .map_err(from_oauth)?
            .into_token_set(None)
    }

    /// Buys new tokens; the old ones may end with it, so the new ones must be kept.
    ///
    /// # Errors
    /// [`Error::Rejected`] or [`Error::Unauthorized`] when the grant has ended.
    pub async fn refresh(&self, refresh_token: &SecretString) -> Result<TokenSet, Error> {
        let http = self.oauth_http(Retry::Never);
        self.0
            .oauth
            .exchange_refresh_token(&RefreshToken::new(refresh_token.expose_secret().to_owned()))
            .request_async(&http)
            .await
            .map_err(from_oauth)?
            .into_token_set(Some(refresh_token))
    }

    /// A new token of the app itself, and how long it lives.
    pub(super) async fn request_app_token(
        &self,
    ) -> Result<(SecretString, Option<Duration>), Error> {
        let http = self.oauth_http(Retry::Once);
        let answer = self
            .0
            .oauth
            .exchange_client_credentials()
            .request_async(&http)
            .await
            .map_err(from_oauth)?;
        let token = SecretString::from(answer.access_token.secret().as_str());
        Ok((token, answer.expires_in()))
    }

    /// Asks what a viewer's token is worth; Twitch demands it at start and hourly for every token kept.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] when it is worth nothing any more. An answer that names no app or no person says
    /// nothing about the token and counts as none.
    pub async fn validate(&self, token: &SecretString) -> Result<Validation, Error> {
        let request = self
            .0
            .http
            .get(below(&self.0.config.id_url, "validate"))
            .header("Authorization", format!("OAuth {}", token.expose_secret()));
        self.send(request, Retry::Once, |answer| {
            let said: Validation = json(answer)?;
            if said.client_id.is_empty() || said.user_id.is_empty() {
                return Err(Error::unreadable("it names no app or no person"));
            }
            Ok(said)
        })
        .await
    }

    /// Ends a token at Twitch. One that has ended already is fine.
    ///
    /// # Errors
    /// When Twitch could not be told.
    pub async fn revoke(&self, token: &SecretString) -> Result<(), Error> {
        let request = self
            .0
            .http
            .post(below(&self.0.config.id_url, "revoke"))
            .form(&[
                ("client_id", self.client_id()),
                ("token", token.expose_secret()),
            ]);
        match self.send(request, Retry::Once, |_| Ok(())).await {
            Ok(()) | Err(Error::Rejected { status: 400, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn oauth_http(&self, retry: Retry) -> OauthHttp {
        OauthHttp {
            client: self.clone(),
            retry,
        }
    }
}

/// How the crate sends: with our client. Refusals become our errors before the crate reads them.
struct OauthHttp {
    client: Client,
    retry: Retry,
}

impl<'c> AsyncHttpClient<'c> for OauthHttp {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let request = self
                .client
                .0
                .http
                .request(parts.method, parts.uri.to_string())
                .headers(parts.headers)
                .body(body);
            let answer = self.client.send(request, self.retry, token_answer).await?;
            let mut response = HttpResponse::new(answer.body.into());
            *response.status_mut() = answer.status;
            if let Some(content_type) = answer.content_type {
                response
                    .headers_mut()
                    .insert(reqwest::header::CONTENT_TYPE, content_type);
            }
            Ok(response)
        })
    }
}

/// Read here as well, so that health hears of one that cannot be; what it holds is no business of an error's.
fn token_answer(answer: Answer) -> Result<Answer, Error> {
    match serde_json::from_slice::<TokenAnswer>(&answer.body) {
        Ok(_) => Ok(answer),
        Err(_) => Err(Error::unreadable("not a token answer")),
    }
}

fn redirect_url(address: &str) -> Result<Cow<'static, RedirectUrl>, Error> {
    RedirectUrl::new(address.to_owned())
        .map(Cow::Owned)
        .map_err(|error| Error::Rejected {
            status: 400,
            message: format!("the redirect URI is not an address: {error}"),
        })
}

/// The crate's parse error would carry the answer, tokens included; it is dropped.
fn from_oauth(error: RequestTokenError<Error, BasicErrorResponse>) -> Error {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::Parse(error, _answer) => Error::unreadable(error.path().to_string()),
        RequestTokenError::ServerResponse(_) | RequestTokenError::Other(_) => {
            Error::unreadable("not a token answer")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token_set(json: &str) -> TokenSet {
        let answer: TokenAnswer = serde_json::from_str(json).unwrap();
        answer.into_token_set(None).unwrap()
    }

    #[test]
    fn scopes_are_read_in_every_form_twitch_sends() {
        let scopes = |scope: &str| {
            token_set(&format!(
                r#"{{"access_token":"a","refresh_token":"r","expires_in":14124{scope},"token_type":"bearer"}}"#
            ))
            .scopes
        };
        assert_eq!(
            scopes(r#","scope":["user:read:chat","user:read:follows"]"#).len(),
            2
        );
        assert_eq!(
            scopes(r#","scope":"user:read:chat user:read:follows""#).len(),
            2
        );
        assert!(scopes("").is_empty());
        assert!(scopes(r#","scope":[""]"#).is_empty());
        assert!(scopes(r#","scope":null"#).is_empty());
    }

    #[test]
    fn a_missing_lifetime_is_no_error() {
        assert_eq!(
            token_set(r#"{"access_token":"a","refresh_token":"r"}"#).expires_in,
            None
        );
        for (odd, seconds) in [("\"14124\"", Some(14124)), ("null", None), ("-1", None)] {
            let json = format!(r#"{{"access_token":"a","refresh_token":"r","expires_in":{odd}}}"#);
            let expected = seconds.map(Duration::from_secs);
            assert_eq!(token_set(&json).expires_in, expected, "{odd}");
        }
    }

    #[test]
    fn a_refresh_token_that_is_not_replaced_is_kept() {
        let answer: TokenAnswer = serde_json::from_str(r#"{"access_token":"a"}"#).unwrap();
        let set = answer.into_token_set(Some(&"old".into())).unwrap();
        assert_eq!(set.refresh_token.expose_secret(), "old");
        let answer: TokenAnswer = serde_json::from_str(r#"{"access_token":"a"}"#).unwrap();
        assert!(answer.into_token_set(None).is_err());
    }

    #[test]
    fn a_validation_may_lack_everything_but_the_client() {
        let read = |json: &str| serde_json::from_str::<Validation>(json).unwrap();
        let app = read(r#"{"client_id":"c","scopes":null,"expires_in":5011271}"#);
        assert_eq!(app.user_id().as_str(), "");
        assert!(app.scopes.is_empty());
        let legacy =
            read(r#"{"client_id":"c","user_id":7,"login":"Tim","scopes":[],"expires_in":0}"#);
        assert_eq!(legacy.user_id().as_str(), "7");
        assert_eq!(legacy.login().as_str(), "tim");
        assert_eq!(legacy.expires_in(), None);
    }
}
