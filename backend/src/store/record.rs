//! Recording: each message and each happening once, in one transaction for all that wait.

use serde_json::value::RawValue;
use sqlx::SqliteConnection;
use wire::{Amount, Event, Kind, UserRef, Visibility};

use super::{Error, Store, gaps, insert, seen};
use crate::clock::rfc3339;
use crate::ids::UserId;

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
        let ids: Vec<&str> = records.iter().map(Record::message_id).collect();
        let fresh = seen::note(&mut transaction, &ids, now).await?;
        let mut outcomes = vec![Recorded::Duplicate; records.len()];
        let mut events = Vec::with_capacity(fresh.len());
        for index in fresh {
            match &records[index] {
                Record::Event(event) => events.push((index, &**event)),
                revoked @ (Record::TopicRevoked { .. } | Record::GrantRevoked { .. }) => {
                    outcomes[index] = apply(&mut transaction, revoked, now).await?;
                }
            }
        }
        for (index, id) in insert::all(&mut transaction, &events).await? {
            outcomes[index] = Recorded::New(id);
        }
        transaction.commit().await?;
        self.checkpoints.note(events.len());
        Ok(outcomes)
    }
}

/// What is no event changes what we know.
async fn apply(
    connection: &mut SqliteConnection,
    record: &Record,
    now: i64,
) -> Result<Recorded, sqlx::Error> {
    match record {
        Record::Event(_) => Ok(Recorded::Duplicate),
        Record::TopicRevoked {
            eventsub_id,
            reason,
            said_at,
            ..
        } => {
            gaps::begin_revoked(&mut *connection, eventsub_id, now.min(*said_at)).await?;
            sqlx::query(
                "UPDATE topics SET status = 'failed', reason = $1, eventsub_id = NULL, updated_at = $2 \
                 WHERE eventsub_id = $3",
            )
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
