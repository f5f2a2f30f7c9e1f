//! One module a page. Pages ask the server and hand what they get to components.
//!
//! Here is also which pages a bundle holds: what its function does not name,
//! the linker leaves out.

use wire::Me;
use yew::prelude::*;

use crate::route::Route;
use elsewhere::Elsewhere;
use history::History;
use home::Home;
use livestream::Livestream;
use not_found::not_found;
use settings::Settings;

pub mod elsewhere;
pub mod history;
pub mod home;
pub mod livestream;
pub mod not_found;
pub mod settings;
pub mod signed_out;

/// Renders the page of an address for a viewer.
pub type Render = fn(&Me, Route) -> Html;

/// The Livestream page; the others come with the bundle of all.
pub fn livestream_alone(me: &Me, route: Route) -> Html {
    match route {
        Route::Livestream => livestream(me, None),
        Route::LivestreamOf { login } => livestream(me, Some(login)),
        Route::Home | Route::History | Route::Settings => html! { <Elsewhere /> },
        Route::NotFound => not_found(),
    }
}

/// Every page, keyed by the viewer: another one starts with pages of their own.
pub fn all(me: &Me, route: Route) -> Html {
    let key = me.id.clone();
    match route {
        Route::Home => html! { <Home {key} /> },
        Route::Livestream => livestream(me, None),
        Route::LivestreamOf { login } => livestream(me, Some(login)),
        Route::History => html! { <History {key} /> },
        Route::Settings => html! { <Settings {key} /> },
        Route::NotFound => not_found(),
    }
}

fn livestream(me: &Me, login: Option<String>) -> Html {
    let key = me.id.clone();
    let login = login.map(AttrValue::from);
    html! { <Livestream {key} {login} /> }
}
