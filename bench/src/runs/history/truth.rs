//! What the answers must be: found by looking at every stored event once, without any index, and by none of the
//! server's code.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::answer::{Answer, Days};
use super::mix::World;
use super::question::{Facts, LIMIT, Question, words_of};
use crate::store::Store;

/// Rows read at once.
const STEP: u32 = 20_000;

/// A question, and what is known of its answer.
#[derive(Debug)]
struct Open<'q> {
    asked: &'q Question,
    answer: Answer,
    /// When days begin in the time zone of a chart.
    days: Vec<i64>,
}

impl Open<'_> {
    fn is_full(&self) -> bool {
        matches!(&self.answer, Answer::List(ids) if ids.len() == LIMIT)
    }

    fn take(&mut self, event: &Facts<'_>) {
        if self.is_full() || !self.asked.asks_for(event) {
            return;
        }
        match &mut self.answer {
            Answer::List(ids) => ids.push(event.id),
            Answer::Chart(counted) => {
                let day = self.days.partition_point(|day| *day <= event.occurred_at);
                let day = self.days[day.saturating_sub(1)];
                let counts = counted.entry(day).or_default();
                match counts.get_mut(event.kind) {
                    Some(count) => *count += 1,
                    None => _ = counts.insert(event.kind.to_owned(), 1),
                }
            }
        }
    }
}

/// The answers to these questions of a viewer, in their order.
///
/// # Errors
/// When the database fails.
pub(super) async fn answers(
    store: &Store,
    viewer: &str,
    world: &World<'_>,
    questions: &[Question],
) -> anyhow::Result<Vec<Answer>> {
    let mut open = Vec::with_capacity(questions.len());
    for asked in questions {
        let (answer, days) = match asked.zone {
            None => (Answer::List(Vec::new()), Vec::new()),
            Some(zone) => (Answer::Chart(Days::new()), days_of(zone, world)?),
        };
        open.push(Open {
            asked,
            answer,
            days,
        });
    }
    let by_streamer = by_streamer(viewer, world, questions);
    let mut below = i64::MAX;
    loop {
        let rows = store.newest_below(below, STEP).await?;
        for row in &rows {
            below = row.try_get("id")?;
            let broadcaster: &str = row.try_get("broadcaster_id")?;
            let may_see =
                broadcaster == viewer || row.try_get::<&str, _>("visibility")? == "public";
            if let (true, Some(places)) = (may_see, by_streamer.get(broadcaster)) {
                take(row, places, &mut open)?;
            }
        }
        if rows.len() < STEP as usize {
            return Ok(open.into_iter().map(|open| open.answer).collect());
        }
    }
}

/// The places of the questions that ask for a streamer.
fn by_streamer<'q>(
    viewer: &'q str,
    world: &'q World<'_>,
    questions: &'q [Question],
) -> HashMap<&'q str, Vec<usize>> {
    let own: Vec<&str> = world
        .subscribed
        .iter()
        .map(|place| world.spread.channels[*place].id.as_str())
        .filter(|id| *id != viewer)
        .chain([viewer])
        .collect();
    let mut by_streamer: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, asked) in questions.iter().enumerate() {
        let one = asked.broadcaster.as_deref();
        let streamers = one.map_or(own.clone(), |id| vec![id]);
        for id in streamers {
            by_streamer.entry(id).or_default().push(place);
        }
    }
    by_streamer
}

fn take(row: &SqliteRow, places: &[usize], open: &mut [Open<'_>]) -> anyhow::Result<()> {
    let places = places.iter().copied();
    let places: Vec<usize> = places.filter(|place| !open[*place].is_full()).collect();
    if places.is_empty() {
        return Ok(());
    }
    let text = |name: &str| row.try_get::<Option<&str>, _>(name);
    let actor = match (text("actor_id")?, text("actor_login")?, text("actor_name")?) {
        (Some(id), Some(login), Some(name)) => Some([id, login, name]),
        _ => None,
    };
    let are_words_asked = places
        .iter()
        .any(|place| !open[*place].asked.words.is_empty());
    let words = if are_words_asked {
        let texts = [
            text("summary")?,
            text("text")?,
            text("actor_login")?,
            text("actor_name")?,
        ];
        words_of(texts.into_iter().flatten())
    } else {
        Vec::new()
    };
    let event = Facts {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        actor,
        amount: row.try_get("amount_value")?,
        occurred_at: row.try_get("occurred_at")?,
        words: &words,
    };
    for place in places {
        open[place].take(&event);
    }
    Ok(())
}

/// When the days of the year, and one more at both ends, begin.
fn days_of(zone: &str, world: &World<'_>) -> anyhow::Result<Vec<i64>> {
    let zone = TimeZone::get(zone)?;
    let first = Timestamp::from_millisecond(world.spread.begin_ms)?.to_zoned(zone);
    let mut day = first.start_of_day()?.checked_sub(1.day())?;
    let mut days = Vec::new();
    while day.timestamp().as_millisecond() < world.spread.end_ms {
        days.push(day.timestamp().as_millisecond());
        day = day.checked_add(1.day())?.start_of_day()?;
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn raid(id: i64, occurred_at: i64) -> Facts<'static> {
        Facts {
            id,
            kind: "raid",
            actor: None,
            amount: None,
            occurred_at,
            words: &[],
        }
    }

    #[test]
    fn a_list_ends_when_its_page_is_full() {
        let asked = Question::default();
        let mut open = Open {
            asked: &asked,
            answer: Answer::List(Vec::new()),
            days: Vec::new(),
        };
        (0..60).rev().for_each(|id| open.take(&raid(id, 0)));
        let right = Answer::List((10..60).rev().collect());
        assert_eq!(open.answer.difference(&right), None);
    }

    #[test]
    fn events_are_counted_in_the_day_they_happened_in() {
        let asked = Question {
            since: Some(5),
            ..Question::default()
        };
        let mut open = Open {
            asked: &asked,
            answer: Answer::Chart(Days::new()),
            days: vec![0, 10, 20],
        };
        for occurred_at in [4, 5, 9, 10, 25] {
            open.take(&raid(1, occurred_at));
        }
        let chart = Question {
            zone: Some("UTC"),
            ..Question::default()
        };
        let answer = |first| {
            json!({"buckets": [
                {"start": "1970-01-01T00:00:00Z", "counts": {"raid": first}},
                {"start": "1970-01-01T00:00:00.010Z", "counts": {"raid": 1}},
                {"start": "1970-01-01T00:00:00.020Z", "counts": {"raid": 1}},
            ]})
        };
        let right = Answer::read(&chart, &answer(2)).unwrap();
        assert_eq!(open.answer.difference(&right), None);
        let wrong = Answer::read(&chart, &answer(3)).unwrap();
        let told = wrong.difference(&open.answer).unwrap();
        assert!(told.starts_with("day 0 is"), "{told}");
    }
}
