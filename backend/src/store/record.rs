//! Recording: each message and each happening once, in one transaction for all that wait.

use serde_json::value::RawValue;
use sqlx::SqliteConnection;
use wire::{Amount, Event, Kind, UserRef, Visibility};

use super::{Error, Store, gaps};
use crate::clock::rfc3339;
use crate::ids::UserId;

/// Two equal `channel.update` of one broadcaster within this many milliseconds are one happening.
const CHANNEL_UPDATE_WINDOW_MS: i64 = 60_000;

/// An event that was received and has no cursor yet.
#[derive(Debug)]
pub struct NewEvent {
    /// Twitch's message id.
    pub message_id: String,
    /// Twitch's type.
    pub event_type: String,
    /// Twitch's version of it.
    pub version: String,
    /// What sort of happening.
    pub kind: Kind,
    /// Whose channel.
    pub broadcaster: UserRef,
    /// Who did it.
    pub actor: Option<UserRef>,
    /// In one line.
    pub summary: String,
    /// How much.
    pub amount: Option<Amount>,
    /// What was written.
    pub text: Option<String>,
    /// Unix milliseconds.
    pub occurred_at: i64,
    /// Unix milliseconds.
    pub received_at: i64,
    /// Who may see it.
    pub visibility: Visibility,
    /// What names the happening within its type and broadcaster.
    pub natural_key: Option<String>,
    /// Twitch's `event` object, unchanged.
    pub payload: Box<RawValue>,
}

impl NewEvent {
    /// The event under its cursor, as it goes over the wire.
    pub fn into_wire(self, id: i64) -> Event {
        Event {
            id: id.to_string(),
            message_id: Some(self.message_id),
            event_type: self.event_type,
            version: self.version,
            kind: self.kind,
            broadcaster: self.broadcaster,
            actor: self.actor,
            summary: self.summary,
            amount: self.amount,
            text: self.text,
            occurred_at: rfc3339(self.occurred_at),
            received_at: rfc3339(self.received_at),
            visibility: self.visibility,
            group: None,
            same_as: None,
            recovered: false,
            payload: self.payload,
        }
    }
}

/// Something to keep or to apply, once per message id.
#[derive(Debug)]
pub enum Record {
    /// An event.
    Event(Box<NewEvent>),
    /// Twitch ended one of its subscriptions.
    TopicRevoked {
        /// Of the message that said so.
        message_id: String,
        /// Twitch's id of the subscription.
        eventsub_id: String,
        /// When Twitch said so, unix milliseconds.
        said_at: i64,
        /// Twitch's word for why.
        reason: String,
    },
    /// A viewer took the grant back at Twitch.
    GrantRevoked {
        /// Of the message that said so.
        message_id: String,
        /// Who.
        viewer_id: UserId,
        /// When Twitch said so, unix milliseconds; a grant made later stands.
        said_at: i64,
    },
}

impl Record {
    fn message_id(&self) -> &str {
        match self {
            Self::Event(event) => &event.message_id,
            Self::TopicRevoked { message_id, .. } | Self::GrantRevoked { message_id, .. } => {
                message_id
            }
        }
    }
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// Stored under this cursor.
    New(i64),
    /// Applied; there is no event.
    Applied,
    /// The message, or the happening it tells, was held already.
    Duplicate,
}

impl Store {
    /// Records all in one transaction; the outcomes are in the order of the records.
    ///
    /// # Errors
    /// When the transaction failed: then nothing of it is kept.
    pub async fn record(&self, records: &[Record]) -> Result<Vec<Recorded>, Error> {
        let now = self.clock.now_ms();
        let mut transaction = self.begin().await?;
        let mut outcomes = Vec::with_capacity(records.len());
        for record in records {
            outcomes.push(record_one(&mut transaction, record, now).await?);
        }
        transaction.commit().await?;
        Ok(outcomes)
    }

    /// Forgets message ids seen before this time; answers how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_messages_before(&self, time_ms: i64) -> Result<u64, Error> {
        let done = sqlx::query("DELETE FROM seen_messages WHERE seen_at < $1")
            .bind(time_ms)
            .execute(&self.write)
            .await?;
        Ok(done.rows_affected())
    }
}

