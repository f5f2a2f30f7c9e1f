//! Every page and its address.

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Home,
    Livestream,
    LivestreamOf { login: String },
    History,
    Settings,
    NotFound,
}

impl Route {
    /// The page at this path.
    pub fn of(path: &str) -> Self {
        match path.strip_suffix('/').unwrap_or(path) {
            "" => Self::Home,
            "/livestream" => Self::Livestream,
            "/history" => Self::History,
            "/settings" => Self::Settings,
            path => match path.strip_prefix("/livestream/") {
                Some(login) if !login.is_empty() && !login.contains('/') => Self::LivestreamOf {
                    login: login.into(),
                },
                _ => Self::NotFound,
            },
        }
    }

    /// Its path.
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".into(),
            Self::Livestream => "/livestream".into(),
            Self::LivestreamOf { login } => format!("/livestream/{login}"),
            Self::History => "/history".into(),
            Self::Settings => "/settings".into(),
            Self::NotFound => "/not-found".into(),
        }
    }

    /// The same page, whatever it shows.
    pub fn is_same_page(&self, other: &Self) -> bool {
        self.is_livestream() && other.is_livestream() || self == other
    }

    /// The page with the player.
    pub fn is_livestream(&self) -> bool {
        matches!(self, Self::Livestream | Self::LivestreamOf { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_their_pages() {
        assert_eq!(Route::of("/"), Route::Home);
        assert_eq!(Route::of("/livestream"), Route::Livestream);
        assert_eq!(
            Route::of("/livestream/mira_plays"),
            Route::LivestreamOf {
                login: "mira_plays".into()
            }
        );
        assert_eq!(Route::of("/history"), Route::History);
        assert_eq!(Route::of("/settings"), Route::Settings);
        assert_eq!(Route::of("/livestream/"), Route::Livestream);
        assert_eq!(Route::of("/history/2026"), Route::NotFound);
        assert_eq!(Route::of("/livestream/a/b"), Route::NotFound);
    }

    #[test]
    fn another_streamer_is_the_same_page() {
        let mira = Route::of("/livestream/mira_plays");
        assert!(mira.is_same_page(&Route::of("/livestream/otto_live")));
        assert!(mira.is_same_page(&Route::Livestream));
        assert!(!mira.is_same_page(&Route::Home));
        assert!(Route::Home.is_same_page(&Route::Home));
    }
}
