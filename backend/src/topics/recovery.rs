//! What looks at Twitch's streams found and no event told: a stream that began or ended, a title that changed.
//!
//! Where an outage can have swallowed the event, it enters by the pipeline and is marked as recovered; a message that
//! tells it later is a duplicate. Without an outage nothing is made up: Twitch's list lags behind its events, and what
//! was so when somebody subscribed is no event.

use std::collections::{HashMap, VecDeque};

use tokio::time::Instant;

use super::Deps;
use super::proof::{began, changed, ended, title_and_category};
use crate::ids::UserId;
use crate::pipeline;
use crate::store;
use crate::store::broadcasters::{Broadcaster, StreamState};
use crate::store::recovery::Untold;
use crate::twitch::{self, Channel, Stream};

#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Twitch(#[from] twitch::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Pipeline(#[from] pipeline::Error),
}

/// What was found.
#[derive(Debug)]
enum What {
    /// It ended at about that time. One absence from the list alone is no proof.
    Ended {
        stream_id: String,
        at: i64,
        is_certain: bool,
    },
    Began {
        stream_id: String,
        started_at: i64,
    },
    /// Title and category may have changed; what they were before, if that is known.
    Changed {
        before: Option<(String, String)>,
    },
}

impl What {
    fn is_certain(&self) -> bool {
        !matches!(
            self,
            Self::Ended {
                is_certain: false,
                ..
            }
        )
    }
}

#[derive(Debug)]
struct Found {
    broadcaster: Broadcaster,
    what: What,
    /// Twitch would have told of it between these times, unix milliseconds.
    since: i64,
    until: i64,
    /// How it was before was known by this time, unix milliseconds.
    known_at: i64,
    /// Until when an outage may turn out that explains it.
    give_up_at: Instant,
}

pub(super) struct Recovery {
    deps: Deps,
    found: Vec<Found>,
    /// From when to when the program did not run, unix milliseconds.
    stopped: Option<(i64, i64)>,
}

impl Recovery {
    pub(super) fn new(deps: Deps) -> Self {
        let now = deps.clock.now_ms();
        let stopped = deps.last_alive.map(|last_alive| (last_alive, now));
        Self {
            deps,
            found: Vec::new(),
            stopped,
        }
    }

    /// The list has a stream where another one, or none, was known.
    pub(super) fn has_begun(&mut self, broadcaster: &Broadcaster, stream: &Stream) {
        if let Some(started_at) = stream.started_at {
            let what = What::Began {
                stream_id: stream.id.clone(),
                started_at,
            };
            // Twitch tells full seconds.
            self.note(broadcaster, what, started_at, started_at + 999);
        }
    }

    /// A stream that was known at a time is over.
    pub(super) fn has_ended(
        &mut self,
        broadcaster: &Broadcaster,
        stream: &StreamState,
        known_at: i64,
        (at, is_certain): (i64, bool),
    ) {
        // An event that names no stream may be any other's end.
        if stream.id.is_empty() {
            return;
        }
        let what = What::Ended {
            stream_id: stream.id.clone(),
            at,
            is_certain,
        };
        self.note(broadcaster, what, self.lagging(known_at), known_at);
    }

    /// Title or category of a running stream are not those that were known at a time.
    pub(super) fn has_changed(
        &mut self,
        broadcaster: &Broadcaster,
        before: &StreamState,
        known_at: i64,
    ) {
        let before = Some((before.title.clone(), before.category.clone()));
        let what = What::Changed { before };
        self.note(broadcaster, what, self.lagging(known_at), known_at);
    }

    /// Something of this channel, which was wanted by a time, could not be received since another.
    pub(super) fn may_have_changed(
        &mut self,
        broadcaster: &Broadcaster,
        since: i64,
        wanted_by: i64,
    ) {
        let what = What::Changed { before: None };
        self.note(broadcaster, what, since, wanted_by);
    }

    /// The list has this stream of a channel, or with `None` has left the channel out more than once.
    pub(super) fn is_seen(&mut self, id: &UserId, now: Option<&str>) {
        self.found.retain_mut(|found| {
            let What::Ended {
                stream_id,
                is_certain,
                ..
            } = &mut found.what
            else {
                return true;
            };
            let is_it = found.broadcaster.id == *id && !*is_certain;
            let is_back = is_it && now == Some(stream_id);
            *is_certain |= is_it && !is_back;
            !is_back
        });
    }

    /// The list may still show for some time what had been before.
    fn lagging(&self, known_at: i64) -> i64 {
        let lag = i64::try_from(self.deps.timings.live_event_trust.as_millis());
        known_at.saturating_sub(lag.unwrap_or(i64::MAX))
    }

