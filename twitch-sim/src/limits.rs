//! Helix's rate limit: one token bucket for the app, one for each user.

use std::collections::HashMap;

use jiff::Timestamp;

/// Points a minute; each call costs one. <https://dev.twitch.tv/docs/api/guide/#twitch-rate-limits>
pub(crate) const POINTS_PER_MINUTE: u32 = 800;
const POINTS_PER_SECOND: f64 = POINTS_PER_MINUTE as f64 / 60.0;

#[derive(Debug)]
struct Bucket {
    points: f64,
    at: Timestamp,
}

/// The buckets, by user id; the app's is `None`.
#[derive(Debug, Default)]
pub(crate) struct RateLimits(HashMap<Option<String>, Bucket>);

/// What is left in a bucket after a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    pub(crate) allowed: bool,
    pub(crate) remaining: u32,
    /// When the bucket is full again, on Twitch's clock.
    pub(crate) full_at: Timestamp,
}

impl RateLimits {
    pub(crate) fn take(&mut self, user_id: Option<&str>, now: Timestamp) -> Allowance {
        let full = f64::from(POINTS_PER_MINUTE);
        let bucket = self.0.entry(user_id.map(str::to_owned)).or_insert(Bucket {
            points: full,
            at: now,
        });
        let refill = now.duration_since(bucket.at).as_secs_f64().max(0.0) * POINTS_PER_SECOND;
        bucket.points = (bucket.points + refill).min(full);
        bucket.at = now;
        let allowed = bucket.points >= 1.0;
        if allowed {
            bucket.points -= 1.0;
        }
        let missing =
            jiff::SignedDuration::from_secs_f64((full - bucket.points) / POINTS_PER_SECOND);
        Allowance {
            allowed,
            remaining: bucket.points.floor() as u32,
            full_at: now.saturating_add(missing).unwrap_or(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_801st_call_in_a_moment_is_refused_and_others_are_not_affected() {
        let mut limits = RateLimits::default();
        let now = Timestamp::UNIX_EPOCH;
        let last = (0..POINTS_PER_MINUTE)
            .map(|_| limits.take(None, now))
            .last()
            .unwrap();
        assert!(last.allowed);
        assert_eq!(last.remaining, 0);
        assert!(!limits.take(None, now).allowed);
        assert!(limits.take(Some("1"), now).allowed);
        assert!(
            limits
                .take(None, now + jiff::SignedDuration::from_secs(1))
                .allowed
        );
    }
}
