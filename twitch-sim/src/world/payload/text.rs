//! A chat text and its fragments: words, emotes, cheermotes, mentions, GIFs.

use serde_json::{Value, json};

use super::{Person, with};

/// Emotes that everybody has: text, id, formats.
const GLOBAL_EMOTES: &[(&str, &str, &[&str])] = &[
    ("Kappa", "25", &["static"]),
    ("LUL", "425618", &["static"]),
    ("HeyGuys", "30259", &["static"]),
    ("SeemsGood", "64138", &["static"]),
    ("NotLikeThis", "58765", &["static"]),
    ("BibleThump", "86", &["static"]),
    ("VoHiYo", "81274", &["static"]),
    ("GivePLZ", "112290", &["static"]),
    ("TakeNRG", "112292", &["static"]),
    ("PogChamp", "305954156", &["static"]),
    ("bleedPurple", "62835", &["static"]),
    (
        "DinoDance",
        "emotesv2_dcd06b30a5c24f6eb871e8f5edbd44f7",
        &["static", "animated"],
    ),
    ("<3", "9", &["static"]),
    (":)", "1", &["static"]),
];

/// Emotes of a channel: text, id, owner's id.
const CHANNEL_EMOTES: &[(&str, &str, &str)] = &[
    (
        "miraTea",
        "emotesv2_3b9d5c1e7a2f4c60b8e1d94f5a6c7e08",
        "700100200",
    ),
    (
        "miraCheck",
        "emotesv2_91f0c2d47e5b4a38a6d3c8b7e2f1a904",
        "700100200",
    ),
    (
        "kiteUp",
        "emotesv2_5e7a1b3c9d2f46809c4b6a8d7e0f2135",
        "431904427",
    ),
    (
        "danaDive",
        "emotesv2_c84e2a6f1b7d4935a0e9f3d2b1c6875a",
        "128776034",
    ),
];

/// The smallest amounts of the cheermote pictures.
const CHEER_TIERS: [i64; 5] = [10_000, 5000, 1000, 100, 1];

#[derive(Debug, Clone, Default)]
pub(crate) struct Message {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Emote {
        text: String,
        id: &'static str,
        owner: &'static str,
        format: &'static [&'static str],
    },
    Cheer {
        text: String,
        bits: i64,
    },
    Mention {
        text: String,
        person: Person,
    },
    Gif {
        text: String,
        id: String,
    },
}

impl Message {
    /// Splits `text` as Twitch does; `cheering` makes `Cheer100` a cheermote.
    pub(crate) fn parse(text: &str, people: &[Person], cheering: bool) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for word in text.split_inclusive(' ') {
            let bare = word.trim_end_matches(' ');
            let gap = word.strip_prefix(bare).unwrap_or_default();
            match special(bare, people, cheering) {
                Some(part) => {
                    parts.push(part);
                    push_text(&mut parts, gap);
                }
                None => push_text(&mut parts, word),
            }
        }
        Self { parts }
    }

    /// One GIF and nothing else.
    pub(crate) fn gif(text: &str, id: String) -> Self {
        Self {
            parts: vec![Part::Gif {
                text: text.to_owned(),
                id,
            }],
        }
    }

    pub(crate) fn text(&self) -> String {
        self.parts.iter().map(Part::text).collect()
    }

    pub(crate) fn fragments(&self) -> Value {
        self.parts.iter().map(Part::fragment).collect()
    }

    /// `{text, fragments}` as most types carry it.
    pub(crate) fn json(&self) -> Value {
        json!({"text": self.text(), "fragments": self.fragments()})
    }

    /// The older form: where in the text, counted in characters, which emote is.
    pub(crate) fn emote_ranges(&self) -> Value {
        let mut at = 0;
        let mut ranges = Vec::new();
        for part in &self.parts {
            let length = part.text().chars().count();
            if let Part::Emote { id, .. } = part {
                ranges.push(json!({"begin": at, "end": at + length - 1, "id": id}));
            }
            at += length;
        }
        if ranges.is_empty() {
            Value::Null
        } else {
            ranges.into()
        }
    }
}

impl Part {
    fn text(&self) -> &str {
        match self {
            Self::Text(text)
            | Self::Emote { text, .. }
            | Self::Cheer { text, .. }
            | Self::Mention { text, .. }
            | Self::Gif { text, .. } => text,
        }
    }

    fn fragment(&self) -> Value {
        let (kind, key, object) = match self {
            Self::Text(_) => ("text", None, Value::Null),
            Self::Emote {
                id, owner, format, ..
            } => {
                let set = if *owner == "0" { "0" } else { "301590448" };
                let emote =
                    json!({"id": id, "emote_set_id": set, "owner_id": owner, "format": format});
                ("emote", Some("emote"), emote)
            }
            Self::Cheer { bits, .. } => {
                let tier = CHEER_TIERS.iter().find(|tier| *tier <= bits).unwrap_or(&1);
                let cheermote = json!({"prefix": "cheer", "bits": bits, "tier": tier});
                ("cheermote", Some("cheermote"), cheermote)
            }
            Self::Mention { person, .. } => (
                "mention",
                Some("mention"),
                with(&[("user", Some(person))], json!({})),
            ),
            Self::Gif { id, .. } => {
                let url = format!("https://static-cdn.jtvnw.net/gif/{id}.gif");
                ("gif", Some("gif"), json!({"gif_id": id, "url": url}))
            }
        };
        let mut fragment = json!({"type": kind, "text": self.text()});
        if kind != "gif" {
            for empty in ["cheermote", "emote", "mention"] {
                fragment[empty] = Value::Null;
            }
        }
        if let Some(key) = key {
            fragment[key] = object;
        }
        fragment
    }
}

fn push_text(parts: &mut Vec<Part>, more: &str) {
    if more.is_empty() {
        return;
    }
    if let Some(Part::Text(text)) = parts.last_mut() {
        text.push_str(more);
    } else {
        parts.push(Part::Text(more.to_owned()));
    }
}

fn special(word: &str, people: &[Person], cheering: bool) -> Option<Part> {
    let text = word.to_owned();
    if let Some((_, id, format)) = GLOBAL_EMOTES.iter().find(|(name, ..)| *name == word) {
        return Some(Part::Emote {
            text,
            id,
            owner: "0",
            format,
        });
    }
    if let Some((_, id, owner)) = CHANNEL_EMOTES.iter().find(|(name, ..)| *name == word) {
        return Some(Part::Emote {
            text,
            id,
            owner,
            format: &["static"],
        });
    }
    if let Some(bits) = word
        .strip_prefix("Cheer")
        .filter(|_| cheering)
        .and_then(|bits| bits.parse().ok())
    {
        return Some(Part::Cheer { text, bits });
    }
    let named = word.strip_prefix('@')?;
    people
        .iter()
        .find(|person| person.display_name == named || person.login == named)
        .map(|person| Part::Mention {
            text,
            person: person.clone(),
        })
}
