//! Lists in which one row stands for all events of a happening: the parts of a gift bomb, the steps of a hype train, two
//! tellings of one sub. The row stands where the first of them does, so it stays there however many follow, and it is
//! told by the one that tells most. Which events are one is said by [`wire::Event::is_one_with`]; only those count that
//! the viewer asked for and may see.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use rusqlite::Connection;
use wire::{Fold, GroupKind};

use super::events::{self, COLUMNS, Span, Stored};
use super::filing::FILED;
use super::filter::Filter;
use super::plan::Plan;
use super::{Error, Store};

/// Cursors looked at at once behind the first ones.
const STEP: u32 = 500;

impl Store {
    /// As [`events`](Self::events), with one row for all events of a happening.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn folded_events(
        &self,
        filter: &Filter,
        span: Span,
        limit: u32,
    ) -> Result<Vec<Stored>, Error> {
        if filter.broadcasters.is_empty() {
            return Ok(Vec::new());
        }
        let filter = filter.clone();
        self.reader
            .read(move |connection| rows(connection, &filter, span, limit as usize))
            .await
    }

    /// All events of the row that an event belongs to, in order; none if the viewer may not see it or did not ask for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn parts_of(&self, filter: &Filter, id: i64) -> Result<Vec<Stored>, Error> {
        let filter = filter.clone();
        self.reader
            .read(move |connection| Ok(set_of(connection, &filter, id)?.into_values().collect()))
            .await
    }
}

fn rows(
    connection: &Connection,
    filter: &Filter,
    mut span: Span,
    limit: usize,
) -> rusqlite::Result<Vec<Stored>> {
    let mut rows = Vec::with_capacity(limit);
    // Of each event that is known to be in a row with others, the first of these; and the rows under their first event.
    let mut first_of: HashMap<i64, i64> = HashMap::new();
    let mut folded: HashMap<i64, Stored> = HashMap::new();
    let _one_moment = connection.unchecked_transaction()?;
    let plan = Plan::of(connection, filter)?;
    let mut step = u32::try_from(limit).unwrap_or(STEP);
    loop {
        let ids = events::cursors(connection, filter, &plan, (span, step), true)?;
        for (id, may_fold) in &ids {
            if *may_fold && !first_of.contains_key(id) {
                let set = set_of(connection, filter, *id)?;
                if let Some((first, row)) = told_as_one(&set) {
                    first_of.extend(set.keys().map(|part| (*part, first)));
                    folded.insert(first, row);
                }
            }
            match first_of.get(id) {
                Some(_) => rows.extend(folded.remove(id)),
                None => rows.extend(one(connection, filter, *id)?),
            }
            if rows.len() == limit {
                return Ok(rows);
            }
        }
        match ids.last() {
            Some((last, _)) if ids.len() == step as usize => span = span.beyond(*last),
            _ => return Ok(rows),
        }
        step = STEP;
    }
}

/// All events that are in one row with this one, itself included, by cursor.
fn set_of(
    connection: &Connection,
    filter: &Filter,
    id: i64,
) -> rusqlite::Result<BTreeMap<i64, Stored>> {
    let mut set = BTreeMap::new();
    let mut keys = HashSet::new();
    let mut found: Vec<Stored> = one(connection, filter, id)?.into_iter().collect();
    while let Some(next) = found.pop() {
        if set.contains_key(&next.id) {
            continue;
        }
        let mut others = events::rows(connection, &TOLD_AFTER, [next.id])?;
        let told_before = next.event.same_as.as_ref().and_then(|id| id.parse().ok());
        if let Some(before) = told_before {
            others.extend(events::by_id(connection, before)?);
        }
        if let Some(key) = next.event.fold_key()
            && keys.insert(key.clone())
        {
            others.extend(events::rows(connection, &PARTS, [key])?);
        }
        for mut other in others {
            other.show_to(&filter.viewer);
            if next.event.is_one_with(&other.event) && other.is_wanted(filter) {
                found.push(other);
            }
        }
        set.insert(next.id, next);
    }
    Ok(set)
}

/// An event, if the viewer asked for it and may see it.
fn one(connection: &Connection, filter: &Filter, id: i64) -> rusqlite::Result<Option<Stored>> {
    let mut one = events::by_id(connection, id)?;
    if let Some(stored) = &mut one {
        stored.show_to(&filter.viewer);
    }
    Ok(one.filter(|stored| stored.is_wanted(filter)))
}

/// The row of several events, and where it stands.
fn told_as_one(set: &BTreeMap<i64, Stored>) -> Option<(i64, Stored)> {
    let (first, _) = set.first_key_value().filter(|_| set.len() > 1)?;
    let (last, _) = set.last_key_value()?;
    let mut events = set.values();
    let mut most = events.next()?;
    for other in events {
        if other.event.tells_more_than(&most.event) {
            most = other;
        }
    }
    let mut row = most.clone();
    row.event.fold = Some(Box::new(Fold {
        first: first.to_string(),
        last: last.to_string(),
        parts: parts(set.values()),
    }));
    Some((*first, row))
}

fn parts<'a>(set: impl Iterator<Item = &'a Stored>) -> u32 {
    let (mut steps, mut recipients, mut is_bomb) = (0, HashSet::new(), false);
    for group in set.filter_map(|stored| stored.event.group.as_ref()) {
        steps += 1;
        is_bomb |= group.kind == GroupKind::GiftBomb;
        recipients.extend(group.recipient.as_ref().map(|person| &person.id));
    }
    if is_bomb {
        u32::try_from(recipients.len()).unwrap_or(u32::MAX)
    } else {
        // Two tellings of one happening have no parts.
        steps.max(1)
    }
}

static TOLD_AFTER: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM events WHERE same_as = ?"));

static PARTS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM events WHERE id IN (SELECT id FROM feed WHERE part_key = ?1 \
         UNION ALL SELECT id FROM events WHERE id > ({FILED}) AND part_key = ?1)"
    )
});
