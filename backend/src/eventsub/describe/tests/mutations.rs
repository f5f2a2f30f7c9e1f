//! Every payload with random damage: nothing panics, nothing with a broadcaster is
//! lost, and no summary shows the machine behind it.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Map, Value, json};

use super::super::notices::NOTICES;
use super::super::{Described, Reading, Subject, describe};
use super::case::{Case, sent};
use super::{all_cases, sentence};

/// Damaged copies of each case.
const COPIES: usize = 60;

/// Keys whose values Twitch takes from a list, to which it adds without notice.
const ENUMERATIONS: [&str; 12] = [
    "type",
    "status",
    "notice_type",
    "action",
    "tier",
    "sub_tier",
    "low_trust_status",
    "ban_evasion_evaluation",
    "category",
    "reason",
    "color",
    "currency",
];

#[test]
fn damaged_payloads_are_told_all_the_same() {
    let mut vandal = Vandal::new(0x5e17);
    let (mut told, mut ignored) = (0, 0);
    for case in all_cases() {
        for _ in 0..COPIES {
            let mut event = case.event.clone();
            let mut condition = case.condition.clone();
            for _ in 0..vandal.rng.random_range(1..=4) {
                vandal.damage(&mut event);
            }
            if vandal.in_one_of(4) {
                vandal.damage(&mut condition);
            }
            let reading = describe(&Subject {
                event_type: case.event_type,
                version: case.version,
                condition: (&condition).into(),
                event: (&event).into(),
                message_timestamp: sent(),
            });
            match reading {
                Reading::Event(event_told) => {
                    told += 1;
                    check(&event_told, &case, &event);
                }
                Reading::Ignored(why) => {
                    ignored += 1;
                    may_be_ignored(why, &case, &condition, &event);
                }
            }
        }
    }
    assert!(told > 15_000, "{told} told");
    assert!(ignored < told / 20, "{ignored} ignored");
}

fn check(told: &Described, case: &Case, event: &Value) {
    sentence::check(&told.summary, &case.event);
    assert!(!told.broadcaster.id.is_empty());
    assert!(!told.broadcaster.login.is_empty());
    assert_eq!(told.visibility, case.expected().visibility);
    if let Some(amount) = &told.amount {
        assert!(amount.value >= 0, "{amount:?} from {event}");
        let units = ["viewers", "bits", "months", "subs", "points", "votes"];
        let is_currency = amount.decimals.is_some() && amount.unit.len() == 3;
        assert!(units.contains(&amount.unit.as_str()) || is_currency);
    }
    if let Some(text) = &told.text {
        let is_bad = |c: char| c.is_control() && c != '\n';
        assert!(!text.is_empty() && !text.contains(is_bad), "{text:?}");
    }
    if let Some(key) = &told.natural_key {
        assert!(!key.is_empty() && key.chars().count() <= 200, "{key}");
    }
}

/// An event is let go only when what made it one was damaged away.
fn may_be_ignored(why: &str, case: &Case, condition: &Value, event: &Value) {
    let event_type = case.event_type;
    if why == "chat-line" {
        assert_eq!(event_type, "channel.chat.message");
        assert!(event["cheer"].is_null(), "{event}");
        assert!(!is_id(&event["channel_points_custom_reward_id"]), "{event}");
        return;
    }
    assert_eq!(why, "no-broadcaster");
    let is_raid = event_type == "channel.raid";
    assert!(
        !has_broadcaster(condition, true),
        "{event_type} {condition}"
    );
    assert!(!has_broadcaster(event, is_raid), "{event_type} {event}");
}

/// Whether an id is told; a channel that others act towards is one in raids alone.
fn has_broadcaster(value: &Value, is_raid: bool) -> bool {
    let keys = ["broadcaster_user_id", "to_broadcaster_user_id"];
    let mut keys = keys.iter().take(if is_raid { 2 } else { 1 });
    keys.any(|key| is_id(&value[*key]))
}

