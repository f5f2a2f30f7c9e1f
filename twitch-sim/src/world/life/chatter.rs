//! Chat: lines, replies, cheers, and notices that are no subs.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::world::payload::chat::{self, Extras, Source};
use crate::world::payload::notice::{self, Notice};
use crate::world::payload::text::Message;
use crate::world::payload::{bits, channel};
use crate::world::tongues::lines_of;
use crate::world::{Happening, World, later, lines};

/// A line is not written again before this many others were.
const LINE_MEMORY: usize = 24;

const BITS: &[i64] = &[
    1, 10, 50, 100, 100, 100, 100, 150, 200, 300, 500, 500, 1000, 1000, 2500, 5000, 10_000,
];

impl World {
    pub(crate) fn chat_line(&mut self, host: usize, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let who = self.anybody(host);
        let text = self.fresh_line(who, host);
        let mut extras = Extras::default();
        let mut message = Message::parse(text, &people, false);
        let to = self.anybody(host);
        let parent = (self.dice.uuid(), self.fresh_line(to, host), to);
        match self.dice.between(0, 99) {
            0..8 => {
                let (id, body, to) = (&parent.0, parent.1, &people[parent.2]);
                let text = self
                    .dice
                    .text(lines::REPLIES)
                    .replace("{who}", &to.display_name);
                message = Message::parse(&text, &people, false);
                extras.reply_to = Some((id, body, to));
            }
            8 => {
                let gif = self.dice.text(lines::GIFS);
                message = Message::gif(gif, self.dice.digits(6));
            }
            9 => extras.message_type = Some("user_intro"),
            10 => {
                extras.message_type = Some("power_ups_message_effect");
                extras.animation_id = Some("simmer");
            }
            11 => {
                message = Message::parse("DinoDance", &people, false);
                extras.message_type = Some("power_ups_gigantified_emote");
            }
            _ => {}
        }
        for (host, event) in self.chat_events(host, who, &message, &extras) {
            self.tell(host, "channel.chat.message", event, out);
        }
    }

    /// One plain line, as each channel that sees it gets it.
    pub(crate) fn line_events(
        &mut self,
        host: usize,
        who: usize,
        text: &str,
    ) -> Vec<(usize, Value)> {
        let people = Arc::clone(&self.people);
        let message = Message::parse(text, &people, false);
        self.chat_events(host, who, &message, &Extras::default())
    }

    /// A line as its own channel gets it, and those that share the chat.
    pub(crate) fn chat_events(
        &mut self,
        host: usize,
        who: usize,
        message: &Message,
        extras: &Extras<'_>,
    ) -> Vec<(usize, Value)> {
        let people = Arc::clone(&self.people);
        let speaker = self.speaker(&people, who, host);
        let sharers = self.sharers(host);
        let id = self.dice.uuid();
        let source = (!sharers.is_empty()).then_some(Source {
            broadcaster: &people[host],
            message_id: &id,
            badges: &speaker.badges,
        });
        let build = |at: usize, id: &str| {
            chat::message(&people[at], &speaker, id, message, extras, source.as_ref())
        };
        let mut events = vec![(host, build(host, &id))];
        for other in sharers {
            let copy_id = self.dice.uuid();
            events.push((other, build(other, &copy_id)));
        }
        events
    }

    /// A notice as its own channel gets it, and those that share the chat.
    pub(crate) fn notice_events(
        &mut self,
        host: usize,
        who: Option<usize>,
        notice: &Notice,
        message: &Message,
    ) -> Vec<(usize, Value)> {
        let people = Arc::clone(&self.people);
        let speaker = who.map(|who| self.speaker(&people, who, host));
        let mut sharers = self.sharers(host);
        if !notice::SHARED.contains(&notice.kind) {
            sharers.clear();
        }
        let id = self.dice.uuid();
        let badges = speaker.as_ref().map(|s| s.badges.clone());
        let source = (!sharers.is_empty()).then(|| Source {
            broadcaster: &people[host],
            message_id: &id,
            badges: badges.as_deref().unwrap_or_default(),
        });
        let build = |at: usize, id: &str| {
            let speaker = speaker.as_ref();
            notice::notification(&people[at], speaker, id, notice, message, source.as_ref())
        };
        let mut events = vec![(host, build(host, &id))];
        for other in sharers {
            let copy_id = self.dice.uuid();
            events.push((other, build(other, &copy_id)));
        }
        events
    }

