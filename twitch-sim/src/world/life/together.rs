//! What a chat reaches together: hype trains, goals, charity campaigns.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::world::payload::charity::{self, Campaign};
use crate::world::payload::goal::{self, Goal};
use crate::world::payload::hype_train::{self, Contribution, Train};
use crate::world::payload::text::Message;
use crate::world::payload::{Money, notice};
use crate::world::{Happening, World, later, lines};

/// Points needed to leave each level; the last one cannot be left.
const LEVEL_GOALS: [i64; 5] = [500, 1000, 1800, 2600, 3600];

/// A level not reached in this time is the train's end.
const LEVEL_TIME: SignedDuration = SignedDuration::from_mins(5);

/// Twitch names this many contributors.
const MAX_TOP: usize = 3;

const TRAIN_KINDS: &[&str] = &[
    "regular",
    "regular",
    "regular",
    "regular",
    "regular",
    "regular",
    "regular",
    "regular",
    "golden_kappa",
    "treasure",
];

const DONATIONS: &[i64] = &[300, 500, 500, 1000, 1000, 1500, 2000, 2500, 5000, 10_000];

const CAMPAIGN_PAUSE: SignedDuration = SignedDuration::from_mins(20);

impl World {
    /// A train from its first contribution to its end.
    pub(crate) fn hype_train(&mut self, host: usize, at: Timestamp) {
        if at < self.rooms[host].train_free_at {
            return;
        }
        let people = Arc::clone(&self.people);
        let broadcaster = &people[host];
        let mut train = Train {
            id: self.dice.uuid(),
            kind: self.dice.text(TRAIN_KINDS),
            level: 1,
            total: 0,
            progress: 0,
            goal: LEVEL_GOALS[0],
            top: Vec::new(),
            shared_with: self
                .sharers(host)
                .into_iter()
                .map(|other| people[other].clone())
                .collect(),
            started_at: at,
            expires_at: later(at, LEVEL_TIME),
            all_time_high_level: self.rooms[host].record_level,
            all_time_high_total: self.rooms[host].record_total,
        };
        self.contribute(host, &mut train, at);
        self.contribute(host, &mut train, at);
        let begin = hype_train::begin(broadcaster, &train);
        self.plan(host, "channel.hype_train.begin", begin, at);

        let steps = self.dice.between(5, 22);
        let mut when = at;
        for _ in 0..steps {
            when = later(when, self.dice.within(3.0, 22.0));
            if when >= train.expires_at {
                break;
            }
            self.contribute(host, &mut train, when);
            let progress = hype_train::progress(broadcaster, &train);
            self.plan(host, "channel.hype_train.progress", progress, when);
        }

        let ended_at = train.expires_at;
        let end = hype_train::end(broadcaster, &train, ended_at);
        self.plan(host, "channel.hype_train.end", end, ended_at);
        let room = &mut self.rooms[host];
        room.record_level = room.record_level.max(train.level);
        room.record_total = room.record_total.max(train.total);
        room.train_free_at = later(ended_at, hype_train::COOLDOWN);
    }

    fn contribute(&mut self, host: usize, train: &mut Train, at: Timestamp) {
        let who = self.anybody(host);
        let (kind, points) = match self.dice.index(3) {
            0 => ("subscription", self.dice.pick(&[500, 500, 1000, 2500])),
            1 => ("other", self.dice.pick(&[50, 100])),
            _ => ("bits", self.dice.pick(&[50, 100, 150, 300, 500])),
        };
        let points = points.unwrap_or(100);
        train.total += points;
        train.progress += points;
        while train.progress >= train.goal
            && let Some(next) = usize::try_from(train.level)
                .ok()
                .and_then(|level| LEVEL_GOALS.get(level))
        {
            train.progress -= train.goal;
            train.goal = *next;
            train.level += 1;
            train.expires_at = later(at, LEVEL_TIME);
        }
        let person = &self.people[who];
        match train
            .top
            .iter_mut()
            .find(|one| one.person.id == person.id && one.kind == kind)
        {
            Some(one) => one.total += points,
            None => train.top.push(Contribution {
                person: person.clone(),
                kind,
                total: points,
            }),
        }
        train.top.sort_by_key(|one| std::cmp::Reverse(one.total));
        train.top.truncate(MAX_TOP);
    }

