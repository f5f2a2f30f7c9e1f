//! What holds for the sentence of any event, however odd its payload.

use serde_json::Value;

use super::super::SUMMARY_CHARS;
use super::super::words::can_be_seen;
use super::case::{MIRA, MOLLY, OWL, PIP, TIM};

/// Ids shorter than this may be part of a word by chance.
const SHORTEST_ID: usize = 6;

/// Checks a summary; `event` is the payload as Twitch would have sent it.
pub(super) fn check(summary: &str, event: &Value) {
    assert!(!summary.is_empty(), "nothing is said of {event}");
    assert!(summary.chars().count() <= SUMMARY_CHARS, "{summary}");
    assert_eq!(summary.trim(), summary);
    let is_break = |c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}';
    assert!(!summary.contains(is_break), "{summary:?}");
    let start = summary.chars().take(1).collect::<String>();
    assert!(can_be_seen(&start), "a hole at the start of {summary:?}");
    assert!(!summary.contains('\u{200b}'), "{summary:?}");
    for machine in ["null", "  ", "()", "“”", "None", "{", "["] {
        assert!(!summary.contains(machine), "{summary} from {event}");
    }
    for id in ids(event) {
        assert!(!summary.contains(&id), "{summary} shows an id of {event}");
    }
    let mut nameless = summary.to_owned();
    for who in [MIRA, OWL, TIM, PIP, MOLLY] {
        nameless = nameless.replace(who.2, "").replace(who.1, "");
    }
    nameless = nameless.replace("MIRA_Plays", "");
    assert!(!nameless.contains('_'), "{summary} from {event}");
}

/// Every id at any depth.
fn ids(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (key, child) in value.as_object().into_iter().flatten() {
        if key == "id" || key.ends_with("_id") {
            let id = child.as_str().map(str::to_owned);
            let id = id.or_else(|| Some(child.as_i64()?.to_string()));
            found.extend(id.filter(|id| id.len() >= SHORTEST_ID));
        }
        found.extend(ids(child));
    }
    for child in value.as_array().into_iter().flatten() {
        found.extend(ids(child));
    }
    found
}
