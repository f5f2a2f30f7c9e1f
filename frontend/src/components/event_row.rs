//! One event in one line, and its details on demand.

use std::rc::Rc;

use wire::Event;
use yew::prelude::*;

use super::event_details::event_details;
use super::icon::{Glyph, icon};
use super::kind_icon::{kind_class, kind_icon};
use super::marking::mark_corner;
use super::time_ago::TimeAgo;
use crate::feed::{Part, fold_words, summary_parts};
use crate::format::{exact_local, parse_time};
use crate::hooks::use_state_eq;

/// Properties of [`EventRow`].
#[derive(Properties, PartialEq)]
pub struct EventRowProps {
    pub event: Rc<Event>,
    /// It arrived while the page was open.
    pub is_new: bool,
    /// Marks what is read up to here. Must stay the same between renderings,
    /// or each of them draws every row.
    pub on_mark: Option<Callback<AttrValue>>,
    /// Whose channel it happened in, where there are several.
    #[prop_or_default]
    pub channel: Option<AttrValue>,
    /// The time of day, where the day stands above; else how long ago it was.
    #[prop_or_default]
    pub time: Option<AttrValue>,
    /// When the running stream began, RFC 3339.
    #[prop_or_default]
    pub stream_start: Option<AttrValue>,
}

/// Who did what, with icon, amount and time.
#[component]
pub fn EventRow(props: &EventRowProps) -> Html {
    let is_open = use_state_eq(bool::default);
    let event = &props.event;
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let place = AttrValue::from(event.place().to_owned());
    let on_mark = props.on_mark.as_ref().map(|on_mark| {
        let id = place.clone();
        on_mark.reform(move |_: MouseEvent| id.clone())
    });
    let details_id = AttrValue::from(format!("details-{place}"));
    html! {
        <article
            class={classes!("ev", kind_class(event.kind), props.is_new.then_some("is-new"))}
            data-event-id={place}
            data-kind={event.kind.as_str()}
        >
            <div class="ev-icon">{ kind_icon(event.kind) }</div>
            <div class="ev-body">
                <p>
                    { for summary_parts(event).iter().map(render_part) }
                    if event.recovered {
                        <small class="ev-recovered">{ "Recovered" }</small>
                    }
                </p>
                if let Some(text) = event.text.as_ref().filter(|text| !text.is_empty()) {
                    <q>{ text }</q>
                }
                if let Some(words) = fold_words(event) {
                    <span class="ev-fold num">{ words }</span>
                }
                if let Some(channel) = &props.channel {
                    <span class="ev-channel">{ channel }</span>
                }
            </div>
            if let Some(time) = &props.time {
                <time
                    class="num"
                    datetime={event.occurred_at.clone()}
                    title={exact_local(parse_time(&event.occurred_at))}
                >
                    { time }
                </time>
            } else {
                <TimeAgo at={event.occurred_at.clone()} />
            }
            <button
                type="button"
                class="ev-toggle"
                aria-expanded={is_open.to_string()}
                aria-controls={is_open.then(|| details_id.clone())}
                aria-label={format!("Details: {}", event.summary)}
                onclick={toggle}
            >
                { icon(Glyph::ChevronDown) }
            </button>
            if let Some(on_mark) = on_mark.clone() {
                { mark_corner(&event.summary, on_mark) }
            }
            if *is_open {
                { event_details(event, details_id, on_mark, props.stream_start.as_deref()) }
            }
        </article>
    }
}

fn render_part(part: &Part) -> Html {
    match part {
        Part::Plain(text) => html! { text },
        Part::Actor(name) => html! { <b>{ name }</b> },
        Part::Amount(amount) => html! { <span class="ev-amount num">{ amount }</span> },
    }
}
