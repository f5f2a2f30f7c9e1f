//! The chart as a table: the same figures for those who do not look at bars.

use wire::Kind;
use yew::prelude::*;

use super::bars::{Bar, Chart};
use super::{signed, span_words};
use crate::components::kind_icon::kind_label;
use crate::format::number;

/// One row for each bar that has events, the newest first.
pub(super) fn table(chart: &Chart) -> Html {
    let kinds: Vec<Kind> = chart.totals.keys().copied().collect();
    let rows = chart.bars.iter().rev().filter(|bar| bar.total() > 0);
    html! {
        <div class="chart-table" tabindex="0" role="group" aria-label="Figures of the chart">
            <table>
                <caption class="only-read">
                    { format!("Events per {}, by kind", chart.step.words) }
                </caption>
                <thead>
                    <tr>
                        <th scope="col">{ "Time" }</th>
                        <th scope="col">{ "All" }</th>
                        for kind in &kinds {
                            <th scope="col" key={kind.as_str()}>{ kind_label(*kind) }</th>
                        }
                    </tr>
                </thead>
                <tbody>
                    { for rows.map(|bar| row(bar, &kinds)) }
                </tbody>
            </table>
        </div>
    }
}

fn row(bar: &Bar, kinds: &[Kind]) -> Html {
    let cell = |count: u64| html! { <td class="num">{ number(signed(count)) }</td> };
    html! {
        <tr key={bar.start.to_string()}>
            <th scope="row">{ span_words(bar) }</th>
            { cell(bar.total()) }
            { for kinds.iter().map(|kind| cell(bar.counts.get(kind).copied().unwrap_or_default())) }
        </tr>
    }
}
