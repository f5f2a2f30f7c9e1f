//! The line under the player: who streams what, and to how many.

use yew::prelude::*;

use super::subscribing::{Subscribing, subscribe_button};
use super::target::{Liveness, Target};
use crate::browser::use_interval;
use crate::components::avatar::{AvatarSize, avatar};
use crate::components::player::watch_on_twitch;
use crate::format::{clock, count, exact_local, parse_time};
use crate::hooks::use_state;

/// Picture, title, name, category, viewers and how long it has been live. In
/// place of the player there may be a link of the same words already.
pub(super) fn render_info(target: &Target, has_link: bool, subscribing: &Subscribing) -> Html {
    let who = &target.broadcaster;
    let title = match &target.liveness {
        Liveness::Streaming(stream) if !stream.title.is_empty() => &stream.title,
        Liveness::Streaming(_) | Liveness::Live | Liveness::Offline => &who.display_name,
    };
    html! {
        <div class="info">
            { avatar(&who.display_name, &who.profile_image_url, AvatarSize::Medium) }
            <div class="info-words">
                <h1 class="cut" title={title.clone()}>{ title }</h1>
                <p class="muted small">{ render_facts(target) }</p>
            </div>
            <div class="info-buttons">
                { subscribe_button(&who.display_name, target.is_subscribed, subscribing) }
                if !has_link {
                    { watch_on_twitch(&who.login, false) }
                }
            </div>
        </div>
    }
}

fn render_facts(target: &Target) -> Html {
    let who = |class: Option<&'static str>, state: &'static str| {
        html! {
            <span>
                <span class={classes!("live-tag", class)}>{ state }</span>
                <b>{ &target.broadcaster.display_name }</b>
            </span>
        }
    };
    match &target.liveness {
        Liveness::Streaming(stream) => html! {
            <>
                { who(None, "Live") }
                if !stream.category.is_empty() {
                    <span class="only-wide">{ &stream.category }</span>
                }
                <span class="num">{ count(stream.viewers, "viewer", "viewers") }</span>
                <LiveFor started_at={stream.started_at.clone()} />
            </>
        },
        Liveness::Live => who(None, "Live"),
        Liveness::Offline => who(Some("off"), "Offline"),
    }
}

#[derive(Properties, PartialEq)]
struct LiveForProps {
    /// RFC 3339.
    started_at: AttrValue,
}

/// Ticks by itself, so that nothing else is drawn every second.
#[component]
fn LiveFor(props: &LiveForProps) -> Html {
    let now = use_state(js_sys::Date::now);
    let tick = {
        let now = now.clone();
        Callback::from(move |()| now.set(js_sys::Date::now()))
    };
    use_interval(Some(1000), tick);
    let started = parse_time(&props.started_at);
    html! {
        <span class="only-wide num" title={format!("Since {}", exact_local(started))}>
            { "live for " }
            <time role="timer" aria-live="off">{ clock(*now - started) }</time>
        </span>
    }
}
