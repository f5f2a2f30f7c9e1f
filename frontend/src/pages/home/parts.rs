//! The front page's sections of cards, and what stands there without any.

use wire::{Broadcaster, Subscription};
use yew::prelude::*;

use super::removal::RemovalFailure;
use crate::components::states::{Empty, Loading};
use crate::components::streamer_card::StreamerCard;

/// Properties of [`Streamers`].
#[derive(Properties, PartialEq)]
pub(super) struct StreamersProps {
    pub(super) live: Vec<Subscription>,
    pub(super) offline: Vec<Subscription>,
    pub(super) failed: Option<RemovalFailure>,
    pub(super) on_remove: Callback<Broadcaster>,
}

/// Who is live, then the others.
#[component]
pub(super) fn Streamers(props: &StreamersProps) -> Html {
    let total = props.live.len() + props.offline.len();
    let cards = |entries: &[Subscription]| {
        html! {
            <ul class="cards">
                for entry in entries {
                    <li key={entry.broadcaster.id.clone()}>
                        <StreamerCard
                            entry={entry.clone()}
                            error={error_of(props.failed.as_ref(), entry)}
                            on_remove={props.on_remove.clone()}
                        />
                    </li>
                }
            </ul>
        }
    };
    html! {
        <>
            if !props.live.is_empty() {
                <section aria-labelledby="live-now">
                    <div class="section">
                        <h2 id="live-now">{ "Live now" }</h2>
                        <span class="muted small num">
                            { format!("{} of {total}", props.live.len()) }
                        </span>
                    </div>
                    { cards(&props.live) }
                </section>
            }
            if !props.offline.is_empty() {
                <section aria-labelledby="offline">
                    <div class="section">
                        <h2 id="offline">{ "Offline" }</h2>
                        <span class="muted small num">{ props.offline.len() }</span>
                    </div>
                    { cards(&props.offline) }
                </section>
            }
        </>
    }
}

fn error_of(failed: Option<&RemovalFailure>, entry: &Subscription) -> Option<AttrValue> {
    failed
        .filter(|failure| failure.broadcaster_id == entry.broadcaster.id)
        .map(|failure| failure.error.message().into())
}

/// Properties of [`NoStreamers`].
#[derive(Properties, PartialEq)]
pub(super) struct NoStreamersProps {
    pub(super) on_import: Callback<MouseEvent>,
}

/// Nothing subscribed yet.
#[component]
pub(super) fn NoStreamers(props: &NoStreamersProps) -> Html {
    html! {
        <Empty title="No streamers yet">
            <p>
                { "Type a name above and press Subscribe. The streamer needs to do nothing: \
                   stream up and down, title changes and raids arrive for any channel." }
            </p>
            <button type="button" class="btn" onclick={props.on_import.clone()}>
                { "Choose from the channels I follow" }
            </button>
        </Empty>
    }
}

/// Cards to come, at the size of cards.
#[component]
pub(super) fn CardSkeletons() -> Html {
    html! {
        <Loading what="your streamers">
            <div class="section"><span class="bone bone-title" /></div>
            <div class="cards">
                for _ in 0..6 {
                    <div class="card bone-card">
                        <div class="thumb bone" />
                        <div class="who">
                            <span class="avatar a44 bone" />
                            <div class="grow">
                                <span class="bone bone-line" />
                                <span class="bone bone-line long" />
                                <span class="bone bone-line" />
                            </div>
                        </div>
                        <div class="last"><span class="bone bone-line" /></div>
                    </div>
                }
            </div>
        </Loading>
    }
}
