//! Twitch's clock: how fast it goes, and how its times translate to those of the outside world.
//! What happens at which time is left to the callers.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// A clock that started at the real time and goes `scale` times as fast.
///
/// Everything inside the simulator runs on [`Clock::now`]. What leaves it carries real times:
/// with a scale above 1 the inner time runs ahead, and a receiver would refuse messages from the future.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    started: Timestamp,
    since: Instant,
    scale: f64,
}

impl Clock {
    pub(crate) fn new(scale: f64) -> Self {
        Self {
            started: Timestamp::now(),
            since: Instant::now(),
            scale,
        }
    }

    /// The time on Twitch's clock.
    pub(crate) fn now(&self) -> Timestamp {
        if self.is_real() {
            // Not by what has elapsed: that stands still while a laptop sleeps.
            return Timestamp::now();
        }
        let elapsed = self.since.elapsed().mul_f64(self.scale);
        let elapsed = SignedDuration::try_from(elapsed).unwrap_or(SignedDuration::MAX);
        self.started
            .saturating_add(elapsed)
            .unwrap_or(Timestamp::MAX)
    }

    fn is_real(&self) -> bool {
        (self.scale - 1.0).abs() < f64::EPSILON
    }

    /// How long `span` of Twitch's clock really takes.
    pub(crate) fn real(&self, span: Duration) -> Duration {
        span.div_f64(self.scale)
    }

    /// How long to wait, really, until Twitch's clock shows `time`.
    pub(crate) fn until(&self, time: Timestamp) -> Duration {
        let left = time.duration_since(self.now());
        self.real(Duration::try_from(left).unwrap_or_default())
    }

    /// The real time at which Twitch's clock shows `time`; times before the start are left as they are.
    pub(crate) fn to_real(&self, time: Timestamp) -> Timestamp {
        let ahead = time.duration_since(self.started);
        match Duration::try_from(ahead) {
            Ok(ahead) => {
                let real = SignedDuration::try_from(self.real(ahead)).unwrap_or_default();
                self.started.saturating_add(real).unwrap_or(time)
            }
            Err(_before_the_start) => time,
        }
    }

    /// Rewrites the times inside an event (members named `…_at`) as real times.
    pub(crate) fn make_real(&self, value: &mut Value) {
        if self.is_real() {
            return;
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let time = name
                        .ends_with("_at")
                        .then(|| member.as_str()?.parse::<Timestamp>().ok())
                        .flatten();
                    match time {
                        Some(time) => *member = Value::String(self.to_real(time).to_string()),
                        None => self.make_real(member),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.make_real(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_leave_a_fast_clock_are_real_ones() {
        let clock = Clock::new(60.0);
        let inner = clock.started + SignedDuration::from_secs(120);
        assert_eq!(
            clock.to_real(inner),
            clock.started + SignedDuration::from_secs(2)
        );

        let mut event = serde_json::json!({
            "id": "1", "started_at": inner.to_string(), "title": inner.to_string(),
            "choices": [{ "ends_at": "2016-12-14T20:32:28Z" }],
        });
        clock.make_real(&mut event);
        assert_eq!(
            event["started_at"],
            (clock.started + SignedDuration::from_secs(2)).to_string()
        );
        assert_eq!(
            event["title"],
            inner.to_string(),
            "only members named as times are times"
        );
        assert_eq!(
            event["choices"][0]["ends_at"], "2016-12-14T20:32:28Z",
            "the past stays"
        );
    }
}
