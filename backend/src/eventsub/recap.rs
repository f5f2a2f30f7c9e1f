//! What the events of a stream add up to: raids, subs, gifts, bits.
//!
//! Pure. One happening may be told by several events (a gift to the community and each of its single gifts; a sub and
//! its notice in the chat, linked by `same_as`): it counts once, whatever their order.

use std::collections::{BTreeMap, HashMap};

use serde_json_borrow::Value;
use wire::{Event, Gifter, Kind, Raids, UserRef};

use super::lenient;

/// How many of those who gave subs are named.
const TOP: usize = 5;

/// The kinds of events that count.
pub const KINDS: [Kind; 4] = [Kind::Sub, Kind::Gift, Kind::Cheer, Kind::Raid];

/// What was counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Into the channel.
    pub raids_in: Raids,
    /// Out of it.
    pub raids_out: Raids,
    /// New subs.
    pub subs: i64,
    /// Renewed ones.
    pub resubs: i64,
    /// Given ones.
    pub gifts: i64,
    /// Times that bits were spent.
    pub cheers: i64,
    /// Bits.
    pub bits: i64,
    /// Who gave most.
    pub top_gifters: Vec<Gifter>,
}

/// What one event tells.
#[derive(Debug, Clone)]
enum What {
    RaidIn(i64),
    RaidOut(i64),
    Sub,
    Resub,
    Cheer(i64),
    Gift {
        by: Option<UserRef>,
        /// The gift to the community that it is, or is a part of.
        community: Option<String>,
        /// A part of it.
        is_part: bool,
        subs: i64,
    },
}

/// Events noted so far, in any order.
#[derive(Debug, Default)]
pub struct Recap {
    told: BTreeMap<i64, What>,
    /// Of two that tell the same, from the newer to the older.
    same: Vec<(i64, i64)>,
}

impl Recap {
    /// Takes an event of the stream in.
    pub fn note(&mut self, event: &Event) {
        let (Ok(id), Some(what)) = (event.id.parse(), read(event)) else {
            return;
        };
        self.told.insert(id, what);
        if let Some(other) = event.same_as.as_ref().and_then(|id| id.parse::<i64>().ok()) {
            self.same.push((id.max(other), id.min(other)));
        }
    }

    /// Adds up.
    pub fn figures(mut self) -> Figures {
        // From the newest on: whoever is told again hands it on before being looked at.
        self.same.sort_unstable();
        for (newer, older) in self.same.iter().rev() {
            if self.told.contains_key(older)
                && let Some(again) = self.told.remove(newer)
            {
                self.told.entry(*older).and_modify(|what| what.learn(again));
            }
        }
        let mut figures = Figures::default();
        let mut gifts = Gifts::default();
        for what in self.told.into_values() {
            match what {
                What::RaidIn(viewers) => add(&mut figures.raids_in, viewers),
                What::RaidOut(viewers) => add(&mut figures.raids_out, viewers),
                What::Sub => figures.subs += 1,
                What::Resub => figures.resubs += 1,
                What::Cheer(bits) => {
                    figures.cheers += 1;
                    figures.bits = figures.bits.saturating_add(bits);
                }
                What::Gift {
                    by,
                    community: None,
                    subs,
                    ..
                } => gifts.add(by.as_ref(), subs),
                What::Gift {
                    by,
                    community: Some(community),
                    is_part,
                    subs,
                } => {
                    let whole = gifts.to_community.entry(community).or_default();
                    whole.by = whole.by.take().or(by);
                    if is_part {
                        whole.parts += subs;
                    } else {
                        whole.total = whole.total.max(subs);
                    }
                }
            }
        }
        (figures.gifts, figures.top_gifters) = gifts.count();
        figures
    }
}

impl What {
    /// A second telling may name the gift to the community that the first did not.
    fn learn(&mut self, again: Self) {
        let (
            Self::Gift {
                community, is_part, ..
            },
            Self::Gift {
                community: named @ Some(_),
                is_part: is_named_part,
                ..
            },
        ) = (self, again)
        else {
            return;
        };
        if community.is_none() {
            (*community, *is_part) = (named, is_named_part);
        }
    }
}

/// A gift to the community, of which the whole or parts may be missing.
#[derive(Debug, Default)]
struct Whole {
    by: Option<UserRef>,
    total: i64,
    parts: i64,
}

#[derive(Debug, Default)]
struct Gifts {
    all: i64,
    of: HashMap<String, Gifter>,
    to_community: BTreeMap<String, Whole>,
}

impl Gifts {
    fn add(&mut self, by: Option<&UserRef>, subs: i64) {
        self.all += subs;
        if let Some(user) = by {
            let new = || Gifter {
                user: user.clone(),
                gifts: 0,
            };
            self.of.entry(user.id.clone()).or_insert_with(new).gifts += subs;
        }
    }

