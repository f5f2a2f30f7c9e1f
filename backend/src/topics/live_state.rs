//! Who is live: told at once by online and offline events, checked and filled in by looks at the streams.
//!
//! Twitch's list of streams lags its events by up to minutes and at times leaves a live channel out, so a
//! recent event counts more than the list, and one absence from the list alone ends nothing.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use tokio::time::{Instant, sleep_until};

use super::Deps;
use super::recovery::{self, Recovery};
use crate::ids::{Login, UserId};
use crate::live::{Entry, Interest, Lagged, Published, Receiver};
use crate::store;
use crate::store::broadcasters::{Broadcaster, StreamState};
use crate::twitch::{self, Backoff, Stream};

/// When names and avatars were last read from Twitch, unix milliseconds.
const PROFILES_META: &str = "profiles-read-at";

/// The events that matter here.
const ABOUT_STREAMS: [&str; 3] = ["stream.online", "stream.offline", "channel.update"];

/// The parts of such an event that matter here.
#[derive(Debug, Default, Deserialize)]
struct Told {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    category_name: Option<String>,
}

/// What an event said last of a broadcaster.
#[derive(Debug)]
struct Trusted {
    until: Instant,
    live: bool,
    stream_id: String,
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Twitch(#[from] twitch::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Recovery(#[from] recovery::Error),
}

/// How a broadcaster was found at the last look.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// When, unix milliseconds.
    at: i64,
    /// How often in a row the list has left the broadcaster out, and since when.
    misses: u32,
    missed_since: i64,
}

struct Watcher {
    deps: Deps,
    recovery: Recovery,
    trusted: HashMap<UserId, Trusted>,
    /// Live by an event, title not known yet: when to look.
    details: HashMap<UserId, Instant>,
    looked_at: HashMap<UserId, Look>,
    /// When an earlier run was last known to run, until this one has looked at everyone.
    last_alive: Option<i64>,
    /// Whose events were missed, and since when, since the last look.
    missed_something: Vec<(UserId, i64)>,
}

/// Watches for ever.
pub(super) async fn run(deps: Deps) {
    let (mut entries, _) = deps.live.follow(Interest::Types(&ABOUT_STREAMS));
    let mut backoff = Backoff::new(&deps.timings);
    let mut watcher = Watcher {
        recovery: Recovery::new(deps.clone()),
        last_alive: deps.last_alive,
        deps,
        trusted: HashMap::new(),
        details: HashMap::new(),
        looked_at: HashMap::new(),
        missed_something: Vec::new(),
    };
    let mut next_look = Instant::now();
    loop {
        let soonest = watcher
            .details
            .values()
            .copied()
            .fold(next_look, Instant::min);
        tokio::select! {
            () = sleep_until(soonest) => {}
            change = next_change(&mut entries) => {
                match change {
                    Change::Event(event) => watcher.hear(&event).await,
                    Change::Subscriptions => {
                        next_look = next_look.min(Instant::now() + watcher.deps.timings.topics_debounce);
                    }
                    Change::Received(id, since) => {
                        next_look = next_look.min(Instant::now() + watcher.deps.timings.topics_debounce);
                        watcher.missed_something.push((id, since));
                    }
                    Change::Unknown => next_look = Instant::now(),
                }
                continue;
            }
        }
        let outcome = if Instant::now() >= next_look {
            next_look = Instant::now() + watcher.deps.timings.live_poll_every;
            watcher.look().await
        } else {
            watcher.look_for_details().await
        };
        match outcome {
            Ok(()) => backoff.reset(),
            Err(error) => {
                // Health has heard of it from the client or the store.
                tracing::debug!(%error, "could not see who is live");
                next_look = Instant::now() + backoff.pause();
                watcher.details.clear();
            }
        }
    }
}

enum Change {
    Event(std::sync::Arc<Published>),
    Subscriptions,
    /// Something of this broadcaster arrives again that did not since a time.
    Received(UserId, i64),
    Unknown,
}

