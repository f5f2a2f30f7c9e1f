//! Shared chat: two or three channels that read each other's chat for a while.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::Act;
use crate::world::payload::shared_chat;
use crate::world::{Happening, World, later};

/// A session that is going on.
#[derive(Debug)]
pub(crate) struct SharedChat {
    id: String,
    /// The host first.
    members: Vec<usize>,
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

    /// Begins a session with another live channel, unless there is one already.
    pub(crate) fn shared_chat(&mut self, host: usize, at: Timestamp, out: &mut Vec<Happening>) {
        if self.shared.is_some() {
            return;
        }
        let mut others: Vec<usize> = (0..self.channels.len())
            .filter(|other| *other != host && self.stays_live(*other))
            .collect();
        self.dice.shuffle(&mut others);
        let Some(guest) = others.first().copied() else {
            return;
        };
        let shared = SharedChat {
            id: self.dice.uuid(),
            members: vec![host, guest],
        };
        for member in [host, guest] {
            let event = self.session(&shared, member);
            self.tell(member, "channel.shared_chat.begin", event, out);
        }
        let id = shared.id.clone();
        self.shared = Some(shared);
        if let Some(third) = others.get(1).copied().filter(|_| self.dice.chance(0.5)) {
            let joins = later(at, self.dice.within(25.0, 70.0));
            let id = id.clone();
            self.agenda
                .add(joins, Act::JoinSharedChat { id, guest: third });
        }
        let until = later(at, self.dice.within(150.0, 280.0));
        self.agenda.add(until, Act::EndSharedChat { id });
    }

    /// One more channel comes in, if the session still is and it is still live.
    pub(crate) fn join_shared_chat(&mut self, id: &str, guest: usize, out: &mut Vec<Happening>) {
        if !self.stays_live(guest) {
            return;
        }
        let Some(mut shared) = self.shared.take_if(|shared| shared.id == id) else {
            return;
        };
        let before = shared.members.clone();
        shared.members.push(guest);
        for member in before {
            let event = self.session(&shared, member);
            self.tell(member, "channel.shared_chat.update", event, out);
        }
        let event = self.session(&shared, guest);
        self.tell(guest, "channel.shared_chat.begin", event, out);
        self.shared = Some(shared);
    }

    pub(crate) fn end_shared_chat(&mut self, id: &str, out: &mut Vec<Happening>) {
        let Some(shared) = self.shared.take_if(|shared| shared.id == id) else {
            return;
        };
        for member in &shared.members {
            self.tell_session_end(&shared, *member, out);
        }
    }

    /// A channel that goes off the air leaves; without its host, or with one
    /// member left, the session is over.
    pub(crate) fn leave_shared_chat(&mut self, host: usize, out: &mut Vec<Happening>) {
        let Some(mut shared) = self.shared.take_if(|shared| shared.members.contains(&host)) else {
            return;
        };
        if shared.members.first() == Some(&host) || shared.members.len() < 3 {
            for member in &shared.members {
                self.tell_session_end(&shared, *member, out);
            }
            return;
        }
        shared.members.retain(|member| *member != host);
        self.tell_session_end(&shared, host, out);
        for member in &shared.members {
            let event = self.session(&shared, *member);
            self.tell(*member, "channel.shared_chat.update", event, out);
        }
        self.shared = Some(shared);
    }

    fn tell_session_end(&self, shared: &SharedChat, member: usize, out: &mut Vec<Happening>) {
        let Some(host) = shared.members.first() else {
            return;
        };
        let (broadcaster, host) = (&self.people[member], &self.people[*host]);
        let event = shared_chat::end(broadcaster, host, &shared.id);
        self.tell(member, "channel.shared_chat.end", event, out);
    }

    /// The session as one member is told of it.
    fn session(&self, shared: &SharedChat, member: usize) -> Value {
        let people = Arc::clone(&self.people);
        let members: Vec<_> = shared.members.iter().map(|at| &people[*at]).collect();
        let host = members.first().copied().unwrap_or(&people[member]);
        shared_chat::session(&people[member], host, &shared.id, &members)
    }
}
