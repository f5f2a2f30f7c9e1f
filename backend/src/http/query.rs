//! Query strings of the event endpoints: repeatable parameters, nothing unknown, errors that name the parameter.

use jiff::Timestamp;
use url::form_urlencoded;
use wire::Kind;

use crate::error::Error;
use crate::ids::UserId;
use crate::store::events::Span;
use crate::store::filter::Criteria;
use crate::store::search::Search;

/// Most events of one page.
const MAX_LIMIT: u32 = 500;
/// Events of a page when nothing is said.
const DEFAULT_LIMIT: u32 = 10;
/// Longest value of a parameter, characters.
const MAX_VALUE_CHARS: usize = 500;

/// Where a list starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// With the newest.
    Newest,
    /// Below this cursor.
    Before(i64),
    /// Above this cursor, oldest first.
    After(i64),
}

impl Start {
    /// All cursors from there on.
    pub(super) fn span(self) -> Span {
        match self {
            Self::Newest => Span::Before(i64::MAX),
            Self::Before(cursor) => Span::Before(cursor),
            Self::After(cursor) => Span::After(cursor, i64::MAX),
        }
    }
}

/// What `GET /api/v1/events` was asked.
#[derive(Debug)]
pub(super) struct ListQuery {
    /// Of whom; empty for all the viewer follows here.
    pub(super) broadcasters: Vec<UserId>,
    /// Which.
    pub(super) criteria: Criteria,
    /// From where.
    pub(super) start: Start,
    /// How many.
    pub(super) limit: u32,
    /// One row for all events of a happening.
    pub(super) is_folded: bool,
    /// Only those that are in one row with this one.
    pub(super) parts_of: Option<i64>,
}

/// What `GET /api/v1/events/live` was asked.
#[derive(Debug)]
pub(super) struct LiveQuery {
    /// Of whom; empty for all the viewer follows here.
    pub(super) broadcasters: Vec<UserId>,
    /// Which.
    pub(super) criteria: Criteria,
    /// Resume above this cursor.
    pub(super) after: Option<i64>,
}

/// The pairs of a query string; repeated names are kept.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

impl ListQuery {
    /// Reads the query string.
    pub(super) fn parse(query: &str) -> Result<Self, Error> {
        let (mut start, mut limit) = (Start::Newest, DEFAULT_LIMIT);
        let (mut is_folded, mut parts_of) = (false, None);
        let (broadcasters, criteria) = read(query, |criteria, name, value| {
            match name {
                "limit" => limit = page_size(value)?,
                "folded" => is_folded = flag(name, value)?,
                "parts_of" => parts_of = Some(cursor(name, value)?),
                _ => place(criteria, &mut start, name, value)?,
            }
            Ok(())
        })?;
        Ok(Self {
            broadcasters,
            criteria,
            start,
            limit,
            is_folded,
            parts_of,
        })
    }
}

impl LiveQuery {
    /// Reads the query string.
    pub(super) fn parse(query: &str) -> Result<Self, Error> {
        let mut after = None;
        let (broadcasters, criteria) = read(query, |_, name, value| {
            match name {
                "after" => after = Some(cursor(name, value)?),
                _ => return Err(unknown(name)),
            }
            Ok(())
        })?;
        Ok(Self {
            broadcasters,
            criteria,
            after,
        })
    }
}

/// Reads a parameter that says of which part of the past something is wanted.
pub(super) fn place(
    criteria: &mut Criteria,
    start: &mut Start,
    name: &str,
    value: &str,
) -> Result<(), Error> {
    match name {
        "since" => criteria.since = Some(time(name, value)?),
        "until" => criteria.until = Some(time(name, value)?),
        "before" | "after" if *start != Start::Newest => {
            return Err(Error::query(name, "before and after exclude each other"));
        }
        "before" => *start = Start::Before(cursor(name, value)?),
        "after" => *start = Start::After(cursor(name, value)?),
        _ => return Err(unknown(name)),
    }
    Ok(())
}

/// Reads what lists and live streams share; each other parameter, which may stand once, goes to `own`.
pub(super) fn read(
    query: &str,
    mut own: impl FnMut(&mut Criteria, &str, &str) -> Result<(), Error>,
) -> Result<(Vec<UserId>, Criteria), Error> {
    let (mut broadcasters, mut criteria) = (Vec::new(), Criteria::default());
    let mut once = Once::default();
    for (name, value) in pairs(query) {
        if !common(&name, &value, &mut broadcasters, &mut criteria, &mut once)? {
            once.check(&name)?;
            own(&mut criteria, &name, &value)?;
        }
    }
    Ok((broadcasters, criteria))
}

/// Parameters that may stand once.
#[derive(Default)]
pub(super) struct Once(Vec<String>);

impl Once {
    pub(super) fn check(&mut self, name: &str) -> Result<(), Error> {
        if self.0.iter().any(|seen| seen == name) {
            return Err(Error::query(name, "may be given once"));
        }
        self.0.push(name.to_owned());
        Ok(())
    }
}

