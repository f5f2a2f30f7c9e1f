//! Answers of the server, read into what `wire` says they are.
//!
//! Reads JSON as this server writes it and refuses the rest without words: the
//! page shows none. `serde_json`'s own reader, with its messages and its floating
//! point, was a tenth of what a first visit loads.

mod access;
mod scanner;

use serde::de::{self, DeserializeOwned, Visitor};
use serde::forward_to_deserialize_any;

use access::{Entries, Items, RawEntry, Variant};
use scanner::Scanner;

/// What was sent is not what was agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not what was agreed on")
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Reads a whole text.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let mut reader = Reader(Scanner::new(text));
    let value = T::deserialize(&mut reader)?;
    reader.0.end()?;
    Ok(value)
}

/// `serde_json`'s name for "the text of this value, as it is".
const RAW_VALUE: &str = "$serde_json::private::RawValue";

struct Reader<'de>(Scanner<'de>);

impl<'de> de::Deserializer<'de> for &mut Reader<'de> {
    type Error = Unreadable;

    /// Types that ask what there is are not agreed on.
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0.word() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_i64(self.0.word().parse().or(Err(Unreadable))?)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_i64(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.0.string()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_str(&self.0.string()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.peek() == Some(b'n') {
            self.0.skip()?;
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if name == RAW_VALUE {
            visitor.visit_map(RawEntry(Some(self.0.skip()?)))
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.0.take(b'[')?;
        visitor.visit_seq(Items::of(self))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.0.take(b'{')?;
        visitor.visit_map(Entries::of(self))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(Variant(self))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.0.skip()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
    }
}

#[cfg(test)]
mod tests {
    use wire::{Event, Kind, Stats, StreamerList, Topic, TopicStatus};

    use super::*;

    const EVENT: &str = r#" {"id":"42","message_id":null,"type":"channel.raid","version":"1",
        "kind":"raid","broadcaster":{"id":"1","login":"mira","display_name":"Mira \u00fc\ud83d\ude00\n\"x\""},
        "actor":null,"summary":"s","amount":{"value":-9223372036854775808,"unit":"viewers","decimals":2},
        "text":"two\\lines","occurred_at":"","received_at":"","visibility":"public","of_tomorrow":[{"a":"]}"},1.5e3],
        "group":null,"same_as":null,"payload":{"n" : 1.50, "s":"}\"]", "deep":[[1],{}]}} "#;

    #[test]
    fn an_event_is_read_as_serde_json_reads_it() {
        let ours: Event = read(EVENT).unwrap();
        let theirs: Event = serde_json::from_str(EVENT).unwrap();
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
        assert_eq!(ours.kind, Kind::Raid);
        assert_eq!(ours.broadcaster.display_name, "Mira ü😀\n\"x\"");
        assert_eq!(
            ours.payload.get(),
            r#"{"n" : 1.50, "s":"}\"]", "deep":[[1],{}]}"#,
            "the text itself, not what it means"
        );
    }

    #[test]
    fn lists_may_be_empty_and_fields_may_be_missing() {
        let list: StreamerList = read(r#"{"streamers":[]}"#).unwrap();
        assert!(list.streamers.is_empty());
        let topic: Topic = read(r#"{"type":"channel.raid","status":"enabled"}"#).unwrap();
        assert_eq!((topic.status, topic.reason), (TopicStatus::Enabled, None));
    }

    #[test]
    fn objects_whose_names_are_kinds_are_read() {
        let text = r#"{"buckets":[{"start":"2026-11-01T18:00:00Z","counts":{"hype_train":2,"raid":1}}],"totals":{}}"#;
        let stats: Stats = read(text).unwrap();
        let counts: Vec<_> = stats.buckets[0].counts.iter().collect();
        assert_eq!(counts, [(&Kind::Raid, &1), (&Kind::HypeTrain, &2)]);
        assert!(read::<Stats>(r#"{"buckets":[],"totals":{"raid":-1}}"#).is_err());
        assert!(read::<Stats>(r#"{"buckets":[],"totals":{"raids":1}}"#).is_err());
    }

    #[test]
    fn what_is_cut_short_or_of_another_kind_is_refused() {
        for (end, _) in EVENT.trim_end().char_indices() {
            let cut = EVENT.get(..end).unwrap();
            assert!(read::<Event>(cut).is_err(), "{cut}");
        }
        for other in [
            "",
            "null",
            "[]",
            "<!doctype html>",
            r#"{"streamers":{}}"#,
            r#"{"streamers":[]"#,
            r#"{"streamers":[,]}"#,
            r#"{"streamers":[]}}"#,
            r#"{"streamers" []}"#,
            r#"{streamers:[]}"#,
            r#"{"streamers":[] "more":1}"#,
        ] {
            assert!(read::<StreamerList>(other).is_err(), "{other}");
        }
        assert!(read::<String>(r#""\ud83d""#).is_err(), "half a letter");
        assert!(read::<String>(r#""\x""#).is_err());
        assert!(read::<u8>("256").is_err());
        assert!(read::<u32>("1.0").is_err());
    }
}
