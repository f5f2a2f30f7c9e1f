//! What is searched for: all words, the last one as the beginning of a word. There are no operators, and nothing that
//! can be written wrongly.

use std::collections::HashSet;
use std::fmt::Write as _;

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OptionalExtension as _};

use super::words;
use crate::ids::UserId;

/// Characters of a search that count; the rest is not looked at.
const LONGEST: usize = 500;

/// Words that the index is asked for, the longest of all. Where there are more, the events themselves are looked at.
const ASKED: usize = 16;

/// The beginnings of words of so many characters are those of many words.
const SHORT: usize = 2;

/// With more words than this the index is asked for their beginning.
const MANY: usize = 8;

/// Between a streamer's id and a word, and in neither of them.
const BETWEEN: char = '§';

/// Between a streamer's id and what a person is called by; in neither of them, nor in a word.
const BY: char = '¶';

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

/// By what whoever did something is found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) login: Option<&'a str>,
    pub(super) name_lower: Option<&'a str>,
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
        let mut missing: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let mut has_last = false;
        words::each(event.parts(), |held| {
            has_last |= held.starts_with(&self.last);
            missing.retain(|word| *word != held);
        });
        has_last && missing.is_empty()
    }

    /// What the index is asked for of one streamer; none when no word of the streamer begins as the last one does.
    fn asked_of(&self, connection: &Connection, owner: &str) -> rusqlite::Result<Option<String>> {
        let last = format!("{owner}{BETWEEN}{}", self.last);
        let begun = match self.last.chars().nth(SHORT) {
            Some(_) => words_from(connection, &last)?,
            None => None,
        };
        let last = match begun {
            None => format!("\"{last}\" *"),
            Some(words) if words.is_empty() => return Ok(None),
            Some(words) => format!("(\"{}\")", words.join("\" OR \"")),
        };
        let mut asked = String::new();
        for word in self.words.iter().take(ASKED) {
            // Writing to memory cannot fail.
            _ = write!(asked, "\"{owner}{BETWEEN}{word}\" AND ");
        }
        Ok(Some(asked + &last))
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

impl<'a> Searched<'a> {
    fn parts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let parts = [
            Some(self.summary),
            self.text,
            self.actor_login,
            self.actor_name,
        ];
        parts.into_iter().flatten()
    }

    /// What the index gets of an event.
    pub(super) fn indexed(&self, broadcaster_id: &str, person: Person<'_>) -> String {
        let owner = owner(broadcaster_id);
        let words = words::of_all(self.parts());
        let mut indexed = String::with_capacity((words.len() + 2) * (owner.len() + 12));
        let mut push = |between, word: &str| {
            indexed.push_str(&owner);
            indexed.push(between);
            indexed.push_str(word);
            indexed.push(' ');
        };
        for word in words {
            push(BETWEEN, &word);
        }
        for name in person.names() {
            push(BY, &name);
        }
        indexed
    }
}

impl Person<'_> {
    /// As they stand in the index, each once.
    fn names(self) -> Vec<String> {
        let all = [self.id, self.login, self.name_lower];
        let mut names: Vec<String> = all.into_iter().flatten().map(name).collect();
        names.retain(|name| !name.is_empty());
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// What the index of words is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// In its own language.
    pub(super) expression: String,
    /// The beginning of a word is among it, of which the index gathers every event before it tells the newest.
    pub(super) gathers: bool,
}

/// What the index is asked for: events of these streamers with these words, by whoever is called so; none when it would
/// be asked for nothing.
pub(super) fn expression(
    connection: &Connection,
    search: Option<&Search>,
    person: Option<&str>,
    broadcasters: &HashSet<UserId>,
) -> rusqlite::Result<Option<Asked>> {
    let person = person.map(name).filter(|name| !name.is_empty());
    if search.is_none() && person.is_none() {
        return Ok(None);
    }
    let mut of_each = Vec::with_capacity(broadcasters.len());
    for broadcaster in broadcasters {
        let owner = owner(broadcaster.as_str());
        let by = person.as_ref().map(|name| format!("\"{owner}{BY}{name}\""));
        let words = match search {
            None => None,
            Some(search) => match search.asked_of(connection, &owner)? {
                Some(words) => Some(words),
                None => continue,
            },
        };
        let asked: Vec<String> = [by, words].into_iter().flatten().collect();
        of_each.push(format!("({})", asked.join(" AND ")));
    }
    if of_each.is_empty() {
        // No streamer has this as an id.
        of_each.push(format!("\"{BY}\""));
    }
    let expression = of_each.join(" OR ");
    Ok(Some(Asked {
        gathers: expression.contains(" *"),
        expression,
    }))
}

