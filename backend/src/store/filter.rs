//! Which events a reader asks for and may see: one value for lists (as SQL) and live streams (as a predicate).

use std::collections::HashSet;

use wire::{Event, Kind, UserRef, Visibility};

use super::search::{Search, Searched};
use super::sql::Sql;
use crate::ids::UserId;

/// What is asked of an event. Empty lists ask nothing.
#[derive(Debug, Clone, Default)]
pub struct Criteria {
    /// Any of these kinds.
    pub kinds: Vec<Kind>,
    /// Any of these Twitch types.
    pub types: Vec<String>,
    /// Whose id, login or display name is this, in lower case.
    pub actor: Option<String>,
    /// At least this much; an event without an amount never matches.
    pub min_amount: Option<i64>,
    /// Not before this time, unix milliseconds.
    pub since: Option<i64>,
    /// Before this time, unix milliseconds.
    pub until: Option<i64>,
    /// With these words.
    pub search: Option<Search>,
}

/// A viewer's view of the events: of whom, and with which criteria.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Who looks: sees the private events of the own channel, and nobody else's.
    pub viewer: UserId,
    /// Of which channels.
    pub broadcasters: HashSet<UserId>,
    /// Which of these.
    pub criteria: Criteria,
}

/// What a filter looks at.
#[derive(Debug)]
pub struct Facts<'a> {
    /// Whose channel.
    pub broadcaster_id: &'a UserId,
    /// Who may see it.
    pub visibility: Visibility,
    /// What sort of happening.
    pub kind: Kind,
    /// Twitch's type.
    pub event_type: &'a str,
    /// Who did it.
    pub actor: Option<&'a UserRef>,
    /// How much.
    pub amount_value: Option<i64>,
    /// When, unix milliseconds.
    pub occurred_at: i64,
    /// In one line.
    pub summary: &'a str,
    /// What was written.
    pub text: Option<&'a str>,
}

impl Filter {
    /// Whether the viewer asked for this event and may see it.
    pub fn matches(&self, event: &Facts<'_>) -> bool {
        let may_see = match event.visibility {
            Visibility::Public => true,
            Visibility::Broadcaster => *event.broadcaster_id == self.viewer,
        };
        may_see && self.broadcasters.contains(event.broadcaster_id) && self.criteria.matches(event)
    }

    /// Of which channels, as the database has them.
    pub(super) fn ids(&self) -> impl Iterator<Item = String> + use<'_> {
        self.broadcasters.iter().map(|id| id.as_str().to_owned())
    }

    /// Whether private events are among those that the viewer may see.
    pub(super) fn has_own(&self) -> bool {
        self.broadcasters.contains(&self.viewer)
    }
}

impl<'a> Facts<'a> {
    /// What a filter looks at in an event that happened at this time, unix milliseconds.
    pub fn of(event: &'a Event, broadcaster_id: &'a UserId, occurred_at: i64) -> Self {
        Self {
            broadcaster_id,
            visibility: event.visibility,
            kind: event.kind,
            event_type: &event.event_type,
            actor: event.actor.as_ref(),
            amount_value: event.amount.as_ref().map(|amount| amount.value),
            occurred_at,
            summary: &event.summary,
            text: event.text.as_deref(),
        }
    }

    fn searched(&self) -> Searched<'a> {
        Searched {
            summary: self.summary,
            text: self.text,
            actor_login: self.actor.map(|actor| actor.login.as_str()),
            actor_name: self.actor.map(|actor| actor.display_name.as_str()),
        }
    }
}

impl Criteria {
    fn matches(&self, event: &Facts<'_>) -> bool {
        let is_actor = |wanted: &String| {
            event.actor.is_some_and(|actor| {
                actor.id == *wanted
                    || actor.login == *wanted
                    || actor.display_name.to_lowercase() == *wanted
            })
        };
        (self.kinds.is_empty() || self.kinds.contains(&event.kind))
            && (self.types.is_empty() || self.types.iter().any(|t| t == event.event_type))
            && self.actor.as_ref().is_none_or(is_actor)
            && self
                .min_amount
                .is_none_or(|least| event.amount_value.is_some_and(|value| value >= least))
            && self.since.is_none_or(|since| event.occurred_at >= since)
            && self.until.is_none_or(|until| event.occurred_at < until)
            // Last, since it takes longest.
            && self.search.as_ref().is_none_or(|search| search.finds(event.searched()))
    }

    /// Adds `AND …` for all but the search and the amount.
    pub(super) fn push_conditions(&self, sql: &mut Sql) {
        if !self.kinds.is_empty() {
            let kinds = self.kinds.iter().map(|kind| kind.as_str().to_owned());
            sql.push(" AND kind IN ").bind_list(kinds);
        }
        if !self.types.is_empty() {
            sql.push(" AND event_type IN ")
                .bind_list(self.types.clone());
        }
        if let Some(actor) = &self.actor {
            sql.push(" AND (actor_id = ")
                .bind(actor.clone())
                .push(" OR actor_login = ")
                .bind(actor.clone())
                .push(" OR actor_name_lower = ")
                .bind(actor.clone())
                .push(")");
        }
        for (condition, value) in [
            (" AND occurred_at >= ", self.since),
            (" AND occurred_at < ", self.until),
        ] {
            if let Some(value) = value {
                sql.push(condition).bind(value);
            }
        }
    }
}
