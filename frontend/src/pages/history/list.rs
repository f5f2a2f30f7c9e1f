//! The list of what the filter matches, and what stands in its place.

mod entries;
mod layout;
mod source;
mod store;
mod virtual_rows;

use std::rc::Rc;

use wire::{BroadcasterGap, Gap};
use yew::prelude::*;

use super::fields::{FilterField, Takes};
use super::filter::{DATE, Filter};
use super::filter_bar::clear_button;
use super::refusal::Refusal;
use super::streamers::{Channel, name_of};
use crate::components::event_row::EventRow;
use crate::components::feed_states::event_bones;
use crate::components::link::PageLink;
use crate::components::states::{empty, load_failed, loading};
use crate::feed::{Load, gap_words};
use crate::format::{exact_local, number, parse_time};
use crate::hooks::use_state_eq;
use crate::local_time::{day_heading, end_of_date, time_of_day};
use crate::route::Route;
use entries::Entry;
pub(super) use source::{Source, use_source};
use virtual_rows::{Entries, VirtualRows};

impl Source {
    /// What is wrong with the filter.
    pub(super) fn refusal(&self, filter: &Filter) -> Option<Refusal> {
        filter.unknown().or_else(|| match self.loaded.first() {
            Load::Failed(error) => Refusal::of(error),
            Load::Idle | Load::Loading => None,
        })
    }
}

/// Properties of [`ListPanel`].
#[derive(Properties)]
pub(super) struct ListPanelProps {
    pub source: Rc<Source>,
    pub filter: Filter,
    pub channels: Vec<Channel>,
    pub on_change: Callback<Filter>,
    /// What was waiting is shown.
    pub on_revealed: Callback<()>,
}

/// A handle cannot be compared; its owner renders only when it has changed.
impl PartialEq for ListPanelProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The list, the day it is opened at, and the ways to more.
#[component]
pub(super) fn ListPanel(props: &ListPanelProps) -> Html {
    let source = &props.source;
    let revealed = use_state_eq(|| 0_u32);
    let date = props.filter.first(DATE);
    let is_date = date.is_none_or(|date| !end_of_date(date).is_nan());
    let refused = (!is_date).then(|| AttrValue::from("expected a day, such as 2026-11-01"));
    let on_date = {
        let filter = props.filter.clone();
        let on_value = move |value: String| filter.set(DATE, Some(&value));
        props.on_change.reform(on_value)
    };
    let to_newest = {
        let filter = props.filter.clone();
        props
            .on_change
            .reform(move |_: MouseEvent| filter.without(&[DATE]))
    };
    let on_reveal = {
        let (revealed, on_reveal) = (revealed.clone(), source.on_reveal.clone());
        props.on_revealed.reform(move |_: MouseEvent| {
            revealed.set(revealed.wrapping_add(1));
            on_reveal.emit(());
        })
    };
    let to_first = *revealed + u32::from(date.is_some() && is_date);
    html! {
        <section class="panel history" aria-labelledby="history-list">
            <header>
                <h2 id="history-list">{ "Events" }</h2>
                <span class="grow" />
                if date.is_some() {
                    <button type="button" class="btn ghost" onclick={to_newest}>
                        { "To the newest" }
                    </button>
                }
                <FilterField
                    name={DATE}
                    label="Jump to a day"
                    is_label_shown=true
                    takes={Takes::Date}
                    value={date.unwrap_or_default().to_owned()}
                    {refused}
                    on_change={on_date}
                />
            </header>
            { waiting(source.loaded.waiting(), &on_reveal) }
            { newer(source) }
            <Lines source={Rc::clone(source)} channels={props.channels.clone()} {to_first} />
            { instead(source, &props.filter, &props.on_change) }
            { older(source) }
        </section>
    }
}

/// What arrived above the list since it was opened.
fn waiting((count, is_more): (usize, bool), on_reveal: &Callback<MouseEvent>) -> Html {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let words = format!("{}{} new", number(count), if is_more { "+" } else { "" });
    html! {
        <div class="feed-new" aria-live="polite">
            if count > 0 {
                <button type="button" class="pill num" onclick={on_reveal.clone()}>{ words }</button>
            }
        </div>
    }
}

fn newer(source: &Source) -> Html {
    match source.loaded.newer() {
        Load::Failed(error) => html! {
            <div class="feed-end">{ load_failed("Newer events", error, &source.on_newer) }</div>
        },
        Load::Loading => html! { <p class="feed-end muted small">{ "Loading newer…" }</p> },
        Load::Idle => Html::default(),
    }
}

