//! The head of an HTTP/1.1 answer, and how long its body is. Pure: works on bytes that were read.

/// How the body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// After so many bytes.
    Length(usize),
    /// With an empty chunk.
    Chunked,
}

/// What an answer says before its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// Such as 204.
    pub(crate) status: u16,
    /// How the body ends.
    pub(crate) framing: Framing,
    /// Bytes of the head, with the empty line.
    pub(crate) bytes: usize,
}

/// Why bytes are no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Head {
    /// Reads a head; none while it is not complete.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Self>, Malformed> {
        let Some(end) = find(bytes, b"\r\n\r\n") else {
            return Ok(None);
        };
        let head = &bytes[..end];
        let status = status(head).ok_or(Malformed)?;
        let chunked = header(head, "transfer-encoding")
            .is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
        let framing = if chunked {
            Framing::Chunked
        } else {
            let length = header(head, "content-length").map(str::parse);
            // Ours says how long a body is; what says nothing has none, as 204 and 304.
            Framing::Length(length.transpose().or(Err(Malformed))?.unwrap_or(0))
        };
        Ok(Some(Self {
            status,
            framing,
            bytes: end + 4,
        }))
    }
}

fn status(head: &[u8]) -> Option<u16> {
    let digits = head.strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The value of a header's first line.
pub(crate) fn header<'a>(head: &'a [u8], name: &str) -> Option<&'a str> {
    headers(head, name).next()
}

/// The values of all lines of a header.
pub(crate) fn headers<'a>(head: &'a [u8], name: &str) -> impl Iterator<Item = &'a str> {
    head.split(|byte| *byte == b'\n').filter_map(move |line| {
        let (found, value) = line.split_at_checked(name.len())?;
        let value = value.strip_prefix(b":")?;
        found
            .eq_ignore_ascii_case(name.as_bytes())
            .then(|| std::str::from_utf8(value).ok())?
            .map(str::trim)
    })
}

/// Where a short pattern begins.
pub(crate) fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_complete() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX-A: b\r\n\r\nhello";
        for cut in 0..answer.len() - 5 {
            assert_eq!(Head::parse(&answer[..cut]), Ok(None), "{cut}");
        }
        let head = Head::parse(answer).unwrap().unwrap();
        assert_eq!((head.status, head.framing), (200, Framing::Length(5)));
        assert_eq!(&answer[head.bytes..], b"hello");
        assert_eq!(header(answer, "x-a"), Some("b"));
        assert_eq!(header(answer, "x"), None);
    }

    #[test]
    fn an_answer_without_a_length_has_no_body() {
        let head = Head::parse(b"HTTP/1.1 204 No Content\r\ndate: now\r\n\r\n");
        let head = head.unwrap().unwrap();
        assert_eq!((head.status, head.framing), (204, Framing::Length(0)));
    }

    #[test]
    fn chunks_are_told() {
        let head = Head::parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n");
        assert_eq!(head.unwrap().unwrap().framing, Framing::Chunked);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for bytes in [
            &b"HTTP/1.0 200 OK\r\n\r\n"[..],
            b"HTTP/1.1 2x0 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: five\r\n\r\n",
        ] {
            assert_eq!(Head::parse(bytes), Err(Malformed));
        }
    }

    #[test]
    fn a_header_may_stand_more_than_once() {
        let head = b"HTTP/1.1 200 OK\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\n";
        let all: Vec<_> = headers(head, "set-cookie").collect();
        assert_eq!(all, ["a=1", "b=2"]);
    }
}
