//! What is searched for: all words, the last one as the beginning of a word. There are no operators, and nothing that
//! can be written wrongly.

use std::collections::HashSet;
use std::fmt::Write as _;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::words;
use crate::ids::UserId;

/// Characters of a search that count; the rest is not looked at.
const LONGEST: usize = 500;

/// Words that the index is asked for, the longest of all. Where there are more, the events themselves are looked at.
const ASKED: usize = 16;

/// Between a streamer's id and a word, and in neither of them.
const BETWEEN: char = '§';

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    text: String,
    words: Vec<String>,
    last: String,
}

/// The parts of an event that are searched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Searched<'a> {
    pub(super) summary: &'a str,
    pub(super) text: Option<&'a str>,
    pub(super) actor_login: Option<&'a str>,
    pub(super) actor_name: Option<&'a str>,
}

impl Search {
    /// Reads what somebody looks for; none when there is no word in it.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().take(LONGEST).collect();
        let mut words = words::in_order(&text);
        let last = words.pop()?;
        words.sort_unstable();
        words.dedup();
        // Longest first: they are in the fewest events.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Some(Self { text, words, last })
    }

    /// Whether an event has all words.
    pub(super) fn finds(&self, event: Searched<'_>) -> bool {
        let held = event.words();
        let has = |word: &String| held.binary_search(word).is_ok();
        let at = held.partition_point(|word| *word < self.last);
        held.get(at)
            .is_some_and(|word| word.starts_with(&self.last))
            && self.words.iter().all(has)
    }

    /// What the index is asked for: this, of one of these streamers.
    pub(super) fn expression(&self, broadcasters: &HashSet<UserId>) -> String {
        let mut asked = String::new();
        for broadcaster in broadcasters {
            if !asked.is_empty() {
                asked.push_str(" OR ");
            }
            let owner = owner(broadcaster.as_str());
            for word in self.words.iter().take(ASKED) {
                // Writing to memory cannot fail.
                _ = write!(asked, "\"{owner}{BETWEEN}{word}\" AND ");
            }
            _ = write!(asked, "\"{owner}{BETWEEN}{}\" *", self.last);
        }
        asked
    }

    /// Whether the index is asked for all of it.
    pub(super) fn is_all_indexed(&self) -> bool {
        self.words.len() <= ASKED
    }

    /// As it came.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

impl Searched<'_> {
    fn words(&self) -> Vec<String> {
        let parts = [
            Some(self.summary),
            self.text,
            self.actor_login,
            self.actor_name,
        ];
        words::of_all(parts.into_iter().flatten())
    }

    /// What the index gets of an event.
    pub(super) fn indexed(&self, broadcaster_id: &str) -> String {
        let owner = owner(broadcaster_id);
        let words = self.words();
        let mut indexed = String::with_capacity(words.len() * (owner.len() + 12));
        for word in words {
            indexed.push_str(&owner);
            indexed.push(BETWEEN);
            indexed.push_str(&word);
            indexed.push(' ');
        }
        indexed
    }
}

/// A streamer's id as it stands in the index. Twitch's are digits; of others what is no part of a word is left out, so
/// two may become one, and whoever asks the index also compares the ids.
fn owner(broadcaster_id: &str) -> String {
    let letters = broadcaster_id.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Teaches a connection `finds (search, summary, text, actor_login, actor_name)`.
pub(super) fn add_function(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("finds", 5, flags, |context| {
        // Read once for all rows.
        let search = context.get_or_create_aux(0, |value| value.as_str().map(Search::parse))?;
        let part = |at| context.get_raw(at).as_str_or_null();
        let event = Searched {
            summary: part(1)?.unwrap_or_default(),
            text: part(2)?,
            actor_login: part(3)?,
            actor_name: part(4)?,
        };
        Ok(search
            .as_ref()
            .as_ref()
            .is_none_or(|search| search.finds(event)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(search: &str, summary: &str) -> bool {
        let event = Searched {
            summary,
            text: Some("Good Morning"),
            actor_login: Some("late_owl"),
            actor_name: None,
        };
        Search::parse(search).is_none_or(|search| search.finds(event))
    }

    #[test]
    fn all_words_must_be_there_and_the_last_may_go_on() {
        for search in [
            "owl",
            "OWL raided",
            "raided ow",
            "morn",
            "gôod late raid",
            "",
            "*",
            "late_owl",
            "raided raided",
        ] {
            assert!(found(search, "Owl raided with 318 viewers"), "{search}");
        }
        for search in [
            "raid owl",
            "ood",
            "owls",
            "raided goods",
            "morning afternoon",
            "🎉",
        ] {
            assert!(!found(search, "Owl raided with 318 viewers"), "{search}");
        }
    }

    #[test]
    fn the_index_is_asked_for_words_of_one_streamer() {
        let search = Search::parse("\"late\" OR owl*").unwrap();
        let asked = search.expression(&HashSet::from([UserId::new("7")]));
        assert_eq!(asked, "\"7§late\" AND \"7§or\" AND \"7§owl\" *");
        let many = (0..40)
            .map(|n| format!("w{n}"))
            .collect::<Vec<_>>()
            .join(" ");
        assert!(!Search::parse(&many).unwrap().is_all_indexed());
    }
}
