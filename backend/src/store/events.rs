//! The stored events, listed by cursor.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row};
use serde_json::value::RawValue;
use wire::{Amount, Event, UserRef};

use super::filter::{Criteria, Facts, Filter};
use super::plan::Plan;
use super::sql::{self, Sql};
use super::{Error, Store};
use crate::clock::rfc3339;
use crate::ids::UserId;

/// A row that takes longer was waited for: it had to come from the disk.
const LONG: Duration = Duration::from_micros(200);

/// After so many of these the rest is read in parts: each row lies on a page of its own, and disks read many at once
/// nearly as soon as one.
const LONG_ROWS: usize = 4;

/// Into so many parts the rest of such a list is split.
const AT_ONCE: usize = 8;

/// Where a search would have to gather all events, so many of the newest are looked at first.
const LOOKED_AT: u32 = 200;

/// With more of them to look at, gathering is sooner done: at some millions of events both take 20 to 30 ms.
const MOST_LOOKED_AT: u32 = 3_000;

/// Which part of the list is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Span {
    /// Below this cursor, newest first; `i64::MAX` for the newest of all.
    Before(i64),
    /// Above the first and up to the second cursor, oldest first.
    After(i64, i64),
}

/// A stored event.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its cursor.
    pub id: i64,
    /// When it happened, unix milliseconds.
    pub occurred_at: i64,
    /// The event itself.
    pub event: Event,
    /// What tells the same and is its broadcaster's alone to know of: it is not in the event.
    pub private_twin: Option<i64>,
}

impl Store {
    /// The newest cursor given so far; 0 when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_cursor(&self) -> Result<i64, Error> {
        let newest: Option<i64> =
            sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
                .fetch_optional(&self.read)
                .await?;
        Ok(newest.unwrap_or(0))
    }

    /// The events of a span that the filter lets through.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events(
        &self,
        filter: &Filter,
        span: Span,
        limit: u32,
    ) -> Result<Vec<Stored>, Error> {
        if filter.broadcasters.is_empty() {
            return Ok(Vec::new());
        }
        let (viewer, filter) = (filter.viewer.clone(), filter.clone());
        let (mut events, rest) = self
            .reader
            .read(move |connection| first_of(connection, &filter, span, limit))
            .await?;
        let share = rest.len().div_ceil(AT_ONCE).max(1);
        let parts = rest.chunks(share).map(|part| {
            let part = part.to_vec();
            self.reader.read(move |connection| {
                let mut events = Vec::with_capacity(part.len());
                for id in part {
                    events.extend(by_id(connection, id)?);
                }
                Ok(events)
            })
        });
        events.extend(try_join_all(parts).await?.into_iter().flatten());
        events.iter_mut().for_each(|stored| stored.show_to(&viewer));
        Ok(events)
    }

    /// All events above a cursor and up to another, oldest first, whoever may see them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events_between(&self, after: i64, up_to: i64) -> Result<Vec<Stored>, Error> {
        self.reader
            .read(move |connection| {
                let sql =
                    format!("SELECT {COLUMNS} FROM events WHERE id > ? AND id <= ? ORDER BY id");
                rows(connection, &sql, [after, up_to])
            })
            .await
    }

    /// How many visible events are above the cursor, at most `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_after(
        &self,
        viewer: &UserId,
        broadcaster: &UserId,
        cursor: i64,
        most: u32,
    ) -> Result<u32, Error> {
        let filter = Filter {
            viewer: viewer.clone(),
            broadcasters: HashSet::from([broadcaster.clone()]),
            criteria: Criteria::default(),
        };
        self.reader
            .read(move |connection| {
                let plan = Plan::of(connection, &filter)?;
                let mut sql = Sql::default();
                sql.push("SELECT COUNT(*) FROM (");
                let span = Span::After(cursor, i64::MAX);
                push_all(&mut sql, &filter, &plan, span, most, false);
                sql.push(" LIMIT ").push(&most.to_string()).push(")");
                let params = rusqlite::params_from_iter(sql.values());
                let mut statement = connection.prepare_cached(sql.text())?;
                statement.query_row(params, |row| row.get(0))
            })
            .await
    }
}

