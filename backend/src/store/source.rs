//! Where the events of a filter are looked for: among those that are filed, and among the newest, which are not yet.

use super::events::Span;
use super::filing::FILED;
use super::filter::{Criteria, Filter};
use super::hours;
use super::plan::{Way, push_cursors};
use super::search::Search;
use super::sql::Sql;

/// One of the places; each event is in one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source<'p> {
    /// Events that are filed, and the way to them.
    Filed(Whose, &'p Way),
    /// The events themselves, above the last one that is filed.
    Unfiled,
}

/// Who may see filed events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Everybody.
    Everybodys,
    /// The viewer alone, as they are of the own channel.
    Own,
}

impl Whose {
    /// As it is stored, as a text of SQL.
    pub(super) fn visibility(self) -> &'static str {
        match self {
            Self::Everybodys => "'public'",
            Self::Own => "'broadcaster'",
        }
    }

    /// Adds of which streamers.
    pub(super) fn push_right_to_see(self, sql: &mut Sql, filter: &Filter) {
        match self {
            Self::Everybodys => sql.push("broadcaster_id IN ").bind_list(filter.ids()),
            Self::Own => sql
                .push("broadcaster_id = ")
                .bind(filter.viewer.as_str().to_owned()),
        };
    }
}

impl Source<'_> {
    /// The column that holds the cursor, and by whose order nothing need be sorted.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Unfiled => "events.id",
            Self::Filed(_, Way::Words(_)) => "search.rowid",
            Self::Filed(_, Way::Newest(_)) => "events.id",
            Self::Filed(_, Way::Feed | Way::Amounts(..)) => "feed.id",
        }
    }

    /// The words are looked for in the events themselves. The feed has none, so nothing is looked for in it.
    fn has_to_be_searched(self, search: &Search) -> bool {
        match self {
            Self::Unfiled | Self::Filed(_, Way::Newest(_)) => true,
            Self::Filed(_, Way::Words(_)) => !search.is_all_indexed(),
            Self::Filed(_, Way::Feed | Way::Amounts(..)) => false,
        }
    }

    /// Adds what follows `FROM`: the tables, and all conditions. In all places columns have the same names.
    pub(super) fn push(self, sql: &mut Sql, filter: &Filter, span: Span) {
        let criteria = &filter.criteria;
        match self {
            Self::Unfiled => sql
                .push("events WHERE id > (")
                .push(FILED)
                .push(") AND ")
                .push("broadcaster_id IN ")
                .bind_list(filter.ids())
                .push(" AND (visibility = 'public' OR broadcaster_id = ")
                .bind(filter.viewer.as_str().to_owned())
                .push(")"),
            Self::Filed(whose, way) => {
                match way {
                    Way::Words(words) => sql
                        .push("search CROSS JOIN events ON events.id = search.rowid WHERE search MATCH ")
                        .bind(words.expression.clone())
                        .push(" AND "),
                    Way::Newest(above) => {
                        sql.push("(SELECT id AS newest FROM feed WHERE id > ")
                            .bind(*above)
                            .push(" AND ");
                        whose.push_right_to_see(sql, filter);
                        push_span(sql.push(" AND +visibility = ").push(whose.visibility()), "id", span);
                        sql.push(") CROSS JOIN events ON events.id = newest WHERE ")
                    }
                    Way::Feed => sql.push("feed WHERE "),
                    Way::Amounts(..) => sql.push("feed INDEXED BY feed_amounts WHERE "),
                };
                whose.push_right_to_see(sql, filter);
                // With a plus it is compared, not looked up: without kinds the feed itself is in the order that is wanted.
                let is_looked_up = matches!(way, Way::Amounts(..)) || !criteria.kinds.is_empty();
                sql.push(if is_looked_up { " AND " } else { " AND +" })
                    .push("visibility = ")
                    .push(whose.visibility())
            }
        };
        match self {
            Self::Filed(..) => push_span_of_time(sql, self.id(), span, criteria),
            Self::Unfiled => push_span(sql, self.id(), span),
        }
        if let Some(least) = criteria.min_amount {
            let is_looked_up = matches!(self, Self::Filed(_, Way::Amounts(..)));
            if let Self::Filed(_, Way::Amounts(first, last)) = self {
                push_cursors(sql, *first, *last);
            }
            sql.push(if is_looked_up { " AND " } else { " AND +" })
                .push("amount_value >= ")
                .bind(least);
        }
        criteria.push_conditions(sql);
        if let Some(search) = &criteria.search
            && self.has_to_be_searched(search)
        {
            sql.push(" AND finds (")
                .bind(search.text().to_owned())
                .push(", summary, text, actor_login, actor_name)");
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
