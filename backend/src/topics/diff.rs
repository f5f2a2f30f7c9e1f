//! What is wanted against what Twitch lists: what to create, to delete, to keep. Pure.

use std::collections::HashMap;

use super::wanted::Wanted;
use crate::twitch::eventsub::{Condition, EventsubSubscription, Spec};

/// The way events come at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// To our address.
    Webhook {
        /// Exactly as Twitch was told.
        callback: String,
    },
    /// Over our conduit.
    Conduit {
        /// Which.
        id: String,
    },
    /// The app gets nothing itself: everything comes over the viewers' own WebSockets.
    Viewers,
}

/// What makes a subscription ours. Others under the same client id belong to other installations.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    /// Our webhook address.
    pub(super) callback: String,
    /// Our conduit, also when it is not the route at present.
    pub(super) conduit_id: Option<String>,
}

impl Owner {
    pub(super) fn owns(&self, listed: &EventsubSubscription) -> bool {
        let transport = &listed.transport;
        match transport.method.as_str() {
            "webhook" => transport.callback == self.callback,
            "conduit" => self.conduit_id.as_deref() == Some(transport.conduit_id.as_str()),
            _ => false,
        }
    }
}

impl Route {
    /// Our conduit, when events come over it.
    pub(super) fn conduit_id(&self) -> Option<&str> {
        match self {
            Self::Webhook { .. } | Self::Viewers => None,
            Self::Conduit { id } => Some(id),
        }
    }

    /// Whether a subscription comes this way.
    pub(super) fn carries(&self, listed: &EventsubSubscription) -> bool {
        let transport = &listed.transport;
        match self {
            Self::Webhook { callback } => {
                transport.method == "webhook" && transport.callback == *callback
            }
            Self::Conduit { id } => transport.method == "conduit" && transport.conduit_id == *id,
            Self::Viewers => false,
        }
    }
}

/// What is to be done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Wanted, and Twitch does not have it.
    pub(super) create: Vec<Wanted>,
    /// Ours and not wanted (any more), or dead; Twitch's ids.
    pub(super) delete: Vec<String>,
    /// Wanted, and Twitch has it, enabled or pending.
    pub(super) keep: Vec<(Wanted, EventsubSubscription)>,
    /// Those of `create` that Twitch ended, with the status that says why.
    pub(super) ended: Vec<(Spec, String)>,
}

/// Compares. A topic listed twice is kept once; a dead one is deleted and created again.
pub(super) fn diff(
    wanted: &[Wanted],
    listed: &[EventsubSubscription],
    owner: &Owner,
    route: &Route,
) -> Plan {
    let mut plan = Plan::default();
    let mut ours: HashMap<Listed<'_>, Vec<&EventsubSubscription>> = HashMap::new();
    for listed in listed.iter().filter(|listed| owner.owns(listed)) {
        if route.carries(listed) {
            let spec = (
                listed.event_type.as_str(),
                listed.version.as_str(),
                &listed.condition,
            );
            ours.entry(spec).or_default().push(listed);
        } else {
            plan.delete.push(listed.id.clone());
        }
    }
    for wanted in wanted {
        let Spec {
            event_type,
            version,
            condition,
        } = &wanted.spec;
        let candidates = ours.remove(&(*event_type, *version, condition));
        let candidates = candidates.unwrap_or_default();
        let kept = candidates
            .iter()
            .position(|candidate| candidate.is_enabled())
            .or_else(|| {
                candidates
                    .iter()
                    .position(|candidate| candidate.is_pending())
            });
        for (index, candidate) in candidates.iter().enumerate() {
            if Some(index) != kept {
                plan.delete.push(candidate.id.clone());
            }
        }
        if let Some(index) = kept {
            plan.keep.push((wanted.clone(), candidates[index].clone()));
        } else {
            if let Some(ended) = candidates.last() {
                plan.ended.push((wanted.spec.clone(), ended.status.clone()));
            }
            plan.create.push(wanted.clone());
        }
    }
    let unwanted = ours.into_values().flatten();
    plan.delete
        .extend(unwanted.map(|unwanted| unwanted.id.clone()));
    plan.delete.sort();
    plan
}

