//! The front page's sections of cards, and what stands there without any.

use wire::{Broadcaster, Subscription};
use yew::prelude::*;

use super::removal::RemovalFailure;
use crate::components::marking::mark_all_button;
use crate::components::states::{empty, loading};
use crate::components::streamer_card::StreamerCard;
use crate::unread::Unread;

/// What the cards need beside their streamers.
pub(super) struct Cards<'a> {
    pub(super) unread: &'a Unread,
    /// Who could not be removed.
    pub(super) failed: Option<&'a RemovalFailure>,
    pub(super) on_remove: Callback<Broadcaster>,
    pub(super) on_mark_all: Callback<()>,
}

/// Who is live, then the others.
pub(super) fn render_streamers(
    live: &[&Subscription],
    offline: &[&Subscription],
    given: &Cards<'_>,
) -> Html {
    let total = live.len() + offline.len();
    let cards = |entries: &[&Subscription]| {
        html! {
            <ul class="cards">
                for entry in entries {
                    <li key={entry.broadcaster.id.clone()}>
                        <StreamerCard
                            entry={Subscription::clone(entry)}
                            unread={unread_of(given.unread, entry)}
                            error={error_of(given.failed, entry)}
                            on_remove={given.on_remove.clone()}
                        />
                    </li>
                }
            </ul>
        }
    };
    let mark_all = mark_all_button(false, given.unread.total() > 0, &given.on_mark_all);
    let beside_live = (!live.is_empty()).then(|| mark_all.clone());
    let beside_offline = live.is_empty().then_some(mark_all);
    html! {
        <>
            if !live.is_empty() {
                <section aria-labelledby="live-now">
                    <div class="section">
                        <h2 id="live-now">{ "Live now" }</h2>
                        <span class="muted small num">
                            { format!("{} of {total}", live.len()) }
                        </span>
                        { beside_live }
                    </div>
                    { cards(live) }
                </section>
            }
            if !offline.is_empty() {
                <section aria-labelledby="offline">
                    <div class="section">
                        <h2 id="offline">{ "Offline" }</h2>
                        <span class="muted small num">{ offline.len() }</span>
                        { beside_offline }
                    </div>
                    { cards(offline) }
                </section>
            }
        </>
    }
}

/// As the store has it; it may not know yet what the list knows.
fn unread_of(unread: &Unread, entry: &Subscription) -> u32 {
    unread.of(&entry.broadcaster.id).unwrap_or(entry.unread)
}

fn error_of(failed: Option<&RemovalFailure>, entry: &Subscription) -> Option<AttrValue> {
    failed
        .filter(|failure| failure.broadcaster_id == entry.broadcaster.id)
        .map(|failure| failure.error.message().into())
}

/// Nothing subscribed yet.
pub(super) fn render_no_streamers(on_import: Callback<MouseEvent>) -> Html {
    let next = html! {
        <>
            <p>
                { "Type a name above and press Subscribe. The streamer needs to do nothing: \
                   stream up and down, title changes, raids, subs, gifts and cheers arrive for any channel." }
            </p>
            <button type="button" class="btn" onclick={on_import}>
                { "Choose from the channels I follow" }
            </button>
        </>
    };
    empty("No streamers yet", next)
}

/// Cards to come, at the size of cards.
pub(super) fn render_bones() -> Html {
    let shapes = html! {
        <>
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
        </>
    };
    loading("your streamers", shapes)
}