/// Waits for an entry of the log that matters here.
///
/// # Cancel safety
/// Dropping the future loses nothing.
async fn next_change(entries: &mut Receiver) -> Change {
    loop {
        match entries.recv().await {
            Ok(Entry::Committed(event)) => return Change::Event(event),
            Ok(Entry::ViewerChanged(_)) => return Change::Subscriptions,
            Ok(Entry::NotReceived {
                broadcaster_id,
                began_at,
                ..
            }) => return Change::Received(broadcaster_id, began_at),
            Err(Lagged) => {
                entries.start_over();
                return Change::Unknown;
            }
            Ok(
                Entry::SessionEnded(_)
                | Entry::TokenDeleted(_)
                | Entry::TopicsChanged
                | Entry::Connection(_)
                | Entry::MarksMoved(_)
                | Entry::LiveChanged { .. }
                | Entry::Beat(_)
                | Entry::Draining,
            ) => {}
        }
    }
}

impl Look {
    fn after(previous: Option<Self>, is_listed: bool, now: i64) -> Self {
        let misses = previous.map_or(0, |look| look.misses);
        let missed_since = previous
            .filter(|_| misses > 0)
            .map(|look| look.missed_since);
        Self {
            at: now,
            misses: if is_listed { 0 } else { misses + 1 },
            missed_since: missed_since.unwrap_or(now),
        }
    }
}

impl Watcher {
    /// Takes what an event says at its word. What cannot be read or written is left to the next look.
    async fn hear(&mut self, event: &Published) {
        let Ok(told) = serde_json::from_str::<Told>(event.event.payload.get()) else {
            return;
        };
        if let Err(error) = self.apply(event, told).await {
            tracing::debug!(%error, "could not note what an event says of a stream");
        }
    }

    async fn apply(&mut self, event: &Published, told: Told) -> Result<(), Error> {
        let id = &event.broadcaster_id;
        let states = self
            .deps
            .store
            .broadcasters(std::slice::from_ref(id))
            .await?;
        let Some(state) = states.into_iter().next() else {
            return Ok(());
        };
        self.take_name(state.broadcaster, &event.event.broadcaster)
            .await?;
        let stream_id = told.id.unwrap_or_default();
        match (event.event_type(), state.stream) {
            // Twitch promises no order: the end of this very stream may have come before its start.
            ("stream.online", _) if self.has_ended(id, &stream_id) => {}
            ("stream.online", now) => {
                self.trust(id, true, &stream_id);
                self.details.insert(id.clone(), Instant::now());
                let is_known = now.is_some_and(|now| now.id == stream_id);
                if !is_known {
                    let begun = StreamState {
                        id: stream_id,
                        started_at: event.occurred_at,
                        ..StreamState::default()
                    };
                    self.write(vec![(id.clone(), Some(begun))]).await?;
                }
            }
            ("stream.offline", now) => {
                let is_of_another = now.is_some_and(|now| {
                    !stream_id.is_empty() && !now.id.is_empty() && now.id != stream_id
                });
                if !is_of_another {
                    self.trust(id, false, &stream_id);
                    self.details.remove(id);
                    self.write(vec![(id.clone(), None)]).await?;
                }
            }
            ("channel.update", Some(mut now)) => {
                now.title = told.title.unwrap_or(now.title);
                now.category = told.category_name.unwrap_or(now.category);
                self.write(vec![(id.clone(), Some(now))]).await?;
            }
            _ => {}
        }
        Ok(())
    }

    fn has_ended(&self, id: &UserId, stream_id: &str) -> bool {
        let trusted = self.trusted.get(id).filter(|t| t.until > Instant::now());
        trusted.is_some_and(|t| !t.live && !stream_id.is_empty() && t.stream_id == stream_id)
    }

    fn trust(&mut self, id: &UserId, live: bool, stream_id: &str) {
        let until = Instant::now() + self.deps.timings.live_event_trust;
        let stream_id = stream_id.to_owned();
        self.trusted.insert(
            id.clone(),
            Trusted {
                until,
                live,
                stream_id,
            },
        );
    }