fn is_id(value: &Value) -> bool {
    let is_nothing = |c: char| c.is_control() || c.is_whitespace() || c == '\u{200b}';
    let text = value.as_str();
    value.is_i64() || text.is_some_and(|id| !id.trim_matches(is_nothing).is_empty())
}

/// Changes payloads, the same way at every run.
struct Vandal {
    rng: StdRng,
    junk: Vec<Value>,
}

impl Vandal {
    fn new(seed: u64) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            junk: junk(),
        }
    }

    fn in_one_of(&mut self, cases: u32) -> bool {
        self.rng.random_ratio(1, cases)
    }

    /// Changes one thing at a random depth.
    fn damage(&mut self, value: &mut Value) {
        if self.in_one_of(200) {
            *value = self.odd_value();
            return;
        }
        match value {
            Value::Object(fields) => self.damage_a_field(fields),
            Value::Array(items) if items.is_empty() || self.in_one_of(4) => {
                let item = items.first().cloned().unwrap_or_default();
                items.resize(self.rng.random_range(0..100), item);
            }
            Value::Array(items) => {
                let index = self.rng.random_range(0..items.len());
                self.damage(&mut items[index]);
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                *value = self.odd_value();
            }
        }
    }

    fn damage_a_field(&mut self, fields: &mut Map<String, Value>) {
        let keys: Vec<String> = fields.keys().cloned().collect();
        let Some(key) = keys.choose(&mut self.rng) else {
            return;
        };
        let child = &mut fields[key.as_str()];
        if (child.is_object() || child.is_array()) && !self.in_one_of(3) {
            self.damage(child);
        } else if ENUMERATIONS.contains(&key.as_str()) && self.in_one_of(2) {
            *child = json!(self.enumeration(key));
        } else if self.in_one_of(4) {
            let child = fields.remove(key);
            if self.in_one_of(3) {
                fields.insert(format!("x{key}"), child.unwrap_or_default());
            }
        } else {
            *child = self.odd_value();
        }
    }

    /// A value that Twitch never sent under this key.
    fn enumeration(&mut self, key: &str) -> String {
        if key == "notice_type" && self.in_one_of(2) {
            let prefix = if self.in_one_of(2) {
                "shared_chat_"
            } else {
                ""
            };
            let name = NOTICES.choose(&mut self.rng).map_or("", |row| row.0);
            return format!("{prefix}{name}");
        }
        let values = [
            "brand_new_value",
            "SHOUTING_VALUE",
            "kebab-value",
            "null",
            "__",
            "",
            "shared_chat_",
            "ünïcode_🦉",
        ];
        let value = values.choose(&mut self.rng);
        value.map_or("", |value| value).to_owned()
    }

    fn odd_value(&mut self) -> Value {
        self.junk.choose(&mut self.rng).cloned().unwrap_or_default()
    }
}

fn junk() -> Vec<Value> {
    let deep = (0..100).fold(json!("deep"), |inner, _| json!({"text": [inner]}));
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-7),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(-1e308),
        json!(0.5),
        json!(""),
        json!("  "),
        json!("\u{0}\u{7}\n"),
        json!("a\u{0}b\r\nc\u{2028}d\u{85}e"),
        json!("\u{200b}"),
        json!("\u{200d}\u{3164}\u{2800}"),
        json!("\u{202e}מירה\u{2069}\u{200f}"),
        json!("👩\u{200d}👩\u{200d}👧\u{fe0f}"),
        json!("9999999999999999999999"),
        json!("-1"),
        json!("2026-13-99T99:99:99Z"),
        json!("-009999-01-01T00:00:00Z"),
        json!("9999-12-30T22:00:00Z"),
        json!("x".repeat(5_000)),
        json!("🦉é\u{202e}ﬁ\u{feff}".repeat(200)),
        json!("\n".repeat(5_000)),
        json!([]),
        json!([null, 1, "x", {"title": null}]),
        json!(vec![
            json!({"title": "Chess", "votes": i64::MAX, "channel_points": i64::MAX});
            50
        ]),
        json!({}),
        json!({"text": 5, "fragments": [{"text": null}], "value": -1}),
        deep,
    ]
}
