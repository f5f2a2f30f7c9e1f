//! ★ Read first: accept (hand off) → record (store, dedupe) → publish (fan out).
//!
//! Every transport hands its verified messages to [`Pipeline::accept`], which answers when what they say is
//! committed. One thread records: all that waits goes into one transaction, and what was new is appended to the
//! live log in the order of its cursors, before anybody is answered.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::value::RawValue;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::eventsub::describe::{self, Reading, Subject};
use crate::eventsub::{EventsubSubscription, Message, Notification, lenient, revocation};
use crate::health::{Health, Part};
use crate::ids::UserId;
use crate::live::{Entry, Live, Published};
use crate::store::record::{NewEvent, Record, Recorded, Twin};
use crate::store::{self, Recorder};

/// Messages that may wait to be recorded; beyond it senders are told to come again.
const WAITING: usize = 8192;

/// Bytes of events that may wait: messages may be large, and memory must be bounded however many wait.
const WAITING_BYTES: usize = 64 * 1024 * 1024;

/// Messages of one transaction: long enough to share its fsync, short enough to answer soon.
const BATCH: usize = 512;

/// When nothing came for this long, what was recorded is filed.
const QUIET: Duration = Duration::from_millis(250);

/// Transactions that may wait to be published; with more the next one waits.
const COMMITS: usize = 4;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// New, and committed.
    Recorded,
    /// Held already, or the same happening as one that is.
    Duplicate,
    /// Understood, and nothing to keep.
    Ignored,
}

/// Why a message was not accepted; it must not be acknowledged.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database failed; nothing was kept.
    #[error("the event could not be stored")]
    Store(#[source] Arc<store::Error>),
    /// The database takes too long; Twitch will not wait for it.
    #[error("the database does not answer in time")]
    TimedOut,
    /// The server is stopping, or more waits than it will hold.
    #[error("the server takes no more events now")]
    Busy,
}

/// What happened while nothing could be received, as Twitch's API proves it.
#[derive(Debug)]
pub struct Proven {
    /// The type of event that Twitch would have sent.
    pub event_type: &'static str,
    /// Its version.
    pub version: &'static str,
    /// What is known of Twitch's `event` object.
    pub event: Box<RawValue>,
    /// When it happened, or as near as is known.
    pub at: Timestamp,
    /// In one line, where less is known than the event itself would tell.
    pub summary: Option<&'static str>,
}

/// The way in for messages of every transport; cheap to clone.
#[derive(Debug, Clone)]
pub struct Pipeline {
    client_id: Arc<str>,
    clock: Clock,
    wait: Duration,
    waiting: mpsc::SyncSender<Order>,
    room: Arc<Semaphore>,
}

#[derive(Debug)]
enum Order {
    Record(Waiting),
    /// Let nothing more in, and end when all that waits is recorded.
    Stop,
}

#[derive(Debug)]
struct Waiting {
    record: Record,
    /// Given back when the record is published or refused.
    room: OwnedSemaphorePermit,
    answer: oneshot::Sender<Result<Recorded, Error>>,
}

/// What the pipeline works with.
#[derive(Debug)]
pub struct Deps {
    /// The app that grants are made for.
    pub client_id: Arc<str>,
    /// Where events are kept.
    pub recorder: Recorder,
    /// Where new ones are published.
    pub live: Live,
    /// Learns whether the store works.
    pub health: Health,
    /// The time of day.
    pub clock: Clock,
    /// Longest wait of a message to be recorded.
    pub wait: Duration,
}

impl Pipeline {
    /// Starts the threads that record and publish; they end after `stop`, when all that waited is recorded.
    pub fn start(deps: Deps, tasks: &TaskTracker, stop: CancellationToken) -> Self {
        let (waiting, receiver) = mpsc::sync_channel(WAITING);
        let (commits, committed) = mpsc::sync_channel(COMMITS);
        let (recorder, live, health) = (deps.recorder, deps.live, deps.health);
        tasks.spawn_blocking(move || record_all(&receiver, recorder, &commits, &health));
        tasks.spawn_blocking(move || committed.iter().for_each(|commit| publish(commit, &live)));
        let stopping = waiting.clone();
        tasks.spawn(async move {
            stop.cancelled().await;
            // A full queue is emptied before long, or its thread is gone.
            drop(tokio::task::spawn_blocking(move || stopping.send(Order::Stop)).await);
        });
        Self {
            client_id: deps.client_id,
            clock: deps.clock,
            wait: deps.wait,
            waiting,
            room: Arc::new(Semaphore::new(WAITING_BYTES)),
        }
    }

