//! The signed-in viewer, what belongs to the account, and the page's settings.

use serde::{Deserialize, Serialize};

/// A Twitch user as shown in events and cards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRef {
    /// Twitch's opaque user id.
    pub id: String,
    /// Lower-case login name, as in the channel's address.
    pub login: String,
    /// The name as its owner writes it.
    pub display_name: String,
}

/// Answer of `GET /api/v1/config`: what the page must know before login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// Twitch is simulated.
    pub demo: bool,
    /// Version of the server.
    pub version: String,
    /// Address of the player frame, without query.
    pub player_url: String,
    /// Address under which `/{login}/chat` is the chat frame.
    pub chat_url: String,
    /// Host of avatars and previews.
    pub image_url: String,
}

/// Answer of `GET /api/v1/me`: the signed-in viewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Twitch's user id.
    pub id: String,
    /// Lower-case login name.
    pub login: String,
    /// The name as its owner writes it.
    pub display_name: String,
    /// Address of the avatar, may be empty.
    pub profile_image_url: String,
    /// Scopes granted at login.
    pub scopes: Vec<String>,
    /// Events are collected while signed out.
    pub keep_collecting: bool,
    /// May administer this server.
    pub admin: bool,
}

/// Body of `PATCH /api/v1/me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateMe {
    /// Keep collecting events while signed out.
    pub keep_collecting: bool,
}

/// Body of `POST /api/v1/tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// What the owner calls it, 1 to 100 characters.
    pub name: String,
}

/// An API token without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Opaque id.
    pub id: String,
    /// What the owner calls it.
    pub name: String,
    /// RFC 3339, UTC.
    pub created_at: String,
}

/// Answer of `GET /api/v1/tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiTokenList {
    /// The viewer's tokens, newest first.
    pub tokens: Vec<ApiToken>,
}

/// Answer of `POST /api/v1/tokens`: the only time the secret is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedToken {
    /// Opaque id.
    pub id: String,
    /// What the owner calls it.
    pub name: String,
    /// The secret, `sevt_…`.
    pub token: String,
    /// RFC 3339, UTC.
    pub created_at: String,
}
