//! Words for summaries: cleaned, cut and joined. Nothing here knows Twitch's types.

/// Longest quotation (a title, a question) inside a summary, in characters.
const QUOTE_CHARS: usize = 120;
/// Longest reading of a name out of Twitch's code, in characters.
const TOKEN_CHARS: usize = 60;

/// One line: spaces collapsed, control characters gone. PostgreSQL refuses NUL,
/// and what turns the direction of writing would garble the sentence around it.
pub(super) fn one_line(text: &str) -> String {
    if is_tidy(text) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space = true;
        } else if !is_invisible_control(c) {
            if space && !line.is_empty() {
                line.push(' ');
            }
            space = false;
            line.push(c);
        }
    }
    line
}

/// As [`one_line`], and does not copy what is one already.
pub(super) fn into_one_line(text: String) -> String {
    if is_tidy(&text) {
        text
    } else {
        one_line(&text)
    }
}

/// Whether it is one line as it stands; nearly everything Twitch sends is.
fn is_tidy(text: &str) -> bool {
    if text.is_ascii() {
        return is_tidy_ascii(text.as_bytes());
    }
    let mut after_space = true;
    for c in text.chars() {
        let is_space = c == ' ';
        let is_odd = !is_space && (c.is_whitespace() || is_invisible_control(c));
        if is_odd || (is_space && after_space) {
            return false;
        }
        after_space = is_space;
    }
    !after_space || text.is_empty()
}

/// The same for ASCII, where what is odd are the control characters.
fn is_tidy_ascii(text: &[u8]) -> bool {
    let are_apart = || text.windows(2).all(|pair| pair != b"  ");
    !text.iter().any(u8::is_ascii_control)
        && text.first() != Some(&b' ')
        && text.last() != Some(&b' ')
        && are_apart()
}

/// What a person wrote: line breaks stay, other control characters go; none if
/// nothing can be seen of it.
pub(super) fn paragraphs(text: &str) -> Option<String> {
    let cleaned: String = text
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    let trimmed = cleaned.trim();
    can_be_seen(trimmed).then(|| trimmed.to_owned())
}

/// Controls, marks that turn the direction of writing, and characters without any
/// width that no writing needs. The joiners stay: emoji and Persian are made with them.
fn is_invisible_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}'..='\u{2064}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        // Chat programs append the first of these to send the same line twice.
        || matches!(c, '\u{e0000}'..='\u{e001f}')
}

/// Whether anything of it shows: a name of blanks and joiners would be a hole in
/// the sentence.
pub(super) fn can_be_seen(text: &str) -> bool {
    let is_blank = |c: char| {
        matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{200c}'..='\u{200f}'
        ) || matches!(
            c,
            '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}'
        ) || matches!(c, '\u{e0020}'..='\u{e01ef}')
    };
    !text
        .chars()
        .all(|c| c.is_whitespace() || is_invisible_control(c) || is_blank(c))
}

/// At most `max` characters, the last an ellipsis if something was cut off.
pub(super) fn clip(mut text: String, max: usize) -> String {
    if text.chars().nth(max).is_some() {
        text = clip_exactly(text, max.saturating_sub(1));
        text.truncate(text.trim_end().len());
        text.push('…');
    }
    text
}

/// At most `max` characters, without a mark: for ids and names.
pub(super) fn clip_exactly(mut text: String, max: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(max) {
        text.truncate(end);
    }
    text
}

/// A title or question, short enough to leave room for the rest of the summary.
pub(super) fn excerpt(text: String) -> String {
    clip(text, QUOTE_CHARS)
}

/// An excerpt in quotation marks.
pub(super) fn quoted(text: String) -> String {
    format!("“{}”", excerpt(text))
}

/// Twitch's name for something in words: `golden_kappa` is "golden kappa". Such
/// names are ASCII; letters beyond it, some of them blank, are left out.
pub(super) fn readable(token: &str) -> String {
    let spaced: String = token
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    clip(one_line(&spaced).to_lowercase(), TOKEN_CHARS)
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// "A", "A and B", "A, B and C", "A, B and 3 others".
pub(super) fn listed(items: &[String]) -> Option<String> {
    /// More names than this are counted.
    const NAMED: usize = 5;
    let others;
    let (last, first) = if items.len() > NAMED {
        others = format!("{} others", items.len() - (NAMED - 1));
        (others.as_str(), items.get(..NAMED - 1)?)
    } else {
        let (last, first) = items.split_last()?;
        (last.as_str(), first)
    };
    Some(if first.is_empty() {
        last.to_owned()
    } else {
        format!("{} and {last}", first.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go_and_line_breaks_stay_where_people_write() {
        assert_eq!(one_line(" a\u{0}b\n\tc\u{1b}\u{202e} "), "ab c");
        assert_eq!(paragraphs("a\u{0}\r\n\tb\n").as_deref(), Some("a\n b"));
        assert_eq!(paragraphs("\u{0} \n"), None);
    }

    #[test]
    fn what_has_no_width_goes_and_joiners_stay() {
        assert_eq!(one_line("a\u{200b}b\u{feff}\u{e0000}"), "ab");
        let family = "👨\u{200d}👩\u{200d}👧";
        assert_eq!(one_line(family), family);
        assert_eq!(one_line("می\u{200c}خواهم"), "می\u{200c}خواهم");
        for blank in ["", " ", "\u{200d}", "\u{3164}\u{2800}", "\u{200b}"] {
            assert!(!can_be_seen(blank), "{blank:?}");
        }
        assert_eq!(paragraphs("\u{e0000}"), None);
        assert!(can_be_seen("\u{200f}א"));
    }

    #[test]
    fn one_line_is_the_same_with_and_without_a_copy() {
        for text in [
            "",
            " ",
            "a b",
            "a  b",
            " a",
            "a ",
            "a\tb",
            "a\u{7f}b",
            "a\u{2028}b",
            "“é”",
            "\u{0}",
        ] {
            assert_eq!(into_one_line(text.to_owned()), one_line(text), "{text:?}");
            assert!(is_tidy(&one_line(text)), "{text:?}");
        }
        assert_eq!(one_line("a\u{2028}b"), "a b");
    }

    #[test]
    fn cutting_keeps_characters_whole() {
        let clipped = |text: &str, max| clip(text.to_owned(), max);
        assert_eq!(clipped("🦉🦉🦉", 3), "🦉🦉🦉");
        assert_eq!(clipped("🦉🦉🦉🦉", 3), "🦉🦉…");
        assert_eq!(clipped("one two", 5), "one…");
        assert_eq!(clipped("ab", 0), "…");
    }

    #[test]
    fn tokens_read_as_words() {
        assert_eq!(readable("golden_kappa"), "golden kappa");
        assert_eq!(readable("channel.custom-thing"), "channel custom thing");
        assert_eq!(readable("__"), "");
        assert_eq!(readable("mega\u{3164}_train"), "mega train");
        assert_eq!(capitalised("écluse"), "Écluse");
    }

    #[test]
    fn lists_read_as_sentences() {
        let list = |n: usize| {
            let names = ["A", "B", "C", "D", "E", "F", "G"];
            listed(
                &names
                    .iter()
                    .take(n)
                    .map(ToString::to_string)
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(list(0), None);
        assert_eq!(list(1).as_deref(), Some("A"));
        assert_eq!(list(2).as_deref(), Some("A and B"));
        assert_eq!(list(5).as_deref(), Some("A, B, C, D and E"));
        assert_eq!(list(7).as_deref(), Some("A, B, C, D and 3 others"));
    }
}
