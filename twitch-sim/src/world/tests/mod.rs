//! The promises of the world.
//!
//! - `story`: determinism, rates, quiet, the clock
//! - `sense`: what happens by itself makes sense together
//! - `people`: who there is, whom they follow, how they are found
//! - `shapes`: every type has the fields Twitch documents, listed in `fields`
//! - `orders`: events on demand

mod fields;
mod orders;
mod people;
mod sense;
mod shapes;
mod story;

use super::*;

fn noon() -> Timestamp {
    "2026-11-01T12:00:00.123456789Z".parse().unwrap()
}

/// Lives `seconds` in steps of a second; each happening with its time.
fn live(world: &mut World, seconds: i64) -> Vec<(Timestamp, Happening)> {
    let start = world.told;
    (1..=seconds)
        .flat_map(|second| {
            let now = later(start, SignedDuration::from_secs(second));
            let told = world.advance(now);
            told.into_iter().map(move |happening| (now, happening))
        })
        .collect()
}
