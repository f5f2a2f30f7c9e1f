//! Requests are a mix of several sorts that take turns; what a request of a sort asks is random.

use std::collections::HashSet;

use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::question::Question;
use super::sorts::MIXES;
use crate::rows::spread::Spread;

pub(super) const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Rounds of all sorts whose answers are looked at.
const LOOKED_AT: usize = 2;

/// Charts of so many days are looked at, too, from a full hour on and from between two.
const LOOKED_AT_DAYS: [i64; 4] = [1, 7, 30, 90];
const BETWEEN_MS: i64 = 1_234_567;

/// What there is to ask about.
#[derive(Debug)]
pub(super) struct World<'a> {
    /// What is stored.
    pub(super) spread: &'a Spread,
    /// Places of the streamers, among those of the spread, that the viewer is subscribed to.
    pub(super) subscribed: Vec<usize>,
}

/// A sort of questions: its name, and what it asks of a streamer, or of those of whom this is one.
pub(super) type Sort = (
    &'static str,
    fn(&World<'_>, usize, &mut Question, &mut StdRng),
);

/// Requests that are measured together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mix {
    pub(super) name: &'static str,
    /// Milliseconds that 99 of 100 requests may take at most.
    pub(super) bar_ms: f64,
    pub(super) sorts: &'static [Sort],
}

/// Questions of all sorts, whose answers are to be compared with what is stored.
pub(super) fn to_look_at(world: &World<'_>, dice: &mut StdRng) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for mix in &MIXES {
        let all = 0..mix.sorts() * LOOKED_AT;
        questions.extend(all.map(|nth| mix.question(world, nth, dice)));
    }
    let [.., charts] = &MIXES;
    for days in LOOKED_AT_DAYS {
        for (nth, between) in [(0, 0), (1, 0), (2, BETWEEN_MS), (3, BETWEEN_MS)] {
            let mut asked = charts.question(world, nth, dice);
            world.span(days, &mut asked, dice);
            asked.since = asked.since.map(|since| since + between);
            questions.push(asked);
        }
    }
    questions
}

impl Mix {
    /// How many sorts there are.
    pub(super) fn sorts(&self) -> usize {
        self.sorts.len() * 2
    }

    /// The n-th question: sorts take turns, each of one streamer and of all.
    pub(super) fn question(&self, world: &World<'_>, nth: usize, dice: &mut StdRng) -> Question {
        let (name, ask) = self.sorts[nth / 2 % self.sorts.len()];
        let mut asked = Question::default();
        let streamer = if nth.is_multiple_of(2) {
            let streamer = world.any_streamer(dice);
            asked.broadcaster = Some(world.spread.channels[streamer].id.clone());
            asked.sort = format!("one streamer, {name}");
            streamer
        } else {
            asked.sort = format!("subscribed, {name}");
            world.subscribed.choose(dice).copied().unwrap_or_default()
        };
        ask(world, streamer, &mut asked, dice);
        asked
    }
}

impl<'a> World<'a> {
    /// Half of the subscriptions are to the busiest streamers, the others to any.
    pub(super) fn new(spread: &'a Spread, subscriptions: usize) -> Self {
        let streamers = spread.channels.len();
        let busiest = subscriptions.div_ceil(2).min(streamers);
        let others = subscriptions - busiest;
        let step = ((streamers - busiest) / others.max(1)).max(1);
        let others = (busiest..streamers).step_by(step).take(others);
        let subscribed: HashSet<usize> = (0..busiest).chain(others).collect();
        let mut subscribed: Vec<usize> = subscribed.into_iter().collect();
        subscribed.sort_unstable();
        Self { spread, subscribed }
    }

    /// As often one that people watch as one of all.
    fn any_streamer(&self, dice: &mut StdRng) -> usize {
        if dice.random() {
            self.spread.streamer(dice)
        } else {
            dice.random_range(0..self.spread.channels.len())
        }
    }

    /// Any event's.
    pub(super) fn cursor(&self, dice: &mut StdRng) -> i64 {
        dice.random_range(1..=self.spread.rows() as i64)
    }

    /// So many days of the year, from a full hour on.
    pub(super) fn span(&self, days: i64, asked: &mut Question, dice: &mut StdRng) {
        let (begin, end) = (self.spread.begin_ms, self.spread.end_ms);
        let latest = (end - days * DAY_MS).max(begin + 1);
        let since = dice.random_range(begin..latest) / HOUR_MS * HOUR_MS;
        (asked.since, asked.until) = (Some(since), Some(since + days * DAY_MS));
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;
    use crate::script::channels;

    #[test]
    fn subscriptions_are_to_the_busiest_and_to_quiet_ones() {
        let spread = Spread::new(1, 100_000, channels(1_000), 365).unwrap();
        for (wanted, expected) in [(50, 50), (1, 1), (0, 0), (1_000, 1_000), (5_000, 1_000)] {
            let subscribed = World::new(&spread, wanted).subscribed;
            assert_eq!(subscribed.len(), expected, "{wanted}");
            assert!(subscribed.iter().all(|place| *place < 1_000));
        }
        let subscribed = World::new(&spread, 50).subscribed;
        assert_eq!(subscribed[..25], (0..25).collect::<Vec<_>>());
        assert!(subscribed.last() > Some(&900));
    }

    #[test]
    fn sorts_take_turns_and_each_asks_something_else() {
        let spread = Spread::new(1, 100_000, channels(1_000), 365).unwrap();
        let world = World::new(&spread, 50);
        let mut dice = StdRng::seed_from_u64(1);
        for mix in &MIXES {
            let round = |dice: &mut StdRng| -> Vec<String> {
                let all = 0..mix.sorts();
                all.map(|nth| mix.question(&world, nth, dice).sort)
                    .collect()
            };
            let (first, second) = (round(&mut dice), round(&mut dice));
            assert_eq!(first, second);
            let names: HashSet<String> = first.into_iter().collect();
            assert_eq!(names.len(), mix.sorts());
        }
    }
}
