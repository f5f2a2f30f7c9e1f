//! Every figure, one run after the other, in one table and one file.

use std::time::Duration;

use super::{Run, defaults};
use crate::options::Options;
use crate::report::{Report, say};

/// Readers that stop reading for a while.
const STALLED: usize = 100;

/// How large.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Plan {
    /// The sizes of the goals, instead of quicker ones; takes more than an hour and 20 GB of disk
    #[arg(long)]
    full: bool,
    /// Events of the list, whatever the other sizes
    #[arg(long)]
    rows: Option<u64>,
}

impl Plan {
    /// The runs and their sizes.
    fn runs(&self) -> anyhow::Result<Vec<Run>> {
        let mut fanout: super::fanout::Plan = defaults()?;
        let mut list: super::list::Plan = defaults()?;
        let mut chaos: super::chaos::Plan = defaults()?;
        let mut history: super::history::Plan = defaults()?;
        fanout.stalled = STALLED;
        if !self.full {
            fanout.stall = Duration::from_secs(15);
            list.rows = 1_000_000;
            history.rows = 1_000_000;
            chaos.messages = 100_000;
            chaos.kill_every = (1.0, 3.0);
        }
        list.rows = self.rows.unwrap_or(list.rows);
        let mut runs = vec![
            Run::Ingest(defaults()?),
            Run::Fanout(fanout),
            Run::List(list),
            Run::History(history),
            Run::Chaos(chaos),
            Run::Reconnect(defaults()?),
            Run::Page,
            Run::Start(defaults()?),
            Run::Browser(defaults()?),
            Run::Stop(defaults()?),
        ];
        if self.full {
            runs.push(Run::Memory(defaults()?));
        }
        Ok(runs)
    }
}

/// Does all; one that cannot be done is a fault and stops none of the others.
///
/// # Errors
/// When the sizes make no sense.
pub(crate) async fn run(options: &Options, plan: &Plan) -> anyhow::Result<Report> {
    let mut all = Report::default();
    for run in plan.runs()? {
        match Box::pin(run.execute(options)).await {
            Ok(report) => {
                let report = report.unwrap_or_default();
                say(format!("\n{}", report.table()));
                all.absorb(run.name(), report);
            }
            Err(error) => all.faults.push(format!("{}: {error:#}", run.name())),
        }
    }
    all.condition("full size", plan.full);
    all.condition("rate limits", "off");
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_history_are_of_ten_million_events_or_quicker_ones() {
        let rows = |full| {
            let runs = Plan { full, rows: None }.runs().unwrap();
            let rows = runs.iter().filter_map(|run| {
                if let Run::List(list) = run {
                    Some(list.rows)
                } else if let Run::History(history) = run {
                    Some(history.rows)
                } else {
                    None
                }
            });
            rows.collect::<Vec<_>>()
        };
        assert_eq!(rows(false), [1_000_000, 1_000_000]);
        assert_eq!(rows(true), [10_000_000, 10_000_000]);
    }

    #[test]
    fn the_number_of_rows_can_be_chosen_alone() {
        let rows = |full, rows| {
            let runs = Plan { full, rows }.runs().unwrap();
            let mut rows = runs.iter().filter_map(|run| {
                let Run::List(list) = run else { return None };
                Some(list.rows)
            });
            rows.next()
        };
        assert_eq!(rows(false, None), Some(1_000_000));
        assert_eq!(rows(true, None), Some(10_000_000));
        assert_eq!(rows(false, Some(30_000_000)), Some(30_000_000));
    }
}
