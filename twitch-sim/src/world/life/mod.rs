//! What people do by themselves: routines that come round at believable rates
//! while a channel is live, and what they set off.

mod broadcast;
mod chatter;
mod contest;
mod moderation;
mod points;
mod shared;
mod subs;
mod together;

pub(crate) use shared::SharedChat;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::cast::{CAST, Stage, is_demo_viewer};
use super::dice::Dice;
use super::payload::chat::Speaker;
use super::room::months_subscribed;
use super::sample::newest_version;
use super::{Happening, Person, Stream, World, crowd, later};

/// Something that is due at a time.
#[derive(Debug)]
pub(crate) enum Act {
    /// A channel goes live or is about to end; void if it did so meanwhile.
    ComeOrGo { host: usize, turn: u64 },
    /// That stream is over.
    End { host: usize, stream_no: u64 },
    /// One round of a routine; it stops when that stream is over.
    Round {
        host: usize,
        stream_no: u64,
        routine: Routine,
    },
    /// A channel joins that session.
    JoinSharedChat { id: String, guest: usize },
    /// That session is over.
    EndSharedChat { id: String },
    /// Told as it is.
    Tell(Box<Happening>),
}

/// What happens in a live channel again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Routine {
    /// The show moves on; keeps the floor of events anybody may see.
    Show,
    Viewers,
    Chat,
    Cheer,
    Notice,
    Follow,
    Sub,
    Resub,
    Gift,
    GiftBomb,
    Upgrade,
    SubEnd,
    Redemption,
    TextRedemption,
    AutomaticReward,
    PowerUp,
    RewardChange,
    Poll,
    Prediction,
    HypeTrain,
    Goal,
    Charity,
    Ads,
    Timeout,
    Delete,
    Role,
    Shield,
    UnbanRequest,
    Warning,
    Suspicious,
    AutoMod,
    ChatMode,
    ShareChat,
}

use Routine::{
    Ads, AutoMod, AutomaticReward, Charity, Chat, ChatMode, Cheer, Delete, Follow, Gift, GiftBomb,
    Goal, HypeTrain, Notice, Poll, PowerUp, Prediction, Redemption, Resub, RewardChange, Role,
    ShareChat, Shield, Show, Sub, SubEnd, Suspicious, TextRedemption, Timeout, UnbanRequest,
    Upgrade, Viewers, Warning,
};

/// Mean seconds between two rounds in a big channel.
const ROUTINES: [(Routine, f64); 33] = [
    (Show, 22.0),
    (Viewers, 20.0),
    (Chat, 2.5),
    (Cheer, 38.0),
    (Notice, 55.0),
    (Follow, 24.0),
    (Sub, 48.0),
    (Resub, 36.0),
    (Gift, 80.0),
    (GiftBomb, 150.0),
    (Upgrade, 140.0),
    (SubEnd, 130.0),
    (Redemption, 42.0),
    (TextRedemption, 60.0),
    (AutomaticReward, 60.0),
    (PowerUp, 110.0),
    (RewardChange, 420.0),
    (Poll, 240.0),
    (Prediction, 300.0),
    (HypeTrain, 360.0),
    (Goal, 100.0),
    (Charity, 500.0),
    (Ads, 600.0),
    (Timeout, 120.0),
    (Delete, 90.0),
    (Role, 400.0),
    (Shield, 900.0),
    (UnbanRequest, 420.0),
    (Warning, 300.0),
    (Suspicious, 300.0),
    (AutoMod, 150.0),
    (ChatMode, 260.0),
    (ShareChat, 700.0),
];

/// How much slower everything is in a small channel.
const SMALL_CHANNEL: f64 = 5.0;

/// The show of a big channel moves on this many seconds after the last event
/// that anybody may see; well below the promised 40.
const SHOW_GAP: (f64, f64) = (14.0, 30.0);
const SMALL_SHOW_GAP: (f64, f64) = (50.0, 130.0);

