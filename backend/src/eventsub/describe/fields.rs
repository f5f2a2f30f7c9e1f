//! Lenient reading of a JSON object: what is missing, null, empty or of another
//! type is absent, and nothing here can fail.

use jiff::Timestamp;
use serde_json_borrow::Value;

use super::person::Person;
use super::role::Role;
use super::words;

/// Longest id that is kept whole. Twitch's have at most 36 characters; a longer
/// one would not fit into an index of every database.
const ID_CHARS: usize = 128;
/// Longest name that is kept whole; Twitch's have at most 25 characters.
const NAME_CHARS: usize = 64;
/// Largest whole number that a float holds exactly.
const EXACT_FLOAT: f64 = 9_007_199_254_740_991.0;

static NOTHING: Value<'static> = Value::Null;

/// A JSON object, or what stands where one was expected.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a Value<'a>);

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value<'a>) -> Self {
        Self(value)
    }

    fn get(self, key: &str) -> Option<&'a Value<'a>> {
        let value = self.0.as_object()?.get(key)?;
        (!value.is_null()).then_some(value)
    }

    pub(super) fn has(self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The object under a key; one without fields if there is none.
    pub(super) fn object(self, key: &str) -> Self {
        Self(self.get(key).unwrap_or(&NOTHING))
    }

    pub(super) fn list(self, key: &str) -> impl Iterator<Item = Self> {
        let items = self.get(key).and_then(Value::as_array);
        items.into_iter().flatten().map(Self)
    }

    /// An enumeration's value as Twitch writes it; `""` if there is none that
    /// could be put into words. Some tools write a null as text.
    pub(super) fn token(self, key: &str) -> &'a str {
        let token = self.get(key).and_then(Value::as_str).map(str::trim);
        token
            .filter(|token| token.bytes().any(|b| b.is_ascii_alphanumeric()))
            .filter(|token| !token.eq_ignore_ascii_case("null"))
            .unwrap_or("")
    }

    /// Words for one line, without control characters.
    pub(super) fn line(self, key: &str) -> Option<String> {
        let line = words::one_line(self.get(key)?.as_str()?);
        words::can_be_seen(&line).then_some(line)
    }

    /// What a person wrote: a string, or a message object with `text` or `fragments`.
    pub(super) fn text(self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        if let Some(text) = value.as_str() {
            return words::paragraphs(text);
        }
        let message = Self(value);
        if let Some(text) = message.get("text").and_then(Value::as_str) {
            return words::paragraphs(text);
        }
        let fragments = message.list("fragments");
        let parts = fragments.filter_map(|fragment| fragment.get("text")?.as_str());
        words::paragraphs(&parts.collect::<String>())
    }

    /// An id or a tier; some tools send numbers.
    pub(super) fn id(self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        let id = match (value.as_str(), integer(value)) {
            (Some(text), _) => words::clip_exactly(words::one_line(text), ID_CHARS),
            (None, Some(number)) => number.to_string(),
            (None, None) => return None,
        };
        (!id.is_empty()).then_some(id)
    }

    /// How many: a whole number that is not negative, also from a float or a string.
    pub(super) fn count(self, key: &str) -> Option<i64> {
        integer(self.get(key)?).filter(|count| *count >= 0)
    }

    /// As [`count`](Self::count), where Twitch writes 0 for "not told".
    pub(super) fn positive(self, key: &str) -> Option<i64> {
        self.count(key).filter(|count| *count > 0)
    }

    /// True only if it says so.
    pub(super) fn flag(self, key: &str) -> bool {
        self.get(key).is_some_and(|value| {
            value.as_bool() == Some(true)
                || value.as_str() == Some("true")
                || value.as_i64() == Some(1)
        })
    }

    /// True only if it says no, which is more than not saying yes.
    pub(super) fn denies(self, key: &str) -> bool {
        self.get(key).and_then(Value::as_bool) == Some(false)
    }

    /// A point in time. What lies before 1970 stands for "none", as the zero time
    /// `0001-01-01T00:00:00Z` of some systems does.
    pub(super) fn time(self, key: &str) -> Option<Timestamp> {
        let time: Timestamp = self.get(key)?.as_str()?.trim().parse().ok()?;
        (time >= Timestamp::UNIX_EPOCH).then_some(time)
    }

    /// The person in a role.
    pub(super) fn person(self, role: Role) -> Person {
        let name = |key: &str| Some(words::clip_exactly(self.line(key)?, NAME_CHARS));
        Person {
            id: self.id(role.id),
            login: name(role.login),
            name: name(role.name),
        }
    }

    /// As [`person`](Self::person), but nobody if the flag says so.
    pub(super) fn person_unless(self, anonymous: &str, role: Role) -> Person {
        if self.flag(anonymous) {
            Person::default()
        } else {
            self.person(role)
        }
    }
}

