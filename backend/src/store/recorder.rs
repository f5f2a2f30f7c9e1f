//! Recording: each message and each happening once, in one transaction for all that wait.
//!
//! The one place where a statement runs for every event, so it has a connection of its own that is called directly:
//! each hand-over to another thread would cost more than the statement.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{CachedStatement, Connection, ErrorCode, TransactionBehavior, params};
use wire::{Event, Visibility};

use super::checkpoint::Checkpoints;
use super::recent::{self, Recent};
use super::record::{NewEvent, Record, Recorded, Twin};
use super::seen::{self, Seen};
use super::twins::{Telling, Twins};
use super::writer::Turns;
use super::{BUSY_TIMEOUT, Error, events, gaps, recovery};
use crate::clock::{Clock, READ_LATE_MS};

/// Two equal `channel.update` of one broadcaster within this many milliseconds are one happening.
pub(super) const CHANNEL_UPDATE_WINDOW_MS: i64 = 60_000;

/// Stored events among which those are that may tell the same as new ones.
const RECALLED: u32 = 2_000;

/// Page cache, in KiB (negative by SQLite's convention): the tree of what was seen is looked into for every event. A
/// large one has its price: until a file has 1 GB, commits that part pages of a tree make SQLite walk through all of it
/// (a page that changes its place is numbered beyond that size for a moment, and what lies beyond the end is then
/// searched for).
const CACHE: i64 = -24_576;

/// Records events. Every call blocks its thread until what it says is on the disk.
#[derive(Debug)]
pub struct Recorder {
    path: PathBuf,
    connection: Connection,
    turns: Turns,
    checkpoints: Arc<Checkpoints>,
    clock: Clock,
    /// What was seen and is not in its tree yet.
    recent: Recent,
    /// Records since what was seen was put into its tree last.
    unfiled: usize,
    twins: Twins,
}

impl Recorder {
    pub(super) fn open(
        path: &Path,
        turns: Turns,
        checkpoints: Arc<Checkpoints>,
        clock: Clock,
    ) -> rusqlite::Result<Self> {
        let connection = connect(path)?;
        Ok(Self {
            path: path.to_owned(),
            recent: Recent::after(seen::newest(&connection)?),
            connection,
            turns,
            checkpoints,
            clock,
            unfiled: 0,
            twins: Twins::default(),
        })
    }

    /// Learns of the newest stored events what they have in common with others that tell the same.
    ///
    /// # Errors
    /// When the database fails.
    pub fn recall(&mut self, twins: impl Fn(&Event) -> Vec<Twin>) -> Result<(), Error> {
        for stored in events::newest(&self.connection, RECALLED)? {
            let twins = twins(&stored.event);
            self.twins.know(&Telling::stored(stored), &twins);
        }
        Ok(())
    }

    /// Records all in one transaction; the outcomes are in the order of the records, and what tells the same as an event
    /// is in it then.
    ///
    /// # Errors
    /// When the transaction failed: then nothing of it is kept.
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn record(&mut self, records: &mut [Record]) -> Result<Vec<Recorded>, Error> {
        let mut known_from = None;
        let outcome = self.try_record(records, &mut known_from);
        if let (Err(_), Some(first)) = (&outcome, known_from) {
            self.twins.forget_from(first);
        }
        self.replace_a_connection_that_only_reads(outcome)
    }

    /// Puts some of what was seen lately into its tree, if there is any.
    ///
    /// # Errors
    /// When the transaction failed: then it is to be done again.
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn file(&mut self) -> Result<(), Error> {
        if self.recent.is_empty() {
            return Ok(());
        }
        let outcome = self.try_file();
        self.replace_a_connection_that_only_reads(outcome)
    }

    /// `known_from` becomes the first cursor given, whatever becomes of the transaction.
    fn try_record(
        &mut self,
        records: &mut [Record],
        known_from: &mut Option<i64>,
    ) -> rusqlite::Result<Vec<Recorded>> {
        let now = self.clock.now_ms();
        let unfiled = self.unfiled + records.len();
        let is_filing_due = unfiled >= recent::STEP;
        let _turn = self.turns.blocking_lock();
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (recent, twins) = (&mut self.recent, &mut self.twins);
        let mut writing = Writing::new(&transaction, recent, twins, now)?;
        let written = writing.record_each(records, known_from);
        drop(writing);
        let written = written.and_then(|outcomes| {
            let noted = is_filing_due
                .then(|| recent.file_some(&transaction))
                .transpose()?;
            transaction.commit()?;
            Ok((outcomes, noted))
        });
        match written {
            Ok((outcomes, noted)) => {
                recent.committed(noted);
                self.unfiled = if is_filing_due { 0 } else { unfiled };
                self.checkpoints.note(records.len());
                Ok(outcomes)
            }
            Err(error) => {
                recent.rolled_back();
                Err(error)
            }
        }
    }