impl World {
    /// Starts every routine of the channels that are live, and the coming and
    /// going of the others.
    pub(crate) fn wake(&mut self, now: Timestamp) {
        for (host, role) in CAST.iter().enumerate() {
            if self.is_live(host) {
                self.start_routines(host, now);
            }
            let first = match (role.login, role.stage) {
                (_, Stage::Chatter) => continue,
                (_, Stage::Big) => self.dice.within(4.0 * 3600.0, 7.0 * 3600.0),
                (_, Stage::SmallLive) => self.dice.within(300.0, 600.0),
                // Somebody should come on soon after the curtain rises.
                ("ostrich_op", _) => self.dice.within(12.0, 25.0),
                ("late_owl", _) => self.dice.within(25.0, 45.0),
                (_, Stage::SmallOffline) => self.dice.within(60.0, 1800.0),
            };
            self.come_or_go_at(host, later(now, first));
        }
    }

    pub(crate) fn start_routines(&mut self, host: usize, at: Timestamp) {
        let stream_no = self.rooms[host].stream_no;
        for (routine, mean) in ROUTINES {
            let wait = if routine == Show {
                self.dice.within(4.0, SHOW_GAP.0)
            } else {
                self.dice.within(0.3, self.pace(host, mean))
            };
            let round = Act::Round {
                host,
                stream_no,
                routine,
            };
            self.agenda.add(later(at, wait), round);
        }
    }

    fn pace(&self, host: usize, mean: f64) -> f64 {
        if self.rooms[host].is_big() {
            mean
        } else {
            mean * SMALL_CHANNEL
        }
    }

    pub(crate) fn perform(&mut self, at: Timestamp, act: Act, out: &mut Vec<Happening>) {
        match act {
            Act::ComeOrGo { host, turn } => {
                if self.rooms[host].turn == turn {
                    self.come_or_go(host, at, out);
                }
            }
            Act::End { host, stream_no } => {
                if self.rooms[host].stream_no == stream_no {
                    self.end(host, at, out);
                }
            }
            Act::JoinSharedChat { id, guest } => self.join_shared_chat(&id, guest, out),
            Act::EndSharedChat { id } => self.end_shared_chat(&id, out),
            Act::Tell(happening) => out.push(*happening),
            Act::Round {
                host,
                stream_no,
                routine,
            } => {
                if !self.is_live(host) || self.rooms[host].stream_no != stream_no {
                    return;
                }
                self.round(routine, host, at, out);
                let wait = self.next_wait(routine, host, at);
                let round = Act::Round {
                    host,
                    stream_no,
                    routine,
                };
                self.agenda.add(later(at, wait), round);
            }
        }
    }

    fn next_wait(&mut self, routine: Routine, host: usize, at: Timestamp) -> SignedDuration {
        if routine == Show {
            let (low, high) = if self.rooms[host].is_big() {
                SHOW_GAP
            } else {
                SMALL_SHOW_GAP
            };
            let since = at.duration_since(self.rooms[host].last_public);
            return (self.dice.within(low, high) - since).max(super::dice::seconds(1.0));
        }
        let mean = ROUTINES
            .iter()
            .find(|(one, _)| *one == routine)
            .map_or(60.0, |(_, mean)| *mean);
        let mean = self.pace(host, mean);
        self.dice.wait(mean)
    }

    fn round(&mut self, routine: Routine, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        match routine {
            Show => self.show(host, at, out),
            Viewers => self.drift(host),
            Chat => self.chat_line(host, out),
            Cheer => self.cheer(host, at, out),
            Notice => self.sundry_notice(host, out),
            Follow => self.follow(host, at, out),
            Sub => self.sub(host, at, out),
            Resub => self.resub(host, out),
            Gift => self.gift(host, at, out),
            GiftBomb => self.gift_bomb(host, at, out),
            Upgrade => self.upgrade(host, out),
            SubEnd => self.sub_end(host, out),
            Redemption => self.redemption(host, at, false, out),
            TextRedemption => self.redemption(host, at, true, out),
            AutomaticReward => self.automatic_reward(host, at, out),
            PowerUp => self.power_up(host, at, out),
            RewardChange => self.reward_change(host, out),
            Poll => self.poll(host, at),
            Prediction => self.prediction(host, at),
            HypeTrain => self.hype_train(host, at),
            Goal => self.goal(host, at, out),
            Charity => self.charity(host, at),
            Ads => self.ads(host, at, out),
            Timeout => self.timeout(host, at, out),
            Delete => self.delete_line(host, at, out),
            Role => self.change_role(host, out),
            Shield => self.shield(host, at, out),
            UnbanRequest => self.unban_request(host, at, out),
            Warning => self.warn(host, at, out),
            Suspicious => self.suspicious(host, out),
            AutoMod => self.automod(host, at, out),
            ChatMode => self.chat_mode(host, at, out),
            ShareChat => self.shared_chat(host, at, out),
        }
    }

