//! What `GET /sim/log` shows: what was sent to whom, and what was asked by whom.
//! Bounded: the newest entries are kept, and how many older ones were dropped is said.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;

const MAX_DELIVERIES: usize = 20_000;
const MAX_REQUESTS: usize = 10_000;

/// One message on its way to one receiver.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Delivery {
    pub(crate) message_id: String,
    pub(crate) message_type: &'static str,
    #[serde(rename = "type")]
    pub(crate) event_type: String,
    pub(crate) version: String,
    pub(crate) subscription_id: String,
    pub(crate) broadcaster_id: Option<String>,
    /// `webhook`, `websocket` or `conduit`.
    pub(crate) transport: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conduit_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shard_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) callback: Option<String>,
    pub(crate) at: Timestamp,
    /// How often it was tried.
    pub(crate) attempts: u32,
    pub(crate) outcome: String,
}

/// One request that reached the simulator.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Request {
    pub(crate) at: Timestamp,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Of Helix paths alone; others may carry secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) query: Option<String>,
    pub(crate) status: u16,
    /// Whose token came with it: `app`, or the user's login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client: Option<String>,
}

/// The two rings.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Journal {
    deliveries: VecDeque<Delivery>,
    requests: VecDeque<Request>,
    dropped: Dropped,
}

#[derive(Debug, Default, Serialize)]
struct Dropped {
    deliveries: u64,
    requests: u64,
}

/// Names an entry while it is in the ring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeliveryNo(u64);

impl Journal {
    pub(crate) fn sending(&mut self, delivery: Delivery) -> DeliveryNo {
        if self.deliveries.len() == MAX_DELIVERIES {
            self.deliveries.pop_front();
            self.dropped.deliveries += 1;
        }
        self.deliveries.push_back(delivery);
        DeliveryNo(self.dropped.deliveries + self.deliveries.len() as u64 - 1)
    }

    /// Notes how a delivery went, or how it is going.
    pub(crate) fn outcome(
        &mut self,
        number: DeliveryNo,
        attempts: u32,
        outcome: impl Into<String>,
    ) {
        let Some(index) = number.0.checked_sub(self.dropped.deliveries) else {
            return;
        };
        if let Some(delivery) = usize::try_from(index)
            .ok()
            .and_then(|index| self.deliveries.get_mut(index))
        {
            delivery.attempts = attempts;
            delivery.outcome = outcome.into();
        }
    }

    pub(crate) fn asked(&mut self, request: Request) {
        if self.requests.len() == MAX_REQUESTS {
            self.requests.pop_front();
            self.dropped.requests += 1;
        }
        self.requests.push_back(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_deliveries_are_kept_and_the_dropped_ones_counted() {
        let mut journal = Journal::default();
        let first = journal.sending(Delivery::default());
        for number in 0..MAX_DELIVERIES {
            let message_id = number.to_string();
            journal.sending(Delivery {
                message_id,
                ..Delivery::default()
            });
        }
        journal.outcome(first, 1, "late");
        assert_eq!(journal.dropped.deliveries, 1);
        assert_eq!(journal.deliveries.len(), MAX_DELIVERIES);
        assert_eq!(journal.deliveries[0].message_id, "0");
        assert!(
            journal
                .deliveries
                .iter()
                .all(|delivery| delivery.outcome.is_empty())
        );

        let last = journal.sending(Delivery::default());
        journal.outcome(last, 1, "sent");
        assert_eq!(journal.deliveries.back().unwrap().outcome, "sent");
    }
}
