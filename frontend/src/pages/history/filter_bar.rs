//! All the filters in one place. Each shows what the address says and changes it.

use yew::prelude::*;

use super::fields::{FilterField, Takes, refused};
use super::filter::Filter;
use super::refusal::Refusal;
use super::streamers::{Channel, streamers};
use super::times::times;
use crate::api::export_url;
use crate::clock::use_now;
use crate::components::filter_chips::filter_chips;
use crate::components::icon::{Glyph, icon};
use crate::components::popover::Popover;
use crate::format;
use crate::hooks::{use_mut_ref, use_state_eq};
use crate::kinds::Kinds;

/// Properties of [`FilterBar`].
#[derive(Properties, PartialEq)]
pub(super) struct FilterBarProps {
    pub filter: Filter,
    pub channels: Vec<Channel>,
    /// What is wrong with the filter.
    pub refusal: Option<Refusal>,
    /// Kinds among what the filter matches.
    pub kinds: Kinds,
    /// How many events it matches, once known.
    pub total: Option<u64>,
    pub on_change: Callback<Filter>,
}

/// The bar; on a phone all but the search is behind a button.
#[component]
pub(super) fn FilterBar(props: &FilterBarProps) -> Html {
    let is_open = use_state_eq(bool::default);
    let seen = use_mut_ref(|| Kinds::NONE);
    // What was there under another filter stays to be chosen.
    seen.replace_with(|seen| seen.iter().chain(props.kinds.iter()).collect());
    let (filter, on_change) = (&props.filter, &props.on_change);
    let refusal = props.refusal.as_ref();
    let now = use_now();
    let text = |name: &'static str, label: &'static str, takes, glyph: Option<Glyph>| {
        let value = filter.first(name).unwrap_or_default().to_owned();
        let refused =
            Refusal::at(refusal, &[name]).map(|reason| AttrValue::from(reason.to_owned()));
        let filter = filter.clone();
        let on_change = on_change.reform(move |value: String| filter.set(name, Some(&value)));
        html! { <FilterField {name} {label} {takes} {value} {refused} {glyph} {on_change} /> }
    };
    let on_kinds = {
        let filter = filter.clone();
        on_change.reform(move |kinds| filter.set_kinds(kinds))
    };
    // What is wrong is seen on a phone, too.
    let hidden = ["broadcaster_id", "since", "until", "actor", "min_amount"];
    let is_shown = *is_open || Refusal::at(refusal, &hidden).is_some();
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let count = filter.count();
    html! {
        <search class={classes!("filters", is_shown.then_some("is-open"))} aria-label="Events">
            <div class="filters-bar">
                { text("q", "Search events", Takes::Search, Some(Glyph::Search)) }
                <button
                    type="button"
                    class="btn tall filters-toggle"
                    aria-expanded={is_shown.to_string()}
                    onclick={toggle}
                >
                    { icon(Glyph::Settings) }
                    { if count > 0 { format!("Filters ({count})") } else { "Filters".to_owned() } }
                </button>
                <div class="filters-more">
                    { streamers(&props.channels, filter, refusal, on_change) }
                    { times(filter, refusal, now, on_change) }
                    { text("actor", "Person", Takes::Text, None) }
                    { text("min_amount", "Minimum amount", Takes::Number, None) }
                    { exports(filter) }
                </div>
            </div>
            <div class="filters-kinds">
                { filter_chips(filter.kinds(), *seen.borrow(), &on_kinds) }
                { for filter.all("type").map(|name| type_chip(name, filter, on_change)) }
                { refused("refused-kind", Refusal::at(refusal, &["kind", "type"])) }
                <span class="filters-sum">
                    <span class="muted small num" role="status">{ sum_words(props.total, count) }</span>
                    if count > 0 {
                        { clear_button("btn ghost", on_change) }
                    }
                </span>
            </div>
        </search>
    }
}

fn sum_words(total: Option<u64>, filters: usize) -> String {
    let filters = (filters > 0).then(|| {
        let filters = i64::try_from(filters).unwrap_or(i64::MAX);
        format::count(filters, "filter", "filters")
    });
    let total = total.map(|total| {
        let total = i64::try_from(total).unwrap_or(i64::MAX);
        format::count(total, "event", "events")
    });
    let told: Vec<String> = total.into_iter().chain(filters).collect();
    told.join(" · ")
}

/// Back to everything.
pub(super) fn clear_button(class: &'static str, on_change: &Callback<Filter>) -> Html {
    let clear = on_change.reform(|_: MouseEvent| Filter::default());
    html! {
        <button type="button" {class} onclick={clear}>{ "Clear filters" }</button>
    }
}

/// A type has no control of its own: addresses name it, and it can be taken away.
fn type_chip(name: &str, filter: &Filter, on_change: &Callback<Filter>) -> Html {
    let next = filter.toggle("type", name);
    let onclick = on_change.reform(move |_: MouseEvent| next.clone());
    html! {
        <button type="button" class="chip" aria-pressed="true" aria-label={format!("Without type {name}")} {onclick}>
            { name }
            { icon(Glyph::Close) }
        </button>
    }
}

fn exports(filter: &Filter) -> Html {
    let link = |format: &'static str, words: &'static str| {
        let mut pairs = filter.for_server();
        pairs.push(("format", format));
        html! {
            <a class="preset" href={export_url(&pairs)} download="">{ words }</a>
        }
    };
    html! {
        <div class="filter">
            <Popover label="Export" title="Export what the filters match">
                { link("csv", "CSV, for spreadsheets") }
                { link("ndjson", "NDJSON, for programs") }
            </Popover>
        </div>
    }
}
