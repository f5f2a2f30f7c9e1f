//! The simulated Twitch community: people, channels, and what happens to them.
//!
//! Plain data without I/O or clock: the caller says what time it is and gets
//! back what happened since. One seed always tells the same story, however
//! often the caller asks. Who is told of it (subscriptions, transports,
//! permissions) is not known here.

mod agenda;
mod cast;
mod crowd;
mod dice;
mod happen;
mod life;
mod lines;
mod payload;
mod room;
mod sample;
mod shows;
#[cfg(test)]
mod tests;
mod tongues;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use agenda::Agenda;
use cast::{CAST, FAVOURITES, FOLLOWS, Role, Stage};
use dice::Dice;
use life::{Act, SharedChat};
pub(crate) use lines::CHAT as CHAT_LINES;
use room::Room;

/// Keeps the samples of [`World::happen`] from changing the seeded story.
const SAMPLE_SEED: u64 = 0x5eed_0f5a;

/// A jump of the clock beyond this (a laptop that slept) is skipped, not made up for.
const MAX_CATCH_UP: SignedDuration = SignedDuration::from_mins(5);

/// At most this many happenings are handed out at once; the rest stays due.
const MAX_PER_ADVANCE: usize = 2_000;

/// An account, which on Twitch is a channel as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Digits, as on Twitch.
    pub id: String,
    /// Lower case.
    pub login: String,
    /// As shown; may be in another script.
    pub display_name: String,
    /// The text under "About".
    pub description: String,
    /// `partner`, `affiliate` or empty.
    pub broadcaster_type: String,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// What a channel says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Title of the stream, or of the last one.
    pub title: String,
    /// Digits, as on Twitch.
    pub category_id: String,
    /// What `category_id` is called.
    pub category_name: String,
    /// ISO 639-1.
    pub language: String,
    /// Free words chosen by the broadcaster.
    pub tags: Vec<String>,
    /// Labels such as `MatureGame`.
    pub content_classification_labels: Vec<String>,
    /// While the channel is live.
    pub stream: Option<Stream>,
}

/// A broadcast that is going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Digits; new with every broadcast.
    pub id: String,
    /// A whole second.
    pub started_at: Timestamp,
    /// Drifts while the channel is live.
    pub viewer_count: i64,
}

/// One EventSub event. What really happened may be several of them: a new sub
/// is a `channel.subscribe` and a `channel.chat.notification`.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// The subscription type, such as `channel.follow`.
    pub event_type: String,
    /// The version of that type which `event` has the shape of.
    pub version: String,
    /// The channel it is about; of a raid the raided one. For types that
    /// concern no channel the person.
    pub broadcaster_id: String,
    /// The `event` object.
    pub event: Value,
}

/// People, channels, and the story they live.
#[derive(Debug)]
pub struct World {
    /// The cast, whose channels exist, then the crowd.
    people: Arc<Vec<Person>>,
    by_id: HashMap<String, usize>,
    by_login: HashMap<String, usize>,
    channels: Vec<Channel>,
    rooms: Vec<Room>,
    /// Channels that chat together at the moment.
    shared: Option<SharedChat>,
    /// Chat lines just written, not to be repeated at once.
    recent_lines: VecDeque<&'static str>,
    /// Whom each person follows, since when; the newest first.
    follows: Vec<Vec<(usize, Timestamp)>>,
    agenda: Agenda<Act>,
    dice: Dice,
    sample_dice: Dice,
    quiet: bool,
    /// Up to when the story has been told.
    told: Timestamp,
}

