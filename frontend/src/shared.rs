//! What the root of the app gives to everything below: one context.
//!
//! Each part has a hook of its own beside it (`use_session`, `use_now`, …);
//! components use those. One context, because each costs the page 3 KB.

use yew::prelude::*;

use crate::clock::Now;
use crate::live::Live;
use crate::page_notice::NoticeBoard;
use crate::router::Router;
use crate::session::Session;
use crate::toasts::Toasts;
use crate::unread::Unread;

/// The parts.
#[derive(Clone, PartialEq)]
pub struct Shared {
    pub session: Session,
    pub router: Router,
    pub live: Live,
    pub now: Now,
    pub board: NoticeBoard,
    pub toasts: Toasts,
    pub unread: Unread,
}

/// All of it. Only below the root, as all pages are.
#[hook]
pub fn use_shared() -> Shared {
    use_context().expect("the root of the app stands around every page")
}
