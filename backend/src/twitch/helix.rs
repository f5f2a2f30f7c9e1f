//! Helix: users, streams, search and follows.

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::transfer::{Auth, below};
use super::{Client, Error, lenient};
use crate::ids::{Login, UserId};

/// Ids one call may name. <https://dev.twitch.tv/docs/api/reference/#get-users>
const IDS_PER_CALL: usize = 100;

/// Follows that are read at most: twenty pages.
const FOLLOWS_MAX: usize = 2_000;

/// Search results asked for.
const SEARCH_RESULTS: &str = "20";

/// A Twitch user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Opaque id.
    pub id: UserId,
    /// Lower-case login name.
    pub login: Login,
    /// The name as its owner writes it.
    pub display_name: String,
    /// Address of the avatar, may be empty.
    pub profile_image_url: String,
}

/// A running stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Twitch's id of the broadcast.
    pub id: String,
    /// Whose.
    pub broadcaster_id: UserId,
    /// Its title.
    pub title: String,
    /// Its category, may be empty.
    pub category: String,
    /// Viewers at the moment.
    pub viewers: i64,
    /// Unix milliseconds.
    pub started_at: Option<i64>,
    /// Address of the preview image with `{width}` and `{height}` to fill in.
    pub thumbnail_url: String,
}

/// What a channel says of itself, live or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Whose.
    pub broadcaster_id: UserId,
    /// Title of the stream that runs, or will.
    pub title: String,
    /// Language as a code, may be empty.
    pub language: String,
    /// Twitch's id of the category, may be empty.
    pub category_id: String,
    /// Its name, may be empty.
    pub category: String,
    /// What viewers are warned of.
    pub labels: Vec<String>,
}

/// A channel found by search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundChannel {
    /// Whose.
    pub user: User,
    /// Is streaming now.
    pub live: bool,
}

/// A channel somebody follows; avatars are not part of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedChannel {
    /// Whose.
    pub id: UserId,
    /// Lower-case login name.
    pub login: Login,
    /// The name as its owner writes it.
    pub display_name: String,
}

/// One page of a list. One without `data` is an answer of somebody else: taken for an empty list it would look
/// as if there were no streamer of a name, or no conduit of ours.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: serde::de::DeserializeOwned")]
pub(super) struct Page<T> {
    #[serde(deserialize_with = "lenient::list")]
    pub(super) data: Vec<T>,
    #[serde(default)]
    pagination: Option<Pagination>,
    /// Of EventSub subscriptions alone.
    #[serde(default, deserialize_with = "lenient::integer")]
    pub(super) max_total_cost: i64,
}

#[derive(Debug, Default, Deserialize)]
struct Pagination {
    #[serde(default, deserialize_with = "lenient::text")]
    cursor: String,
}

impl<T> Page<T> {
    /// Where the next page begins; `None` on the last.
    pub(super) fn next(&self) -> Option<String> {
        let cursor = &self.pagination.as_ref()?.cursor;
        (!cursor.is_empty()).then(|| cursor.clone())
    }
}

#[derive(Debug, Deserialize)]
struct UserRow {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    login: String,
    #[serde(default, deserialize_with = "lenient::text")]
    display_name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    profile_image_url: String,
}

#[derive(Debug, Deserialize)]
struct StreamRow {
    #[serde(default, deserialize_with = "lenient::text")]
    id: String,
    #[serde(deserialize_with = "lenient::text")]
    user_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    title: String,
    #[serde(default, deserialize_with = "lenient::text")]
    game_name: String,
    #[serde(default, deserialize_with = "lenient::integer")]
    viewer_count: i64,
    #[serde(default, deserialize_with = "lenient::text")]
    started_at: String,
    #[serde(default, deserialize_with = "lenient::text")]
    thumbnail_url: String,
}

