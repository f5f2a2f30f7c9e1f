//! Follows, subs, resubs, gifts and their endings.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::is_subscriber;
use crate::world::payload::subscription::{self, Resub};
use crate::world::payload::text::Message;
use crate::world::payload::{channel, notice};
use crate::world::room::months_subscribed;
use crate::world::{Happening, World, later, lines};

/// Most subs are of the first tier.
const TIERS: &[&str] = &[
    "1000", "1000", "1000", "1000", "1000", "1000", "1000", "1000", "2000", "3000",
];

/// How many subs a gift bomb holds.
const BOMBS: &[i64] = &[3, 5, 5, 5, 5, 5, 5, 5, 10, 10, 10, 10, 20, 20, 50];

/// So many people are remembered as having acted: more than a bomb has parts,
/// fewer than there are people without a sub.
const MEMORY: usize = 160;

impl World {
    pub(crate) fn follow(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let who = self.new_follower(host);
        let event = channel::follow(&self.people[host], &self.people[who], at);
        self.tell(host, "channel.follow", event, out);
        self.goal_grew(host, &["follow"], 1, at, out);
    }

    /// Somebody who has not followed yet.
    pub(crate) fn new_follower(&mut self, host: usize) -> usize {
        let known = std::mem::take(&mut self.rooms[host].followed);
        let who = self.somebody(host, |who| !known.contains(&who));
        let room = &mut self.rooms[host];
        room.followed = remember(known, who);
        room.followers += 1;
        who
    }

    /// Somebody with or without a sub who has not shown up with one lately.
    fn fresh(&mut self, host: usize, subscribed: bool) -> usize {
        let known = std::mem::take(&mut self.rooms[host].subscribed);
        let who = self.somebody(host, |who| {
            !known.contains(&who) && is_subscriber(who, host) == subscribed
        });
        self.rooms[host].subscribed = remember(known, who);
        who
    }

    pub(crate) fn sub(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let who = self.fresh(host, false);
        let is_prime = self.dice.chance(0.4);
        let tier = if is_prime {
            "1000"
        } else {
            self.dice.text(TIERS)
        };
        let event = subscription::subscribe(&people[host], &people[who], tier, false);
        self.tell(host, "channel.subscribe", event, out);
        let notice = notice::sub(&people[who], tier, is_prime);
        self.tell_notice(host, Some(who), &notice, "", out);
        self.subs_grew(host, 1, at, out);
    }

    pub(crate) fn resub(&mut self, host: usize, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let who = self.fresh(host, true);
        let months = months_subscribed(who, host).unwrap_or(1) + 1;
        let is_prime = self.dice.chance(0.35);
        let resub = Resub {
            tier: if is_prime {
                "1000"
            } else {
                self.dice.text(TIERS)
            },
            is_prime,
            cumulative_months: months,
            streak_months: self.dice.chance(0.5).then(|| self.dice.between(2, months)),
            duration_months: self
                .dice
                .pick(&[1, 1, 1, 1, 3, 6])
                .filter(|duration| !is_prime && *duration < months)
                .unwrap_or(1),
        };
        let gifted = !is_prime && self.dice.chance(0.1);
        let gifter = gifted.then(|| self.anybody(host));
        let text = self.dice.text(lines::RESUBS);
        let message = Message::parse(text, &people, false);
        let event = subscription::message(&people[host], &people[who], &resub, &message);
        self.tell(host, "channel.subscription.message", event, out);
        let notice = notice::resub(&people[who], &resub, gifter.map(|at| &people[at]));
        self.tell_notice(host, Some(who), &notice, text, out);
    }

    /// One sub from one person to another.
    pub(crate) fn gift(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let gifter = self.gifter(host);
        let recipient = self.fresh(host, false);
        let tier = self.dice.text(TIERS);
        let all = gifter.map(|_| self.dice.between(1, 60));
        let from = gifter.map(|at| &people[at]);
        let event = subscription::gift(&people[host], from, 1, tier, all);
        self.tell(host, "channel.subscription.gift", event, out);
        let event = subscription::subscribe(&people[host], &people[recipient], tier, true);
        self.tell(host, "channel.subscribe", event, out);
        let notice = notice::sub_gift(from, &people[recipient], tier, all, None);
        self.tell_notice(host, gifter, &notice, "", out);
        self.subs_grew(host, 1, at, out);
    }