/// The words of the index that begin so; none when they are many. Asked for whole, each is read as far as the list goes.
fn words_from(connection: &Connection, beginning: &str) -> rusqlite::Result<Option<Vec<String>>> {
    let mut next = connection.prepare_cached(
        "SELECT term FROM temp.vocabulary WHERE term >= ?1 ORDER BY term LIMIT 1",
    )?;
    let mut words: Vec<String> = Vec::new();
    let mut from = beginning.to_owned();
    while let Some(word) = next
        .query_row([&from], |row| row.get::<_, String>(0))
        .optional()?
        .filter(|word| word.starts_with(beginning))
    {
        if words.len() == MANY {
            return Ok(None);
        }
        // No word has such a sign in it, so this is right behind the word.
        from = format!("{word}\u{1}");
        words.push(word);
    }
    Ok(Some(words))
}

/// What a person is called by as it stands in the index: signs at which it would be cut are left out, so two may become
/// one, and whoever asks the index also compares.
fn name(called: &str) -> String {
    let is_kept = |letter: &char| letter.is_ascii_alphanumeric() || !letter.is_ascii();
    called.chars().filter(is_kept).collect()
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

    /// An index of these words.
    fn index(words: &str) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE VIRTUAL TABLE search USING fts5 (words, content = '', detail = none, tokenize = 'ascii'); \
                 CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'search', 'instance')",
            )
            .unwrap();
        connection
            .execute("INSERT INTO search (rowid, words) VALUES (1, ?1)", [words])
            .unwrap();
        connection
    }

    #[test]
    fn the_index_is_asked_for_words_of_one_streamer() {
        let search = Search::parse("\"late\" OR owl*").unwrap();
        let of = HashSet::from([UserId::new("7")]);
        let index = index("7§late 7§or 7§owl 7§owls 70§owlet 7§ox 7¶owlette");
        let asked = |search, person| {
            let asked = expression(&index, search, person, &of).unwrap();
            asked.map(|asked| asked.expression)
        };
        let words = "\"7§late\" AND \"7§or\" AND (\"7§owl\" OR \"7§owls\")";
        assert_eq!(asked(Some(&search), None), Some(format!("({words})")));
        assert_eq!(
            asked(Some(&search), Some("late_owl")),
            Some(format!("(\"7¶lateowl\" AND {words})"))
        );
        assert_eq!(asked(None, None), None);
        assert_eq!(asked(None, Some("_")), None, "the feed is walked");
        let short = Search::parse("ow");
        assert_eq!(asked(short.as_ref(), None), Some("(\"7§ow\" *)".to_owned()));
        let absent = Search::parse("owlets");
        assert_eq!(asked(absent.as_ref(), None), Some("\"¶\"".to_owned()));
        let many = (0..40)
            .map(|n| format!("w{n}"))
            .collect::<Vec<_>>()
            .join(" ");
        assert!(!Search::parse(&many).unwrap().is_all_indexed());
    }

    #[test]
    fn of_many_words_that_begin_alike_the_beginning_is_asked_for() {
        let words = |most: usize| {
            let words = (0..most).map(|n| format!("7§owl{n} "));
            words_from(&index(&words.collect::<String>()), "7§owl").unwrap()
        };
        assert_eq!(words(MANY).map(|words| words.len()), Some(MANY));
        assert_eq!(words(MANY + 1), None);
    }

    #[test]
    fn whoever_did_it_is_indexed_once_by_each_name() {
        let event = Searched {
            summary: "Raid!",
            text: None,
            actor_login: Some("late_owl"),
            actor_name: Some("Late_Owl"),
        };
        let person = Person {
            id: Some("12"),
            login: event.actor_login,
            name_lower: Some("late_owl"),
        };
        assert_eq!(
            event.indexed("7", person),
            "7§late 7§owl 7§raid 7¶12 7¶lateowl "
        );
    }
}
