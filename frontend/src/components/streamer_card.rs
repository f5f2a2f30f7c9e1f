//! One streamer: who, live or not, what happened last, what arrives.

use wire::{Broadcaster, Event, LiveState, Subscription};
use yew::prelude::*;

use super::avatar::{AvatarSize, avatar, hide_broken, hue_class};
use super::icon::{Glyph, icon};
use super::kind_icon::kind_icon;
use super::link::PageLink;
use super::notice::{Tone, notice};
use super::time_ago::TimeAgo;
use super::topic_list::{arriving, channel_topics};
use crate::format::count;
use crate::hooks::use_state_eq;
use crate::route::Route;
use crate::unread::count_label;

/// Properties of [`StreamerCard`].
#[derive(Properties, PartialEq)]
pub struct StreamerCardProps {
    pub entry: Subscription,
    /// How many events are unread now; the entry says how many were.
    pub unread: u32,
    /// Why removing it did not work.
    pub error: Option<AttrValue>,
    pub on_remove: Callback<Broadcaster>,
}

/// A card; all of it leads to the streamer's page, but for its two buttons.
#[component]
pub fn StreamerCard(props: &StreamerCardProps) -> Html {
    let shows_topics = use_state_eq(bool::default);
    let who = &props.entry.broadcaster;
    let live = props.entry.live.as_ref();
    let remove = {
        let who = who.clone();
        props.on_remove.reform(move |_: MouseEvent| who.clone())
    };
    let toggle = {
        let shows_topics = shows_topics.clone();
        Callback::from(move |_: MouseEvent| shows_topics.set(!*shows_topics))
    };
    let topics_id = format!("topics-{}", who.id);
    let (arrive, all) = arriving(&props.entry.topics);
    html! {
        <article class={classes!("card", hue_class(&who.display_name), live.is_none().then_some("off"))}>
            if let Some(live) = live {
                { preview(live) }
            }
            <div class="who">
                { avatar(&who.display_name, &who.profile_image_url, AvatarSize::Medium) }
                <div class="who-text">
                    <h3 class="cut">
                        <PageLink
                            class="card-link"
                            to={Route::LivestreamOf { login: who.login.clone() }}
                        >
                            { &who.display_name }
                        </PageLink>
                    </h3>
                    if let Some(live) = live {
                        <p class="title" title={live.title.clone()}>{ &live.title }</p>
                        <p class="category cut">{ &live.category }</p>
                    } else {
                        <p>{ "Offline" }</p>
                    }
                </div>
                if props.unread > 0 {
                    <span class="unread num">
                        { count_label(props.unread) }
                        <span class="only-read">{ " unread" }</span>
                    </span>
                }
                <button
                    type="button"
                    class="btn ghost square remove"
                    aria-label={format!("Unsubscribe from {}", who.display_name)}
                    title="Unsubscribe"
                    onclick={remove}
                >
                    { icon(Glyph::Close) }
                </button>
            </div>
            if let Some(error) = &props.error {
                { notice(Tone::Error, html! { { error.clone() } }) }
            }
            <div class="last">{ last_event(props.entry.last_event.as_ref()) }</div>
            <button
                type="button"
                class="arrives"
                aria-expanded={shows_topics.to_string()}
                aria-controls={topics_id.clone()}
                onclick={toggle}
            >
                { "What arrives" }
                <span class="only-read">{ format!(" from {}", who.display_name) }</span>
                <span class="num muted">{ format!("{arrive} of {all}") }</span>
                { icon(Glyph::ChevronDown) }
            </button>
            <div id={topics_id} hidden={!*shows_topics}>
                if *shows_topics {
                    { channel_topics(&props.entry.topics) }
                }
            </div>
        </article>
    }
}

fn last_event(event: Option<&Event>) -> Html {
    match event {
        Some(event) => html! {
            <>
                { kind_icon(event.kind) }
                <b class="cut" title={event.summary.clone()}>{ &event.summary }</b>
                <TimeAgo at={event.occurred_at.clone()} />
            </>
        },
        None => html! { <span>{ "Nothing has happened yet" }</span> },
    }
}

/// The picture of the running stream; a colour where there is none.
fn preview(live: &LiveState) -> Html {
    let url = &live.thumbnail_url;
    html! {
        <div class="thumb">
            if !url.is_empty() {
                <img
                    key={url.clone()}
                    src={url.clone()}
                    alt=""
                    loading="lazy"
                    decoding="async"
                    onerror={hide_broken()}
                />
            }
            <span class="tag">{ "LIVE" }</span>
            <span class="viewers num">{ count(live.viewers, "viewer", "viewers") }</span>
        </div>
    }
}