    /// Sets a goal where there is none.
    pub(crate) fn goal(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        if self.rooms[host].goal.is_some() {
            return;
        }
        let (kind, description, distance) = self.dice.pick(lines::GOALS).unwrap_or(lines::GOALS[0]);
        let current = match kind {
            "subscription_count" => self.rooms[host].subs,
            "follow" => self.rooms[host].followers,
            _ => 0,
        };
        let goal = Goal {
            id: self.dice.uuid(),
            kind,
            description,
            current,
            target: current + distance + self.dice.between(0, distance),
            started_at: at,
        };
        let event = goal::progress(&self.people[host], &goal);
        self.rooms[host].goal = Some(goal);
        self.tell(host, "channel.goal.begin", event, out);
    }

    /// Counts towards the goal if it is of one of these kinds.
    pub(crate) fn goal_grew(
        &mut self,
        host: usize,
        kinds: &[&str],
        by: i64,
        at: Timestamp,
        out: &mut Vec<Happening>,
    ) {
        let Some(mut goal) = self.rooms[host]
            .goal
            .take_if(|goal| kinds.contains(&goal.kind))
        else {
            return;
        };
        goal.current += by;
        let event = goal::progress(&self.people[host], &goal);
        self.tell(host, "channel.goal.progress", event, out);
        if goal.current >= goal.target {
            let event = goal::end(&self.people[host], &goal, at);
            self.tell(host, "channel.goal.end", event, out);
        } else {
            self.rooms[host].goal = Some(goal);
        }
    }

    /// A campaign of a few minutes with its donations.
    pub(crate) fn charity(&mut self, host: usize, at: Timestamp) {
        if at < self.rooms[host].campaign_free_at {
            return;
        }
        let people = Arc::clone(&self.people);
        let broadcaster = &people[host];
        let (name, description, website) = self
            .dice
            .pick(lines::CHARITIES)
            .unwrap_or(lines::CHARITIES[0]);
        let currency = self.dice.text(&["USD", "USD", "EUR", "GBP"]);
        let mut campaign = Campaign {
            id: self.dice.uuid(),
            name,
            description,
            website,
            raised: Money { value: 0, currency },
            target: Money {
                value: 50_000,
                currency,
            },
        };
        let start = charity::start(broadcaster, &campaign, at);
        self.plan(host, "channel.charity_campaign.start", start, at);
        let mut when = at;
        for _ in 0..self.dice.between(6, 14) {
            when = later(when, self.dice.within(6.0, 35.0));
            let who = self.anybody(host);
            let amount = Money {
                value: self.dice.pick(DONATIONS).unwrap_or(500),
                currency,
            };
            campaign.raised.value += amount.value;
            let id = self.dice.uuid();
            let donate = charity::donate(broadcaster, &people[who], &id, &campaign, &amount);
            self.plan(host, "channel.charity_campaign.donate", donate, when);
            let progress = charity::progress(broadcaster, &campaign);
            self.plan(host, "channel.charity_campaign.progress", progress, when);
            let notice = notice::charity_donation(&people[who], name, &amount);
            for (host, event) in self.notice_events(host, Some(who), &notice, &Message::default()) {
                self.plan(host, "channel.chat.notification", event, when);
            }
        }
        let stopped_at = later(when, self.dice.within(10.0, 40.0));
        let stop = charity::stop(broadcaster, &campaign, stopped_at);
        self.plan(host, "channel.charity_campaign.stop", stop, stopped_at);
        self.rooms[host].campaign_free_at = later(stopped_at, CAMPAIGN_PAUSE);
    }
}