async fn record_one(
    connection: &mut SqliteConnection,
    record: &Record,
    now: i64,
) -> Result<Recorded, sqlx::Error> {
    let seen = sqlx::query(
        "INSERT INTO seen_messages (message_id, seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    )
    .bind(record.message_id())
    .bind(now)
    .execute(&mut *connection)
    .await?;
    if seen.rows_affected() == 0 {
        return Ok(Recorded::Duplicate);
    }
    match record {
        Record::Event(event) => insert_event(connection, event).await,
        Record::TopicRevoked {
            eventsub_id,
            reason,
            said_at,
            ..
        } => {
            gaps::begin_revoked(&mut *connection, eventsub_id, now.min(*said_at)).await?;
            sqlx::query("UPDATE topics SET status = 'failed', reason = $1, eventsub_id = NULL, updated_at = $2 WHERE eventsub_id = $3")
                .bind(reason)
                .bind(now)
                .bind(eventsub_id)
                .execute(connection)
                .await?;
            Ok(Recorded::Applied)
        }
        Record::GrantRevoked {
            viewer_id, said_at, ..
        } => {
            let renewed: Option<i64> =
                sqlx::query_scalar("SELECT 1 FROM grants WHERE viewer_id = $1 AND granted_at > $2")
                    .bind(viewer_id)
                    .bind(said_at)
                    .fetch_optional(&mut *connection)
                    .await?;
            if renewed.is_some() {
                return Ok(Recorded::Duplicate);
            }
            sqlx::query("DELETE FROM grants WHERE viewer_id = $1")
                .bind(viewer_id)
                .execute(&mut *connection)
                .await?;
            sqlx::query("UPDATE viewers SET session_epoch = session_epoch + 1 WHERE id = $1")
                .bind(viewer_id)
                .execute(connection)
                .await?;
            Ok(Recorded::Applied)
        }
    }
}

async fn insert_event(
    connection: &mut SqliteConnection,
    event: &NewEvent,
) -> Result<Recorded, sqlx::Error> {
    if event.event_type == "channel.update" && repeats_last_update(connection, event).await? {
        return Ok(Recorded::Duplicate);
    }
    let natural_key = event.natural_key.as_ref().map(|key| {
        format!(
            "{}\u{1f}{}\u{1f}{key}",
            event.event_type, event.broadcaster.id
        )
    });
    let actor = event.actor.as_ref();
    let amount = event.amount.as_ref();
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO events (message_id, event_type, version, kind, broadcaster_id, broadcaster_login, \
         broadcaster_name, actor_id, actor_login, actor_name, actor_name_lower, summary, amount_value, amount_unit, \
         amount_decimals, text, occurred_at, received_at, visibility, natural_key, payload) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(&event.message_id)
    .bind(&event.event_type)
    .bind(&event.version)
    .bind(event.kind.as_str())
    .bind(&event.broadcaster.id)
    .bind(&event.broadcaster.login)
    .bind(&event.broadcaster.display_name)
    .bind(actor.map(|a| &a.id))
    .bind(actor.map(|a| &a.login))
    .bind(actor.map(|a| &a.display_name))
    .bind(actor.map(|a| a.display_name.to_lowercase()))
    .bind(&event.summary)
    .bind(amount.map(|a| a.value))
    .bind(amount.map(|a| &a.unit))
    .bind(amount.and_then(|a| a.decimals).map(i64::from))
    .bind(&event.text)
    .bind(event.occurred_at)
    .bind(event.received_at)
    .bind(visibility_name(event.visibility))
    .bind(natural_key)
    .bind(event.payload.get())
    .fetch_optional(connection)
    .await?;
    Ok(id.map_or(Recorded::Duplicate, Recorded::New))
}

/// Twitch sends some updates twice under two message ids.
async fn repeats_last_update(
    connection: &mut SqliteConnection,
    event: &NewEvent,
) -> Result<bool, sqlx::Error> {
    let last: Option<(String, i64)> = sqlx::query_as(
        "SELECT payload, occurred_at FROM events WHERE event_type = 'channel.update' AND broadcaster_id = $1 \
         ORDER BY id DESC LIMIT 1",
    )
    .bind(&event.broadcaster.id)
    .fetch_optional(connection)
    .await?;
    let Some((payload, occurred_at)) = last else {
        return Ok(false);
    };
    if (event.occurred_at - occurred_at).abs() > CHANNEL_UPDATE_WINDOW_MS {
        return Ok(false);
    }
    let parse = serde_json::from_str::<serde_json::Value>;
    Ok(matches!((parse(&payload), parse(event.payload.get())), (Ok(a), Ok(b)) if a == b))
}

fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Broadcaster => "broadcaster",
    }
}
