//! The cheap figures, for every change: each in units of what the yardsticks cost in the same run, so that a slower
//! machine cancels out, and compared with a baseline that is kept with the code. The bare loop stands for system calls,
//! the rows of `work` for everything else.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;

use super::{defaults, fanout, ingest, list};
use crate::figure::{Figure, rounded};
use crate::options::Options;
use crate::report::{Report, say};
use crate::rig::Rig;
use crate::rows::{FIRST, Rows};
use crate::work;

/// Short, as every change waits for it.
const SECONDS: Duration = Duration::from_secs(5);
const READERS: usize = 500;

/// Against what.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// The figures to compare with
    #[arg(long, default_value = "bench/baseline.json")]
    baseline: PathBuf,
    /// The share of the baseline that is still good enough
    #[arg(long, default_value_t = 0.7)]
    baseline_ratio: f64,
    /// Writes the baseline instead of comparing with it
    #[arg(long)]
    write: bool,
}

/// A figure as the baseline keeps it, and whether more is better.
const FIGURES: [(&str, bool); 4] = [
    ("ingest rate, share of the bare loop", true),
    ("ingest CPU, bare requests with a row", false),
    ("delivery CPU, bare requests", false),
    ("list CPU, rows", false),
];

type Baseline = BTreeMap<String, f64>;

/// Measures, and compares.
///
/// # Errors
/// When it cannot be measured, or there is no baseline.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let measured = measure(options, &mut report).await?;
    let named = FIGURES.iter().zip(measured);
    let new: Baseline = named
        .map(|((name, _), value)| ((*name).to_owned(), rounded(value)))
        .collect();
    if plan.write {
        let text = serde_json::to_string_pretty(&new)?;
        std::fs::write(&plan.baseline, format!("{text}\n"))?;
        say(format!("written to {}", plan.baseline.display()));
    }
    let shown = plan.baseline.display().to_string();
    let text = std::fs::read_to_string(&plan.baseline)
        .with_context(|| format!("{shown}: make one with bench check --write"))?;
    let baseline: Baseline = serde_json::from_str(&text).context(shown)?;
    judge(&mut report, &new, &baseline, plan.baseline_ratio)?;
    report.condition("seconds each", SECONDS.as_secs_f64());
    report.condition("live readers", READERS);
    report.condition("rate limits", "off");
    Ok(report)
}

/// In the order of [`FIGURES`].
async fn measure(options: &Options, report: &mut Report) -> anyhow::Result<[f64; 4]> {
    let ingest = ingest::Plan {
        seconds: SECONDS,
        ..defaults()?
    };
    say("check: ingest …");
    let row_at_first = row().await?;
    let bare = ingest.bare(options).await?;
    let rig = Rig::start(options, 1).await?;
    let server = ingest.server(options, &rig, report).await?;
    rig.end().await?;

    say("check: live readers …");
    let fanout = fanout::Plan {
        readers: READERS,
        seconds: SECONDS,
        rate: 50.0,
        ..defaults()?
    };
    let delivery = fanout.cost(options, report).await?;

    say("check: lists …");
    let row_at_lists = row().await?;
    let list = list::Plan {
        rows: FIRST,
        seconds: SECONDS,
        ..defaults()?
    };
    let rig = Rig::start(options, 1).await?;
    let rows = Rows::first(&rig, options.seed).await?;
    let listed = list.measure(&rig, &rows, options.seed).await?;
    rig.end().await?;

    report.condition("bare loop, requests/s", rounded(bare.rate));
    report.condition("bare loop CPU per request, µs", rounded(bare.cpu_us));
    report.condition("CPU of a row at first, µs", rounded(row_at_first));
    report.condition("CPU of a row before the lists, µs", rounded(row_at_lists));
    Ok([
        server.rate / bare.rate,
        server.cpu_us / (bare.cpu_us + row_at_first),
        delivery.cpu_us / bare.cpu_us,
        listed.cpu_us / row_at_lists,
    ])
}

/// What a row costs now, in microseconds of CPU.
async fn row() -> anyhow::Result<f64> {
    tokio::task::spawn_blocking(work::cost_us).await?
}

/// A figure that fell below its share of the baseline is a fault.
fn judge(
    report: &mut Report,
    new: &Baseline,
    baseline: &Baseline,
    share: f64,
) -> anyhow::Result<()> {
    for (name, more_is_better) in FIGURES {
        let old = *baseline
            .get(name)
            .with_context(|| format!("the baseline has no '{name}'; write a new one"))?;
        let value = new.get(name).copied().unwrap_or_default();
        let (worst, figure) = if more_is_better {
            let figure = Figure::new("check", name, value, "").more_is_better();
            (old * share, figure)
        } else {
            (old / share, Figure::new("check", name, value, ""))
        };
        let figure = figure.bar(rounded(worst), rounded(old));
        report.require(
            figure.verdict() == Some(true),
            format!("{name}: {value}, the baseline is {old}"),
        );
        report.figures.push(figure);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(value: f64) -> Baseline {
        let names = FIGURES.iter().map(|(name, _)| ((*name).to_owned(), value));
        names.collect()
    }

    #[test]
    fn a_fall_beyond_the_share_is_a_fault_in_either_direction() {
        let faults = |new: f64| {
            let mut report = Report::default();
            judge(&mut report, &all(new), &all(10.0), 0.7).unwrap();
            report.faults.len()
        };
        assert_eq!(faults(10.0), 0);
        assert_eq!(faults(7.5), 0, "both directions stay within 30 %");
        assert_eq!(faults(6.9), 1, "the one where more is better");
        assert_eq!(faults(14.0), 0);
        assert_eq!(faults(14.5), 3, "those where less is better");
    }

    #[test]
    fn a_baseline_without_a_figure_is_an_error() {
        let judged = judge(&mut Report::default(), &all(1.0), &Baseline::default(), 0.7);
        assert!(judged.is_err());
    }
}