    fn try_file(&mut self) -> rusqlite::Result<()> {
        let _turn = self.turns.blocking_lock();
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let noted = self.recent.file_some(&transaction)?;
        transaction.commit()?;
        self.recent.committed(Some(noted));
        Ok(())
    }

    /// SQLite opens a file that may not be written for reading, and such a connection stays what it is.
    fn replace_a_connection_that_only_reads<T>(
        &mut self,
        outcome: rusqlite::Result<T>,
    ) -> Result<T, Error> {
        if let Err(error) = &outcome
            && error.sqlite_error_code() == Some(ErrorCode::ReadOnly)
        {
            self.connection = connect(&self.path)?;
        }
        Ok(outcome?)
    }
}

/// A connection for those who record, file and delete events.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "cache_size", CACHE)?;
    Ok(connection)
}

/// A transaction that records, with what is run for every event prepared once for all of them.
struct Writing<'c> {
    connection: &'c Connection,
    recent: &'c mut Recent,
    twins: &'c mut Twins,
    is_seen: CachedStatement<'c>,
    insert: CachedStatement<'c>,
    now: i64,
}

impl<'c> Writing<'c> {
    fn new(
        connection: &'c Connection,
        recent: &'c mut Recent,
        twins: &'c mut Twins,
        now: i64,
    ) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            recent,
            twins,
            is_seen: connection.prepare_cached(seen::IS_SEEN)?,
            insert: connection.prepare_cached(INSERT)?,
            now,
        })
    }

    fn record_each(
        &mut self,
        records: &mut [Record],
        known_from: &mut Option<i64>,
    ) -> rusqlite::Result<Vec<Recorded>> {
        let mut outcomes = Vec::with_capacity(records.len());
        for record in records {
            let outcome = self.record(record)?;
            if let (Record::Event(event), Recorded::New(id)) = (&*record, outcome) {
                known_from.get_or_insert(id);
                self.twins.know(&Telling::of(id, event), &event.twins);
            }
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }

    fn record(&mut self, record: &mut Record) -> rusqlite::Result<Recorded> {
        let message = record.message_id().map(|id| Seen::message(id, self.now));
        if self.is_seen(message)? {
            return Ok(Recorded::Duplicate);
        }
        let outcome = match record {
            Record::Event(event) => self.insert(event)?,
            Record::TopicRevoked { .. } | Record::GrantRevoked { .. } => {
                apply(self.connection, record, self.now)?
            }
        };
        match (outcome, message) {
            (Recorded::New(_), Some(message)) => self.recent.add(message),
            // No row of an event holds its id.
            (Recorded::Applied | Recorded::Duplicate, Some(message)) => {
                seen::note(self.connection, vec![message])?;
            }
            (_, None) => {}
        }
        Ok(outcome)
    }

    fn is_seen(&mut self, seen: Option<Seen>) -> rusqlite::Result<bool> {
        match seen {
            None => Ok(false),
            Some(seen) if self.recent.holds(seen.key) => Ok(true),
            Some(seen) => self.is_seen.exists([seen.key.bytes()]),
        }
    }

    fn insert(&mut self, event: &mut NewEvent) -> rusqlite::Result<Recorded> {
        let natural_key = event.natural_key.as_ref().map(|key| {
            let (event_type, broadcaster) = (&event.event_type, &event.broadcaster.id);
            format!("{event_type}\u{1f}{broadcaster}\u{1f}{key}")
        });
        let happening = natural_key.as_deref().map(Seen::happening);
        if self.is_seen(happening)? {
            return Ok(Recorded::Duplicate);
        }
        if event.event_type == "channel.update" && repeats_last_update(self.connection, event)? {
            return Ok(Recorded::Duplicate);
        }
        self.twins.link(event);
        let group = event.group.as_ref();
        let group = group
            .map(serde_json::to_string)
            .transpose()
            .map_err(malformed)?;
        let (actor, amount) = (event.actor.as_ref(), event.amount.as_ref());
        let id = self.insert.insert(params![
            event.message_id,
            event.event_type,
            event.version,
            event.kind.as_str(),
            event.broadcaster.id,
            event.broadcaster.login,
            event.broadcaster.display_name,
            actor.map(|a| &a.id),
            actor.map(|a| &a.login),
            actor.map(|a| &a.display_name),
            actor.map(|a| a.display_name.to_lowercase()),
            event.summary,
            amount.map(|a| a.value),
            amount.map(|a| &a.unit),
            amount.and_then(|a| a.decimals),
            event.text,
            event.occurred_at,
            event.received_at,
            visibility_name(event.visibility),
            natural_key,
            group,
            event.same_as.map(|twin| twin.id),
            event.message_id.is_none(),
            event.payload.get(),
        ])?;
        if let Some(happening) = happening {
            self.recent.add(happening);
        }
        Ok(Recorded::New(id))
    }
}

