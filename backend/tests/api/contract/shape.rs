//! What an answer looks like, told by an example: names that must be there, and what stands under them.

use serde_json::Value;

/// Asserts that a value has the shape of the example. In the example a text names a sort of value, an object
/// the members that must be there (more are welcome), an array the shape of each of its elements.
pub(super) fn assert_shape(value: &Value, example: &Value, at: &str) {
    match example {
        Value::String(sort) => assert!(is_of(value, sort), "{at}: {value} is not {sort}"),
        Value::Object(members) => {
            let object = value
                .as_object()
                .unwrap_or_else(|| panic!("{at}: {value} is no object"));
            for (name, example) in members {
                let member = object
                    .get(name)
                    .unwrap_or_else(|| panic!("{at}: no {name} in {value}"));
                assert_shape(member, example, &format!("{at}.{name}"));
            }
        }
        Value::Array(each) => {
            let array = value
                .as_array()
                .unwrap_or_else(|| panic!("{at}: {value} is no array"));
            assert!(
                !array.is_empty(),
                "{at}: an empty list tells nothing of its elements"
            );
            array
                .iter()
                .for_each(|element| assert_shape(element, &each[0], &format!("{at}[]")));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            panic!("{at}: an example holds sorts of values")
        }
    }
}

fn is_of(value: &Value, sort: &str) -> bool {
    if let Some(sort) = sort.strip_suffix('?') {
        return value.is_null() || is_of(value, sort);
    }
    let text = value.as_str();
    match sort {
        "text" => text.is_some_and(|text| !text.is_empty()),
        "flag" => value.is_boolean(),
        "count" => value.is_u64(),
        "object" => value.is_object(),
        "texts" => value
            .as_array()
            .is_some_and(|all| all.iter().all(Value::is_string)),
        // RFC 3339 in UTC with milliseconds.
        "time" => text.is_some_and(|text| {
            text.len() == "2026-11-01T18:00:05.123Z".len()
                && text.ends_with('Z')
                && text.parse::<jiff::Timestamp>().is_ok()
        }),
        "cursor" => text.is_some_and(|text| text.parse::<u64>().is_ok_and(|id| id > 0)),
        // A cursor, or zero: nothing is read.
        "mark" => text.is_some_and(|text| text.parse::<u64>().is_ok()),
        "address" => text.is_some_and(|text| reqwest::Url::parse(text).is_ok()),
        "token" => text.is_some_and(|text| text.starts_with("sevt_") && text.len() >= 40),
        "status" => matches!(
            text,
            Some("enabled" | "pending" | "polling" | "unavailable" | "failed")
        ),
        "direction" => matches!(text, Some("in" | "out")),
        _ => panic!("no such sort: {sort}"),
    }
}
