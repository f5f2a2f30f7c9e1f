//! Seeded chance: the only source of randomness in the world, so that one seed
//! always tells the same story.

use std::fmt::Write as _;

use jiff::SignedDuration;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand::{Rng as _, RngExt as _, SeedableRng as _};

/// A portable generator, unlike `StdRng`: its stream is the same in every release.
#[derive(Debug, Clone)]
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// True with probability `p` (0 to 1).
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.0.random_bool(p.clamp(0.0, 1.0))
    }

    /// A whole number from `low` to `high`, both possible.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// An index below `len`; 0 for an empty list.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        if len < 2 {
            0
        } else {
            self.0.random_range(0..len)
        }
    }

    /// One of `items`, or none of an empty list.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        items.choose(&mut self.0).copied()
    }

    /// One of the texts; "" for an empty list.
    pub(crate) fn text(&mut self, items: &[&'static str]) -> &'static str {
        self.pick(items).unwrap_or_default()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.0);
    }

    /// How long until the next of independent happenings that come every `mean`
    /// seconds, cut off at the ends so that nothing bursts or falls asleep.
    pub(crate) fn wait(&mut self, mean: f64) -> SignedDuration {
        let share: f64 = self.0.random_range(0.000_1..1.0);
        seconds(mean * (-share.ln()).clamp(0.1, 3.0))
    }

    /// An even spread between two numbers of seconds.
    pub(crate) fn within(&mut self, low: f64, high: f64) -> SignedDuration {
        seconds(self.0.random_range(low..high))
    }

    /// `len` decimal digits, the first not zero, as Twitch's numeric ids.
    pub(crate) fn digits(&mut self, len: usize) -> String {
        let mut text = String::with_capacity(len);
        for at in 0..len {
            let digit = self.0.random_range(u8::from(at == 0)..10);
            text.push(char::from(b'0' + digit));
        }
        text
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }

    /// `len` hexadecimal digits.
    pub(crate) fn hex(&mut self, len: usize) -> String {
        let mut text = String::with_capacity(len);
        for _ in 0..len {
            let digit: u8 = self.0.random_range(0..16);
            // Writing to a string cannot fail.
            write!(text, "{digit:x}").unwrap_or_default();
        }
        text
    }
}

/// A duration of fractional seconds, to the nanosecond.
pub(crate) fn seconds(amount: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(amount).unwrap_or(SignedDuration::ZERO)
}
