//! From a socket to the pipeline: in order, each message held until it is stored.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Deps;
use crate::eventsub::Message;
use crate::twitch::Backoff;

/// Messages that wait for the database per shard. When it is full the socket is not read until there is room;
/// TCP then holds Twitch back, which after some time drops the connection and uses the other shard.
const QUEUE: usize = 1024;

/// Messages handed over at a time, so that they share a commit; below the size at which order would be lost.
const BATCH: usize = 30;

/// Attempts left to a message that cannot be stored when the server stops.
const ATTEMPTS_WHEN_STOPPING: u32 = 3;

pub(super) fn queue() -> (mpsc::Sender<Message>, mpsc::Receiver<Message>) {
    mpsc::channel(QUEUE)
}

/// Waits while the queue is full; whoever reads the socket does not read on meanwhile.
pub(super) async fn enqueue(queue: &mpsc::Sender<Message>, message: Message) {
    if queue.send(message).await.is_err() {
        tracing::error!("an event was lost: its queue is gone");
    }
}

/// Hands messages over until the sending end is gone and the queue empty.
pub(super) async fn run(
    deps: Arc<Deps>,
    mut queued: mpsc::Receiver<Message>,
    stopping: CancellationToken,
) {
    let mut batch = Vec::with_capacity(BATCH);
    while queued.recv_many(&mut batch, BATCH).await > 0 {
        deliver(&deps, std::mem::take(&mut batch), &stopping).await;
    }
}

/// Tries until all are accepted; only a stop ends that, and is told.
async fn deliver(deps: &Deps, mut waiting: Vec<Message>, stopping: &CancellationToken) {
    let mut backoff = Backoff::new(&deps.timings);
    let mut last_attempts = ATTEMPTS_WHEN_STOPPING;
    loop {
        let attempts = waiting.iter().map(|m| deps.pipeline.accept(m.clone()));
        let outcomes = join_all(attempts).await;
        let mut cause = None;
        let mut outcomes = outcomes.into_iter();
        waiting.retain(|_| match outcomes.next() {
            Some(Err(error)) => {
                cause = Some(error);
                true
            }
            Some(Ok(_)) | None => false,
        });
        let Some(error) = cause else {
            if backoff.failures() > 0 {
                tracing::info!("held events are stored");
            }
            return;
        };
        if stopping.is_cancelled() {
            last_attempts -= 1;
            if last_attempts == 0 {
                tracing::error!(%error, events = waiting.len(), "events could not be stored before the stop");
                return;
            }
        }
        if backoff.failures() == 0 {
            tracing::warn!(%error, events = waiting.len(), "events cannot be stored; holding them");
        }
        let pause = backoff.pause();
        // When stopping there is no time for long pauses.
        let pause = if stopping.is_cancelled() {
            pause.min(deps.timings.backoff_first)
        } else {
            pause
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stopping.cancelled(), if last_attempts == ATTEMPTS_WHEN_STOPPING && !stopping.is_cancelled() => {}
        }
    }
}