/// Does what a record says that is no event.
fn apply(connection: &Connection, record: &Record, now: i64) -> rusqlite::Result<Recorded> {
    match record {
        Record::Event(_) => {}
        Record::TopicRevoked {
            eventsub_id,
            reason,
            said_at,
            ..
        } => {
            let ended_at = if *said_at > now {
                now - READ_LATE_MS
            } else {
                *said_at
            };
            connection.execute(gaps::BEGIN_REVOKED, params![eventsub_id, ended_at])?;
            connection.execute(
                "UPDATE topics SET status = 'failed', reason = ?1, eventsub_id = NULL, updated_at = ?2 \
                 WHERE eventsub_id = ?3",
                params![reason, now, eventsub_id],
            )?;
        }
        Record::GrantRevoked {
            viewer_id, said_at, ..
        } => {
            let viewer_id = viewer_id.as_str();
            let is_renewed = connection
                .prepare("SELECT 1 FROM grants WHERE viewer_id = ?1 AND granted_at > ?2")?
                .exists(params![viewer_id, said_at])?;
            if is_renewed {
                return Ok(Recorded::Duplicate);
            }
            connection.execute("DELETE FROM grants WHERE viewer_id = ?1", [viewer_id])?;
            connection.execute(
                "UPDATE viewers SET session_epoch = session_epoch + 1 WHERE id = ?1",
                [viewer_id],
            )?;
        }
    }
    Ok(Recorded::Applied)
}

const INSERT: &str = "INSERT INTO events (message_id, event_type, version, kind, broadcaster_id, broadcaster_login, \
     broadcaster_name, actor_id, actor_login, actor_name, actor_name_lower, summary, amount_value, amount_unit, \
     amount_decimals, text, occurred_at, received_at, visibility, natural_key, part_of, same_as, recovered, payload) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, \
     ?23, ?24)";

fn malformed(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

/// Twitch sends some updates twice under two message ids. What was recovered was so when Twitch was asked: one that was
/// received since knows better, and a message that was sent before may come late and tell it again, after others.
fn repeats_last_update(connection: &Connection, event: &NewEvent) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(
        "SELECT payload, occurred_at, received_at, recovered FROM events \
         WHERE event_type = 'channel.update' AND broadcaster_id = ?1 ORDER BY id DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![event.broadcaster.id, recovery::RECENT_UPDATES])?;
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text);
    let mut is_last = true;
    while let Some(row) = rows.next()? {
        let (occurred_at, received_at): (i64, i64) = (row.get(1)?, row.get(2)?);
        if is_last && event.message_id.is_none() && received_at >= event.occurred_at {
            return Ok(true);
        }
        // A message from the future shows that Twitch's clock is ahead: then its time tells nothing.
        let is_early = event.occurred_at > event.received_at
            && event.received_at - received_at <= CHANNEL_UPDATE_WINDOW_MS;
        let is_late = row.get(3)? && (event.occurred_at <= occurred_at || is_early);
        let is_soon = (event.occurred_at - occurred_at).abs() <= CHANNEL_UPDATE_WINDOW_MS;
        if (is_late || is_last && is_soon)
            && let (Ok(a), Ok(b)) = (parse(row.get_ref(0)?.as_str()?), parse(event.payload.get()))
            && a == b
        {
            return Ok(true);
        }
        is_last = false;
    }
    Ok(false)
}

fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Broadcaster => "broadcaster",
    }
}
