//! `RETENTION_DAYS`: events older than that are deleted while the server serves.
//!
//! Cursors are never given again, and the room in the file is used again for new events.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::health::{Health, Part};
use crate::pipeline::error_chain;
use crate::store::{self, Store};

/// Deletes what is older than `keep`, again and again until `stop`.
pub async fn run(
    store: Store,
    clock: Clock,
    keep: Duration,
    pause: Duration,
    health: Health,
    stop: CancellationToken,
) {
    let keep_ms = i64::try_from(keep.as_millis()).unwrap_or(i64::MAX);
    let mut every = tokio::time::interval(pause);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        let oldest = clock.now_ms().saturating_sub(keep_ms);
        if let Err(error) = delete_before(&store, oldest, &stop).await {
            health.report(Part::Store, Err(error_chain(&error)));
        }
    }
}

async fn delete_before(
    store: &Store,
    time_ms: i64,
    stop: &CancellationToken,
) -> Result<(), store::Error> {
    store.forget_gaps_before(time_ms).await?;
    store.forget_streams_before(time_ms).await?;
    let mut began = Instant::now();
    while store.drop_some_events_before(time_ms).await? {
        // However much there is to delete, half of the time belongs to those who write.
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(began.elapsed()) => {}
        }
        began = Instant::now();
    }
    Ok(())
}