    fn count(mut self) -> (i64, Vec<Gifter>) {
        for whole in std::mem::take(&mut self.to_community).into_values() {
            self.add(whole.by.as_ref(), whole.total.max(whole.parts));
        }
        let mut top: Vec<Gifter> = self.of.into_values().collect();
        top.sort_by(|a, b| (b.gifts, &a.user.login).cmp(&(a.gifts, &b.user.login)));
        top.truncate(TOP);
        (self.all, top)
    }
}

fn add(raids: &mut Raids, viewers: i64) {
    raids.count += 1;
    raids.viewers = raids.viewers.saturating_add(viewers);
}

/// What an event adds; nothing for what others tell, and for what happened in another channel of a shared chat.
fn read(event: &Event) -> Option<What> {
    lenient::read(&event.payload, |payload| what(event, &payload))
}

fn what(event: &Event, payload: &Value<'_>) -> Option<What> {
    let id = |name: &str| member(payload, name).and_then(lenient::id);
    let amount = event.amount.as_ref().map_or(0, |amount| amount.value);
    let channel = &event.broadcaster.id;
    if id("source_broadcaster_user_id").is_some_and(|source| source != *channel) {
        return None;
    }
    let gift = |community: Option<String>, is_part| What::Gift {
        by: event.actor.clone(),
        community,
        is_part,
        subs: amount.max(0),
    };
    match event.event_type.as_str() {
        "channel.raid" if id("to_broadcaster_user_id").is_some_and(|to| to == *channel) => {
            Some(What::RaidIn(amount))
        }
        "channel.raid" => Some(What::RaidOut(amount)),
        // Those that were given are told by who gave them.
        "channel.subscribe" => {
            let is_gift = member(payload, "is_gift").and_then(Value::as_bool) == Some(true);
            (!is_gift).then_some(What::Sub)
        }
        "channel.subscription.message" => Some(What::Resub),
        "channel.subscription.gift" => Some(gift(None, false)),
        "channel.chat.notification" => match id("notice_type")?.as_str() {
            "sub" | "gift_paid_upgrade" | "prime_paid_upgrade" => Some(What::Sub),
            "resub" => Some(What::Resub),
            "sub_gift" => {
                let gifted = member(payload, "sub_gift");
                let community = gifted.and_then(|gifted| member(gifted, "community_gift_id"));
                Some(gift(community.and_then(lenient::id), true))
            }
            "community_sub_gift" => {
                let gifted = member(payload, "community_sub_gift");
                let community = gifted.and_then(|gifted| member(gifted, "id"));
                Some(gift(community.and_then(lenient::id), false))
            }
            "raid" => Some(What::RaidIn(amount)),
            _ => None,
        },
        _ if event.kind == Kind::Cheer && amount > 0 => Some(What::Cheer(amount)),
        _ => None,
    }
}

fn member<'a>(value: &'a Value<'a>, name: &str) -> Option<&'a Value<'a>> {
    value.as_object()?.get(name)
}

#[cfg(test)]
mod tests {
    use serde_json::value::to_raw_value;
    use serde_json::{Value, json};
    use wire::{Amount, Visibility};

    use super::*;

    fn user(name: &str) -> UserRef {
        UserRef {
            id: format!("id-{name}"),
            login: name.to_owned(),
            display_name: name.to_owned(),
        }
    }

    fn event(id: i64, event_type: &str, by: Option<&str>, value: i64, payload: &Value) -> Event {
        let kind = match event_type {
            "channel.cheer" | "channel.chat.message" => Kind::Cheer,
            _ => Kind::Gift,
        };
        Event {
            id: id.to_string(),
            message_id: None,
            event_type: event_type.to_owned(),
            version: "1".to_owned(),
            kind,
            broadcaster: user("mira"),
            actor: by.map(user),
            summary: String::new(),
            amount: Some(Amount {
                value,
                unit: "any".to_owned(),
                decimals: None,
            }),
            text: None,
            occurred_at: String::new(),
            received_at: String::new(),
            visibility: Visibility::Public,
            group: None,
            same_as: None,
            recovered: false,
            fold: None,
            payload: to_raw_value(payload).unwrap(),
        }
    }

    fn notice(id: i64, notice_type: &str, by: Option<&str>, value: i64, notice: &Value) -> Event {
        let payload = json!({"notice_type": notice_type, notice_type: notice});
        event(id, "channel.chat.notification", by, value, &payload)
    }

    fn same_as(other: i64, mut event: Event) -> Event {
        event.same_as = Some(other.to_string());
        event
    }

    fn figures(events: &[Event]) -> Figures {
        let mut recap = Recap::default();
        events.iter().for_each(|event| recap.note(event));
        recap.figures()
    }

    fn bomb(id: i64, by: Option<&str>, total: i64) -> Event {
        notice(
            id,
            "community_sub_gift",
            by,
            total,
            &json!({"id": "c1", "total": total}),
        )
    }

