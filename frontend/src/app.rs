//! The root: what every page needs, and the shell around the pages.

use yew::prelude::*;

use crate::browser::focus;
use crate::bundle;
use crate::clock::use_clock;
use crate::components::banners::Banners;
use crate::components::states::load_failed;
use crate::components::toast::render_toasts;
use crate::components::top_bar::TopBar;
use crate::hooks::{use_effect_with, use_mut_ref};
use crate::live::use_live_root;
use crate::page_notice::use_notice_board;
use crate::pages::Render;
use crate::pages::not_found::not_found;
use crate::pages::signed_out::{Wanted, signed_out};
use crate::remote::Remote;
use crate::route::Route;
use crate::router::use_router_root;
use crate::session::{Session, use_session_root};
use crate::shared::Shared;
use crate::theme::use_theme_upkeep;
use crate::toasts::use_toast_queue;
use crate::unread::use_unread_root;

/// The pages this bundle holds. They stay the same for the life of the app.
#[derive(Clone, Copy)]
pub struct Pages(Render);

impl From<Render> for Pages {
    fn from(render: Render) -> Self {
        Self(render)
    }
}

impl PartialEq for Pages {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Properties of [`App`].
#[derive(Properties, PartialEq)]
pub struct AppProps {
    pub pages: Pages,
}

/// The whole app.
#[component]
pub fn App(props: &AppProps) -> Html {
    use_theme_upkeep();
    let session = use_session_root();
    let router = use_router_root();
    let live = use_live_root(&session);
    let unread = use_unread_root(&session, &live);
    let now = use_clock();
    let board = use_notice_board(&router);
    let (queue, toasts) = use_toast_queue();
    let route = router.route();
    use_focus_on_page_change(&route);
    use_take_over(matches!(session.config(), Remote::Loading));
    let page = render_page(props.pages, &session, route);
    let context = Shared {
        session,
        router,
        live,
        now,
        board,
        toasts,
        unread,
    };
    let skip = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        focus("#main");
    });
    html! {
        <ContextProvider<Shared> {context}>
            <a class="skip" href="#main" onclick={skip}>{ "Skip to content" }</a>
            <TopBar />
            <Banners />
            <main id="main" tabindex="-1">{ page }</main>
            { render_toasts(&queue) }
        </ContextProvider<Shared>>
    }
}

/// The page of the address, once it is known who is looking at it.
fn render_page(pages: Pages, session: &Session, route: Route) -> Html {
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
        Remote::Ready(config) => match (wanted(&route), session.me()) {
            (None, _) => not_found(),
            (Some(wanted), None) => signed_out(wanted, config.demo),
            (Some(_), Some(me)) => (pages.0)(me, route),
        },
    }
}

/// What a visitor who is not signed in came for; `None` for the pages that are
/// everybody's.
fn wanted(route: &Route) -> Option<Wanted> {
    match route {
        Route::Home => Some(Wanted::Home),
        Route::Livestream | Route::LivestreamOf { .. } => Some(Wanted::Livestream),
        Route::History => Some(Wanted::History),
        Route::Settings => Some(Wanted::Settings),
        Route::NotFound => None,
    }
}

/// After a change of page the focus goes to its heading. Another streamer on
/// the same page leaves the focus where it is.
#[hook]
fn use_focus_on_page_change(route: &Route) {
    let last = use_mut_ref(|| route.clone());
    use_effect_with(route.clone(), move |route| {
        if !last.replace(route.clone()).is_same_page(route) {
            begin_page();
        }
    });
}

/// As soon as there is something to show, this app takes the place of the
/// other bundle's, which is a change of page to those who look.
#[hook]
fn use_take_over(is_loading: bool) {
    use_effect_with(is_loading, |is_loading| {
        if !is_loading && bundle::settle() {
            begin_page();
        }
    });
}

/// The next Tab starts at the heading, and a screen reader says where it is.
fn begin_page() {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
    focus("#main h1");
}
