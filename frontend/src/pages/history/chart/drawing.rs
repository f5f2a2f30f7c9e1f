//! The bars and their axes. Positions across are in percent of whatever width
//! there is, so that words are not stretched with them.

use std::rc::Rc;

use yew::prelude::*;

use super::bars::{Bar, Chart, stack};
use super::steps::DAY_MS;
use super::{kinds_words, signed};
use crate::components::kind_icon::kind_class;
use crate::format::{count, number};
use crate::local_time::{ahead_of_utc, day, days, month, time_of_day};

/// Where the bars stand, in pixels from the top; `history.css` has the height
/// of the whole.
const GROUND: f64 = 112.0;
/// Height of the highest bar.
const HIGHEST: f64 = 96.0;
/// Where the words of the axis stand.
const WORDS: f64 = 128.0;
/// Part of a bar's place that it takes.
const FILLED: f64 = 0.78;
/// Words along the axis, at most; on a phone every second one.
const MOST_WORDS: usize = 8;

/// A chart that is another one only when it was made anew.
#[derive(Clone)]
pub(super) struct Shared(pub Rc<Option<Chart>>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Properties of [`Drawing`].
#[derive(Properties, PartialEq)]
pub(super) struct DrawingProps {
    pub chart: Shared,
}

/// What there is to see; a screen reader is told the sums.
#[component]
pub(super) fn Drawing(props: &DrawingProps) -> Html {
    let Some(chart) = props.chart.0.as_ref() else {
        return Html::default();
    };
    let across = 100.0 / chart.bars.len() as f64;
    let (from, until) = chart.span().unwrap_or_default();
    let description = format!(
        "{} from {}. {}.",
        count(signed(chart.total()), "event", "events"),
        days(from, until),
        kinds_words(&chart.totals),
    );
    let line = GROUND - HIGHEST;
    html! {
        <svg class="chart-drawing" role="img" aria-labelledby="chart-title chart-description">
            <title id="chart-title">{ format!("Events per {}, by kind", chart.step.words) }</title>
            <desc id="chart-description">{ description }</desc>
            <line class="chart-line" x1="0" x2="100%" y1={line.to_string()} y2={line.to_string()} />
            <line class="chart-line" x1="0" x2="100%" y1={GROUND.to_string()} y2={GROUND.to_string()} />
            { for chart.bars.iter().enumerate().map(|(at, bar)| render_bar(at, bar, chart.peak, across)) }
            { for axis(chart).into_iter().map(|mark| render_mark(&mark, across)) }
            <text class="chart-word num" x="0" y={(line - 4.0).to_string()}>
                { number(signed(chart.peak)) }
            </text>
        </svg>
    }
}

fn render_bar(at: usize, bar: &Bar, peak: u64, across: f64) -> Html {
    let left = (at as f64 + (1.0 - FILLED) / 2.0) * across;
    let parts = stack(bar, peak, HIGHEST);
    html! {
        for (kind, begin, height) in parts {
            <rect
                class={classes!("chart-bar", kind_class(kind))}
                x={percent(left)}
                width={percent(FILLED * across)}
                y={tenths(GROUND - begin - height)}
                height={tenths(height)}
            />
        }
    }
}

fn percent(value: f64) -> String {
    format!("{}%", (value * 1000.0).round() / 1000.0)
}

fn tenths(value: f64) -> String {
    ((value * 10.0).round() / 10.0).to_string()
}

/// Words below a bar.
struct Mark {
    at: usize,
    /// Left out where there is little room.
    is_minor: bool,
    words: String,
}

fn render_mark(mark: &Mark, across: f64) -> Html {
    html! {
        <text
            class={classes!("chart-word", "num", mark.is_minor.then_some("is-minor"))}
            x={percent(mark.at as f64 * across)}
            y={WORDS.to_string()}
        >
            { &mark.words }
        </text>
    }
}

/// The bars that have words: of a span of several days those that begin a day,
/// as many as there is room for.
fn axis(chart: &Chart) -> Vec<Mark> {
    let (from, until) = chart.span().unwrap_or_default();
    let has_days = until - from > 3.0 * DAY_MS;
    let bars = chart.bars.iter().enumerate();
    let candidates: Vec<(usize, f64)> = bars
        .map(|(at, bar)| (at, bar.start))
        .filter(|(_, start)| !has_days || chart.step.ms >= DAY_MS || is_midnight(*start))
        .collect();
    let every = candidates.len().div_ceil(MOST_WORDS).max(1);
    // Near the end of the axis there is no room for words.
    let room = chart.bars.len() - chart.bars.len() / MOST_WORDS;
    let places = candidates.into_iter().step_by(every).enumerate();
    places
        .filter(|(place, (at, _))| *place == 0 || *at < room)
        .map(|(place, (at, start))| Mark {
            at,
            is_minor: place % 2 == 1,
            words: moment_words(start, chart.step.ms),
        })
        .collect()
}

fn is_midnight(moment: f64) -> bool {
    (moment + ahead_of_utc(moment)) % DAY_MS == 0.0
}

fn moment_words(start: f64, step_ms: f64) -> String {
    if step_ms >= 28.0 * DAY_MS {
        month(start)
    } else if step_ms >= DAY_MS || is_midnight(start) {
        day(start)
    } else {
        time_of_day(start)
    }
}
