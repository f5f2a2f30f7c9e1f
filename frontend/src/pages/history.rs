//! The History page: everything that is stored, filtered, charted and to be
//! taken along. The address says which.

mod chart;
mod fields;
mod filter;
mod filter_bar;
mod list;
mod refusal;
mod spans;
mod streamers;
mod times;

use std::rc::Rc;

use js_sys::decode_uri_component;
use yew::prelude::*;

use crate::api::{encode, query_string};
use crate::browser::use_on_return;
use crate::components::title::Title;
use crate::format::parse_time;
use crate::hooks::use_state_eq;
use crate::kinds::Kinds;
use crate::local_time::rfc3339;
use crate::route::Route;
use crate::router::use_router;
use crate::session::use_session;
use crate::subscriptions::use_subscriptions;
use chart::{ChartPanel, Charted, total, use_chart};
use filter::Filter;
use filter_bar::FilterBar;
use list::{ListPanel, use_source};
use spans::{ends, wider};
use streamers::channels;

/// The page.
#[component]
pub fn History() -> Html {
    let (filter, on_change) = use_filter();
    let session = use_session();
    let subscriptions = use_subscriptions();
    use_on_return(subscriptions.on_retry());
    let round = use_state_eq(|| 0_u32);
    let charted = use_chart(&filter, *round);
    let source = Rc::new(use_source(&filter));
    let entries = subscriptions.get().ready().cloned().unwrap_or_default();
    let me = session.me().map(Rc::as_ref);
    let channels = channels(me, &entries, &filter);
    let on_revealed = Callback::from(move |()| round.set(round.wrapping_add(1)));
    html! {
        <div class="page">
            <Title text="History" />
            <h1 class="only-read">{ "History" }</h1>
            <FilterBar
                filter={filter.clone()}
                channels={channels.clone()}
                refusal={source.refusal(&filter)}
                kinds={kinds_of(&charted)}
                total={total(&charted).filter(|_| filter.unknown().is_none())}
                on_change={on_change.clone()}
            />
            <ChartPanel
                is_zoomed={filter.first("since").is_some() || filter.first("until").is_some()}
                on_zoom={on_zoom(&filter, &on_change)}
                on_zoom_out={on_zoom_out(&filter, &charted, &on_change)}
                {charted}
            />
            <ListPanel {source} {filter} {channels} {on_change} {on_revealed} />
        </div>
    }
}

/// The filter is the address; another one is a step to go back from.
#[hook]
fn use_filter() -> (Filter, Callback<Filter>) {
    let router = use_router();
    let decode = |text: &str| decode_uri_component(text).ok().map(String::from);
    let filter = Filter::parse(router.query(), decode);
    let change = Callback::from(move |filter: Filter| {
        let query = query_string(&filter.pairs(), encode);
        let address = format!("{}{query}", Route::History.path());
        if address != format!("{}{}", router.path(), router.query()) {
            router.go(&address);
        }
    });
    (filter, change)
}

fn kinds_of(charted: &Charted) -> Kinds {
    let chart = charted
        .get()
        .ready()
        .and_then(|chart| chart.as_ref().as_ref());
    chart.map_or(Kinds::NONE, |chart| chart.totals.keys().copied().collect())
}

fn on_zoom(filter: &Filter, on_change: &Callback<Filter>) -> Callback<(f64, f64)> {
    let filter = filter.clone();
    on_change.reform(move |(since, until): (f64, f64)| {
        // What reaches until now goes on with what comes, unless an end was set.
        let is_past = until < js_sys::Date::now();
        let until = is_past.then(|| rfc3339(until));
        let until = until.as_deref().or_else(|| filter.first("until"));
        filter.set_span(Some(&rfc3339(since)), until)
    })
}

fn on_zoom_out(filter: &Filter, charted: &Charted, on_change: &Callback<Filter>) -> Callback<()> {
    let filter = filter.clone();
    let span = charted
        .get()
        .ready()
        .and_then(|chart| chart.as_ref().as_ref()?.span());
    on_change.reform(move |()| {
        let now = js_sys::Date::now();
        let told = |name: &'static str| filter.first(name).map(parse_time);
        let (first, last) = span.unwrap_or((f64::NAN, now));
        let since = told("since").unwrap_or(first);
        let until = told("until").unwrap_or(last);
        let (since, until) = wider(since, until, now);
        let (since, until) = ends(since, until);
        filter.set_span(since.as_deref(), until.as_deref())
    })
}
