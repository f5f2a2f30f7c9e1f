//! Coming and going, titles, raids, viewers, ads.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Act, new_stream};
use crate::world::cast::CAST;
use crate::world::dice::seconds;
use crate::world::payload::moderate::{self, Action};
use crate::world::payload::text::Message;
use crate::world::payload::{channel, notice, stream};
use crate::world::{Happening, Stream, World, later, lines};

/// Not more channels than this are live at once.
const MAX_LIVE: usize = 11;

/// Whom they raid first when they can.
const FRIENDS: &[(&str, &str)] = &[
    ("late_owl", "mira_plays"),
    ("pixel_baker", "kiteflyer"),
    ("quietquasar", "deepseadana"),
    ("mira_plays", "late_owl"),
];

/// A show does not move on right after something else that anybody may see.
const BREATHER: SignedDuration = SignedDuration::from_secs(10);

impl World {
    pub(crate) fn come_or_go_at(&mut self, host: usize, at: Timestamp) {
        self.rooms[host].turn += 1;
        let turn = self.rooms[host].turn;
        self.agenda.add(at, Act::ComeOrGo { host, turn });
    }

    pub(crate) fn come_or_go(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        if self.is_live(host) {
            self.wind_down(host, at, out);
        } else if self.live_count() < MAX_LIVE {
            self.begin(host, at, out);
        } else {
            let wait = self.dice.within(60.0, 180.0);
            self.come_or_go_at(host, later(at, wait));
        }
    }

    fn live_count(&self) -> usize {
        (0..self.channels.len())
            .filter(|at| self.is_live(*at))
            .count()
    }

    fn begin(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let role = &CAST[host];
        let (room, channel) = (&mut self.rooms[host], &mut self.channels[host]);
        room.move_on(role.login, channel, &mut self.dice);
        let update = channel::update(&people[host], channel, "2");
        let begun = new_stream(role.viewers / 4 + 1, at, &mut self.dice);
        let online = stream::online(&people[host], &begun.id, begun.started_at);
        self.channels[host].stream = Some(begun);
        self.rooms[host].stream_no += 1;
        self.rooms[host].ending = false;
        self.rooms[host].last_public = at;
        self.tell(host, "channel.update", update, out);
        self.tell(host, "stream.online", online, out);
        self.start_routines(host, at);
        let first_of_friend = role.login == "late_owl" && self.rooms[host].stream_no == 1;
        let stay = if self.rooms[host].is_big() {
            self.dice.within(4.0 * 3600.0, 7.0 * 3600.0)
        } else if first_of_friend {
            self.dice.within(40.0, 60.0)
        } else {
            self.dice.within(240.0, 540.0)
        };
        self.come_or_go_at(host, later(at, stay));
    }

    /// Says goodbye, most often with a raid, and ends a moment later.
    fn wind_down(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let stream_no = self.rooms[host].stream_no;
        self.rooms[host].ending = true;
        let target = self.raid_target(host);
        let mut wait = SignedDuration::ZERO;
        if let Some(target) = target {
            self.raid(host, target, at, out);
            wait = self.dice.within(6.0, 20.0);
        }
        self.agenda
            .add(later(at, wait), Act::End { host, stream_no });
    }

    fn raid_target(&mut self, host: usize) -> Option<usize> {
        let login = CAST[host].login;
        let friend = FRIENDS
            .iter()
            .find(|(from, _)| *from == login)
            .and_then(|(_, to)| self.index_of(to))
            .filter(|to| self.stays_live(*to));
        if friend.is_some() {
            return friend;
        }
        let live: Vec<usize> = (0..self.channels.len())
            .filter(|at| *at != host && self.stays_live(*at))
            .collect();
        if self.dice.chance(0.6) {
            self.dice.pick(&live)
        } else {
            None
        }
    }

    pub(crate) fn stays_live(&self, host: usize) -> bool {
        self.is_live(host) && !self.rooms[host].ending
    }

    pub(crate) fn end(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let Some(ended) = self.channels[host].stream.take() else {
            return;
        };
        self.leave_shared_chat(host, out);
        let event = stream::offline(&self.people[host], &ended.id);
        self.rooms[host].last_public = at;
        self.tell(host, "stream.offline", event, out);
        let away = if self.rooms[host].is_big() {
            self.dice.within(400.0, 800.0)
        } else {
            self.dice.within(480.0, 1500.0)
        };
        self.come_or_go_at(host, later(at, away));
    }

