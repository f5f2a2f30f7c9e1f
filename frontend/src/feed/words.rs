//! The words of a row: which part of the summary is the person and which the
//! amount, and what a gap says. Pure.

use wire::{Amount, Event, Gap, GroupKind};

use crate::format;

/// A stretch of the summary and how it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Plain(String),
    /// The person who did it.
    Actor(String),
    /// How much.
    Amount(String),
}

/// Splits the summary. Only words that are there are marked, so a summary of
/// another build than expected is still shown whole.
pub fn summary_parts(event: &Event) -> Vec<Part> {
    let mut parts = vec![Part::Plain(event.summary.clone())];
    if let Some(actor) = &event.actor {
        mark(
            &mut parts,
            std::slice::from_ref(&actor.display_name),
            Part::Actor,
        );
    }
    if let Some(amount) = &event.amount {
        mark(&mut parts, &amount_spellings(amount), Part::Amount);
    }
    parts
}

/// What a row of several events says besides its summary.
pub fn fold_words(event: &Event) -> Option<String> {
    let (fold, group) = (event.fold.as_ref()?, event.group.as_ref()?);
    let parts = i64::from(fold.parts);
    match group.kind {
        GroupKind::GiftBomb => (parts > 0).then(|| format::count(parts, "recipient", "recipients")),
        GroupKind::Stream => Some("Online and offline within two minutes".into()),
        GroupKind::HypeTrain | GroupKind::Poll | GroupKind::Prediction => {
            let updates = format::count(parts, "update", "updates");
            // Not what the summary says already.
            let is_told = |part: &Part| matches!(part, Part::Amount(_));
            match &event.amount {
                Some(amount) if !summary_parts(event).iter().any(is_told) => {
                    Some(format!("{} · {updates}", amount_words(amount)))
                }
                _ => Some(updates),
            }
        }
    }
}

/// An amount with its unit: `1,000 bits`, `1 sub`, `12.50 EUR`.
pub fn amount_words(amount: &Amount) -> String {
    let Some(decimals) = amount.decimals.map(u32::from) else {
        return match amount.value {
            1 => format!("1 {}", singular(&amount.unit)),
            value => format!("{} {}", format::number(value), amount.unit),
        };
    };
    // No currency has more than a few; what overflows is shown undivided.
    let Some(whole) = 10_i64.checked_pow(decimals).filter(|_| decimals > 0) else {
        return format!("{} {}", format::number(amount.value), amount.unit);
    };
    let rest = (amount.value % whole).unsigned_abs();
    let sign = if amount.value < 0 && amount.value / whole == 0 {
        "-"
    } else {
        ""
    };
    format!(
        "{sign}{}.{rest:0width$} {}",
        format::number(amount.value / whole),
        amount.unit,
        width = usize::try_from(decimals).unwrap_or_default()
    )
}

fn singular(unit: &str) -> &str {
    unit.strip_suffix('s').unwrap_or(unit)
}

/// How a summary may spell an amount, the fullest first.
fn amount_spellings(amount: &Amount) -> Vec<String> {
    let mut spellings = vec![amount_words(amount)];
    for number in [format::number(amount.value), amount.value.to_string()] {
        spellings.push(format!("{number} {}", amount.unit));
        spellings.push(number);
    }
    spellings.sort_unstable_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    spellings
}

/// Marks the first spelling found in a plain part, where it stands as a word.
fn mark(parts: &mut Vec<Part>, spellings: &[String], as_part: fn(String) -> Part) {
    for spelling in spellings.iter().filter(|spelling| !spelling.is_empty()) {
        for index in 0..parts.len() {
            let Some(Part::Plain(text)) = parts.get(index) else {
                continue;
            };
            let Some((before, after)) = split_at_word(text, spelling) else {
                continue;
            };
            let found = [
                Part::Plain(before.to_owned()),
                as_part(spelling.clone()),
                Part::Plain(after.to_owned()),
            ];
            let split = found
                .into_iter()
                .filter(|part| !matches!(part, Part::Plain(text) if text.is_empty()))
                .collect::<Vec<_>>();
            parts.splice(index..=index, split);
            return;
        }
    }
}

fn split_at_word<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    text.match_indices(word).find_map(|(start, _)| {
        let before = text.get(..start)?;
        let after = text.get(start + word.len()..)?;
        let is_edge = |next: Option<char>| {
            next.is_none_or(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_')
        };
        // "2,318 viewers" is not "318 viewers".
        let cuts_number = before.ends_with(',')
            || after
                .strip_prefix(',')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        (is_edge(before.chars().next_back()) && is_edge(after.chars().next()) && !cuts_number)
            .then_some((before, after))
    })
}

