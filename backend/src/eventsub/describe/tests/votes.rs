//! Polls and predictions.

use serde_json::{Value, json};
use wire::Kind::{Poll, Prediction};

use super::case::{Case, case};

pub(super) fn cases() -> Vec<Case> {
    [polls(), predictions()].concat()
}

fn polls() -> Vec<Case> {
    let choice = |title: &str, votes: Value| json!({"id": title, "title": title, "bits_votes": 0, "channel_points_votes": 4, "votes": votes});
    let poll = |step: &'static str, status: &str, votes: [Value; 2], summary: &str| {
        let [chess, go] = votes;
        let event = json!({"id": "p1", "title": "Next game?", "choices": [choice("Chess", chess), choice("Go", go)],
            "bits_voting": {"is_enabled": false, "amount_per_vote": 0}, "status": status,
            "started_at": "2026-11-01T18:30:00Z", "ended_at": "2026-11-01T18:32:01Z"});
        case(step, event, Poll, summary)
    };
    let begin = "channel.poll.begin";
    let progress = "channel.poll.progress";
    let end = |status: &str, votes: [i64; 2], summary: &str, key: &str| {
        let [a, b] = votes;
        poll("channel.poll.end", status, [json!(a), json!(b)], summary)
            .amount(a + b, "votes")
            .at("2026-11-01T18:32:01Z")
            .key(key)
    };
    vec![
        case(begin, json!({"id": "p1", "title": "Next game?", "choices": [{"id": "1", "title": "Chess"}, {"id": "2", "title": "Go"}],
            "started_at": "2026-11-01T18:30:00Z", "ends_at": "2026-11-01T18:32:00Z"}), Poll,
            "Poll started: “Next game?” (Chess and Go)").at("2026-11-01T18:30:00Z").key("p1"),
        case(begin, json!({"id": "p2", "title": null, "choices": null}), Poll, "Poll started").key("p2"),
        poll(progress, "", [json!(7), json!(13)], "Poll “Next game?”: Go leads with 13 of 20 votes").amount(20, "votes"),
        poll(progress, "", [json!(7), json!("7")], "Poll “Next game?”: Chess and Go are tied at 7 votes").amount(14, "votes"),
        poll(progress, "", [json!(null), json!(null)], "Poll “Next game?” is running"),
        end("completed", [12, 14], "Poll “Next game?” ended: Go won with 14 of 26 votes", "p1:completed"),
        end("archived", [1, 0], "Poll “Next game?” was archived: Chess won with 1 of 1 vote", "p1:archived"),
        end("terminated", [2, 2], "Poll “Next game?” was stopped early: Chess and Go tied at 2 votes", "p1:terminated"),
        end("completed", [0, 0], "Poll “Next game?” ended without votes", "p1:completed"),
        end("half_done", [0, 3], "Poll “Next game?” ended (half done): Go won with 3 of 3 votes", "p1:half_done"),
        case("channel.poll.end", json!({"id": "p3", "status": null, "choices": {}}), Poll, "The poll ended").key("p3"),
    ]
}

fn predictions() -> Vec<Case> {
    let outcome = |id: &str, title: &str, points: Value| json!({"id": id, "title": title, "color": "blue", "users": 2, "channel_points": points, "top_predictors": null});
    let outcomes =
        |yes: Value, no: Value| json!([outcome("o1", "Yes", yes), outcome("o2", "No", no)]);
    let staked = outcomes(json!(15_000), json!(200));
    let prediction = |step: &'static str, outcomes: &Value, summary: &str| {
        let event = json!({"id": "q1", "title": "Win this one?", "outcomes": outcomes, "winning_outcome_id": "o1",
            "started_at": "2026-11-01T18:40:00Z", "locked_at": "2026-11-01T18:42:00Z"});
        case(step, event, Prediction, summary)
    };
    let end = |status: Value, winner: Value, outcomes: &Value, summary: &str| {
        let event = json!({"id": "q1", "title": "Win this one?", "outcomes": outcomes, "winning_outcome_id": winner,
            "status": status, "ended_at": "2026-11-01T18:55:00Z"});
        case("channel.prediction.end", event, Prediction, summary).at("2026-11-01T18:55:00Z")
    };
    let bare = json!([{"id": "o1", "title": "Yes", "color": "blue"}, {"id": "o2", "title": "No", "color": "pink"}]);
    vec![
        prediction(
            "channel.prediction.begin",
            &bare,
            "Prediction started: “Win this one?” (Yes and No)",
        )
        .at("2026-11-01T18:40:00Z")
        .key("q1"),
        case(
            "channel.prediction.begin",
            json!({"outcomes": [null, 3]}),
            Prediction,
            "Prediction started",
        ),
        prediction(
            "channel.prediction.progress",
            &staked,
            "Prediction “Win this one?”: 15,200 points staked, Yes is ahead",
        )
        .amount(15_200, "points"),
        prediction(
            "channel.prediction.progress",
            &outcomes(json!(5), json!(5)),
            "Prediction “Win this one?”: 10 points staked",
        )
        .amount(10, "points"),
        prediction(
            "channel.prediction.progress",
            &bare,
            "Prediction “Win this one?” is running",
        ),
        prediction(
            "channel.prediction.lock",
            &staked,
            "Prediction “Win this one?” locked with 15,200 points staked",
        )
        .amount(15_200, "points")
        .at("2026-11-01T18:42:00Z"),
        case(
            "channel.prediction.lock",
            json!({"title": ""}),
            Prediction,
            "The prediction locked",
        ),
        end(
            json!("resolved"),
            json!("o1"),
            &staked,
            "Prediction “Win this one?” ended: Yes won, 15,200 points staked",
        )
        .amount(15_200, "points")
        .key("q1:resolved"),
        end(
            json!("canceled"),
            json!(null),
            &staked,
            "Prediction “Win this one?” cancelled, 15,200 points refunded",
        )
        .amount(15_200, "points")
        .key("q1:canceled"),
        end(
            json!("blown_away"),
            json!("o9"),
            &bare,
            "Prediction “Win this one?” ended (blown away)",
        )
        .key("q1:blown_away"),
        end(
            json!(null),
            json!("o9"),
            &bare,
            "Prediction “Win this one?” ended",
        )
        .key("q1"),
    ]
}