/// What tells one listed topic from another: type, version, condition.
type Listed<'a> = (&'a str, &'a str, &'a Condition);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;
    use crate::topics::wanted::of_broadcasters;
    use crate::twitch::eventsub::ListedTransport;

    fn owner() -> Owner {
        Owner {
            callback: "https://me/webhooks/twitch".into(),
            conduit_id: Some("mine".into()),
        }
    }

    fn conduit() -> Route {
        Route::Conduit { id: "mine".into() }
    }

    fn over_conduit(conduit_id: &str) -> ListedTransport {
        ListedTransport {
            method: "conduit".into(),
            conduit_id: conduit_id.into(),
            ..ListedTransport::default()
        }
    }

    fn listed(wanted: &Wanted, id: &str, status: &str) -> EventsubSubscription {
        EventsubSubscription {
            id: id.into(),
            status: status.into(),
            event_type: wanted.spec.event_type.into(),
            version: wanted.spec.version.into(),
            condition: wanted.spec.condition.clone(),
            cost: 1,
            transport: over_conduit("mine"),
        }
    }

    fn wanted() -> Vec<Wanted> {
        of_broadcasters(&[UserId::new("7")])
    }

    #[test]
    fn missing_ones_are_created_and_present_ones_kept() {
        let all = wanted();
        let have = [
            listed(&all[0], "a", "enabled"),
            listed(&all[3], "b", "enabled"),
        ];
        let plan = diff(&all, &have, &owner(), &conduit());
        assert_eq!(
            plan.create,
            [all[1].clone(), all[2].clone(), all[4].clone()]
        );
        assert_eq!(plan.keep.len(), 2);
        assert!(plan.delete.is_empty());
    }

    #[test]
    fn unwanted_ones_of_ours_are_deleted_and_strangers_left_alone() {
        let all = wanted();
        let mut stranger = listed(&all[0], "theirs", "enabled");
        stranger.transport = over_conduit("other");
        let mut webhook = listed(&all[1], "hook", "enabled");
        webhook.transport = ListedTransport {
            method: "webhook".into(),
            callback: "https://me/webhooks/twitch/".into(),
            ..ListedTransport::default()
        };
        let mut socket = listed(&all[2], "socket", "enabled");
        socket.transport.method = "websocket".into();
        let have = [listed(&all[4], "a", "enabled"), stranger, webhook, socket];
        let plan = diff(&[], &have, &owner(), &conduit());
        assert_eq!(plan.delete, ["a"]);
    }

    #[test]
    fn after_a_change_of_transport_the_old_ones_of_ours_go() {
        let all = wanted();
        let have = [listed(&all[0], "a", "enabled")];
        let webhook = Route::Webhook {
            callback: owner().callback,
        };
        let plan = diff(&all[..1], &have, &owner(), &webhook);
        assert_eq!(plan.delete, ["a"]);
        assert_eq!(plan.create.len(), 1);
    }

    #[test]
    fn of_two_the_enabled_one_is_kept() {
        let all = wanted();
        let pending = "webhook_callback_verification_pending";
        let have = [
            listed(&all[0], "a", pending),
            listed(&all[0], "b", "enabled"),
        ];
        let plan = diff(&all[..1], &have, &owner(), &conduit());
        assert_eq!(plan.keep[0].1.id, "b");
        assert_eq!(plan.delete, ["a"]);
    }

    #[test]
    fn a_dead_one_is_replaced_and_its_status_told() {
        let all = wanted();
        let have = [listed(&all[0], "a", "notification_failures_exceeded")];
        let plan = diff(&all[..1], &have, &owner(), &conduit());
        assert_eq!(plan.delete, ["a"]);
        assert_eq!(plan.create.len(), 1);
        assert_eq!(plan.ended[0].1, "notification_failures_exceeded");
    }

    #[test]
    fn another_version_is_another_topic() {
        let all = wanted();
        let mut old = listed(&all[2], "old", "enabled");
        old.version = "1".into();
        let plan = diff(&all[2..3], &[old], &owner(), &conduit());
        assert_eq!((plan.create.len(), plan.delete.len()), (1, 1));
    }
}
