//! The things samples tell of: a poll, a prediction, a train, a goal.

use jiff::SignedDuration;

use super::Sample;
use crate::world::payload::subscription::Resub;
use crate::world::payload::{Money, charity, goal, hype_train, poll, prediction};
use crate::world::{Person, later, lines};

impl Sample<'_> {
    pub(super) fn poll(&mut self) -> poll::Poll {
        let (title, choices) = lines::POLLS[0];
        poll::Poll {
            id: self.dice.uuid(),
            title,
            choices: choices
                .iter()
                .map(|title| poll::Choice {
                    id: self.dice.uuid(),
                    title,
                    votes: self.dice.between(8, 60),
                    points_votes: self.dice.between(0, 7),
                })
                .collect(),
            started_at: self.now,
            ends_at: later(self.now, SignedDuration::from_mins(2)),
        }
    }

    pub(super) fn prediction(&mut self) -> prediction::Prediction {
        let (title, outcomes) = lines::PREDICTIONS[0];
        let predictor = |person: &Person, used| prediction::Predictor {
            person: person.clone(),
            used,
            won: None,
        };
        let predictors = [predictor(self.actor, 500), predictor(self.other, 200)];
        prediction::Prediction {
            id: self.dice.uuid(),
            title,
            outcomes: outcomes
                .iter()
                .zip(predictors)
                .map(|(title, predictor)| prediction::Outcome {
                    id: self.dice.uuid(),
                    title,
                    users: 1,
                    points: predictor.used,
                    top: vec![predictor],
                })
                .collect(),
            started_at: self.now,
            locks_at: later(self.now, SignedDuration::from_mins(2)),
        }
    }

    pub(super) fn train(&mut self) -> hype_train::Train {
        hype_train::Train {
            id: self.dice.uuid(),
            kind: "regular",
            level: 1,
            total: 137,
            progress: 137,
            goal: 500,
            top: vec![hype_train::Contribution {
                person: self.actor.clone(),
                kind: "bits",
                total: 50,
            }],
            shared_with: Vec::new(),
            started_at: self.now,
            expires_at: later(self.now, SignedDuration::from_mins(5)),
            all_time_high_level: self.room.record_level,
            all_time_high_total: self.room.record_total,
        }
    }

    pub(super) fn goal(&mut self) -> goal::Goal {
        let (kind, description, distance) = lines::GOALS[0];
        self.room.goal.clone().unwrap_or_else(|| goal::Goal {
            id: self.dice.uuid(),
            kind,
            description,
            current: self.room.subs,
            target: self.room.subs + distance,
            started_at: self.now,
        })
    }

    pub(super) fn campaign(&mut self) -> charity::Campaign {
        let (name, description, website) = lines::CHARITIES[0];
        let dollars = |value| Money {
            value,
            currency: "USD",
        };
        charity::Campaign {
            id: self.dice.uuid(),
            name,
            description,
            website,
            raised: dollars(26_000),
            target: dollars(150_000),
        }
    }

    pub(super) fn resub(&self) -> Resub {
        Resub {
            tier: "1000",
            is_prime: false,
            cumulative_months: 15,
            streak_months: self.number(&["streak_months"]),
            duration_months: 1,
        }
    }
}
