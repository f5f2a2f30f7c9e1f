//! What a run found: the table for people and the file for later comparison.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::figure::Figure;
use crate::machine;

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
    use crate::latency::Summary;

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
