//! The one-line word at the top of a page: after login, after logout.

use yew::prelude::*;

use crate::hooks::{UseStateHandle, use_effect_with, use_state};
use crate::router::Router;
use crate::shared::use_shared;

/// What there is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageNotice {
    /// The person said no at Twitch.
    LoginDenied,
    /// Twitch or this server could not finish the login.
    LoginFailed,
    /// The operator's list does not have this login.
    NotAllowed,
    /// First login: collecting goes on after logout.
    Welcome,
    /// More was allowed at Twitch, for the own channel.
    Connected,
    /// The person said no to that.
    ConnectDenied,
    /// Twitch granted less than was asked.
    ConnectWithheld,
    /// Another account than the one signed in said yes.
    ConnectOtherAccount,
    /// Twitch or this server could not finish it.
    ConnectFailed,
    /// After logout.
    SignedOut,
    /// After the grant was taken back.
    Disconnected,
    /// The server said something this page has no words for.
    Other(String),
}

impl PageNotice {
    /// From the `notice` the server put into the address.
    pub fn from_name(name: &str) -> Self {
        match name {
            "login-denied" => Self::LoginDenied,
            "login-failed" => Self::LoginFailed,
            "not-allowed" => Self::NotAllowed,
            "welcome" => Self::Welcome,
            "connected" => Self::Connected,
            "connect-denied" => Self::ConnectDenied,
            "connect-withheld" => Self::ConnectWithheld,
            "connect-other-account" => Self::ConnectOtherAccount,
            "connect-failed" => Self::ConnectFailed,
            "signed-out" => Self::SignedOut,
            "disconnected" => Self::Disconnected,
            other => Self::Other(plain_words(other)),
        }
    }

    /// Nothing went wrong.
    pub const fn is_good(&self) -> bool {
        matches!(
            self,
            Self::Welcome | Self::Connected | Self::SignedOut | Self::Disconnected
        )
    }
}

/// A name from the address as words, with nothing in it but letters: anybody
/// can make a link to this page.
fn plain_words(name: &str) -> String {
    name.chars()
        .take(40)
        .map(|letter| {
            if letter.is_ascii_alphabetic() {
                letter
            } else {
                ' '
            }
        })
        .collect()
}

#[derive(Clone, PartialEq)]
struct Shown {
    notice: PageNotice,
    /// The page it belongs to; elsewhere it is not shown.
    path: String,
}

/// The notice and how to change it, see [`use_page_notice`].
#[derive(Clone, PartialEq)]
pub struct NoticeBoard(UseStateHandle<Option<Shown>>);

impl NoticeBoard {
    /// What to show on the page at this path.
    pub fn on(&self, path: &str) -> Option<PageNotice> {
        let shown = self.0.as_ref().filter(|shown| shown.path == path)?;
        Some(shown.notice.clone())
    }

    /// Shows it on the page at this path.
    pub fn put(&self, notice: PageNotice, path: impl Into<String>) {
        self.0.set(Some(Shown {
            notice,
            path: path.into(),
        }));
    }

    /// Takes it away.
    pub fn clear(&self) {
        self.0.set(None);
    }
}

/// Keeps the notice, and takes it out of the address it came with. For the root of the app.
#[hook]
pub fn use_notice_board(router: &Router) -> NoticeBoard {
    let board = NoticeBoard(use_state(|| None));
    {
        let board = board.clone();
        let router = router.clone();
        use_effect_with(router.query().clone(), move |query| {
            if let (Some(name), rest) = without_notice(query) {
                let path = router.path();
                board.put(PageNotice::from_name(&name), path.to_string());
                router.replace(&format!("{path}{rest}"));
            }
        });
    }
    board
}

/// The notice board.
#[hook]
pub fn use_page_notice() -> NoticeBoard {
    use_shared().board
}

/// The notice of a query string, and the query string without it.
fn without_notice(query: &str) -> (Option<String>, String) {
    let mut name = None;
    let mut rest = String::new();
    for pair in query.trim_start_matches('?').split('&') {
        if let Some(value) = pair.strip_prefix("notice=") {
            name = Some(value.to_owned());
        } else if !pair.is_empty() {
            rest.push(if rest.is_empty() { '?' } else { '&' });
            rest.push_str(pair);
        }
    }
    (name, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_is_taken_out_of_the_query_and_the_rest_stays() {
        assert_eq!(
            without_notice("?notice=welcome&kind=raid"),
            (Some("welcome".into()), "?kind=raid".into())
        );
        assert_eq!(without_notice("?kind=raid"), (None, "?kind=raid".into()));
        assert_eq!(without_notice(""), (None, String::new()));
    }

    #[test]
    fn a_foreign_notice_is_reduced_to_words() {
        assert_eq!(
            PageNotice::from_name("<b>pay-here</b>"),
            PageNotice::Other(" b pay here  b ".into())
        );
    }
}