    /// Takes a verified message; answers when what it says is committed.
    ///
    /// # Errors
    /// When it is not; Twitch must deliver it again.
    pub async fn accept(&self, message: Message) -> Result<Accepted, Error> {
        let record = match message {
            Message::Challenge(_) => None,
            Message::Revocation(ended) => Some(Record::TopicRevoked {
                message_id: ended.message_id,
                eventsub_id: ended.subscription.id,
                said_at: ended.timestamp.as_millisecond(),
                reason: revocation::reason(&ended.subscription.status),
            }),
            Message::Notification(notification) => self.record_of(notification),
        };
        match record {
            Some(record) => self.hand_over(record).await,
            None => Ok(Accepted::Ignored),
        }
    }

    /// Takes what no message told; a message that tells it later is a duplicate.
    ///
    /// # Errors
    /// When it is not committed.
    pub async fn recover(&self, proven: Proven) -> Result<Accepted, Error> {
        let notification = Notification {
            message_id: String::new(),
            timestamp: proven.at,
            subscription: EventsubSubscription {
                id: String::new(),
                status: String::new(),
                event_type: proven.event_type.to_owned(),
                version: proven.version.to_owned(),
                condition: None,
            },
            event: proven.event,
        };
        let Some(Record::Event(mut event)) = self.record_of(notification) else {
            return Ok(Accepted::Ignored);
        };
        event.message_id = None;
        if let Some(summary) = proven.summary {
            summary.clone_into(&mut event.summary);
        }
        self.hand_over(Record::Event(event)).await
    }

    async fn hand_over(&self, record: Record) -> Result<Accepted, Error> {
        let size = u32::try_from(record.size()).unwrap_or(u32::MAX);
        let Ok(room) = self.room.clone().try_acquire_many_owned(size) else {
            return Err(Error::Busy);
        };
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting {
            record,
            room,
            answer,
        };
        if self.waiting.try_send(Order::Record(waiting)).is_err() {
            return Err(Error::Busy);
        }
        // Given up, it may still be recorded later; Twitch's redelivery is then a duplicate.
        match tokio::time::timeout(self.wait, answered).await {
            Ok(Ok(Ok(Recorded::New(_) | Recorded::Applied))) => Ok(Accepted::Recorded),
            Ok(Ok(Ok(Recorded::Duplicate))) => Ok(Accepted::Duplicate),
            Ok(Ok(Err(error))) => Err(error),
            Ok(Err(_)) => Err(Error::Busy),
            Err(_) => Err(Error::TimedOut),
        }
    }

    /// What is to be kept of a notification.
    fn record_of(&self, notification: Notification) -> Option<Record> {
        if notification.subscription.event_type == "user.authorization.revoke" {
            return self.grant_revoked(notification);
        }
        let reading = read(&notification);
        match reading {
            Reading::Ignored(why) => {
                let event_type = notification.subscription.event_type;
                tracing::debug!(event_type, why, "ignored");
                None
            }
            Reading::Event(described) => Some(Record::Event(Box::new(NewEvent {
                message_id: Some(notification.message_id),
                event_type: notification.subscription.event_type,
                version: notification.subscription.version,
                kind: described.kind,
                broadcaster: described.broadcaster,
                actor: described.actor,
                summary: described.summary,
                amount: described.amount,
                text: described.text,
                occurred_at: described.occurred_at.as_millisecond(),
                received_at: self.clock.now_ms(),
                visibility: described.visibility,
                natural_key: described.natural_key,
                group: described.group,
                twins: described.twins.into_iter().map(twin).collect(),
                same_as: None,
                payload: on_one_line(notification.event),
            }))),
        }
    }

    fn grant_revoked(&self, notification: Notification) -> Option<Record> {
        let [client_id, viewer_id] = lenient::read(&notification.event, |event| {
            ["client_id", "user_id"].map(|name| lenient::id(event.as_object()?.get(name)?))
        });
        if client_id? != *self.client_id {
            return None;
        }
        Some(Record::GrantRevoked {
            message_id: notification.message_id,
            viewer_id: UserId::new(viewer_id?),
            said_at: notification.timestamp.as_millisecond(),
        })
    }
}

/// By what others are found that tell the same as a stored event.
fn twins_of(event: &wire::Event) -> Vec<Twin> {
    let condition = serde_json::json!({ "broadcaster_user_id": event.broadcaster.id });
    let reading = lenient::read(&event.payload, |payload| {
        describe::describe(&Subject {
            event_type: &event.event_type,
            version: &event.version,
            condition: (&condition).into(),
            event: payload,
            message_timestamp: event.occurred_at.parse().unwrap_or_default(),
        })
    });
    match reading {
        Reading::Event(described) => described.twins.into_iter().map(twin).collect(),
        Reading::Ignored(_) => Vec::new(),
    }
}

