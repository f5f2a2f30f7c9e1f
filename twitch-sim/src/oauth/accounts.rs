//! Codes, tokens and what people have consented to. Time is passed in; nothing here does I/O.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use rand::RngExt;

use super::scopes::Scopes;
use super::seal::{Claims, Kind, Mint};

/// A code is redeemed at once or never.
const CODE_LIFETIME: Duration = Duration::from_secs(5 * 60);
/// About four hours, never the same: nobody should count on it.
const USER_TOKEN_LIFETIME_SECS: std::ops::Range<u64> = 13_000..15_000;
const APP_TOKEN_LIFETIME_SECS: std::ops::Range<u64> = 5_000_000..5_200_000;

/// A living access token.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// `None`: the app's own.
    pub(crate) user_id: Option<String>,
    pub(crate) scopes: Scopes,
    pub(crate) expires_at: Timestamp,
}

#[derive(Debug)]
struct Code {
    user_id: String,
    scopes: Scopes,
    redirect_uri: String,
    expires_at: Timestamp,
}

#[derive(Debug)]
struct Refresh {
    user_id: String,
    scopes: Scopes,
    /// The access token that dies when this is used.
    access: Option<String>,
}

/// What `/token` hands out.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) access: String,
    pub(super) token: Token,
    pub(super) refresh: Option<String>,
}

/// Why a code was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum CodeRefused {
    Unknown,
    OtherRedirect,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Accounts {
    mint: Mint,
    codes: HashMap<String, Code>,
    access: HashMap<String, Token>,
    refresh: HashMap<String, Refresh>,
    /// By user: all scopes ever granted to the client, until the user disconnects it.
    grants: HashMap<String, Scopes>,
    /// Tokens of earlier runs that have ended in this one.
    ended: HashSet<String>,
    /// Users whose tokens of earlier runs are no longer believed.
    distrusted: HashSet<String>,
}

