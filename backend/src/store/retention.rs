//! Deleting what is older than it may become, a little at a time, from the oldest on.

use rusqlite::{Connection, TransactionBehavior};

use super::{Error, Store, recorder, seen};

/// Events looked at in one query.
const STEP: i64 = 500;

/// Events looked at to find some that are old; only a clock that was wrong for long makes it look at more than one step.
const LOOKED_AT: i64 = 100 * STEP;

impl Store {
    /// The cursor of the oldest event held; with none, that of the next one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn oldest_cursor(&self) -> Result<i64, Error> {
        let oldest: Option<i64> = sqlx::query_scalar("SELECT MIN(id) FROM events")
            .fetch_one(&self.read)
            .await?;
        match oldest {
            Some(oldest) => Ok(oldest),
            None => Ok(self.newest_cursor().await? + 1),
        }
    }

    /// Deletes some of the oldest events if they were received before this time, unix milliseconds; answers whether
    /// there may be more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_some_events_before(&self, time_ms: i64) -> Result<bool, Error> {
        let Some(last) = self.last_event_before(time_ms).await? else {
            return Ok(false);
        };
        // Out of the index first: what is in it alone could not be taken out any more.
        let (filer, turns, path) = (self.filer.clone(), self.write.turns(), self.path.clone());
        let dropping = move || {
            let up_to = filer.drop_some(last)?;
            // A connection of its own, since there is seldom anything to delete.
            let _turn = turns.blocking_lock();
            delete_up_to(&mut recorder::connect(&path)?, up_to)
        };
        let dropped = tokio::task::spawn_blocking(dropping).await;
        let stopped = |_stopped| Error::Unfit("old events are not deleted yet".to_owned());
        Ok(dropped.map_err(stopped)??)
    }

    /// Deletes the spans that ended before this time, unix milliseconds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_gaps_before(&self, time_ms: i64) -> Result<(), Error> {
        sqlx::query("DELETE FROM gaps WHERE ended_at < $1")
            .bind(time_ms)
            .execute(&mut *self.write.turn().await?)
            .await?;
        Ok(())
    }

    /// Up to which cursor events are old.
    ///
    /// Cursors are given in the order of receipt, so the first event that is not old ends the old ones, and no index
    /// on the time is needed. The clock may have been wrong, though. An event that claims an early time behind one
    /// that is not old stays until that one is old, too. One that claims a time which is still to come tells nothing:
    /// it is as old as what was received after it.
    async fn last_event_before(&self, time_ms: i64) -> Result<Option<i64>, Error> {
        let now = self.clock.now_ms();
        let mut looked_up_to = 0;
        let mut last_old = None;
        for _ in 0..LOOKED_AT / STEP {
            let events: Vec<(i64, i64)> = sqlx::query_as(
                "SELECT id, received_at FROM events WHERE id > $1 ORDER BY id LIMIT $2",
            )
            .bind(looked_up_to)
            .bind(STEP)
            .fetch_all(&self.read)
            .await?;
            for (id, received_at) in &events {
                if *received_at < time_ms {
                    last_old = Some(*id);
                } else if *received_at <= now {
                    return Ok(last_old);
                }
            }
            match events.last() {
                Some((id, _)) if last_old.is_none() => looked_up_to = *id,
                _ => return Ok(last_old),
            }
        }
        Ok(last_old)
    }
}

/// Deletes the events up to this one; answers whether there were any.
fn delete_up_to(connection: &mut Connection, up_to: i64) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // A row may go when what it says has been seen is in the tree.
    let up_to = up_to.min(seen::noted(&transaction)?);
    let names: Vec<Option<String>> = transaction
        .prepare("DELETE FROM events WHERE id <= ?1 RETURNING natural_key")?
        .query_map([up_to], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for name in names.iter().flatten() {
        seen::forget_happening(&transaction, name)?;
    }
    transaction.commit()?;
    Ok(!names.is_empty())
}