/// What a gap says. `local` turns a time into the reader's.
pub fn gap_words(gap: &Gap, local: impl Fn(&str) -> String) -> String {
    match gap.reason.as_str() {
        "expired" => {
            "Some events are no longer held here: the server keeps them for a limited time.".into()
        }
        "reset" => "Some events are no longer held here: this server started a new history.".into(),
        Gap::NOT_RECEIVED if gap.to.is_empty() => format!(
            "Since {} not everything can arrive from Twitch.",
            local(&gap.from)
        ),
        Gap::NOT_RECEIVED => format!(
            "Between {} and {} nothing could arrive from Twitch.",
            local(&gap.from),
            local(&gap.to)
        ),
        _ => "Some events are missing here.".into(),
    }
}

#[cfg(test)]
mod tests {
    use wire::{Amount, Kind, UserRef};

    use super::*;
    use crate::feed::test_event;

    fn parts(summary: &str, actor: Option<&str>, amount: Option<(i64, &str)>) -> Vec<Part> {
        let mut event = test_event("1", Kind::Raid);
        event.summary = summary.into();
        event.actor = actor.map(|name| UserRef {
            id: "2".into(),
            login: name.to_lowercase(),
            display_name: name.into(),
        });
        event.amount = amount.map(|(value, unit)| Amount {
            value,
            unit: unit.into(),
            decimals: None,
        });
        summary_parts(&event)
    }

    fn plain(text: &str) -> Part {
        Part::Plain(text.into())
    }

    fn amount(text: &str) -> Part {
        Part::Amount(text.into())
    }

    fn actor(text: &str) -> Part {
        Part::Actor(text.into())
    }

    #[test]
    fn person_and_amount_are_marked() {
        assert_eq!(
            parts(
                "Late_Owl raided with 318 viewers",
                Some("Late_Owl"),
                Some((318, "viewers"))
            ),
            [
                actor("Late_Owl"),
                plain(" raided with "),
                amount("318 viewers")
            ]
        );
        assert_eq!(
            parts("Pip cheered 1,000 bits!", Some("Pip"), Some((1000, "bits"))),
            [
                actor("Pip"),
                plain(" cheered "),
                amount("1,000 bits"),
                plain("!")
            ]
        );
    }

    #[test]
    fn one_of_something_is_marked_too() {
        assert_eq!(
            parts("Pip gifted 1 sub", Some("Pip"), Some((1, "subs"))),
            [actor("Pip"), plain(" gifted "), amount("1 sub")]
        );
    }

    #[test]
    fn a_number_inside_another_is_left_alone() {
        assert_eq!(
            parts("2,318 viewers came", None, Some((318, "viewers"))),
            [plain("2,318 viewers came")]
        );
        assert_eq!(
            parts(
                "Bot318 came with 318 viewers",
                Some("Bot318"),
                Some((318, "viewers"))
            ),
            [actor("Bot318"), plain(" came with "), amount("318 viewers")]
        );
    }

    #[test]
    fn a_name_that_is_part_of_a_word_is_left_alone() {
        assert_eq!(
            parts("Annabel greeted Ann", Some("Ann"), None),
            [plain("Annabel greeted "), actor("Ann")]
        );
    }

    #[test]
    fn without_the_words_the_summary_stays_whole() {
        assert_eq!(
            parts("Stream ended", Some("Mira_Plays"), Some((5, "subs"))),
            [plain("Stream ended")]
        );
    }

    #[test]
    fn amounts_are_spelled_with_their_unit() {
        let of = |value, unit: &str, decimals| {
            amount_words(&Amount {
                value,
                unit: unit.into(),
                decimals,
            })
        };
        assert_eq!(of(1, "subs", None), "1 sub");
        assert_eq!(of(18_450, "bits", None), "18,450 bits");
        assert_eq!(of(1250, "EUR", Some(2)), "12.50 EUR");
        assert_eq!(of(-5, "EUR", Some(2)), "-0.05 EUR");
        assert_eq!(of(300, "JPY", Some(0)), "300 JPY");
        assert_eq!(of(7, "XXX", Some(200)), "7 XXX");
    }

    #[test]
    fn gaps_say_what_is_missing() {
        let gap = |reason: &str| Gap {
            from: "a".into(),
            to: "b".into(),
            reason: reason.into(),
            broadcaster_id: None,
        };
        assert_eq!(
            gap_words(&gap("not-received"), str::to_uppercase),
            "Between A and B nothing could arrive from Twitch."
        );
        let lasting = Gap {
            to: String::new(),
            ..gap(Gap::NOT_RECEIVED)
        };
        assert_eq!(
            gap_words(&lasting, str::to_uppercase),
            "Since A not everything can arrive from Twitch."
        );
        for reason in ["expired", "reset"] {
            assert!(
                gap_words(&gap(reason), str::to_owned)
                    .starts_with("Some events are no longer held here")
            );
        }
    }
}
