//! One figure: what was measured, its bar, and where we are going.

use serde::Serialize;

use crate::latency::Summary;

/// Which direction is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
    pub(crate) fn verdict(&self) -> Option<bool> {
        self.bar.map(|bar| self.meets(bar))
    }

    /// How far the goal still is, as a factor.
    pub(crate) fn to_goal(&self) -> Option<String> {
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
}
