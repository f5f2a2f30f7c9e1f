//! The four mixes of requests, and what each of their sorts asks.

use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;

use super::mix::{HOUR_MS, Mix};
use crate::rows::people::{WORDS, word};

/// Kinds of the script's events that everybody may see, and those that are their broadcaster's alone.
const PUBLIC: [&str; 3] = ["raid", "sub", "cheer"];
const PRIVATE: [&str; 2] = ["follow", "points"];

/// Words of the summaries, which are in more events than any that people write.
const SAID: [&str; 5] = ["raided", "viewers", "cheered", "bits", "months"];

/// Where clocks differ from UTC by full hours, and where by half of one, too.
const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo"];
const HALF_ZONES: [&str; 2] = ["Asia/Kolkata", "Australia/Adelaide"];

/// In the order of the requirement.
pub(super) const MIXES: [Mix; 4] = [
    Mix {
        name: "list",
        bar_ms: 5.0,
        sorts: &[
            ("newest", |_, _, _, _| {}),
            ("deep", |world, _, asked, dice| {
                asked.before = Some(world.cursor(dice))
            }),
            ("newest, folded", |_, _, asked, _| asked.is_folded = true),
            ("deep, folded", |world, _, asked, dice| {
                asked.is_folded = true;
                asked.before = Some(world.cursor(dice));
            }),
        ],
    },
    Mix {
        name: "filtered list",
        bar_ms: 20.0,
        sorts: &[
            ("kind", |_, _, asked, dice| {
                asked.kind = PUBLIC.choose(dice).copied()
            }),
            ("kind of the broadcaster's alone", |_, _, asked, dice| {
                asked.kind = PRIVATE.choose(dice).copied();
            }),
            ("kind that never came", |_, _, asked, _| {
                asked.kind = Some("poll")
            }),
            ("person, often there", |world, streamer, asked, dice| {
                let person = world
                    .spread
                    .regular_of(streamer, dice.random_range(0.0..0.1));
                asked.actor = Some(person.name);
            }),
            ("person, seldom there", |world, _, asked, dice| {
                let person = world.spread.anybody(dice.random_range(0.9..1.0));
                asked.actor = Some(person.login);
            }),
            ("person, never there", |_, _, asked, _| {
                asked.actor = Some("nobody_at_all".to_owned())
            }),
            ("amount", |_, _, asked, dice| {
                asked.min_amount = Some(dice.random_range(1_000..60_000))
            }),
            ("amount, rare", |_, _, asked, dice| {
                asked.min_amount = Some(dice.random_range(65_000..65_500));
            }),
            ("amount, never reached", |_, _, asked, _| {
                asked.min_amount = Some(1_000_000)
            }),
            ("a day", |world, _, asked, dice| world.span(1, asked, dice)),
            ("kind in a week", |world, _, asked, dice| {
                asked.kind = PUBLIC.choose(dice).copied();
                world.span(7, asked, dice);
            }),
            ("kind and amount in a month", |world, _, asked, dice| {
                asked.kind = PUBLIC.choose(dice).copied();
                asked.min_amount = Some(dice.random_range(1_000..65_000));
                world.span(30, asked, dice);
            }),
            ("person and kind", |world, streamer, asked, dice| {
                let person = world.spread.regular_of(streamer, dice.random());
                asked.actor = Some(person.id);
                asked.kind = PUBLIC.choose(dice).copied();
            }),
        ],
    },
    Mix {
        name: "search",
        bar_ms: 50.0,
        sorts: &[
            ("word of the summaries", |_, _, asked, dice| {
                asked.words = SAID
                    .choose(dice)
                    .map(|word| (*word).to_owned())
                    .into_iter()
                    .collect();
            }),
            ("common", |_, _, asked, dice| {
                asked.words = vec![common(dice)]
            }),
            ("middling", |_, _, asked, dice| {
                asked.words = vec![middling(dice)]
            }),
            ("rare", |_, _, asked, dice| asked.words = vec![rare(dice)]),
            ("name", |world, _, asked, dice| {
                let name = world.spread.anybody(dice.random()).name.to_lowercase();
                asked.words = name.split('_').map(str::to_owned).collect();
            }),
            ("two common ones", |_, _, asked, dice| {
                asked.words = vec![common(dice), common(dice)]
            }),
            ("common and rare", |_, _, asked, dice| {
                asked.words = vec![common(dice), rare(dice)]
            }),
            ("beginning of a word", |_, _, asked, dice| {
                asked.words = vec![middling(dice).chars().take(3).collect()];
            }),
            ("no match", |_, _, asked, _| {
                asked.words = vec!["xyzzy".to_owned()]
            }),
            ("common and no match", |_, _, asked, dice| {
                asked.words = vec![common(dice), "xyzzy".to_owned()];
            }),
        ],
    },
    Mix {
        name: "chart of a year",
        bar_ms: 200.0,
        sorts: &[
            ("all time", |_, _, asked, dice| {
                asked.zone = ZONES.choose(dice).copied()
            }),
            ("last 12 months", |world, _, asked, dice| {
                asked.zone = ZONES.choose(dice).copied();
                // As the page asks for it: from a full hour on.
                asked.since = Some(world.spread.begin_ms / HOUR_MS * HOUR_MS);
            }),
            ("all time, clocks at half past", |_, _, asked, dice| {
                asked.zone = HALF_ZONES.choose(dice).copied();
            }),
        ],
    },
];

fn common(dice: &mut StdRng) -> String {
    word(dice.random_range(0..10))
}

fn middling(dice: &mut StdRng) -> String {
    word(dice.random_range(200..2_000))
}

fn rare(dice: &mut StdRng) -> String {
    word(dice.random_range(WORDS - 5_000..WORDS))
}
