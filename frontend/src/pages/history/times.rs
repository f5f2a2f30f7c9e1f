//! The span of time: some one press away, and both ends to be set exactly.

use yew::prelude::*;

use super::fields::{FilterField, Takes, refused};
use super::filter::Filter;
use super::refusal::Refusal;
use super::spans::{PRESETS, begin, local_words, preset_of};
use crate::components::popover::Popover;
use crate::format::parse_time;
use crate::local_time;

/// The button with its fields.
pub(super) fn times(
    filter: &Filter,
    refusal: Option<&Refusal>,
    now: f64,
    on_change: &Callback<Filter>,
) -> Html {
    let since = filter.first("since").map(parse_time);
    let until = filter.first("until").map(parse_time);
    let label = local_words(since, until, now);
    let wrong = Refusal::at(refusal, &["since", "until"]);
    let preset = since
        .filter(|_| until.is_none())
        .and_then(|since| preset_of(since, now));
    let button = |name: &'static str, since: Option<f64>, is_on: bool| {
        let filter = filter.clone();
        let onclick = on_change.reform(move |_: MouseEvent| {
            let since = since.map(local_time::rfc3339);
            filter.set_span(since.as_deref(), None)
        });
        html! {
            <button type="button" class="preset" aria-pressed={is_on.to_string()} {onclick}>
                { name }
            </button>
        }
    };
    let end = |name: &'static str, label: &'static str, ms: Option<f64>| {
        let filter = filter.clone();
        let on_value = on_change.reform(move |value: String| {
            let ms = local_time::parse_field(&value);
            let time = (!ms.is_nan()).then(|| local_time::rfc3339(ms));
            filter.set(name, time.as_deref())
        });
        let value = ms.map(local_time::field).unwrap_or_default();
        html! {
            <FilterField
                {name}
                {label}
                is_label_shown=true
                takes={Takes::Moment}
                {value}
                on_change={on_value}
            />
        }
    };
    html! {
        <div class="filter">
            <Popover {label} title="Time" describedby={wrong.map(|_| "refused-time")}>
                <div class="presets">
                    { button("All time", None, since.is_none() && until.is_none()) }
                    { for PRESETS.into_iter().map(|(name, span)| {
                        button(name, Some(begin(span, now)), preset == Some(name))
                    }) }
                </div>
                { end("since", "From", since) }
                { end("until", "Until", until) }
            </Popover>
            { refused("refused-time", wrong) }
        </div>
    }
}
