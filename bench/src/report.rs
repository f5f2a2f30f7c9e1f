//! Figures: how a run tells them, the table for people and the file for later comparison.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::latency::Summary;
use crate::machine;

/// Which direction is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Better {
    /// Smaller values are better.
    Less,
    /// Larger values are better.
    More,
}

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// Of the goal it belongs to, such as `P1`.
    pub(crate) id: &'static str,
    /// What was measured.
    pub(crate) what: String,
    /// As measured.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// What must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bar: Option<f64>,
    /// Where we are going.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) goal: Option<f64>,
    /// Which direction is good.
    pub(crate) better: Better,
    /// The times behind it.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<Times>,
}

/// Percentiles in a result.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Times {
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
}

impl Figure {
    /// A figure without a bar, the smaller the better.
    pub(crate) fn new(
        id: &'static str,
        what: impl Into<String>,
        value: f64,
        unit: &'static str,
    ) -> Self {
        Self {
            id,
            what: what.into(),
            value: rounded(value),
            unit,
            bar: None,
            goal: None,
            better: Better::Less,
            times: None,
        }
    }

    /// The larger the better.
    pub(crate) fn more_is_better(mut self) -> Self {
        self.better = Better::More;
        self
    }

    /// With the bar and the goal beyond it.
    pub(crate) fn bar(mut self, bar: f64, goal: f64) -> Self {
        (self.bar, self.goal) = (Some(bar), Some(goal));
        self
    }

    /// With the times behind it.
    pub(crate) fn times(mut self, summary: &Summary) -> Self {
        self.times = Some(Times {
            p50_ms: rounded(summary.p50_ms),
            p99_ms: rounded(summary.p99_ms),
            max_ms: rounded(summary.max_ms),
        });
        self
    }

    fn meets(&self, mark: f64) -> bool {
        match self.better {
            Better::Less => self.value <= mark,
            Better::More => self.value >= mark,
        }
    }

    /// Whether it keeps its bar; none when it has none.
    fn verdict(&self) -> Option<bool> {
        self.bar.map(|bar| self.meets(bar))
    }

    /// How far the goal still is, as a factor.
    fn to_goal(&self) -> Option<String> {
        let goal = self.goal?;
        if self.meets(goal) {
            return Some("reached".to_owned());
        }
        let factor = match self.better {
            Better::Less => self.value / goal,
            Better::More => goal / self.value,
        };
        Some(if factor.is_finite() {
            format!("{factor:.2} ×")
        } else {
            "far".to_owned()
        })
    }
}

/// Four significant digits: more is noise.
pub(crate) fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = 3 - value.abs().log10().floor() as i32;
    let factor = 10_f64.powi(digits);
    if digits > 0 {
        (value * factor).round() / factor
    } else {
        value.round()
    }
}

/// What a run found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// As measured.
    pub(crate) figures: Vec<Figure>,
    /// How it was measured.
    pub(crate) conditions: Map<String, Value>,
    /// What must never happen, and did.
    pub(crate) faults: Vec<String>,
}

impl Report {
    /// Notes a condition.
    pub(crate) fn condition(&mut self, name: &str, value: impl Into<Value>) {
        self.conditions.insert(name.to_owned(), value.into());
    }

    /// Notes a fault unless this holds.
    pub(crate) fn require(&mut self, holds: bool, what: impl Into<String>) {
        if !holds {
            self.faults.push(what.into());
        }
    }

    /// Takes over another run's; its conditions stand under its name.
    pub(crate) fn absorb(&mut self, name: &str, other: Self) {
        self.figures.extend(other.figures);
        self.conditions
            .insert(name.to_owned(), Value::Object(other.conditions));
        self.faults
            .extend(other.faults.iter().map(|fault| format!("{name}: {fault}")));
    }

    /// The figures as a table.
    pub(crate) fn table(&self) -> String {
        let mut rows =
            vec![["", "what", "measured", "bar", "", "goal", "to the goal"].map(str::to_owned)];
        for figure in &self.figures {
            let mark = |mark: Option<f64>| mark.map_or_else(String::new, |mark| mark.to_string());
            let verdict = match figure.verdict() {
                None => "",
                Some(true) => "ok",
                Some(false) => "MISSED",
            };
            rows.push([
                figure.id.to_owned(),
                figure.what.clone(),
                format!("{} {}", figure.value, figure.unit),
                mark(figure.bar),
                verdict.to_owned(),
                mark(figure.goal),
                figure.to_goal().unwrap_or_default(),
            ]);
        }
        aligned(&rows)
    }