    /// Several at once to whoever is there. As on Twitch the order in which the
    /// purchase and its parts arrive is not certain.
    pub(crate) fn gift_bomb(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let gifter = self.gifter(host);
        let from = gifter.map(|at| &people[at]);
        let size = if self.rooms[host].is_big() {
            self.dice.pick(BOMBS).unwrap_or(5)
        } else {
            self.dice.pick(&[2, 3, 5]).unwrap_or(3)
        };
        let tier = self.dice.text(TIERS);
        let all = gifter.map(|_| size + self.dice.between(0, 300));
        let id = self.dice.digits(20);

        let event = subscription::gift(&people[host], from, size, tier, all);
        self.tell(host, "channel.subscription.gift", event, out);
        let nothing = Message::default();
        let whole = notice::community_sub_gift(&people[host], from, &id, size, tier, all);
        let whole = self.notice_events(host, gifter, &whole, &nothing);
        let mut parts: Vec<Vec<(usize, &str, Value)>> = Vec::new();
        for _ in 0..size {
            let recipient = &people[self.fresh(host, false)];
            let sub = subscription::subscribe(&people[host], recipient, tier, true);
            let notice = notice::sub_gift(from, recipient, tier, None, Some(&id));
            let mut part = vec![(host, "channel.subscribe", sub)];
            part.extend(
                self.notice_events(host, gifter, &notice, &nothing)
                    .into_iter()
                    .map(|(host, event)| (host, "channel.chat.notification", event)),
            );
            parts.push(part);
        }
        self.dice.shuffle(&mut parts);
        let early = if self.dice.chance(0.3) {
            self.dice.between(1, size)
        } else {
            0
        };
        let whole = whole
            .into_iter()
            .map(|(host, event)| (host, "channel.chat.notification", event))
            .collect();
        let early = usize::try_from(early).unwrap_or(0);
        parts.insert(early.min(parts.len()), whole);
        let mut when = at;
        for part in parts {
            for (host, event_type, event) in part {
                self.plan(host, event_type, event, when);
            }
            when = later(
                when,
                SignedDuration::from_millis(self.dice.between(20, 160)),
            );
        }
        self.subs_grew(host, size, at, out);
    }

    /// One in eight gives without a name.
    fn gifter(&mut self, host: usize) -> Option<usize> {
        let who = self.anybody(host);
        (!self.dice.chance(0.12)).then_some(who)
    }

    pub(crate) fn upgrade(&mut self, host: usize, out: &mut Vec<Happening>) {
        let people = Arc::clone(&self.people);
        let who = self.fresh(host, true);
        let other = self.gifter(host).filter(|other| *other != who);
        let from = other.map(|at| &people[at]);
        let notice = match self.dice.index(3) {
            0 => notice::gift_paid_upgrade(&people[who], from),
            1 => notice::prime_paid_upgrade(&people[who], self.dice.text(TIERS)),
            _ => {
                let to = self.dice.chance(0.4).then(|| self.anybody(host));
                let to = to.filter(|to| *to != who).map(|at| &people[at]);
                notice::pay_it_forward(&people[who], from, to)
            }
        };
        self.tell_notice(host, Some(who), &notice, "", out);
    }

    pub(crate) fn sub_end(&mut self, host: usize, out: &mut Vec<Happening>) {
        let who = self.fresh(host, true);
        let is_gift = self.dice.chance(0.5);
        let tier = self.dice.text(TIERS);
        let event = subscription::subscribe(&self.people[host], &self.people[who], tier, is_gift);
        self.rooms[host].subs = (self.rooms[host].subs - 1).max(0);
        self.tell(host, "channel.subscription.end", event, out);
    }

    fn subs_grew(&mut self, host: usize, by: i64, at: Timestamp, out: &mut Vec<Happening>) {
        self.rooms[host].subs += by;
        self.goal_grew(
            host,
            &["subscription_count", "new_subscription"],
            by,
            at,
            out,
        );
    }
}

fn remember(mut known: VecDeque<usize>, who: usize) -> VecDeque<usize> {
    known.push_back(who);
    if known.len() > MEMORY {
        known.pop_front();
    }
    known
}
