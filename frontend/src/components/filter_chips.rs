//! Which kinds of events the feed shows.

use wire::Kind;
use yew::prelude::*;

use super::kind_icon::{kind_class, kind_label};
use crate::kinds::Kinds;

/// Kinds that are offered before any of them has been seen: what every
/// streamer has.
const COMMON: [Kind; 5] = [Kind::Stream, Kind::Sub, Kind::Gift, Kind::Cheer, Kind::Raid];

/// Toggles, any number of which may be on: the kinds shown. None on means
/// everything. Offered is what this streamer is known to have.
pub fn filter_chips(shown: Kinds, seen: Kinds, on_change: &Callback<Kinds>) -> Html {
    let offered = Kind::ALL
        .into_iter()
        .filter(|kind| COMMON.contains(kind) || seen.contains(*kind) || shown.contains(*kind));
    let show_all = on_change.reform(|_: MouseEvent| Kinds::NONE);
    html! {
        <div class="chips" role="group" aria-label="Show only">
            <button
                type="button"
                class="chip"
                aria-pressed={shown.is_empty().to_string()}
                onclick={show_all}
            >
                { "All" }
            </button>
            { for offered.map(|kind| chip(kind, shown, on_change)) }
        </div>
    }
}

fn chip(kind: Kind, shown: Kinds, on_change: &Callback<Kinds>) -> Html {
    let is_on = shown.contains(kind);
    let next = shown.toggled(kind);
    let onclick = on_change.reform(move |_: MouseEvent| next);
    html! {
        <button
            key={kind.as_str()}
            type="button"
            class={classes!("chip", kind_class(kind))}
            aria-pressed={is_on.to_string()}
            {onclick}
        >
            <i aria-hidden="true" />
            { kind_label(kind) }
        </button>
    }
}
