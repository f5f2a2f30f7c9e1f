//! The routes and the shell around every page.

use std::collections::HashMap;

use wire::Me;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::browser::focus;
use crate::clock::{Now, use_clock};
use crate::components::banners::Banners;
use crate::components::states::load_failed;
use crate::components::toast::render_toasts;
use crate::components::top_bar::TopBar;
use crate::hooks::{use_effect_with, use_mut_ref};
use crate::live::{Live, use_live_root};
use crate::page_notice::{NoticeBoard, use_notice_board};
use crate::pages::home::Home;
use crate::pages::livestream::Livestream;
use crate::pages::not_found::not_found;
use crate::pages::settings::Settings;
use crate::pages::signed_out::{Wanted, signed_out};
use crate::remote::Remote;
use crate::session::{Session, use_session, use_session_root};
use crate::theme::use_theme_upkeep;
use crate::toasts::{Toasts, use_toast_queue};

/// Every page and its address.
#[derive(Debug, Clone, PartialEq)]
pub enum Route {
    Home,
    Livestream,
    LivestreamOf { login: String },
    Settings,
    NotFound,
}

/// By hand: the derived one brings a general matcher of patterns, which weighs
/// more than any page of this app.
impl Routable for Route {
    fn from_path(path: &str, _: &HashMap<&str, &str>) -> Option<Self> {
        Self::recognize(path)
    }

    fn to_path(&self) -> String {
        match self {
            Self::Home => "/".into(),
            Self::Livestream => "/livestream".into(),
            Self::LivestreamOf { login } => format!("/livestream/{login}"),
            Self::Settings => "/settings".into(),
            Self::NotFound => "/not-found".into(),
        }
    }

    fn routes() -> Vec<&'static str> {
        vec!["/", "/livestream", "/livestream/:login", "/settings"]
    }

    fn not_found_route() -> Option<Self> {
        Some(Self::NotFound)
    }

    fn recognize(path: &str) -> Option<Self> {
        let path = path.strip_suffix('/').unwrap_or(path);
        Some(match path {
            "" => Self::Home,
            "/livestream" => Self::Livestream,
            "/settings" => Self::Settings,
            _ => match path.strip_prefix("/livestream/") {
                Some(login) if !login.is_empty() && !login.contains('/') => Self::LivestreamOf {
                    login: login.into(),
                },
                _ => Self::NotFound,
            },
        })
    }
}

impl Route {
    /// What a visitor who is not signed in came for; `None` for the pages that
    /// are everybody's.
    fn wanted(&self) -> Option<Wanted> {
        match self {
            Self::Home => Some(Wanted::Home),
            Self::Livestream | Self::LivestreamOf { .. } => Some(Wanted::Livestream),
            Self::Settings => Some(Wanted::Settings),
            Self::NotFound => None,
        }
    }
}

/// The whole app: what every page needs, around the pages.
#[component]
pub fn App() -> Html {
    let session = use_session_root();
    let now = use_clock();
    let live = use_live_root(&session);
    html! {
        <ContextProvider<Session> context={session}>
            <ContextProvider<Now> context={now}>
                <ContextProvider<Live> context={live}>
                    <BrowserRouter>
                        <Shell />
                    </BrowserRouter>
                </ContextProvider<Live>>
            </ContextProvider<Now>>
        </ContextProvider<Session>>
    }
}

/// What stands around every page.
#[component]
fn Shell() -> Html {
    use_theme_upkeep();
    use_focus_on_page_change();
    let session = use_session();
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    let board = use_notice_board();
    let (queue, toasts) = use_toast_queue();
    let skip = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        focus("#main");
    });
    html! {
        <ContextProvider<NoticeBoard> context={board}>
            <ContextProvider<Toasts> context={toasts}>
                <a class="skip" href="#main" onclick={skip}>{ "Skip to content" }</a>
                <TopBar />
                <Banners />
                <main id="main" tabindex="-1">{ render_page(&session, route) }</main>
                { render_toasts(&queue) }
            </ContextProvider<Toasts>>
        </ContextProvider<NoticeBoard>>
    }
}

/// The page of the address, once it is known who is looking at it.
fn render_page(session: &Session, route: Route) -> Html {
    match session.config() {
        // Short enough for nothing; a bar fades in if it is not.
        Remote::Loading => html! {
            <div class="starting" role="status">
                <span class="only-read">{ "Loading…" }</span>
            </div>
        },
        Remote::Failed(error) => {
            let session = session.clone();
            let on_retry = Callback::from(move |()| session.retry());
            html! {
                <div class="page narrow">
                    <h1 class="only-read">{ "Streamer Events" }</h1>
                    { load_failed("The page", error, &on_retry) }
                </div>
            }
        }
        Remote::Ready(config) => match (route.wanted(), session.me()) {
            (None, _) => not_found(),
            (Some(wanted), None) => signed_out(wanted, config.demo),
            (Some(_), Some(me)) => render_signed_in(me, route),
        },
    }
}

/// The pages of a viewer, keyed: another viewer starts with pages of their own.
fn render_signed_in(me: &Me, route: Route) -> Html {
    let key = me.id.clone();
    match route {
        Route::Home => html! { <Home {key} /> },
        Route::Livestream => html! { <Livestream {key} login={None::<AttrValue>} /> },
        Route::LivestreamOf { login } => html! {
            <Livestream {key} login={Some(AttrValue::from(login))} />
        },
        Route::Settings => html! { <Settings {key} /> },
        Route::NotFound => not_found(),
    }
}

/// After a change of page the focus goes to its heading, so that the next Tab
/// starts there and a screen reader says where it is. Another streamer on the
/// same page leaves the focus where it is.
#[hook]
fn use_focus_on_page_change() {
    let page = use_route::<Route>().map(|route| std::mem::discriminant(&same_page(route)));
    let is_first = use_mut_ref(|| true);
    use_effect_with(page, move |_| {
        if std::mem::take(&mut *is_first.borrow_mut()) {
            return;
        }
        if let Some(window) = web_sys::window() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
        focus("#main h1");
    });
}

fn same_page(route: Route) -> Route {
    match route {
        Route::LivestreamOf { .. } => Route::Livestream,
        Route::Home | Route::Livestream | Route::Settings | Route::NotFound => route,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_their_pages() {
        let of = |path| Route::recognize(path);
        assert_eq!(of("/"), Some(Route::Home));
        assert_eq!(of("/livestream"), Some(Route::Livestream));
        assert_eq!(
            of("/livestream/mira_plays"),
            Some(Route::LivestreamOf {
                login: "mira_plays".into()
            })
        );
        assert_eq!(of("/settings"), Some(Route::Settings));
        assert_eq!(of("/livestream/"), Some(Route::Livestream));
        assert_eq!(of("/history"), Some(Route::NotFound));
        assert_eq!(of("/livestream/a/b"), Some(Route::NotFound));
    }
}