    fn note(&mut self, broadcaster: &Broadcaster, what: What, since: i64, known_at: i64) {
        let is_same = |found: &&mut Found| {
            found.broadcaster.id == broadcaster.id
                && std::mem::discriminant(&found.what) == std::mem::discriminant(&what)
        };
        let until = self.deps.clock.now_ms();
        let give_up_at = Instant::now() + self.deps.timings.live_event_trust;
        match self.found.iter_mut().find(is_same) {
            // Looked at once for both; the older one knows what had been before.
            Some(found) if matches!(found.what, What::Changed { .. }) => {
                if let What::Changed { before: None } = &found.what {
                    found.what = what;
                }
                found.since = found.since.min(since);
                found.known_at = found.known_at.max(known_at);
                (found.until, found.give_up_at) = (until, give_up_at);
            }
            _ => self.found.push(Found {
                broadcaster: broadcaster.clone(),
                what,
                since,
                until,
                known_at,
                give_up_at,
            }),
        }
    }

    /// Inserts what an outage explains, and forgets what none has explained in time.
    ///
    /// # Errors
    /// When Twitch or the store fails; what is left is tried the next time.
    pub(super) async fn settle(&mut self) -> Result<(), Error> {
        // An end comes before the start that follows it.
        self.found.sort_by_key(|found| match found.what {
            What::Ended { .. } => 0,
            What::Began { .. } => 1,
            What::Changed { .. } => 2,
        });
        let mut left = VecDeque::from(std::mem::take(&mut self.found));
        let mut explained = VecDeque::new();
        let mut outcome = self.explain(&mut left, &mut explained).await;
        if outcome.is_ok() {
            outcome = self.insert(&mut explained).await;
        }
        self.found.extend(explained.into_iter().chain(left));
        outcome
    }

    /// Takes out all that is looked at: what is explained, what may still be, and what will not be.
    async fn explain(
        &mut self,
        left: &mut VecDeque<Found>,
        explained: &mut VecDeque<Found>,
    ) -> Result<(), Error> {
        while let Some(found) = left.front() {
            let is_certain = found.what.is_certain();
            let is_explained = is_certain && self.is_explained(found).await?;
            let may_wait = !is_certain || Instant::now() < found.give_up_at;
            let found = left.pop_front();
            if is_explained {
                explained.extend(found);
            } else if may_wait {
                self.found.extend(found);
            }
        }
        Ok(())
    }

    /// Takes out what is inserted, or turns out to be nothing new.
    async fn insert(&self, explained: &mut VecDeque<Found>) -> Result<(), Error> {
        let mut channels = None;
        // So they were called then; the store drops what is overtaken by a message.
        let asked_at = self.deps.clock.now_ms();
        while let Some(Found {
            broadcaster, what, ..
        }) = explained.front()
        {
            let told = match what {
                What::Ended { stream_id, at, .. } => ended(broadcaster, stream_id, *at),
                What::Began {
                    stream_id,
                    started_at,
                } => began(broadcaster, stream_id, *started_at),
                What::Changed { before } => {
                    // They come last: all of them are asked for at once.
                    if channels.is_none() {
                        channels = Some(self.channels(explained).await?);
                    }
                    let channel = channels.as_ref().and_then(|all| all.get(&broadcaster.id));
                    let last = self
                        .deps
                        .store
                        .last_channel_updates(&broadcaster.id, asked_at)
                        .await?;
                    let told = last
                        .iter()
                        .filter_map(|payload| title_and_category(payload));
                    let unless_told = before.clone().filter(|_| last.is_empty());
                    let known: Vec<_> = told.chain(unless_told).collect();
                    let is_new = |channel: &&Channel| {
                        let differs = |(title, category): &(String, String)| {
                            *title != channel.title || *category != channel.category
                        };
                        !known.is_empty() && known.iter().all(differs)
                    };
                    let channel = channel.filter(is_new);
                    channel.and_then(|channel| changed(broadcaster, channel, asked_at))
                }
            };
            if let Some(told) = told {
                let event_type = told.event_type;
                let outcome = self.deps.pipeline.recover(told).await?;
                tracing::info!(
                    login = broadcaster.login.as_str(),
                    event_type,
                    ?outcome,
                    "recovered after an outage"
                );
            }
            explained.pop_front();
        }
        Ok(())
    }

    async fn channels(
        &self,
        of: &VecDeque<Found>,
    ) -> Result<HashMap<UserId, Channel>, twitch::Error> {
        let ids: Vec<UserId> = of
            .iter()
            .map(|found| found.broadcaster.id.clone())
            .collect();
        let channels = self.deps.twitch.channels(&ids).await?;
        let by_id = |channel: Channel| (channel.broadcaster_id.clone(), channel);
        Ok(channels.into_iter().map(by_id).collect())
    }

    async fn is_explained(&self, found: &Found) -> Result<bool, store::Error> {
        let event_type = match found.what {
            What::Ended { .. } => "stream.offline",
            What::Began { .. } => "stream.online",
            What::Changed { .. } => "channel.update",
        };
        let untold = Untold {
            broadcaster: &found.broadcaster.id,
            event_type,
            since: found.since,
            until: found.until,
            wanted_by: found.known_at,
        };
        let was_stopped = self
            .stopped
            .is_some_and(|(from, to)| from <= found.until && to >= found.since);
        let (was_wanted, was_out) = self.deps.store.was_wanted_and_out(&untold).await?;
        Ok(was_wanted && (was_out || was_stopped))
    }
}
