//! JSON set out for reading. Pure.

const INDENT: &str = "  ";

/// Indents JSON without reading it into values, so that the order of the keys
/// and the spelling of every number stay as Twitch sent them.
pub fn pretty_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut letters = json.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                out.push('"');
                copy_string(&mut letters, &mut out);
            }
            '{' | '[' => {
                out.push(letter);
                while letters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(close) = letters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    break_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(',');
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ if letter.is_ascii_whitespace() => {}
            _ => out.push(letter),
        }
    }
    out
}

/// Copies up to and with the closing quote.
fn copy_string(letters: &mut impl Iterator<Item = char>, out: &mut String) {
    let mut escaped = false;
    for letter in letters {
        out.push(letter);
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return,
            _ => {}
        }
    }
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str(INDENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_numbers_stay_as_they_were() {
        assert_eq!(
            pretty_json(r#"{"b":1.0,"a":[1,{"c":null}],"big":12345678901234567890123}"#),
            "{\n  \"b\": 1.0,\n  \"a\": [\n    1,\n    {\n      \"c\": null\n    }\n  ],\n  \"big\": 12345678901234567890123\n}"
        );
    }

    #[test]
    fn strings_are_not_touched() {
        let text = r#"{"t":"a{b}[c],d: \"e\\\" f"}"#;
        assert_eq!(
            pretty_json(text),
            "{\n  \"t\": \"a{b}[c],d: \\\"e\\\\\\\" f\"\n}"
        );
    }

    #[test]
    fn empty_values_stay_on_their_line() {
        assert_eq!(
            pretty_json("{ \"a\" : [ ] , \"b\" : { } }"),
            "{\n  \"a\": [],\n  \"b\": {}\n}"
        );
        assert_eq!(pretty_json("{}"), "{}");
        assert_eq!(pretty_json("null"), "null");
    }
}
