//! The routes and the shell around every page.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::clock::ClockProvider;
use crate::session::SessionProvider;

/// Every page and its address.
#[derive(Debug, Clone, PartialEq, Routable)]
pub enum Route {
    #[at("/")]
    Home,
    #[at("/livestream")]
    Livestream,
    #[at("/livestream/:login")]
    LivestreamOf { login: String },
    #[at("/settings")]
    Settings,
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

/// The whole app.
#[component]
pub fn App() -> Html {
    html! {
        <SessionProvider>
            <ClockProvider>
                <BrowserRouter>
                    <Switch<Route> render={switch} />
                </BrowserRouter>
            </ClockProvider>
        </SessionProvider>
    }
}

fn switch(route: Route) -> Html {
    match route {
        Route::Home
        | Route::Livestream
        | Route::LivestreamOf { .. }
        | Route::Settings
        | Route::NotFound => html! {},
    }
}