#[derive(Debug, Deserialize)]
struct ChannelRow {
    #[serde(deserialize_with = "lenient::text")]
    broadcaster_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    title: String,
    #[serde(default, deserialize_with = "lenient::text")]
    broadcaster_language: String,
    #[serde(default, deserialize_with = "lenient::text")]
    game_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    game_name: String,
    #[serde(default, deserialize_with = "lenient::list")]
    content_classification_labels: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct FoundRow {
    #[serde(deserialize_with = "lenient::text")]
    id: String,
    broadcaster_login: String,
    #[serde(default, deserialize_with = "lenient::text")]
    display_name: String,
    #[serde(default, deserialize_with = "lenient::text")]
    thumbnail_url: String,
    #[serde(default, deserialize_with = "lenient::flag")]
    is_live: bool,
}

#[derive(Debug, Deserialize)]
struct FollowedRow {
    #[serde(deserialize_with = "lenient::text")]
    broadcaster_id: String,
    broadcaster_login: String,
    #[serde(default, deserialize_with = "lenient::text")]
    broadcaster_name: String,
}

/// The name shown: the login where Twitch sends none.
fn display_name(name: String, login: &str) -> String {
    if name.is_empty() {
        login.to_owned()
    } else {
        name
    }
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: UserId::new(row.id),
            display_name: display_name(row.display_name, &row.login),
            login: Login::from_twitch(&row.login),
            profile_image_url: row.profile_image_url,
        }
    }
}

impl From<StreamRow> for Stream {
    fn from(row: StreamRow) -> Self {
        Self {
            id: row.id,
            broadcaster_id: UserId::new(row.user_id),
            title: row.title,
            category: row.game_name,
            viewers: row.viewer_count,
            started_at: row
                .started_at
                .parse::<jiff::Timestamp>()
                .ok()
                .map(jiff::Timestamp::as_millisecond),
            thumbnail_url: row.thumbnail_url,
        }
    }
}

impl From<ChannelRow> for Channel {
    fn from(row: ChannelRow) -> Self {
        Self {
            broadcaster_id: UserId::new(row.broadcaster_id),
            title: row.title,
            language: row.broadcaster_language,
            category_id: row.game_id,
            category: row.game_name,
            labels: row.content_classification_labels,
        }
    }
}

impl From<FoundRow> for FoundChannel {
    fn from(row: FoundRow) -> Self {
        Self {
            user: User {
                id: UserId::new(row.id),
                display_name: display_name(row.display_name, &row.broadcaster_login),
                login: Login::from_twitch(&row.broadcaster_login),
                profile_image_url: row.thumbnail_url,
            },
            live: row.is_live,
        }
    }
}

impl From<FollowedRow> for FollowedChannel {
    fn from(row: FollowedRow) -> Self {
        Self {
            id: UserId::new(row.broadcaster_id),
            display_name: display_name(row.broadcaster_name, &row.broadcaster_login),
            login: Login::from_twitch(&row.broadcaster_login),
        }
    }
}

impl Client {
    fn helix_url(&self, path: &str) -> Url {
        below(&self.0.config.api_url, path)
    }

    /// The users with these ids; those Twitch does not know are missing.
    ///
    /// # Errors
    /// When Twitch fails.
    pub async fn users_by_id(&self, ids: &[UserId]) -> Result<Vec<User>, Error> {
        let mut users = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(IDS_PER_CALL) {
            let query: Vec<_> = chunk.iter().map(|id| ("id", id.as_str())).collect();
            let request = self.0.http.get(self.helix_url("users")).query(&query);
            let page: Page<UserRow> = self.helix(Auth::App, request).await?;
            users.extend(page.data.into_iter().map(User::from));
        }
        Ok(users)
    }

