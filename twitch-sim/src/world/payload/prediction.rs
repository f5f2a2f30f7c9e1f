//! `channel.prediction.*`

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BROADCASTER, Person, USER, stamp, with};

#[derive(Debug, Clone)]
pub(crate) struct Prediction {
    pub(crate) id: String,
    pub(crate) title: &'static str,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) started_at: Timestamp,
    pub(crate) locks_at: Timestamp,
}

#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) id: String,
    pub(crate) title: &'static str,
    pub(crate) users: i64,
    pub(crate) points: i64,
    pub(crate) top: Vec<Predictor>,
}

#[derive(Debug, Clone)]
pub(crate) struct Predictor {
    pub(crate) person: Person,
    pub(crate) used: i64,
    pub(crate) won: Option<i64>,
}

/// Twitch names at most this many predictors per outcome.
pub(crate) const MAX_TOP: usize = 10;

/// `channel.prediction.begin`
pub(crate) fn begin(broadcaster: &Person, prediction: &Prediction) -> Value {
    let outcomes: Value = prediction
        .outcomes
        .iter()
        .enumerate()
        .map(|(at, outcome)| json!({"id": outcome.id, "title": outcome.title, "color": color(at)}))
        .collect();
    let mut event = common(broadcaster, prediction, &outcomes);
    event["locks_at"] = stamp(prediction.locks_at).into();
    event
}

/// `channel.prediction.progress`
pub(crate) fn progress(broadcaster: &Person, prediction: &Prediction) -> Value {
    let mut event = common(broadcaster, prediction, &counted(prediction));
    event["locks_at"] = stamp(prediction.locks_at).into();
    event
}

/// `channel.prediction.lock`
pub(crate) fn lock(broadcaster: &Person, prediction: &Prediction, at: Timestamp) -> Value {
    let mut event = common(broadcaster, prediction, &counted(prediction));
    event["locked_at"] = stamp(at).into();
    event
}

/// `channel.prediction.end`: resolved with a winner, else cancelled.
pub(crate) fn end(
    broadcaster: &Person,
    prediction: &Prediction,
    winner: Option<usize>,
    at: Timestamp,
) -> Value {
    let mut event = common(broadcaster, prediction, &counted(prediction));
    event["winning_outcome_id"] = winner
        .and_then(|index| prediction.outcomes.get(index))
        .map(|outcome| outcome.id.as_str())
        .into();
    event["status"] = if winner.is_some() {
        "resolved"
    } else {
        "canceled"
    }
    .into();
    event["ended_at"] = stamp(at).into();
    event
}

fn counted(prediction: &Prediction) -> Value {
    prediction
        .outcomes
        .iter()
        .enumerate()
        .map(|(at, outcome)| {
            let top: Value = outcome
                .top
                .iter()
                .take(MAX_TOP)
                .map(|predictor| {
                    with(
                        &[(USER, Some(&predictor.person))],
                        json!({
                            "channel_points_won": predictor.won,
                            "channel_points_used": predictor.used,
                        }),
                    )
                })
                .collect();
            json!({
                "id": outcome.id,
                "title": outcome.title,
                "color": color(at),
                "users": outcome.users,
                "channel_points": outcome.points,
                "top_predictors": top,
            })
        })
        .collect()
}

/// The first outcome is blue, every other one pink.
fn color(index: usize) -> &'static str {
    if index == 0 { "blue" } else { "pink" }
}

fn common(broadcaster: &Person, prediction: &Prediction, outcomes: &Value) -> Value {
    with(
        &[(BROADCASTER, Some(broadcaster))],
        json!({
            "id": prediction.id,
            "title": prediction.title,
            "outcomes": outcomes,
            "started_at": stamp(prediction.started_at),
        }),
    )
}
