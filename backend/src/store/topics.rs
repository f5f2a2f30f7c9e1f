//! Topics: what the reconciler knows of each, shown to viewers.

use std::collections::{BTreeMap, HashSet};

use secrecy::{ExposeSecret, SecretString};
use sqlx::{FromRow, QueryBuilder, Sqlite};
use wire::{Direction, TopicStatus};

use super::gaps::{self, Span};
use super::{Error, Store};
use crate::ids::UserId;

/// Rows written in one statement.
const ROWS_PER_STATEMENT: usize = 500;

const WEBHOOK_SECRET: &str = "webhook-secret-in-use";

/// What tells one topic from another. Ordered by broadcaster, then type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicKey {
    /// Whose events.
    pub broadcaster_id: UserId,
    /// Twitch's subscription type.
    pub event_type: String,
    /// For raids: into or out of the channel.
    pub direction: Option<Direction>,
}

/// How a topic stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicState {
    /// Twitch's subscription that carries it.
    pub eventsub_id: Option<String>,
    /// Whether it arrives.
    pub status: TopicStatus,
    /// Why it does not, for people.
    pub reason: Option<String>,
}

/// What a comparison changes.
#[derive(Debug, Default)]
pub struct TopicChanges {
    /// How these stand now.
    pub changed: Vec<(TopicKey, TopicState)>,
    /// Those that have stopped to arrive, and until when they did for sure, unix milliseconds. One that is not
    /// among the changed, or arrives by now, had stopped for a while.
    pub lost: Vec<(TopicKey, i64)>,
    /// Nobody wants these any more.
    pub gone: Vec<TopicKey>,
}

#[derive(FromRow)]
struct TopicRow {
    broadcaster_id: UserId,
    event_type: String,
    direction: String,
    eventsub_id: Option<String>,
    status: String,
    reason: Option<String>,
}

impl From<TopicRow> for (TopicKey, TopicState) {
    fn from(row: TopicRow) -> Self {
        let key = TopicKey {
            broadcaster_id: row.broadcaster_id,
            event_type: row.event_type,
            direction: direction_from(&row.direction),
        };
        let state = TopicState {
            eventsub_id: row.eventsub_id,
            status: status_from(&row.status),
            reason: row.reason,
        };
        (key, state)
    }
}

pub(super) fn direction_name(direction: Option<Direction>) -> &'static str {
    match direction {
        None => "",
        Some(Direction::In) => "in",
        Some(Direction::Out) => "out",
    }
}

fn direction_from(name: &str) -> Option<Direction> {
    match name {
        "in" => Some(Direction::In),
        "out" => Some(Direction::Out),
        _ => None,
    }
}

fn status_name(status: TopicStatus) -> &'static str {
    match status {
        TopicStatus::Enabled => "enabled",
        TopicStatus::Pending => "pending",
        TopicStatus::Polling => "polling",
        TopicStatus::Unavailable => "unavailable",
        TopicStatus::Failed => "failed",
    }
}

fn status_from(name: &str) -> TopicStatus {
    match name {
        "enabled" => TopicStatus::Enabled,
        "polling" => TopicStatus::Polling,
        "unavailable" => TopicStatus::Unavailable,
        "failed" => TopicStatus::Failed,
        _ => TopicStatus::Pending,
    }
}

const COLUMNS: &str =
    "SELECT broadcaster_id, event_type, direction, eventsub_id, status, reason FROM topics";

