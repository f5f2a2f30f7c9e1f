//! The chart of events over time by kind: look, and press to see less of it.

mod bars;
mod drawing;
mod picking;
mod scrub;
mod source;
mod steps;
mod table;

use std::rc::Rc;

use yew::prelude::*;

use super::filter::Filter;
use super::refusal::Refusal;
use crate::components::kind_icon::kind_label;
use crate::components::states::load_failed;
use crate::format;
use crate::hooks::use_state_eq;
use crate::local_time::{days, times};
use crate::remote::{Remote, RemoteHandle, use_remote};
pub(super) use bars::Chart;
use bars::{Bar, Counts};
use drawing::{Drawing, Shared};
use scrub::Scrub;
use steps::DAY_MS;
use table::table;

/// What the chart of a filter shows; none when nothing matches.
pub(super) type Charted = RemoteHandle<Option<Chart>>;

/// Counts what the filter matches; `round` grows when there is reason to count again.
#[hook]
pub(super) fn use_chart(filter: &Filter, round: u32) -> Charted {
    use_remote((filter.clone(), round), |api, (filter, _)| async move {
        if filter.unknown().is_some() {
            // Not asked: the list says what is wrong.
            return Ok(None);
        }
        source::load(&api, &filter).await
    })
}

/// How many events the filter matches, once it is known.
pub(super) fn total(charted: &Charted) -> Option<u64> {
    let chart = charted.get().ready()?;
    Some(chart.as_ref().as_ref().map_or(0, Chart::total))
}

/// Properties of [`ChartPanel`].
#[derive(Properties)]
pub(super) struct ChartPanelProps {
    pub charted: Charted,
    /// The filter has a span of time, so there is more to see.
    pub is_zoomed: bool,
    /// To this span of time, from and until, milliseconds.
    pub on_zoom: Callback<(f64, f64)>,
    pub on_zoom_out: Callback<()>,
}

/// A handle cannot be compared; its owner renders only when it has changed.
impl PartialEq for ChartPanelProps {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// The chart with its figures, its table, and the way back out.
#[component]
pub(super) fn ChartPanel(props: &ChartPanelProps) -> Html {
    let marked = use_state_eq(|| None::<usize>);
    let has_table = use_state_eq(bool::default);
    let chart = match props.charted.get() {
        Remote::Loading => return render_panel("Events over time", Html::default(), bones()),
        // What the list says in full where it is wrong.
        Remote::Failed(error) if Refusal::of(error).is_some() => return Html::default(),
        Remote::Failed(error) => {
            let failed = load_failed("The chart", error, &props.charted.on_retry());
            return render_panel("Events over time", Html::default(), failed);
        }
        Remote::Ready(charted) => Rc::clone(charted),
    };
    let Some(shown) = chart.as_ref() else {
        return Html::default();
    };
    let on_mark = {
        let marked = marked.clone();
        Callback::from(move |at| marked.set(at))
    };
    let toggle = {
        let has_table = has_table.clone();
        Callback::from(move |_: MouseEvent| has_table.set(!*has_table))
    };
    let zoom_out = props.on_zoom_out.reform(|_: MouseEvent| ());
    let buttons = html! {
        <>
            if props.is_zoomed {
                <button type="button" class="btn ghost" onclick={zoom_out}>{ "Zoom out" }</button>
            }
            <button
                type="button"
                class="btn ghost"
                aria-expanded={has_table.to_string()}
                onclick={toggle}
            >
                { "Table" }
            </button>
        </>
    };
    let figures = marked
        .and_then(|at| shown.bars.get(at))
        .map(bar_words)
        .unwrap_or_else(|| "Press a bar or drag to zoom in.".into());
    let content = html! {
        <>
            <p class="chart-figures small num" aria-hidden="true">{ figures }</p>
            <div class="chart-plot">
                <Drawing chart={Shared(Rc::clone(&chart))} />
                <Scrub
                    chart={Shared(Rc::clone(&chart))}
                    marked={*marked}
                    {on_mark}
                    on_zoom={props.on_zoom.clone()}
                />
            </div>
            if *has_table {
                { table(shown) }
            }
        </>
    };
    render_panel(
        &format!("Events per {}", shown.step.words),
        buttons,
        content,
    )
}

fn render_panel(title: &str, buttons: Html, content: Html) -> Html {
    html! {
        <section class="panel chart" aria-labelledby="chart-heading">
            <header>
                <h2 id="chart-heading">{ title }</h2>
                <span class="grow" />
                { buttons }
            </header>
            { content }
        </section>
    }
}

/// As tall as what comes.
fn bones() -> Html {
    html! {
        <div role="status">
            <span class="only-read">{ "Loading the chart…" }</span>
            <div class="chart-bones bone" aria-hidden="true" />
        </div>
    }
}

/// `1 Nov, 18:00 – 20:00: 42 events. Raids 30, Subs 12`
fn bar_words(bar: &Bar) -> String {
    let total = format::count(signed(bar.total()), "event", "events");
    let kinds = kinds_words(&bar.counts);
    let span = span_words(bar);
    if kinds.is_empty() {
        format!("{span}: {total}")
    } else {
        format!("{span}: {total}. {kinds}")
    }
}

fn kinds_words(counts: &Counts) -> String {
    let told: Vec<String> = counts
        .iter()
        .map(|(kind, count)| format!("{} {}", kind_label(*kind), format::number(signed(*count))))
        .collect();
    told.join(", ")
}

fn span_words(bar: &Bar) -> String {
    // A day on which clocks go forward has an hour less.
    if bar.end - bar.start > DAY_MS / 2.0 + 1.0 {
        days(bar.start, bar.end)
    } else {
        times(bar.start, bar.end)
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
