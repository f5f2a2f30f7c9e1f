//! What moderators and `AutoMod` do, and how people take it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::world::payload::automod::{self, Held};
use crate::world::payload::chat::{self, Settings};
use crate::world::payload::moderate::{self, Action};
use crate::world::payload::moderation;
use crate::world::payload::text::Message;
use crate::world::{Happening, World, later, lines};

/// Not more people than this stay banned from a channel.
const MAX_BANNED: usize = 12;

const TIMEOUTS: &[i64] = &[10, 60, 300, 600, 600, 3600];

impl World {
    fn tell_action(
        &mut self,
        host: usize,
        moderator: usize,
        action: &Action,
        out: &mut Vec<Happening>,
    ) {
        let event = moderate::moderate(&self.people[host], &self.people[moderator], action, "2");
        self.tell(host, "channel.moderate", event, out);
    }

    fn plan_action(&mut self, host: usize, moderator: usize, action: &Action, at: Timestamp) {
        let event = moderate::moderate(&self.people[host], &self.people[moderator], action, "2");
        self.plan(host, "channel.moderate", event, at);
    }

    /// Mostly timeouts, now and then a ban for good.
    pub(crate) fn timeout(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let moderator = self.moderator(host);
        let who = self.stranger(host);
        let (broadcaster, by, user) = (&people[host], &people[moderator], &people[who]);
        let reason = self.dice.text(lines::BAN_REASONS);
        let ends_at = if self.dice.chance(0.2) {
            None
        } else {
            let length = self.dice.pick(TIMEOUTS).unwrap_or(600);
            Some(later(at, SignedDuration::from_secs(length)))
        };
        let event = moderation::ban(broadcaster, by, user, reason, at, ends_at);
        self.tell(host, "channel.ban", event, out);
        let event = chat::clear_user_messages(broadcaster, user);
        self.tell(host, "channel.chat.clear_user_messages", event, out);
        let action = match ends_at {
            Some(ends_at) => Action::timeout(user, reason, ends_at),
            None => Action::ban(user, reason),
        };
        self.tell_action(host, moderator, &action, out);
        if ends_at.is_none() {
            let banned = &mut self.rooms[host].banned;
            banned.push(who);
            if banned.len() > MAX_BANNED {
                banned.remove(0);
            }
        } else if self.dice.chance(0.25) {
            let when = later(at, self.dice.within(5.0, 40.0));
            let event = moderation::unban(broadcaster, by, user);
            self.plan(host, "channel.unban", event, when);
            self.plan_action(host, moderator, &Action::person("untimeout", user), when);
        }
    }

    /// A line that is taken down a moment later.
    pub(crate) fn delete_line(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let moderator = self.moderator(host);
        let who = self.stranger(host);
        let text = self.dice.text(lines::DELETED_LINES);
        let mut id = String::new();
        for (to, event) in self.line_events(host, who, text) {
            if to == host {
                event["message_id"]
                    .as_str()
                    .unwrap_or_default()
                    .clone_into(&mut id);
            }
            self.tell(to, "channel.chat.message", event, out);
        }
        let when = later(at, self.dice.within(1.0, 5.0));
        let event = chat::message_delete(&people[host], &people[who], &id);
        self.plan(host, "channel.chat.message_delete", event, when);
        let action = Action::delete(&people[who], &id, text);
        self.plan_action(host, moderator, &action, when);
    }

    /// Makes somebody a VIP or a moderator, or no longer.
    pub(crate) fn change_role(&mut self, host: usize, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let by = self.moderator(host);
        let room = &self.rooms[host];
        let (vips, moderators) = (room.vips.clone(), room.moderators.clone());
        let who = self.somebody(host, |who| {
            !vips.contains(&who) && !moderators.contains(&who)
        });
        let room = &mut self.rooms[host];
        let (event_type, action, person) = if self.dice.chance(0.7) {
            if vips.len() < 4 {
                room.vips.push(who);
                ("channel.vip.add", "vip", who)
            } else {
                let old = room.vips.remove(0);
                ("channel.vip.remove", "unvip", old)
            }
        } else if moderators.len() < 4 {
            room.moderators.push(who);
            ("channel.moderator.add", "mod", who)
        } else {
            // The first one stays for ever.
            let old = room.moderators.remove(1);
            ("channel.moderator.remove", "unmod", old)
        };
        let event = moderation::role(&people[host], &people[person]);
        self.tell(host, event_type, event, out);
        // Only the broadcaster appoints moderators.
        let by = if action.ends_with("mod") { host } else { by };
        self.tell_action(host, by, &Action::person(action, &people[person]), out);
    }

    pub(crate) fn shield(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let by = self.moderator(host);
        let event = moderation::shield_begin(&people[host], &people[by], at);
        self.tell(host, "channel.shield_mode.begin", event, out);
        let when = later(at, self.dice.within(50.0, 150.0));
        let event = moderation::shield_end(&people[host], &people[by], when);
        self.plan(host, "channel.shield_mode.end", event, when);
    }

    /// Somebody who is banned asks to come back.
    pub(crate) fn unban_request(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        if self.rooms[host].banned.is_empty() {
            return;
        }
        let by = self.moderator(host);
        let who = self.rooms[host].banned.remove(0);
        let (broadcaster, user) = (&people[host], &people[who]);
        let id = self.dice.uuid();
        let text = self.dice.text(lines::UNBAN_REQUESTS);
        let event = moderation::unban_request_create(broadcaster, user, &id, text, at);
        self.tell(host, "channel.unban_request.create", event, out);

        let when = later(at, self.dice.within(20.0, 90.0));
        let (status, moderator) = match self.dice.index(4) {
            0 => ("denied", Some(&people[by])),
            1 => ("canceled", None),
            _ => ("approved", Some(&people[by])),
        };
        let answer = moderator.map(|_| self.dice.text(lines::UNBAN_ANSWERS));
        let event =
            moderation::unban_request_resolve(broadcaster, moderator, user, &id, answer, status);
        self.plan(host, "channel.unban_request.resolve", event, when);
        if let Some(answer) = answer {
            let action = Action::unban_request(user, status == "approved", answer);
            self.plan_action(host, by, &action, when);
        }
        if status == "approved" {
            let event = moderation::unban(broadcaster, &people[by], user);
            self.plan(host, "channel.unban", event, when);
        }
    }