impl World {
    /// A world as it is at `now`; a `quiet` one has the same people and live
    /// channels, but nothing ever happens in it by itself.
    pub fn new(seed: u64, now: Timestamp, quiet: bool) -> Self {
        let mut dice = Dice::new(seed);
        let mut people: Vec<Person> = CAST.iter().map(person).collect();
        let follows = follows(&people, &mut dice, now);
        let taken: HashSet<&str> = CAST.iter().map(|role| role.login).collect();
        people.extend(crowd::crowd(&taken));
        let mut rooms: Vec<Room> = CAST
            .iter()
            .map(|role| Room::new(role, &mut dice, now))
            .collect();
        let channels = CAST
            .iter()
            .zip(&mut rooms)
            .map(|(role, room)| channel(role, room, &mut dice, now))
            .collect();
        let index = |key: fn(&Person) -> &String| {
            people
                .iter()
                .enumerate()
                .map(|(at, person)| (key(person).clone(), at))
                .collect()
        };
        let mut world = Self {
            by_id: index(|person| &person.id),
            by_login: index(|person| &person.login),
            people: Arc::new(people),
            channels,
            rooms,
            shared: None,
            recent_lines: VecDeque::new(),
            follows,
            agenda: Agenda::new(),
            dice,
            sample_dice: Dice::new(seed ^ SAMPLE_SEED),
            quiet,
            told: now,
        };
        world.appoint_moderators();
        if !quiet {
            world.wake(now);
        }
        world
    }

    /// Everybody who has a name of their own; the crowd is found by id or login.
    pub fn people(&self) -> &[Person] {
        self.people.get(..CAST.len()).unwrap_or_default()
    }

    /// The person with this id.
    pub fn person_by_id(&self, id: &str) -> Option<&Person> {
        self.people.get(*self.by_id.get(id)?)
    }

    /// The person with this login, in any case.
    pub fn person_by_login(&self, login: &str) -> Option<&Person> {
        self.people
            .get(*self.by_login.get(&login.to_ascii_lowercase())?)
    }

    /// The channel of the person with this id.
    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.get(*self.by_id.get(id)?)
    }

    /// Ids of the channels this person follows and since when, the newest first.
    pub fn follows(&self, user_id: &str) -> Vec<(String, Timestamp)> {
        let followed = self.by_id.get(user_id).and_then(|at| self.follows.get(*at));
        followed
            .into_iter()
            .flatten()
            .map(|(at, since)| (self.people[*at].id.clone(), *since))
            .collect()
    }

    /// Channels whose login begins with `query` (or display name; with
    /// `live_only` also category), the live ones and the exact match first.
    pub fn search(&self, query: &str, live_only: bool) -> Vec<&Person> {
        let query = query.trim().to_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(bool, bool, &Person)> = self
            .people
            .iter()
            .zip(&self.channels)
            .filter(|(person, channel)| {
                let live = channel.stream.is_some();
                let named = person.login.starts_with(&query)
                    || person.display_name.to_lowercase().starts_with(&query);
                let about = channel.category_name.to_lowercase().starts_with(&query);
                (named && (live || !live_only)) || (about && live && live_only)
            })
            .map(|(person, channel)| (person.login != query, channel.stream.is_none(), person))
            .collect();
        found.sort_by_key(|(inexact, offline, _)| (*inexact, *offline));
        found.into_iter().map(|(.., person)| person).collect()
    }

    /// Everything that happened since the last call, in order. After a jump of
    /// the clock the missed time is skipped; a long list comes in portions.
    pub fn advance(&mut self, now: Timestamp) -> Vec<Happening> {
        let missed = now.duration_since(self.told);
        if missed > MAX_CATCH_UP {
            self.agenda.postpone(missed - MAX_CATCH_UP);
        }
        let mut happenings = Vec::new();
        while happenings.len() < MAX_PER_ADVANCE {
            let Some((due, act)) = self.agenda.pop_due(now) else {
                break;
            };
            self.perform(due, act, &mut happenings);
        }
        self.told = self.told.max(now);
        happenings
    }

    /// When [`World::advance`] next has something to do; never, if quiet.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.agenda.next_due()
    }

    fn index_of(&self, login_or_id: &str) -> Option<usize> {
        self.by_id
            .get(login_or_id)
            .or_else(|| self.by_login.get(&login_or_id.to_ascii_lowercase()))
            .copied()
    }

    fn is_live(&self, channel: usize) -> bool {
        self.channels[channel].stream.is_some()
    }

    /// Every channel that streams has a few moderators and VIPs.
    fn appoint_moderators(&mut self) {
        let chatters: Vec<usize> = (0..CAST.len())
            .filter(|at| {
                CAST[*at].stage == Stage::Chatter && !cast::is_demo_viewer(CAST[*at].login)
            })
            .collect();
        let mo = self.by_login.get("moderator_mo").copied();
        for (at, room) in self.rooms.iter_mut().enumerate() {
            let mut some = chatters.clone();
            some.retain(|person| *person != at && Some(*person) != mo);
            self.dice.shuffle(&mut some);
            room.moderators = mo.into_iter().chain(some.iter().copied().take(2)).collect();
            room.vips = some.iter().copied().skip(2).take(2).collect();
        }
    }
}

