//! Keys and what is done with them: encryption at rest, hashes of bearer secrets, random secrets.

use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};

const NONCE_BYTES: usize = 24;
const KEY_FILE: &str = "secret.key";

/// Why something could not be protected or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The key file cannot be read or made.
    #[error("{path}: {source}")]
    KeyFile {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The key is not base64 of at least 32 bytes.
    #[error("the secret key is not base64 of at least 32 bytes")]
    MalformedKey,
    /// The machine gives no random bytes.
    #[error("the machine gives no random bytes")]
    Random(#[source] getrandom::Error),
    /// Encrypted with another key, or altered.
    #[error("a stored secret does not fit SECRET_KEY")]
    Sealed,
}

/// The master key, from which every other is derived.
#[derive(Clone)]
pub struct SecretKey(SecretString);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}

impl SecretKey {
    /// The key of the settings, else the one in `data_dir`.
    ///
    /// With `may_make` a missing one is made, with mode 0600; beside a database that needs the lost one, it must not.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn load(
        setting: Option<&SecretString>,
        data_dir: &Path,
        may_make: bool,
    ) -> Result<Self, Error> {
        let text = match setting {
            Some(key) => key.expose_secret().to_owned(),
            None => {
                let path = data_dir.join(KEY_FILE);
                read_or_make(&path, may_make).map_err(|source| Error::KeyFile {
                    path: path.display().to_string(),
                    source,
                })?
            }
        };
        match STANDARD.decode(text.trim()) {
            Ok(bytes) if bytes.len() >= 32 => Ok(Self(SecretString::from(text.trim()))),
            _ => Err(Error::MalformedKey),
        }
    }

    /// Writes the key into a folder, as the file that [`Self::load`] reads there.
    ///
    /// # Errors
    /// When the file cannot be made; one that is there is left as it is.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(KEY_FILE);
        write_new(&path, self.0.expose_secret()).map_err(|source| Error::KeyFile {
            path: path.display().to_string(),
            source,
        })
    }

    /// A key for one purpose; knowing it tells nothing of the others.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        let master = STANDARD.decode(self.0.expose_secret()).unwrap_or_default();
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&master)
            .expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

fn read_or_make(path: &Path, may_make: bool) -> std::io::Result<String> {
    match std::fs::read_to_string(path) {
        Err(error) if may_make && error.kind() == std::io::ErrorKind::NotFound => {
            let key = STANDARD.encode(random_bytes::<32>().map_err(std::io::Error::other)?);
            write_new(path, &key)?;
            Ok(key)
        }
        other => other,
    }
}

fn write_new(path: &Path, key: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(key.as_bytes())?;
    file.sync_all()
}

/// Encrypts and decrypts what is secret at rest (XChaCha20-Poly1305, random nonce).
#[derive(Clone)]
pub struct Cipher(XChaCha20Poly1305);

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cipher")
    }
}

impl Cipher {
    /// The cipher for stored secrets under this key.
    pub fn new(key: &SecretKey) -> Self {
        Self(XChaCha20Poly1305::new(&Key::from(
            key.derive("stored secrets"),
        )))
    }

    /// Encrypts; `place` says where it is stored, so that it cannot be read from another place.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn seal(&self, place: &str, secret: &str) -> Result<String, Error> {
        let nonce = random_bytes::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: secret.as_bytes(),
            aad: place.as_bytes(),
        };
        let Ok(sealed) = self.0.encrypt(&XNonce::from(nonce), payload) else {
            return Err(Error::Sealed);
        };
        Ok(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// Decrypts what [`Self::seal`] made for the same place.
    ///
    /// # Errors
    /// When it was made with another key or place, or altered.
    pub fn open(&self, place: &str, sealed: &str) -> Result<SecretString, Error> {
        self.opened(place, sealed).ok_or(Error::Sealed)
    }

    /// Why it cannot be opened is nobody's business.
    fn opened(&self, place: &str, sealed: &str) -> Option<SecretString> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: sealed,
            aad: place.as_bytes(),
        };
        let open = self.0.decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(open).ok().map(SecretString::from)
    }
}

/// Random bytes of the operating system.
///
/// # Errors
/// When it has none.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::Random)?;
    Ok(bytes)
}

/// A random text of 256 bits, fit for addresses and headers.
///
/// # Errors
/// When the machine gives no random bytes.
pub fn random_text() -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?))
}

/// Hash under which a bearer secret of 256 random bits is stored and looked up.
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cipher() -> Cipher {
        let folder = tempfile::tempdir().unwrap();
        Cipher::new(&SecretKey::load(None, folder.path(), true).unwrap())
    }

    #[test]
    fn sealed_opens_in_its_place_under_its_key_only() {
        let cipher_a = cipher();
        let sealed = cipher_a.seal("grant:1", "token").unwrap();
        assert!(!sealed.contains("token"));
        assert_eq!(
            cipher_a.open("grant:1", &sealed).unwrap().expose_secret(),
            "token"
        );
        assert!(cipher_a.open("grant:2", &sealed).is_err());
        assert!(cipher().open("grant:1", &sealed).is_err());
        assert!(cipher_a.open("grant:1", "AAAA").is_err());
    }

    #[test]
    fn key_file_is_made_once_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let first = SecretKey::load(None, folder.path(), true)
            .unwrap()
            .derive("x");
        assert_eq!(
            first,
            SecretKey::load(None, folder.path(), true)
                .unwrap()
                .derive("x")
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.path().join(KEY_FILE))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn malformed_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let short = SecretString::from("c2hvcnQ=");
        assert!(matches!(
            SecretKey::load(Some(&short), folder.path(), true),
            Err(Error::MalformedKey)
        ));
    }
}