    pub(crate) fn warn(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let by = self.moderator(host);
        let who = self.stranger(host);
        let (broadcaster, user) = (&people[host], &people[who]);
        let reason = Some(self.dice.text(lines::WARNINGS));
        let rule = [self.dice.text(lines::RULES)];
        let rules = self.dice.chance(0.5).then_some(rule.as_slice());
        let event = moderation::warning_send(broadcaster, &people[by], user, reason, rules);
        self.tell(host, "channel.warning.send", event, out);
        self.tell_action(host, by, &Action::warn(user, reason, rules), out);
        let when = later(at, self.dice.within(5.0, 40.0));
        let event = moderation::role(broadcaster, user);
        self.plan(host, "channel.warning.acknowledge", event, when);
    }

    pub(crate) fn suspicious(&mut self, host: usize, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let by = self.moderator(host);
        let who = self.stranger(host);
        let (broadcaster, user) = (&people[host], &people[who]);
        if self.dice.chance(0.4) {
            let status = self.dice.text(&["none", "active_monitoring", "restricted"]);
            let event = moderation::suspicious_update(broadcaster, &people[by], user, status);
            self.tell(host, "channel.suspicious_user.update", event, out);
            return;
        }
        let text = self.fresh_line(who, host);
        let message = Message::parse(text, &people, false);
        let mut id = String::new();
        for (to, event) in self.line_events(host, who, text) {
            if to == host {
                event["message_id"]
                    .as_str()
                    .unwrap_or_default()
                    .clone_into(&mut id);
            }
            self.tell(to, "channel.chat.message", event, out);
        }
        let event = moderation::suspicious_message(broadcaster, user, &id, &message);
        self.tell(host, "channel.suspicious_user.message", event, out);
    }

    /// `AutoMod` holds a line until a moderator has looked; seldom its settings change.
    pub(crate) fn automod(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let by = self.moderator(host);
        let who = self.stranger(host);
        let broadcaster = &people[host];
        if self.dice.chance(0.1) {
            let event = automod::terms(broadcaster, &people[by], "add_blocked", &["totally-real"]);
            self.tell(host, "automod.terms.update", event, out);
            return;
        }
        if self.dice.chance(0.06) {
            let level = self.dice.between(0, 4);
            let event = automod::settings(broadcaster, &people[by], level);
            self.tell(host, "automod.settings.update", event, out);
            return;
        }
        let text = self.dice.text(lines::HELD_LINES);
        let message = Message::parse(text, &people, false);
        let id = self.dice.uuid();
        let held = Held {
            user: &people[who],
            message_id: &id,
            message: &message,
            category: self.dice.text(&["aggressive", "swearing", "bullying"]),
            level: self.dice.between(1, 4),
            at,
        };
        let event = automod::hold(broadcaster, &held, "2");
        self.tell(host, "automod.message.hold", event, out);
        let status = self
            .dice
            .text(&["approved", "approved", "denied", "expired"]);
        let when = later(at, self.dice.within(3.0, 25.0));
        let event = automod::update(broadcaster, &people[by], &held, status, "2");
        self.plan(host, "automod.message.update", event, when);
        if status == "approved" {
            for (to, event) in self.line_events(host, who, text) {
                self.plan(to, "channel.chat.message", event, when);
            }
        }
    }

    /// A mode for a while: slow, followers, emotes, subscribers. Seldom chat is cleared.
    pub(crate) fn chat_mode(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let by = self.moderator(host);
        let broadcaster = &people[host];
        if self.dice.chance(0.1) {
            self.tell(host, "channel.chat.clear", chat::clear(broadcaster), out);
            self.tell_action(host, by, &Action::plain("clear"), out);
            return;
        }
        let usual = Settings::default();
        let (settings, on, off) = match self.dice.index(4) {
            0 => {
                let wait = self.dice.pick(&[3, 5, 10, 30]).unwrap_or(10);
                let settings = Settings {
                    slow_seconds: Some(wait),
                    ..usual.clone()
                };
                (settings, Action::slow(wait), "slowoff")
            }
            1 => {
                let minutes = self.dice.pick(&[0, 10, 60]).unwrap_or(10);
                let settings = Settings {
                    follower_minutes: Some(minutes),
                    ..usual.clone()
                };
                (settings, Action::followers(minutes), "followersoff")
            }
            2 => {
                let settings = Settings {
                    emote_mode: true,
                    ..usual.clone()
                };
                (settings, Action::plain("emoteonly"), "emoteonlyoff")
            }
            _ => {
                let settings = Settings {
                    subscriber_mode: true,
                    ..usual.clone()
                };
                (settings, Action::plain("subscribers"), "subscribersoff")
            }
        };
        let event = chat::settings_update(broadcaster, &settings);
        self.tell(host, "channel.chat_settings.update", event, out);
        self.tell_action(host, by, &on, out);
        let when = later(at, self.dice.within(30.0, 120.0));
        let event = chat::settings_update(broadcaster, &usual);
        self.plan(host, "channel.chat_settings.update", event, when);
        self.plan_action(host, by, &Action::plain(off), when);
    }
}
