//! From one streamer to the next without leaving the page.

use wire::Subscription;
use yew::prelude::*;

use super::avatar::{AvatarSize, avatar};
use super::link::PageLink;
use crate::route::Route;

/// A strip of links to the subscribed streamers, live ones first; `current` is
/// the one that is shown.
pub fn stream_switcher(subscriptions: &[Subscription], current: &str) -> Html {
    let is_choice = subscriptions
        .iter()
        .any(|entry| entry.broadcaster.login != current);
    if !is_choice {
        return Html::default();
    }
    html! {
        <nav class="switcher" aria-label="Your streamers">
            <ul>
                { for subscriptions.iter().map(|entry| link(entry, current)) }
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
                { avatar(&who.display_name, &who.profile_image_url, AvatarSize::Small) }
                <span class="cut">{ &who.display_name }</span>
                if is_live {
                    <span class="live-dot" aria-hidden="true" />
                    <span class="only-read">{ ", live" }</span>
                }
            </PageLink>
        </li>
    }
}
