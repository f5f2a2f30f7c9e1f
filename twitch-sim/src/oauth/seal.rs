//! Token values: opaque to their holders, readable to a later run of the simulator with the same seed.
//!
//! A run knows its own living tokens from memory, and so can end them at once. One minted by an
//! earlier run is believed by its seal. What ended in that run without expiring comes back to life,
//! which a simulator may do and Twitch would not.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use rand::RngExt;
use sha2::Sha256;

use super::scopes::Scopes;

const SEAL_BYTES: usize = 10;
const HEAD_BYTES: usize = 1 + 4 + 8 + 16 + 6;

/// What a token can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Access,
    Refresh,
}

/// What is written into a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) kind: Kind,
    /// `None`: the app's own token.
    pub(super) user_id: Option<String>,
    pub(super) scopes: Scopes,
    pub(super) expires_at: Timestamp,
}

/// Mints token values and reads those of earlier runs.
#[derive(Debug)]
pub(super) struct Mint {
    seed: u64,
    run: [u8; 4],
}

impl Mint {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            run: rand::rng().random(),
        }
    }

    pub(super) fn value(&self, claims: &Claims) -> String {
        let mut bytes = Vec::with_capacity(HEAD_BYTES + SEAL_BYTES + 12);
        bytes.push(match claims.kind {
            Kind::Access => b'a',
            Kind::Refresh => b'r',
        });
        bytes.extend(self.run);
        bytes.extend(claims.expires_at.as_second().to_be_bytes());
        bytes.extend(claims.scopes.to_bits().to_be_bytes());
        bytes.extend(rand::rng().random::<[u8; 6]>());
        bytes.extend(claims.user_id.as_deref().unwrap_or_default().as_bytes());
        let seal = self.seal(&bytes);
        bytes.extend(seal);
        hex::encode(bytes)
    }

    /// The claims of a token that an earlier run minted; this run's own are known from memory alone.
    pub(super) fn read_earlier(&self, value: &str) -> Option<Claims> {
        let bytes = hex::decode(value).ok()?;
        let (body, seal) = bytes.split_last_chunk::<SEAL_BYTES>()?;
        if self.seal(body) != *seal {
            return None;
        }
        let (head, user_id) = body.split_first_chunk::<HEAD_BYTES>()?;
        let (kind, rest) = head.split_first()?;
        let (run, rest) = rest.split_first_chunk::<4>()?;
        let (expires, rest) = rest.split_first_chunk::<8>()?;
        let (scopes, _nonce) = rest.split_first_chunk::<16>()?;
        if *run == self.run {
            return None;
        }
        Some(Claims {
            kind: match kind {
                b'a' => Kind::Access,
                b'r' => Kind::Refresh,
                _ => return None,
            },
            user_id: (!user_id.is_empty()).then(|| String::from_utf8_lossy(user_id).into_owned()),
            scopes: Scopes::from_bits(u128::from_be_bytes(*scopes)),
            expires_at: Timestamp::from_second(i64::from_be_bytes(*expires)).ok()?,
        })
    }

    fn seal(&self, body: &[u8]) -> [u8; SEAL_BYTES] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.seed.to_be_bytes())
            .expect("HMAC takes keys of any length");
        mac.update(b"twitch-sim token");
        mac.update(body);
        let mut seal = [0; SEAL_BYTES];
        seal.copy_from_slice(&mac.finalize().into_bytes()[..SEAL_BYTES]);
        seal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_by_later_runs_of_the_same_seed_alone() {
        let claims = Claims {
            kind: Kind::Refresh,
            user_id: Some("700100200".to_owned()),
            scopes: Scopes::parse("user:read:chat").unwrap(),
            expires_at: Timestamp::from_second(1_800_000_000).unwrap(),
        };
        let mint = Mint::new(7);
        let value = mint.value(&claims);
        assert_eq!(
            mint.read_earlier(&value),
            None,
            "its own run knows it from memory"
        );
        assert_eq!(Mint::new(7).read_earlier(&value), Some(claims));
        assert_eq!(Mint::new(8).read_earlier(&value), None);
        assert_eq!(
            Mint::new(7).read_earlier(&value.replacen("72", "61", 1)),
            None,
            "a changed kind breaks the seal"
        );
    }
}
