//! Takes a chunked body apart, however the reads cut it.

use super::head::Malformed;

/// Where in the chunks we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In the line that says how long the chunk is.
    Size { so_far: usize, in_extension: bool },
    /// So many bytes of the chunk are still to come.
    Content(usize),
    /// In the line end after a chunk.
    End,
    /// In the lines after the last chunk; whether this one has anything on it.
    Trailer { is_empty: bool },
    /// All was read.
    Done,
}

/// The reading end of a chunked body.
#[derive(Debug)]
pub(crate) struct Chunks {
    state: State,
}

impl Default for Chunks {
    fn default() -> Self {
        Self {
            state: State::Size {
                so_far: 0,
                in_extension: false,
            },
        }
    }
}

impl Chunks {
    /// Whether the body is complete.
    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Takes bytes as they came and hands on what is content.
    pub(crate) fn feed(
        &mut self,
        mut bytes: &[u8],
        mut content: impl FnMut(&[u8]),
    ) -> Result<(), Malformed> {
        while let Some((&byte, rest)) = bytes.split_first() {
            if let State::Content(left) = self.state {
                let (own, after) = bytes.split_at(left.min(bytes.len()));
                content(own);
                bytes = after;
                self.state = match left - own.len() {
                    0 => State::End,
                    left => State::Content(left),
                };
                continue;
            }
            self.state = self.after(byte)?;
            bytes = rest;
        }
        Ok(())
    }

    /// The state after a byte that is no content.
    fn after(&self, byte: u8) -> Result<State, Malformed> {
        Ok(match (self.state, byte) {
            (State::Size { so_far: 0, .. }, b'\n') => State::Trailer { is_empty: true },
            (State::Size { so_far, .. }, b'\n') => State::Content(so_far),
            (State::Size { so_far, .. }, b';' | b'\r' | b' ') => State::Size {
                so_far,
                in_extension: true,
            },
            (
                State::Size {
                    so_far,
                    in_extension,
                },
                _,
            ) => State::Size {
                so_far: if in_extension {
                    so_far
                } else {
                    larger(so_far, byte).ok_or(Malformed)?
                },
                in_extension,
            },
            (State::End, b'\n') => Self::default().state,
            (State::End, b'\r') => State::End,
            (State::Trailer { is_empty: true }, b'\n') => State::Done,
            (State::Trailer { .. }, b'\n') => State::Trailer { is_empty: true },
            (state @ State::Trailer { .. }, b'\r') => state,
            (State::Trailer { .. }, _) => State::Trailer { is_empty: false },
            (State::Content(_) | State::End | State::Done, _) => return Err(Malformed),
        })
    }
}

fn larger(so_far: usize, digit: u8) -> Option<usize> {
    let digit = char::from(digit).to_digit(16)?;
    so_far
        .checked_mul(16)?
        .checked_add(usize::try_from(digit).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Result<(Vec<u8>, bool), Malformed> {
        let (mut chunks, mut all) = (Chunks::default(), Vec::new());
        for piece in pieces {
            chunks.feed(piece, |content| all.extend_from_slice(content))?;
        }
        Ok((all, chunks.is_done()))
    }

    #[test]
    fn content_is_the_same_however_it_is_cut() {
        let body = b"5\r\nhello\r\n10;x=1\r\n, sixteen bytes!\r\n0\r\nTrailer: x\r\n\r\n";
        let whole = (b"hello, sixteen bytes!".to_vec(), true);
        assert_eq!(read(&[body]), Ok(whole.clone()));
        for cut in 0..body.len() {
            let (left, right) = body.split_at(cut);
            assert_eq!(read(&[left, right]), Ok(whole.clone()), "cut at {cut}");
        }
        let single: Vec<&[u8]> = body.chunks(1).collect();
        assert_eq!(read(&single), Ok(whole));
    }

    #[test]
    fn an_unfinished_body_is_not_done() {
        assert_eq!(
            read(&[b"5\r\nhello\r\n0\r\n"]),
            Ok((b"hello".to_vec(), false))
        );
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        assert_eq!(read(&[b"zz\r\n"]), Err(Malformed));
        assert_eq!(read(&[b"1\r\nab"]), Err(Malformed));
        assert_eq!(read(&[b"ffffffffffffffffff\r\n"]), Err(Malformed));
        assert_eq!(read(&[b"0\r\n\r\nmore"]), Err(Malformed));
    }
}
