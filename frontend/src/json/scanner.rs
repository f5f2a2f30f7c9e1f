//! JSON text, piece by piece.

use super::Unreadable;

/// A place in a text.
pub(super) struct Scanner<'de> {
    rest: &'de str,
}

impl<'de> Scanner<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        Self { rest: text }
    }

    /// The next letter that is no space, left where it is.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_ascii_start();
        self.rest.as_bytes().first().copied()
    }

    fn advance(&mut self, by: usize) -> &'de str {
        let (passed, rest) = self.rest.split_at_checked(by).unwrap_or((self.rest, ""));
        self.rest = rest;
        passed
    }

    /// Passes this very letter.
    pub(super) fn take(&mut self, letter: u8) -> Result<(), Unreadable> {
        if self.peek() == Some(letter) {
            self.advance(1);
            Ok(())
        } else {
            Err(Unreadable)
        }
    }

    /// Nothing may follow.
    pub(super) fn end(&mut self) -> Result<(), Unreadable> {
        self.peek().map_or(Ok(()), |_| Err(Unreadable))
    }

    /// A number or a literal; nothing when something else follows.
    pub(super) fn word(&mut self) -> &'de str {
        self.peek();
        let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        let len = self.rest.bytes().take_while(|byte| is_inside(byte)).count();
        self.advance(len)
    }

    pub(super) fn string(&mut self) -> Result<String, Unreadable> {
        self.take(b'"')?;
        let mut read = String::new();
        loop {
            let plain = self.rest.bytes().take_while(|byte| !b"\"\\".contains(byte));
            let len = plain.count();
            read.push_str(self.advance(len));
            match self.advance(1) {
                "\"" => return Ok(read),
                "\\" => read.push(self.escaped()?),
                _ => return Err(Unreadable),
            }
        }
    }

    /// What stands behind a backslash.
    fn escaped(&mut self) -> Result<char, Unreadable> {
        Ok(match self.advance(1) {
            "n" => '\n',
            "t" => '\t',
            "r" => '\r',
            "b" => '\u{8}',
            "f" => '\u{c}',
            "u" => {
                let mut units = vec![self.code_unit()?];
                if (0xD800..0xDC00).contains(&units[0]) && self.advance(2) == "\\u" {
                    units.push(self.code_unit()?);
                }
                let letter = char::decode_utf16(units).next().and_then(Result::ok);
                return letter.ok_or(Unreadable);
            }
            itself @ ("\"" | "\\" | "/") => return itself.chars().next().ok_or(Unreadable),
            _ => return Err(Unreadable),
        })
    }

    fn code_unit(&mut self) -> Result<u16, Unreadable> {
        u16::from_str_radix(self.advance(4), 16).or(Err(Unreadable))
    }

    /// Passes one value and gives its text.
    pub(super) fn skip(&mut self) -> Result<&'de str, Unreadable> {
        self.peek();
        let whole = self.rest;
        let mut depth = 0_u32;
        loop {
            match self.peek().ok_or(Unreadable)? {
                b'"' => {
                    self.string()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.advance(1);
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.advance(1);
                }
                b',' | b':' if depth > 0 => {
                    self.advance(1);
                }
                _ if self.word().is_empty() => return Err(Unreadable),
                _ => {}
            }
            if depth == 0 {
                let len = whole.len() - self.rest.len();
                return whole.get(..len).ok_or(Unreadable);
            }
        }
    }
}
