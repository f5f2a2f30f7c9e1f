//! Things that go wrong on demand: one table of faults, and the hooks at which the standing ones take hold.
//!
//! Some faults are done at once (cutting sockets, revoking a token); others stand for a number of
//! seconds or a number of times and are asked about where they matter. Their seconds are real ones.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde::Deserialize;

use crate::state::Sim;

mod table;

pub(crate) use table::TABLE;

/// `POST /sim/faults`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    pub(crate) fault: String,
    pub(crate) count: Option<u32>,
    pub(crate) seconds: Option<f64>,
    pub(crate) target: Option<String>,
    pub(crate) code: Option<u16>,
}

/// One fault: what it is called, what it does with which members, and how many things it affected.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) does: &'static str,
    apply: fn(&Arc<Sim>, &Order) -> Result<usize, String>,
}

/// Carries out an order.
///
/// # Errors
/// Says what is wrong with it.
pub(crate) fn carry_out(sim: &Arc<Sim>, order: &Order) -> Result<usize, String> {
    let fault = TABLE
        .iter()
        .find(|fault| fault.name == order.fault)
        .ok_or_else(|| {
            format!(
                "unknown fault {:?}; GET /sim/faults lists them",
                order.fault
            )
        })?;
    if order
        .seconds
        .is_some_and(|seconds| !seconds.is_finite() || seconds.abs() > 1e6)
    {
        return Err("seconds is out of range".to_owned());
    }
    (fault.apply)(sim, order)
}

/// The standing faults.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    http: Vec<HttpRule>,
    refuse_sockets_until: Option<Instant>,
    silent_until: Option<Instant>,
    late_until: Option<Instant>,
    delay: Option<(Duration, u32)>,
    duplicate: u32,
    new_id: u32,
    skew: SignedDuration,
}

#[derive(Debug)]
struct HttpRule {
    prefix: String,
    code: u16,
    until: Option<Instant>,
    left: Option<u32>,
}

/// How often a delivery is repeated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    pub(crate) as_it_is: bool,
    pub(crate) with_new_id: bool,
}

impl Faults {
    /// The status with which to answer this path instead of doing what is asked.
    pub(crate) fn http_status(&mut self, path: &str) -> Option<u16> {
        let now = Instant::now();
        self.http
            .retain(|rule| rule.left != Some(0) && rule.until.is_none_or(|until| until > now));
        let rule = self
            .http
            .iter_mut()
            .find(|rule| path.starts_with(&rule.prefix))?;
        if let Some(left) = &mut rule.left {
            *left -= 1;
        }
        Some(rule.code)
    }

    /// New sockets are turned away.
    pub(crate) fn refuses_sockets(&self) -> bool {
        is_ahead(self.refuse_sockets_until)
    }

    /// Nothing is sent on any socket.
    pub(crate) fn is_silent(&self) -> bool {
        is_ahead(self.silent_until)
    }

    /// The end of a socket is not noticed yet.
    pub(crate) fn notices_late(&self) -> bool {
        is_ahead(self.late_until)
    }

    /// How long to hold this delivery back.
    pub(crate) fn delay(&mut self) -> Option<Duration> {
        let (by, left) = self.delay.as_mut()?;
        let by = *by;
        *left -= 1;
        if *left == 0 {
            self.delay = None;
        }
        Some(by)
    }

    /// Whether to send this delivery again.
    pub(crate) fn repeat(&mut self) -> Repeat {
        let as_it_is = self.duplicate > 0;
        let with_new_id = self.new_id > 0;
        self.duplicate = self.duplicate.saturating_sub(1);
        self.new_id = self.new_id.saturating_sub(1);
        Repeat {
            as_it_is,
            with_new_id,
        }
    }

    /// By how much the timestamps of messages are off.
    pub(crate) fn clock_skew(&self) -> SignedDuration {
        self.skew
    }

    /// Ends all standing faults.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    fn answer_with(
        &mut self,
        prefix: &str,
        code: u16,
        count: Option<u32>,
        seconds: Option<Duration>,
    ) {
        let until = seconds.map(|seconds| Instant::now() + seconds);
        let left = count.or(until.is_none().then_some(1));
        self.http.push(HttpRule {
            prefix: prefix.to_owned(),
            code,
            until,
            left,
        });
    }
}

fn is_ahead(until: Option<Instant>) -> bool {
    until.is_some_and(|until| until > Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_answered_so_often_below_its_prefix_alone() {
        let mut faults = Faults::default();
        faults.answer_with("/helix/users", 503, Some(2), None);
        assert_eq!(faults.http_status("/helix/streams"), None);
        assert_eq!(faults.http_status("/helix/users"), Some(503));
        assert_eq!(faults.http_status("/helix/users"), Some(503));
        assert_eq!(faults.http_status("/helix/users"), None);
        faults.answer_with("/", 429, None, Some(Duration::ZERO));
        assert_eq!(faults.http_status("/helix/users"), None, "its time is over");
    }

    #[test]
    fn counted_faults_wear_off() {
        let mut faults = Faults {
            duplicate: 1,
            delay: Some((Duration::from_secs(1), 1)),
            ..Faults::default()
        };
        assert!(faults.repeat().as_it_is);
        assert!(!faults.repeat().as_it_is);
        assert!(faults.delay().is_some());
        assert!(faults.delay().is_none());
    }
}
