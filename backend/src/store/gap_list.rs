//! The spans in which a streamer's events could not be received, listed for a viewer.

use rusqlite::{Row, params_from_iter};

use super::sql::Sql;
use super::{Error, Store};
use crate::ids::UserId;

/// Spans of which viewer, and which of them.
#[derive(Debug, Clone)]
pub struct GapFilter {
    /// Who looks: is told of the streamers subscribed to, and of the own channel.
    pub viewer: UserId,
    /// Of these the named alone; of all when none is.
    pub named: Vec<UserId>,
    /// Not those that were over before this time, unix milliseconds.
    pub since: Option<i64>,
    /// Those that began before this time, unix milliseconds.
    pub until: Option<i64>,
}

/// A span in which something of a streamer could not be received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapSpan {
    /// Whose.
    pub broadcaster_id: UserId,
    /// The last moment at which events are known to have arrived, unix milliseconds.
    pub began_at: i64,
    /// From here on they do again, unix milliseconds; none while they do not.
    pub ended_at: Option<i64>,
}

/// When a span that lasts ends.
const NEVER: i64 = i64::MAX;

impl Store {
    /// The spans that the filter lets through, those that began last first. What overlaps is one span, and it is whole
    /// whatever part of it is asked for. Of other people's channels only topics of the public types are looked at.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn gaps(
        &self,
        filter: &GapFilter,
        public_types: impl IntoIterator<Item = &str>,
        most: u32,
    ) -> Result<Vec<GapSpan>, Error> {
        let sql = query(filter, public_types, most);
        self.reader
            .read(move |connection| {
                let mut statement = connection.prepare_cached(sql.text())?;
                let rows = statement.query_map(params_from_iter(sql.values()), span)?;
                rows.collect()
            })
            .await
    }
}

/// A row of a topic opens a span if it begins behind the end of all that began before it; the others belong to the
/// span that is open.
fn query<'a>(
    filter: &GapFilter,
    public_types: impl IntoIterator<Item = &'a str>,
    most: u32,
) -> Sql {
    let viewer = filter.viewer.as_str();
    let mut sql = Sql::default();
    sql.push("WITH told AS (SELECT broadcaster_id, began_at, MAX(COALESCE(ended_at, ")
        .bind(NEVER)
        .push(")) AS ended_at FROM gaps WHERE broadcaster_id IN (SELECT broadcaster_id FROM subscriptions WHERE viewer_id = ")
        .bind(viewer.to_owned())
        .push(" UNION SELECT ")
        .bind(viewer.to_owned())
        .push(") AND (broadcaster_id = ")
        .bind(viewer.to_owned())
        .push(" OR event_type IN ")
        .bind_list(public_types.into_iter().map(str::to_owned));
    sql.push(")");
    if !filter.named.is_empty() {
        let named = filter.named.iter().map(|id| id.as_str().to_owned());
        sql.push(" AND broadcaster_id IN ").bind_list(named);
    }
    sql.push(
        " GROUP BY broadcaster_id, began_at), \
         marked AS (SELECT *, COALESCE(began_at > MAX(ended_at) OVER (PARTITION BY broadcaster_id ORDER BY began_at \
         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 1) AS opens FROM told), \
         numbered AS (SELECT *, SUM(opens) OVER (PARTITION BY broadcaster_id ORDER BY began_at \
         ROWS UNBOUNDED PRECEDING) AS nth FROM marked) \
         SELECT broadcaster_id, MIN(began_at), MAX(ended_at) FROM numbered GROUP BY broadcaster_id, nth \
         HAVING MAX(ended_at) >= ",
    )
    .bind(filter.since.unwrap_or(i64::MIN))
    .push(" AND MIN(began_at) < ")
    .bind(filter.until.unwrap_or(NEVER))
    .push(" ORDER BY MIN(began_at) DESC, broadcaster_id LIMIT ")
    .push(&most.to_string());
    sql
}

fn span(row: &Row<'_>) -> rusqlite::Result<GapSpan> {
    let ended_at: i64 = row.get(2)?;
    Ok(GapSpan {
        broadcaster_id: UserId::new(row.get::<_, String>(0)?),
        began_at: row.get(1)?,
        ended_at: Some(ended_at).filter(|ended_at| *ended_at != NEVER),
    })
}