    pub(crate) fn tell_notice(
        &mut self,
        host: usize,
        who: Option<usize>,
        notice: &Notice,
        text: &str,
        out: &mut Vec<Happening>,
    ) {
        let people = Arc::clone(&self.people);
        let message = Message::parse(text, &people, false);
        for (host, event) in self.notice_events(host, who, notice, &message) {
            self.tell(host, "channel.chat.notification", event, out);
        }
    }

    pub(crate) fn cheer(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let amount = self.dice.pick(BITS).unwrap_or(100);
        let text = format!("Cheer{amount} {}", self.dice.text(lines::CHEERS));
        if self.dice.chance(0.08) {
            let event = channel::cheer(&people[host], None, amount, &text);
            self.tell(host, "channel.cheer", event, out);
            return;
        }
        let who = self.anybody(host);
        let message = Message::parse(&text, &people, true);
        let extras = Extras {
            cheer_bits: Some(amount),
            ..Extras::default()
        };
        for (host, event) in self.chat_events(host, who, &message, &extras) {
            self.tell(host, "channel.chat.message", event, out);
        }
        let user = &people[who];
        let cheer = channel::cheer(&people[host], Some(user), amount, &text);
        self.tell(host, "channel.cheer", cheer, out);
        let spent = bits::spend(
            &people[host],
            user,
            amount,
            &bits::Use::Cheer,
            Some(&message),
        );
        self.tell(host, "channel.bits.use", spent, out);
        if amount >= 1000 && self.dice.chance(0.5) {
            let notice = notice::bits_badge_tier(user, amount);
            let wait = self.dice.within(0.5, 2.0);
            for (host, event) in self.notice_events(host, Some(who), &notice, &Message::default()) {
                self.plan(host, "channel.chat.notification", event, later(at, wait));
            }
        }
    }

    /// Announcements, streaks, badges, anniversaries.
    pub(crate) fn sundry_notice(&mut self, host: usize, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        match self.dice.between(0, 99) {
            0..35 => {
                let who = self.moderator(host);
                let notice = notice::announcement(self.dice.text(lines::ANNOUNCEMENT_COLORS));
                let text = self.dice.text(lines::ANNOUNCEMENTS);
                self.tell_notice(host, Some(who), &notice, text, out);
            }
            35..75 => {
                let who = self.anybody(host);
                let streak = self.dice.pick(&[3, 5, 7, 10, 15, 20, 30]).unwrap_or(5);
                let notice = notice::watch_streak(&people[who], streak);
                let text = self.dice.text(lines::STREAK_LINES);
                self.tell_notice(host, Some(who), &notice, text, out);
            }
            75..90 => {
                let who = self.anybody(host);
                let tier = self.dice.pick(&[100, 1000, 5000, 10_000, 25_000]);
                let notice = notice::bits_badge_tier(&people[who], tier.unwrap_or(1000));
                self.tell_notice(host, Some(who), &notice, "", out);
            }
            90..97 => {
                let who = self.moderator(host);
                let months = self.dice.pick(&[3, 6, 12, 24, 36, 48]).unwrap_or(12);
                self.tell_notice(host, Some(who), &notice::modiversary(months), "", out);
            }
            _ => self.tell_notice(host, Some(host), &notice::unraid(), "", out),
        }
    }

    /// Something for this person to say here that was not said just now.
    pub(crate) fn fresh_line(&mut self, who: usize, host: usize) -> &'static str {
        let own = lines_of(who, &self.channels[host].language);
        let pool = if !own.is_empty() && self.dice.chance(0.7) {
            own
        } else {
            lines::CHAT
        };
        let mut line = self.dice.text(pool);
        for _ in 0..8 {
            if !self.recent_lines.contains(&line) {
                break;
            }
            line = self.dice.text(pool);
        }
        self.recent_lines.push_back(line);
        if self.recent_lines.len() > LINE_MEMORY {
            self.recent_lines.pop_front();
        }
        line
    }
}