impl Span {
    /// What is left behind this cursor.
    pub(super) fn beyond(self, cursor: i64) -> Self {
        match self {
            Self::Before(_) => Self::Before(cursor),
            Self::After(_, newest) => Self::After(cursor, newest),
        }
    }
}

impl Stored {
    /// The filter lets it through.
    pub(super) fn is_wanted(&self, filter: &Filter) -> bool {
        let broadcaster_id = UserId::new(self.event.broadcaster.id.clone());
        filter.matches(&Facts::of(&self.event, &broadcaster_id, self.occurred_at))
    }

    /// Says in the event what this viewer may know besides.
    pub(super) fn show_to(&mut self, viewer: &UserId) {
        if self.event.broadcaster.id == viewer.as_str()
            && let Some(twin) = self.private_twin
        {
            self.event.same_as = Some(twin.to_string());
        }
    }
}

/// The newest events, oldest first, whoever may see them.
pub(super) fn newest(connection: &Connection, most: u32) -> rusqlite::Result<Vec<Stored>> {
    let sql = format!("SELECT {COLUMNS} FROM events ORDER BY id DESC LIMIT ?");
    let mut events = rows(connection, &sql, [most])?;
    events.reverse();
    Ok(events)
}

pub(super) fn rows(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<Vec<Stored>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_map(params, stored)?.collect()
}

/// The events of a list, and the cursors of those that are left when it takes long.
fn first_of(
    connection: &Connection,
    filter: &Filter,
    span: Span,
    limit: u32,
) -> rusqlite::Result<(Vec<Stored>, Vec<i64>)> {
    let one_moment = connection.unchecked_transaction()?;
    let plan = Plan::of(connection, filter)?;
    let ids = cursors(connection, filter, &plan, (span, limit), false)?;
    let mut events = Vec::with_capacity(ids.len());
    drop(one_moment);
    let mut ids = ids.into_iter().map(|(id, _)| id);
    let mut long = 0;
    while long < LONG_ROWS
        && let Some(id) = ids.next()
    {
        let begin = Instant::now();
        // Retention may have dropped it meanwhile.
        events.extend(by_id(connection, id)?);
        long += usize::from(begin.elapsed() > LONG);
    }
    Ok((events, ids.collect()))
}

pub(super) fn by_id(connection: &Connection, id: i64) -> rusqlite::Result<Option<Stored>> {
    connection
        .prepare_cached(BY_ID.as_str())?
        .query_row([id], stored)
        .optional()
}

/// The cursors of a list, in order, and when that is asked for, of each whether it may be told in one row with others.
pub(super) fn cursors(
    connection: &Connection,
    filter: &Filter,
    plan: &Plan,
    (span, limit): (Span, u32),
    says_whether_folded: bool,
) -> rusqlite::Result<Vec<(i64, bool)>> {
    let run = |plan: &Plan| {
        let mut sql = Sql::default();
        push_all(&mut sql, filter, plan, span, limit, says_whether_folded);
        sql.push(" ORDER BY id");
        push_end(&mut sql, span, limit);
        let params = rusqlite::params_from_iter(sql.values());
        let mut statement = connection.prepare_cached(sql.text())?;
        let ids = statement.query_map(params, |row| Ok((row.get(0)?, row.get(1)?)))?;
        ids.collect::<rusqlite::Result<Vec<_>>>()
    };
    if let Span::Before(cursor) = span
        && plan.gathers(filter)
    {
        let mut count = LOOKED_AT;
        while count <= MOST_LOOKED_AT {
            let ids = run(&plan.for_newest(connection, filter, cursor, count)?)?;
            let found = u32::try_from(ids.len()).unwrap_or(limit);
            if found >= limit {
                return Ok(ids);
            }
            // As many as are enough if it goes on like this, and some more.
            count = (count * limit / found.max(1)).saturating_mul(5) / 4;
        }
    }
    run(plan)
}

