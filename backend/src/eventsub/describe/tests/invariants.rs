//! What must not matter to any payload: fields that came later, nulls written out,
//! and a type that somebody else's payload came under.

use serde_json::{Value, json};

use super::super::notices::NOTICES;
use super::super::types::{Reader, TYPES};
use super::super::{Reading, Subject, describe};
use super::case::{Case, MIRA};
use super::{all_cases, sentence};

fn read(case: &Case, event: &Value) -> Reading {
    describe(&Subject {
        event: event.into(),
        ..case.subject()
    })
}

#[test]
fn summaries_show_nothing_of_the_machine() {
    for case in all_cases() {
        sentence::check(&case.expected().summary, &case.event);
    }
}

#[test]
fn fields_that_came_later_change_nothing() {
    for case in all_cases() {
        let mut event = case.event.clone();
        extend(&mut event);
        let told = read(&case, &event);
        assert_eq!(told, describe(&case.subject()), "{event}");
    }
}

/// Adds unknown fields to every object.
fn extend(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(extend);
            fields.insert("brand_new_field".to_owned(), json!({"deep": [null, 1]}));
            fields.insert("brand_new_user_name".to_owned(), json!("Nobody_Known"));
        }
        Value::Array(items) => items.iter_mut().for_each(extend),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_null_is_the_same_as_an_absent_field() {
    for case in all_cases() {
        let mut event = case.event.clone();
        strip(&mut event);
        let told = read(&case, &event);
        assert_eq!(told, describe(&case.subject()), "{event}");
    }
}

/// Removes every field that is null.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, child| !child.is_null());
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_payload_under_another_type_is_still_an_event() {
    let always = TYPES
        .iter()
        .filter(|row| matches!(row.reader, Reader::Always(_)));
    let types: Vec<&str> = always.map(|row| row.event_type).collect();
    let condition = json!({"broadcaster_user_id": MIRA.0});
    for case in all_cases() {
        for event_type in &types {
            let reading = describe(&Subject {
                event_type,
                condition: (&condition).into(),
                ..case.subject()
            });
            let Reading::Event(told) = reading else {
                panic!("{event_type} lost {}", case.event);
            };
            sentence::check(&told.summary, &case.event);
        }
    }
}

#[test]
fn a_notice_under_another_name_is_still_an_event() {
    let is_notice = |case: &Case| case.event_type == "channel.chat.notification";
    for case in all_cases().into_iter().filter(is_notice) {
        let own = case.event["notice_type"].as_str().unwrap_or_default();
        let object = &case.event[own];
        for (name, kind, _) in NOTICES {
            let mut event = case.event.clone();
            event["notice_type"] = json!(name);
            event[*name] = object.clone();
            let Reading::Event(told) = read(&case, &event) else {
                panic!("{name} lost {event}");
            };
            assert_eq!(told.kind, *kind);
            assert_eq!(told.natural_key, case.expected().natural_key);
            sentence::check(&told.summary, &event);
        }
    }
}

#[test]
fn a_type_that_came_later_is_told_plainly_and_privately() {
    let condition = json!({"broadcaster_user_id": MIRA.0});
    for case in all_cases() {
        let reading = describe(&Subject {
            event_type: "channel.brand_new_thing.begin",
            version: "3",
            condition: (&condition).into(),
            ..case.subject()
        });
        let Reading::Event(told) = reading else {
            panic!("lost {}", case.event);
        };
        let plain = "Something happened: channel brand new thing begin";
        assert_eq!(told.summary, plain);
        assert_eq!(told.visibility, wire::Visibility::Broadcaster);
        assert_eq!((told.kind, told.natural_key), (wire::Kind::System, None));
    }
}
