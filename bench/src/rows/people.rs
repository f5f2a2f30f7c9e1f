//! Made-up words and people, as many as are asked for and always the same.

use crate::message_id::mix;

/// Different words in what people write.
pub(crate) const WORDS: u64 = 20_000;

/// Words that names are made of.
const NAME_WORDS: u64 = 2_000;

/// Ids of people begin here; those of made-up streamers are below.
const FIRST_ID: u64 = 2_000_000_000;

const CONSONANTS: &[u8] = b"bdfgjklmnprstvz";
const VOWELS: &[u8] = b"aeiou";

/// A person who does something in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// Twitch's id.
    pub(crate) id: String,
    /// In lower case.
    pub(crate) login: String,
    /// As the person writes it.
    pub(crate) name: String,
}

/// A word by its number: two syllables or more, no two words the same.
pub(crate) fn word(number: u64) -> String {
    let (consonants, vowels) = (CONSONANTS.len() as u64, VOWELS.len() as u64);
    let syllables = consonants * vowels;
    let mut letters = Vec::new();
    // From here on each number has two digits or more, and none begins with a zero.
    let mut rest = number + syllables;
    while rest > 0 {
        let syllable = rest % syllables;
        letters.push(char::from(VOWELS[(syllable % vowels) as usize]));
        letters.push(char::from(CONSONANTS[(syllable / vowels) as usize]));
        rest /= syllables;
    }
    letters.iter().rev().collect()
}

/// A person by number: two words that many have in their names, and the number, which nobody else has.
pub(crate) fn person(number: u64) -> Person {
    let dice = mix(number);
    let (one, other) = (word(dice % NAME_WORDS), word((dice >> 32) % NAME_WORDS));
    let login = format!("{one}_{other}{number}");
    Person {
        id: (FIRST_ID + number).to_string(),
        name: login.to_uppercase(),
        login,
    }
}

/// One of so many, the first ones far more often: in proportion to 1, 1/2, 1/3 … (Zipf's law), as words are used and
/// streamers watched. `dice` is from 0 up to 1.
pub(crate) fn ranked(count: u64, dice: f64) -> u64 {
    let rank = ((count + 1) as f64).powf(dice) as u64;
    rank.clamp(1, count.max(1)) - 1
}

/// One of so many, the first ones more often, but less so: in proportion to 1, 1/√2, 1/√3 ….
pub(crate) fn regular(count: u64, dice: f64) -> u64 {
    let rank = (count as f64 * dice * dice) as u64;
    rank.min(count.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn words_and_people_are_all_different() {
        let words: HashSet<String> = (0..WORDS).map(word).collect();
        assert_eq!(words.len() as u64, WORDS);
        assert!(words.iter().all(|word| (4..=6).contains(&word.len())));
        let logins: HashSet<String> = (0..10_000).map(|n| person(n).login).collect();
        assert_eq!(logins.len(), 10_000);
        let Person { id, login, name } = person(7);
        assert_eq!(id, "2000000007");
        assert!(login.ends_with('7'), "{login}");
        assert_eq!(name.to_lowercase(), login);
    }

    #[test]
    fn the_first_ones_come_most_often_and_the_last_ones_too() {
        for pick in [ranked, regular] {
            let picked: Vec<u64> = (0..10_000)
                .map(|n| pick(1_000, f64::from(n) / 10_000.0))
                .collect();
            assert!(picked.is_sorted());
            assert_eq!((picked.first(), picked.last()), (Some(&0), Some(&999)));
            let first_half = picked.iter().filter(|rank| **rank < 500).count();
            assert!(first_half > 6_000, "{first_half}");
        }
        let firsts = (0..1_000).filter(|n| ranked(1_000, f64::from(*n) / 1_000.0) == 0);
        assert_eq!(firsts.count(), 101, "a tenth is of the first");
    }
}
