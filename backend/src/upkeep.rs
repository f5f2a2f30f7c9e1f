//! Small tasks beside the parts: old rows swept away, signs of life noted, the connection told.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::health::{Health, Part};
use crate::live::{Entry, Live};
use crate::pipeline::error_chain;
use crate::store::Store;
use crate::timings::Timings;

/// Drops what has outlived its time, again and again until `stop`.
pub async fn sweep(
    store: Store,
    clock: Clock,
    timings: Timings,
    health: Health,
    stop: CancellationToken,
) {
    let mut every = tokio::time::interval(timings.sweep_every);
    let lifetime_ms = i64::try_from(timings.seen_lifetime.as_millis()).unwrap_or(i64::MAX);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        let swept = async {
            store.drop_expired_sessions().await?;
            store
                .forget_messages_before(clock.now_ms() - lifetime_ms)
                .await
        };
        // That old rows can be deleted does not prove that new ones can be written.
        if let Err(error) = swept.await {
            health.report(Part::Store, Err(error_chain(&error)));
        }
    }
}

/// Notes now and then, and at the stop, that the program runs: events that a later run finds missing came after.
pub async fn mark_alive(store: Store, pause: Duration, health: Health, stop: CancellationToken) {
    let mut every = tokio::time::interval(pause);
    let mut stopping = false;
    while !stopping {
        tokio::select! {
            () = stop.cancelled() => stopping = true,
            _ = every.tick() => {}
        }
        // Told at once, not by the first event that cannot be stored. That this works proves less than it seems.
        if let Err(error) = store.mark_alive().await {
            health.report(Part::Store, Err(error_chain(&error)));
        }
    }
}

/// Puts changes of the connection to Twitch into the live log.
pub async fn tell_connection(health: Health, live: Live, stop: CancellationToken) {
    let mut connection = health.connection();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            changed = connection.changed() => {
                if changed.is_err() {
                    return;
                }
                let now = *connection.borrow_and_update();
                live.append(Entry::Connection(now));
            }
        }
    }
}