/// `at` plus `by`, or `at` at the end of time.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(at)
}

fn person(role: &Role) -> Person {
    Person {
        id: role.id.to_owned(),
        login: role.login.to_owned(),
        display_name: role.display_name.to_owned(),
        description: role.description.to_owned(),
        broadcaster_type: match (role.stage, role.viewers) {
            (Stage::Big, _) | (_, 200..) => "partner",
            (Stage::SmallLive | Stage::SmallOffline, _) => "affiliate",
            (Stage::Chatter, _) => "",
        }
        .to_owned(),
        created_at: role.created_at.parse().unwrap_or(Timestamp::UNIX_EPOCH),
    }
}

fn channel(role: &Role, room: &mut Room, dice: &mut Dice, now: Timestamp) -> Channel {
    let mut channel = Channel {
        title: String::new(),
        category_id: String::new(),
        category_name: String::new(),
        language: role.language.to_owned(),
        tags: role.tags.iter().map(|tag| (*tag).to_owned()).collect(),
        content_classification_labels: Vec::new(),
        stream: None,
    };
    room.describe(role.login, &mut channel, dice);
    let live_for = match role.stage {
        Stage::Big => dice.between(1500, 9000),
        Stage::SmallLive => dice.between(900, 4000),
        Stage::SmallOffline | Stage::Chatter => return channel,
    };
    let since = later(now, SignedDuration::from_secs(-live_for));
    channel.stream = Some(life::new_stream(role.viewers, since, dice));
    room.stream_no = 1;
    channel
}

/// Who follows whom: the demo's viewers many, everybody else a handful.
fn follows(people: &[Person], dice: &mut Dice, now: Timestamp) -> Vec<Vec<(usize, Timestamp)>> {
    people
        .iter()
        .enumerate()
        .map(|(at, person)| {
            let wanted = FOLLOWS
                .iter()
                .find(|(login, _)| *login == person.login)
                .map(|(_, count)| *count);
            let mut others: Vec<usize> = (0..people.len()).filter(|other| *other != at).collect();
            dice.shuffle(&mut others);
            if wanted.is_some() {
                others.sort_by_key(|other| {
                    let favourite = FAVOURITES.contains(&people[*other].login.as_str());
                    (!favourite, CAST[*other].stage == Stage::Chatter)
                });
            }
            let count = wanted.unwrap_or_else(|| 3 + dice.index(9));
            let mut list: Vec<(usize, Timestamp)> = others
                .into_iter()
                .take(count)
                .map(|other| {
                    let born = people[other].created_at.max(person.created_at);
                    let span = now.duration_since(born).as_secs().max(2);
                    let after = SignedDuration::from_secs(dice.between(1, span - 1));
                    (other, later(born, after))
                })
                .collect();
            list.sort_by_key(|(_, since)| std::cmp::Reverse(*since));
            list
        })
        .collect()
}
