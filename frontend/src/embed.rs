//! Twitch's player and chat as frames: their addresses, and when they cannot
//! work. Pure. <https://dev.twitch.tv/docs/embed/>
//!
//! Logins come from the server and hosts from the browser: neither holds a
//! character that would need escaping in an address.

/// What a frame of Twitch's may do; Twitch requires each of them.
pub const SANDBOX: &str = "allow-storage-access-by-user-activation allow-scripts allow-same-origin \
     allow-popups allow-popups-to-escape-sandbox allow-modals";
/// A frame that has not loaded after this long is taken for blocked.
pub const LOAD_LIMIT_MS: u32 = 10_000;

/// Why Twitch will not show its frames on this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocked {
    /// `parent` cannot be an IP address.
    Address,
    /// The page is not served over https.
    Insecure,
    /// The frame did not load.
    Silent,
}

impl Blocked {
    /// The reason, for people.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Address => {
                "Twitch does not show its player and chat on a page opened by IP address. \
                 Open this server by a host name, or as localhost."
            }
            Self::Insecure => {
                "Twitch shows its player and chat only on pages served over https, or on localhost."
            }
            Self::Silent => {
                "Twitch's frame did not load. A blocker or the network may be in the way."
            }
        }
    }
}

/// Why frames cannot work on the page at this address, if so.
pub fn blocked_at(protocol: &str, hostname: &str) -> Option<Blocked> {
    // The player refuses a `parent` that is no domain name; browsers write
    // IPv6 addresses in brackets.
    let is_address = hostname.starts_with('[')
        || (hostname.split('.').count() == 4
            && hostname.split('.').all(|part| part.parse::<u8>().is_ok()));
    if is_address {
        Some(Blocked::Address)
    } else if protocol != "https:" && hostname != "localhost" {
        Some(Blocked::Insecure)
    } else {
        None
    }
}

/// The player's frame.
pub fn player_address(player_url: &str, login: &str, parent: &str) -> String {
    let base = player_url.trim_end_matches('/');
    format!("{base}/?channel={login}&parent={parent}&autoplay=true&muted=true")
}

/// The chat's frame.
pub fn chat_address(chat_url: &str, login: &str, parent: &str, is_dark: bool) -> String {
    let base = chat_url.trim_end_matches('/');
    let theme = if is_dark { "&darkpopout" } else { "" };
    format!("{base}/{login}/chat?parent={parent}{theme}")
}

/// The channel on Twitch itself.
pub fn channel_address(login: &str) -> String {
    format!("https://www.twitch.tv/{login}")
}

/// The channel's chat on Twitch itself.
pub fn popout_chat_address(login: &str) -> String {
    format!("https://www.twitch.tv/popout/{login}/chat")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_work_on_localhost_and_over_https() {
        assert_eq!(blocked_at("http:", "localhost"), None);
        assert_eq!(blocked_at("https:", "events.example.org"), None);
        assert_eq!(
            blocked_at("http:", "events.example.org"),
            Some(Blocked::Insecure)
        );
    }

    #[test]
    fn addresses_name_channel_and_page() {
        assert_eq!(
            player_address("https://player.twitch.tv", "mira_plays", "localhost"),
            "https://player.twitch.tv/?channel=mira_plays&parent=localhost&autoplay=true&muted=true"
        );
        assert_eq!(
            chat_address(
                "http://localhost:7002/embed/",
                "mira_plays",
                "localhost",
                true
            ),
            "http://localhost:7002/embed/mira_plays/chat?parent=localhost&darkpopout"
        );
        assert_eq!(
            chat_address(
                "https://www.twitch.tv/embed",
                "mira_plays",
                "a.example",
                false
            ),
            "https://www.twitch.tv/embed/mira_plays/chat?parent=a.example"
        );
    }

    #[test]
    fn frames_do_not_work_on_ip_addresses() {
        for host in ["127.0.0.1", "192.168.1.5", "[::1]"] {
            assert_eq!(blocked_at("https:", host), Some(Blocked::Address), "{host}");
        }
        assert_eq!(blocked_at("https:", "1.2.3.example"), None);
        assert_eq!(blocked_at("https:", "1.2.3.400"), None);
    }
}
