//! Broadcasters: who they are, and whether they stream.

use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::{Error, Store, streams};
use crate::ids::{Login, UserId};

/// Ids bound in one statement; the engine has a limit.
const IDS_PER_STATEMENT: usize = 500;

/// Who a broadcaster is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Broadcaster {
    /// Twitch's id.
    pub id: UserId,
    /// Lower-case login name.
    pub login: Login,
    /// The name as its owner writes it.
    pub display_name: String,
    /// Address of the avatar, may be empty.
    pub profile_image_url: String,
}

/// A broadcaster and the running stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroadcasterState {
    /// Who.
    pub broadcaster: Broadcaster,
    /// What is streamed; `None` when offline.
    pub stream: Option<StreamState>,
}

/// What is known of a running stream. Right after its start only the start itself is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StreamState {
    /// Twitch's id of the broadcast.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its category.
    pub category: String,
    /// Viewers at the last look.
    pub viewers: i64,
    /// Unix milliseconds.
    pub started_at: i64,
    /// Address of the preview image with `{width}` and `{height}` to fill in.
    pub thumbnail_url: String,
}

#[derive(FromRow)]
struct StateRow {
    #[sqlx(flatten)]
    broadcaster: Broadcaster,
    stream_id: Option<String>,
    stream_title: Option<String>,
    stream_category: Option<String>,
    stream_viewers: Option<i64>,
    stream_started_at: Option<i64>,
    stream_thumbnail_url: Option<String>,
}

impl From<StateRow> for BroadcasterState {
    fn from(row: StateRow) -> Self {
        let stream = row.stream_id.map(|id| StreamState {
            id,
            title: row.stream_title.unwrap_or_default(),
            category: row.stream_category.unwrap_or_default(),
            viewers: row.stream_viewers.unwrap_or_default(),
            started_at: row.stream_started_at.unwrap_or_default(),
            thumbnail_url: row.stream_thumbnail_url.unwrap_or_default(),
        });
        Self {
            broadcaster: row.broadcaster,
            stream,
        }
    }
}

impl Store {
    /// Keeps who a broadcaster is; what is known of the stream stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_broadcaster(&self, broadcaster: &Broadcaster) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO broadcasters (id, login, display_name, profile_image_url) \
             VALUES ($1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET login = excluded.login, \
             display_name = excluded.display_name, profile_image_url = excluded.profile_image_url",
        )
        .bind(&broadcaster.id)
        .bind(&broadcaster.login)
        .bind(&broadcaster.display_name)
        .bind(&broadcaster.profile_image_url)
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(())
    }

    /// What is known of these broadcasters; those never seen are missing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn broadcasters(&self, ids: &[UserId]) -> Result<Vec<BroadcasterState>, Error> {
        let mut states = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(IDS_PER_STATEMENT) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT id, login, display_name, profile_image_url, stream_id, stream_title, \
                 stream_category, stream_viewers, stream_started_at, stream_thumbnail_url \
                 FROM broadcasters WHERE id IN (",
            );
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id);
            }
            query.push(")");
            let rows: Vec<StateRow> = query.build_query_as().fetch_all(&self.read).await?;
            states.extend(rows.into_iter().map(BroadcasterState::from));
        }
        Ok(states)
    }

    /// Sets or clears running streams in one transaction; answers those that went from offline to live or
    /// back, and whether they are live now.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn set_streams(
        &self,
        states: &[(UserId, Option<StreamState>)],
    ) -> Result<Vec<(UserId, bool)>, Error> {
        let mut turned = Vec::new();
        if states.is_empty() {
            return Ok(turned);
        }
        let mut tx = self.write.begin().await?;
        for (id, stream) in states {
            let was_live: Option<bool> =
                sqlx::query_scalar("SELECT stream_id IS NOT NULL FROM broadcasters WHERE id = $1")
                    .bind(id)
                    .fetch_optional(&mut *tx)
                    .await?;
            let stream = stream.as_ref();
            sqlx::query(
                "UPDATE broadcasters SET stream_id = $2, stream_title = $3, stream_category = $4, \
                 stream_viewers = $5, stream_started_at = $6, stream_thumbnail_url = $7 WHERE id = $1",
            )
            .bind(id)
            .bind(stream.map(|s| s.id.as_str()))
            .bind(stream.map(|s| s.title.as_str()))
            .bind(stream.map(|s| s.category.as_str()))
            .bind(stream.map(|s| s.viewers))
            .bind(stream.map(|s| s.started_at))
            .bind(stream.map(|s| s.thumbnail_url.as_str()))
            .execute(&mut *tx)
            .await?;
            if let Some(stream) = stream {
                streams::note(&mut tx, id, stream).await?;
            }
            if was_live.is_some_and(|was| was != stream.is_some()) {
                turned.push((id.clone(), stream.is_some()));
            }
        }
        tx.commit().await?;
        Ok(turned)
    }

    /// Forgets the streams of broadcasters nobody is subscribed to: nobody looks whether they go on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_unwatched_streams(&self) -> Result<(), Error> {
        sqlx::query(
            "UPDATE broadcasters SET stream_id = NULL WHERE stream_id IS NOT NULL \
             AND id NOT IN (SELECT broadcaster_id FROM subscriptions)",
        )
        .execute(&mut *self.write.turn().await?)
        .await?;
        Ok(())
    }

    /// The broadcasters whose events are to be collected: somebody whose grant is kept is subscribed. Those who
    /// are live come first, then those with the most subscribers: where not all can be had, these are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wanted_broadcasters(&self) -> Result<Vec<UserId>, Error> {
        let ids = sqlx::query_scalar(
            "SELECT s.broadcaster_id FROM subscriptions s \
             JOIN grants g ON g.viewer_id = s.viewer_id JOIN broadcasters b ON b.id = s.broadcaster_id \
             GROUP BY s.broadcaster_id \
             ORDER BY MAX(b.stream_id IS NOT NULL) DESC, COUNT(*) DESC, s.broadcaster_id",
        )
        .fetch_all(&self.read)
        .await?;
        Ok(ids)
    }
}