/// What stands where events would: shapes, a failure, or that there are none.
fn instead(source: &Source, filter: &Filter, on_change: &Callback<Filter>) -> Html {
    if let Some(refusal) = source.refusal(filter) {
        let told = html! {
            <>
                <p>{ format!("{} is not taken: {}.", refusal.label(), refusal.reason) }</p>
                { clear_button("btn", on_change) }
            </>
        };
        return empty("This cannot be looked for.", told);
    }
    match source.loaded.first() {
        Load::Loading => loading("events", event_bones()),
        Load::Failed(error) => html! {
            <div class="feed-note">{ load_failed("The events", error, &source.on_retry) }</div>
        },
        Load::Idle if !source.loaded.is_empty() => Html::default(),
        Load::Idle if filter.count() > 0 => {
            let next = html! {
                <>
                    <p>{ "Nothing that is stored here matches all of the filters." }</p>
                    { clear_button("btn", on_change) }
                </>
            };
            empty("Nothing matches.", next)
        }
        Load::Idle => {
            let next = html! {
                <>
                    <p>{ "What happens at your streamers is kept here from the moment you subscribe to them." }</p>
                    <PageLink class="btn primary" to={Route::Home}>{ "Your streamers" }</PageLink>
                </>
            };
            empty("Nothing is stored yet.", next)
        }
    }
}

/// What stands below the oldest line.
fn older(source: &Source) -> Html {
    let loaded = &source.loaded;
    if loaded.is_empty() || *loaded.first() != Load::Idle {
        return Html::default();
    }
    let content = match loaded.older() {
        Load::Failed(error) => load_failed("Older events", error, &source.on_older),
        Load::Loading => html! { <p class="muted small">{ "Loading older…" }</p> },
        Load::Idle if loaded.is_full() => html! {
            <p class="muted small">
                { "The page holds no more than this many events. Jump to a day further back to go on." }
            </p>
        },
        Load::Idle if loaded.ends().has_older => html! {
            <button
                type="button"
                class="btn ghost"
                onclick={source.on_older.reform(|_: MouseEvent| ())}
            >
                { "Load older" }
            </button>
        },
        Load::Idle => {
            html! { <p class="muted small">{ "The beginning of what is held here." }</p> }
        }
    };
    html! { <div class="feed-end">{ content }</div> }
}

#[derive(Properties)]
struct LinesProps {
    source: Rc<Source>,
    channels: Vec<Channel>,
    to_first: u32,
}

impl PartialEq for LinesProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The lines, once there are some.
#[component]
fn Lines(props: &LinesProps) -> Html {
    let loaded = &props.source.loaded;
    let render = use_callback(props.channels.clone(), |entry: Entry, channels| {
        render_entry(&entry, channels)
    });
    if loaded.entries().is_empty() {
        return Html::default();
    }
    // One that failed is not asked for again by itself.
    let unless = |load: &Load, ask: &Callback<()>| match load {
        Load::Idle => ask.clone(),
        Load::Loading | Load::Failed(_) => Callback::noop(),
    };
    html! {
        <VirtualRows
            key={loaded.question()}
            entries={Entries(Rc::clone(loaded.entries()))}
            to_first={props.to_first}
            {render}
            on_near_start={unless(loaded.newer(), &props.source.on_newer)}
            on_near_end={unless(loaded.older(), &props.source.on_older)}
        />
    }
}

fn render_entry(entry: &Entry, channels: &[Channel]) -> Html {
    match entry {
        Entry::Day { at, key } => html! {
            <h3 key={key.clone()} class="day">{ day_heading(*at) }</h3>
        },
        Entry::Gaps { gaps, key } => html! {
            <div key={key.clone()} class="gap" data-gap={Gap::NOT_RECEIVED}>
                { gaps_words(gaps, channels) }
            </div>
        },
        Entry::Event(item) => html! {
            <EventRow
                key={item.place().to_owned()}
                event={Rc::clone(&item.event)}
                is_new=false
                on_mark={None::<Callback<AttrValue>>}
                channel={channel_of(&item.event.broadcaster.id, channels)}
                time={AttrValue::from(time_of_day(item.at))}
            />
        },
    }
}

/// The name of the channel, where it could be another one.
fn channel_of(id: &str, channels: &[Channel]) -> Option<AttrValue> {
    name_of(channels, id).filter(|_| channels.len() > 1)
}

/// What spans that stand together say: whose, from when to when, how often.
fn gaps_words(gaps: &[Rc<BroadcasterGap>], channels: &[Channel]) -> String {
    let Some(newest) = gaps.first() else {
        return String::new();
    };
    let from = gaps.iter().map(|gap| gap.from.as_str()).min();
    let whole = Gap {
        from: from.unwrap_or(&newest.from).to_owned(),
        to: newest.to.clone().unwrap_or_default(),
        reason: newest.reason.clone(),
        broadcaster_id: None,
    };
    let mut names: Vec<AttrValue> = Vec::new();
    for name in gaps
        .iter()
        .filter_map(|gap| channel_of(&gap.broadcaster_id, channels))
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let words = gap_words(&whole, |time| exact_local(parse_time(time)));
    match &names[..] {
        [] => words,
        [name] => format!("{name}: {words}"),
        _ => format!("{} streamers: {words}", names.len()),
    }
}
