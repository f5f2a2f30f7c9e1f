//! From one streamer to the next without leaving the page.

use std::rc::Rc;

use wire::Subscription;
use yew::prelude::*;

use super::avatar::{Avatar, AvatarSize};
use super::link::PageLink;
use crate::app::Route;

/// Properties of [`StreamSwitcher`].
#[derive(Properties, PartialEq)]
pub struct StreamSwitcherProps {
    pub subscriptions: Rc<Vec<Subscription>>,
    /// The streamer that is shown.
    pub current: AttrValue,
}

/// A strip of links to the subscribed streamers, live ones first.
#[component]
pub fn StreamSwitcher(props: &StreamSwitcherProps) -> Html {
    let is_choice = props
        .subscriptions
        .iter()
        .any(|entry| entry.broadcaster.login != *props.current);
    if !is_choice {
        return Html::default();
    }
    html! {
        <nav class="switcher" aria-label="Your streamers">
            <ul>
                { for props.subscriptions.iter().map(|entry| link(entry, &props.current)) }
            </ul>
        </nav>
    }
}

fn link(entry: &Subscription, current: &str) -> Html {
    let who = &entry.broadcaster;
    let is_live = entry.live.is_some();
    html! {
        <li key={who.id.clone()}>
            <PageLink
                to={Route::LivestreamOf { login: who.login.clone() }}
                class={classes!("switcher-link", is_live.then_some("is-live"))}
                current={who.login == current}
            >
                <Avatar
                    name={who.display_name.clone()}
                    url={who.profile_image_url.clone()}
                    size={AvatarSize::Small}
                />
                <span class="cut">{ &who.display_name }</span>
                if is_live {
                    <span class="live-dot" aria-hidden="true" />
                    <span class="only-read">{ ", live" }</span>
                }
            </PageLink>
        </li>
    }
}
