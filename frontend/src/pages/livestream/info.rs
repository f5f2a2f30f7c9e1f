//! The line under the player: who streams what, and to how many.

use std::rc::Rc;

use yew::prelude::*;

use super::subscribing::SubscribeButton;
use super::target::{Liveness, Target};
use crate::browser::use_interval;
use crate::components::avatar::{Avatar, AvatarSize};
use crate::components::player::WatchOnTwitch;
use crate::format::{clock, count, exact_local, parse_time};

/// Properties of [`Info`].
#[derive(Properties, PartialEq)]
pub(super) struct InfoProps {
    pub target: Rc<Target>,
    /// In place of the player there is a link of the same words already.
    pub has_link: bool,
    pub on_subscribe: Callback<bool>,
    pub is_busy: bool,
}

/// Picture, title, name, category, viewers and how long it has been live.
#[component]
pub(super) fn Info(props: &InfoProps) -> Html {
    let who = &props.target.broadcaster;
    let title = match &props.target.liveness {
        Liveness::Streaming(stream) if !stream.title.is_empty() => &stream.title,
        Liveness::Streaming(_) | Liveness::Live | Liveness::Offline => &who.display_name,
    };
    html! {
        <div class="info">
            <Avatar
                name={who.display_name.clone()}
                url={who.profile_image_url.clone()}
                size={AvatarSize::Medium}
            />
            <div class="info-words">
                <h1 class="cut" title={title.clone()}>{ title }</h1>
                <p class="muted small">{ render_facts(&props.target) }</p>
            </div>
            <div class="info-buttons">
                <SubscribeButton
                    name={who.display_name.clone()}
                    is_subscribed={props.target.is_subscribed}
                    is_busy={props.is_busy}
                    on_change={props.on_subscribe.clone()}
                />
                if !props.has_link {
                    <WatchOnTwitch login={who.login.clone()} />
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
