//! Every payload with random damage: nothing panics, nothing with a broadcaster is
//! lost, and no summary shows the machine behind it.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::super::{Reading, SUMMARY_CHARS, Subject, describe};
use super::all_cases;
use super::case::{MIRA, MOLLY, OWL, PIP, TIM, sent};

/// Damaged copies of each case.
const COPIES: usize = 60;

#[test]
fn damaged_payloads_are_told_all_the_same() {
    let mut rng = StdRng::seed_from_u64(0x5e17);
    let (mut told, mut ignored) = (0, 0);
    for case in all_cases() {
        for _ in 0..COPIES {
            let mut event = case.event.clone();
            let mut condition = case.condition.clone();
            for _ in 0..rng.random_range(1..=4) {
                damage(&mut event, &mut rng);
            }
            if rng.random_ratio(1, 4) {
                damage(&mut condition, &mut rng);
            }
            let reading = describe(&Subject {
                event_type: case.event_type,
                version: case.version,
                condition: &condition,
                event: &event,
                message_timestamp: sent(),
            });
            match reading {
                Reading::Event(event_told) => {
                    told += 1;
                    check(&event_told.summary, &event);
                    assert!(!event_told.broadcaster.id.is_empty());
                    assert!(!event_told.broadcaster.login.is_empty());
                }
                Reading::Ignored("chat-line") => {
                    assert_eq!(case.event_type, "channel.chat.message")
                }
                Reading::Ignored(why) => {
                    ignored += 1;
                    assert_eq!(why, "no-broadcaster");
                    let raid = case.event_type == "channel.raid";
                    assert!(
                        !has_broadcaster(&condition, true),
                        "{} {condition}",
                        case.event_type
                    );
                    assert!(
                        !has_broadcaster(&event, raid),
                        "{} {event}",
                        case.event_type
                    );
                }
            }
        }
    }
    assert!(told > 10_000, "{told} told");
    assert!(ignored < told / 20, "{ignored} ignored");
}

/// Whether an id is told; a channel that others act towards is one in raids alone.
fn has_broadcaster(value: &Value, raid: bool) -> bool {
    let keys = ["broadcaster_user_id", "to_broadcaster_user_id"];
    keys.iter().take(if raid { 2 } else { 1 }).any(|key| {
        let id = &value[*key];
        id.is_i64()
            || id.as_str().is_some_and(|id| {
                !id.trim_matches(|c: char| c.is_control() || c == ' ')
                    .is_empty()
            })
    })
}

fn check(summary: &str, event: &Value) {
    assert!(!summary.is_empty(), "{event}");
    assert!(summary.chars().count() <= SUMMARY_CHARS, "{summary}");
    assert!(!summary.contains("null"), "{summary} from {event}");
    assert!(!summary.contains("  "), "{summary} from {event}");
    assert!(!summary.contains("()"), "{summary} from {event}");
    assert!(!summary.chars().any(char::is_control), "{summary:?}");
    let mut anonymous = summary.to_owned();
    for who in [MIRA, OWL, TIM, PIP, MOLLY] {
        assert!(!summary.contains(who.0), "{summary} shows an id of {event}");
        anonymous = anonymous.replace(who.2, "").replace(who.1, "");
        anonymous = anonymous.replace("MIRA_Plays", "");
    }
    assert!(!anonymous.contains('_'), "{summary} from {event}");
    assert_eq!(summary.trim(), summary);
}

/// Replaces, removes or renames something at a random depth.
fn damage(value: &mut Value, rng: &mut StdRng) {
    if rng.random_ratio(1, 200) {
        *value = junk(rng);
        return;
    }
    if let Some(fields) = value.as_object_mut() {
        let keys: Vec<String> = fields.keys().cloned().collect();
        let Some(key) = keys.choose(rng) else {
            return;
        };
        let child = &mut fields[key.as_str()];
        if (child.is_object() || child.is_array()) && rng.random_ratio(2, 3) {
            damage(child, rng);
        } else if rng.random_ratio(1, 4) {
            let child = fields.remove(key);
            if rng.random_ratio(1, 3) {
                fields.insert(format!("x{key}"), child.unwrap_or_default());
            }
        } else {
            *child = junk(rng);
        }
    } else if let Some(child) = value.as_array_mut().and_then(|items| items.first_mut()) {
        damage(child, rng);
    } else {
        *value = junk(rng);
    }
}

fn junk(rng: &mut StdRng) -> Value {
    let choices = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-7),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(0.5),
        json!(""),
        json!("  "),
        json!("\u{0}\u{7}\n"),
        json!("a\u{0}b\r\nc"),
        json!("9999999999999999999999"),
        json!("2026-13-99T99:99:99Z"),
        json!("-009999-01-01T00:00:00Z"),
        json!("9999-12-30T22:00:00Z"),
        json!("x".repeat(5_000)),
        json!("🦉é\u{202e}ﬁ\u{feff}".repeat(200)),
        json!([]),
        json!([null, 1, "x", {"title": null}]),
        json!({}),
        json!({"text": 5, "fragments": [{"text": null}], "value": -1}),
    ];
    choices.choose(rng).cloned().unwrap_or_default()
}
