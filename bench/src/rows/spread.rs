//! How copies are spread over a year: over streamers, of whom few are busy and many quiet, over the people who do
//! something there, over words, and over the time. Pure: its number tells all of a copy.

use jiff::{Span, Timestamp, ToSpan as _};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::FIRST;
use super::people::{Person, WORDS, person, ranked, regular, word};
use crate::message_id::{self, mix};
use crate::script::Channel;

/// Events for each of the people, on average.
const EACH: u64 = 20;
/// People who are in a channel again and again.
const REGULARS: u64 = 1_000;
/// Words of a text, besides what the first event says.
const LENGTH: std::ops::RangeInclusive<usize> = 1..=14;
/// Milliseconds from what happened to its receipt.
const DELAY_MS: i64 = 150;

/// How events are spread.
#[derive(Debug)]
pub(crate) struct Spread {
    seed: u64,
    rows: u64,
    people: u64,
    /// The busiest first.
    pub(crate) channels: Vec<Channel>,
    /// When the first event happened, unix milliseconds.
    pub(crate) begin_ms: i64,
    /// After the last one.
    pub(crate) end_ms: i64,
}

/// What makes a copy another event than the first one it is made of.
#[derive(Debug, PartialEq)]
pub(crate) struct Copy<'a> {
    /// Its own, and no other event's.
    pub(crate) message_id: String,
    /// Where it happened.
    pub(crate) channel: &'a Channel,
    /// Who did it.
    pub(crate) person: Person,
    /// What its text ends with, if it has one.
    pub(crate) words: String,
    /// When, unix milliseconds.
    pub(crate) occurred_at: i64,
    /// Unix milliseconds.
    pub(crate) received_at: i64,
}

impl Spread {
    /// Over the days until now; the busiest of the channels come first.
    ///
    /// # Errors
    /// When there are no such times.
    pub(crate) fn new(
        seed: u64,
        rows: u64,
        channels: Vec<Channel>,
        days: u32,
    ) -> anyhow::Result<Self> {
        let end = Timestamp::now();
        let days: Span = (i64::from(days) * 24).hours();
        Ok(Self {
            seed,
            rows: rows / FIRST * FIRST,
            people: (rows / EACH).max(REGULARS),
            channels,
            begin_ms: end.checked_sub(days)?.as_millisecond(),
            end_ms: end.as_millisecond(),
        })
    }

    /// How many there are in the end.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// The cursor of the first event that a copy is made of.
    pub(crate) fn original(number: u64) -> i64 {
        (number % FIRST) as i64 + 1
    }

    /// When it happened: in the order of numbers, as that of cursors is that of the time.
    pub(crate) fn occurred_at(&self, number: u64) -> i64 {
        let share = number as f64 / self.rows.max(1) as f64;
        self.begin_ms + ((self.end_ms - self.begin_ms) as f64 * share) as i64
    }

    /// When it was received.
    pub(crate) fn received_at(&self, number: u64) -> i64 {
        self.occurred_at(number) + DELAY_MS
    }

    /// A streamer by the dice, busy ones more often.
    pub(crate) fn streamer(&self, dice: &mut StdRng) -> usize {
        ranked(self.channels.len() as u64, dice.random()) as usize
    }

    /// Somebody who is often in a streamer's chat; `dice` is 0 for the most faithful, and below 1.
    pub(crate) fn regular_of(&self, streamer: usize, dice: f64) -> Person {
        let nth = regular(REGULARS, dice);
        person(mix(streamer as u64 * REGULARS + nth) % self.people)
    }

    /// Anybody; with `dice` near 1 somebody who is nowhere often.
    pub(crate) fn anybody(&self, dice: f64) -> Person {
        person(regular(self.people, dice))
    }

    /// The copy of a number, the first events' own being below [`FIRST`].
    pub(crate) fn copy(&self, number: u64) -> Copy<'_> {
        let mut dice = StdRng::seed_from_u64(self.seed ^ mix(number));
        let streamer = self.streamer(&mut dice);
        let person = if dice.random() {
            self.regular_of(streamer, dice.random())
        } else {
            self.anybody(dice.random())
        };
        let length = dice.random_range(LENGTH);
        let words: Vec<String> = (0..length)
            .map(|_| word(ranked(WORDS, dice.random())))
            .collect();
        Copy {
            message_id: message_id::of(self.seed, number),
            channel: &self.channels[streamer],
            person,
            words: words.join(" "),
            occurred_at: self.occurred_at(number),
            received_at: self.received_at(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::script::channels;

    const DAY_MS: i64 = 24 * 3_600 * 1_000;

    #[test]
    fn a_few_are_busy_and_all_have_something() {
        let spread = Spread::new(1, 100_000, channels(1_000), 365).unwrap();
        let mut events: HashMap<&str, usize> = HashMap::new();
        for number in FIRST..100_000 {
            *events.entry(&spread.copy(number).channel.id).or_default() += 1;
        }
        let of = |rank: usize| events.get(spread.channels[rank].id.as_str()).copied();
        assert!(of(0) > Some(8_000), "{:?}", of(0));
        assert!(of(999) < Some(50), "{:?}", of(999));
        assert!(events.len() > 990, "{}", events.len());
    }

    #[test]
    fn times_go_up_with_the_numbers_through_the_whole_span() {
        let spread = Spread::new(1, 50_000, channels(10), 365).unwrap();
        let times: Vec<i64> = (0..spread.rows()).map(|n| spread.occurred_at(n)).collect();
        assert!(times.is_sorted());
        assert_eq!(times.first(), Some(&spread.begin_ms));
        assert_eq!(spread.end_ms - spread.begin_ms, 365 * DAY_MS);
        let last = times.last().unwrap();
        assert!((spread.end_ms - DAY_MS..spread.end_ms).contains(last));
    }

    #[test]
    fn a_number_always_tells_the_same_and_another_one_something_else() {
        let spread = Spread::new(1, 100_000, channels(100), 365).unwrap();
        assert_eq!(spread.copy(77_777), spread.copy(77_777));
        let copies: Vec<Copy<'_>> = (FIRST..FIRST + 5_000).map(|n| spread.copy(n)).collect();
        let ids: HashSet<&String> = copies.iter().map(|copy| &copy.message_id).collect();
        assert_eq!(ids.len(), copies.len());
        let people: HashSet<&String> = copies.iter().map(|copy| &copy.person.id).collect();
        assert!(people.len() > 2_000, "{}", people.len());
        assert!(people.len() < 4_900, "nobody comes twice");
        let texts: HashSet<&String> = copies.iter().map(|copy| &copy.words).collect();
        assert!(texts.len() > 4_000, "{}", texts.len());
    }
}
