//! Which events are told as one, and which of them tells it: the server's folded lists and the page's live feed go by
//! the same rules, so that a row is the same however its parts arrived. Pure.

use serde::{Deserialize, Serialize};

use crate::{Event, UserRef};

/// A stream that ends and goes on within so many seconds was not really away.
const FLAP_S: i64 = 120;

/// What sort of happening has several parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// Subs given to a community: the purchase, and each sub.
    GiftBomb,
    /// A hype train.
    HypeTrain,
    /// A poll.
    Poll,
    /// A prediction.
    Prediction,
    /// A broadcast: its start and its end. Told as one only if they are close together.
    Stream,
}

impl GroupKind {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GiftBomb => "gift_bomb",
            Self::HypeTrain => "hype_train",
            Self::Poll => "poll",
            Self::Prediction => "prediction",
            Self::Stream => "stream",
        }
    }
}

/// The happening an event is a part of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Twitch's id of it.
    pub id: String,
    /// What it is.
    pub kind: GroupKind,
    /// How much the whole of it is as far as this part tells: subs, points, votes.
    pub total: Option<i64>,
    /// In whose channel: another one than the event's for what a shared chat brought.
    pub broadcaster_id: String,
    /// How far the happening was: the part with the highest step tells the whole.
    pub step: u8,
    /// Whom this part concerns: who got the sub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<UserRef>,
}

/// Of an event that stands for several, in a folded list: which these are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// Cursor of the first of them: where the row stands in the list.
    pub first: String,
    /// Cursor of the last of them.
    pub last: String,
    /// Of a gift bomb, how many got a sub; else how many parts there are.
    pub parts: u32,
}

impl Event {
    /// What the parts of one happening have in common.
    #[must_use]
    pub fn fold_key(&self) -> Option<String> {
        let group = self.group.as_ref()?;
        let kind = group.kind.as_str();
        Some(format!("{kind}:{}:{}", group.broadcaster_id, group.id))
    }

    /// Where it stands in a list: with others in one row, where the first of these does.
    #[must_use]
    pub fn place(&self) -> &str {
        self.fold.as_ref().map_or(&self.id, |fold| &fold.first)
    }

    /// It is one of the parts that are counted: of a gift bomb one who got a sub, as the chat tells it.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.group.as_ref().is_some_and(|group| {
            let is_told = group.recipient.is_some() && self.event_type.starts_with("channel.chat.");
            group.kind != GroupKind::GiftBomb || is_told
        })
    }

    /// Both belong into one row: parts of one happening, or two tellings of it.
    #[must_use]
    pub fn is_one_with(&self, other: &Self) -> bool {
        let links = |one: &Self, other: &Self| one.same_as.as_ref() == Some(&other.id);
        let (Some(group), Some(others)) = (&self.group, &other.group) else {
            return links(self, other) || links(other, self);
        };
        let is_same = (group.kind, &group.id, &group.broadcaster_id)
            == (others.kind, &others.id, &others.broadcaster_id);
        (is_same && (group.kind != GroupKind::Stream || self.is_close_to(other)))
            || links(self, other)
            || links(other, self)
    }

    /// Of two events in one row this one is shown.
    #[must_use]
    pub fn tells_more_than(&self, other: &Self) -> bool {
        self.rank() > other.rank()
    }

    /// How much it tells: the later step and the higher total, then what happened here and not in a channel that shares
    /// its chat, then the telling with more to it. No two events are equal.
    fn rank(&self) -> impl Ord {
        let group = self.group.as_ref();
        let telling = match self.event_type.as_str() {
            "channel.channel_points_custom_reward_redemption.add" => 2,
            name if name.starts_with("channel.chat.") => 1,
            _ => 0,
        };
        // A line of another channel's chat says so, so it is longer; parts of one happening differ in time.
        (
            group.map(|group| (group.step, group.total)),
            group.is_some_and(|group| group.broadcaster_id == self.broadcaster.id),
            telling,
            group.map(|_| &self.occurred_at),
            std::cmp::Reverse(self.summary.len()),
            std::cmp::Reverse((self.id.len(), &self.id)),
        )
    }

    fn is_close_to(&self, other: &Self) -> bool {
        match (seconds(&self.occurred_at), seconds(&other.occurred_at)) {
            (Some(one), Some(other)) => (one - other).abs() <= FLAP_S,
            _ => false,
        }
    }
}

/// Seconds since an arbitrary day, of a time as this server writes it: `2026-11-01T18:00:05.123Z`.
fn seconds(time: &str) -> Option<i64> {
    let number = |from: usize, to: usize| time.get(from..to)?.parse::<i64>().ok();
    let (year, month) = (number(0, 4)?, number(5, 7)?);
    // The year begins in March, so that a leap day is its last: https://howardhinnant.github.io/date_algorithms.html
    let (year, month) = match month {
        ..3 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    let days =
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + number(8, 10)?;
    Some(((days * 24 + number(11, 13)?) * 60 + number(14, 16)?) * 60 + number(17, 19)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_run_on_over_days_months_and_leap_years() {
        let of = |time| seconds(time).unwrap();
        for (earlier, later, between) in [
            ("2026-11-01T18:00:05.123Z", "2026-11-01T18:02:05.000Z", 120),
            ("2026-12-31T23:59:30.000Z", "2027-01-01T00:00:30.000Z", 60),
            ("2026-02-28T23:59:59.000Z", "2026-03-01T00:00:00.000Z", 1),
            (
                "2028-02-28T00:00:00.000Z",
                "2028-03-01T00:00:00.000Z",
                2 * 86_400,
            ),
            (
                "2100-02-28T00:00:00.000Z",
                "2100-03-01T00:00:00.000Z",
                86_400,
            ),
        ] {
            assert_eq!(of(later) - of(earlier), between, "{earlier} {later}");
        }
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds(""), None);
    }
}