    fn part(id: i64, by: Option<&str>) -> Event {
        notice(id, "sub_gift", by, 1, &json!({"community_gift_id": "c1"}))
    }

    #[test]
    fn a_gift_to_the_community_and_its_parts_are_one_in_any_order() {
        let mut events = vec![bomb(1, Some("owl"), 3)];
        events.extend((2..5).map(|id| part(id, Some("owl"))));
        // Two to one person each, which belong to no gift to the community.
        events.push(notice(
            5,
            "sub_gift",
            Some("owl"),
            1,
            &json!({"community_gift_id": null}),
        ));
        events.push(notice(6, "sub_gift", Some("pip"), 1, &json!({})));
        for _ in 0..events.len() {
            events.rotate_left(1);
            let figures = figures(&events);
            assert_eq!(figures.gifts, 5);
            let top: Vec<_> = figures
                .top_gifters
                .iter()
                .map(|g| (g.user.login.as_str(), g.gifts))
                .collect();
            assert_eq!(top, [("owl", 4), ("pip", 1)]);
        }
    }

    #[test]
    fn a_gift_is_counted_by_what_is_there_of_it() {
        assert_eq!(
            figures(&[part(2, None), part(3, None)]).gifts,
            2,
            "the whole is missing"
        );
        assert_eq!(
            figures(&[bomb(1, None, 50), part(2, None)]).gifts,
            50,
            "parts are missing"
        );
        assert_eq!(figures(&[bomb(1, None, 50)]).top_gifters, [], "anonymous");
    }

    #[test]
    fn two_events_of_one_happening_count_once_in_any_order() {
        let bought = |id| event(id, "channel.subscription.gift", Some("owl"), 2, &json!({}));
        let cheered = |id| event(id, "channel.cheer", Some("pip"), 100, &json!({}));
        let said = |id| event(id, "channel.chat.message", Some("pip"), 100, &json!({}));
        for events in [
            vec![
                bomb(1, Some("owl"), 2),
                same_as(1, bought(2)),
                part(3, Some("owl")),
                part(4, Some("owl")),
            ],
            vec![
                bought(1),
                same_as(1, bomb(2, Some("owl"), 2)),
                part(3, Some("owl")),
                part(4, Some("owl")),
            ],
            vec![
                same_as(2, bought(1)),
                bomb(2, Some("owl"), 2),
                part(3, Some("owl")),
                part(4, Some("owl")),
            ],
        ] {
            assert_eq!(figures(&events).gifts, 2, "{events:?}");
        }
        for events in [
            vec![cheered(1), same_as(1, said(2))],
            vec![same_as(2, cheered(1)), said(2)],
            vec![cheered(1), same_as(1, said(2)), same_as(2, said(3))],
            vec![cheered(1), same_as(1, said(2)), same_as(1, said(3))],
            // The other one is not for this viewer.
            vec![same_as(1, said(2))],
        ] {
            let figures = figures(&events);
            assert_eq!((figures.cheers, figures.bits), (1, 100), "{events:?}");
        }
    }

    #[test]
    fn raids_have_a_direction_and_subs_are_new_or_renewed() {
        let raid = |id, to: &str| {
            event(
                id,
                "channel.raid",
                None,
                10,
                &json!({"to_broadcaster_user_id": to}),
            )
        };
        let sub = |id, is_gift: bool| {
            event(
                id,
                "channel.subscribe",
                None,
                0,
                &json!({"is_gift": is_gift}),
            )
        };
        let events = [
            raid(1, "id-mira"),
            raid(2, "id-owl"),
            raid(3, "id-mira"),
            notice(4, "unraid", None, 0, &json!({})),
            sub(5, false),
            sub(6, true),
            notice(7, "prime_paid_upgrade", None, 0, &json!({})),
            notice(8, "resub", None, 12, &json!({})),
            event(9, "channel.subscription.message", None, 12, &json!({})),
            event(10, "channel.subscription.end", None, 0, &json!({})),
        ];
        let figures = figures(&events);
        assert_eq!(
            figures.raids_in,
            Raids {
                count: 2,
                viewers: 20
            }
        );
        assert_eq!(
            figures.raids_out,
            Raids {
                count: 1,
                viewers: 10
            }
        );
        assert_eq!((figures.subs, figures.resubs, figures.gifts), (2, 2, 0));
    }

    #[test]
    fn what_happened_in_another_channel_of_a_shared_chat_is_not_counted() {
        let copy = json!({"notice_type": "sub", "source_broadcaster_user_id": "id-kite"});
        let own = json!({"notice_type": "sub", "source_broadcaster_user_id": "id-mira"});
        let told = |id, payload| event(id, "channel.chat.notification", None, 0, payload);
        let shared = notice(3, "shared_chat_sub", None, 0, &json!({}));
        assert_eq!(figures(&[told(1, &copy), told(2, &own), shared]).subs, 1);
    }
}