    /// The user with this login name.
    ///
    /// # Errors
    /// When Twitch fails; an unknown login is `None`.
    pub async fn user_by_login(&self, login: &Login) -> Result<Option<User>, Error> {
        let request = self
            .0
            .http
            .get(self.helix_url("users"))
            .query(&[("login", login.as_str())]);
        match self.helix::<Page<UserRow>>(Auth::App, request).await {
            Ok(page) => Ok(page.data.into_iter().next().map(User::from)),
            // Twitch has rules for login names that are stricter than what people may type here.
            Err(Error::Rejected { status: 400, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The user whose token this is.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] when it is nobody's any more.
    pub async fn own_user(&self, token: &SecretString) -> Result<User, Error> {
        let request = self.0.http.get(self.helix_url("users"));
        let page: Page<UserRow> = self.helix(Auth::Viewer(token), request).await?;
        let own = page.data.into_iter().next();
        own.map(User::from)
            .ok_or_else(|| Error::unreadable("no user for a valid token"))
    }

    /// The running streams of these broadcasters; those offline are missing.
    ///
    /// # Errors
    /// When Twitch fails.
    pub async fn streams(&self, broadcasters: &[UserId]) -> Result<Vec<Stream>, Error> {
        let mut streams = Vec::new();
        for chunk in broadcasters.chunks(IDS_PER_CALL) {
            let mut query: Vec<_> = chunk.iter().map(|id| ("user_id", id.as_str())).collect();
            query.push(("first", "100"));
            let request = self.0.http.get(self.helix_url("streams")).query(&query);
            let page: Page<StreamRow> = self.helix(Auth::App, request).await?;
            streams.extend(page.data.into_iter().map(Stream::from));
        }
        Ok(streams)
    }

    /// What these channels say of themselves; those Twitch does not know are missing.
    ///
    /// # Errors
    /// When Twitch fails.
    pub async fn channels(&self, broadcasters: &[UserId]) -> Result<Vec<Channel>, Error> {
        let mut channels = Vec::with_capacity(broadcasters.len());
        for chunk in broadcasters.chunks(IDS_PER_CALL) {
            let ids = chunk.iter().map(|id| ("broadcaster_id", id.as_str()));
            let query: Vec<_> = ids.collect();
            let request = self.0.http.get(self.helix_url("channels")).query(&query);
            let page: Page<ChannelRow> = self.helix(Auth::App, request).await?;
            channels.extend(page.data.into_iter().map(Channel::from));
        }
        Ok(channels)
    }

    /// Channels whose name matches, as Twitch's search does it.
    ///
    /// # Errors
    /// When Twitch fails.
    pub async fn search_channels(&self, query: &str) -> Result<Vec<FoundChannel>, Error> {
        let request = self
            .0
            .http
            .get(self.helix_url("search/channels"))
            .query(&[("query", query), ("first", SEARCH_RESULTS)]);
        let page: Page<FoundRow> = self.helix(Auth::App, request).await?;
        Ok(page.data.into_iter().map(FoundChannel::from).collect())
    }

    /// Whom the viewer follows, on all pages up to 2,000; the token must be that viewer's.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] when the token lacks `user:read:follows` or has ended.
    pub async fn followed_channels(
        &self,
        token: &SecretString,
        viewer: &UserId,
    ) -> Result<Vec<FollowedChannel>, Error> {
        let mut channels: Vec<FollowedChannel> = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..FOLLOWS_MAX / IDS_PER_CALL {
            let mut query = vec![("user_id", viewer.as_str()), ("first", "100")];
            if let Some(after) = &after {
                query.push(("after", after));
            }
            let request = self
                .0
                .http
                .get(self.helix_url("channels/followed"))
                .query(&query);
            let page: Page<FollowedRow> = self.helix(Auth::Viewer(token), request).await?;
            after = page.next();
            channels.extend(page.data.into_iter().map(FollowedChannel::from));
            if after.is_none() {
                break;
            }
        }
        // Twitch's pages can repeat entries.
        let mut seen = std::collections::HashSet::new();
        channels.retain(|channel| seen.insert(channel.id.clone()));
        Ok(channels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page<T: serde::de::DeserializeOwned>(json: &str) -> Page<T> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn odd_entries_do_not_lose_the_others() {
        let users: Page<UserRow> = page(
            r#"{"data":[{"id":7,"login":"Mira","display_name":null},{"login":"no_id"},{"id":"8","login":"b","display_name":"B","new":{}}]}"#,
        );
        let users: Vec<User> = users.data.into_iter().map(User::from).collect();
        assert_eq!(users.len(), 2);
        assert_eq!(users[0].id.as_str(), "7");
        assert_eq!(users[0].login.as_str(), "mira");
        assert_eq!(users[0].display_name, "Mira");
        assert_eq!(users[0].profile_image_url, "");
    }

    #[test]
    fn a_stream_may_lack_nearly_everything() {
        let streams: Page<StreamRow> = page(
            r#"{"data":[{"user_id":"7","tags":null,"viewer_count":null,"started_at":""}],"pagination":{}}"#,
        );
        assert_eq!(streams.next(), None);
        let stream = Stream::from(streams.data.into_iter().next().unwrap());
        assert_eq!((stream.viewers, stream.started_at), (0, None));
    }

    #[test]
    fn the_next_page_is_told_by_a_cursor_with_text() {
        assert_eq!(page::<UserRow>(r#"{"data":null}"#).next(), None);
        assert_eq!(
            page::<UserRow>(r#"{"data":[],"pagination":{"cursor":""}}"#).next(),
            None
        );
        let next = page::<UserRow>(r#"{"data":[],"pagination":{"cursor":"c"}}"#).next();
        assert_eq!(next.as_deref(), Some("c"));
    }
}
