//! Polls and predictions, planned from beginning to end when they begin.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::world::payload::poll::{self, Choice, Poll};
use crate::world::payload::prediction::{self, Outcome, Prediction, Predictor};
use crate::world::{World, later, lines};

/// How long there is none after the last one.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

impl World {
    pub(crate) fn poll(&mut self, host: usize, at: Timestamp) {
        if at < self.rooms[host].poll_free_at {
            return;
        }
        let people = Arc::clone(&self.people);
        let broadcaster = &people[host];
        let (title, choices) = self.dice.pick(lines::POLLS).unwrap_or(lines::POLLS[0]);
        let length = self.dice.pick(&[60, 90, 120]).unwrap_or(60);
        let mut poll = Poll {
            id: self.dice.uuid(),
            title,
            choices: choices
                .iter()
                .map(|title| Choice {
                    id: self.dice.uuid(),
                    title,
                    votes: 0,
                    points_votes: 0,
                })
                .collect(),
            started_at: at,
            ends_at: later(at, SignedDuration::from_secs(length)),
        };
        let begin = poll::begin(broadcaster, &poll);
        self.plan(host, "channel.poll.begin", begin, at);

        let terminated = self.dice.chance(0.1);
        let mut last = poll.ends_at;
        if terminated {
            last = later(at, SignedDuration::from_secs(length / 2));
        }
        let crowd = self.rooms[host].size / 60 + 3;
        let mut when = later(at, self.dice.within(2.0, 6.0));
        while when < last {
            for choice in &mut poll.choices {
                let more = self.dice.between(0, crowd);
                choice.votes += more;
                choice.points_votes += more / 4;
            }
            let event = poll::progress(broadcaster, &poll);
            self.plan(host, "channel.poll.progress", event, when);
            when = later(when, self.dice.within(5.0, 12.0));
        }

        let ended_at = later(last, self.dice.within(0.1, 1.2));
        let status = if terminated {
            "terminated"
        } else {
            "completed"
        };
        let end = poll::end(broadcaster, &poll, status, ended_at);
        self.plan(host, "channel.poll.end", end, ended_at);
        if !terminated && self.dice.chance(0.3) {
            let end = poll::end(broadcaster, &poll, "archived", ended_at);
            let wait = self.dice.within(15.0, 40.0);
            self.plan(host, "channel.poll.end", end, later(ended_at, wait));
        }
        self.rooms[host].poll_free_at = later(ended_at, PAUSE);
    }

    pub(crate) fn prediction(&mut self, host: usize, at: Timestamp) {
        if at < self.rooms[host].prediction_free_at {
            return;
        }
        let people = Arc::clone(&self.people);
        let broadcaster = &people[host];
        let (title, outcomes) = self
            .dice
            .pick(lines::PREDICTIONS)
            .unwrap_or(lines::PREDICTIONS[0]);
        let open = self.dice.pick(&[45, 60, 90]).unwrap_or(60);
        let mut prediction = Prediction {
            id: self.dice.uuid(),
            title,
            outcomes: outcomes
                .iter()
                .map(|title| Outcome {
                    id: self.dice.uuid(),
                    title,
                    users: 0,
                    points: 0,
                    top: Vec::new(),
                })
                .collect(),
            started_at: at,
            locks_at: later(at, SignedDuration::from_secs(open)),
        };
        let begin = prediction::begin(broadcaster, &prediction);
        self.plan(host, "channel.prediction.begin", begin, at);

        let mut when = later(at, self.dice.within(2.0, 6.0));
        while when < prediction.locks_at {
            for _ in 0..self.dice.between(1, 5) {
                self.predict(host, &mut prediction);
            }
            let event = prediction::progress(broadcaster, &prediction);
            self.plan(host, "channel.prediction.progress", event, when);
            when = later(when, self.dice.within(4.0, 11.0));
        }

        let locked_at = prediction.locks_at;
        let lock = prediction::lock(broadcaster, &prediction, locked_at);
        self.plan(host, "channel.prediction.lock", lock, locked_at);

        let winner = (!self.dice.chance(0.12)).then(|| self.dice.index(prediction.outcomes.len()));
        pay_out(&mut prediction, winner);
        let ended_at = later(locked_at, self.dice.within(30.0, 120.0));
        let end = prediction::end(broadcaster, &prediction, winner, ended_at);
        self.plan(host, "channel.prediction.end", end, ended_at);
        self.rooms[host].prediction_free_at = later(ended_at, PAUSE);
    }

    /// One more person stakes points on an outcome.
    fn predict(&mut self, host: usize, prediction: &mut Prediction) {
        let taken: Vec<String> = prediction
            .outcomes
            .iter()
            .flat_map(|outcome| outcome.top.iter().map(|one| one.person.id.clone()))
            .collect();
        let who = self.anybody(host);
        let person = self.people[who].clone();
        let index = self.dice.index(prediction.outcomes.len());
        let used = self.dice.between(1, 40) * 250;
        if taken.contains(&person.id) {
            return;
        }
        let outcome = &mut prediction.outcomes[index];
        outcome.users += 1;
        outcome.points += used;
        outcome.top.push(Predictor {
            person,
            used,
            won: None,
        });
        outcome
            .top
            .sort_by_key(|predictor| std::cmp::Reverse(predictor.used));
        outcome.top.truncate(prediction::MAX_TOP);
    }
}

/// The winners share the whole pool in proportion to what they staked.
fn pay_out(prediction: &mut Prediction, winner: Option<usize>) {
    let pool: i64 = prediction
        .outcomes
        .iter()
        .map(|outcome| outcome.points)
        .sum();
    let Some(outcome) = winner.and_then(|index| prediction.outcomes.get_mut(index)) else {
        return;
    };
    let staked = outcome.points.max(1);
    for predictor in &mut outcome.top {
        predictor.won = Some(predictor.used * pool / staked);
    }
}
