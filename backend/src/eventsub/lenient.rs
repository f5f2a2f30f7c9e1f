//! Reads an event for describing it, whatever is in it: what cannot be represented is replaced, never the whole.
//!
//! JSON may hold what Rust's strings and numbers cannot: half a surrogate pair, a number out of range, nesting
//! without end. The stored payload keeps all of it; only the description does without.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json_borrow::Value;

/// Reads JSON and hands it on as a value, which borrows from the text; members that cannot be read are null.
pub fn read<T>(json: &RawValue, hand_on: impl FnOnce(Value<'_>) -> T) -> T {
    let text = json.get();
    if let Ok(value) = serde_json::from_str(text) {
        return hand_on(value);
    }
    let whole = with_whole_characters(text);
    hand_on(serde_json::from_str(&whole).unwrap_or_else(|_| member_by_member(&whole)))
}

/// An id, also when written as a number.
pub fn id(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Text of an envelope; a number becomes its digits, anything else is empty.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(id(&Value::deserialize(deserializer)?).unwrap_or_default())
}

/// Whole seconds, also when written as text or with a fraction; anything else is none.
pub(super) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(text(deserializer)?
        .parse::<f64>()
        .ok()
        .filter(|seconds| *seconds >= 0.0)
        // Beyond the range it stops at its end.
        .map(|seconds| seconds as u64))
}

fn member_by_member(text: &str) -> Value<'_> {
    let members: BTreeMap<&str, &RawValue> = serde_json::from_str(text).unwrap_or_default();
    let mut readable = Vec::with_capacity(members.len());
    for (name, raw) in members {
        readable.push((name, serde_json::from_str(raw.get()).unwrap_or_default()));
    }
    Value::Object(readable.into())
}

/// The text with each half of a surrogate pair replaced by the sign for what is missing.
fn with_whole_characters(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        whole.push_str(before);
        let taken = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                whole.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // A backslash takes the character behind it along, which may be a backslash too.
            _ => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        let (kept, tail) = escape.split_at(taken.min(escape.len()));
        whole.push_str(kept);
        rest = tail;
    }
    whole.push_str(rest);
    whole
}

/// The code unit of an escape such as `\u00e9` at the start of the text.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(json: &str) -> serde_json::Value {
        read(&RawValue::from_string(json.to_owned()).unwrap(), |value| {
            value.into()
        })
    }

    #[test]
    fn half_a_pair_is_replaced_and_a_whole_one_is_kept() {
        let value = read_text(r#"{"a":"x\ud83dy","b":"\ud83d\ude00","c":"\\ud83d","d":"\ude00"}"#);
        assert_eq!(value["a"], "x\u{fffd}y");
        assert_eq!(value["b"], "\u{1f600}");
        assert_eq!(
            value["c"], "\\ud83d",
            "an escaped backslash is no escape of a character"
        );
        assert_eq!(value["d"], "\u{fffd}");
    }

    #[test]
    fn one_unreadable_member_does_not_lose_the_others() {
        let deep = "[".repeat(500) + &"]".repeat(500);
        let value = read_text(&format!(r#"{{"deep":{deep},"huge":1e999,"id":"7"}}"#));
        assert_eq!(value["id"], "7");
        assert_eq!(value["deep"], serde_json::Value::Null);
        assert_eq!(value["huge"], serde_json::Value::Null);
    }
}