    /// Writes all with date, commit and machine; answers the file's path.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(&self, what: &str, folder: &Path) -> anyhow::Result<PathBuf> {
        let now = Timestamp::now();
        std::fs::create_dir_all(folder)?;
        let name = format!("{}-{what}.json", now.strftime("%Y-%m-%dT%H%M%S"));
        let path = folder.join(name);
        let text = serde_json::to_string_pretty(&self.json(now))?;
        std::fs::write(&path, format!("{text}\n")).with_context(|| path.display().to_string())?;
        Ok(path)
    }

    fn json(&self, now: Timestamp) -> Value {
        json!({
            "date": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "commit": machine::commit(),
            "machine": machine::describe(),
            "conditions": self.conditions,
            "figures": self.figures,
            "faults": self.faults,
        })
    }
}

/// Columns of equal width, numbers and all.
fn aligned(rows: &[[String; 7]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let mut table = String::new();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(column, cell)| format!("{cell:<0$}", width(column)))
            .collect();
        table.push_str(cells.join("  ").trim_end());
        table.push('\n');
    }
    table
}

/// Tells whoever watches.
pub(crate) fn say(text: impl AsRef<str>) {
    // Nobody may be reading.
    _ = writeln!(std::io::stdout().lock(), "{}", text.as_ref());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_judged_in_its_own_direction() {
        let less = Figure::new("P2", "latency", 100.0, "ms").bar(150.0, 50.0);
        assert_eq!(less.verdict(), Some(true));
        assert_eq!(less.to_goal().unwrap(), "2.00 ×");
        let more = Figure::new("P1", "share", 0.2, "")
            .more_is_better()
            .bar(0.22, 0.46);
        assert_eq!(more.verdict(), Some(false));
        assert_eq!(more.to_goal().unwrap(), "2.30 ×");
        let zero = Figure::new("P4", "lost", 0.0, "").bar(0.0, 0.0);
        assert_eq!(zero.verdict(), Some(true));
        assert_eq!(zero.to_goal().unwrap(), "reached");
    }

    #[test]
    fn values_keep_four_digits() {
        assert_eq!(rounded(123_456.7), 123_457.0);
        assert_eq!(rounded(0.123_456), 0.1235);
        assert_eq!(rounded(12.3456), 12.35);
        assert_eq!(rounded(0.0), 0.0);
    }

    #[test]
    fn a_result_says_what_later_runs_compare() {
        let mut report = Report::default();
        report.condition("rate limits", "off");
        let summary = Summary {
            count: 1,
            p50_ms: 1.0,
            p99_ms: 2.0,
            max_ms: 3.0,
        };
        let figure = Figure::new("P2", "publish to read", 2.0, "ms");
        report
            .figures
            .push(figure.bar(150.0, 150.0).times(&summary));
        let json = report.json(Timestamp::UNIX_EPOCH);
        assert_eq!(json["date"], "1970-01-01T00:00:00Z");
        assert_eq!(json["conditions"]["rate limits"], "off");
        assert!(json["machine"]["cores"].as_u64().unwrap() > 0);
        assert_eq!(
            json["figures"][0],
            json!({"id": "P2", "what": "publish to read", "value": 2.0, "unit": "ms", "bar": 150.0, "goal": 150.0,
                "better": "less", "p50_ms": 1.0, "p99_ms": 2.0, "max_ms": 3.0})
        );
    }

    #[test]
    fn the_table_lines_up() {
        let mut report = Report::default();
        report.figures.push(Figure::new("P1", "a", 1.0, "s"));
        report
            .figures
            .push(Figure::new("P1", "longer", 22.0, "s").bar(1.0, 1.0));
        let table = report.table();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0].find("measured"), lines[1].find("1 s"));
        assert!(lines[2].contains("MISSED"));
    }
}
