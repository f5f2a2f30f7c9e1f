//! Where the events of a filter are looked for: among those that are filed, and among the newest, which are not yet.

use std::collections::HashSet;

use super::events::Span;
use super::filing::FILED;
use super::filter::{Criteria, Filter};
use super::sql::Sql;
use super::{hours, search};
use crate::ids::UserId;

/// One of the places; each event is in one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// What everybody may see of the feed; with a search or a person, of what the index of words finds.
    Filed,
    /// What the viewer alone may see of the same.
    OwnFiled,
    /// The events themselves, above the last one that is filed.
    Unfiled,
}

impl Source {
    /// Where the events of a filter are that are filed.
    pub(super) fn filed(filter: &Filter) -> impl Iterator<Item = Self> + use<> {
        let own = filter.has_own().then_some(Self::OwnFiled);
        [Self::Filed].into_iter().chain(own)
    }

    /// The column that holds the cursor, and by whose order nothing need be sorted.
    pub(super) fn id(self, filter: &Filter) -> &'static str {
        match self {
            Self::Unfiled => "events.id",
            Self::Filed | Self::OwnFiled if self.words_asked(filter).is_some() => "search.rowid",
            Self::Filed | Self::OwnFiled => "feed.id",
        }
    }

    /// Adds what follows `FROM`: the tables, and all conditions. In all places columns have the same names.
    pub(super) fn push(self, sql: &mut Sql, filter: &Filter, span: Span) {
        let criteria = &filter.criteria;
        match (self, self.words_asked(filter)) {
            (Self::Unfiled, _) => sql.push("events WHERE id > (").push(FILED).push(")"),
            (_, Some(words)) => sql
                .push("search CROSS JOIN events ON events.id = search.rowid WHERE search MATCH ")
                .bind(words),
            (_, None) => sql.push("feed WHERE TRUE"),
        };
        self.push_right_to_see(sql, filter);
        let id = self.id(filter);
        match self {
            Self::Filed | Self::OwnFiled => push_span_of_time(sql, id, span, criteria),
            Self::Unfiled => push_span(sql, id, span),
        }
        criteria.push_conditions(sql);
        if let Some(search) = &criteria.search
            && (self == Self::Unfiled || !search.is_all_indexed())
        {
            sql.push(" AND finds (")
                .bind(search.text().to_owned())
                .push(", summary, text, actor_login, actor_name)");
        }
    }

    /// Of which streamers, and what the viewer may see of them.
    fn push_right_to_see(self, sql: &mut Sql, filter: &Filter) {
        let viewer = filter.viewer.as_str().to_owned();
        let all = filter.broadcasters.iter().map(|id| id.as_str().to_owned());
        sql.push(" AND broadcaster_id ");
        // With a plus it is compared, not looked up: without kinds the feed itself is in the order that is wanted.
        let visibility = match filter.criteria.kinds.is_empty() {
            true => "+visibility",
            false => "visibility",
        };
        match self {
            Self::Filed => sql
                .push("IN ")
                .bind_list(all)
                .push(" AND ")
                .push(visibility)
                .push(" = 'public'"),
            Self::OwnFiled => sql
                .push("= ")
                .bind(viewer)
                .push(" AND ")
                .push(visibility)
                .push(" = 'broadcaster'"),
            Self::Unfiled => sql
                .push("IN ")
                .bind_list(all)
                .push(" AND (visibility = 'public' OR broadcaster_id = ")
                .bind(viewer)
                .push(")"),
        };
    }

    /// What the index of words is asked for; none when the feed is to be walked.
    fn words_asked(self, filter: &Filter) -> Option<String> {
        let Criteria { search, actor, .. } = &filter.criteria;
        let ask = |of: &HashSet<UserId>| search::expression(search.as_ref(), actor.as_deref(), of);
        match self {
            Self::Filed => ask(&filter.broadcasters),
            Self::OwnFiled => ask(&HashSet::from([filter.viewer.clone()])),
            Self::Unfiled => None,
        }
    }
}

/// The cursors of a span, and with a time asked for, those of its hours.
fn push_span_of_time(sql: &mut Sql, id: &str, span: Span, criteria: &Criteria) {
    if criteria.since.is_none() && criteria.until.is_none() {
        return push_span(sql, id, span);
    }
    // One lower and one upper bound, as only one of each is looked up.
    let (after, up_to) = match span {
        Span::Before(cursor) => (i64::MIN, cursor.saturating_sub(1)),
        Span::After(cursor, newest) => (cursor, newest),
    };
    sql.push(" AND ").push(id).push(" > MAX(").bind(after);
    sql.push(", ");
    hours::push_first(sql, criteria);
    sql.push(" - 1) AND ").push(id).push(" <= MIN(").bind(up_to);
    sql.push(", ");
    hours::push_last(sql, criteria);
    sql.push(")");
}

fn push_span(sql: &mut Sql, id: &str, span: Span) {
    sql.push(" AND ").push(id);
    match span {
        Span::Before(cursor) => sql.push(" < ").bind(cursor),
        Span::After(cursor, newest) => sql
            .push(" > ")
            .bind(cursor)
            .push(" AND ")
            .push(id)
            .push(" <= ")
            .bind(newest),
    };
}
