//! The figures of the chart: which buckets to ask for, and what is made of them.

use wire::Stats;

use super::bars::{Chart, Counts};
use super::steps::{DAY_MS, Step};
use crate::api::{Api, Error};
use crate::format::parse_time;
use crate::local_time::{ahead_of_utc, rfc3339, zone};
use crate::pages::history::filter::Filter;

/// A span of more days has more buckets than the server counts when it is told
/// where it begins; those in which nothing happened cost nothing when it is not.
const MOST_DAYS: f64 = 1_990.0;

/// Bars of a chart that begins where the events do.
const FEWEST_BARS: f64 = 30.0;

/// The chart of what a filter matches; none when nothing does.
///
/// Without a beginning it is the first event, which the days tell; only then is
/// it known how long bars are.
pub(super) async fn load(api: &Api, filter: &Filter) -> Result<Option<Chart>, Error> {
    let now = js_sys::Date::now();
    let until = filter.first("until").map_or(now, parse_time);
    let until = if until < now { until } else { now };
    // What is no time is the server's to refuse.
    let since = filter.first("since").map(parse_time);
    let mut pairs = filter.for_server();
    if let Some(since) = since
        && (until - since) / DAY_MS <= MOST_DAYS
    {
        let step = Step::for_span(until - since);
        let counted = ask(api, pairs, step.bucket()).await?;
        return Ok(draw(step, since.min(until), until, &counted));
    }
    if since.is_some_and(|since| !since.is_nan()) {
        pairs = filter.for_server_without(&["since"]);
    }
    let mut days = ask(api, pairs, "day").await?;
    days.retain(|(start, _)| since.is_none_or(|since| *start >= since));
    let Some(first) = first_of(&days) else {
        return Ok(None);
    };
    let step = Step::for_span(until - first);
    let bucket = step.bucket();
    if bucket == "day" {
        return Ok(draw(step, first, until, &days));
    }
    let since = rfc3339(first);
    let mut pairs = filter.for_server_without(&["since"]);
    pairs.push(("since", &since));
    let counted = ask(api, pairs, bucket).await?;
    let Some(first) = first_of(&counted) else {
        return Ok(None);
    };
    let step = Step::for_span(until - first).at_least(bucket);
    // Events of the last minutes alone would be bars as wide as a hand.
    let first = first.min(until - FEWEST_BARS * step.ms);
    Ok(draw(step, first, until, &counted))
}

type Buckets = Vec<(f64, Counts)>;

async fn ask(api: &Api, mut pairs: Vec<(&str, &str)>, bucket: &str) -> Result<Buckets, Error> {
    let zone = zone();
    pairs.extend([("bucket", bucket), ("tz", &zone)]);
    let Stats { buckets, .. } = api.stats(&pairs).await?;
    let buckets = buckets.into_iter();
    Ok(buckets
        .map(|bucket| (parse_time(&bucket.start), bucket.counts))
        .collect())
}

fn first_of(buckets: &Buckets) -> Option<f64> {
    buckets.first().map(|(start, _)| *start)
}

fn draw(step: Step, since: f64, until: f64, buckets: &Buckets) -> Option<Chart> {
    let marks = step.marks(since, until, ahead_of_utc);
    let chart = Chart::new(step, &marks, buckets);
    (chart.total() > 0).then_some(chart)
}
