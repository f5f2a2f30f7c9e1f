//! Message ids that have been seen, each for 36 to 72 hours: longer than anything that could deliver one again.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use sqlx::SqliteConnection;

use super::chunks::{SIZES, Sized, chunks};
use super::{Error, Store};

/// Ids are kept by the span in which they came, and go with it: no index by time has to be kept for that.
const GENERATION_MS: i64 = 36 * 3600 * 1000;

/// Ids forgotten in one transaction; those who record wait no longer than that takes.
const FORGET_AT_ONCE: i64 = 2_000;

/// Which of so many ids are known. A clock that jumps back may have left younger generations than today's.
static KNOWN: LazyLock<Sized> = LazyLock::new(|| {
    SIZES.map(|size| {
        format!(
            "WITH given (id) AS (VALUES {}) SELECT id FROM given WHERE EXISTS (SELECT 1 FROM seen_messages \
             WHERE generation IN ($1 - 1, $1, $1 + 1) AND message_id = given.id)",
            rows(size, |sql, n| write!(sql, "(${})", n + 2))
        )
    })
});

static NOTE: LazyLock<Sized> = LazyLock::new(|| {
    SIZES.map(|size| {
        format!(
            "INSERT INTO seen_messages (generation, message_id) VALUES {}",
            rows(size, |sql, n| write!(sql, "($1, ${})", n + 2))
        )
    })
});

fn rows(size: usize, row: impl Fn(&mut String, usize) -> std::fmt::Result) -> String {
    let mut sql = String::new();
    for n in 0..size {
        if n > 0 {
            sql.push_str(", ");
        }
        // Writing to memory cannot fail.
        _ = row(&mut sql, n);
    }
    sql
}

/// Notes the ids; answers the positions of those not seen before, of several equal ones the first.
pub(super) async fn note(
    connection: &mut SqliteConnection,
    ids: &[&str],
    now: i64,
) -> Result<Vec<usize>, sqlx::Error> {
    let generation = now.div_euclid(GENERATION_MS);
    let mut known = HashSet::new();
    for (size, chunk) in chunks(ids) {
        let mut query = sqlx::query_scalar::<_, String>(KNOWN[size].as_str()).bind(generation);
        for id in chunk {
            query = query.bind(*id);
        }
        known.extend(query.fetch_all(&mut *connection).await?);
    }
    let mut given = HashSet::with_capacity(ids.len());
    let is_fresh = |index: &usize| !known.contains(ids[*index]) && given.insert(ids[*index]);
    let fresh: Vec<usize> = (0..ids.len()).filter(is_fresh).collect();
    for (size, chunk) in chunks(&fresh) {
        let mut query = sqlx::query(NOTE[size].as_str()).bind(generation);
        for index in chunk {
            query = query.bind(ids[*index]);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(fresh)
}

impl Store {
    /// Forgets message ids that have outlived their time, a few at a time; answers how many.
    ///
    /// # Errors
    /// When the database fails; what was forgotten before stays so.
    pub async fn forget_old_messages(&self) -> Result<u64, Error> {
        let oldest = self.clock.now_ms().div_euclid(GENERATION_MS) - 1;
        let mut forgotten = 0;
        loop {
            let done = sqlx::query(
                "DELETE FROM seen_messages WHERE (generation, message_id) IN \
                 (SELECT generation, message_id FROM seen_messages WHERE generation < $1 LIMIT $2)",
            )
            .bind(oldest)
            .bind(FORGET_AT_ONCE)
            .execute(&self.write)
            .await?;
            forgotten += done.rows_affected();
            if done.rows_affected() == 0 {
                return Ok(forgotten);
            }
        }
    }
}
