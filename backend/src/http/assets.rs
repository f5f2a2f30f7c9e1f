//! The files of the single-page app: built in, or from `STATIC_DIR`; with the policy that fits them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use actix_web::web::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::config::EmbedConfig;

const INDEX: &str = "index.html";

/// Compressed forms that may stand beside a file, best first: encoding and file ending.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

#[derive(rust_embed::Embed)]
#[folder = "../frontend/dist"]
#[allow_missing = true]
struct Embedded;

/// A file as served.
#[derive(Debug)]
pub(super) struct Asset {
    /// Media type.
    pub(super) content_type: String,
    /// Strong validator.
    pub(super) etag: String,
    /// Its name holds a hash of its content, so that it never changes.
    pub(super) is_immutable: bool,
    plain: Bytes,
    encoded: Vec<(&'static str, Bytes)>,
}

impl Asset {
    /// The smallest form this client takes, and its encoding.
    pub(super) fn body(&self, accept_encoding: &str) -> (Option<&'static str>, Bytes) {
        let accepts = |encoding: &str| {
            accept_encoding.split(',').any(|offer| {
                let (name, quality) = offer.split_once(';').unwrap_or((offer, ""));
                let quality = quality
                    .trim()
                    .strip_prefix("q=")
                    .and_then(|q| q.parse::<f32>().ok());
                name.trim().eq_ignore_ascii_case(encoding) && quality != Some(0.0)
            })
        };
        match self.encoded.iter().find(|(encoding, _)| accepts(encoding)) {
            Some((encoding, body)) => (Some(encoding), body.clone()),
            None => (None, self.plain.clone()),
        }
    }
}

/// All files of the app.
#[derive(Debug)]
pub struct Assets {
    files: HashMap<String, Asset>,
    policy: String,
}

impl Assets {
    /// Reads all files into memory.
    ///
    /// # Errors
    /// When `static_dir` cannot be read.
    pub fn load(static_dir: Option<&Path>, embeds: &EmbedConfig) -> std::io::Result<Self> {
        let mut raw: HashMap<String, Cow<'static, [u8]>> = HashMap::new();
        match static_dir {
            Some(folder) => read_folder(folder, "", &mut raw)?,
            None => {
                for name in Embedded::iter() {
                    if let Some(file) = Embedded::get(&name) {
                        raw.insert(name.into_owned(), file.data);
                    }
                }
            }
        }
        let policy = policy(raw.get(INDEX).map_or(&[][..], |index| index), embeds);
        let bytes = |name: &str| {
            raw.get(name)
                .map(|data| Bytes::from(data.clone().into_owned()))
        };
        let names = raw
            .keys()
            .filter(|name| !ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending)));
        let files = names
            .filter_map(|name| {
                let plain = bytes(name)?;
                let encoded = ENCODINGS.iter().filter_map(|(encoding, ending)| {
                    Some((*encoding, bytes(&format!("{name}{ending}"))?))
                });
                let asset = Asset {
                    content_type: content_type(name),
                    etag: format!("\"{}\"", hex::encode(&Sha256::digest(&plain)[..16])),
                    is_immutable: has_hash(name),
                    encoded: encoded.collect(),
                    plain,
                };
                Some((name.clone(), asset))
            })
            .collect();
        Ok(Self { files, policy })
    }

    /// The page itself, unless the program was built without it.
    pub(super) fn index(&self) -> Option<&Asset> {
        self.files.get(INDEX)
    }

    /// A file by its path without the leading slash.
    pub(super) fn file(&self, path: &str) -> Option<&Asset> {
        self.files.get(path).filter(|_| path != INDEX)
    }

    /// The `Content-Security-Policy` of the page.
    pub(super) fn policy(&self) -> &str {
        &self.policy
    }
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    files: &mut HashMap<String, Cow<'static, [u8]>>,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, Cow::Owned(std::fs::read(entry.path())?));
        }
    }
    Ok(())
}

fn content_type(name: &str) -> String {
    let guessed = mime_guess::from_path(name).first_or_octet_stream();
    let is_text =
        guessed.type_() == "text" || matches!(guessed.subtype().as_str(), "javascript" | "json");
    if is_text {
        format!("{guessed}; charset=utf-8")
    } else {
        guessed.to_string()
    }
}

/// Whether the build put a hash into the name: `app-1a2b3c4d5e6f7890.js`, `app-1a2b3c4d5e6f7890_bg.wasm`.
fn has_hash(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.split(['-', '.', '_'])
        .any(|part| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Allows our own files, the inline scripts of our own page by their hashes, and Twitch's frames and images.
fn policy(index: &[u8], embeds: &EmbedConfig) -> String {
    let scripts: String = inline_scripts(&String::from_utf8_lossy(index))
        .iter()
        .map(|script| {
            format!(
                " 'sha256-{}'",
                STANDARD.encode(Sha256::digest(script.as_bytes()))
            )
        })
        .collect();
    let origin = |url: &Url| url.origin().ascii_serialization();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; \
         img-src 'self' data: {}; connect-src 'self'; font-src 'self'; manifest-src 'self'; \
         frame-src {} {}; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
        origin(&embeds.image_url),
        origin(&embeds.player_url),
        origin(&embeds.chat_url),
    )
}

/// The texts of the scripts that stand in a page.
fn inline_scripts(page: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = page;
    while let Some((_, tail)) = rest.split_once("<script") {
        let Some((attributes, tail)) = tail.split_once('>') else {
            break;
        };
        let Some((script, tail)) = tail.split_once("</script>") else {
            break;
        };
        if !attributes.contains("src=") {
            scripts.push(script);
        }
        rest = tail;
    }
    scripts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_found_and_others_are_not() {
        let page = r#"<script>a()</script><script type="module">b()</script><script src="/x.js"></script>"#;
        assert_eq!(inline_scripts(page), ["a()", "b()"]);
    }

    #[test]
    fn only_hashed_names_are_immutable() {
        assert!(has_hash("frontend-5f2c1a9b3d7e4f60.js"));
        assert!(has_hash("frontend-5f2c1a9b3d7e4f60_bg.wasm"));
        assert!(!has_hash("favicon.svg"));
        assert!(!has_hash("robots.txt"));
    }
}
