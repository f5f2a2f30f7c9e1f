//! What is asked: as the path of a request, and as what must hold for each event of the answer.

use jiff::Timestamp;

/// Events of a page.
pub(super) const LIMIT: usize = 50;

/// A question; what is absent is not asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Question {
    /// The sort of questions it belongs to.
    pub(super) sort: String,
    /// Of one streamer; else of all that the viewer is subscribed to.
    pub(super) broadcaster: Option<String>,
    pub(super) kind: Option<&'static str>,
    pub(super) actor: Option<String>,
    pub(super) min_amount: Option<i64>,
    /// Unix milliseconds; so is `until`.
    pub(super) since: Option<i64>,
    pub(super) until: Option<i64>,
    /// Words to look for, the last one as the beginning of one.
    pub(super) words: Vec<String>,
    /// Below this cursor.
    pub(super) before: Option<i64>,
    /// As the page asks: one row for all events of a happening.
    pub(super) is_folded: bool,
    /// Days of this time zone are to be counted instead of events listed.
    pub(super) zone: Option<&'static str>,
}

/// What a question looks at in an event.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) id: i64,
    pub(super) kind: &'a str,
    /// Id, login and display name.
    pub(super) actor: Option<[&'a str; 3]>,
    pub(super) amount: Option<i64>,
    pub(super) occurred_at: i64,
    /// In order, each once.
    pub(super) words: &'a [String],
}

impl Question {
    /// The path with its query.
    pub(super) fn path(&self) -> String {
        let time = |ms: i64| Timestamp::from_millisecond(ms).ok().map(|t| t.to_string());
        let mut pairs: Vec<(&str, String)> = Vec::new();
        let mut put = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        put("broadcaster_id", self.broadcaster.clone());
        put("kind", self.kind.map(str::to_owned));
        put("actor", self.actor.clone());
        put("min_amount", self.min_amount.map(|least| least.to_string()));
        put("since", self.since.and_then(time));
        put("until", self.until.and_then(time));
        put("q", (!self.words.is_empty()).then(|| self.words.join("+")));
        put("before", self.before.map(|cursor| cursor.to_string()));
        put("folded", self.is_folded.then(|| "true".to_owned()));
        let address = if let Some(zone) = self.zone {
            put("bucket", Some("day".to_owned()));
            put("tz", Some(zone.to_owned()));
            "/api/v1/stats"
        } else {
            put("limit", Some(LIMIT.to_string()));
            "/api/v1/events"
        };
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{address}?{}", pairs.join("&"))
    }

    /// Whether an event of the streamers asked for, that the viewer may see, belongs into the answer.
    pub(super) fn asks_for(&self, event: &Facts<'_>) -> bool {
        let is_actor = |wanted: &String| {
            let wanted = wanted.to_lowercase();
            event
                .actor
                .is_some_and(|names| names.iter().any(|name| name.to_lowercase() == wanted))
        };
        self.kind.is_none_or(|kind| kind == event.kind)
            && self.since.is_none_or(|since| event.occurred_at >= since)
            && self.until.is_none_or(|until| event.occurred_at < until)
            && self.before.is_none_or(|cursor| event.id < cursor)
            && self
                .min_amount
                .is_none_or(|least| event.amount.is_some_and(|amount| amount >= least))
            && self.actor.as_ref().is_none_or(is_actor)
            && self.finds_words(event.words)
    }

    fn finds_words(&self, held: &[String]) -> bool {
        let Some((last, others)) = self.words.split_last() else {
            return true;
        };
        let at = held.partition_point(|word| word < last);
        held.get(at).is_some_and(|word| word.starts_with(last))
            && others.iter().all(|word| held.binary_search(word).is_ok())
    }
}

/// The words of texts, in order, each once. What is sent here has plain letters and digits.
pub(super) fn words_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let is_between = |letter: char| !letter.is_ascii_alphanumeric();
    let mut words: Vec<String> = texts
        .into_iter()
        .flat_map(|text| text.split(is_between))
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raid(words: &[String]) -> Facts<'_> {
        Facts {
            id: 7,
            kind: "raid",
            actor: Some(["12", "late_owl", "Late_Owl"]),
            amount: Some(318),
            occurred_at: 1_000,
            words,
        }
    }

    #[test]
    fn a_path_has_what_is_asked_and_nothing_else() {
        let asked = Question {
            kind: Some("raid"),
            words: vec!["late".to_owned(), "ow".to_owned()],
            since: Some(0),
            ..Question::default()
        };
        assert_eq!(
            asked.path(),
            "/api/v1/events?kind=raid&since=1970-01-01T00:00:00Z&q=late+ow&limit=50"
        );
        let chart = Question {
            broadcaster: Some("5".to_owned()),
            zone: Some("Europe/Berlin"),
            ..Question::default()
        };
        assert_eq!(
            chart.path(),
            "/api/v1/stats?broadcaster_id=5&bucket=day&tz=Europe/Berlin"
        );
    }

    #[test]
    fn an_event_belongs_into_an_answer_when_all_holds() {
        let words = words_of(["Late_Owl raided with 318 viewers", "Late_Owl"]);
        let event = raid(&words);
        let any = Question::default();
        assert!(any.asks_for(&event));
        for (asked, expected) in [
            (
                Question {
                    kind: Some("raid"),
                    ..any.clone()
                },
                true,
            ),
            (
                Question {
                    kind: Some("sub"),
                    ..any.clone()
                },
                false,
            ),
            (
                Question {
                    actor: Some("LATE_OWL".to_owned()),
                    ..any.clone()
                },
                true,
            ),
            (
                Question {
                    actor: Some("late".to_owned()),
                    ..any.clone()
                },
                false,
            ),
            (
                Question {
                    min_amount: Some(318),
                    ..any.clone()
                },
                true,
            ),
            (
                Question {
                    min_amount: Some(319),
                    ..any.clone()
                },
                false,
            ),
            (
                Question {
                    since: Some(1_000),
                    until: Some(1_001),
                    ..any.clone()
                },
                true,
            ),
            (
                Question {
                    until: Some(1_000),
                    ..any.clone()
                },
                false,
            ),
            (
                Question {
                    before: Some(7),
                    ..any.clone()
                },
                false,
            ),
        ] {
            assert_eq!(asked.asks_for(&event), expected, "{asked:?}");
        }
    }

    #[test]
    fn all_words_must_be_there_and_the_last_one_may_go_on() {
        let words = words_of(["Late_Owl raided with 318 viewers"]);
        for (looked_for, expected) in [
            ("owl", true),
            ("raided vie", true),
            ("vie raided", false),
            ("owls", false),
            ("318", true),
        ] {
            let asked = Question {
                words: looked_for.split(' ').map(str::to_owned).collect(),
                ..Question::default()
            };
            assert_eq!(asked.asks_for(&raid(&words)), expected, "{looked_for}");
        }
    }
}
