//! What is asked for, as the address says it: `?q=owl&kind=raid&since=…`. Pure.
//!
//! The names are those of the API, and what stands there goes to the server as
//! it is: it alone says what it does not take. Only the day the list is opened
//! at is the page's own.

use wire::Kind;

use super::refusal::Refusal;
use crate::kinds::Kinds;

/// The day the list is opened at, `2026-11-01`.
pub(super) const DATE: &str = "date";

/// Filters of the API that lists, statistics and exports share.
const NAMES: [&str; 8] = [
    "broadcaster_id",
    "kind",
    "type",
    "actor",
    "min_amount",
    "q",
    "since",
    "until",
];

/// Names and values, as they stand in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter(Vec<(String, String)>);

impl Filter {
    /// Reads a query string. What `decode` cannot read stays as it is.
    pub(super) fn parse(query: &str, decode: impl Fn(&str) -> Option<String>) -> Self {
        let read = |text: &str| {
            let text = text.replace('+', " ");
            decode(&text).unwrap_or(text)
        };
        let pairs = query.trim_start_matches('?').split('&');
        let pairs = pairs.filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (read(name), read(value))
        });
        Self(pairs.collect())
    }

    /// All of it, to be put into an address.
    pub(super) fn pairs(&self) -> Vec<(&str, &str)> {
        let pairs = self.0.iter();
        pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// What the server is asked for.
    pub(super) fn for_server(&self) -> Vec<(&str, &str)> {
        let mut pairs = self.pairs();
        pairs.retain(|(name, _)| *name != DATE);
        pairs
    }

    /// [`Self::for_server`] without some of it.
    pub(super) fn for_server_without(&self, names: &[&str]) -> Vec<(&str, &str)> {
        let mut pairs = self.for_server();
        pairs.retain(|(name, _)| !names.contains(name));
        pairs
    }

    /// The values of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.0.iter().filter(move |(held, _)| held == name);
        pairs.map(|(_, value)| value.as_str())
    }

    /// The value of a name that stands once.
    pub(super) fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// The kinds it names, as far as there are such; none means all.
    pub(super) fn kinds(&self) -> Kinds {
        self.all("kind").filter_map(Kind::from_name).collect()
    }

    /// With this value of a name alone, or without any. Another filter is
    /// another list, which begins at its top.
    #[must_use]
    pub(super) fn set(&self, name: &str, value: Option<&str>) -> Self {
        let mut next = self.without(&[name, DATE]);
        let value = value.map(str::trim).filter(|value| !value.is_empty());
        next.0
            .extend(value.map(|value| (name.to_owned(), value.to_owned())));
        next
    }

    /// With these kinds; none means all.
    #[must_use]
    pub(super) fn set_kinds(&self, kinds: Kinds) -> Self {
        let mut next = self.without(&["kind", DATE]);
        let kinds = kinds.iter().map(|kind| kind.as_str().to_owned());
        next.0.extend(kinds.map(|kind| ("kind".to_owned(), kind)));
        next
    }

    /// With this span of time; an end that is left out is open.
    #[must_use]
    pub(super) fn set_span(&self, since: Option<&str>, until: Option<&str>) -> Self {
        self.set("since", since).set("until", until)
    }

    /// Without a value of a name if it had it, else with it.
    #[must_use]
    pub(super) fn toggle(&self, name: &str, value: &str) -> Self {
        let mut next = self.without(&[DATE]);
        let pair = (name.to_owned(), value.to_owned());
        let before = next.0.len();
        next.0.retain(|held| *held != pair);
        if next.0.len() == before {
            next.0.push(pair);
        }
        next
    }

    /// Without these names.
    #[must_use]
    pub(super) fn without(&self, names: &[&str]) -> Self {
        let pairs = self.0.iter();
        let kept = pairs.filter(|(name, _)| !names.contains(&name.as_str()));
        Self(kept.cloned().collect())
    }

    /// How many filters there are; the ends of a span are one, values of one name, too.
    pub(super) fn count(&self) -> usize {
        let mut names: Vec<&str> = self.for_server().iter().map(|(name, _)| *name).collect();
        for name in &mut names {
            if *name == "until" {
                *name = "since";
            }
        }
        names.sort_unstable();
        names.dedup();
        names.len()
    }

    /// New events can match.
    pub(super) fn is_open_ended(&self) -> bool {
        self.first("until").is_none()
    }

    /// A name that neither the page nor the lists of the server know. The server
    /// would take some of them from the page, such as where a list begins.
    pub(super) fn unknown(&self) -> Option<Refusal> {
        let is_known = |name: &str| name == DATE || NAMES.contains(&name);
        let (name, _) = self.0.iter().find(|(name, _)| !is_known(name))?;
        Some(Refusal::new(name, "there is no such filter"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(query: &str) -> Filter {
        Filter::parse(query, |text| {
            (!text.contains("%zz")).then(|| text.replace("%3A", ":"))
        })
    }

    fn told(filter: &Filter) -> String {
        let pairs = filter.pairs();
        let told: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        told.join("&")
    }

    #[test]
    fn the_address_is_kept_as_it_is() {
        let read = filter("?q=owl+raid&kind=raid&kind=nonsense&since=18%3A00&&q=%zz&flag");
        assert_eq!(
            told(&read),
            "q=owl raid&kind=raid&kind=nonsense&since=18:00&q=%zz&flag="
        );
        assert_eq!(read.kinds().iter().collect::<Vec<_>>(), [Kind::Raid]);
        assert_eq!(read.first("q"), Some("owl raid"));
        assert_eq!(filter(""), Filter::default());
    }

    #[test]
    fn another_filter_replaces_one_keeps_the_others_and_leaves_the_day() {
        let read = filter("q=owl&kind=raid&date=2026-11-01");
        assert_eq!(told(&read.set("q", Some(" pip "))), "kind=raid&q=pip");
        assert_eq!(told(&read.set("q", Some(" "))), "kind=raid");
        assert_eq!(
            told(&read.set(DATE, Some("2026-11-02"))),
            "q=owl&kind=raid&date=2026-11-02"
        );
        assert_eq!(
            told(&read.set_kinds(Kinds::from_iter([Kind::Sub, Kind::Gift]))),
            "q=owl&kind=sub&kind=gift"
        );
        assert_eq!(
            told(&read.set_span(Some("a"), None)),
            "q=owl&kind=raid&since=a"
        );
    }

    #[test]
    fn a_streamer_goes_in_and_out() {
        let both = filter("broadcaster_id=1").toggle("broadcaster_id", "2");
        assert_eq!(told(&both), "broadcaster_id=1&broadcaster_id=2");
        assert_eq!(
            told(&both.toggle("broadcaster_id", "1")),
            "broadcaster_id=2"
        );
    }

    #[test]
    fn filters_are_counted_by_what_they_are_about() {
        assert_eq!(
            filter("kind=raid&kind=sub&since=a&until=b&date=c&q=owl").count(),
            3
        );
        assert_eq!(filter("date=c").count(), 0);
    }

    #[test]
    fn the_server_is_not_told_of_the_day() {
        let read = filter("date=2026-11-01&until=b&q=owl");
        assert_eq!(read.for_server(), [("until", "b"), ("q", "owl")]);
        assert_eq!(read.for_server_without(&["until"]), [("q", "owl")]);
    }

    #[test]
    fn names_that_are_no_filters_are_told() {
        for (query, name) in [("colour=red", "colour"), ("q=a&limit=5", "limit")] {
            let told = filter(query).unknown();
            assert_eq!(told.map(|refusal| refusal.name), Some(name.to_owned()));
        }
        assert_eq!(filter("q=a&date=b").unknown(), None);
    }
}
