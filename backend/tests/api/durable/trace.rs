//! What `strace` writes, read: the calls that change files, those that sync them, and the answers.

use std::collections::HashMap;
use std::path::Path;

/// The calls to be traced: all by which files change or answers go.
pub(super) const CALLS: &str = "openat,write,writev,pwrite64,pwritev,pwritev2,ftruncate,fallocate,fsync,fdatasync,\
                                sync_file_range,msync,rename,unlink,sendto,sendmsg";

/// A call that matters here. One that takes time has two ends.
#[derive(Debug, Clone)]
pub(super) enum Call {
    /// A file is made.
    Makes { path: String },
    /// A file is removed.
    Removes { path: String },
    /// Bytes were written, at an offset or at the end.
    Writes {
        path: String,
        at: Option<usize>,
        bytes: Vec<u8>,
    },
    /// A file was cut or extended to a length.
    Truncates { path: String, length: usize },
    /// A file or folder is being brought to the disk; what is written from now on may be missed.
    SyncBegins { path: String, number: usize },
    /// It is there.
    SyncEnds { path: String, number: usize },
    /// A 204 goes out.
    Acknowledges,
}

/// Whether bytes contain a text.
pub(super) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// Reads a trace made with `-f -yy`: a thread's id, then a call, whole or in two parts.
pub(super) fn read(file: &Path) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut unfinished: HashMap<&str, (String, usize)> = HashMap::new();
    let text = std::fs::read_to_string(file).unwrap();
    for (number, line) in text.lines().enumerate() {
        let (thread, rest) = line.split_once(' ').unwrap();
        let rest = rest.trim_start();
        if rest.starts_with("+++") {
            continue;
        }
        let begun = |rest: &str| rest.strip_suffix(" <unfinished ...>").map(str::to_owned);
        if let Some(begun) = begun(rest) {
            calls.extend(beginning(&begun, number));
            unfinished.insert(thread, (begun, number));
        } else if rest.starts_with("<... ") {
            let (begun, number) = unfinished.remove(thread).unwrap();
            let (_, end) = rest.split_once(" resumed>").unwrap();
            calls.extend(ending(&format!("{begun}{end}"), number));
        } else {
            calls.extend(beginning(rest, number));
            calls.extend(ending(rest, number));
        }
    }
    calls
}

/// What counts from the moment at which the call is made.
fn beginning(call: &str, number: usize) -> Option<Call> {
    let (name, arguments) = call.split_once('(')?;
    match name {
        "fsync" | "fdatasync" => Some(Call::SyncBegins {
            path: path(arguments)?,
            number,
        }),
        "sendto" | "write" | "writev" | "sendmsg" => {
            let is_answer = arguments.contains("<TCP") && arguments.contains("\"HTTP/1.1 204 ");
            is_answer.then_some(Call::Acknowledges)
        }
        _ => None,
    }
}

/// What counts when the call has succeeded.
fn ending(call: &str, number: usize) -> Option<Call> {
    let (name, arguments) = call.split_once('(')?;
    let (arguments, result) = arguments.rsplit_once(" = ")?;
    let result = result.split(['<', ' ']).next()?;
    let done: usize = result.parse().ok()?;
    let last = |arguments: &str| -> Option<usize> {
        let (_, last) = arguments.trim_end().strip_suffix(')')?.rsplit_once(", ")?;
        last.parse().ok()
    };
    match name {
        "openat" if arguments.contains("O_CREAT") => {
            let quoted = arguments.split('"').nth(1)?;
            Some(Call::Makes {
                path: quoted.to_owned(),
            })
        }
        "unlink" => {
            let path = arguments.split('"').nth(1)?.to_owned();
            Some(Call::Removes { path })
        }
        "fsync" | "fdatasync" => Some(Call::SyncEnds {
            path: path(arguments)?,
            number,
        }),
        "ftruncate" => Some(Call::Truncates {
            path: path(arguments)?,
            length: last(arguments)?,
        }),
        "write" | "pwrite64" => {
            let at = (name == "pwrite64").then(|| last(arguments).unwrap());
            let path = path(arguments)?;
            let mut bytes = bytes(arguments)?;
            assert!(
                bytes.len() >= done,
                "strace has shortened a write to {path}"
            );
            bytes.truncate(done);
            Some(Call::Writes { path, at, bytes })
        }
        // The program writes its files with the calls above; another one must be taught to this first.
        "pwritev" | "pwritev2" | "fallocate" | "sync_file_range" | "msync" | "rename" => {
            panic!("an unknown way to write: {call}")
        }
        _ => None,
    }
}

/// The path behind a descriptor: `12</path>, …`.
fn path(arguments: &str) -> Option<String> {
    let (_, rest) = arguments.split_once('<')?;
    let (path, _) = rest.split_once('>')?;
    path.starts_with('/').then(|| path.to_owned())
}

/// The first quoted string, with C's escapes.
fn bytes(arguments: &str) -> Option<Vec<u8>> {
    let mut rest = arguments.split_once('"')?.1.bytes().peekable();
    let mut bytes = Vec::new();
    loop {
        bytes.push(match rest.next()? {
            b'"' => return Some(bytes),
            b'\\' => match rest.next()? {
                b'n' => b'\n',
                b't' => b'\t',
                b'r' => b'\r',
                b'v' => 0x0b,
                b'f' => 0x0c,
                digit @ b'0'..=b'7' => {
                    let mut value = u32::from(digit - b'0');
                    for _ in 0..2 {
                        let Some(next) = rest.next_if(|next| (b'0'..=b'7').contains(next)) else {
                            break;
                        };
                        value = value * 8 + u32::from(next - b'0');
                    }
                    u8::try_from(value).unwrap()
                }
                other => other,
            },
            byte => byte,
        });
    }
}