    /// People rename themselves; an event tells first.
    async fn take_name(&self, old: Broadcaster, told: &wire::UserRef) -> Result<(), store::Error> {
        let login = Login::from_twitch(&told.login);
        // Where Twitch leaves the names out the id stands in for them.
        let is_name = |name: &str| !name.is_empty() && *name != told.id;
        let is_told = is_name(&told.login) && is_name(&told.display_name);
        if is_told && (login != old.login || told.display_name != old.display_name) {
            let display_name = told.display_name.clone();
            let renamed = Broadcaster {
                login,
                display_name,
                ..old
            };
            self.deps.store.put_broadcaster(&renamed).await?;
        }
        Ok(())
    }

    /// Looks at everyone wanted.
    async fn look(&mut self) -> Result<(), Error> {
        let wanted = self.deps.store.wanted_broadcasters().await?;
        self.deps.store.forget_unwatched_streams().await?;
        self.forget_others(&wanted);
        let streams = self.deps.twitch.streams(&wanted).await?;
        self.compare(&wanted, streams).await?;
        self.ask_for_titles(&wanted).await?;
        self.last_alive = None;
        self.recovery.settle().await?;
        self.read_profiles(&wanted).await
    }

    /// After an outage the titles of those who do not stream may have changed, too.
    async fn ask_for_titles(&mut self, wanted: &[UserId]) -> Result<(), Error> {
        // A gap begins at the last sign of life, which may be older than the wish.
        let now = self.deps.clock.now_ms();
        let mut missed: HashMap<UserId, (i64, i64)> = HashMap::new();
        for (id, began_at) in self.missed_something.drain(..) {
            missed.insert(id, (began_at, now));
        }
        if let Some(last_alive) = self.last_alive {
            missed.extend(
                wanted
                    .iter()
                    .map(|id| (id.clone(), (last_alive, last_alive))),
            );
        }
        let ids: Vec<UserId> = missed.keys().cloned().collect();
        for state in self.deps.store.broadcasters(&ids).await? {
            if let Some((since, wanted_by)) = missed.remove(&state.broadcaster.id) {
                self.recovery
                    .may_have_changed(&state.broadcaster, since, wanted_by);
            }
        }
        Ok(())
    }

    /// Looks at those who have just begun.
    async fn look_for_details(&mut self) -> Result<(), Error> {
        let now = Instant::now();
        let due = self.details.iter().filter(|(_, at)| **at <= now);
        let due: Vec<UserId> = due.map(|(id, _)| id.clone()).collect();
        let streams = self.deps.twitch.streams(&due).await?;
        let found: HashSet<_> = streams.iter().map(|s| s.broadcaster_id.clone()).collect();
        let again = now + self.deps.timings.live_details_every;
        for id in &due {
            // After the trusted time the regular look decides.
            let goes_on = self
                .trusted
                .get(id)
                .is_some_and(|t| t.live && t.until > again);
            if found.contains(id) || !goes_on {
                self.details.remove(id);
            } else {
                self.details.insert(id.clone(), again);
            }
        }
        let found: Vec<UserId> = found.into_iter().collect();
        self.compare(&found, streams).await
    }

    fn forget_others(&mut self, wanted: &[UserId]) {
        let wanted: HashSet<_> = wanted.iter().collect();
        let now = Instant::now();
        self.looked_at.retain(|id, _| wanted.contains(id));
        self.details.retain(|id, _| wanted.contains(id));
        self.trusted
            .retain(|id, trusted| wanted.contains(id) && trusted.until > now);
    }