    fn happening(&self, host: usize, event_type: &str, event: Value) -> Happening {
        Happening {
            event_type: event_type.to_owned(),
            version: newest_version(event_type).to_owned(),
            broadcaster_id: self.people[host].id.clone(),
            event,
        }
    }

    /// Tells an event of a channel now.
    fn tell(&self, host: usize, event_type: &str, event: Value, out: &mut Vec<Happening>) {
        out.push(self.happening(host, event_type, event));
    }

    /// Tells it later.
    fn plan(&mut self, host: usize, event_type: &str, event: Value, at: Timestamp) {
        let happening = self.happening(host, event_type, event);
        self.agenda.add(at, Act::Tell(Box::new(happening)));
    }

    /// Somebody in chat who is not the broadcaster, nor banned here, nor one of
    /// the demo's viewers, who act for themselves. `fit` may refuse people.
    fn somebody(&mut self, host: usize, fit: impl Fn(usize) -> bool) -> usize {
        /// After so many tries the first one who fits will do.
        const TRIES: usize = 40;
        for _ in 0..TRIES {
            // The regulars are few and talk a lot.
            let at = if self.dice.chance(0.4) {
                self.dice.index(CAST.len())
            } else {
                self.dice.index(self.people.len())
            };
            if self.is_present(at, host) && fit(at) {
                return at;
            }
        }
        let last = self.people.len() - 1;
        (0..last)
            .find(|at| self.is_present(*at, host) && fit(*at))
            .unwrap_or(last)
    }

    fn is_present(&self, person: usize, host: usize) -> bool {
        let elsewhere = CAST
            .get(person)
            .is_some_and(|role| role.stage == Stage::Big || is_demo_viewer(role.login));
        person != host && !elsewhere && !self.rooms[host].banned.contains(&person)
    }

    pub(crate) fn anybody(&mut self, host: usize) -> usize {
        self.somebody(host, |_| true)
    }

    /// Somebody of the crowd: regulars do not get into trouble.
    fn stranger(&mut self, host: usize) -> usize {
        let trusted = self.rooms[host].moderators.clone();
        self.somebody(host, |who| who >= CAST.len() && !trusted.contains(&who))
    }

    fn moderator(&mut self, host: usize) -> usize {
        let moderators = self.rooms[host].moderators.clone();
        self.dice.pick(&moderators).unwrap_or(host)
    }

    fn speaker<'a>(&self, people: &'a [Person], person: usize, host: usize) -> Speaker<'a> {
        Speaker {
            person: &people[person],
            color: color(person),
            badges: self.rooms[host].badges(person, host),
        }
    }
}

/// The colour a person always has in chat.
pub(crate) fn color(person: usize) -> &'static str {
    CAST.get(person)
        .map_or_else(|| crowd::color(person), |role| role.color)
}

/// A stream as it is in its first moment.
pub(crate) fn new_stream(viewers: i64, at: Timestamp, dice: &mut Dice) -> Stream {
    Stream {
        id: dice.digits(11),
        started_at: Timestamp::from_second(at.as_second()).unwrap_or(at),
        viewer_count: viewers * dice.between(80, 120) / 100,
    }
}

fn is_subscriber(person: usize, host: usize) -> bool {
    months_subscribed(person, host).is_some()
}
