//! Shared chat: two or three channels that read each other's chat for a while.

use std::sync::Arc;

use jiff::Timestamp;

use crate::world::payload::shared_chat;
use crate::world::{World, later};

/// A session that is going on.
#[derive(Debug)]
pub(crate) struct SharedChat {
    members: Vec<usize>,
    until: Timestamp,
}

impl World {
    /// The other channels that see this one's chat.
    pub(crate) fn sharers(&self, host: usize) -> Vec<usize> {
        self.shared
            .as_ref()
            .filter(|shared| shared.members.contains(&host))
            .into_iter()
            .flat_map(|shared| shared.members.iter().copied())
            .filter(|member| *member != host)
            .collect()
    }

    /// Forgets a session whose time is over.
    pub(crate) fn expire_shared_chat(&mut self, at: Timestamp) {
        if self
            .shared
            .as_ref()
            .is_some_and(|shared| shared.until <= at)
        {
            self.shared = None;
        }
    }

    pub(crate) fn shared_chat(&mut self, host: usize, at: Timestamp) {
        if self.shared.is_some() {
            return;
        }
        let people = Arc::clone(&self.people);
        let mut others: Vec<usize> = (0..self.channels.len())
            .filter(|other| *other != host && self.is_live(*other))
            .collect();
        self.dice.shuffle(&mut others);
        let Some(guest) = others.first().copied() else {
            return;
        };
        let until = later(at, self.dice.within(150.0, 280.0));
        let id = self.dice.uuid();
        let session = |channel: usize, members: &[usize]| {
            let members: Vec<_> = members.iter().map(|member| &people[*member]).collect();
            shared_chat::session(&people[channel], &people[host], &id, &members)
        };
        let mut members = vec![host, guest];
        for member in &members {
            let event = session(*member, &members);
            self.plan(*member, "channel.shared_chat.begin", event, at);
        }
        if let Some(third) = others.get(1).copied().filter(|_| self.dice.chance(0.5)) {
            let joins = later(at, self.dice.within(25.0, 70.0));
            let all = [host, guest, third];
            for member in &members {
                let event = session(*member, &all);
                self.plan(*member, "channel.shared_chat.update", event, joins);
            }
            let event = session(third, &all);
            self.plan(third, "channel.shared_chat.begin", event, joins);
            members.push(third);
        }
        for member in &members {
            let event = shared_chat::end(&people[*member], &people[host], &id);
            self.plan(*member, "channel.shared_chat.end", event, until);
        }
        // A third one listens in; only the first two hear each other.
        members.truncate(2);
        self.shared = Some(SharedChat { members, until });
    }
}
