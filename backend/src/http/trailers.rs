//! A body of chunks with a trailer behind it, which the server library does not write by itself.
//! <https://www.rfc-editor.org/rfc/rfc9112#section-7.1>

use actix_web::HttpResponse;
use actix_web::http::{Version, header};
use actix_web::web::Bytes;

/// How a body that may have a trailer goes over the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// By the library: no trailer.
    Plain,
    /// In chunks of our own, with this trailer.
    Trailer(&'static str),
}

impl Framing {
    /// With a trailer where the client's protocol has such a thing.
    pub(super) fn of(version: Version, trailer: &'static str) -> Self {
        match version {
            Version::HTTP_11 => Self::Trailer(trailer),
            _ => Self::Plain,
        }
    }

    /// A part of the body. It must not be empty: an empty chunk would be the end.
    pub(super) fn part(self, part: Vec<u8>) -> Bytes {
        if self == Self::Plain {
            return part.into();
        }
        let mut chunk = format!("{:x}\r\n", part.len()).into_bytes();
        chunk.extend_from_slice(&part);
        chunk.extend_from_slice(b"\r\n");
        chunk.into()
    }

    /// What follows a body that is complete. Without it a client knows that something is missing.
    pub(super) fn end(self, value: &str) -> Bytes {
        match self {
            Self::Plain => Bytes::new(),
            Self::Trailer(name) => format!("0\r\n{name}: {value}\r\n\r\n").into(),
        }
    }

    /// Tells the library, and the client, that the body is framed already.
    pub(super) fn announce(self, response: &mut HttpResponse) {
        let Self::Trailer(name) = self else { return };
        let headers = response.headers_mut();
        headers.insert(header::TRAILER, header::HeaderValue::from_static(name));
        headers.insert(
            header::TRANSFER_ENCODING,
            header::HeaderValue::from_static("chunked"),
        );
        response.head_mut().no_chunking(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_and_trailer_stand_as_the_protocol_says() {
        let framing = Framing::of(Version::HTTP_11, "x-count");
        assert_eq!(
            framing.part(b"hello, wide world".to_vec()),
            "11\r\nhello, wide world\r\n"
        );
        assert_eq!(framing.end("3"), "0\r\nx-count: 3\r\n\r\n");
        let old = Framing::of(Version::HTTP_10, "x-count");
        assert_eq!(old.part(b"hello".to_vec()), "hello");
        assert_eq!(old.end("3"), "");
    }
}