impl Store {
    /// Every topic.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn topics(&self) -> Result<BTreeMap<TopicKey, TopicState>, Error> {
        let rows: Vec<TopicRow> = sqlx::query_as(COLUMNS).fetch_all(&self.read).await?;
        Ok(rows.into_iter().map(TopicRow::into).collect())
    }

    /// The topics of these broadcasters.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn topics_of(
        &self,
        broadcasters: &[UserId],
    ) -> Result<BTreeMap<TopicKey, TopicState>, Error> {
        let mut topics = BTreeMap::new();
        for chunk in broadcasters.chunks(ROWS_PER_STATEMENT) {
            let mut query = QueryBuilder::<Sqlite>::new(COLUMNS);
            query.push(" WHERE broadcaster_id IN (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id);
            }
            query.push(")");
            let rows: Vec<TopicRow> = query.build_query_as().fetch_all(&self.read).await?;
            topics.extend(rows.into_iter().map(<(TopicKey, TopicState)>::from));
        }
        Ok(topics)
    }

    /// Writes how topics stand and forgets others, in one transaction; answers the gaps that end with it.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    pub async fn update_topics(
        &self,
        changes: &TopicChanges,
    ) -> Result<Vec<(TopicKey, Span)>, Error> {
        let TopicChanges {
            changed,
            lost,
            gone,
        } = changes;
        let mut ended = Vec::new();
        if changed.is_empty() && gone.is_empty() && lost.is_empty() {
            return Ok(ended);
        }
        let now = self.clock.now_ms();
        let mut tx = self.write.begin().await?;
        for (key, began_at) in lost {
            gaps::begin(&mut tx, key, *began_at).await?;
        }
        // Those that arrive now, and those that arrived again before anybody looked.
        let not_arriving: HashSet<&TopicKey> = changed
            .iter()
            .filter(|(_, state)| state.status != TopicStatus::Enabled)
            .map(|(key, _)| key)
            .collect();
        let arriving = changed.iter().map(|(key, _)| key);
        for key in arriving.chain(lost.iter().map(|(key, _)| key)) {
            if !not_arriving.contains(key)
                && let Some(began_at) = gaps::end(&mut tx, key, now).await?
            {
                let span = Span {
                    began_at,
                    ended_at: now,
                };
                ended.push((key.clone(), span));
            }
        }
        for chunk in changed.chunks(ROWS_PER_STATEMENT) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "INSERT INTO topics \
                 (broadcaster_id, event_type, direction, eventsub_id, status, reason, updated_at) ",
            );
            query.push_values(chunk, |mut row, (key, state)| {
                row.push_bind(&key.broadcaster_id)
                    .push_bind(&key.event_type)
                    .push_bind(direction_name(key.direction))
                    .push_bind(&state.eventsub_id)
                    .push_bind(status_name(state.status))
                    .push_bind(&state.reason)
                    .push_bind(now);
            });
            query.push(
                " ON CONFLICT (broadcaster_id, event_type, direction) DO UPDATE SET \
                 eventsub_id = excluded.eventsub_id, status = excluded.status, \
                 reason = excluded.reason, updated_at = excluded.updated_at",
            );
            query.build().execute(&mut *tx).await?;
        }
        for key in gone {
            gaps::end(&mut tx, key, now).await?;
            sqlx::query(
                "DELETE FROM topics WHERE broadcaster_id = $1 AND event_type = $2 AND direction = $3",
            )
            .bind(&key.broadcaster_id)
            .bind(&key.event_type)
            .bind(direction_name(key.direction))
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// The secret that signs the webhooks Twitch has now, if there are any.
    ///
    /// # Errors
    /// When the database fails or the secret cannot be read.
    pub async fn webhook_secret_in_use(&self) -> Result<Option<SecretString>, Error> {
        let sealed = self.meta(WEBHOOK_SECRET).await?;
        let open = |sealed: String| self.cipher.open(WEBHOOK_SECRET, &sealed);
        Ok(sealed.map(open).transpose()?)
    }

    /// Remembers the secret that signs the webhooks from now on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_webhook_secret_in_use(&self, secret: &SecretString) -> Result<(), Error> {
        let sealed = self.cipher.seal(WEBHOOK_SECRET, secret.expose_secret())?;
        self.set_meta(WEBHOOK_SECRET, &sealed).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::crypto::SecretKey;
    use crate::store::Identity;
    use crate::store::record::{Record, Recorded};

    #[tokio::test]
    async fn topics_are_written_revoked_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let key = SecretKey::load(None, folder.path(), true).unwrap();
        let identity = Identity {
            mode: "real",
            twitch_host: "localhost".into(),
        };
        let store = Store::open(folder.path().join("t.db"), &identity, &key, Clock::system())
            .await
            .unwrap();
        let raid = |direction| TopicKey {
            broadcaster_id: UserId::new("7"),
            event_type: "channel.raid".into(),
            direction: Some(direction),
        };
        let enabled = |id: &str| TopicState {
            eventsub_id: Some(id.into()),
            status: TopicStatus::Enabled,
            reason: None,
        };
        let both = [
            (raid(Direction::In), enabled("s1")),
            (raid(Direction::Out), enabled("s2")),
        ];
        let changes = TopicChanges {
            changed: both.to_vec(),
            ..TopicChanges::default()
        };
        store.update_topics(&changes).await.unwrap();
        store.update_topics(&changes).await.unwrap();
        assert_eq!(store.topics().await.unwrap(), both.clone().into());

        let revoked = |message: &str, eventsub: &str| Record::TopicRevoked {
            said_at: 0,
            message_id: message.into(),
            eventsub_id: eventsub.into(),
            reason: "gone".into(),
        };
        let mut records = [
            revoked("m1", "s2"),
            revoked("m2", "other"),
            revoked("m1", "s1"),
        ];
        let mut recorder = store.recorder().unwrap();
        let outcomes = tokio::task::spawn_blocking(move || recorder.record(&mut records).unwrap());
        let outcomes = outcomes.await.unwrap();
        assert_eq!(
            outcomes,
            [Recorded::Applied, Recorded::Applied, Recorded::Duplicate]
        );
        let topics = store.topics_of(&[UserId::new("7")]).await.unwrap();
        assert_eq!(topics[&raid(Direction::Out)].status, TopicStatus::Failed);
        assert_eq!(
            topics[&raid(Direction::Out)].reason.as_deref(),
            Some("gone")
        );

        store
            .update_topics(&TopicChanges {
                gone: vec![raid(Direction::Out)],
                ..TopicChanges::default()
            })
            .await
            .unwrap();
        assert_eq!(store.topics().await.unwrap().len(), 1);
    }
}