    /// Writes where the list of streams differs from what is stored, unless an event knows better.
    async fn compare(&mut self, ids: &[UserId], streams: Vec<Stream>) -> Result<(), Error> {
        let mut listed: HashMap<UserId, Stream> = streams
            .into_iter()
            .map(|s| (s.broadcaster_id.clone(), s))
            .collect();
        let now = self.deps.clock.now_ms();
        let mut changes = Vec::new();
        for state in self.deps.store.broadcasters(ids).await? {
            let who = state.broadcaster;
            let id = who.id.clone();
            let found = listed.remove(&id);
            let previous = self.looked_at.get(&id).copied();
            let look = Look::after(previous, found.is_some(), now);
            self.looked_at.insert(id.clone(), look);
            // What was stored before this look was true at the one before it, at the latest.
            let known_at = previous.map(|look| look.at).or(self.last_alive);
            let trusted = self.trusted.get(&id).filter(|t| t.until > Instant::now());
            match (found, state.stream) {
                (Some(found), old) => {
                    let has_just_ended = trusted.is_some_and(|t| {
                        !t.live && (t.stream_id.is_empty() || t.stream_id == found.id)
                    });
                    if has_just_ended {
                        continue;
                    }
                    self.details.remove(&id);
                    self.recovery.is_seen(&id, Some(&found.id));
                    match (&old, known_at) {
                        (Some(old), Some(known_at)) if old.id == found.id => {
                            let is_told = !old.title.is_empty();
                            let is_same =
                                old.title == found.title && old.category == found.category;
                            if is_told && !is_same {
                                self.recovery.has_changed(&who, old, known_at);
                            }
                        }
                        (Some(old), Some(known_at)) => {
                            let at = found.started_at.unwrap_or(now);
                            self.recovery.has_ended(&who, old, known_at, (at, true));
                        }
                        (_, None) | (None, _) => {}
                    }
                    if old.as_ref().is_none_or(|old| old.id != found.id) {
                        self.recovery.has_begun(&who, &found);
                    }
                    let new = stream_state(found, old.as_ref());
                    if old.as_ref() != Some(&new) {
                        changes.push((id, Some(new)));
                    }
                }
                (None, Some(old)) => {
                    let has_just_begun = trusted.is_some_and(|t| t.live);
                    if !has_just_begun && (previous.is_none() || look.misses > 1) {
                        if let Some(known_at) = known_at {
                            let end = (look.missed_since, look.misses > 1);
                            self.recovery.has_ended(&who, &old, known_at, end);
                        }
                        changes.push((id, None));
                    }
                }
                (None, None) if look.misses > 1 => self.recovery.is_seen(&id, None),
                (None, None) => {}
            }
        }
        self.write(changes).await?;
        Ok(())
    }

    async fn write(&self, changes: Vec<(UserId, Option<StreamState>)>) -> Result<(), store::Error> {
        for (broadcaster_id, live) in self.deps.store.set_streams(&changes).await? {
            self.deps.live.append(Entry::LiveChanged {
                broadcaster_id,
                live,
            });
        }
        Ok(())
    }

    /// Reads names and avatars anew when they are old.
    async fn read_profiles(&self, wanted: &[UserId]) -> Result<(), Error> {
        let store = &self.deps.store;
        let read_at: i64 = store
            .meta(PROFILES_META)
            .await?
            .and_then(|text| text.parse().ok())
            .unwrap_or_default();
        let now = self.deps.clock.now_ms();
        let lifetime = i64::try_from(self.deps.timings.profiles_every.as_millis());
        if now.saturating_sub(read_at) < lifetime.unwrap_or(i64::MAX) {
            return Ok(());
        }
        for user in self.deps.twitch.users_by_id(wanted).await? {
            let broadcaster = Broadcaster {
                id: user.id,
                login: user.login,
                display_name: user.display_name,
                profile_image_url: user.profile_image_url,
            };
            store.put_broadcaster(&broadcaster).await?;
        }
        store.set_meta(PROFILES_META, &now.to_string()).await?;
        Ok(())
    }
}

/// A stream as listed; where Twitch leaves out its start, the one known before.
pub fn stream_state(listed: Stream, old: Option<&StreamState>) -> StreamState {
    StreamState {
        started_at: listed
            .started_at
            .or(old.map(|old| old.started_at))
            .unwrap_or_default(),
        id: listed.id,
        title: listed.title,
        category: listed.category,
        viewers: listed.viewers,
        thumbnail_url: listed.thumbnail_url,
    }
}