fn integer(value: &Value<'_>) -> Option<i64> {
    if let Some(text) = value.as_str() {
        let text = text.trim();
        return text
            .parse()
            .ok()
            .or_else(|| text.parse().ok().and_then(whole));
    }
    value.as_i64().or_else(|| value.as_f64().and_then(whole))
}

fn whole(float: f64) -> Option<i64> {
    (float.abs() <= EXACT_FLOAT).then(|| float.round() as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_come_as_floats_and_strings() {
        let value = json!({"a": 7, "b": 7.0, "c": "7", "d": " 7.0 ", "e": true, "f": [7],
            "g": -7, "h": 1e300, "i": "x", "j": null, "k": u64::MAX, "l": "nan"});
        let borrowed = Value::from(&value);
        let fields = Fields::of(&borrowed);
        for key in ["a", "b", "c", "d"] {
            assert_eq!(fields.count(key), Some(7), "{key}");
        }
        for key in ["e", "f", "g", "h", "i", "j", "k", "l", "absent"] {
            assert_eq!(fields.count(key), None, "{key}");
        }
    }

    #[test]
    fn ids_are_strings_or_whole_numbers() {
        let value =
            json!({"a": "12", "b": 12, "c": 12.0, "d": "", "e": " ", "f": {}, "g": "1\u{0}2"});
        let borrowed = Value::from(&value);
        let fields = Fields::of(&borrowed);
        for key in ["a", "b", "c", "g"] {
            assert_eq!(fields.id(key).as_deref(), Some("12"), "{key}");
        }
        for key in ["d", "e", "f"] {
            assert_eq!(fields.id(key), None, "{key}");
        }
    }

    #[test]
    fn text_is_found_in_a_string_a_message_or_its_fragments() {
        let value = json!({"a": "hi", "b": {"text": "hi"}, "d": {"text": ""},
            "c": {"fragments": [{"text": "h"}, {"text": null}, 3, {"text": "i"}]}});
        let borrowed = Value::from(&value);
        let fields = Fields::of(&borrowed);
        for key in ["a", "b", "c"] {
            assert_eq!(fields.text(key).as_deref(), Some("hi"), "{key}");
        }
        assert_eq!(fields.text("d"), None);
    }

    #[test]
    fn a_zero_time_is_none() {
        let value = json!({"a": "2026-11-01T18:16:11.17106713Z", "b": "0001-01-01T00:00:00Z", "c": "soon", "d": 5});
        let borrowed = Value::from(&value);
        let fields = Fields::of(&borrowed);
        assert!(fields.time("a").is_some());
        for key in ["b", "c", "d"] {
            assert_eq!(fields.time(key), None, "{key}");
        }
    }

    #[test]
    fn nothing_is_read_from_what_is_no_object() {
        for value in [json!(null), json!(3), json!("x"), json!([1, 2])] {
            let borrowed = Value::from(&value);
            let fields = Fields::of(&borrowed);
            assert!(!fields.has("id"));
            assert_eq!(fields.object("x").list("y").count(), 0);
            assert_eq!(fields.person(Role::USER), Person::default());
        }
    }
}
