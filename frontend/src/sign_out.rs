//! Leaving: the call, then the front page with a word.

use yew::prelude::*;

use crate::action::{Action, use_action};
use crate::page_notice::{PageNotice, use_page_notice};
use crate::route::Route;
use crate::router::use_router;
use crate::session::use_session;
use wire::Code;

/// How the session is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// This session alone.
    Logout,
    /// The grant at Twitch, and with it every session and token.
    Disconnect,
}

/// Ends the session and shows the front page.
#[hook]
pub fn use_sign_out() -> Action<Leave> {
    let session = use_session();
    let board = use_page_notice();
    let router = use_router();
    let done = Callback::from(move |leave| {
        session.signed_out();
        router.push(&Route::Home);
        let notice = match leave {
            Leave::Logout => PageNotice::SignedOut,
            Leave::Disconnect => PageNotice::Disconnected,
        };
        board.put(notice, "/");
    });
    use_action(
        |api, leave| async move {
            let answer = match leave {
                Leave::Logout => api.logout().await,
                Leave::Disconnect => api.disconnect_twitch().await,
            };
            match answer {
                Ok(()) => Ok(leave),
                // Already over: the person gets what was asked for.
                Err(error)
                    if leave == Leave::Logout && error.code() == Some(Code::Unauthenticated) =>
                {
                    Ok(leave)
                }
                Err(error) => Err(error),
            }
        },
        done,
    )
}
