//! An answer: the server's, or the one that it must be.

use std::collections::BTreeMap;
use std::fmt::Debug;

use anyhow::Context as _;
use jiff::Timestamp;
use serde_json::Value;

use super::question::Question;

/// Events by kind, of each day, by when it begins.
pub(super) type Days = BTreeMap<i64, BTreeMap<String, u64>>;

/// The answer to a question.
#[derive(Debug)]
pub(super) enum Answer {
    /// Cursors, newest first.
    List(Vec<i64>),
    /// Counts.
    Chart(Days),
}

impl Answer {
    /// Reads the server's.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn read(asked: &Question, answer: &Value) -> anyhow::Result<Self> {
        if asked.zone.is_none() {
            let events = answer["events"].as_array().context("no events")?;
            let id = |event: &Value| event["id"].as_str()?.parse().ok();
            let ids: Option<Vec<i64>> = events.iter().map(id).collect();
            return Ok(Self::List(ids.context("an event without a cursor")?));
        }
        let mut days = Days::new();
        for bucket in answer["buckets"].as_array().context("no buckets")? {
            let start = bucket["start"].as_str().context("no start")?;
            let start: Timestamp = start.parse()?;
            let counts = serde_json::from_value(bucket["counts"].clone())?;
            days.insert(start.as_millisecond(), counts);
        }
        Ok(Self::Chart(days))
    }

    /// The first difference to what it must be.
    pub(super) fn difference(&self, expected: &Self) -> Option<String> {
        let told = |place: String, found: &dyn Debug, right: &dyn Debug| {
            format!("{place} is {found:?}, not {right:?}")
        };
        match (self, expected) {
            (Self::List(found), Self::List(right)) => {
                let mut places = 0..found.len().max(right.len());
                let place = places.find(|place| found.get(*place) != right.get(*place))?;
                let (found, right) = (found.get(place), right.get(place));
                Some(told(format!("event {place}"), &found, &right))
            }
            (Self::Chart(found), Self::Chart(right)) => {
                let mut days = found.keys().chain(right.keys());
                let day = days.find(|day| found.get(day) != right.get(day))?;
                Some(told(format!("day {day}"), &found.get(day), &right.get(day)))
            }
            _ => Some("it is of another sort".to_owned()),
        }
    }

    /// Nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::List(ids) => ids.is_empty(),
            Self::Chart(days) => days.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_in_a_list_is_told() {
        let (found, right) = (Answer::List(vec![3, 1]), Answer::List(vec![3, 2, 1]));
        let told = found.difference(&right).unwrap();
        assert_eq!(told, "event 1 is Some(1), not Some(2)");
        assert!(Answer::List(Vec::new()).is_empty());
        assert!(Answer::Chart(Days::new()).difference(&right).is_some());
    }
}