/// Reads a parameter that lists and live streams share; answers whether it was one.
fn common(
    name: &str,
    value: &str,
    broadcasters: &mut Vec<UserId>,
    criteria: &mut Criteria,
    once: &mut Once,
) -> Result<bool, Error> {
    match name {
        "broadcaster_id" => broadcasters.push(UserId::new(text(name, value)?)),
        "type" => criteria.types.push(text(name, value)?.to_owned()),
        "kind" => match Kind::from_name(value) {
            Some(kind) => criteria.kinds.push(kind),
            None => return Err(Error::query(name, format!("{value:?} is no kind"))),
        },
        "actor" => {
            once.check(name)?;
            criteria.actor = Some(text(name, value)?.to_lowercase());
        }
        "min_amount" => {
            once.check(name)?;
            let least = value
                .parse()
                .ok()
                .ok_or_else(|| Error::query(name, "expected a whole number"))?;
            criteria.min_amount = Some(least);
        }
        // Whatever it is, it can be looked for; without a word in it, it asks nothing.
        "q" => {
            once.check(name)?;
            criteria.search = Search::parse(value);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// A value that is not empty, nor too long.
pub(super) fn text<'a>(name: &str, value: &'a str) -> Result<&'a str, Error> {
    if value.is_empty() || value.chars().count() > MAX_VALUE_CHARS {
        return Err(Error::query(name, "expected 1 to 500 characters"));
    }
    Ok(value)
}

/// A parameter that is not taken.
pub(super) fn unknown(name: &str) -> Error {
    let shown: String = name.chars().take(50).collect();
    Error::query(&shown, "there is no such parameter")
}

/// A cursor as handed out: digits alone.
pub(super) fn cursor(name: &str, value: &str) -> Result<i64, Error> {
    parse_cursor(value)
        .ok_or_else(|| Error::query(name, "expected a cursor as this server hands them out"))
}

/// A cursor, if it is one.
pub(super) fn parse_cursor(value: &str) -> Option<i64> {
    let is_digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits { value.parse().ok() } else { None }
}

fn flag(name: &str, value: &str) -> Result<bool, Error> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Error::query(name, "expected true or false")),
    }
}

/// A number of events.
pub(super) fn page_size(value: &str) -> Result<u32, Error> {
    let out_of_range = || {
        Error::query(
            "limit",
            format!("expected a whole number from 1 to {MAX_LIMIT}"),
        )
    };
    let limit = value
        .parse()
        .ok()
        .filter(|limit| (1..=MAX_LIMIT).contains(limit));
    limit.ok_or_else(out_of_range)
}

/// A time, in unix milliseconds.
pub(super) fn time(name: &str, value: &str) -> Result<i64, Error> {
    // A plus sign that was not escaped arrives as a space.
    let text = value.replace(' ', "+");
    match text.parse::<Timestamp>() {
        Ok(time) => Ok(time.as_millisecond()),
        Err(_) => Err(Error::query(
            name,
            "expected a time as RFC 3339, such as 2026-11-01T18:00:00Z",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parameters_are_read() {
        let query = "broadcaster_id=1&broadcaster_id=2&kind=raid&kind=sub&type=channel.raid&actor=Pip&min_amount=5\
                     &since=2026-11-01T18:00:00Z&until=2026-11-01T19:00:00%2B01:00&limit=500&before=42&q=owl+raid";
        let asked = ListQuery::parse(query).unwrap();
        assert_eq!(asked.broadcasters, [UserId::new("1"), UserId::new("2")]);
        assert_eq!(asked.criteria.kinds, [Kind::Raid, Kind::Sub]);
        assert_eq!(asked.criteria.actor.as_deref(), Some("pip"));
        assert_eq!(asked.criteria.min_amount, Some(5));
        assert_eq!(asked.criteria.since, asked.criteria.until);
        assert_eq!((asked.start, asked.limit), (Start::Before(42), 500));
        assert_eq!(asked.criteria.search, Search::parse("owl raid"));
        assert_eq!((asked.is_folded, asked.parts_of), (false, None));
        let asked = ListQuery::parse("folded=true&parts_of=7").unwrap();
        assert_eq!((asked.is_folded, asked.parts_of), (true, Some(7)));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (query, name) in [
            ("colour=red", "colour"),
            ("q=raid&q=owl", "q"),
            ("kind=raids", "kind"),
            ("limit=0", "limit"),
            ("limit=501", "limit"),
            ("limit=-1", "limit"),
            ("limit=10&limit=10", "limit"),
            ("before=1&after=2", "after"),
            ("before=x", "before"),
            ("after=-1", "after"),
            ("after=%2B1", "after"),
            ("after=99999999999999999999", "after"),
            ("since=yesterday", "since"),
            ("until=2026-11-01", "until"),
            ("min_amount=lots", "min_amount"),
            ("actor=", "actor"),
            ("broadcaster_id=", "broadcaster_id"),
            ("folded=1", "folded"),
            ("folded=true&folded=true", "folded"),
            ("parts_of=x", "parts_of"),
        ] {
            match ListQuery::parse(query) {
                Err(Error::InvalidQuery { name: named, .. }) => assert_eq!(named, name, "{query}"),
                other => panic!("{query}: {other:?}"),
            }
        }
        for query in [
            "before=1",
            "since=2026-11-01T18:00:00Z",
            "until=2026-11-01T18:00:00Z",
            "limit=5",
            "folded=true",
            "parts_of=1",
            "after=x",
        ] {
            assert!(LiveQuery::parse(query).is_err(), "{query}");
        }
    }
}
