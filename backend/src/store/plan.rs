//! Which tree of the index leads to the events of a filter.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension as _};

use super::events::Span;
use super::filter::{Criteria, Filter};
use super::hours;
use super::search::{self, Asked};
use super::source::{Source, Whose};
use super::sql::Sql;
use crate::ids::UserId;

/// Amounts are found among the events of so many cursors at a time, as a power of two; see `feed_amounts`.
const CURSORS: u32 = 19;

/// Of so many events that reach an amount all are gathered, to find the newest of them; where there are more, the feed
/// has one often enough.
const GATHERED: i64 = 8_000;

/// The tree that is looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// Each streamer's events in their order.
    Feed,
    /// Each streamer's by their amounts, among these spans of cursors.
    Amounts(i64, i64),
    /// Those that have words, or were done by somebody.
    Words(Asked),
    /// The newest ones, above this cursor.
    Newest(i64),
}

/// The ways for a filter.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    public: Way,
    /// To what the viewer alone may see, when that is asked for.
    own: Option<Way>,
}

impl Plan {
    /// The shortest ways there are now: a list by it belongs into the same transaction, since what is filed meanwhile may
    /// lie elsewhere.
    pub(super) fn of(connection: &Connection, filter: &Filter) -> rusqlite::Result<Self> {
        let way = |whose| way(connection, filter, whose);
        Ok(Self {
            public: way(Whose::Everybodys)?,
            own: filter.has_own().then(|| way(Whose::Own)).transpose()?,
        })
    }

    /// This one would gather all events that are found, while looking at the newest ones may soon be enough.
    pub(super) fn gathers(&self, filter: &Filter) -> bool {
        let gathers = |way: &Way| matches!(way, Way::Words(asked) if asked.gathers);
        let criteria = &filter.criteria;
        // With these few are left to look at, and those far apart.
        let is_rare = criteria.actor.is_some() || criteria.min_amount.is_some();
        !is_rare && (gathers(&self.public) || self.own.as_ref().is_some_and(gathers))
    }

    /// A plan for about so many of the newest events below a cursor. What it leads to is in the list of this one, too, and
    /// nothing above it is left out.
    pub(super) fn for_newest(
        &self,
        connection: &Connection,
        filter: &Filter,
        before: i64,
        count: u32,
    ) -> rusqlite::Result<Self> {
        let mut above = i64::MIN;
        let own = self.own.as_ref().map(|_| Whose::Own);
        for whose in [Whose::Everybodys].into_iter().chain(own) {
            let mut sql = Sql::default();
            sql.push("SELECT id FROM ");
            Source::Filed(whose, &Way::Feed).push(&mut sql, filter, Span::Before(before));
            sql.push(&format!(" ORDER BY id DESC LIMIT 1 OFFSET {count}"));
            let params = rusqlite::params_from_iter(sql.values());
            let mut statement = connection.prepare_cached(sql.text())?;
            let first: Option<i64> = statement.query_row(params, |row| row.get(0)).optional()?;
            above = above.max(first.unwrap_or(i64::MIN));
        }
        Ok(Self {
            public: Way::Newest(above),
            own: self.own.as_ref().map(|_| Way::Newest(above)),
        })
    }

    /// Where the events are that are filed.
    pub(super) fn filed(&self) -> impl Iterator<Item = Source<'_>> {
        let own = self.own.iter().map(|way| Source::Filed(Whose::Own, way));
        [Source::Filed(Whose::Everybodys, &self.public)]
            .into_iter()
            .chain(own)
    }

    /// Where all events are: each is in one of the places.
    pub(super) fn all(&self) -> impl Iterator<Item = Source<'_>> {
        self.filed().chain([Source::Unfiled])
    }
}

fn way(connection: &Connection, filter: &Filter, whose: Whose) -> rusqlite::Result<Way> {
    let Criteria { search, actor, .. } = &filter.criteria;
    let own = HashSet::from([filter.viewer.clone()]);
    let broadcasters: &HashSet<UserId> = match whose {
        Whose::Everybodys => &filter.broadcasters,
        Whose::Own => &own,
    };
    let words = search::expression(connection, search.as_ref(), actor.as_deref(), broadcasters)?;
    if let Some(words) = words {
        return Ok(Way::Words(words));
    }
    let Some(least) = filter.criteria.min_amount else {
        return Ok(Way::Feed);
    };
    let (first, last) = cursors(connection, filter)?;
    if first > last {
        return Ok(Way::Feed);
    }
    let spans = (first >> CURSORS, last >> CURSORS);
    let reach = reach(connection, filter, whose, least, spans)?;
    Ok(if reach <= GATHERED {
        Way::Amounts(spans.0, spans.1)
    } else {
        Way::Feed
    })
}

/// Between which cursors the events are that are filed and of the time asked for.
fn cursors(connection: &Connection, filter: &Filter) -> rusqlite::Result<(i64, i64)> {
    let (first, last) = hours::cursors(connection, &filter.criteria)?;
    let (dropped, filed): (i64, i64) = connection
        .prepare_cached("SELECT dropped, filed FROM progress")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((first.max(dropped), last.min(filed)))
}

/// How many events of some spans of cursors reach an amount; of more than are gathered it only tells that there are more.
fn reach(
    connection: &Connection,
    filter: &Filter,
    whose: Whose,
    least: i64,
    (first, last): (i64, i64),
) -> rusqlite::Result<i64> {
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) FROM (SELECT 1 FROM feed INDEXED BY feed_amounts WHERE ");
    whose.push_right_to_see(&mut sql, filter);
    sql.push(" AND visibility = ").push(whose.visibility());
    push_cursors(&mut sql, first, last);
    sql.push(" AND amount_value >= ").bind(least);
    // Bound, it would have the statement prepared anew each time.
    sql.push(&format!(" LIMIT {})", GATHERED + 1));
    let params = rusqlite::params_from_iter(sql.values());
    connection
        .prepare_cached(sql.text())?
        .query_row(params, |row| row.get(0))
}

/// Adds that an event is of these spans of cursors.
pub(super) fn push_cursors(sql: &mut Sql, first: i64, last: i64) {
    sql.push(&format!(" AND id >> {CURSORS} IN "))
        .bind_list(first..=last);
}

#[cfg(test)]
mod tests;