impl Accounts {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            mint: Mint::new(seed),
            codes: HashMap::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            grants: HashMap::new(),
            ended: HashSet::new(),
            distrusted: HashSet::new(),
        }
    }

    pub(super) fn issue_code(
        &mut self,
        user_id: &str,
        scopes: Scopes,
        redirect_uri: &str,
        now: Timestamp,
    ) -> String {
        self.codes.retain(|_, code| code.expires_at > now);
        let code = hex::encode(rand::rng().random::<[u8; 15]>());
        let details = Code {
            user_id: user_id.to_owned(),
            scopes,
            redirect_uri: redirect_uri.to_owned(),
            expires_at: now + CODE_LIFETIME,
        };
        self.codes.insert(code.clone(), details);
        code
    }

    /// Takes a code, once. The flag says that this consent is new or wider than before.
    pub(super) fn redeem_code(
        &mut self,
        code: &str,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Result<(Issued, bool), CodeRefused> {
        let code = self
            .codes
            .remove(code)
            .filter(|code| code.expires_at > now)
            .ok_or(CodeRefused::Unknown)?;
        if code.redirect_uri != redirect_uri {
            return Err(CodeRefused::OtherRedirect);
        }
        self.distrusted.remove(&code.user_id);
        let before = self.grants.get(&code.user_id).copied();
        let after = before.unwrap_or_default().union(code.scopes);
        self.grants.insert(code.user_id.clone(), after);
        Ok((
            self.issue_user(code.user_id, code.scopes, now),
            before != Some(after),
        ))
    }

    /// Exchanges a refresh token; it and the access token it came with end.
    pub(super) fn refresh(&mut self, value: &str, now: Timestamp) -> Option<Issued> {
        if !self.refresh.contains_key(value) {
            self.adopt(value, Kind::Refresh, now);
        }
        let used = self.refresh.remove(value)?;
        self.ended.insert(value.to_owned());
        if let Some(access) = &used.access {
            self.end_access(access);
        }
        Some(self.issue_user(used.user_id, used.scopes, now))
    }

    pub(super) fn issue_app(&mut self, now: Timestamp) -> Issued {
        let (access, token) =
            self.mint_access(None, Scopes::default(), now, APP_TOKEN_LIFETIME_SECS);
        Issued {
            access,
            token,
            refresh: None,
        }
    }

    /// The living token of this value.
    pub(crate) fn token(&mut self, access: &str, now: Timestamp) -> Option<Token> {
        if !self.access.contains_key(access) {
            self.adopt(access, Kind::Access, now);
        }
        self.access
            .get(access)
            .filter(|token| token.expires_at > now)
            .cloned()
    }

    /// Ends one access token and the refresh token that goes with it.
    /// The consent stays: the connection is listed until the user disconnects it.
    pub(super) fn revoke(&mut self, access: &str, now: Timestamp) -> bool {
        let alive = self.token(access, now).is_some();
        self.end_access(access);
        self.refresh
            .retain(|_, refresh| refresh.access.as_deref() != Some(access));
        alive
    }

    /// The user disconnects the client (or changes the password): consent and all tokens end.
    /// False if there was no consent.
    pub(crate) fn disconnect(&mut self, user_id: &str) -> bool {
        self.distrusted.insert(user_id.to_owned());
        self.access
            .retain(|_, token| token.user_id.as_deref() != Some(user_id));
        self.refresh.retain(|_, refresh| refresh.user_id != user_id);
        self.codes.retain(|_, code| code.user_id != user_id);
        self.grants.remove(user_id).is_some()
    }

    /// Access tokens expire now: those of one user, of the app (`app`), or all.
    pub(crate) fn expire(&mut self, whose: Option<&str>) -> usize {
        let ours = |token: &Token| match whose {
            None => true,
            Some("app") => token.user_id.is_none(),
            Some(user_id) => token.user_id.as_deref() == Some(user_id),
        };
        let dead: Vec<String> = self
            .access
            .iter()
            .filter(|(_, token)| ours(token))
            .map(|(value, _)| value.clone())
            .collect();
        dead.iter().for_each(|value| self.end_access(value));
        dead.len()
    }

    /// Refresh tokens are replaced behind their holders' backs, of one user or of all.
    pub(crate) fn rotate_refresh(&mut self, whose: Option<&str>) -> usize {
        let before = self.refresh.len();
        self.refresh
            .retain(|_, refresh| whose.is_some_and(|user_id| refresh.user_id != user_id));
        match whose {
            Some(user_id) => self.distrusted.insert(user_id.to_owned()),
            None => {
                self.distrusted.extend(self.grants.keys().cloned());
                true
            }
        };
        before - self.refresh.len()
    }

    /// Everybody who has consented.
    pub(crate) fn connected(&self) -> Vec<String> {
        let mut users: Vec<String> = self.grants.keys().cloned().collect();
        users.sort();
        users
    }

    /// What a user has granted to the client, ever.
    pub(crate) fn granted(&self, user_id: &str) -> Scopes {
        self.grants.get(user_id).copied().unwrap_or_default()
    }

    fn end_access(&mut self, access: &str) {
        self.access.remove(access);
        self.ended.insert(access.to_owned());
    }

    fn issue_user(&mut self, user_id: String, scopes: Scopes, now: Timestamp) -> Issued {
        let (access, token) =
            self.mint_access(Some(user_id.clone()), scopes, now, USER_TOKEN_LIFETIME_SECS);
        let refresh = self.mint.value(&Claims {
            kind: Kind::Refresh,
            user_id: Some(user_id.clone()),
            scopes,
            expires_at: Timestamp::MAX,
        });
        let details = Refresh {
            user_id,
            scopes,
            access: Some(access.clone()),
        };
        self.refresh.insert(refresh.clone(), details);
        Issued {
            access,
            token,
            refresh: Some(refresh),
        }
    }

    fn mint_access(
        &mut self,
        user_id: Option<String>,
        scopes: Scopes,
        now: Timestamp,
        lifetime_secs: std::ops::Range<u64>,
    ) -> (String, Token) {
        self.access.retain(|_, token| token.expires_at > now);
        let lifetime = Duration::from_secs(rand::rng().random_range(lifetime_secs));
        let token = Token {
            user_id,
            scopes,
            expires_at: now + lifetime,
        };
        let access = self.mint.value(&Claims {
            kind: Kind::Access,
            user_id: token.user_id.clone(),
            scopes,
            expires_at: token.expires_at,
        });
        self.access.insert(access.clone(), token.clone());
        (access, token)
    }

    /// Believes a token of an earlier run, and the consent it stands for.
    fn adopt(&mut self, value: &str, kind: Kind, now: Timestamp) {
        if self.ended.contains(value) {
            return;
        }
        let Some(claims) = self.mint.read_earlier(value) else {
            return;
        };
        if claims.kind != kind || claims.expires_at <= now {
            return;
        }
        if let Some(user_id) = &claims.user_id {
            if self.distrusted.contains(user_id) {
                return;
            }
            let granted = self.granted(user_id).union(claims.scopes);
            self.grants.insert(user_id.clone(), granted);
        }
        match (kind, claims.user_id) {
            (Kind::Access, user_id) => {
                let token = Token {
                    user_id,
                    scopes: claims.scopes,
                    expires_at: claims.expires_at,
                };
                self.access.insert(value.to_owned(), token);
            }
            (Kind::Refresh, Some(user_id)) => {
                let details = Refresh {
                    user_id,
                    scopes: claims.scopes,
                    access: None,
                };
                self.refresh.insert(value.to_owned(), details);
            }
            (Kind::Refresh, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn logged_in(accounts: &mut Accounts) -> Issued {
        let scopes = Scopes::parse("user:read:chat").unwrap();
        let code = accounts.issue_code("1", scopes, "http://localhost/x", NOW);
        accounts
            .redeem_code(&code, "http://localhost/x", NOW)
            .unwrap()
            .0
    }

    #[test]
    fn a_code_is_taken_once_by_its_own_redirect_in_time() {
        let mut accounts = Accounts::new(1);
        let code = accounts.issue_code("1", Scopes::default(), "http://localhost/x", NOW);
        let other = accounts
            .redeem_code(&code, "http://localhost/y", NOW)
            .map(|_| ());
        assert_eq!(other, Err(CodeRefused::OtherRedirect));
        let again = accounts
            .redeem_code(&code, "http://localhost/x", NOW)
            .map(|_| ());
        assert_eq!(again, Err(CodeRefused::Unknown));
        let late = accounts.issue_code("1", Scopes::default(), "http://localhost/x", NOW);
        let late = accounts
            .redeem_code(&late, "http://localhost/x", NOW + CODE_LIFETIME)
            .map(|_| ());
        assert_eq!(late, Err(CodeRefused::Unknown));
    }

    #[test]
    fn a_refresh_token_works_once_and_ends_its_access_token() {
        let mut accounts = Accounts::new(1);
        let first = logged_in(&mut accounts);
        let first_refresh = first.refresh.unwrap();
        let second = accounts.refresh(&first_refresh, NOW).unwrap();
        assert!(accounts.token(&first.access, NOW).is_none());
        assert!(accounts.token(&second.access, NOW).is_some());
        assert!(accounts.refresh(&first_refresh, NOW).is_none());
        assert_eq!(accounts.rotate_refresh(Some("1")), 1);
        assert!(accounts.refresh(&second.refresh.unwrap(), NOW).is_none());
    }

    #[test]
    fn tokens_of_an_earlier_run_are_believed_until_the_user_disconnects() {
        let mut earlier = Accounts::new(1);
        let issued = logged_in(&mut earlier);
        let mut accounts = Accounts::new(1);
        assert!(accounts.token(&issued.access, NOW).is_some());
        assert!(accounts.granted("1").has("user:read:chat"));
        assert!(accounts.revoke(&issued.access, NOW));
        assert!(accounts.token(&issued.access, NOW).is_none());
        assert!(accounts.disconnect("1"));
        assert!(accounts.refresh(&issued.refresh.unwrap(), NOW).is_none());
    }
}
