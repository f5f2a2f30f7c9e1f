//! The nameless many who chat, follow and subscribe: made from word lists, the
//! same ones in every world, without channels worth visiting.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::dice::Dice;
use super::{Person, later};

/// How many there are: enough that the same name seldom comes up twice.
const SIZE: usize = 600;

/// Fixed, so that ids and names do not depend on the world's seed.
const SEED: u64 = 1309;

const FIRST: &[&str] = &[
    "amber", "briny", "cosmic", "dusty", "eager", "feral", "gentle", "hollow", "indigo", "jolly",
    "kindly", "lunar", "mellow", "nifty", "oaken", "patient", "quick", "rusty", "silent", "tidal",
    "umber", "velvet", "wobbly", "young", "zesty", "paper", "copper", "sleepy", "northern",
    "spicy", "tiny", "brave", "plaid", "misty", "salty", "lucky",
];

const SECOND: &[&str] = &[
    "acorn", "badger", "cactus", "dragon", "ember", "ferret", "goblin", "heron", "iguana",
    "jester", "kraken", "lantern", "marmot", "noodle", "otter", "pickle", "quokka", "raven",
    "sparrow", "turnip", "urchin", "vole", "walrus", "yeti", "zebra", "biscuit", "comet",
    "dumpling", "falcon", "gecko", "harbor", "moth", "pancake", "robin", "thimble", "willow",
];

/// Colours chatters choose; "" = never chose one.
const COLORS: &[&str] = &[
    "#FF0000", "#0000FF", "#008000", "#B22222", "#FF7F50", "#9ACD32", "#FF4500", "#2E8B57",
    "#DAA520", "#D2691E", "#5F9EA0", "#1E90FF", "#FF69B4", "#8A2BE2", "#00FF7F", "",
];

/// The crowd, in a fixed order; `taken` logins are left out.
pub(crate) fn crowd(taken: &HashSet<&str>) -> Vec<Person> {
    let mut dice = Dice::new(SEED);
    let mut logins: HashSet<String> = taken.iter().map(|login| (*login).to_owned()).collect();
    let mut ids = HashSet::new();
    let mut people = Vec::with_capacity(SIZE);
    while people.len() < SIZE {
        let display_name = invent(&mut dice);
        let length = if dice.chance(0.3) { 8 } else { 9 };
        let id = dice.digits(length);
        if !logins.insert(display_name.to_lowercase()) || !ids.insert(id.clone()) {
            continue;
        }
        let age = SignedDuration::from_secs(dice.between(1_300_000_000, 1_780_000_000));
        people.push(Person {
            id,
            login: display_name.to_lowercase(),
            display_name,
            description: String::new(),
            broadcaster_type: String::new(),
            created_at: later(Timestamp::UNIX_EPOCH, age),
        });
    }
    people
}

/// The colour somebody of the crowd always has.
pub(crate) fn color(person: usize) -> &'static str {
    COLORS[person % COLORS.len()]
}

fn invent(dice: &mut Dice) -> String {
    let (first, second) = (dice.text(FIRST), dice.text(SECOND));
    let number = match dice.index(5) {
        0 => dice.between(2, 99).to_string(),
        1 => dice.between(1979, 2009).to_string(),
        _ => String::new(),
    };
    match dice.index(6) {
        0 => format!("{first}{second}{number}"),
        1 => format!("{first}_{second}{number}"),
        2 => format!("{}_{}{number}", capital(first), capital(second)),
        3 => format!("{}{}{number}", capital(first), second),
        4 => format!("the_{first}_{second}"),
        _ => format!("{}{}{number}", capital(first), capital(second)),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
