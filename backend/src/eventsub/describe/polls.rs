//! Polls: their questions, their choices and who won.

use wire::GroupKind::Poll;

use super::Notification;
use super::draft::{Draft, key_with_status, step};
use super::fields::Fields;
use super::numbers::{many, thousands};
use super::words::{clip, listed, quoted, readable};

/// Longest choice inside a summary, in characters; Twitch allows 25.
const CHOICE_CHARS: usize = 40;

/// `channel.poll.begin`
pub(super) fn begin(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let choices: Vec<String> = event.list("choices").filter_map(title).collect();
    let question = event.line("title");
    let question = question.map_or_else(String::new, |title| format!(": {}", quoted(title)));
    let choices = listed(&choices).map_or_else(String::new, |choices| format!(" ({choices})"));
    Draft::new(format!("Poll started{question}{choices}"))
        .part_of(Poll, event.id("id"), step::BEGIN)
        .at(event.time("started_at"))
        .key(event.id("id"))
}

/// `channel.poll.progress`
pub(super) fn progress(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let name = name(event);
    let standing = Standing::of(event);
    let summary = match standing.leaders.as_slice() {
        [] => format!("{name} is running"),
        [one] => format!("{name}: {one} leads with {}", standing.share()),
        several => {
            let tied = listed(several).unwrap_or_default();
            format!("{name}: {tied} are tied at {}", many(standing.most, "vote"))
        }
    };
    Draft::new(summary).amount(standing.total, "votes").part_of(
        Poll,
        event.id("id"),
        step::PROGRESS,
    )
}

/// `channel.poll.end`: `archived` may follow an end that was told before.
pub(super) fn end(notification: &Notification<'_>) -> Draft {
    let event = notification.event;
    let name = name(event);
    let standing = Standing::of(event);
    let status = event.token("status");
    let how = match status {
        "" | "completed" => "ended".to_owned(),
        "terminated" => "was stopped early".to_owned(),
        "archived" => "was archived".to_owned(),
        other => format!("ended ({})", readable(other)),
    };
    let step = match status {
        "archived" => step::ARCHIVED,
        _ => step::END,
    };
    let verdict = match standing.leaders.as_slice() {
        [] if standing.total == Some(0) => " without votes".to_owned(),
        [] => String::new(),
        [one] => format!(": {one} won with {}", standing.share()),
        several => {
            let tied = listed(several).unwrap_or_default();
            format!(": {tied} tied at {}", many(standing.most, "vote"))
        }
    };
    Draft::new(format!("{name} {how}{verdict}"))
        .amount(standing.total, "votes")
        .part_of(Poll, event.id("id"), step)
        .at(event.time("ended_at"))
        .key(event.id("id").map(|id| key_with_status(id, status)))
}

fn name(event: Fields<'_>) -> String {
    event.line("title").map_or_else(
        || "The poll".to_owned(),
        |title| format!("Poll {}", quoted(title)),
    )
}

fn title(choice: Fields<'_>) -> Option<String> {
    Some(clip(choice.line("title")?, CHOICE_CHARS))
}

/// Where a poll stands; without counts there is no total.
struct Standing {
    total: Option<i64>,
    most: i64,
    /// Who has the most, if anybody has any.
    leaders: Vec<String>,
}

impl Standing {
    fn of(event: Fields<'_>) -> Self {
        let mut standing = Self {
            total: None,
            most: 0,
            leaders: Vec::new(),
        };
        for choice in event.list("choices") {
            let Some(votes) = choice.count("votes") else {
                continue;
            };
            standing.total = Some(standing.total.unwrap_or(0).saturating_add(votes));
            if votes > standing.most {
                standing.most = votes;
                standing.leaders.clear();
            }
            if votes > 0 && votes == standing.most {
                standing.leaders.extend(title(choice));
            }
        }
        standing
    }

    /// "14 of 26 votes"
    fn share(&self) -> String {
        let total = self.total.unwrap_or(self.most);
        format!("{} of {}", thousands(self.most), many(total, "vote"))
    }
}
