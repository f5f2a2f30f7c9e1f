//! The bar at the top of every page.

use yew::prelude::*;

use super::account_menu::AccountMenu;
use super::connection_badge::connection_badge;
use super::icon::{Glyph, icon};
use super::link::PageLink;
use crate::hooks::use_effect_with;
use crate::live::use_live_state;
use crate::route::Route;
use crate::router::use_router;
use crate::session::use_session;
use crate::sign_out::{Leave, use_sign_out};
use crate::toasts::use_toasts;

/// Brand; for those signed in the ways to the pages, the state of the live
/// connection and the account.
#[component]
pub fn TopBar() -> Html {
    let session = use_session();
    let route = use_router().route();
    let live = use_live_state();
    let leave = use_sign_out();
    {
        let toasts = use_toasts();
        use_effect_with(leave.error().cloned(), move |error| {
            if let Some(error) = error {
                toasts.say(format!("Logout did not work. {}", error.message()));
            }
        });
    }
    let on_logout = leave.on_run().reform(|()| Leave::Logout);
    let is_demo = session.config().ready().is_some_and(|config| config.demo);
    html! {
        <header class="top">
            <PageLink to={Route::Home} class="brand">
                <span class="brand-mark">{ icon(Glyph::Pulse) }</span>
                <span class="brand-name">{ "Streamer\u{a0}Events" }</span>
            </PageLink>
            if let Some(me) = session.me() {
                <nav aria-label="Main">
                    <PageLink to={Route::Home} current={route == Route::Home}>
                        { "Streamers" }
                    </PageLink>
                    <PageLink to={Route::Livestream} current={route.is_livestream()}>
                        { "Livestream" }
                    </PageLink>
                    <PageLink to={Route::History} current={route == Route::History}>
                        { "History" }
                    </PageLink>
                </nav>
                <span class="grow" />
                if is_demo {
                    <span class="badge demo" title="Twitch is simulated">{ "Demo" }</span>
                }
                { connection_badge(live) }
                <AccountMenu me={me.clone()} {on_logout} />
            }
        </header>
    }
}