    pub(crate) fn raid(&mut self, from: usize, to: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let share = self.dice.between(55, 95);
        let Some(leaving) = &mut self.channels[from].stream else {
            return;
        };
        let viewers = (leaving.viewer_count * share / 100).max(2);
        leaving.viewer_count = (leaving.viewer_count - viewers).max(1);
        if let Some(joined) = &mut self.channels[to].stream {
            joined.viewer_count += viewers;
        }
        let (raider, raided) = (&people[from], &people[to]);
        let moderator = self.moderator(from);
        let action = Action::raid(raided, viewers);
        let moderated = moderate::moderate(raider, &people[moderator], &action, "2");
        self.tell(from, "channel.moderate", moderated, out);
        let event = channel::raid(raider, raided, viewers);
        self.tell(to, "channel.raid", event, out);
        self.rooms[from].last_public = at;
        self.rooms[to].last_public = at;
        let notice = notice::raid(raider, viewers);
        for (host, event) in self.notice_events(to, Some(from), &notice, &Message::default()) {
            self.tell(host, "channel.chat.notification", event, out);
        }
        self.greet_raiders(from, to, viewers, at);
    }

    /// The raiders say hello, some stay, and the raider is recommended.
    fn greet_raiders(&mut self, from: usize, to: usize, viewers: i64, at: Timestamp) {
        let people = Arc::clone(&self.people);
        for _ in 0..self.dice.between(3, 7) {
            let who = self.anybody(to);
            let line = self
                .dice
                .text(lines::RAID_LINES)
                .replace("{who}", &people[from].display_name);
            let wait = self.dice.within(0.5, 12.0);
            for (host, event) in self.line_events(to, who, &line) {
                self.plan(host, "channel.chat.message", event, later(at, wait));
            }
        }
        for _ in 0..self.dice.between(1, 4) {
            let who = self.new_follower(to);
            let when = later(at, self.dice.within(2.0, 25.0));
            let event = channel::follow(&people[to], &people[who], when);
            self.plan(to, "channel.follow", event, when);
        }
        if self.dice.chance(0.7) {
            let moderator = self.moderator(to);
            let when = later(at, self.dice.within(6.0, 20.0));
            let shown = self.channels[to]
                .stream
                .as_ref()
                .map_or(viewers, |stream| stream.viewer_count);
            let create = channel::shoutout_create(
                &people[to],
                &people[moderator],
                &people[from],
                shown,
                when,
            );
            let receive = channel::shoutout_receive(&people[from], &people[to], shown, when);
            self.plan(to, "channel.shoutout.create", create, when);
            self.plan(from, "channel.shoutout.receive", receive, when);
        }
    }

    /// The title moves on, unless something was told just now.
    pub(crate) fn show(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        if at.duration_since(self.rooms[host].last_public) < BREATHER {
            return;
        }
        let (room, channel) = (&mut self.rooms[host], &mut self.channels[host]);
        room.move_on(CAST[host].login, channel, &mut self.dice);
        room.last_public = at;
        let event = channel::update(&self.people[host], &self.channels[host], "2");
        self.tell(host, "channel.update", event, out);
    }

    /// Viewers come and go, around what is usual for the channel.
    pub(crate) fn drift(&mut self, host: usize) {
        let usual = self.rooms[host].size;
        let swing = (usual / 25).max(2);
        let change = self.dice.between(-swing, swing);
        if let Some(stream) = &mut self.channels[host].stream {
            let pull = (usual - stream.viewer_count) / 12;
            stream.viewer_count = (stream.viewer_count + pull + change).max(1);
        }
    }

    pub(crate) fn ads(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let length = self.dice.pick(&[30, 60, 90, 120, 180]).unwrap_or(60);
        let automatic = self.dice.chance(0.6);
        let event = channel::ad_break(&people[host], &people[host], length, automatic, at);
        self.tell(host, "channel.ad_break.begin", event, out);
    }

    /// Somebody ordered a `stream.online`.
    pub(crate) fn began_by_order(&mut self, host: usize, stream: Stream, now: Timestamp) {
        self.channels[host].stream = Some(stream);
        self.rooms[host].stream_no += 1;
        self.rooms[host].ending = false;
        self.rooms[host].last_public = now;
        if !self.quiet {
            self.start_routines(host, now);
            self.come_or_go_at(host, later(now, seconds(900.0)));
        }
    }

    /// Somebody ordered a `stream.offline`.
    pub(crate) fn ended_by_order(&mut self, host: usize, now: Timestamp) {
        self.channels[host].stream = None;
        self.rooms[host].last_public = now;
        if !self.quiet {
            self.come_or_go_at(host, later(now, seconds(420.0)));
        }
    }
}
