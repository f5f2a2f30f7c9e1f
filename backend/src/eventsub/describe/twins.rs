//! By what two tellings of one happening are known: what both of them say, and how far apart they may lie.
//!
//! Rather not known than known wrongly: whoever does the same twice must not become one happening. So the key holds all
//! that both tellings have for sure, and a detail that only one of them may have keeps two apart where both have it.

use super::fields::Fields;
use super::person::Person;

/// Between two tellings of what somebody may do again soon, milliseconds.
const SOON_MS: i64 = 15_000;
/// Between two tellings of what cannot happen again that soon: somebody who has a sub gets no other.
const ONCE_MS: i64 = 120_000;

/// What a telling of a happening has in common with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// All tellings have the same.
    pub key: String,
    /// Two tellings that both have one have the same.
    pub detail: Option<String>,
    /// How far apart the tellings are at most, milliseconds.
    pub within_ms: i64,
}

/// Something that cannot happen twice within minutes.
pub(super) fn once(what: &str, who: &Person, rest: &str) -> Option<Twin> {
    Some(of(ONCE_MS, what, who.id.as_deref()?, rest))
}

/// Something that the same person may do again.
pub(super) fn again(what: &str, who: &Person, rest: &str, detail: Option<String>) -> Option<Twin> {
    let twin = of(SOON_MS, what, who.id.as_deref()?, rest);
    Some(Twin { detail, ..twin })
}

/// So many subs at once, of somebody who may be anonymous.
pub(super) fn given(giver: &Person, tier: &str, total: i64, gift: Fields<'_>) -> Option<Twin> {
    let giver = giver.id.as_deref().unwrap_or_default();
    let twin = of(SOON_MS, "gift", giver, &format!("{tier}:{total}"));
    let detail = gift.positive("cumulative_total").map(|all| all.to_string());
    Some(Twin { detail, ..twin })
}

/// A line of a chat, which channels that share it have, too.
pub(super) fn line(event: Fields<'_>) -> Option<Twin> {
    let id = event
        .id("source_message_id")
        .or_else(|| event.id("message_id"))?;
    Some(of(ONCE_MS, LINE, &id, ""))
}

const LINE: &str = "line";

fn of(within_ms: i64, what: &str, who: &str, rest: &str) -> Twin {
    Twin {
        key: format!("{what}:{who}:{rest}"),
        detail: None,
        within_ms,
    }
}

/// All but lines of a chat happen in one channel.
pub(super) fn within(mut twins: Vec<Twin>, broadcaster_id: &str) -> Vec<Twin> {
    for twin in twins.iter_mut().filter(|twin| !twin.key.starts_with(LINE)) {
        twin.key = format!("{broadcaster_id}:{}", twin.key);
    }
    twins
}
