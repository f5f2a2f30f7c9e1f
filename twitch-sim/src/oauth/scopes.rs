//! The scopes that exist. <https://dev.twitch.tv/docs/authentication/scopes/>

/// In a fixed order: tokens carry scopes as positions in this list, so new ones go to the end.
pub(super) const SCOPES: &[&str] = &[
    "analytics:read:extensions",
    "analytics:read:games",
    "bits:read",
    "channel:bot",
    "channel:edit:commercial",
    "channel:manage:ads",
    "channel:manage:broadcast",
    "channel:manage:extensions",
    "channel:manage:guest_star",
    "channel:manage:moderators",
    "channel:manage:polls",
    "channel:manage:predictions",
    "channel:manage:raids",
    "channel:manage:redemptions",
    "channel:manage:schedule",
    "channel:manage:videos",
    "channel:manage:vips",
    "channel:moderate",
    "channel:read:ads",
    "channel:read:charity",
    "channel:read:editors",
    "channel:read:goals",
    "channel:read:guest_star",
    "channel:read:hype_train",
    "channel:read:polls",
    "channel:read:predictions",
    "channel:read:redemptions",
    "channel:read:stream_key",
    "channel:read:subscriptions",
    "channel:read:vips",
    "chat:edit",
    "chat:read",
    "clips:edit",
    "moderation:read",
    "moderator:manage:announcements",
    "moderator:manage:automod",
    "moderator:manage:automod_settings",
    "moderator:manage:banned_users",
    "moderator:manage:blocked_terms",
    "moderator:manage:chat_messages",
    "moderator:manage:chat_settings",
    "moderator:manage:guest_star",
    "moderator:manage:shield_mode",
    "moderator:manage:shoutouts",
    "moderator:manage:unban_requests",
    "moderator:manage:warnings",
    "moderator:read:automod_settings",
    "moderator:read:banned_users",
    "moderator:read:blocked_terms",
    "moderator:read:chat_messages",
    "moderator:read:chat_settings",
    "moderator:read:chatters",
    "moderator:read:followers",
    "moderator:read:guest_star",
    "moderator:read:moderators",
    "moderator:read:shield_mode",
    "moderator:read:shoutouts",
    "moderator:read:suspicious_users",
    "moderator:read:unban_requests",
    "moderator:read:vips",
    "moderator:read:warnings",
    "openid",
    "user:bot",
    "user:edit",
    "user:edit:broadcast",
    "user:manage:blocked_users",
    "user:manage:chat_color",
    "user:manage:whispers",
    "user:read:blocked_users",
    "user:read:broadcast",
    "user:read:chat",
    "user:read:email",
    "user:read:emotes",
    "user:read:follows",
    "user:read:moderated_channels",
    "user:read:subscriptions",
    "user:read:whispers",
    "user:write:chat",
];

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scopes(u128);

impl Scopes {
    /// Reads a space-separated list.
    ///
    /// # Errors
    /// The first word that is no scope.
    pub(super) fn parse(list: &str) -> Result<Self, String> {
        list.split_whitespace()
            .try_fold(Self::default(), |set, word| {
                let at = SCOPES
                    .iter()
                    .position(|scope| *scope == word)
                    .ok_or_else(|| word.to_owned())?;
                Ok(Self(set.0 | 1 << at))
            })
    }

    pub(crate) fn has(self, scope: &str) -> bool {
        self.names().any(|name| name == scope)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        SCOPES
            .iter()
            .enumerate()
            .filter(move |(at, _)| self.0 & (1 << at) != 0)
            .map(|(_, name)| *name)
    }

    pub(super) fn to_bits(self) -> u128 {
        self.0
    }

    pub(super) fn from_bits(bits: u128) -> Self {
        Self(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_fits_in_a_token_and_is_listed_once() {
        assert!(SCOPES.len() < 128);
        assert!(SCOPES.is_sorted() && SCOPES.windows(2).all(|pair| pair[0] != pair[1]));
        let set = Scopes::parse("user:read:follows  user:read:chat").unwrap();
        assert_eq!(
            set.names().collect::<Vec<_>>(),
            ["user:read:chat", "user:read:follows"]
        );
        let chat = Scopes::parse("user:read:chat bits:read").unwrap();
        assert_eq!(
            set.without(chat).names().collect::<Vec<_>>(),
            ["user:read:follows"]
        );
        assert_eq!(
            Scopes::parse("user:read:chat user:read:chats"),
            Err("user:read:chats".to_owned())
        );
    }
}
