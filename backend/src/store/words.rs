//! Cuts text into words for the search. Case, accents and the fancy letters that people write titles with make no
//! difference. Index and memory go by the words made here, so that both find the same.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Words of an event that can be found; a person writes fewer.
const MOST: usize = 1_000;

/// Characters of a word that count.
const LONGEST: usize = 64;

/// The words of a text that is made of several, each once and in order of the alphabet.
pub(super) fn of_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut words = Vec::new();
    each(texts, |word| words.push(word.to_owned()));
    words.sort_unstable();
    words.dedup();
    words
}

/// The words of a text as they stand in it.
pub(super) fn in_order(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each([text], |word| words.push(word.to_owned()));
    words
}

/// Tells the words of several texts one after the other.
pub(super) fn each<'a>(texts: impl IntoIterator<Item = &'a str>, tell: impl FnMut(&str)) {
    let mut words = Cutter {
        tell,
        told: 0,
        word: String::new(),
        chars: 0,
    };
    texts.into_iter().for_each(|text| words.cut(text));
}

struct Cutter<F> {
    tell: F,
    told: usize,
    word: String,
    chars: usize,
}

impl<F: FnMut(&str)> Cutter<F> {
    fn cut(&mut self, text: &str) {
        if text.is_ascii() {
            text.chars().for_each(|char| self.take_ascii(char));
        } else {
            text.nfkd().for_each(|char| self.take(char));
        }
        self.end_word();
    }

    fn take_ascii(&mut self, char: char) {
        if char.is_ascii_alphanumeric() {
            self.push(char.to_ascii_lowercase());
        } else {
            self.end_word();
        }
    }

    fn take(&mut self, char: char) {
        if char.is_ascii() {
            self.take_ascii(char);
        } else if is_left_out(char) {
            // What stands on both sides of it is one word.
        } else if char.is_alphanumeric() {
            match spelled(char) {
                Some(letters) => letters.chars().for_each(|letter| self.push(letter)),
                None => char.to_lowercase().for_each(|letter| self.push(letter)),
            }
        } else if is_picture(char) {
            self.end_word();
            self.push(char);
            self.end_word();
        } else if is_combining_mark(char) && !self.word.is_empty() {
            // Vowels of Indian scripts, voicing of Japanese ones: another word without them.
            self.push(char);
        } else {
            self.end_word();
        }
    }

    fn push(&mut self, char: char) {
        if self.chars < LONGEST {
            self.word.push(char);
            self.chars += 1;
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() && self.told < MOST {
            (self.tell)(&self.word);
            self.told += 1;
        }
        self.word.clear();
        self.chars = 0;
    }
}

/// Letters that people without a keyboard for them spell otherwise, and that have no accent to take away.
fn spelled(char: char) -> Option<&'static str> {
    let letters = match char {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ħ' | 'Ħ' => "h",
        'ı' => "i",
        'ł' | 'Ł' => "l",
        'ŧ' | 'Ŧ' => "t",
        'ς' => "σ",
        _ => return None,
    };
    Some(letters)
}

/// Accents, the points of Hebrew and Arabic, and what only says how text is to be shown.
fn is_left_out(char: char) -> bool {
    matches!(char,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}' | '\u{5c4}'..='\u{5c5}'
        | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}' | '\u{6e7}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Emoji and other signs that can be looked for: each is a word.
fn is_picture(char: char) -> bool {
    matches!(char, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_fancy_letters_make_no_difference() {
        for (text, words) in [
            ("Late_Owl raided!", vec!["late", "owl", "raided"]),
            ("Ünïcödé CAFÉ cafe\u{301}", vec!["unicode", "cafe", "cafe"]),
            ("𝓜𝓲𝓻𝓪 Ｐｌａｙｓ ①", vec!["mira", "plays", "1"]),
            ("Straße ŁÓDŹ Ærø", vec!["strasse", "lodz", "aero"]),
            (
                "İstanbul ISPARTA ıspartA",
                vec!["istanbul", "isparta", "isparta"],
            ),
            ("ΣΊΣΥΦΟΣ σίσυφος", vec!["σισυφοσ", "σισυφοσ"]),
            ("猫喫茶 がか", vec!["猫喫茶", "か\u{3099}か"]),
            ("שָׁלוֹם مَرْحَبًا", vec!["שלום", "مرحبا"]),
            ("हिन्दी", vec!["हिन्दी"]),
            ("gg🎉wp ❤\u{fe0f}👍🏽", vec!["gg", "🎉", "wp", "❤", "👍"]),
            (
                "a-b \"c\" d* (e) AND\u{0}f",
                vec!["a", "b", "c", "d", "e", "and", "f"],
            ),
            (
                "in\u{ad}visi\u{200b}ble \u{202e}back",
                vec!["invisible", "back"],
            ),
            ("*** - \" \u{301}", vec![]),
        ] {
            assert_eq!(in_order(text), words, "{text}");
        }
    }

    #[test]
    fn words_of_words_are_the_same_words() {
        let words = in_order("Ünïcödé 𝓜𝓲𝓻𝓪 Straße İI ΣΊΣ がか 한국 हिन्दी 🎉 Ⅷ ½ ﬁn");
        assert_eq!(in_order(&words.join(" ")), words);
    }

    #[test]
    fn what_is_long_is_cut() {
        assert_eq!(in_order(&"x".repeat(100)), ["x".repeat(LONGEST)]);
        assert_eq!(in_order(&"x y ".repeat(1_000)).len(), MOST);
        assert_eq!(of_all(["b a", "a", "c b"]), ["a", "b", "c"]);
    }
}