fn twin(of: describe::Twin) -> Twin {
    Twin {
        key: of.key,
        detail: of.detail,
        within_ms: of.within_ms,
    }
}

/// What a notification says.
fn read(notification: &Notification) -> Reading {
    let subscription = &notification.subscription;
    let condition = subscription.condition.as_deref().unwrap_or(RawValue::NULL);
    lenient::read(condition, |condition| {
        lenient::read(&notification.event, |event| {
            describe::describe(&Subject {
                event_type: &subscription.event_type,
                version: &subscription.version,
                condition,
                event,
                message_timestamp: notification.timestamp,
            })
        })
    })
}

/// Line breaks between JSON tokens would end a `data:` line of the live stream.
fn on_one_line(payload: Box<RawValue>) -> Box<RawValue> {
    // One after the other: for a single character there is a quick search.
    if !payload.get().contains('\n') && !payload.get().contains('\r') {
        return payload;
    }
    // Inside JSON strings they are escaped, so each is mere white space.
    let flat = payload.get().replace(['\n', '\r'], " ");
    RawValue::from_string(flat).unwrap_or(payload)
}

/// What was recorded together, and who waits to hear of it.
#[derive(Debug, Default)]
struct Commit {
    records: Vec<Record>,
    rooms: Vec<OwnedSemaphorePermit>,
    answers: Vec<oneshot::Sender<Result<Recorded, Error>>>,
    outcomes: Vec<Recorded>,
}

fn record_all(
    waiting: &mpsc::Receiver<Order>,
    mut recorder: Recorder,
    commits: &mpsc::SyncSender<Commit>,
    health: &Health,
) {
    if let Err(error) = recorder.recall(twins_of) {
        // Then they are stored without links, unless this goes wrong, too.
        tracing::warn!(
            error = error_chain(&error),
            "what tells the same as stored events is not known"
        );
    }
    let mut stops = false;
    while !stops {
        let first = match waiting.recv_timeout(QUIET) {
            Ok(first) => first,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                file_some(&mut recorder);
                continue;
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
        };
        let mut commit = Commit::default();
        let mut take = |order| match order {
            Order::Record(waiting) => {
                commit.records.push(waiting.record);
                commit.rooms.push(waiting.room);
                commit.answers.push(waiting.answer);
            }
            Order::Stop => stops = true,
        };
        take(first);
        waiting.try_iter().take(BATCH).for_each(take);
        if commit.records.is_empty() {
            continue;
        }
        match recorder.record(&mut commit.records) {
            Ok(outcomes) => {
                health.report(Part::Store, Ok(()));
                commit.outcomes = outcomes;
                // Published while the next one is recorded.
                if commits.send(commit).is_err() {
                    tracing::error!("what was recorded could not be published");
                    return;
                }
            }
            Err(error) => {
                health.report(Part::Store, Err(error_chain(&error)));
                let error = Error::Store(Arc::new(error));
                for answer in commit.answers {
                    // Whoever waited may have gone.
                    drop(answer.send(Err(error.clone())));
                }
            }
        }
    }
}

/// Files what was recorded while nothing comes.
fn file_some(recorder: &mut Recorder) {
    // Lists look through what is not filed, and the next message meets the same trouble and tells of it.
    if let Err(error) = recorder.file() {
        tracing::debug!(error = error_chain(&error), "events could not be filed");
    }
}

/// Appends what was new to the log, then answers those who wait.
fn publish(commit: Commit, live: &Live) {
    let mut events = Vec::with_capacity(commit.records.len());
    let mut topics_changed = false;
    for (record, outcome) in commit.records.into_iter().zip(&commit.outcomes) {
        match (record, outcome) {
            (Record::Event(event), Recorded::New(id)) => {
                let occurred_at = event.occurred_at;
                let private_twin = event.private_twin();
                let event = event.into_wire(*id);
                events.push(Published::new(*id, occurred_at, event, private_twin));
            }
            (Record::TopicRevoked { .. }, Recorded::Applied) => topics_changed = true,
            (Record::GrantRevoked { viewer_id, .. }, Recorded::Applied) => {
                topics_changed = true;
                live.append(Entry::ViewerChanged(viewer_id));
            }
            _ => {}
        }
    }
    if !events.is_empty() {
        live.append_events(events);
    }
    if topics_changed {
        live.append(Entry::TopicsChanged);
    }
    for (answer, outcome) in commit.answers.into_iter().zip(commit.outcomes) {
        drop(answer.send(Ok(outcome)));
    }
}

/// An error and all its causes on one line.
pub fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
