//! `automod.*`

use jiff::Timestamp;
use serde_json::{Value, json};

use super::text::Message;
use super::{BROADCASTER, MODERATOR, Person, USER, stamp, with};

/// A message `AutoMod` stopped.
#[derive(Debug)]
pub(crate) struct Held<'a> {
    pub(crate) user: &'a Person,
    pub(crate) message_id: &'a str,
    pub(crate) message: &'a Message,
    pub(crate) category: &'a str,
    pub(crate) level: i64,
    pub(crate) at: Timestamp,
}

/// `automod.message.hold`, versions 1 and 2
pub(crate) fn hold(broadcaster: &Person, held: &Held<'_>, version: &str) -> Value {
    let mut event = with(
        &[(BROADCASTER, Some(broadcaster)), (USER, Some(held.user))],
        json!({
            "message_id": held.message_id,
            "message": held.message.json(),
            "held_at": stamp(held.at),
        }),
    );
    if version == "1" {
        event["category"] = held.category.into();
        event["level"] = held.level.into();
    } else {
        let end = held.message.text().chars().count().saturating_sub(1);
        event["reason"] = "automod".into();
        event["automod"] = json!({
            "category": held.category,
            "level": held.level,
            "boundaries": [{"start_pos": 0, "end_pos": end}],
        });
        event["blocked_term"] = Value::Null;
    }
    event
}

/// `automod.message.update` with `approved`, `denied` or `expired`.
pub(crate) fn update(
    broadcaster: &Person,
    moderator: &Person,
    held: &Held<'_>,
    status: &str,
    version: &str,
) -> Value {
    let mut event = with(
        &[(MODERATOR, Some(moderator))],
        hold(broadcaster, held, version),
    );
    event["status"] = status.into();
    event
}

/// The categories `AutoMod` has a level for.
const CATEGORIES: [&str; 8] = [
    "disability",
    "aggression",
    "sexuality_sex_or_gender",
    "misogyny",
    "bullying",
    "swearing",
    "race_ethnicity_or_religion",
    "sex_based_terms",
];

/// `automod.settings.update`: an overall level sets every category.
pub(crate) fn settings(broadcaster: &Person, moderator: &Person, level: i64) -> Value {
    let mut event = with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (MODERATOR, Some(moderator)),
        ],
        json!({"overall_level": level}),
    );
    for category in CATEGORIES {
        event[category] = level.into();
    }
    event
}

/// `automod.terms.update`
pub(crate) fn terms(
    broadcaster: &Person,
    moderator: &Person,
    action: &str,
    terms: &[&str],
) -> Value {
    with(
        &[
            (BROADCASTER, Some(broadcaster)),
            (MODERATOR, Some(moderator)),
        ],
        json!({"action": action, "from_automod": false, "terms": terms}),
    )
}
