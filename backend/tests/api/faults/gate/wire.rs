//! HTTP and WebSocket frames as bytes: just what a gate has to understand of them.

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;

/// A request's head and body.
pub(super) struct Request {
    pub(super) line: String,
    pub(super) headers: Vec<String>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) async fn read(stream: &mut TcpStream) -> std::io::Result<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        let mut lines = text.lines().map(str::to_owned);
        let line = lines.next().unwrap_or_default();
        let headers: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        let mut request = Self {
            line,
            headers,
            body: Vec::new(),
        };
        let length = request.header("content-length").parse().unwrap_or(0);
        request.body.resize(length, 0);
        stream.read_exact(&mut request.body).await?;
        Ok(request)
    }

    fn header(&self, name: &str) -> &str {
        let values = self.headers.iter().filter_map(|line| line.split_once(':'));
        let mut found = values.filter(|(other, _)| other.eq_ignore_ascii_case(name));
        found.next().map_or("", |(_, value)| value.trim())
    }

    pub(super) fn is_upgrade(&self) -> bool {
        !self.header("upgrade").is_empty()
    }

    pub(super) fn method(&self) -> &str {
        self.line.split(' ').next().unwrap_or_default()
    }

    pub(super) fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// As it is sent on, to another path; a plain one is the only one of its connection.
    pub(super) fn to_bytes(&self, target: &str) -> Vec<u8> {
        let mut text = format!("{} {target} HTTP/1.1\r\n", self.method());
        let is_upgrade = self.is_upgrade();
        for header in &self.headers {
            if is_upgrade || !header.to_ascii_lowercase().starts_with("connection:") {
                text.push_str(header);
                text.push_str("\r\n");
            }
        }
        if !is_upgrade {
            text.push_str("connection: close\r\n");
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend(&self.body);
        bytes
    }
}

/// One frame of a server, which masks none.
pub(super) async fn frame(from: &mut OwnedReadHalf) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; 2];
    from.read_exact(&mut bytes).await?;
    let length = match bytes[1] {
        126 => {
            let length = from.read_u16().await?;
            bytes.extend(length.to_be_bytes());
            usize::from(length)
        }
        127 => {
            let length = from.read_u64().await?;
            bytes.extend(length.to_be_bytes());
            usize::try_from(length).unwrap()
        }
        length => usize::from(length),
    };
    let head = bytes.len();
    bytes.resize(head + length, 0);
    from.read_exact(&mut bytes[head..]).await?;
    Ok(bytes)
}

pub(super) fn text_frame(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap();
    let mut bytes = vec![0x81];
    match u8::try_from(length) {
        Ok(short @ 0..126) => bytes.push(short),
        _ => {
            bytes.push(126);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes.extend(text.as_bytes());
    bytes
}

pub(super) fn answer(code: u16, headers: &[(&'static str, String)], body: &str) -> Vec<u8> {
    let mut text = format!(
        "HTTP/1.1 {code} On Demand\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}
