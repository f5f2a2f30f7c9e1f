//! Where the events of a filter are looked for: among those that are filed, and among the newest, which are not yet.

use super::events::Span;
use super::filing::FILED;
use super::filter::Filter;
use super::sql::Sql;

/// One of the two places; each event is in one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The feed; with a search, what the index of words finds.
    Filed,
    /// The events themselves, above the last one that is filed.
    Unfiled,
}

impl Source {
    /// The column that holds the cursor, and by whose order nothing need be sorted.
    pub(super) fn id(self, filter: &Filter) -> &'static str {
        match (self, &filter.criteria.search) {
            (Self::Filed, Some(_)) => "search.rowid",
            (Self::Filed, None) => "feed.id",
            (Self::Unfiled, _) => "events.id",
        }
    }

    /// Adds what follows `FROM`: the tables, and all conditions. In both places columns have the same names.
    pub(super) fn push(self, sql: &mut Sql, filter: &Filter, span: Span) {
        let search = filter.criteria.search.as_ref();
        match (self, search) {
            (Self::Filed, None) => sql.push("feed WHERE "),
            (Self::Filed, Some(search)) => sql
                .push("search CROSS JOIN events ON events.id = search.rowid WHERE search MATCH ")
                .bind(search.expression(&filter.broadcasters))
                .push(" AND "),
            (Self::Unfiled, _) => sql.push("events WHERE id > (").push(FILED).push(") AND "),
        };
        let all = filter.broadcasters.iter().map(|id| id.as_str().to_owned());
        sql.push("broadcaster_id IN ").bind_list(all);
        push_span(sql, self.id(filter), span);
        filter.push_conditions(sql);
        if let Some(search) = search
            && (self == Self::Unfiled || !search.is_all_indexed())
        {
            sql.push(" AND finds (")
                .bind(search.text().to_owned())
                .push(", summary, text, actor_login, actor_name)");
        }
    }
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
