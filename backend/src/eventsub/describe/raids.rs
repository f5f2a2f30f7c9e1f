//! Raids. Two channels are in each; the one the condition names is the broadcaster.

use super::draft::Draft;
use super::fields::Fields;
use super::numbers::phrase;
use super::person::Person;
use super::role::Role;
use super::twins;
use super::{Notification, Subject};

/// The type whose broadcaster is not simply in the event.
pub(super) const TYPE: &str = "channel.raid";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Incoming,
    Outgoing,
}

impl Direction {
    fn own_side(self) -> Role {
        match self {
            Self::Incoming => Role::TO,
            Self::Outgoing => Role::FROM,
        }
    }

    fn other_side(self) -> Role {
        match self {
            Self::Incoming => Role::FROM,
            Self::Outgoing => Role::TO,
        }
    }
}

/// The condition holds one of two ids; the other one is absent or empty.
fn direction(subject: &Subject<'_>) -> Direction {
    let condition = Fields::of(&subject.condition);
    let event = Fields::of(&subject.event);
    if !condition.person(Role::TO).is_nobody() {
        return Direction::Incoming;
    }
    if !condition.person(Role::FROM).is_nobody() {
        return Direction::Outgoing;
    }
    let named = condition.person(Role::BROADCASTER);
    let from = event.person(Role::FROM);
    let lacks_to = event.person(Role::TO).id.is_none() && named.id.is_none();
    if named.is_same_as(&from) || lacks_to {
        Direction::Outgoing
    } else {
        Direction::Incoming
    }
}

/// The broadcaster of a raid.
pub(super) fn broadcaster(subject: &Subject<'_>) -> Person {
    let condition = Fields::of(&subject.condition);
    let side = direction(subject).own_side();
    let named = condition
        .person(side)
        .or_else(|| condition.person(Role::BROADCASTER));
    let told = Fields::of(&subject.event).person(side);
    if named.id.is_none() || named.is_same_as(&told) {
        return told;
    }
    if told.id.is_none() {
        // The names without their id can only be those of the side we know.
        return Person {
            id: named.id,
            ..told
        };
    }
    named
}

/// `channel.raid`
pub(super) fn raid(notification: &Notification<'_>) -> Draft {
    let direction = direction(notification.subject);
    let other = notification.event.person(direction.other_side());
    let viewers = notification.event.count("viewers");
    match direction {
        Direction::Incoming => incoming(&other, viewers).by(other),
        Direction::Outgoing => {
            let whom = other.called().unwrap_or("another channel");
            let with = phrase("with", viewers, "viewer");
            Draft::new(format!("Raided {whom}{with}")).amount(viewers, "viewers")
        }
    }
}

/// A raid as the raided channel sees it.
pub(super) fn incoming(raider: &Person, viewers: Option<i64>) -> Draft {
    let who = raider.or_someone();
    let with = phrase("with", viewers, "viewer");
    Draft::new(format!("{who} raided{with}"))
        .twin(twins::again("raid", raider, "", None))
        .amount(viewers, "viewers")
}
