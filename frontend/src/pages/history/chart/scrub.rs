//! What lies over the bars and is pressed, dragged over and moved by keys.
//!
//! To a screen reader it is a slider along the time: bars are too many and too
//! thin to be a button each.

use web_sys::Element;
use yew::prelude::*;

use super::bar_words;
use super::bars::Chart;
use super::drawing::Shared;
use super::picking::{Key, bar_at, between, read_key};
use crate::hooks::use_state_eq;

/// Properties of [`Scrub`].
#[derive(Properties, PartialEq)]
pub(super) struct ScrubProps {
    pub chart: Shared,
    /// The bar whose figures are shown.
    pub marked: Option<usize>,
    pub on_mark: Callback<Option<usize>>,
    /// From and until, milliseconds.
    pub on_zoom: Callback<(f64, f64)>,
}

/// The marks over the bars, and what moves them.
#[component]
pub(super) fn Scrub(props: &ScrubProps) -> Html {
    // Where a span begins that is being marked, and whether by a pointer held down.
    let begun = use_state_eq(|| None::<(usize, bool)>);
    let scrub = use_node_ref();
    let Some(chart) = props.chart.0.as_ref() else {
        return Html::default();
    };
    let bars = chart.bars.len();
    let zoom = {
        let (chart, on_zoom) = (props.chart.clone(), props.on_zoom.clone());
        let (begun, on_mark) = (begun.clone(), props.on_mark.clone());
        move |one: usize, other: usize| {
            begun.set(None);
            on_mark.emit(None);
            if let Some(span) = chart
                .0
                .as_ref()
                .as_ref()
                .and_then(|chart| span(chart, one, other))
            {
                on_zoom.emit(span);
            }
        }
    };
    let onkeydown = {
        let (begun, zoom, on_mark, marked) = (
            begun.clone(),
            zoom.clone(),
            props.on_mark.clone(),
            props.marked,
        );
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let Some(key) = read_key(&event.key(), event.shift_key(), marked, bars) else {
                return;
            };
            event.prevent_default();
            match key {
                Key::Mark(at) => {
                    begun.set(None);
                    on_mark.emit(Some(at));
                }
                Key::Extend(at) => {
                    let first =
                        begun.map_or_else(|| marked.unwrap_or(bars - 1), |(first, _)| first);
                    begun.set(Some((first, false)));
                    on_mark.emit(Some(at));
                }
                Key::Zoom => {
                    if let Some(at) = marked {
                        zoom(begun.map_or(at, |(first, _)| first), at);
                    }
                }
                Key::Leave => {
                    begun.set(None);
                    on_mark.emit(None);
                }
            }
        })
    };
    let onpointerdown = {
        let (begun, on_mark, scrub) = (begun.clone(), props.on_mark.clone(), scrub.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(at) = bar_under(&scrub, &event, bars).filter(|_| event.button() == 0) {
                if let Some(target) = scrub.cast::<Element>() {
                    // Without it a drag ends where the chart does.
                    drop(target.set_pointer_capture(event.pointer_id()));
                }
                begun.set(Some((at, true)));
                on_mark.emit(Some(at));
            }
        })
    };
    let onpointermove = {
        let (on_mark, scrub) = (props.on_mark.clone(), scrub.clone());
        Callback::from(move |event: PointerEvent| on_mark.emit(bar_under(&scrub, &event, bars)))
    };
    let onpointerup = {
        let (begun, scrub) = (begun.clone(), scrub.clone());
        Callback::from(move |event: PointerEvent| {
            if let (Some((first, true)), Some(at)) = (*begun, bar_under(&scrub, &event, bars)) {
                zoom(first, at);
            }
        })
    };
    let forget = {
        let (begun, on_mark) = (begun.clone(), props.on_mark.clone());
        move || {
            begun.set(None);
            on_mark.emit(None);
        }
    };
    let onpointerleave = {
        let (begun, on_mark) = (begun.clone(), props.on_mark.clone());
        Callback::from(move |_: PointerEvent| {
            if begun.is_none() {
                on_mark.emit(None);
            }
        })
    };
    let onpointercancel = {
        let forget = forget.clone();
        Callback::from(move |_: PointerEvent| forget())
    };
    let onblur = Callback::from(move |_: FocusEvent| forget());
    let at = props.marked.unwrap_or(bars - 1);
    html! {
        <div
            class="chart-scrub"
            role="slider"
            tabindex="0"
            aria-label="Time on the chart"
            aria-describedby="chart-keys"
            aria-valuemin="1"
            aria-valuemax={bars.to_string()}
            aria-valuenow={(at + 1).to_string()}
            aria-valuetext={chart.bars.get(at).map(bar_words)}
            ref={scrub}
            {onkeydown}
            {onpointerdown}
            {onpointermove}
            {onpointerup}
            {onpointerleave}
            {onpointercancel}
            {onblur}
        >
            <span id="chart-keys" class="only-read">
                { "Arrow keys move, with Shift they mark a span, Enter zooms in." }
            </span>
            <svg class="chart-drawing" aria-hidden="true">
                { render_marked(props.marked, begun.map(|(first, _)| first), bars) }
            </svg>
        </div>
    }
}

/// The moments at which the bars from one to the other begin and end.
fn span(chart: &Chart, one: usize, other: usize) -> Option<(f64, f64)> {
    let (first, last) = between(one, other);
    Some((chart.bars.get(first)?.start, chart.bars.get(last)?.end))
}

fn render_marked(marked: Option<usize>, begun: Option<usize>, bars: usize) -> Html {
    let Some(at) = marked else {
        return Html::default();
    };
    let (first, last) = between(begun.unwrap_or(at), at);
    let across = 100.0 / bars as f64;
    html! {
        <rect
            class="chart-marked"
            x={format!("{}%", first as f64 * across)}
            width={format!("{}%", (last - first + 1) as f64 * across)}
            y="0"
            height="112"
        />
    }
}

/// The bar the pointer is over.
fn bar_under(scrub: &NodeRef, event: &PointerEvent, bars: usize) -> Option<usize> {
    let place = scrub.cast::<Element>()?.get_bounding_client_rect();
    let part = (f64::from(event.client_x()) - place.left()) / place.width();
    bar_at(part, bars)
}
