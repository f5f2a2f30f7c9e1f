//! Where the visitor is, and going elsewhere without loading a page.
//!
//! The whole of what this app needs of a router. A general one, with its own
//! contexts, kinds of history and matcher, was a twentieth of the first visit.

use gloo_events::EventListener;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::hooks::{UseStateHandle, use_effect_with, use_state_eq};
use crate::route::Route;
use crate::shared::use_shared;

#[derive(Debug, Clone, PartialEq)]
struct Address {
    path: AttrValue,
    query: AttrValue,
}

impl Address {
    /// The one the browser shows.
    fn current() -> Self {
        let location = web_sys::window().map(|window| window.location());
        let part = |part: Option<Result<String, JsValue>>| {
            AttrValue::from(part.and_then(Result::ok).unwrap_or_default())
        };
        Self {
            path: part(location.as_ref().map(web_sys::Location::pathname)),
            query: part(location.as_ref().map(web_sys::Location::search)),
        }
    }
}

/// The address and the ways to change it, see [`use_router`].
#[derive(Clone, PartialEq)]
pub struct Router(UseStateHandle<Address>);

impl Router {
    /// The page shown.
    pub fn route(&self) -> Route {
        Route::of(&self.0.path)
    }

    /// The path of the address.
    pub fn path(&self) -> &AttrValue {
        &self.0.path
    }

    /// The query string, empty or with its question mark.
    pub fn query(&self) -> &AttrValue {
        &self.0.query
    }

    /// Goes to a page.
    pub fn push(&self, route: &Route) {
        self.go(&route.path());
    }

    /// Goes to an address, a path with or without a query.
    pub fn go(&self, address: &str) {
        if let Some(history) = history() {
            drop(history.push_state_with_url(&JsValue::NULL, "", Some(address)));
        }
        self.follow();
    }

    /// Changes the address; not a step to go back to.
    pub fn replace(&self, address: &str) {
        if let Some(history) = history() {
            drop(history.replace_state_with_url(&JsValue::NULL, "", Some(address)));
        }
        self.follow();
    }

    fn follow(&self) {
        self.0.set(Address::current());
    }
}

fn history() -> Option<web_sys::History> {
    web_sys::window()?.history().ok()
}

/// Follows the browser's address. For the root of the app.
#[hook]
pub fn use_router_root() -> Router {
    let router = Router(use_state_eq(Address::current));
    {
        let router = router.clone();
        use_effect_with((), move |()| {
            let listener = web_sys::window()
                .map(|window| EventListener::new(&window, "popstate", move |_| router.follow()));
            move || drop(listener)
        });
    }
    router
}

/// The address. Only below the root, as all pages are.
#[hook]
pub fn use_router() -> Router {
    use_shared().router
}
