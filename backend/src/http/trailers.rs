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
    /// Not at all: the body ends with the connection, since the client knows no chunks.
    Bare,
    /// In chunks of our own, with this trailer.
    Trailer(&'static str),
}

impl Framing {
    /// With a trailer, if one is wanted, where the client's protocol has such a thing.
    pub(super) fn of(version: Version, trailer: Option<&'static str>) -> Self {
        match trailer {
            _ if version < Version::HTTP_11 => Self::Bare,
            Some(trailer) if version == Version::HTTP_11 => Self::Trailer(trailer),
            Some(_) | None => Self::Plain,
        }
    }

    /// A part of the body. It must not be empty: an empty chunk would be the end.
    pub(super) fn part(self, part: Vec<u8>) -> Bytes {
        let Self::Trailer(_) = self else {
            return part.into();
        };
        let mut chunk = format!("{:x}\r\n", part.len()).into_bytes();
        chunk.extend_from_slice(&part);
        chunk.extend_from_slice(b"\r\n");
        chunk.into()
    }

    /// What follows a body that is complete. Without it a client knows that something is missing.
    pub(super) fn end(self, value: &str) -> Bytes {
        match self {
            Self::Plain | Self::Bare => Bytes::new(),
            Self::Trailer(name) => format!("0\r\n{name}: {value}\r\n\r\n").into(),
        }
    }

    /// Tells the library, and the client, how the body is framed.
    pub(super) fn announce(self, response: &mut HttpResponse) {
        response.head_mut().no_chunking(self != Self::Plain);
        let Self::Trailer(name) = self else { return };
        let headers = response.headers_mut();
        headers.insert(header::TRAILER, header::HeaderValue::from_static(name));
        headers.insert(
            header::TRANSFER_ENCODING,
            header::HeaderValue::from_static("chunked"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_and_trailer_stand_as_the_protocol_says() {
        let framing = Framing::of(Version::HTTP_11, Some("x-count"));
        assert_eq!(
            framing.part(b"hello, wide world".to_vec()),
            "11\r\nhello, wide world\r\n"
        );
        assert_eq!(framing.end("3"), "0\r\nx-count: 3\r\n\r\n");
        let old = Framing::of(Version::HTTP_10, Some("x-count"));
        assert_eq!(old.part(b"hello".to_vec()), "hello");
        assert_eq!(old.end("3"), "");
    }
}
