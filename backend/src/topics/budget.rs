//! What the app's own topics may cost: Twitch's budget, less what other installations use of it. Pure.

use std::collections::HashSet;

use super::diff::Owner;
use super::wanted::Wanted;
use crate::ids::UserId;
use crate::twitch::eventsub::EventsubSubscription;

/// Kept free for the app's own topics, of which nobody knows what they cost.
const RESERVE: i64 = 2;

/// Points for our topics.
pub(super) fn budget(listed: &[EventsubSubscription], owner: &Owner, max_total_cost: i64) -> i64 {
    let is_foreign = |l: &&EventsubSubscription| l.is_enabled() && !owner.owns(l);
    let foreign: i64 = listed.iter().filter(is_foreign).map(|l| l.cost).sum();
    (max_total_cost - foreign - RESERVE).max(0)
}

/// Parts what there is room for from the rest; `wanted` is in the order of importance. A topic costs one point,
/// that of somebody who has `authorised` this app none; those of the app itself are always within.
pub(super) fn within(
    budget: i64,
    wanted: Vec<Wanted>,
    authorised: &HashSet<UserId>,
) -> (Vec<Wanted>, Vec<Wanted>) {
    let mut left = budget;
    wanted.into_iter().partition(|wanted| {
        let Some(key) = &wanted.key else { return true };
        let cost = i64::from(!authorised.contains(&key.broadcaster_id));
        let fits = cost <= left;
        left -= if fits { cost } else { 0 };
        fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::wanted::{of_app, of_broadcasters};

    fn all() -> Vec<Wanted> {
        let mut all = of_broadcasters(&["1", "2", "3"].map(UserId::new));
        all.extend(of_app("app", None));
        all
    }

    #[test]
    fn the_most_important_fit_and_the_app_s_own_always_do() {
        let (fit, without) = within(7, all(), &HashSet::new());
        assert_eq!((fit.len(), without.len()), (8, 8));
        assert_eq!(fit[..5], all()[..5]);
        assert!(fit.last().is_some_and(|own| own.key.is_none()));
    }

    #[test]
    fn those_who_log_in_here_cost_nothing() {
        let authorised = HashSet::from([UserId::new("1"), UserId::new("3")]);
        let (_, without) = within(5, all(), &authorised);
        assert!(without.is_empty());
    }
}