/// Each place is looked through from the cursor on until there are enough.
fn push_all(
    sql: &mut Sql,
    filter: &Filter,
    plan: &Plan,
    span: Span,
    limit: u32,
    says_whether_folded: bool,
) {
    for (at, source) in plan.all().enumerate() {
        let id = source.id();
        sql.push(if at == 0 { "" } else { ") UNION ALL " });
        sql.push("SELECT id, may_fold FROM (SELECT ")
            .push(id)
            .push(" AS id");
        if !says_whether_folded {
            sql.push(", FALSE AS may_fold");
        } else {
            sql.push(", part_key IS NOT NULL OR same_as IS NOT NULL OR EXISTS ")
                .push("(SELECT 1 FROM events AS twin WHERE twin.same_as = ")
                .push(id)
                .push(") AS may_fold");
        }
        sql.push(" FROM ");
        source.push(sql, filter, span);
        sql.push(" ORDER BY ").push(id);
        push_end(sql, span, limit);
    }
    sql.push(")");
}

fn push_end(sql: &mut Sql, span: Span, limit: u32) {
    sql.push(match span {
        Span::Before(_) => " DESC LIMIT ",
        Span::After(..) => " LIMIT ",
    })
    // Bound, it would have the statement prepared anew each time: the plan may depend on it.
    .push(&limit.to_string());
}

static BY_ID: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM events WHERE id = ?"));

/// In the order in which [`stored`] reads them.
pub(super) const COLUMNS: &str = "id, message_id, event_type, version, kind, broadcaster_id, broadcaster_login, broadcaster_name, \
     actor_id, actor_login, actor_name, summary, amount_value, amount_unit, amount_decimals, text, occurred_at, \
     received_at, visibility, payload, part_of, same_as, recovered, \
     (SELECT twin.visibility FROM events AS twin WHERE twin.id = events.same_as)";

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let id: i64 = row.get(0)?;
    let user = |first: usize| -> rusqlite::Result<UserRef> {
        Ok(UserRef {
            id: row.get(first)?,
            login: row.get(first + 1)?,
            display_name: row.get(first + 2)?,
        })
    };
    let has_actor = row.get_ref(8)? != ValueRef::Null;
    let amount = match row.get::<_, Option<i64>>(12)? {
        None => None,
        Some(value) => Some(Amount {
            value,
            unit: row.get(13)?,
            decimals: row.get(14)?,
        }),
    };
    let occurred_at = row.get(16)?;
    let payload = RawValue::from_string(row.get(19)?).map_err(|_malformed| sql::corrupt(19))?;
    let twin: Option<i64> = row.get(21)?;
    // One that was deleted meanwhile has no visibility, and nobody needs to know of it.
    let (public_twin, private_twin) = match row.get_ref(23)?.as_str_or_null()? {
        None => (None, None),
        Some("public") => (twin, None),
        Some(_) => (None, twin),
    };
    let group = row.get_ref(20)?.as_str_or_null()?;
    let group = group.map(serde_json::from_str).transpose();
    let event = Event {
        id: id.to_string(),
        message_id: row.get(1)?,
        event_type: row.get(2)?,
        version: row.get(3)?,
        kind: sql::kind(row, 4)?,
        broadcaster: user(5)?,
        actor: has_actor.then(|| user(8)).transpose()?,
        summary: row.get(11)?,
        amount,
        text: row.get(15)?,
        occurred_at: rfc3339(occurred_at),
        received_at: rfc3339(row.get(17)?),
        visibility: sql::visibility(row, 18)?,
        group: group.map_err(|_malformed| sql::corrupt(20))?,
        same_as: public_twin.map(|id| id.to_string()),
        fold: None,
        recovered: row.get(22)?,
        payload,
    };
    Ok(Stored {
        id,
        occurred_at,
        event,
        private_twin,
    })
}
