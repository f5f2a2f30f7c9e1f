//! Whole payloads as Twitch documents them, every key that comes as null included.

use serde::Deserialize;
use serde_json::Value;
use wire::Kind;

use super::case::{Case, OWL, PIP, TIM, Who, case};

/// One payload of `documented.json`.
#[derive(Deserialize)]
struct Documented {
    #[serde(rename = "type")]
    event_type: &'static str,
    version: &'static str,
    condition: Value,
    event: Value,
    told: Told,
}

/// What is expected of it; what is not named is expected to be absent.
#[derive(Deserialize)]
struct Told {
    kind: Kind,
    summary: String,
    actor: Option<String>,
    amount: Option<(i64, String)>,
    text: Option<String>,
    at: Option<String>,
    key: Option<String>,
}

pub(super) fn cases() -> Vec<Case> {
    let all: Vec<Documented> =
        serde_json::from_str(include_str!("documented.json")).expect("readable fixtures");
    all.into_iter().map(as_case).collect()
}

fn as_case(documented: Documented) -> Case {
    let told = documented.told;
    let mut case = case(
        documented.event_type,
        documented.event,
        told.kind,
        &told.summary,
    )
    .version(documented.version)
    .condition(documented.condition);
    if let Some(login) = told.actor {
        case = case.actor(who(&login));
    }
    if let Some((value, unit)) = told.amount {
        case = case.amount(value, &unit);
    }
    if let Some(text) = told.text {
        case = case.text(&text);
    }
    if let Some(time) = told.at {
        case = case.at(&time);
    }
    if let Some(key) = told.key {
        case = case.key(&key);
    }
    case
}

fn who(login: &str) -> Who {
    let known = [OWL, PIP, TIM].into_iter().find(|who| who.1 == login);
    known.expect("a person of the cases")
}
