//! The list of spans in which events could not be received: what it is of, whom it tells what, and how it is filtered.

mod lost;
mod told;

use jiff::Timestamp;
use serde_json::Value;

use crate::support::{Browser, Sim};

/// Lists gaps; `query` is what follows the question mark.
async fn gaps(viewer: &Browser, query: &str) -> Vec<Value> {
    let answer = viewer.get(&format!("/api/v1/gaps?{query}")).await.ok();
    answer["gaps"].as_array().unwrap().clone()
}

fn named(login: &str) -> String {
    format!("broadcaster_id={}", Sim::id(login))
}

/// An end of a gap, if it has that end.
fn time(gap: &Value, name: &str) -> Option<Timestamp> {
    gap[name].as_str().map(|time| time.parse().unwrap())
}
