//! Small tasks beside the parts: old rows swept away, signs of life noted, the connection told.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::health::{Health, Part};
use crate::live::{BEATS, Entry, Live};
use crate::pipeline::error_chain;
use crate::store::{self, Store};
use crate::timings::Timings;

/// Steps of a sweep over the message ids; the next one goes on from there.
const SWEPT_STEPS: usize = 20;

/// Events that come within this time are filed together.
const FILING_PAUSE: Duration = Duration::from_millis(250);

/// After a failure.
const FILING_RETRY: Duration = Duration::from_secs(2);

/// Drops what has outlived its time, again and again until `stop`.
pub async fn sweep(store: Store, timings: Timings, health: Health, stop: CancellationToken) {
    let mut every = tokio::time::interval(timings.sweep_every);
    let mut next_message = Vec::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        let swept = async {
            store.drop_expired_sessions().await?;
            for _ in 0..SWEPT_STEPS {
                let next = store.forget_some_old_messages(&next_message).await?;
                let is_last = next.is_none();
                next_message = next.unwrap_or_default();
                if is_last {
                    break;
                }
            }
            Ok::<_, store::Error>(())
        };
        // That old rows can be deleted does not prove that new ones can be written.
        if let Err(error) = swept.await {
            health.report(Part::Store, Err(error_chain(&error)));
        }
    }
}

/// Files events behind their commit.
pub async fn file(store: Store, stop: CancellationToken) {
    let mut every = tokio::time::interval(FILING_PAUSE);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut works = true;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        match store.file_some().await {
            Ok(is_more) => {
                works = true;
                if is_more {
                    every.reset_immediately();
                }
            }
            Err(error) => {
                // Lists look through what is not filed: nothing is missing, it takes longer.
                if works {
                    tracing::warn!(
                        error = error_chain(&error),
                        "events cannot be filed for lists and searches"
                    );
                }
                works = false;
                every.reset_after(FILING_RETRY);
            }
        }
    }
}

/// Keeps the database's log short.
pub async fn checkpoint(store: Store, stop: CancellationToken) {
    let mut every = tokio::time::interval(Duration::from_millis(50));
    let mut last = Instant::now();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        // Whoever writes meets the same trouble, and tells of it; the log can wait.
        if let Err(error) = store.checkpoint(&mut last).await {
            tracing::debug!(%error, "the database's log could not be emptied");
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

/// Gives every live stream a sign of life once in each `period`, spread over it.
pub async fn beat(live: Live, period: Duration, stop: CancellationToken) {
    let pause = period
        .mul_f64(1.0 / BEATS as f64)
        .max(Duration::from_millis(1));
    let mut every = tokio::time::interval(pause);
    for nth in (0..BEATS).cycle() {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => live.beat(nth),
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
